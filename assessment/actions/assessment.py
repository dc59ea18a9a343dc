"""A round's life: created, opened, submitted, reviewed, returned or approved; and imported from a file."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import access, gaps, migrating, outline
from assessment.actions.following import begin_design
from assessment.actions.outcome import InTheWay, Outcome, ReasonMissing, Refused, WrongState
from assessment.actions.response import blank_rows, lock, rows_of, write
from assessment.models import Assessment, Assignment, City, Event, Framework, Freeze, Return, User, Version

State, Verb = Assessment.State, Event.Verb
# From which states each transition starts, and where it leads.
TRANSITIONS: dict[str, tuple[set[str], str]] = {
    "open_round": ({State.DRAFT}, State.OPEN),
    "submit": ({State.OPEN}, State.SUBMITTED),
    "withdraw": ({State.SUBMITTED}, State.OPEN),
    "begin_review": ({State.SUBMITTED}, State.UNDER_REVIEW),
    "return_for_revision": ({State.UNDER_REVIEW}, State.OPEN),
    "approve": ({State.UNDER_REVIEW}, State.APPROVED),
    "reopen": ({State.APPROVED}, State.OPEN),
    "migrate_round": ({State.DRAFT, State.OPEN}, State.MOVED),
    # Of the copy; the round before is again what it was.
    "undo_migration": ({State.DRAFT, State.OPEN}, State.UNDONE),
}


@transaction.atomic
def import_assessment(
    wanted: outline.Assessment, framework: Framework, city: City, *, by: User | None = None
) -> tuple[Assessment, Outcome]:
    """Creates the round or replaces all its answers. Raises WrongState for one that is not being filled in.

    What is replaced stays in the answers' history.
    """
    rounds = Assessment.objects.current().select_for_update()
    record = rounds.filter(city=city, framework=framework, round=wanted.round).first()
    if record and not (record.is_open or record.is_draft):
        raise WrongState(
            _("%(assessment)s is “%(state)s” and not replaced")
            % {"assessment": record, "state": record.get_state_display()}
        )
    outcome: Outcome = "updated" if record else "created"
    record = record or Assessment(city=city, framework=framework, round=wanted.round)
    record.target = framework.targets.filter(code=wanted.target).first()
    record.title, record.as_of = wanted.title, wanted.as_of
    record.save()
    given = {response.criterion: response for response in wanted.responses}
    stored = {row.criterion.code for row in rows_of(record)}
    answers = {code: given.get(code, outline.Response(code)) for code in [*given, *(stored - given.keys())]}
    rows = blank_rows(record, answers)
    changed = [(row, answers[row.criterion.code]) for row in rows if row.outline() != answers[row.criterion.code]]
    write(record, changed, by=by, cause=Version.Cause.IMPORTED)
    Event.objects.record(Verb.IMPORTED, by=by, assessment=record, answers=len(changed))
    return record, outcome


@transaction.atomic
def create_round(record: Assessment, *, by: User) -> Assessment:
    """Stores a new round as a draft. With a `previous` round its answers are copied and must be confirmed.

    Its reports look as those of the round before; what was written in them stays there, being about that year.
    """
    record.state = State.DRAFT
    record.save()
    Event.objects.record(Verb.CREATED, by=by, assessment=record)
    if record.previous:
        _carry_over(record, record.previous, by)
        begin_design(record.previous, record)
    return record


def _carry_over(record: Assessment, last: Assessment, by: User) -> None:
    """Copies the answers to what is asked: by code, or as another version of the framework takes them over."""
    asked = {criterion.code for criterion in record.asked}
    given = [answer for answer in last.outline().responses if answer.is_answered]
    plan = taken_over(last.framework, record.framework, given)
    answers = {answer.criterion: answer for answer in plan.answers if answer.criterion in asked}
    rows = blank_rows(record, answers)
    write(record, [(row, answers[row.criterion.code]) for row in rows], by=by, cause=Version.Cause.CARRIED)


def taken_over(
    old: Framework, new: Framework, answers: Iterable[outline.Response], unconfirmed: Collection[str] = ()
) -> migrating.Plan:
    """What becomes of each answer on that version; `unconfirmed` as in `migrating.migrate`."""
    through = versions_between(old, new)
    return migrating.migrate(
        old.outline(),
        new.outline(),
        answers,
        through=through,
        unconfirmed=unconfirmed,
        excused=_excused,
        cut=_("… (cut: the whole stands in the round before)"),
    )


def versions_between(old: Framework, new: Framework) -> list[outline.Framework]:
    """Those through which one came from the other, on the way from the old to the new; none where it came another way."""
    found = _versions_up(old, new)[::-1] or _versions_up(new, old)
    return [between.outline() for between in found]


def _versions_up(lower: Framework, higher: Framework) -> list[Framework]:
    found: list[Framework] = []
    record = higher.previous
    while record and record != lower and record not in found:
        found.append(record)
        record = record.previous
    return found if record == lower else []


def _excused(reason: str) -> str:
    return _("N/A: %(reason)s") % {"reason": reason}


@transaction.atomic
def edit_round(record: Assessment, columns: dict[str, Any], *, by: User) -> None:
    """Changes the round's particulars, such as its title or its last day, until it is submitted."""
    record = lock(record)
    if not (record.is_open or record.is_draft):
        raise WrongState(
            _("%(assessment)s is “%(state)s”; its particulars are changed before it is submitted")
            % {"assessment": record, "state": record.get_state_display()}
        )
    for name, value in columns.items():
        setattr(record, name, value)
    if columns:
        record.save(update_fields=list(columns))
        names = [str(field.verbose_name) for field in Assessment._meta.fields if field.name in columns]
        Event.objects.record(Verb.EDITED, by=by, assessment=record, changed=", ".join(names))


