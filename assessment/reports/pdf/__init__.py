"""The gap report as PDF: `render(content)` gives its bytes, the same for the same content.

The file is fit for an archive (PDF/A-2b) and tagged. `seal` in `sealing` signs it or locks it with a password.
"""

from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.reports import fonts, prose, words
from assessment.reports.content.facts import Content
from assessment.reports.pdf import back, front, furniture, look, own, tags
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.file import write
from assessment.reports.pdf.finish import facts_of
from assessment.reports.pdf.method import method
from assessment.reports.pdf.results import results
from assessment.reports.pdf.sections import sections
from assessment.reports.pdf.summary import summary
from assessment.reports.typeset import Style

CHAPTERS = 11  # lines of the contents beside the dimensions, at most
GAP = 16  # points between the two ends of a header

RUNNING = Style(7.6)


def render(content: Content, conformance: str = "2B") -> bytes:
    """The whole report. `conformance`: what part and level of PDF/A it says that it keeps to. Raises `fonts.FontsMissing` where `manage.py prepare_fonts` has not run."""
    with translation.override(content.language):
        book = Book(fonts.load(Path(settings.FONT_CACHE)), design=content.design)
        front.cover(book, content)
        contents = front.reserve_contents(book, CHAPTERS + len(content.sections))
        own.executive_summary(book, content)
        summary(book, content)
        method(book, content)
        results(book, content)
        sections(book, content)
        back.improvements(book, content)
        back.references(book, content)
        back.appendices(book, content)
        front.fill_contents(book, contents)
        _frame(book, content)
        return write(book, facts_of(book, content, prose.title(content), conformance))


def _frame(book: Book, content: Content) -> None:
    """Header and footer of every page but the cover, now that the number of pages is known."""
    running = f"{prose.title(content)} · {_('Draft') if content.draft else _('Final')}"
    for page in book.pages:
        if not page.bare:
            book.turn_to(page)
            with book.artifact(tags.HEADER):
                _header(book, running)
            with book.artifact(tags.FOOTER):
                _footer(book, content)
        if content.draft and content.design.watermark:
            book.turn_to(page)
            furniture.watermark(book, page)


def _header(book: Book, running: str) -> None:
    chapter, right, base = book.page.chapter, look.LEFT + look.MEASURE, look.TOP + 20
    room = look.MEASURE - book.setter.width(chapter, RUNNING) - GAP
    book.label(look.LEFT, base, book.setter.fitted(running, RUNNING, room), 7.6, "start", look.SMALL.colour, False)
    book.label(right, base, chapter, 7.6, "end", look.DEEP, False)
    book.rule(look.LEFT, base - 6, look.MEASURE, look.ACCENT, 0.6)


def _footer(book: Book, content: Content) -> None:
    base = look.BOTTOM - 24
    classification = content.design.classification
    place = _("Page %(page)s of %(pages)s") % {"page": book.page.position, "pages": len(book.pages)}
    said = "　".join(filter(None, (classification, words.disclaimer())))
    book.label(look.LEFT, base, said, 7.2, "start", look.SMALL.colour, False)
    book.label(look.LEFT + look.MEASURE, base, place, 7.6, "end", look.SMALL.colour, False)
