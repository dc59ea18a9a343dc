"""Open this for how two stored rounds become a comparison, in a fixed number of queries."""

from dataclasses import replace

from django.utils import timezone

from assessment import actions, outline
from assessment.migrating import Row
from assessment.models import Assessment, Migration, Remark
from assessment.outline import Basis
from assessment.reports import gathering
from assessment.reports.comparison.building import Round, compare
from assessment.reports.comparison.facts import Comparison


def gather(
    before: Assessment, after: Assessment, *, basis: Basis = "effective", language: str = "zh-hans"
) -> Comparison:
    """All that the comparison of these rounds says; what people added stands with the later one.

    It looks like the later one's gap report, but is another document and bears none of its number.
    """
    return compare(
        Round(before.framework.outline(), before.outline()),
        Round(after.framework.outline(), after.outline()),
        basis,
        through=actions.versions_between(before.framework, after.framework),
        moved=_right_after(before, after, basis),
        language=language,
        draft=not (before.is_approved and after.is_approved),
        remarks=gathering.remarks_of(after, Remark.Report.COMPARISON, language),
        design=replace(gathering.design_of(after), document_number=""),
    )


def _right_after(before: Assessment, after: Assessment, basis: Basis) -> outline.Assessment | None:
    """The answers with which the later round began, where it is the copy of the earlier one on another version.

    None where reviewers' levels, which never move, are part of what is compared.
    """
    migration = Migration.objects.filter(source=before, copy=after, undone_at=None).first()
    if migration is None or (basis != "self" and before.responses.exclude(verified_level=None).exists()):
        return None
    rows = [Row.read(told) for told in migration.plan]
    answers = {row.new.criterion: row.new for row in rows if row.new}
    return replace(after.outline(), responses=tuple(answers.values()))


def in_order(one: Assessment, other: Assessment) -> tuple[Assessment, Assessment]:
    """The earlier round first: by the day that it describes, else by when it was opened."""
    first, second = sorted((one, other), key=age)
    return first, second


def age(record: Assessment):
    """By what rounds are put in order."""
    return record.as_of or timezone.localdate(record.created_at), record.created_at, record.pk
