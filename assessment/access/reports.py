"""Reports: the desk over many cities, batches, the register, and what people add to a report."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessment.access.people import roles_anywhere
from assessment.access.rights import RIGHTS, cities_where
from assessment.models import (
    Assessment,
    Batch,
    City,
    Mark,
    Membership,
    Phrase,
    ReportFile,
    Role,
    User,
)

MOST_REGISTERED = 10


@dataclass(frozen=True)
class Duties:
    """What the user finds in the menus: parts can be given to them somewhere; they look after several cities; reports
    bear their mark; they write for reports."""

    has_tasks: bool
    has_desk: bool
    has_mark: bool
    has_phrases: bool


def duties(user: User) -> Duties:
    mine = list(Membership.objects.current().filter(user=user).values_list("city", "role"))
    looked_after = {city for city, role in mine if role in RIGHTS["board"]}
    roles = {role for _city, role in mine}
    return Duties(
        has_tasks=bool(roles & RIGHTS["answer"]),
        has_desk=user.is_superuser or len(looked_after) > 1,
        has_mark=Role.CONSULTANT in roles,
        has_phrases=bool(roles & RIGHTS["remark"]),
    )


def has_desk(user: User) -> bool:
    """Whether the user looks after more than one city, and so has a desk over them."""
    return duties(user).has_desk


def desk(user: User):
    """The rounds on the user's desk: begun, and not moved to another version. 404 for those who have none."""
    if not has_desk(user):
        raise Http404
    over = [Assessment.State.DRAFT, Assessment.State.MOVED]
    rounds = rounds_to_report(user).current().exclude(state__in=over)
    return rounds if user.is_superuser else rounds.filter(city__in=cities_where(user, "board"))


def rounds_to_report(user: User):
    """The rounds of which the user may have reports made today; none for an account that is disabled."""
    rounds = Assessment.objects.visible_to(user)
    if user.is_superuser or not user.is_active:
        return rounds if user.is_active else rounds.none()
    return rounds.filter(city__in=cities_where(user, "report"))


def batches(user: User):
    """The batches that the user ordered; nobody sees another's."""
    return Batch.objects.filter(by=user)


def batch(user: User, pk: int, *, locked: bool = False) -> Batch:
    """The batch, if the user ordered it. `locked`: nobody else changes it until the transaction ends."""
    own = batches(user).select_for_update() if locked else batches(user)
    return get_object_or_404(own, pk=pk)


def given_of(user: User, batch: Batch, held: Collection[int]):
    """Of the batch's reports that its file holds, those that the user may have today."""
    return batch.items.filter(pk__in=held, assessment__in=rounds_to_report(user))


def lost_cities(user: User, batch: Batch, held: Collection[int]):
    """Cities of which the file holds reports that the user may no longer have: these are not given out."""
    lost = batch.items.filter(pk__in=held).exclude(assessment__in=rounds_to_report(user))
    return City.objects.filter(pk__in=lost.values("assessment__city"))


def registered(user: User, **sought) -> tuple[list[ReportFile], bool]:
    """The reports made for which this holds, newest first, if the user may read their round; whether there are others.

    A report over many rounds is read by who made it, and by superusers.
    """
    found = ReportFile.objects.filter(**sought)
    mine = Q(assessment__in=Assessment.objects.visible_to(user)) | Q(assessment=None, by=user)
    readable = found if user.is_superuser else found.filter(mine)
    rows = readable.select_related("assessment__city", "assessment__framework", "by")[:MOST_REGISTERED]
    return list(rows), bool(rows) or found.exists()


def must_write(user: User) -> None:
    """404 for all who write for no city's report."""
    if not roles_anywhere(user) & RIGHTS["remark"]:
        raise Http404


def phrases(user: User):
    """The user's own phrases; 404 for those who write for no city's report."""
    must_write(user)
    return Phrase.objects.filter(user=user)


def phrase(user: User, pk: int) -> Phrase:
    return get_object_or_404(phrases(user), pk=pk)


def must_consult(user: User) -> None:
    """404 for all who are no city's consultant today: nobody else has a mark of their own."""
    if Role.CONSULTANT not in roles_anywhere(user):
        raise Http404


def consultants_marks(record: Assessment):
    """The marks that a round's reports may bear beside the city's: its consultants' today, and the one chosen before."""
    today = Membership.objects.current().filter(city=record.city, role=Role.CONSULTANT, user__is_active=True)
    chosen = Mark.objects.filter(pk__in=Assessment.objects.filter(pk=record.pk).values("design__consultant"))
    theirs = Mark.objects.filter(user__in=today.values("user"))
    return (theirs | chosen).select_related("user").order_by("organisation", "pk")
