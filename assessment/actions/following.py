"""What people added to a round's reports goes on with it: words, owners and the look into its copy, the look into the next."""

from collections.abc import Iterable
from itertools import product

from assessment import migrating
from assessment.models import Assessment, Design, Improvement, Remark
from assessment.models.report import LANGUAGES

# By code of the copy: those in the round before whose words it may bear, the first that has some.
Sources = dict[str, list[str]]


def take_words_along(record: Assessment, copy: Assessment, criteria: Sources, dimensions: Sources) -> None:
    """Copies the words that count, each still by who wrote it and when; their history stays with the round before."""
    spots: dict[tuple[str, str, str, str], list[Remark]] = {}
    for row in record.remarks.newest().exclude(text=""):
        spots.setdefault((row.report, row.language, _kind(row.place), row.code), []).append(row)
    made = []
    for kind, origins in (("whole", {"": [""]}), ("dimension", dimensions), ("criterion", criteria)):
        for report, (language, _name), (code, sources) in product(Remark.Report.values, LANGUAGES, origins.items()):
            found = (spots.get((report, language, kind, source), []) for source in sources)
            made += [_copied(row, copy, code) for row in next(filter(None, found), [])]
    Remark.objects.bulk_create(made)


def _kind(place: str) -> str:
    return {"summary": "whole", "dimension": "dimension"}.get(place, "criterion")


def _copied(row: Remark, copy: Assessment, code: str) -> Remark:
    kept = ("report", "language", "place", "text", "by_id", "at")
    return Remark(assessment=copy, code=code, **{name: getattr(row, name) for name in kept})


def take_improvements_along(record: Assessment, copy: Assessment, criteria: Sources) -> None:
    """Copies owners and days."""
    stored = {row.criterion: row for row in record.improvements.all()}
    firsts = {code: next((source for source in sources if source in stored), "") for code, sources in criteria.items()}
    rows = [(code, stored[source]) for code, source in firsts.items() if source]
    Improvement.objects.bulk_create(
        Improvement(assessment=copy, criterion=code, owner=row.owner, due_on=row.due_on) for code, row in rows
    )


def take_design_along(record: Assessment, copy: Assessment) -> None:
    """The copy's reports look as the round's."""
    if design := Design.objects.filter(assessment=record).first():
        design.pk, design.assessment = None, copy
        design.save(force_insert=True)


def begin_design(last: Assessment, record: Assessment) -> None:
    """The next round's reports look as the last one's; document number and days of approval are its own."""
    if design := Design.objects.filter(assessment=last).first():
        design.pk, design.assessment, design.document_number = None, record, ""
        design.approvals = [[role, name, ""] for role, name, _day in design.approvals]
        design.save(force_insert=True)


def sources_of(rows: Iterable[migrating.Row]) -> Sources:
    """Where each criterion of the new version came from, in the old one's order."""
    return {row.new.criterion: [answer.criterion for answer in row.old] for row in rows if row.new}
