"""Open this for how a sheet of the report's workbook looks and fills: texts that stay texts, numbers as they are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assessment.reports.charts.shapes import BAND, GREY, INK, LINE
from assessment.reports.plain import readable

FONT = "微软雅黑"
A4, POINTS_A_LINE = 9, 14.5
LOOSE = 1.1  # what lines lose to words that do not break
LONGEST = 32_000  # signs that a cell holds
MANY = 20  # columns: a matrix, most of whose cells are empty
TALLEST = 400  # points that a row may be
DANGEROUS = ("=", "+", "-", "@", "'", "\t", "\r")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
WIDE = re.compile("[\u2e81-\U0010ffff]+")  # signs that take the room of two
POINTS, GAIN, SHARE, WHOLE = "0.0", "+0.0;−0.0;0.0", "0.0%", "0"

Value = str | int | float | date | None


class Given(NamedTuple):
    """What a cell holds beside a plain text: `number` is its format, `href` a checked address."""

    value: Value
    number: str = ""
    bold: bool = False
    colour: str = ""
    href: str = ""


@dataclass(frozen=True)
class Column:
    heading: str
    width: float
    centred: bool = False


@dataclass
class Looks:
    """The fonts and fills of one workbook, in its pair of colours."""

    deep: str
    accent: str
    styles: dict[tuple[object, ...], StyleArray] = field(default_factory=dict, compare=False)

    @cached_property
    def title(self) -> Font:
        return Font(name=FONT, size=16, bold=True, color=self.deep.lstrip("#"))

    @cached_property
    def heading(self) -> Font:
        return Font(name=FONT, size=12, bold=True, color=self.deep.lstrip("#"))

    @cached_property
    def head_fill(self) -> PatternFill:
        return PatternFill("solid", fgColor=self.deep.lstrip("#"))


PLAIN, HEAD = Font(name=FONT, size=10, color=INK[1:]), Font(name=FONT, size=10, bold=True, color="FFFFFF")
NOTE = Font(name=FONT, size=9, color=GREY[1:])
SHADE = PatternFill("solid", fgColor=BAND[1:])
THIN = Border(bottom=Side("thin", color=LINE[1:]))
TOP_LEFT = Alignment(horizontal="left", vertical="top", wrap_text=True)
CENTRED = Alignment(horizontal="center", vertical="top", wrap_text=True)
IN_LINE = Alignment(vertical="center")
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


@cache
def font(bold: bool, colour: str) -> Font:
    return Font(name=FONT, size=10, bold=bold, color=(colour or INK).lstrip("#"))


@dataclass
class Way:
    """How a cell looks, beside its number's format."""

    alignment: Alignment = TOP_LEFT
    font: Font = PLAIN
    fill: PatternFill | None = None
    border: Border | None = None

    @cached_property
    def key(self) -> tuple[int, ...]:
        """Equal for ways made of the same things: far cheaper than to compare them."""
        return id(self.alignment), id(self.font), id(self.fill), id(self.border)


def writable(text: str) -> str:
    """As a cell can hold it, and shows it again: without controls, its own `_x0041_` not taken for an A."""
    return ESCAPED.sub("_x005F_", readable(text.replace("\r\n", "\n")))[:LONGEST]


def put(cell: Cell, given: Given | Value, way: Way, looks: Looks) -> None:
    """A text is never a formula, whatever it begins with; a number is whole, and its format rounds it."""
    given = given if isinstance(given, Given) else Given(given)
    value, number, is_risky = given.value, "", False
    if isinstance(value, str):
        if text := writable(value):
            cell._value, cell.data_type = text, "s"  # given to the library, it would be searched for a formula
            is_risky = text.startswith(DANGEROUS)
    elif value is not None:
        cell.value = value
        number = given.number or ("yyyy-mm-dd" if isinstance(value, date) else WHOLE)
    if given.href:
        cell.hyperlink = given.href
    look = font(given.bold, given.colour or (looks.accent if given.href else "")) if way.font is PLAIN else way.font
    key = way.key, id(look), number, is_risky
    if style := looks.styles.get(key):
        cell._style = style
    else:
        _styled(cell, way, look, number, is_risky)
        looks.styles[key] = cell._style


def _styled(cell: Cell, way: Way, look: Font, number: str, is_risky: bool) -> None:
    cell.font, cell.alignment, cell.number_format = look, way.alignment, number or "General"
    cell.quotePrefix = is_risky
    if way.fill:
        cell.fill = way.fill
    if way.border:
        cell.border = way.border


def table(
    sheet: Worksheet, top: int, columns: Sequence[Column], rows: Iterable[Sequence[Given | Value]], looks: Looks
) -> int:
    """Heads in row `top`, rows below; gives the row after them."""
    head = Way(MIDDLE, HEAD, looks.head_fill)
    for number, column in enumerate(columns, 1):
        put(sheet.cell(top, number), column.heading, head, looks)
    sheet.row_dimensions[top].height = 24 if len(columns) < MANY else 90
    ways = [Way(CENTRED if column.centred else TOP_LEFT, border=THIN) for column in columns]
    at = top + 1
    for row in rows:
        for number, (given, way) in enumerate(zip(row, ways, strict=True), 1):
            if given != "" or len(columns) < MANY:
                put(sheet.cell(at, number), given, way, looks)
        sheet.row_dimensions[at].height = height(row, columns)
        at += 1
    if len(columns) >= MANY and at > top + 1:  # a line below every cell, those too that are not written
        cells = f"A{top + 1}:{get_column_letter(len(columns))}{at - 1}"
        sheet.conditional_formatting.add(cells, FormulaRule(formula=["TRUE"], border=THIN))
    return at


def height(row: Sequence[Given | Value], columns: Sequence[Column]) -> float:
    """Of a row whose texts are broken into lines: what the tallest takes."""
    looked_at = columns if len(columns) < MANY else columns[:2]
    lines = max(_lines(given, column.width) for given, column in zip(row, looked_at, strict=False))
    return min(TALLEST, 5 + POINTS_A_LINE * lines)


def _lines(given: Given | Value, width: float) -> int:
    value = given.value if isinstance(given, Given) else given
    if not isinstance(value, str) or (len(value) * 2 < width and "\n" not in value):
        return 1
    room = max(width - 1.5, 2)
    wide = (2 * len(line) - len(WIDE.sub("", line)) for line in value[:3000].split("\n"))
    return sum(max(1, int(-(-LOOSE * signs // room))) for signs in wide)


def listed(
    sheet: Worksheet,
    title: str,
    note: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Given | Value]],
    looks: Looks,
) -> None:
    """A sheet that is one table: heads stay in sight, can be filtered, and stand on each printed page."""
    put(sheet.cell(1, 1), title, Way(IN_LINE, looks.title), looks)
    put(sheet.cell(2, 1), note, Way(IN_LINE, NOTE), looks)
    sheet.row_dimensions[1].height = 28
    end = table(sheet, 3, columns, rows, looks)
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "C4"
    sheet.auto_filter.ref = f"A3:{get_column_letter(len(columns))}{max(end - 1, 3)}"
    sheet.print_title_rows = "3:3"
    printed(sheet)


def printed(sheet: Worksheet) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.oddFooter.center.text = "&P / &N"
