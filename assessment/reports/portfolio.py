"""Open this for the report over many cities: how stored rounds become its content, and which forms it comes in."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from django.db.models import prefetch_related_objects

from assessment import design
from assessment.models import Assessment, Design, Mark, User
from assessment.reports import portfolio_workbook, words
from assessment.reports.content.portfolio import Portfolio, Round, build
from assessment.reports.document import digest_of
from assessment.reports.making import sealed
from assessment.reports.pdf import portfolio as portfolio_pdf


@dataclass(frozen=True)
class Form:
    """A form of the report: its content type, and how it is made of the content. Its name is also its file's ending."""

    content_type: str
    render: Callable[[Portfolio], bytes]


FORMS = {
    "pdf": Form("application/pdf", portfolio_pdf.render),
    "xlsx": Form(portfolio_workbook.MEDIA_TYPE, portfolio_workbook.render),
}


def gather(rounds: Sequence[Assessment], *, by: User, language: str = "zh-hans") -> Portfolio:
    """What the report says of these rounds of one framework, in a fixed number of queries."""
    prefetch_related_objects(rounds, "responses__criterion", "responses__evidence")
    given = [Round(record.outline(record.responses.all()), not record.is_approved) for record in rounds]
    return build(rounds[0].framework.outline(), given, language=language, design=design_for(rounds, by))


def design_for(rounds: Sequence[Assessment], by: User) -> design.Design:
    """It bears the mark of who makes it, and every classification line that one of its rounds bears."""
    mark = Mark.objects.filter(user=by).first()
    lines = Design.objects.filter(assessment__in=rounds).exclude(classification="").order_by("classification")
    classification = words.listed(lines.values_list("classification", flat=True).distinct())
    return design.Design(consultant=mark.outline() if mark else design.Mark(), classification=classification)


def make(content: Portfolio, form: str) -> bytes:
    """The report in this form; a PDF signed where the operator has a certificate.

    Raises for a PDF `fonts.FontsMissing` before `manage.py prepare_fonts` has run, `sealing.CertificateUnusable`.
    """
    data = FORMS[form].render(content)
    return sealed(data) if form == "pdf" else data


def digest(content: Portfolio) -> str:
    """SHA-256 of what the report says, whatever form it is given."""
    return digest_of(asdict(content))
