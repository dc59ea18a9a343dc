"""Open this for the heat map: dimensions × criteria, however many of either."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched
from math import inf
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.charts.shapes import (
    BAND,
    GREY,
    INK,
    LINE,
    NAVY,
    PAPER,
    SEVERITY,
    Figure,
    Label,
    Polygon,
    Rect,
    Shape,
    fitted,
    shade,
    text_width,
    wrapped,
)
from assessment.reports.content.facts import Cell, HeatRow

NARROWEST, WIDEST = 3.4, 15  # em: a cell holds a code and two levels, and is no banner
GUTTER = 0.5  # em, between the two sides of a balance
TITLE, MOST_ROWS = 0.74, 5  # em of a criterion's title in its cell, and over how many rows it goes


def heat_map(rows: Sequence[HeatRow], width: float, em: float = 12, *, highest: int) -> Figure:
    """Dimensions × criteria, each cell its level → target; a corner in amber or red marks a critical or major gap."""
    (piece,) = heat_maps(rows, width, em, highest=highest)
    return piece.figure


class HeatMap(NamedTuple):
    """A piece of a heat map, and the rows, or the parts of rows, that it shows."""

    figure: Figure
    rows: tuple[HeatRow, ...]


def heat_maps(
    rows: Sequence[HeatRow], width: float, em: float = 12, *, highest: int, tallest: float = inf
) -> list[HeatMap]:
    """The same in pieces no taller than `tallest`; the last bears the legend."""
    grid = _Grid.over(rows, width, em, highest)
    pieces, y = [_Piece()], 0.0
    for strip in grid.strips:
        if y and y + grid.height(strip) + grid.foot > tallest:
            pieces.append(_Piece())
            y = 0.0
        pieces[-1].strips.append(strip)
        pieces[-1].shapes.extend(grid.drawn(strip, y))
        y = pieces[-1].height = y + grid.height(strip)
    pieces[-1].shapes.extend(_legend(pieces[-1].height + 1.4 * em, em, width, highest))
    pieces[-1].height += grid.foot
    title = _("Heat map of all criteria")
    return [
        HeatMap(Figure(width, p.height, tuple(p.shapes), title, _described(p.strips)), tuple(_shown(rows, p.strips)))
        for p in pieces
    ]


def _shown(rows: Sequence[HeatRow], strips: Sequence["_Strip"]) -> Iterable[HeatRow]:
    codes = {cell.code for strip in strips for group in strip.groups for cell in group}
    for row in rows:
        groups = [tuple(cell for cell in group if cell.code in codes) for group in row.groups]
        if any(groups):
            yield replace(row, groups=tuple(filter(None, groups)))


@dataclass(frozen=True)
class _Strip:
    """A line of cells, a group for each side; `name` is empty where it goes on with the dimension above."""

    code: str
    name: str
    groups: tuple[tuple[Cell, ...], ...]


@dataclass
class _Piece:
    strips: list[_Strip] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    height: float = 0.0


@dataclass(frozen=True)
class _Grid:
    """The strips, and the measures that they share. Wide: names stand before the strips, else above them."""

    strips: tuple[_Strip, ...]
    width: float
    em: float
    highest: int
    left: float
    side: float

    @classmethod
    def over(cls, rows: Sequence[HeatRow], width: float, em: float, highest: int) -> "_Grid":
        left = 9.6 * em if width > 36 * em else 0
        most = max(1, int((width - left) / (NARROWEST * em)))
        strips = tuple(strip for row in rows for strip in _strips(row, most))
        cells = max((sum(map(len, strip.groups)) for strip in strips), default=1)
        gutters = max((len(strip.groups) for strip in strips), default=1) - 1
        side = min((width - left - gutters * GUTTER * em) / max(cells, 1), WIDEST * em)
        return cls(strips, width, em, highest, left, side)

    def _title(self, cell: Cell) -> tuple[str, ...]:
        """A criterion's title in rows, where cells have room for it."""
        if self.side <= 7 * self.em:
            return ()
        return wrapped(cell.title, TITLE * self.em, self.side - 0.8 * self.em, MOST_ROWS)

    @property
    def foot(self) -> float:
        """The legend's height."""
        return (2 if _is_short(self.em, self.width, self.highest) else 3.6) * self.em

    def height(self, strip: _Strip) -> float:
        return (self._cell_height(strip) + self._head(strip)) + (0 if self.left else 0.3 * self.em)

    def _cell_height(self, strip: _Strip) -> float:
        rows = max((len(self._title(cell)) for group in strip.groups for cell in group), default=0)
        return (2.7 + (0.7 + 0.85 * max(rows, 2) if rows else 0)) * self.em

    def _head(self, strip: _Strip) -> float:
        return 1.7 * self.em if strip.name and not self.left else 0

    def drawn(self, strip: _Strip, y: float) -> Iterable[Shape]:
        yield from self._name(strip, y)
        x, height = 0 + self.left, self._cell_height(strip) - 0.2 * self.em
        for group in strip.groups:
            for cell in group:
                yield from self._cell(cell, x, y + self._head(strip), height)
                x += self.side
            x += GUTTER * self.em

    def _name(self, strip: _Strip, y: float) -> Iterable[Shape]:
        size, link = 0.95 * self.em, f"section:{strip.code}"
        if not self.left:
            yield Label(0, y + 1.25 * self.em, fitted(strip.name, size, self.width), size, "start", NAVY, True, link)
            return
        rows = wrapped(strip.name, size, self.left - self.em)
        top = y + self._cell_height(strip) / 2 + 0.3 * self.em - 0.6 * self.em * (len(rows) - 1)
        for number, row in enumerate(rows):
            yield Label(0, top + 1.2 * self.em * number, row, size, "start", NAVY, link=link)

    def _cell(self, cell: Cell, x: float, y: float, height: float) -> Iterable[Shape]:
        em, right = self.em, x + self.side - 0.2 * self.em
        fill, colour = BAND if cell.state == "na" else PAPER, INK
        if cell.level is not None:
            fill, colour = shade(cell.level, self.highest)
        said = _cell_words(cell)
        outline, label = "" if cell.level else LINE, f"{cell.code} {cell.title} {said}"
        yield Rect(x, y, right - x, height, fill, outline, 0.05 * em, f"criterion:{cell.code}", label)
        code = fitted(cell.code, 0.72 * em, self.side - 0.5 * em)
        yield Label(x + 0.35 * em, y + 0.95 * em, code, 0.72 * em, "start", colour)
        middle, bold = (x + right) / 2, cell.level is not None
        shown = _("N/A") if cell.level is None and cell.state == "na" else said  # a cell has no room for more in Latin
        yield Label(middle, y + height - 0.5 * em, shown, em, "middle", colour, bold)
        for number, row in enumerate(self._title(cell)):
            yield Label(x + 0.35 * em, y + (1.85 + 0.85 * number) * em, row, TITLE * em, "start", colour)
        if cell.severity in ("critical", "major"):
            corner = ((right - 0.85 * em, y), (right, y), (right, y + 0.85 * em))
            yield Polygon(corner, SEVERITY[cell.severity], PAPER, 0.06 * em)


