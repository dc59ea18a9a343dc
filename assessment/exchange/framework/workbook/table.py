"""A sheet as records under headings: what each cell is asked for, and whether all headings are there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from assessment.exchange.document import join
from assessment.exchange.fields import shown
from assessment.exchange.framework.workbook.book import REFUSED, Book, Place, Sheet
from assessment.exchange.framework.workbook.layout import (
    ROLE,
    Heading,
    Layout,
    heading_of,
    known_choices,
    known_headings,
    plain,
)
from assessment.exchange.framework.workbook.values import READERS, Misread, as_choice, as_cites, as_line

LOOKED_THROUGH = 20
FEWEST_HEADINGS = 2


class Table:
    """`records` of a sheet that fits a layout; what does not fit is noted in the book.

    In a lying sheet rows and columns change places, so that the rest need not know.
    """

    def __init__(self, book: Book, sheet: Sheet, layout: Layout, language: str = "", highest: int = -1):
        """`language`: the framework's own. `highest`: up to which level the rows describe levels."""
        self.book, self.sheet, self.layout = book, sheet, layout
        self.language, self.highest = language, highest
        turned = {(c, r): value for (r, c), value in sheet.cells.items()}
        self.cells = turned if layout.is_lying else sheet.cells
        self.headings: dict[Heading, int] = {}
        self.top = self._heading_row()
        if self.top:
            self._read_headings()
        # Where the values of columns would stand that are not there and have to be.
        self.missing = self._miss_headings() if self.top else set()

    def place(self, row: int, column: int, heading: Heading | None = None) -> Place:
        return Place(self.sheet.title, *((column, row) if self.layout.is_lying else (row, column)), heading)

    @property
    def corner(self) -> Place:
        return self.place(self.top or 1, min(self.headings.values(), default=1))

    @property
    def records(self) -> Iterator["Record"]:
        """The rows below the headings in which something stands."""
        columns = {column: heading for heading, column in self.headings.items()}
        rows: dict[int, dict[Heading, Any]] = {}
        for (row, column), value in sorted(self.cells.items(), key=lambda item: item[0]):
            if row <= self.top or _is_blank(value):
                continue
            if column in columns:
                rows.setdefault(row, {})[columns[column]] = value
            else:
                self._note_stray(row, column, value)
        yield from (Record(self, row, values) for row, values in rows.items())

    def _note_stray(self, row: int, column: int, value: Any) -> None:
        """Nothing stands there by itself; a column with a wrong heading was noted already."""
        if value is not REFUSED and _is_blank(self.cells.get((self.top, column))):
            message = _("this column has no heading; got %(value)s") % {"value": shown(value)}
            self.book.note(self.place(row, column), message)

    def _heading_row(self) -> int:
        counts: dict[int, int] = {}
        for (row, _column), value in self.cells.items():
            if row <= LOOKED_THROUGH and isinstance(value, str) and heading_of(value, self.layout):
                counts[row] = counts.get(row, 0) + 1
        found = [row for row in sorted(counts) if counts[row] >= FEWEST_HEADINGS]
        if not found:
            self.book.is_broken = True
            names = "、".join(_names(self.layout))
            self.book.note(Place(self.sheet.title), _("no headings stand here; expected %(names)s") % {"names": names})
        return found[0] if found else 0

    def _read_headings(self) -> None:
        for (row, column), value in sorted(self.cells.items(), key=lambda item: item[0]):
            if row != self.top or _is_blank(value) or value is REFUSED:
                continue
            heading = heading_of(str(value), self.layout)
            problem = self._why_not(heading, str(value))
            if problem:
                self.book.note(self.place(row, column), problem)
            elif heading:
                self.headings[heading] = column

    def _why_not(self, heading: Heading | None, words: str) -> str:
        known = known_headings(self.layout).get(plain(words))
        if heading is None and known:
            return _("name the language in brackets, such as %(heading)s") % {"heading": f"{words}（{self.language}）"}
        if heading is None:
            values = {"value": shown(words), "names": "、".join(_names(self.layout))}
            return _("no column is called %(value)s; known here: %(names)s") % values
        if heading in self.headings:
            first = self.place(self.top, self.headings[heading]).cell
            return _("the heading %(heading)s stands in %(cell)s already") % {"heading": shown(words), "cell": first}
        if heading.level is not None and heading.level > self.highest:
            return _("the scale ends at level %(level)d") % {"level": self.highest}
        return ""

    def _miss_headings(self) -> set[str]:
        missing = [
            heading for heading in self.own_headings if heading.column.is_needed and heading not in self.headings
        ]
        if missing:
            names = "、".join(map(str, missing))
            self.book.note(self.corner, _("these columns are missing: %(names)s") % {"names": names})
        return {heading.owner for heading in missing}

    @cached_property
    def own_headings(self) -> list[Heading]:
        """Every column in the framework's own language. Of texts none, while that is not known."""
        found = []
        for column in self.layout.columns:
            is_text = column.kind == "text"
            levels: Iterable[int | None] = range(self.highest + 1) if column.is_of_levels else [None]
            if self.language or not is_text:
                found += [Heading(column, self.language if is_text else "", level) for level in levels]
        return found


