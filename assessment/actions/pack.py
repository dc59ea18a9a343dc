"""The offline workbook comes back: what it would change, against what it was made from, and the change itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from assessment import access, merging, outline
from assessment.actions.outcome import NOT_THEIRS, Overtaken, Refused
from assessment.actions.response import blank_rows, lock, write
from assessment.models import Assessment, Event, Response, User, Version

Kind = Literal["new", "changed", "conflicting", "unchanged"]


class PickMissing(Refused):
    """A field that two people changed has to be decided by the person."""


@dataclass(frozen=True)
class Share:
    """The criteria that one department or person answers, or all of a round; `key` names it in addresses."""

    key: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One criterion of a returned workbook. `merged` holds what is stored in the fields of `conflicts`."""

    row: Response
    base: outline.Response
    mine: outline.Response
    theirs: outline.Response
    merged: outline.Response
    conflicts: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.mine.criterion

    @property
    def kind(self) -> Kind:
        if self.conflicts:
            return "conflicting"
        if merging.same(self.merged, self.theirs):
            return "unchanged"
        return "new" if merging.same(self.theirs, outline.Response(self.code)) else "changed"

    def picked(self, mine: Collection[str]) -> outline.Response:
        """The answer, with the person's own in these fields of the conflicts."""
        names = [name for field in self.conflicts if field in mine for name in merging.FIELDS[field]]
        return replace(self.merged, **{name: getattr(self.mine, name) for name in names})


def shares(record: Assessment, seat: access.Seat) -> list[Share]:
    """What the person may take away as one workbook: a lead all parts and the whole, a contributor their own."""
    given = access.assigned(record)
    codes: dict[tuple[str, str], list[str]] = {}
    for criterion in record.asked:
        item = given.get(criterion.code)
        if item and (seat.answers_everything or seat.holds(item)):
            kind = "department" if item.department else "user"
            codes.setdefault((f"{kind}-{item.holder.pk}", str(item.holder)), []).append(criterion.code)
    found = [Share(key, name, tuple(members)) for (key, name), members in sorted(codes.items(), key=lambda p: p[0][1])]
    if seat.answers_everything:
        found.insert(0, Share("all", _("the whole round"), tuple(criterion.code for criterion in record.asked)))
    return found


def answers_with_versions(
    record: Assessment, codes: Collection[str]
) -> tuple[dict[str, outline.Response], dict[str, int]]:
    """What a workbook starts from: each answer as it stands, blank ones too, and its version's number."""
    rows = blank_rows(record, codes)
    answers = {row.criterion.code: row.outline() for row in rows}
    return answers, {row.criterion.code: row.version for row in rows}


def compare_pack(
    record: Assessment, answers: Mapping[str, outline.Response], versions: Mapping[str, int]
) -> dict[str, Change]:
    """Each answer of the workbook, made from these versions, against what is stored now.

    Raises Refused for a version that never was. The number of queries does not grow with the answers.
    """
    rows = blank_rows(record, answers)
    bases = _bases(record, rows, versions)
    changes = {}
    for row in rows:
        code = row.criterion.code
        theirs = row.outline()
        mine = replace(answers[code], verified_level=theirs.verified_level)
        merged = merging.merge(bases[code], mine, theirs)
        result = replace(merged.response, verified_level=theirs.verified_level)
        changes[code] = Change(row, bases[code], mine, theirs, result, merged.conflicts)
    return changes


def _bases(record: Assessment, rows: list[Response], versions: Mapping[str, int]) -> dict[str, outline.Response]:
    found: dict[tuple[str, int], outline.Response] = {
        (row.criterion.code, row.version): row.outline() for row in rows
    } | {(row.criterion.code, 0): outline.Response(row.criterion.code) for row in rows}
    older = {row.criterion.code: row.criterion.pk for row in rows if versions[row.criterion.code] != row.version}
    if older:
        kept = record.versions.filter(criterion__in=older.values(), number__in={versions[code] for code in older})
        found |= {(v.criterion.code, v.number): v.outline() for v in kept.select_related("criterion")}
    try:
        return {row.criterion.code: found[row.criterion.code, versions[row.criterion.code]] for row in rows}
    except KeyError:
        raise Refused(_("The workbook is newer than the round's answers; fetch a new one.")) from None


def refused_changes(record: Assessment, changes: Mapping[str, Change], seat: access.Seat) -> dict[str, str]:
    """Changes that the person may not make, by code, each with the reason. What is unchanged is never refused."""
    wanted = [code for code, change in changes.items() if change.kind != "unchanged"]
    if not record.is_open:
        words = _("the round is “%(state)s”; nothing can be changed") % {"state": record.get_state_display()}
        return dict.fromkeys(wanted, words)
    allowed = access.answerable(record, seat)
    return {code: str(NOT_THEIRS) for code in wanted if code not in allowed}


@transaction.atomic
def apply_pack(
    record: Assessment,
    answers: Mapping[str, outline.Response],
    versions: Mapping[str, int],
    *,
    seen: Mapping[str, int],
    picks: Mapping[str, Mapping[str, str]],
    by: User,
    digest: str = "",
) -> dict[Kind, int]:
    """Writes what the workbook changes, all of it or nothing; how many answers of each kind were written.

    `versions`: what the workbook was made from; `seen`: what was stored when the person looked at the preview;
    `picks`: for each field in conflict "mine" (the workbook's) or "theirs". Applied again it writes nothing.
    Raises Overtaken, PickMissing, and Refused for answers that the person may not give any more.
    """
    record = lock(record)
    changes = compare_pack(record, answers, versions)
    if any(change.row.version != seen.get(code) for code, change in changes.items()):
        raise Overtaken(_("Something was saved after you looked; look at the changes again."))
    for code, why in refused_changes(record, changes, access.seat_in(by, record.city)).items():
        raise Refused(f"{code} {why}")
    wanted = [(change, _decided(change, picks.get(change.code, {}))) for change in changes.values()]
    wanted = [(change, result) for change, result in wanted if not merging.same(result, change.theirs)]
    counts: dict[Kind, int] = {"new": 0, "changed": 0, "conflicting": 0}
    for change, _result in wanted:
        counts[change.kind] += 1
    if wanted:
        write(record, [(change.row, result) for change, result in wanted], by=by, cause=Version.Cause.PACK)
        details = {str(kind): count for kind, count in counts.items()}
        Event.objects.record(Event.Verb.IMPORTED, by=by, assessment=record, target=digest[:16], **details)
    return counts


def _decided(change: Change, picks: Mapping[str, str]) -> outline.Response:
    if any(picks.get(field) not in ("mine", "theirs") for field in change.conflicts):
        raise PickMissing(_("%(code)s: choose which of the two answers holds") % {"code": change.code})
    return change.picked([field for field in change.conflicts if picks[field] == "mine"])
