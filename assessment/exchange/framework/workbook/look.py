"""How a sheet of the workbook looks, and how a value gets into a cell: never as a formula, never cut off."""

from collections.abc import Mapping
from copy import copy
from io import BytesIO
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter

from assessment.exchange.document import UNPRINTABLE, Problem
from assessment.exchange.framework.workbook.layout import Heading, Layout
from assessment.exchange.framework.workbook.values import escape
from assessment.exchange.workbook.cells import (
    A4,
    BOLD,
    CENTRE,
    DANGEROUS,
    FONT,
    GROUND,
    HEADING,
    LINE,
    NAVY,
    PLAIN,
    POINTS_A_LINE,
    TOP_LEFT,
    lines_of,
)
from assessment.undated import NO_DAY, Undated

LONGEST_CELL = 32_767
LONGEST_LIST = 250  # Excel takes 255 characters of choices
SPARE_ROWS = 300
LOWEST_ROW, HIGHEST_ROW = 22, 400
LIGHTEST, DARKEST = (0xDD, 0xEE, 0xF0), (0x0F, 0x4C, 0x54)
EDGES = Border(*(Side(style="thin", color=LINE) for _side in range(4)))
FONTS = {
    "plain": PLAIN,
    "bold": BOLD,
    "heading": HEADING,
    "dark heading": Font(name=FONT, size=10, bold=True, color=NAVY),
    "above": Font(name=FONT, size=11, bold=True, color=NAVY),
}
MIDDLE = Alignment(vertical="center")
AS_TEXT, AS_NUMBER = "@", "General"
NUMBERS = ("number", "whole")


class Dress(NamedTuple):
    """How a cell looks."""

    font: str = "plain"
    fill: str = ""
    alignment: Alignment = TOP_LEFT
    number_format: str = AS_TEXT
    has_edges: bool = True
    is_quoted: bool = False