def _strips(row: HeatRow, most: int) -> list[_Strip]:
    """A dimension's cells in lines of at most `most`; a side that fits on the line of the other stays on it."""
    lines: list[list[tuple[Cell, ...]]] = [[]]
    for part in (part for group in row.groups for part in batched(group, most, strict=False)):
        if lines[-1] and sum(map(len, lines[-1])) + len(part) > most:
            lines.append([])
        lines[-1].append(part)
    names = [f"{row.code} {row.name}", *[""] * (len(lines) - 1)]
    return [_Strip(row.code, name, tuple(line)) for name, line in zip(names, lines, strict=True)]


def _cell_words(cell: Cell) -> str:
    if cell.level is None:
        return words.state(cell.state)
    if cell.target is None or cell.target <= cell.level:
        return str(cell.level)
    return f"{cell.level}→{cell.target}"


def _described(strips: Sequence[_Strip]) -> str:
    told = (words.listed((f"{c.code} {_cell_words(c)}" for group in s.groups for c in group), "，") for s in strips)
    return words.listed((f"{s.code} {cells}" for s, cells in zip(strips, told, strict=True)), "；")


# The legend: severities and levels, on one line or two


def _is_short(em: float, width: float, highest: int) -> bool:
    return width > (15 + 1.6 * (highest + 1)) * em


def _legend(y: float, em: float, width: float, highest: int) -> Iterable[Shape]:
    x = 0.0
    for severity in ("critical", "major"):
        corner = ((x, y - 0.75 * em), (x + 0.85 * em, y - 0.75 * em), (x + 0.85 * em, y + 0.1 * em))
        word = words.severity(severity)
        yield Polygon(corner, SEVERITY[severity])
        yield Label(x + 1.2 * em, y, word, 0.85 * em, "start", GREY)
        x += max(4.2 * em, 2 * em + text_width(word, 0.85 * em))
    if not _is_short(em, width, highest):
        x, y = 0.0, y + 1.6 * em
    for level in range(highest + 1):
        fill, ink = shade(level, highest)
        yield Rect(x, y - 0.9 * em, 1.5 * em, 1.2 * em, fill)
        yield Label(x + 0.75 * em, y, str(level), 0.8 * em, "middle", ink)
        x += 1.6 * em
    yield Label(x + 0.6 * em, y, _("level → target"), 0.85 * em, "start", GREY)
