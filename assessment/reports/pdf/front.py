"""Open this for the report's first pages: cover and contents."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Protocol

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.content.facts import Cover
from assessment.reports.pdf import furniture, look, tags
from assessment.reports.pdf.book import Book, Entry, Page
from assessment.reports.pdf.table import PAD_X, Table
from assessment.reports.pdf.tags import Element
from assessment.reports.typeset import Paragraph, Run, styled

CONTENTS_LINES = 32  # of a page; a few more are set closer
LINE = {1: 25.0, 2: 19.5}  # points, by level
LONGEST_NAME = 240
NAMES = ((20.0, 3), (17.0, 3), (14.0, 3), (11.0, 99))  # of a framework: its type, and of how many lines at most
CITIES = ((30.0, 1), (26.0, 1), (22.0, 1), (20.0, 2), (17.0, 3), (14.0, 4), (11.0, 99))
VALUES = (99, 3, 2, 1)  # lines of what the report is about


class Covered(furniture.Dressed, Protocol):
    """Whatever a cover can be made of."""

    @property
    def cover(self) -> Cover: ...

    @property
    def draft(self) -> bool: ...


def cover(book: Book, content: Covered, title: str, rows: Sequence[tuple[str, str]]) -> None:
    """`title` says what it is, `rows` what it is about: name and value of each."""
    book.new_page(bare=True)
    book.tags.section(1)
    facts = content.cover
    book.fill(0, look.HEIGHT, look.WIDTH, 8 * look.MM, look.DEEP)
    book.fill(0, look.HEIGHT - 8 * look.MM, look.WIDTH, 1.2 * look.MM, look.ACCENT)
    furniture.head(book, content)
    _state_mark(book, content)
    city, heading = _heading(book, facts.city, CITIES), _heading(book, facts.framework, NAMES)
    middle = min(look.HEIGHT * 0.64, furniture.UNDER - 15 - city.height - heading.height)
    book.put(city, look.LEFT, middle + 11 + heading.height + city.height)
    book.put(heading, look.LEFT, middle + heading.height)
    _line(book, title, 20, 400, look.ACCENT, middle - 6)
    book.rule(look.LEFT, middle - 42, 60, look.ACCENT, 2)
    book.y, foot = middle - 66, 62 * look.MM / 2 + 40
    _facts(book, rows, book.y - foot - 18 - furniture.approvals_room(book, content)).draw()
    furniture.approvals(book, content, book.y - foot - 18)
    book.y = foot
    book.rule(look.LEFT, book.y + 16, look.MEASURE, look.ACCENT, 0.8)
    _line(book, words.disclaimer(), 11, 700, look.DEEP, book.y)
    furniture.foot(book, content)
    book.chapter = ""


def _facts(book: Book, rows: Sequence[tuple[str, str]], room: float) -> Table:
    """What the report is about, no taller than `room`; a value is cut only where they all have no room else."""
    widths, style = [92, look.MEASURE - 92], styled(9.5)
    for lines in VALUES:
        table = Table(book, widths)
        for name, value in rows:
            short = book.setter.shortened(value, style, widths[1] - 2 * PAD_X, lines)
            table.add([Run(name, styled(9.5, 400, look.CELL_GREY.colour)), Run(short, style)])
        if table.height <= room:
            break
    return table


def _state_mark(book: Book, content: Covered) -> None:
    word = _("Draft") if content.draft else _("Final")
    style = styled(11, 700, look.DEEP)
    width = book.setter.width(word, style) + 20
    x, y = look.WIDTH - look.LEFT - width, look.HEIGHT - 34 * look.MM
    book.emit(f"{book.tint(look.DEEP)} RG 1 w [] 0 d {x:.2f} {y:.2f} {width:.2f} 22 re S")
    book.label(x + width / 2, y + 7, word, 11, "middle", look.DEEP, bold=True)


def _heading(book: Book, text: str, sizes: Sequence[tuple[float, int]]) -> Paragraph:
    """In the largest type of which no more lines are needed than `sizes` allow."""
    text = book.setter.clean(text, LONGEST_NAME).replace("\n", " ")
    for size, lines in sizes:
        paragraph = book.lay(Run(text, styled(size, 700, look.DEEP)), look.MEASURE, size * 1.3, align="left")
        if len(paragraph.lines) <= lines:
            break
    return paragraph


def _line(book: Book, text: str, size: float, weight: int, colour: str, top: float) -> None:
    """One line, in smaller type if the measure asks for it."""
    style = styled(size, weight, colour)
    text = book.setter.clean(text, 80).replace("\n", " ")
    fit = min(1, look.MEASURE / max(book.setter.width(text, style), 1))
    style = styled(round(size * fit, 2), weight, colour)
    book.put(book.lay(Run(text, style), look.MEASURE + 20, size * 1.3, align="left"), look.LEFT, top)


# Contents: its pages are kept free, and filled when all page numbers are known


@dataclass(frozen=True)
class Contents:
    """Where they go: their pages, and their place among what the report consists of."""

    pages: Sequence[Page]
    element: Element


def reserve_contents(book: Book, lines: int) -> Contents:
    book.chapter = _("Contents")
    book.tags.section(1)
    pages = [book.new_page() for _page in range(-(-lines // CONTENTS_LINES))]
    return Contents(pages, book.tags.here)


def fill_contents(book: Book, contents: Contents) -> None:
    entries = [entry for entry in book.entries if entry.level <= 2]
    with book.tags.inside(contents.element):
        book.turn_to(contents.pages[0])
        with book.tag("H1"):
            _title(book, _("Contents"))
        with book.tag("TOC"):
            some_each = max(1, -(-len(entries) // len(contents.pages)))
            for some, page in zip(batched(entries, some_each, strict=False), contents.pages, strict=True):
                book.turn_to(page)
                book.y -= look.HEADINGS[1][1] + 20
                closer = min(1.0, book.left / sum(LINE[entry.level] for entry in some))
                for entry in some:
                    _contents_line(book, entry, LINE[entry.level] * closer)
    for page in contents.pages[1:]:
        book.turn_to(page)
        with book.artifact(tags.AGAIN):
            _title(book, _("Contents"))


def _title(book: Book, title: str) -> None:
    style, leading = look.HEADINGS[1]
    book.put(book.lay(Run(title, style), look.MEASURE, leading, align="left"), look.LEFT, book.y)
    book.rule(look.LEFT, book.y - leading - 1, 28, look.ACCENT, 1.6)


def _contents_line(book: Book, entry: Entry, leading: float) -> None:
    top = entry.level == 1
    size = 10.5 if top else 9.5
    style = styled(size, 700 if top else 400, look.DEEP if top else look.BODY.colour)
    x = look.LEFT + (0 if top else 16)
    shown = book.setter.fitted(entry.title, style, look.MEASURE - 60)
    right, base = look.LEFT + look.MEASURE, book.y - (leading + size * 0.74) / 2
    with book.tag("TOCI"), book.tag("Reference"), book.tag("Link"):
        book.label(x, base, shown, size, "start", style.colour, top)
        book.label(right, base, str(entry.page), size, "end", style.colour, top)
        book.link(entry.key, look.LEFT, book.y - leading, right, book.y, entry.title)
    start = x + book.setter.width(shown, style) + 8
    dots = f"{look.CELL_GREY.colour} RG 0.6 w 1 J [0 3.2] 0 d"
    book.emit(f"{dots} {start:.2f} {base + 1:.2f} m {right - 22:.2f} {base + 1:.2f} l S 0 J")
    book.y -= leading
