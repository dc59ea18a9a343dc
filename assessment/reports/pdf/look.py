"""Open this for the report's measures, colours and type: A4, 20 mm margins, navy and teal, amber and red for gaps."""

from dataclasses import dataclass
from functools import lru_cache

from assessment.reports.charts.painting import operand
from assessment.reports.charts.shapes import AMBER, BAND, GREY, INK, LINE, NAVY, RED, TEAL
from assessment.reports.typeset import Run, Style

MM = 72 / 25.4


@dataclass(frozen=True)
class Sheet:
    """A page's size and the field that text fills, in points: `top` and `bottom` are heights above the lower edge."""

    width: float
    height: float
    left: float
    top: float
    bottom: float

    @property
    def measure(self) -> float:
        return self.width - 2 * self.left

    @property
    def room(self) -> float:
        return self.top - self.bottom


A4 = Sheet(210 * MM, 297 * MM, 20 * MM, 272 * MM, 22 * MM)
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = A4.width, A4.height, A4.left, A4.top, A4.bottom
MEASURE, ROOM = A4.measure, A4.room

BODY, LEADING = Style(9.5, 400, operand(INK)), 16.0
CELL, CELL_LEADING = Style(8.2, 400, operand(INK)), 12.4
CELL_BOLD = Style(8.2, 700, operand(INK))
CELL_NAVY = Style(8.2, 700, operand(NAVY))
CELL_GREY = Style(8.2, 400, operand(GREY))
CELL_LINK = Style(8.2, 400, operand(TEAL))
WIDE, WIDE_LEADING = Style(9.2, 400, operand(INK)), 15.0
WIDE_NAVY, WIDE_GREY = Style(9.2, 700, operand(NAVY)), Style(9.2, 400, operand(GREY))
SMALL = Style(7.4, 400, operand(GREY))
SMALL_BOLD = Style(7.4, 700, operand(NAVY))
MARK = Style(6.2, 400, operand(TEAL), rise=2.8)
HEADINGS = {
    1: (Style(17, 700, operand(NAVY)), 26.0),
    2: (Style(12.5, 700, operand(NAVY)), 20.0),
    3: (Style(10, 700, operand(NAVY)), 16.0),
}
SUBHEADING = (Style(10.5, 700, operand(NAVY)), 16.0)
SEVERITY = {"critical": operand(RED), "major": operand(AMBER), "minor": operand(GREY)}
RULE, SHADE, DEEP, ACCENT = operand(LINE), operand(BAND), operand(NAVY), operand(TEAL)


@lru_cache(1024)
def mark(number: int) -> Run:
    """A small teal citation number that leads to its reference."""
    return Run(f"[{number}]", MARK, f"ref:{number}", tied=True)


@lru_cache(64)
def coloured(severity: str, size: float = 8.2) -> Style:
    return Style(size, 700, SEVERITY.get(severity, operand(INK)))


@lru_cache(64)
def label(size: float, bold: bool = False) -> Style:
    """Of a word in a picture, which says its colour itself."""
    return Style(size, 700 if bold else 400)
