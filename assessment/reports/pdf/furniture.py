"""Open this for what a report bears beside its content: marks of who made it, lines that officials ask for, a watermark."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.design import Design, Mark
from assessment.reports import words
from assessment.reports.pdf import look, tags
from assessment.reports.pdf.book import Book, Page
from assessment.reports.pdf.table import PAD_X, Table
from assessment.reports.typeset import Paragraph, Run, Style, styled

LOGO = (150.0, 46.0)  # the largest a logo may be, in points
HEAD = look.HEIGHT - 22 * look.MM
FOOT = 30 * look.MM
APART = 10  # points between the facts and the table of approval
PALE = "0.93 0.945 0.955"  # so pale that what is printed over it stays legible without transparency


class Dressed(Protocol):
    """Whatever says how it looks."""

    @property
    def design(self) -> Design: ...


def head(book: Book, content: Dressed) -> None:
    """At the cover's head: how confidential it is, its number, and the city's mark."""
    design, y = content.design, HEAD
    for text, style in (
        (design.classification, styled(12, 700, look.BODY.colour)),
        (_("No. %(number)s") % {"number": design.document_number} if design.document_number else "", look.CELL),
    ):
        if text:
            laid = _in_lines(book, text, style, look.MEASURE - 90, 26)
            book.put(laid, look.LEFT, y)
            y -= laid.height + 2
    _mark(book, design.city, look.HEIGHT - 44 * look.MM)


def foot(book: Book, content: Dressed) -> None:
    """At the cover's foot: who prepared it."""
    mark = content.design.consultant
    if mark.organisation or mark.logo:
        _mark(book, mark, FOOT + LOGO[1] / 2, _("Prepared by"))


def letterhead(book: Book, design: Design, size: float) -> float:
    """At the head of what has no cover: the official lines and both marks side by side; gives the height they take."""
    small, bold = styled(0.9 * size, 400, look.SMALL.colour), styled(size, 700, look.DEEP)
    city, by = design.city, design.consultant
    number = _("No. %(number)s") % {"number": design.document_number} if design.document_number else ""
    official = [(design.classification, styled(size, 700, look.BODY.colour)), (number, small)]
    prepared = [(_("Prepared by") if by.organisation else "", small), (by.organisation, bold)]
    cells = [(Mark(), official), (city, [(city.organisation, bold)]), (by, prepared)]
    shown = [(mark, lines) for mark, lines in cells if mark.logo or any(text for text, _style in lines)]
    x, height = book.sheet.left, 5.8 * size
    for mark, lines in shown:
        width = book.sheet.measure * (0.26 if lines is official else 0.37)
        _cell(book, mark, lines, (x, book.sheet.height - 0.54 * height, width - size))
        x += width
    return height if shown else 0


def _cell(book: Book, mark: Mark, lines: Sequence[tuple[str, Style]], place: tuple[float, float, float]) -> None:
    """A logo and lines of text beside it, in the middle of a height."""
    x, middle, width = place
    size = lines[-1][1].size
    if mark.logo:
        taken = book.image(mark.logo, x, middle + 1.5 * size, (7 * size, 3 * size), _logo_of(mark)) + size / 2
        x, width = x + taken, width - taken
    short = [(book.setter.shortened(text, style, width, 2), style) for text, style in lines if text]
    runs = [Run(f"\n{text}" if number else text, style) for number, (text, style) in enumerate(short)]
    laid = book.lay(runs, width, 1.5 * size, align="left")
    if runs:
        book.put(laid, x, middle + laid.height / 2)


def _logo_of(mark: Mark) -> str:
    return _("Logo of %(organisation)s") % {"organisation": mark.organisation} if mark.organisation else _("Logo")


def _mark(book: Book, mark: Mark, top: float, before: str = "") -> None:
    x = look.LEFT
    if mark.logo:
        x += book.image(mark.logo, x, top, LOGO, _logo_of(mark)) + 12
    text = "　".join(filter(None, (before if mark.organisation else "", mark.organisation)))
    if text:
        laid = _in_lines(book, text, styled(12, 700, look.DEEP), look.LEFT + look.MEASURE - x, LOGO[1])
        book.put(laid, x, top - LOGO[1] / 2 + laid.height / 2)


def _in_lines(book: Book, text: str, style: Style, width: float, tallest: float) -> Paragraph:
    """A text in lines no taller than `tallest` together, in smaller type if it is long, cut if it is longer still."""
    for size in (style.size, 0.88 * style.size, 0.75 * style.size):
        small = replace(style, size=size)
        short = book.setter.shortened(text, small, width, int(tallest / (1.3 * size)))
        if short == text:
            break
    return book.lay(Run(short, small), width, 1.3 * size, align="left")


def approvals(book: Book, content: Dressed, room: float) -> None:
    """Who prepared, checked and approved it, no taller than `room`; what is empty is signed by hand."""
    if not content.design.approvals:
        return
    for lines in (2, 1):
        table = _approvals(book, content.design, lines)
        if table.height + APART <= room:
            break
    book.y -= APART
    table.draw()


def _approvals(book: Book, design: Design, lines: int) -> Table:
    widths = [0.3 * look.MEASURE, 0.46 * look.MEASURE, 0.24 * look.MEASURE]
    table = Table(book, widths, leading=11)
    table.head([_("Step"), pgettext("of a person", "Name"), _("Day")])
    for row in design.approvals:
        given = zip((row.role, row.name, words.day(row.on)), widths, strict=True)
        short = [book.setter.shortened(text, look.CELL, width - 2 * PAD_X, lines) for text, width in given]
        table.add([text or " " for text in short], "lll")
    return table


def watermark(book: Book, page: Page) -> None:
    """The word for a draft, slanted over the middle of a page, behind what stands there."""
    kept, page.code = page.code, []
    with book.artifact(tags.LAYOUT):
        book.slanted(_("Draft"), 110, PALE)
    page.code += kept
