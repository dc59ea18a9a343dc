"""Open this for how a stored round becomes the content of its report, in a fixed number of queries."""

from assessment import outline, remark
from assessment.design import Design
from assessment.models import Assessment, Remark
from assessment.models import Design as DesignRecord
from assessment.outline import Basis
from assessment.reports import content


def gather(
    record: Assessment,
    *,
    basis: Basis = "effective",
    language: str = "zh-hans",
    digest: str = "",
    answers_digest: str = "",
    answers: outline.Assessment | None = None,
) -> content.Content:
    """All that the gap report of the round says. `digest` is of the framework's file, `answers_digest` of the answers'.

    `answers` are its own, where they were fetched already.
    """
    return content.build(
        record.framework.outline(),
        answers or record.outline(),
        basis,
        language=language,
        draft=not record.is_approved,
        digest=digest,
        answers_digest=answers_digest,
        remarks=remarks_of(record, Remark.Report.GAP, language),
        design=design_of(record),
    )


def remarks_of(record: Assessment, report: str, language: str) -> remark.Remarks:
    """What people added to this report of the round in this language."""
    own = record.remarks.filter(report=report, language=language).newest().select_related("by")
    return remark.Remarks(
        tuple(one.outline() for one in own), tuple(one.outline() for one in record.improvements.all())
    )


def design_of(record: Assessment) -> Design:
    """How the round's reports look; a round without a design of its own bears its city's mark alone."""
    found = (
        DesignRecord.objects.filter(assessment=record).select_related("consultant", "assessment__city__mark").first()
    )
    return (found or DesignRecord(assessment=record)).outline()
