"""Answers: the one door through which they are written, each time as a new version that can be had back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import merging, outline
from assessment.actions.outcome import Overtaken, OwnAnswer, ReasonMissing, Refused, WrongState
from assessment.models import Assessment, Criterion, Event, Evidence, Response, StoredFile, User, Version
from assessment.models.response import spelled, understood

Cause = Version.Cause
COLUMNS = ["level", "target", "rationale", "not_applicable", "verified_level"]
REVIEW_COLUMNS = ["verified_reason", "verified_by", "is_unconfirmed"]


@dataclass(frozen=True)
class Answered:
    """How a save ended. `theirs` was stored before it, by `by`, at `at`; `now` is stored after it.

    `conflicts` are fields that still hold theirs.

    `changed` is False where there was nothing to save.
    """

    response: Response
    theirs: outline.Response
    by: User | None
    conflicts: tuple[str, ...]
    changed: bool
    at: datetime
    now: outline.Response


@transaction.atomic
def answer(record: Assessment, wanted: outline.Response, *, by: User, seen: int, page: str = "") -> Answered:
    """Saves what the person changed since version `seen` (0: the blank answer), evidence included.

    What somebody else changed meanwhile stays; where both changed one field, theirs stays and the field is named
    in `conflicts`. Raises WrongState when the round takes no answers. `page` names the page that sends: it builds on
    its own earlier saves, also where it never heard that they arrived.
    """
    return answer_locked(lock(record), wanted, by=by, seen=seen, page=page)


def answer_locked(record: Assessment, wanted: outline.Response, *, by: User, seen: int, page: str = "") -> Answered:
    """`answer` for those who hold the round's lock already, as `access.answering` gives it."""
    must_take_answers(record)
    row = row_of(record, wanted.criterion, **_since(seen, by, page))
    theirs, saved_by, saved_at = row.outline(), row.saved_by, row.saved_at
    merged = merging.merge(_base(row, wanted, seen), wanted, theirs)
    result = replace(merged.response, verified_level=theirs.verified_level)
    changed = not merging.same(result, theirs)
    if changed:
        write(record, [(row, result)], by=by, cause=Cause.SAVED, page=page)
    return Answered(row, theirs, saved_by, merged.conflicts, changed, saved_at, result if changed else theirs)


def _since(seen: int, by: User, page: str) -> dict[str, Any]:
    """What a row is to tell with itself: the answer that the person saw, and whether others saved since."""
    versions = Version.objects.filter(assessment=OuterRef("assessment"), criterion=OuterRef("criterion"))
    is_own = Case(When(by=by, answer__page=page, then=Value(True)), default=Value(False))
    others = versions.filter(number__gt=seen).alias(is_own=is_own).filter(is_own=False)
    return {"seen": Subquery(versions.filter(number=seen).values("answer")[:1]), "has_others": Exists(others)}


def _base(row: Any, wanted: outline.Response, seen: int) -> outline.Response:
    """The version that the person saw; where all later ones came from the same page, what it changed is on top."""
    if seen == row.version:
        return row.outline()
    if seen and (row.pk is None or row.seen is None):
        raise Refused(_("the page is out of date; load it again"))
    base = understood(row.criterion.code, row.seen or {})
    return base if row.has_others else merging.caught_up(base, wanted, row.outline())


def version_of(record: Assessment, row: Response, number: int) -> outline.Response:
    """The answer as it was at that version. Raises Refused for a version that never was."""
    if number == row.version:
        return row.outline()
    if number == 0:
        return outline.Response(row.criterion.code)
    version = row_versions(record, row).filter(number=number).first()
    if version is None:
        raise Refused(_("the page is out of date; load it again"))
    return version.outline()


def row_versions(record: Assessment, row: Response):
    return record.versions.filter(criterion=row.criterion).select_related("criterion")


@transaction.atomic
def confirm(record: Assessment, codes: Collection[str], *, by: User, page: str = "") -> int:
    """Says of answers copied from last round that they still hold; how many it was."""
    record = lock(record)
    must_take_answers(record)
    rows = [row for row in rows_of(record) if row.is_unconfirmed and row.criterion.code in codes]
    write(record, [(row, row.outline()) for row in rows], by=by, cause=Cause.CONFIRMED, page=page)
    return len(rows)


