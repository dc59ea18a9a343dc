"""Reports as PDF: `render` gives the gap report's bytes, `render_comparison` those of two rounds compared; the same for
the same content."""

from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.reports import fonts, words
from assessment.reports.comparison import Comparison
from assessment.reports.content.facts import Content
from assessment.reports.document import Said
from assessment.reports.pdf import back, front, look
from assessment.reports.pdf.annex import annex
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.comparison import comparison
from assessment.reports.pdf.file import write
from assessment.reports.pdf.method import method
from assessment.reports.pdf.results import results
from assessment.reports.pdf.sections import sections
from assessment.reports.pdf.summary import summary
from assessment.reports.typeset import Style

CHAPTERS = 16  # lines of the contents beside the dimensions, at most
GAP = 16  # points between the two ends of a header

RUNNING = Style(7.6)
LANGUAGES = {"zh-hans": "zh-CN"}


def render(content: Content) -> bytes:
    """The whole report. Raises `fonts.FontsMissing` where `manage.py prepare_fonts` has not run."""
    with translation.override(content.language):
        book = Book(fonts.load(Path(settings.FONT_CACHE)))
        front.cover(book, content)
        contents = front.reserve_contents(book, CHAPTERS + len(content.sections))
        summary(book, content)
        method(book, content)
        results(book, content)
        sections(book, content)
        back.improvements(book, content)
        annex(book, content)
        back.references(book, content)
        back.appendices(book, content)
        front.fill_contents(book, contents)
        _frame(book, content)
        return _bytes(book, content)


def render_comparison(content: Comparison) -> bytes:
    """Two rounds compared. Raises `fonts.FontsMissing` likewise."""
    with translation.override(content.language):
        book = Book(fonts.load(Path(settings.FONT_CACHE)))
        comparison(book, content)
        _frame(book, content)
        return _bytes(book, content)


def _frame(book: Book, content: Said) -> None:
    """Header and footer of every page but the cover, now that the number of pages is known."""
    kept, total = book.pages, len(book.pages)
    state = _("Draft") if content.draft else _("Final")
    running = f"{_title(content)} · {state}"
    for number, page in enumerate(kept, 1):
        if page.bare:
            continue
        book.pages = [page]
        right, head, foot = look.LEFT + look.MEASURE, look.TOP + 20, look.BOTTOM - 24
        room = look.MEASURE - book.setter.width(page.chapter, RUNNING) - GAP
        book.label(look.LEFT, head, book.setter.fitted(running, RUNNING, room), 7.6, "start", look.SMALL.colour, False)
        book.label(right, head, page.chapter, 7.6, "end", look.DEEP, False)
        book.rule(look.LEFT, head - 6, look.MEASURE, look.ACCENT, 0.6)
        book.label(look.LEFT, foot, words.disclaimer(), 7.2, "start", look.SMALL.colour, False)
        page_words = _("Page %(page)s of %(pages)s") % {"page": number, "pages": total}
        book.label(right, foot, page_words, 7.6, "end", look.SMALL.colour, False)
    book.pages = kept


def _title(content: Said) -> str:
    facts = content.cover
    if isinstance(content, Comparison):
        rounds = {"before": content.before.round[:40], "after": content.after.round[:40]}
        return _("%(city)s: rounds %(before)s and %(after)s compared") % {"city": facts.city[:40], **rounds}
    return _("%(city)s: gap report on %(framework)s") % {"city": facts.city[:40], "framework": facts.framework}


def _bytes(book: Book, content: Said) -> bytes:
    clean = book.setter.clean
    return write(
        book,
        title=clean(_title(content), 200),
        author=clean(content.cover.framework, 200),
        subject=clean(words.disclaimer(), 200),
        language=LANGUAGES.get(content.language, content.language),
    )
