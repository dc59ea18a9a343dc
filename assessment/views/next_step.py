"""What comes next in a round for the person who looks at it: one sentence, and the button that leads there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Step:
    """`is_post`: the button sends a form, for what a link alone must not do."""

    sentence: str
    label: str = ""
    address: str = ""
    is_post: bool = False


@dataclass(frozen=True)
class Work:
    """What there is to do: codes of criteria, in framework order, that the person may answer and that wait for it."""

    blank: list[str]
    unconfirmed: list[str]
    returned: list[str]
    is_returned_whole: bool
    verified: int
    asked: int


def next_step(assessment, seat, work: Work, freeze) -> Step:
    of_state = {"draft": _draft, "open": _open, "submitted": _submitted, "under_review": _under_review}
    of_state |= {"moved": _moved, "undone": _undone}
    if assessment.is_approved:
        return _approved(assessment, freeze)
    return of_state[assessment.state](assessment, seat, work)


def _draft(assessment, seat, work) -> Step:
    sentence = _("This is a draft that only the city's leads see. Open it when its particulars and targets are right.")
    return _post(sentence, _("Open for filling in"), "assessment-release", assessment, seat.may("open"))


def _open(assessment, seat, work) -> Step:
    waiting = work.returned or work.blank or work.unconfirmed
    if waiting:
        home = assessment.framework.outline().home[waiting[0]].code
        address = reverse("dimension-answer", args=[assessment.pk, home]) + f"#{waiting[0]}"
        return Step(_waiting_words(work), _("Go on at %(code)s") % {"code": waiting[0]}, address)
    if seat.may("submit") and work.is_returned_whole:
        sentence = _("The reviewer returned the round. Do what the reason asks for, then say below that it is settled.")
        return Step(sentence, _("To the reason"), "#returns")
    if seat.may("submit"):
        return _link(
            _("All is answered. Check the round, then submit it."),
            _("Check and submit"),
            "assessment-submit",
            assessment,
        )
    if seat.may("answer"):
        return Step(_("Nothing waits for you in this round at the moment."))
    if assessment.due_on:
        day = date_format(assessment.due_on)
        return Step(_("The round is being filled in until %(day)s; the review begins after that.") % {"day": day})
    return Step(_("The round is being filled in; the review begins once it is submitted."))


def _waiting_words(work) -> str:
    counts = [
        ngettext("%(count)d returned", "%(count)d returned", len(work.returned)) % {"count": len(work.returned)},
        ngettext("%(count)d unanswered", "%(count)d unanswered", len(work.blank)) % {"count": len(work.blank)},
        ngettext("%(count)d to be confirmed", "%(count)d to be confirmed", len(work.unconfirmed))
        % {"count": len(work.unconfirmed)},
    ]
    given = [words for words, codes in zip(counts, (work.returned, work.blank, work.unconfirmed), strict=True) if codes]
    return _("Waiting for you: %(counts)s.") % {"counts": _(", ").join(given)}


def _submitted(assessment, seat, work) -> Step:
    if seat.may("review"):
        sentence = _("The round is submitted and waits for its review.")
        return _post(sentence, _("Begin the review"), "review-begin", assessment, True)
    if seat.may("withdraw"):
        return Step(_("Submitted; nobody has begun the review yet. Until then you can withdraw it."))
    return Step(_("Submitted; the review has not begun yet."))


def _under_review(assessment, seat, work) -> Step:
    counts = {"done": work.verified, "all": work.asked}
    if not seat.may("review"):
        sentence = _("Reviewers are looking at the answers; %(done)d of %(all)d criteria are verified.") % counts
        return _link(sentence, _("See the review"), "review-detail", assessment)
    sentence = _("You are reviewing: %(done)d of %(all)d criteria are verified. Then return the round or approve it.")
    return _link(sentence % counts, _("Go on reviewing"), "review-detail", assessment)


def _approved(assessment, freeze) -> Step:
    day = date_format(localtime(freeze.approved_at))
    words = {"number": freeze.revision, "day": day, "who": freeze.approved_by or "—"}
    sentence = _("The round is final: revision %(number)d, approved on %(day)s by %(who)s.") % words
    address = reverse("freeze-detail", args=[assessment.pk, freeze.revision])
    return Step(sentence, _("See the frozen result"), address)


def _moved(assessment, seat, work) -> Step:
    migration = assessment.migrations.select_related("copy__framework", "by").get(undone_at=None)
    words = {"version": migration.copy.framework.version, "day": date_format(localtime(migration.at))}
    words["who"] = migration.by
    sentence = _("The round moved to version %(version)s on %(day)s (%(who)s). Here it is only read.") % words
    return Step(sentence, _("To where it goes on"), _last_copy(migration).get_absolute_url())


def _last_copy(migration):
    while migration.copy.is_moved:
        migration = migration.copy.migrations.select_related("copy").get(undone_at=None)
    return migration.copy


def _undone(assessment, seat, work) -> Step:
    source = assessment.migration.source
    words = {"version": source.framework.version}
    sentence = _("The move was undone; the round goes on on version %(version)s. Here it is only read.") % words
    return Step(sentence, _("To where it goes on"), source.get_absolute_url())


def _link(sentence, label, view, assessment) -> Step:
    return Step(sentence, label, reverse(view, args=[assessment.pk]))


def _post(sentence, label, view, assessment, is_allowed) -> Step:
    return Step(sentence, label, reverse(view, args=[assessment.pk]), True) if is_allowed else Step(sentence)
