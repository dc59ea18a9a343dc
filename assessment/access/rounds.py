"""Rounds and what is in them: who may see, answer, hand in, comment and review."""

from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessment.access.rights import RIGHTS, Seat, cities_where, seat_in
from assessment.models import (
    Assessment,
    Assignment,
    Comment,
    Evidence,
    Membership,
    Return,
    StoredFile,
    User,
)
from assessment.models.assignment import holders_by_criterion
from assessment.outline import Criterion


def assessments(user: User):
    """The rounds that the user may see, with what a list shows; copies that were given up have their address alone."""
    rounds = Assessment.objects.visible_to(user).current().select_related("city", "framework", "target")
    return rounds.with_progress().order_by("-created_at", "-pk")


def other_rounds(user: User, record: Assessment):
    """What the round can be compared with: the city's others on a version of the same framework, the latest first."""
    return assessments(user).filter(city=record.city_id, framework__code=record.framework.code).exclude(pk=record.pk)


def enter(user: User, pk: int, verb: str = "read", *, locked: bool = False) -> tuple[Assessment, Seat]:
    """The round and what the user is to its city. 404 for those who may not do this, or may not see the round yet.

    `locked`: nobody else changes the round until the transaction ends.
    """
    rounds = Assessment.objects.select_for_update(of=("self",)) if locked else Assessment.objects.all()
    record = get_object_or_404(rounds.select_related("city", "framework", "target", "previous", "migration"), pk=pk)
    seat = seat_in(user, record.city)
    may_hide = record.is_draft or record.is_moved or record.is_undone
    hidden = may_hide and not Assessment.objects.visible_to(user).filter(pk=pk).exists()
    if hidden or not seat.may("read") or not seat.may(verb):
        raise Http404
    return record, seat


# What saving a card needs of the round's city and framework.
NEEDED = ["city__name", "framework__state", "framework__code", "framework__version"]


def answering(user: User, pk: int, code: str) -> Assessment:
    """The round, locked until the transaction ends, if the user may answer this criterion now; 404 otherwise.

    One query gives the round once for each of the person's roles in its city, and says whether the criterion came back.
    """
    rounds = Assessment.objects.select_for_update(of=("self",)).select_related("city", "framework")
    rounds = rounds.only(*(field.name for field in Assessment._meta.fields), *NEEDED)
    mine = Membership.objects.current().filter(user=user)
    rows = list(
        rounds.filter(pk=pk, city__memberships__in=mine).annotate(
            role=F("city__memberships__role"),
            department=F("city__memberships__department"),
            is_returned=Exists(Return.objects.filter(assessment=OuterRef("pk"), criterion__code=code, settled_at=None)),
        )
    )
    departments = frozenset(row.department for row in rows if row.department)
    seat = Seat(user, frozenset(row.role for row in rows), departments)
    if not rows or code not in _theirs(rows[0], seat) or (rows[0].is_narrowed and not rows[0].is_returned):
        raise Http404
    return rows[0]


def assessment(user: User, pk: int, verb: str = "read") -> Assessment:
    """The round, if the user may do this with it."""
    return enter(user, pk, verb)[0]


def criterion(record: Assessment, code: str) -> Criterion:
    """The criterion, if the round asks it."""
    found = next((criterion for criterion in record.asked if criterion.code == code), None)
    if found is None:
        raise Http404
    return found


def answerable(record: Assessment, seat: Seat) -> set[str]:
    """Codes of the criteria that the person may answer now.

    A lead: all that are asked. A contributor: what is assigned to them or their department and not handed in yet.
    After single criteria were returned: those alone, until they are settled.
    """
    codes = _theirs(record, seat)
    if codes and record.is_narrowed:
        codes &= set(record.returns.filter(settled_at=None).values_list("criterion__code", flat=True))
    return codes


def _theirs(record: Assessment, seat: Seat) -> set[str]:
    """What of the round the person may answer, whether or not it came back."""
    if not record.is_open or not seat.may("answer"):
        return set()
    codes = {criterion.code for criterion in record.asked}
    if not seat.answers_everything:
        given = holders_by_criterion(record, record.assignments.in_short())
        codes &= {code for code, part in given.items() if seat.holds(part) and not part.is_locked}
    return codes


def assigned(record: Assessment) -> dict[str, Assignment]:
    """The assignment that counts for each criterion: its own, else its dimension's."""
    return holders_by_criterion(record, record.assignments.whole())


def part(user: User, pk: int, verb: str) -> tuple[Assignment, Seat]:
    """One part of a round and what the user is to its city. 404 for those who neither hold nor lead it."""
    given = get_object_or_404(Assignment.objects.whole(), pk=pk)
    given.assessment, seat = enter(user, given.assessment_id, verb)
    if not (seat.answers_everything or seat.holds(given)):
        raise Http404
    return given, seat


def own_parts(user: User):
    """What of the open rounds is given to the user or to one of their departments."""
    mine = Membership.objects.current().filter(user=user)
    cities = mine.filter(role__in=RIGHTS["answer"]).values("city")
    rounds = Assessment.objects.filter(state=Assessment.State.OPEN, city__in=cities)
    return Assignment.objects.filter(assessment__in=rounds).of(user, mine.values("department"))


def own_rounds(user: User):
    """The open rounds of which a part is the user's, the most urgent first."""
    rounds = Assessment.objects.filter(pk__in=own_parts(user).values("assessment"))
    return rounds.select_related("city", "framework").order_by(F("due_on").asc(nulls_last=True), "pk")


def mentions(user: User):
    """The unresolved comments that mention the user, where they may still read them."""
    found = Comment.objects.filter(mentions=user, resolved_at=None, parent__resolved_at=None)
    found = found.filter(assessment__in=Assessment.objects.visible_to(user))
    private = Q(assessment__city__in=cities_where(user, "note"))
    over = [Assessment.State.APPROVED, Assessment.State.UNDONE]
    found = found.filter(Q(is_private=False) | private).exclude(assessment__state__in=over)
    return found.select_related(
        "assessment__city", "assessment__framework", "criterion__facet__dimension", "written_by"
    )


def comments(record: Assessment, seat: Seat):
    """The round's comments that the person may read."""
    return record.comments.visible_to_seat(seat.may("note"))


def thread(user: User, pk: int, comment: int) -> tuple[Assessment, Comment]:
    """The round and the thread's first comment, if the user may settle it."""
    record, seat = enter(user, pk, "comment")
    found = comments(record, seat).filter(parent=None).select_related("criterion")
    item = get_object_or_404(found, pk=comment)
    if not may_settle(seat, item):
        raise Http404
    return record, item


def may_settle(seat: Seat, item: Comment) -> bool:
    """Who wrote the first comment of a thread, leads and reviewers."""
    is_theirs = item.written_by_id == seat.user.pk or seat.may("assign") or seat.may("review")
    return seat.may("comment") and is_theirs


def files(user: User):
    """Evidence files: those used in a round that the user may see; for a city's leads all of the city's."""
    used = Evidence.objects.filter(response__assessment__in=Assessment.objects.visible_to(user))
    return StoredFile.objects.filter(Q(pk__in=used.values("file")) | Q(city__in=cities_where(user, "assign")))


def stored_file(user: User, pk: int) -> StoredFile:
    return get_object_or_404(files(user).select_related("city"), pk=pk)


def rounds_among(user: User, pks) -> set[int]:
    """Which of these rounds the user may open."""
    return set(Assessment.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))
