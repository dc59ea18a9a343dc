"""Open this for how two stored rounds become a comparison, in a fixed number of queries."""

from django.utils import timezone

from assessment import actions
from assessment.models import Assessment, Remark
from assessment.outline import Basis
from assessment.reports import gathering
from assessment.reports.comparison.building import Round, compare
from assessment.reports.comparison.facts import Comparison


def gather(
    before: Assessment, after: Assessment, *, basis: Basis = "effective", language: str = "zh-hans"
) -> Comparison:
    """All that the comparison of these rounds says; what people added stands with the later one."""
    return compare(
        Round(before.framework.outline(), before.outline()),
        Round(after.framework.outline(), after.outline()),
        basis,
        through=actions.versions_between(before.framework, after.framework),
        language=language,
        draft=not (before.is_approved and after.is_approved),
        remarks=gathering.remarks_of(after, Remark.Report.COMPARISON, language),
        design=gathering.design_of(after),
    )


def in_order(one: Assessment, other: Assessment) -> tuple[Assessment, Assessment]:
    """The earlier round first: by the day that it describes, else by when it was opened."""
    first, second = sorted((one, other), key=age)
    return first, second


def age(record: Assessment):
    """By what rounds are put in order."""
    return record.as_of or timezone.localdate(record.created_at), record.created_at, record.pk