@transaction.atomic
def open_round(record: Assessment, *, by: User) -> None:
    """From now on contributors see the round and answer their parts."""
    move(record, "open_round", Verb.OPENED, by)


@dataclass(frozen=True)
class Obstacle:
    """Why a round cannot be submitted yet, or what the reviewer should look at: a kind, and where."""

    kind: Literal[
        "unanswered",
        "unreasoned",
        "unconfirmed",
        "returned",
        "key_not_applicable",
        "much_not_applicable",
        "not_accepted",
    ]
    code: str
    name: str = ""
    note: str = ""


def obstacles(record: Assessment) -> list[Obstacle]:
    """What stands in the way of submitting, in framework order; a round returned whole has no code."""
    titles = {criterion.code: str(criterion.title) for criterion in record.asked}
    rows = {row.criterion.code: row for row in record.responses.select_related("criterion")}
    found = []
    for code, title in titles.items():
        row = rows.get(code)
        if row is None or (row.level is None and not row.not_applicable):
            found.append(Obstacle("unanswered", code, title))
        elif row.level is None and not row.not_applicable.strip():
            found.append(Obstacle("unreasoned", code, title))
        elif row.is_unconfirmed:
            found.append(Obstacle("unconfirmed", code, title))
    for item in record.returns.filter(settled_at=None).select_related("criterion").order_by("pk"):
        code = item.criterion.code if item.criterion else ""
        found.append(Obstacle("returned", code, titles.get(code, ""), item.reason))
    return found


def to_look_at(record: Assessment) -> list[Obstacle]:
    """What the reviewer should look at: N/A on key criteria, dimensions with more than a quarter N/A, open parts."""
    rows = record.responses.exclude(not_applicable="").select_related("criterion")
    excepted = {row.criterion.code: row.not_applicable for row in rows}
    found = [
        Obstacle("key_not_applicable", c.code, str(c.title), excepted[c.code])
        for c in record.asked
        if c.key and c.code in excepted
    ]
    for dimension in record.framework.outline().dimensions:
        count, all_ = sum(c.code in excepted for c in dimension.criteria), len(dimension.criteria)
        if record.asks(dimension.code) and 4 * count > all_:
            found.append(Obstacle("much_not_applicable", dimension.code, str(dimension.name), f"{count}/{all_}"))
    return found + _not_accepted(record)


def _not_accepted(record: Assessment) -> list[Obstacle]:
    framework = record.framework.outline()
    names = {d.code: str(d.name) for d in framework.dimensions if record.asks(d.code)}
    names |= {criterion.code: str(criterion.title) for criterion in record.asked}
    parts = record.assignments.exclude(state=Assignment.State.ACCEPTED)
    return [
        Obstacle("not_accepted", part.part.code, names[part.part.code], f"{part.holder} · {part.get_state_display()}")
        for part in parts.select_related("dimension", "criterion", "user", "department")
        if part.part.code in names
    ]


@transaction.atomic
def submit(record: Assessment, *, by: User) -> None:
    """Gives the round to the reviewers. Raises InTheWay with the obstacles while there are any."""
    record = lock(record)
    must_start("submit", record)
    found = obstacles(record)
    if found:
        raise InTheWay(_("not submitted: %(count)d items stand in the way") % {"count": len(found)}, found)
    move(record, "submit", Verb.SUBMITTED, by, is_narrowed=False)


@transaction.atomic
def withdraw(record: Assessment, reason: str = "", *, by: User) -> None:
    """Takes the round back as long as no review has begun."""
    move(record, "withdraw", Verb.WITHDRAWN, by, reason=reason)


@transaction.atomic
def begin_review(record: Assessment, *, by: User) -> None:
    move(record, "begin_review", Verb.REVIEW_BEGUN, by)


