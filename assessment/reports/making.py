"""Open this for which forms a gap report comes in: `make` gives one of them, whoever asks for it."""

from collections.abc import Callable
from dataclasses import dataclass

from assessment.reports import document, docx, pdf, xlsx
from assessment.reports.content.facts import Content


@dataclass(frozen=True)
class Form:
    """A form of the report: its content type, and how it is made of the content. Its name is also its file's ending."""

    content_type: str
    render: Callable[[Content], bytes]


OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS = {
    "pdf": Form("application/pdf", pdf.render),
    "docx": Form(f"{OFFICE}.wordprocessingml.document", docx.render),
    "xlsx": Form(f"{OFFICE}.spreadsheetml.sheet", xlsx.render),
    "json": Form("application/json", document.render),
}


def make(content: Content, form: str) -> bytes:
    """The report in this form. Raises `fonts.FontsMissing` for PDF and Word before `manage.py prepare_fonts` has run."""
    return FORMS[form].render(content)
