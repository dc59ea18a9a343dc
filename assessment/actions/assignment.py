"""Whose turn it is: parts of a round are given to people and departments, handed in, accepted or given back."""

from collections.abc import Mapping
from datetime import date

from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.actions.assessment import Obstacle
from assessment.actions.outcome import InTheWay, ReasonMissing, Refused, WrongState
from assessment.actions.part import Part, part_of
from assessment.actions.response import lock
from assessment.models import Assessment, Assignment, Department, Event, User

State, Verb = Assignment.State, Event.Verb
# To whom, and until when; to nobody, and the date says nothing.
Given = tuple[User | Department | None, date | None]


@transaction.atomic
def assign(
    record: Assessment, dimensions: Mapping[str, Given], criteria: Mapping[str, Given] | None = None, *, by: User
) -> int:
    """Gives dimensions and single criteria, by code, to a holder, or takes them back; how many parts changed.

    A part that gets another holder is open again, whatever its state was. Raises WrongState once the round is submitted.
    """
    record = lock(record)
    if not (record.is_open or record.is_draft):
        raise WrongState(_("parts are assigned before the round is submitted"))
    stored = list(record.assignments.whole())
    changed = 0
    for kind, wanted in (("dimension", dimensions), ("criterion", criteria or {})):
        known = {part.code: item for item in stored if (part := getattr(item, kind))}
        parts = {part.code: part for part in _all(record, kind).filter(code__in=wanted)}
        for code, (holder, due_on) in wanted.items():
            item = known.get(code) or Assignment(assessment=record, **{kind: parts[code]})
            changed += _give(item, holder, due_on, by)
    return changed


def _all(record: Assessment, kind: str):
    return record.framework.dimensions if kind == "dimension" else record.framework.criteria


def _give(item: Assignment, holder: User | Department | None, due_on: date | None, by: User) -> bool:
    """True where this changes anything; then it is one event."""
    before, record = item.holder, item.assessment
    if holder is None:
        if item.pk is None:
            return False
        item.delete()
        Event.objects.record(Verb.UNASSIGNED, by=by, assessment=record, target=item.part.code, before=before)
        return True
    if (before, item.due_on) == (holder, due_on):
        return False
    if before != holder:
        item.give_to(holder)
    item.due_on = due_on
    item.save()
    details = {"holder": holder, "before": before if before != holder else None, "due_on": due_on}
    Event.objects.record(Verb.ASSIGNED, by=by, assessment=record, target=item.part.code, **details)
    return True


def part_obstacles(part: Part) -> list[Obstacle]:
    """What stands in the way of handing in the part, in framework order of each kind."""
    titles = {criterion.code: str(criterion.title) for criterion in part.criteria}
    returned = [(item.criterion.code, item.reason) for item in part.returns if item.criterion]
    return [
        *(Obstacle("unanswered", c.code, str(c.title)) for c in part.unanswered),
        *(Obstacle("unconfirmed", c.code, str(c.title)) for c in part.unconfirmed),
        *(Obstacle("returned", code, titles[code], reason) for code, reason in returned),
    ]


@transaction.atomic
def hand_in(given: Assignment, *, by: User) -> bool:
    """Gives the part to the lead and locks it. False where it was handed in already. Raises InTheWay, WrongState."""
    given = _now(given)
    if given.is_locked:
        return False
    part = part_of(given)
    found = part_obstacles(part) if part else []
    if found:
        words = _("%(count)d items stand in the way of handing in %(code)s")
        raise InTheWay(words % {"count": len(found), "code": given.part.code}, found)
    given.state, given.reason, given.handed_in_by, given.handed_in_at = State.HANDED_IN, "", by, timezone.now()
    return _store(given, Verb.HANDED_IN, by)


@transaction.atomic
def take_back(given: Assignment, *, by: User) -> bool:
    """The holder goes on with a part that the lead has not accepted yet. False where it is open already."""
    given = _now(given)
    if given.is_accepted:
        raise WrongState(_("%(code)s is accepted already; ask the lead to give it back") % {"code": given.part.code})
    if given.is_open:
        return False
    given.state, given.handed_in_by, given.handed_in_at = State.OPEN, None, None
    return _store(given, Verb.TAKEN_BACK, by)


@transaction.atomic
def accept(given: Assignment, *, by: User) -> bool:
    """The lead is content with the part. False where it is accepted already."""
    given = _now(given)
    if given.is_open:
        raise WrongState(_("%(code)s is not handed in") % {"code": given.part.code})
    if given.is_accepted:
        return False
    given.state = State.ACCEPTED
    return _store(given, Verb.ACCEPTED, by)


@transaction.atomic
def give_back(given: Assignment, reason: str, *, by: User) -> bool:
    """The holder goes on with the part and is told why. Raises ReasonMissing; WrongState where it is not handed in."""
    given = _now(given)
    if not reason.strip():
        raise ReasonMissing(_("give the reason for giving %(code)s back") % {"code": given.part.code})
    if given.is_open:
        raise WrongState(_("%(code)s is not handed in") % {"code": given.part.code})
    given.state, given.reason = State.OPEN, reason.strip()
    given.handed_in_by = given.handed_in_at = None
    return _store(given, Verb.GIVEN_BACK, by, reason=given.reason)


def _now(given: Assignment) -> Assignment:
    """The part as it is now, its round locked. Raises WrongState while the round is not being filled in."""
    record = lock(given.assessment)
    if not record.is_open:
        raise WrongState(_("parts change hands while the round is being filled in"))
    found = Assignment.objects.whole().filter(pk=given.pk).first()
    if found is None:
        raise Refused(_("this part is no longer assigned"))
    found.assessment = record
    return found


def _store(given: Assignment, verb: str, by: User, **details) -> bool:
    given.save()
    Event.objects.record(verb, by=by, assessment=given.assessment, target=given.part.code, **details)
    return True


def has_mailer() -> bool:
    return "default" in mailers


def remind(record: Assessment, holder: User | Department, addresses: list[str], text: str, *, by: User) -> None:
    """Mails the text. Raises Refused where nobody can be reached so, or the mail server does not take it."""
    if not addresses or not has_mailer():
        raise Refused(_("%(holder)s cannot be reached by mail") % {"holder": holder})
    subject = _("%(assessment)s: what is still open") % {"assessment": record}
    try:
        EmailMessage(subject, text, to=addresses).send(using="default")
    except OSError as error:
        raise Refused(_("the mail server did not take the message: %(error)s") % {"error": error}) from error
    Event.objects.record(Verb.REMINDED, by=by, assessment=record, target=str(holder), to=", ".join(addresses))