@transaction.atomic
def restore(record: Assessment, code: str, number: int, *, by: User, fields: Collection[str] = ()) -> Response:
    """Makes an earlier version the answer again, whole or only these fields of it. What is replaced stays in history."""
    record = lock(record)
    must_take_answers(record)
    row = row_of(record, code)
    old, now = version_of(record, row, number), row.outline()
    names = fields or ["level", "not_applicable", "target", "rationale", "evidence"]
    names = [*names, *(["level", "not_applicable"] if {"level", "not_applicable"} & set(names) else [])]
    wanted = replace(now, **{name: getattr(old, name) for name in names})
    if not merging.same(wanted, now):
        write(record, [(row, wanted)], by=by, cause=Cause.RESTORED)
        Event.objects.record(Event.Verb.RESTORED, by=by, assessment=record, target=code, version=number)
    return row


@transaction.atomic
def verify(
    record: Assessment,
    code: str,
    level: int | None,
    reason: str,
    *,
    by: User,
    shown: tuple[int | None, str] | None = None,
) -> Response:
    """Sets the reviewer's level with its reason; None takes it back. Raises OwnAnswer, ReasonMissing, WrongState.

    `shown`: level and reason that the reviewer saw; raises Overtaken where another one verified meanwhile.
    """
    record = lock(record)
    if not record.is_under_review:
        raise WrongState(_("levels are verified while the round is under review"))
    row = row_of(record, code)
    if by.pk in authors(record, code):
        raise OwnAnswer(_("you answered %(code)s yourself; another reviewer verifies it") % {"code": code})
    if shown is not None and shown != (row.verified_level, row.verified_reason):
        raise Overtaken(_("Something was saved after you looked; look at the changes again."))
    if level is not None and not reason.strip():
        raise ReasonMissing(_("give the reason of the verified level"))
    if level is not None and level > record.framework.outline().highest:
        raise Refused(_("the scale ends at level %(level)d") % {"level": record.framework.outline().highest})
    row.verified_reason, row.verified_by = (reason.strip(), by) if level is not None else ("", None)
    write(record, [(row, replace(row.outline(), verified_level=level))], by=by, cause=Cause.VERIFIED)
    Event.objects.record(Event.Verb.VERIFIED, by=by, assessment=record, target=code, level=level)
    return row


def authors(record: Assessment, code: str) -> set[int]:
    """Who gave the answer: everybody who ever saved, confirmed or restored it."""
    return authors_by_criterion(record, Q(criterion__code=code)).get(code, set())


def authored(record: Assessment, by: User) -> set[str]:
    """Codes of the criteria whose answers the person gave, in the sense of `authors`."""
    found = authors_by_criterion(record, Q(by=by) | Q(cause=Cause.MIGRATED))
    return {code for code, people in found.items() if by.pk in people}


def authors_by_criterion(record: Assessment, wanted: Q | None = None) -> dict[str, set[int]]:
    """By code who gave the answer. One that was taken over from another version was given by its authors there."""
    given = record.versions.order_by().exclude(cause__in=[Cause.VERIFIED, Cause.CARRIED]).filter(wanted or Q())
    found: dict[str, set[int]] = {}
    for code, cause, by, before in given.values_list("criterion__code", "cause", "by", "answer__authors"):
        people = (before or []) if cause == Cause.MIGRATED else [by]
        found.setdefault(code, set()).update(person for person in people if person)
    return found


# The door


def lock(record: Assessment) -> Assessment:
    """The round as it is now; nobody else changes it until the transaction ends."""
    rounds = Assessment.objects.select_for_update(of=("self",)).select_related("city", "framework", "target")
    return rounds.get(pk=record.pk)


def rows_of(record: Assessment) -> list[Response]:
    return list(record.responses.select_related("criterion", "saved_by").prefetch_related("evidence"))


def row_of(record: Assessment, code: str, **more: Any) -> Response:
    """The stored response, with what `more` asks of the database, or a new one that is not stored yet."""
    rows = record.responses.select_related("criterion", "saved_by").prefetch_related("evidence")
    own = [field.name for field in Response._meta.fields]
    rows = rows.only(*own, "criterion__code", "saved_by__name", "saved_by__username")
    row = rows.filter(criterion__code=code).annotate(**more).first()
    if row is None:
        criterion = record.framework.criteria.get(code=code)
        row = Response(assessment=record, criterion=criterion)
    return row


