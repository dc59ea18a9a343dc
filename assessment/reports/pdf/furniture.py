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
UNDER = look.HEIGHT - 44 * look.MM - LOGO[1]  # of the cover: where what stands at its head ends
FOOT = 30 * look.MM
APART = 10  # points between the facts and the table of approval
# A letterhead in its type's size: its height, the air that texts leave above and below, and how tall they may be; then
# their type where they are long, and the leading of each in em; and the lines that a cell may have.
LETTERHEAD, ABOVE, BELOW, WITHIN = 5.8, 1.4, 0.6, 4.6
SMALLER, MOST = ((1.0, 1.5), (0.9, 1.3), (0.8, 1.3)), 8
PALE = "0.93 0.945 0.955"  # so pale that what is printed over it stays legible without transparency


class Dressed(Protocol):
    """Whatever says how it looks."""

    @property
    def design(self) -> Design: ...


def head(book: Book, content: Dressed) -> None:
    """At the cover's head, above `UNDER`: how confidential it is, its number, and the city's mark."""
    design, y = content.design, HEAD
    for text, style in (
        (design.classification, styled(12, 700, look.BODY.colour)),
        (_("No. %(number)s") % {"number": design.document_number} if design.document_number else "", look.CELL),
    ):
        if text:
            laid = _in_lines(book, text, style, look.MEASURE - 90, 26)
            book.put(laid, look.LEFT, y)
            y -= laid.height + 2
    _mark(book, design.city, UNDER + LOGO[1])


def foot(book: Book, content: Dressed) -> None:
    """At the cover's foot: who prepared it."""
    mark = content.design.consultant
    if mark.organisation or mark.logo:
        _mark(book, mark, FOOT + LOGO[1] / 2, _("Prepared by"))


def letterhead(book: Book, design: Design, size: float) -> float:
    """At the head of what has no cover: the official lines and both marks side by side; gives the height they take.

    Long texts are set smaller than `size`; where they still need more lines it is taller, and what no lines hold is cut.
    """
    small, bold = styled(0.9 * size, 400, look.SMALL.colour), styled(size, 700, look.DEEP)
    city, by = design.city, design.consultant
    number = _("No. %(number)s") % {"number": design.document_number} if design.document_number else ""
    official = [(design.classification, styled(size, 700, look.BODY.colour)), (number, small)]
    prepared = [(_("Prepared by") if by.organisation else "", small), (by.organisation, bold)]
    cells = [(Mark(), official), (city, [(city.organisation, bold)]), (by, prepared)]
    shown = [(mark, lines) for mark, lines in cells if mark.logo or any(text for text, _style in lines)]
    widths = [book.sheet.measure * (0.26 if lines is official else 0.37) for _mark, lines in shown]
    laid = [_beside(book, mark, lines, width - size, size) for (mark, lines), width in zip(shown, widths, strict=True)]
    tallest = max((text.height for text in laid), default=0)
    middle = book.sheet.height - max(0.54 * LETTERHEAD * size, ABOVE * size + tallest / 2)
    x = book.sheet.left
    for (mark, _lines), width, text in zip(shown, widths, laid, strict=True):
        _cell(book, mark, text, (x, middle, size))
        x += width
    return max(LETTERHEAD * size, (ABOVE + BELOW) * size + tallest) if shown else 0


def _beside(book: Book, mark: Mark, lines: Sequence[tuple[str, Style]], width: float, size: float) -> Paragraph:
    """What a cell says beside its logo, in the largest type of which few lines hold it."""
    width -= book.image_size(mark.logo, _most(size))[0] + size / 2 if mark.logo else 0
    for share, leading in SMALLER:
        given = [(text, styled(share * style.size, style.weight, style.colour)) for text, style in lines if text]
        laid = book.lay(_within(book, given, width), width, leading * share * lines[-1][1].size, align="left")
        if laid.height <= WITHIN * size:
            break
    return laid


def _within(book: Book, given: Sequence[tuple[str, Style]], width: float) -> list[Run]:
    """Texts below one another, in as many lines as a cell may have; each has one at least."""
    runs: list[Run] = []
    left = MOST
    for number, (text, style) in enumerate(given):
        short = book.setter.shortened(text, style, width, left - len(given[number + 1 :]))
        left -= len(book.lay(Run(short, style), width, style.size, align="left").lines)
        runs.append(Run(f"\n{short}" if number else short, style))
    return runs


def _most(size: float) -> tuple[float, float]:
    """The largest that a logo may be in a letterhead."""
    return 7 * size, 3 * size


def _cell(book: Book, mark: Mark, text: Paragraph, place: tuple[float, float, float]) -> None:
    """A logo and what stands beside it, in the middle of a height."""
    x, middle, size = place
    if mark.logo:
        x += book.image(mark.logo, x, middle + 1.5 * size, _most(size), _logo_of(mark)) + size / 2
    if text.text:
        book.put(text, x, middle + text.height / 2)


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


def approvals_room(book: Book, content: Dressed) -> float:
    """What the table of approval takes at least, in points."""
    return _approvals(book, content.design, 1).height + APART if content.design.approvals else 0


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