class Grid:
    """A sheet being written: its headings, then record after record. A lying one grows to the right."""

    def __init__(self, sheet, layout: Layout, headings: list[Heading], file: str, problems: list[Problem]):
        self.sheet, self.layout, self.headings = sheet, layout, headings
        self.file, self.problems = file, problems
        self.language = next((heading.language for heading in headings if heading.language), "")
        self.row = 0
        # Making a style is costly, copying one is not.
        self.styles: dict[tuple, Any] = {}

    def group(self, groups: dict[int, str]) -> None:
        """A line of words over the columns that they are about; they run on over the empty cells beside them."""
        self.row += 1
        for position, words in groups.items():
            self.put(position, words[:200], Dress("above", alignment=MIDDLE, has_edges=False))

    def head(self, highest: int = 1) -> None:
        self.row += 1
        for position, heading in enumerate(self.headings, start=1):
            level = heading.level
            font = "dark heading" if level is not None and 2 * level < highest else "heading"
            fill = NAVY if level is None else _shade(level / highest)
            self.put(position, str(heading), Dress(font, fill, TOP_LEFT if self.layout.is_lying else CENTRE))
        self._size()
        self._set_up_print()

    def add(self, values: dict[Heading, Any], *, what: str = "") -> None:
        """A record's numbers and texts by heading. `what`: of which kind its row is; the first kind stands out."""
        self.row += 1
        kinds = next((heading.column.choices for heading in self.headings if heading.column.key == "what"), {})
        is_strong = what != "" and what == next(iter(kinds))
        for position, heading in enumerate(self.headings, start=1):
            column, value = heading.column, values.get(heading)
            is_grey = is_strong or (what and column.of and what not in column.of)
            dress = Dress(
                font="bold" if is_strong or column.key in ("code", "title") else "plain",
                fill=GROUND if is_grey else "",
                number_format=AS_NUMBER if column.kind in NUMBERS else AS_TEXT,
            )
            self._grow(self.put(position, value, dress), str(value or ""), heading)

    def put(self, position: int, value: Any, dress: Dress):
        """A number as a number, a text as a text, whatever it begins with."""
        cell = self.sheet.cell(*((position, self.row) if self.layout.is_lying else (self.row, position)))
        if not isinstance(value, str):
            cell.value = value
        elif len(value.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_CELL:
            most = {"most": LONGEST_CELL}
            self._note(cell, _("the text is longer than the %(most)d characters that a cell holds") % most)
        elif UNPRINTABLE.search(value):
            self._note(cell, _("contains control characters"))
        elif value:
            cell.value = escape(value)
            cell.data_type = "s"
            dress = dress._replace(is_quoted=value.startswith(DANGEROUS))
        self._dress(cell, dress)
        return cell

    def _note(self, cell, message: str) -> None:
        self.problems.append(Problem(self.file, 0, "", message, self.sheet.title, cell.coordinate))

    def _dress(self, cell, dress: Dress) -> None:
        key = (dress.font, dress.fill, id(dress.alignment), *dress[3:])
        if key not in self.styles:
            cell.font, cell.alignment, cell.number_format = FONTS[dress.font], dress.alignment, dress.number_format
            cell.quotePrefix = dress.is_quoted
            if dress.has_edges:
                cell.border = EDGES
            if dress.fill:
                cell.fill = PatternFill("solid", fgColor=dress.fill)
            self.styles[key] = copy(cell._style)
        cell._style = copy(self.styles[key])

    def _grow(self, cell, text: str, heading: Heading) -> None:
        """The row becomes high enough for the text."""
        width = self.layout.widths[min(self.row, len(self.layout.widths)) - 1] if self.layout.is_lying else 0
        row = self.sheet.row_dimensions[cell.row]
        height = 6 + POINTS_A_LINE * lines_of(text, width or heading.column.width)
        row.height = min(HIGHEST_ROW, max(LOWEST_ROW, row.height or 0, height))

    # What belongs to the sheet as a whole

    def _size(self) -> None:
        """Widths, and what stays in sight; what is typed into empty cells later is a text as well."""
        if self.layout.is_lying:
            self.sheet.freeze_panes = "B1"
            for position, width in enumerate(self.layout.widths, start=1):
                self._column(position, width)
            return
        for position, heading in enumerate(self.headings, start=1):
            is_number = heading.column.kind in NUMBERS
            column = self._column(position, heading.column.width, AS_NUMBER if is_number else AS_TEXT)
            if heading.language not in ("", self.language):  # translations fold away with one click
                column.outlineLevel = self.sheet.column_dimensions.max_outline = 1
        kept = [n for n, heading in enumerate(self.headings, start=1) if heading.column.key in ("what", "code")]
        self.sheet.row_dimensions[self.row].height = 36
        self.sheet.freeze_panes = self.sheet.cell(self.row + 1, max(kept, default=1) + 1)

    def _column(self, position: int, width: int, number_format: str = AS_TEXT):
        column = self.sheet.column_dimensions[get_column_letter(position)]
        column.width, column.number_format = width, number_format
        column.font, column.alignment = PLAIN, TOP_LEFT
        return column

    def offer_choices(self, more: Mapping[str, list[str]] | None = None) -> None:
        """Lists to choose from, `more` by the column's key; rows to come have them too."""
        for position, heading in enumerate(self.headings, start=1):
            column, letter = heading.column, get_column_letter(position)
            choices = (more or {}).get(column.key) or [str(label) for label in column.choices.values()]
            formula = f'"{",".join(choices)}"'
            is_writable = len(formula) <= LONGEST_LIST and not any(set(choice) & set('",') for choice in choices)
            if choices and is_writable:
                offer = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
                offer.error = _("Choose from the list.")
                offer.add(f"{letter}{self.row + 1}:{letter}{self.row + SPARE_ROWS}")
                self.sheet.add_data_validation(offer)

    def _set_up_print(self) -> None:
        self.sheet.page_setup.orientation, self.sheet.page_setup.paperSize = "landscape", A4
        self.sheet.page_setup.scale = 55
        if not self.layout.is_lying:
            self.sheet.print_title_rows = f"{self.row}:{self.row}"
        self.sheet.oddHeader.left.text = f"{self.file} {self.sheet.title}".replace("&", "&&")
        self.sheet.oddFooter.right.text = "&P / &N"


def _shade(share: float) -> str:
    """From light to dark teal.

    >>> _shade(0), _shade(1)
    ('DDEEF0', '0F4C54')
    """
    return "".join(f"{round(low + (high - low) * share):02X}" for low, high in zip(LIGHTEST, DARKEST, strict=True))


def packed(book: Workbook) -> bytes:
    """The file, with nothing in it that tells when it was made."""
    book.properties.created = NO_DAY
    out = BytesIO()
    ExcelWriter(book, Undated(out)).save()
    return out.getvalue()
