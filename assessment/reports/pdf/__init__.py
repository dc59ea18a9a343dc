"""Reports as PDF: `render` gives the gap report's bytes, `render_comparison` those of two rounds compared; the same for
the same content.

The file is fit for an archive (PDF/A-2b) and tagged. `seal` in `sealing` signs it or locks it with a password.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.reports import fonts, prose
from assessment.reports.comparison import Comparison
from assessment.reports.content.facts import Content
from assessment.reports.document import Said, digest
from assessment.reports.manifest import manifest_of, mark_of
from assessment.reports.pdf import back, front, own
from assessment.reports.pdf.annex import annex
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.comparison import comparison
from assessment.reports.pdf.file import write
from assessment.reports.pdf.finish import facts_about, frame
from assessment.reports.pdf.method import method
from assessment.reports.pdf.results import results
from assessment.reports.pdf.sections import sections
from assessment.reports.pdf.summary import summary

CHAPTERS = 21  # lines of the contents beside the dimensions, at most


def render(content: Content, conformance: str = "2B", manifest: dict[str, Any] | None = None) -> bytes:
    """The whole report.

    `conformance`: what part and level of PDF/A it says that it keeps to; `manifest`: what it says of itself for
    programs, where that was said before. Raises `fonts.FontsMissing` where `manage.py prepare_fonts` has not run.
    """
    with translation.override(content.language):
        manifest = manifest or manifest_of(content)  # hashes the content as one text: before the pages take their room
        book = Book(fonts.load(Path(settings.FONT_CACHE)), design=content.design)
        front.cover(book, content, _("Gap report"), prose.cover_facts(content))
        contents = front.reserve_contents(book, CHAPTERS + len(content.sections))
        summary(book, content)
        book.new_page()
        own.executive_summary(book, content)
        method(book, content)
        results(book, content)
        sections(book, content)
        back.improvements(book, content)
        annex(book, content)
        back.references(book, content)
        back.appendices(book, content)
        front.fill_contents(book, contents)
        return _finished(book, content, conformance, manifest)


def render_comparison(content: Comparison) -> bytes:
    """Two rounds compared. Raises `fonts.FontsMissing` likewise."""
    with translation.override(content.language):
        book = Book(fonts.load(Path(settings.FONT_CACHE)), design=content.design)
        comparison(book, content)
        mark = mark_of("comparison", content.language, digest(content))
        return _finished(book, content, manifest=mark)


def _finished(book: Book, content: Said, conformance: str = "2B", manifest: dict[str, Any] | None = None) -> bytes:
    title, state = _title(content), _("Draft") if content.draft else _("Final")
    frame(book, title, state, draft=content.draft, design=content.design)
    return write(book, facts_about(book, content, title, conformance, manifest))


def _title(content: Said) -> str:
    facts = content.cover
    if isinstance(content, Comparison):
        rounds = {"before": content.before.round, "after": content.after.round}
        return _("%(city)s: rounds %(before)s and %(after)s compared") % {"city": facts.city, **rounds}
    return prose.title(content)