def write(
    record: Assessment,
    answers: Iterable[tuple[Response, outline.Response]],
    *,
    by: User | None,
    cause: Cause,
    page: str = "",
    unconfirmed: Collection[str] = (),
    given_by: Mapping[str, Collection[int]] = MappingProxyType({}),
) -> list[Response]:
    """Stores the answers, whole, and a version of each, in a number of queries that does not grow with them.

    `unconfirmed`: codes whose answers somebody has to confirm; `given_by`: by code, who gave the answer elsewhere.
    A reason of blanks alone is none: then the criterion is not answered.
    """
    now = timezone.now()
    pairs = [(row, wanted if wanted.is_answered else replace(wanted, not_applicable="")) for row, wanted in answers]
    proven_otherwise = [
        (row, wanted, list(row.evidence.all()) if row.pk else [])
        for row, wanted in pairs
        if row.outline().evidence != wanted.evidence
    ]
    for row, wanted in pairs:
        for name in COLUMNS:
            setattr(row, name, getattr(wanted, name))
        row.version += 1
        is_still = cause == Cause.TARGET and row.is_unconfirmed
        row.is_unconfirmed = cause == Cause.CARRIED or row.criterion.code in unconfirmed or is_still
        if cause != Cause.VERIFIED:
            row.saved_by, row.saved_at = by, now
    _store_rows([row for row, _wanted in pairs])
    _store_evidence(record, proven_otherwise)
    Version.objects.bulk_create(
        Version(
            assessment=record,
            criterion=row.criterion,
            number=row.version,
            answer=spelled(
                wanted,
                verified_reason=row.verified_reason,
                is_unconfirmed=row.is_unconfirmed,
                page=page,
                authors=sorted(given_by.get(row.criterion.code, ())),
            ),
            cause=cause,
            by=by,
            at=now,
        )
        for row, wanted in pairs
    )
    return [row for row, _wanted in pairs]


def _store_rows(rows: list[Response]) -> None:
    new, known = [row for row in rows if row.pk is None], [row for row in rows if row.pk]
    Response.objects.bulk_create(new)
    if len(known) == 1:
        known[0].save(update_fields=[*COLUMNS, *REVIEW_COLUMNS, "version", "saved_by", "saved_at"])
    elif known:
        Response.objects.bulk_update(known, [*COLUMNS, *REVIEW_COLUMNS, "version", "saved_by", "saved_at"])


def _store_evidence(record: Assessment, changed: list[tuple[Response, outline.Response, list[Evidence]]]) -> None:
    """Makes the evidence of the rows what is wanted, piece by piece: what did not change is not written."""
    if not changed:
        return
    new: list[Evidence] = []
    other: list[Evidence] = []
    gone: list[int] = []
    for row, wanted, stored in changed:
        gone += [piece.pk for piece in stored[len(wanted.evidence) :]]
        for i, given in enumerate(wanted.evidence):
            piece = stored[i] if i < len(stored) else Evidence(response=row, order=i)
            if piece.pk is None or piece.outline() != given:
                piece.title, piece.url, piece.reference, piece.as_of = (
                    given.title,
                    given.url,
                    given.reference,
                    given.as_of,
                )
                piece.file_id = _file_of(record, given.reference)
                (other if piece.pk else new).append(piece)
    if gone:
        Evidence.objects.filter(pk__in=gone).delete()
    if other:
        Evidence.objects.bulk_update(other, ["title", "url", "reference", "as_of", "file"])
    Evidence.objects.bulk_create(new)
    for row, _wanted, _stored in changed:
        getattr(row, "_prefetched_objects_cache", {}).pop("evidence", None)


def _file_of(record: Assessment, reference: str) -> Any:
    """The key of the city's file that the reference names by its mark.

    The statement that stores the piece looks it up: a query of its own would be one too many for saving a card.
    """
    if not reference.startswith("SHA-256:"):
        return None
    files = StoredFile.objects.filter(city=record.city_id).alias(beginning=Substr("sha256", 1, 16))
    return Subquery(files.filter(beginning=reference.removeprefix("SHA-256:")).values("pk")[:1])


def must_take_answers(record: Assessment) -> None:
    """Raises WrongState when the round takes no answers."""
    if not (record.is_open or record.is_draft):
        raise WrongState(
            _("%(assessment)s is “%(state)s”; nothing was saved")
            % {"assessment": record, "state": record.get_state_display()}
        )


def blank_rows(record: Assessment, codes: Iterable[str]) -> list[Response]:
    """The stored row of each code, or a new one."""
    known = {row.criterion.code: row for row in rows_of(record)}
    wanted = list(codes)
    missing = [code for code in wanted if code not in known]
    criteria = {c.code: c for c in Criterion.objects.filter(framework=record.framework, code__in=missing)}
    return [known.get(code) or Response(assessment=record, criterion=criteria[code]) for code in wanted]