@dataclass
class Record:
    """One row: its filled cells by heading."""

    table: Table
    row: int
    values: dict[Heading, Any] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Its code's cell, or its first."""
        named = self._heading("code")
        return self.table.place(self.row, self.table.headings[named] if named else min(self.table.headings.values()))

    def has(self, key: str) -> bool:
        return self._heading(key) in self.values

    def line(self, key: str) -> str:
        """The text in this column; nothing where there is none that can be read."""
        heading = self._heading(key)
        value = self.values.get(heading) if heading else None
        try:
            return "" if value is REFUSED else as_line(value) or ""
        except Misread:
            return ""

    def choice(self, key: str) -> str:
        """The choice in this column; nothing, and a problem, where there is none."""
        heading = self._heading(key)
        if heading is None or self.values.get(heading) is REFUSED:
            return ""
        try:
            found = self._read(heading, self.values.get(heading))
        except Misread as error:
            self.table.book.note(self.cell(heading), str(error))
            return ""
        if found is None:
            self.table.book.note(self.cell(heading), _("is missing"))
        return found or ""

    def cell(self, heading: Heading) -> Place:
        """Where the heading's value stands; where there is no such column, the row's own cell."""
        column = self.table.headings.get(heading)
        if column is None:
            return self.place._replace(heading=heading)
        return self.table.place(self.row, column, heading)

    def cell_of(self, key: str) -> Place:
        heading = self._heading(key)
        return self.cell(heading) if heading else self.place

    def _heading(self, key: str) -> Heading | None:
        return next((heading for heading in self.table.headings if heading.column.key == key), None)

    def fill(self, path: str, *, what: str = "") -> dict[str, Any]:
        """The row as a framework file would say it, below this path; where each value stands is told to the book.

        `what`: of which kind the row is.
        """
        book = self.table.book
        book.cells.setdefault(path, self.place)
        self._tell_cells(path)
        book.silent |= {join(path, owner) for owner in self.table.missing}
        levels = [{"level": level} for level in range(self.table.highest + 1)]
        raw: dict[str, Any] = {"levels": levels} if levels else {}
        for heading, value in self.values.items():
            if what and heading.column.of and what not in heading.column.of and value is not REFUSED:
                message = _("is not filled in for a row of this kind; got %(value)s") % {"value": shown(value)}
                book.note(self.cell(heading), message)
            elif heading.column.key != "what":
                self._fill_cell(raw, path, heading, value)
        return raw

    def _tell_cells(self, path: str) -> None:
        """A text as a whole stands in the framework's own language."""
        cells = self.table.book.cells
        for heading in self.table.headings:
            cells[join(path, heading.path)] = self.cell(heading)
            cells.setdefault(join(path, heading.owner), self.cell(heading))
        for heading in self.table.own_headings:
            if heading in self.table.headings or join(path, heading.owner) not in cells:
                cells[join(path, heading.owner)] = self.cell(heading)

    def _fill_cell(self, raw: dict[str, Any], path: str, heading: Heading, value: Any) -> None:
        book, where = self.table.book, join(path, heading.path)
        try:
            found = None if value is REFUSED else self._read(heading, value)
        except Misread as error:
            book.refuse(where, str(error))
            value = REFUSED
        if value is REFUSED:
            book.silent |= {where, join(path, heading.owner)}
        elif found is not None:
            book.written[where] = str(value)
            _put(raw, heading, found)

    def _read(self, heading: Heading, value: Any) -> Any:
        column = heading.column
        if column.kind == "choice":
            return as_choice(value, known_choices(column), list(column.choices.values()))
        if column.kind == "cites":
            return as_cites(value, known_choices(ROLE))
        return READERS[column.kind](value)


def _put(raw: dict[str, Any], heading: Heading, value: Any) -> None:
    key = heading.key
    owner = raw if heading.level is None else raw["levels"][heading.level]
    if key.startswith("levels."):
        owner, key = raw.setdefault("levels", {}), key.removeprefix("levels.")
    if heading.language:
        owner, key = owner.setdefault(key, {}), heading.language
    owner[key] = value


def _names(layout: Layout) -> list[str]:
    """What the columns of a sheet are called on this page."""
    return [
        str(Heading(column, _("language") if column.kind == "text" else "", 0 if column.is_of_levels else None))
        for column in layout.columns
    ]


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
