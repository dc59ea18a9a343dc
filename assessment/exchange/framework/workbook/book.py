"""The workbook as it was sent: plain values by cell, and a document that names what is wrong by sheet and cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import WorkSheetParser

from assessment.exchange.document import Document, FileError, Problem
from assessment.exchange.framework.workbook.layout import Heading
from assessment.exchange.framework.workbook.values import unescape
from assessment.exchange.workbook.unpacking import Unreadable, unpack

# What stands for a cell that was refused already: its value must not be missed on top of that.
REFUSED = object()
MOST_ROWS = 20_000
MOST_COLUMNS = 2_000


class Place(NamedTuple):
    """A cell, and the heading that it stands under; without a sheet the workbook as a whole."""

    sheet: str = ""
    row: int = 1
    column: int = 1
    heading: Heading | None = None

    @property
    def cell(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}" if self.sheet else ""


@dataclass
class Book(Document):
    """A document whose paths stand in cells. Nothing more is noted at a path that is silenced."""

    titles: list[str] = field(default_factory=list)
    cells: dict[str, Place] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    # Something is so wrong that its contents cannot be judged.
    is_broken: bool = False

    def refuse(self, path: str, message: str, line: int | None = None) -> None:
        if path not in self.silent:
            self.note(self.place_of(path), message, path)

    def note(self, place: Place, message: str, path: str = "") -> None:
        what = _("%(name)s: %(value)s") % {"name": place.heading, "value": message} if place.heading else message
        self.problems.append(Problem(self.file, 0, path, what, place.sheet, place.cell))

    def place_of(self, path: str) -> Place:
        """The path's cell, or that of the nearest that it is part of."""
        exact = self.cells.get(path)
        while path and path not in self.cells:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return exact or self.cells.get(path, Place())._replace(heading=None)

    def named(self, path: str) -> str:
        place = self.place_of(path)
        return f"{place.sheet}!{place.cell}"

    def check(self) -> None:
        """In the order of sheets, rows and columns."""
        order = {title: number for number, title in enumerate(self.titles)}
        self.problems.sort(key=lambda p: (order.get(p.sheet, -1), *coordinate_to_tuple(p.cell or "A1")))
        super().check()


@dataclass
class Sheet:
    """`cells`: what is in it, by row and column; strings without the file format's escapes."""

    title: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)


def load(book: Book, data: bytes) -> list[Sheet]:
    """All sheets. Raises FileError for a file that must not be looked into or is none; lesser problems are noted."""
    try:
        merged = unpack(data)
        source = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        book.titles = list(source.sheetnames)
        sheets = [_sheet(book, sheet, merged.get(sheet._worksheet_path, [])) for sheet in source.worksheets]
    except Unreadable as error:
        raise FileError([Problem(book.file, 0, "", str(error))]) from error
    except MemoryError:
        raise
    except Exception as error:  # a broken part makes openpyxl raise whatever comes to it
        message = _("The file is no .xlsx workbook, or it is damaged.")
        raise FileError([Problem(book.file, 0, "", message)]) from error
    for title in set(book.titles) - {sheet.title for sheet in sheets}:
        book.note(Place(title), _("this is no sheet of cells; delete it"))
    return sheets


def _sheet(book: Book, source, merged: list[str]) -> Sheet:
    sheet = Sheet(source.title)
    for ref in merged:
        left, top, _right, _bottom = range_boundaries(ref)
        book.note(
            Place(sheet.title, top or 1, left or 1), _("cells are merged here (%(cells)s); undo that") % {"cells": ref}
        )
    for row, column, kind, value in _cells(source):
        place = Place(sheet.title, row, column)
        if row > MOST_ROWS or column > MOST_COLUMNS:
            most = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
            book.note(place, _("a sheet has at most %(rows)d rows and %(columns)d columns") % most)
            break
        if kind == "f":
            book.note(place, _("contains a formula; write its result instead"))
        elif kind == "e":
            book.note(place, _("contains an error value of the spreadsheet"))
        sheet.cells[row, column] = unescape(value) if kind == "s" else REFUSED if kind in ("f", "e") else value
    return sheet


def _cells(source) -> Iterator[tuple[int, int, str, Any]]:
    """Only the cells that hold something, however far apart they are; the size that a sheet claims is not believed."""
    with source._get_source() as part:
        parser = WorkSheetParser(
            part,
            source._shared_strings,
            epoch=source.parent.epoch,
            date_formats=source.parent._date_formats,
            timedelta_formats=source.parent._timedelta_formats,
        )
        for _row, cells in parser.parse():
            for cell in cells:
                if cell["value"] is not None:
                    yield cell["row"], cell["column"], cell["data_type"], cell["value"]
