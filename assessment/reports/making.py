"""Open this for which forms a gap report comes in: `make` gives one of them, whoever asks for it."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.reports import document, docx, pdf, xlsx
from assessment.reports.content.facts import Content
from assessment.reports.pdf import brief, slides
from assessment.reports.pdf.sealing import operators_certificate, seal


@dataclass(frozen=True)
class Form:
    """A form of the report: what it is called, its content type, how it is made of the content, its file's ending.

    `kind` is what the register calls the report.
    """

    label: str | Promise
    content_type: str
    render: Callable[[Content], bytes]
    ending: str
    kind: str = "gap"


PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument"
# The gap report, each form under its file's ending.
FORMS = {
    "pdf": Form("PDF", PDF, pdf.render, "pdf"),
    "docx": Form("Word", f"{OFFICE}.wordprocessingml.document", docx.render, "docx"),
    "xlsx": Form("Excel", f"{OFFICE}.spreadsheetml.sheet", xlsx.render, "xlsx"),
    "json": Form("JSON", "application/json", document.render, "json"),
}
BRIEFS = {
    "brief": Form(_("One-page brief"), PDF, brief.render, "pdf", "brief"),
    "slides": Form(_("Six pages for a meeting"), PDF, slides.render, "pdf", "slides"),
}
EVERY = FORMS | BRIEFS


def make(content: Content, form: str, password: str = "") -> bytes:
    """The report in this form; a PDF signed where the operator has a certificate, and locked where a password is given.

    Raises `fonts.FontsMissing` for PDF and Word before `manage.py prepare_fonts` has run, `sealing.CertificateUnusable`.
    """
    chosen = EVERY[form]
    with undisturbed():
        data = chosen.render(content)
    return sealed(data, password) if chosen.ending == "pdf" else data


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the garbage collector: of what a report is made of all is needed to its end, and nearly all goes by itself."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def sealed(pdf: bytes, password: str = "") -> bytes:
    """A PDF as it is given out."""
    return seal(pdf, certificate=operators_certificate(), password=password)