@transaction.atomic
def return_for_revision(record: Assessment, reasons: dict[str, str], *, by: User) -> list[Return]:
    """Sends the round back: whole under the key "", or single criteria by code, each with its reason.

    Single criteria leave the others locked. Raises ReasonMissing.
    """
    record = lock(record)
    must_start("return_for_revision", record)
    if not reasons or not all(reason.strip() for reason in reasons.values()):
        raise ReasonMissing(_("give the reason for every return"))
    asked = {criterion.code for criterion in record.asked}
    unknown = [code for code in reasons if code and code not in asked]
    if unknown:
        raise Refused(_("no criterion of this round has the code “%(code)s”") % {"code": unknown[0]})
    criteria = {c.code: c for c in record.framework.criteria.filter(code__in=reasons)}
    made = [
        Return.objects.create(assessment=record, criterion=criteria.get(code), reason=reason.strip(), returned_by=by)
        for code, reason in reasons.items()
    ]
    for code, reason in reasons.items():
        Event.objects.record(Verb.RETURNED, by=by, assessment=record, target=code, reason=reason.strip())
    move(record, "return_for_revision", None, by, is_narrowed="" not in reasons)
    _unlock(record, reasons)
    return made


def _unlock(record: Assessment, codes: Iterable[str]) -> None:
    """The parts in which something was returned are their holders' again; returned whole, that is every part."""
    wanted = set(codes)
    back = {item.pk for code, item in access.assigned(record).items() if "" in wanted or code in wanted}
    record.assignments.filter(pk__in=back).update(state="open", handed_in_by=None, handed_in_at=None)


@transaction.atomic
def settle(item: Return, reply: str = "", *, by: User) -> None:
    """Says that what a return asked for is done; harmless to repeat. The criterion must be answered by then."""
    record = lock(item.assessment)
    if not record.is_open:
        raise WrongState(_("returns are settled while the round is being filled in"))
    code = item.criterion.code if item.criterion else ""
    if code and any(found.code == code and found.kind in ("unanswered", "unreasoned") for found in obstacles(record)):
        raise Refused(_("answer %(code)s first, then say that the return is settled") % {"code": code})
    settled = Return.objects.filter(pk=item.pk, settled_at=None).update(
        settled_by=by, settled_at=timezone.now(), reply=reply.strip()
    )
    if settled:
        Event.objects.record(Verb.SETTLED, by=by, assessment=record, target=code, reply=reply.strip())


@transaction.atomic
def approve(record: Assessment, *, by: User) -> Freeze:
    """Freezes the round: all answers and the score document are kept with their SHA-256, and nothing changes them."""
    record = lock(record)
    must_start("approve", record)
    answers, score = frozen_documents(record)
    made = Freeze.objects.create(
        assessment=record,
        revision=record.revision,
        answers=answers,
        answers_sha256=digest(answers),
        score=score,
        score_sha256=digest(score),
        approved_by=by,
        approved_at=timezone.now(),
    )
    move(record, "approve", Verb.APPROVED, by, target=f"{_('revision')} {record.revision}", digest=made.score_sha256)
    return made


def frozen_documents(record: Assessment) -> tuple[str, str]:
    """The answers (as an answers file in JSON, contracts of `exchange`) and the score document, both as text."""
    framework, answers = record.framework.outline(), record.outline()
    score = gaps.evaluate(framework, answers, "effective").document()
    return _json(outline.spell(answers)), _json(score)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False, default=str)


@transaction.atomic
def reopen(record: Assessment, reason: str, *, by: User) -> None:
    """Begins the next revision of an approved round; the frozen result of this one stays."""
    if not reason.strip():
        raise ReasonMissing(_("give the reason for reopening"))
    record = lock(record)
    move(record, "reopen", Verb.REOPENED, by, reason=reason.strip(), revision=record.revision + 1)


def must_start(transition: str, record: Assessment) -> None:
    starts, _end = TRANSITIONS[transition]
    if record.state not in starts:
        raise WrongState(
            _("%(assessment)s is “%(state)s”; this cannot be done now")
            % {"assessment": record, "state": record.get_state_display()}
        )


def move(record: Assessment, transition: str, verb: str | None, by: User, **given: Any) -> None:
    """One transition with its event. `given`: columns of the round to change with it, and details of the event."""
    record = lock(record)
    must_start(transition, record)
    columns = {name: given.pop(name) for name in ("is_narrowed", "revision") if name in given}
    Assessment.objects.filter(pk=record.pk).update(state=TRANSITIONS[transition][1], **columns)
    if verb:
        Event.objects.record(verb, by=by, assessment=record, **given)


@transaction.atomic
def set_targets(record: Assessment, targets: dict[str, int | None], *, by: User) -> int:
    """The city's own targets, criterion by criterion; how many changed."""
    record = lock(record)
    if not (record.is_open or record.is_draft):
        raise WrongState(_("targets are set before the round is submitted"))
    changed = [
        (row, replace(row.outline(), target=targets[row.criterion.code]))
        for row in blank_rows(record, targets)
        if row.target != targets[row.criterion.code]
    ]
    write(record, changed, by=by, cause=Version.Cause.TARGET)
    return len(changed)
