"""Open this for the slope chart: all dimensions from one round to the next on one picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.reports import words
from assessment.reports.charts.shapes import (
    AMBER,
    GREY,
    INK,
    LINE,
    NAVY,
    TEAL,
    Anchor,
    Circle,
    Figure,
    Label,
    Line,
    Polygon,
    Shape,
    fitted,
    text_width,
    wrapped,
)

ROW, TWO_ROWS = 1.45, 1.95  # em, between two labels, and where one of them takes two rows
NAME, SMALL = 0.9, 0.8  # em, of a name, and of one in two rows
TALL = 23.0  # em, that the lines have at least
ON_A_SLOPE = 30  # lines that one picture holds
DASHES: dict[str, tuple[float, ...]] = {"improved": (), "fell": (0.55, 0.3), "unchanged": (0.1, 0.28)}
COLOURS = {"improved": TEAL, "fell": AMBER, "unchanged": GREY}


@dataclass(frozen=True)
class Slope:
    """A score before and after; None where it has none on that side. `difference` is of the figures as printed."""

    code: str
    name: str
    before: float | None
    after: float | None
    difference: float | None

    @property
    def way(self) -> str:
        step = self.difference or 0
        return "improved" if step > 0 else "fell" if step < 0 else "unchanged"


def slopes(lines: Sequence[Slope], ends: tuple[str, str], width: float, em: float = 12) -> Figure:
    """A line each, up in teal and whole, down in amber and dashed, level in grey and dotted, with both scores.

    `ends` name the rounds. For `ON_A_SLOPE` lines or fewer; those without any score are left to the table.
    """
    drawn = [line for line in lines if line.before is not None or line.after is not None]
    frame = _Frame.around(drawn, width, em)
    shapes = [*frame.grid(ends), *(shape for line in drawn for shape in frame.line(line)), *frame.labels(drawn)]
    shapes += _legend(frame.foot, em)
    told = (f"{line.code} {line.name} {words.points(line.before)}→{words.points(line.after)}" for line in lines)
    described = words.listed(told, "；")
    return Figure(width, frame.foot + 0.6 * em, tuple(shapes), _("Scores from one round to the next"), described)


@dataclass(frozen=True)
class _Frame:
    """The measures that all lines share. Wide: names stand at both ends, else codes alone; `row` as tall as they need."""

    width: float
    em: float
    wide: bool
    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    row: float

    @classmethod
    def around(cls, lines: Sequence[Slope], width: float, em: float) -> "_Frame":
        wide = width > 46 * em
        found = [score for line in lines for score in (line.before, line.after) if score is not None]
        low = 10 * floor(min(found, default=0) / 10)
        high = max(10 * ceil(max(found, default=100) / 10), low + 10)
        top = 2.6 * em
        left, right = (15.6 * em, width - 19.4 * em) if wide else (6.4 * em, width - 11.6 * em)
        room = min(left - _before(em), width - right - _after(em))
        needs_two = wide and any(text_width(f"{line.code} {line.name}", NAME * em) > room for line in lines)
        row = (TWO_ROWS if needs_two else ROW) * em
        tall = max(TALL * em, row * max(len(lines) - 1, 0))
        return cls(width, em, wide, left, right, top, top + tall, low, high, row)

    @property
    def foot(self) -> float:
        return self.bottom + 2.6 * self.em

    def at(self, score: float) -> float:
        return self.bottom - (self.bottom - self.top) * (score - self.low) / (self.high - self.low)

    def grid(self, ends: tuple[str, str]) -> list[Shape]:
        """Hairlines at every ten points, an axis for each round with its name above."""
        em = self.em
        shapes: list[Shape] = []
        for score in range(int(self.low), int(self.high) + 1, 10):
            y = self.at(score)
            shapes.append(Line(self.left, y, self.right, y, LINE, 0.05 * em))
            shapes.append(Label(self.left + 0.5 * em, y - 0.25 * em, str(score), 0.72 * em, "start", GREY))
        room = (self.width - em) / 2
        for x, name, anchor in ((self.left, ends[0], "end"), (self.right, ends[1], "start")):
            shapes.append(Line(x, self.top - 0.5 * em, x, self.bottom + 0.5 * em, NAVY, 0.1 * em))
            beside = self.left if anchor == "end" else self.width - self.right
            text = fitted(name, 0.95 * em, max(beside, min(room, beside)))
            shapes.append(Label(x, 1.3 * em, text, 0.95 * em, anchor, NAVY, bold=True))  # type: ignore[arg-type]
        return shapes

    def line(self, line: Slope) -> list[Shape]:
        em, way = self.em, line.way
        places = [(x, self.at(s)) for x, s in ((self.left, line.before), (self.right, line.after)) if s is not None]
        colour = COLOURS[way] if len(places) == 2 else GREY
        dots: list[Shape] = [Circle(x, y, 0.3 * em, colour) for x, y in places]
        if len(places) < 2:
            return dots
        (x1, y1), (x2, y2) = places
        dash = tuple(part * em for part in DASHES[way])
        return [Line(x1, y1, x2, y2, colour, (0.2 if way == "improved" else 0.16) * em, dash), *dots]

    # Labels beside the axes, none on another

    def labels(self, lines: Sequence[Slope]) -> list[Shape]:
        before = [line for line in lines if line.before is not None]
        after = [line for line in lines if line.after is not None]
        shapes: list[Shape] = []
        for line, y in self._places(before, [line.before or 0 for line in before]):
            shapes += self._left(line, y)
        for line, y in self._places(after, [line.after or 0 for line in after]):
            shapes += self._right(line, y)
        return shapes

    def _places(self, lines: Sequence[Slope], scores: Sequence[float]) -> list[tuple[Slope, float]]:
        order = sorted(range(len(lines)), key=lambda k: -scores[k])
        wanted = [self.at(scores[k]) for k in order]
        places = spread(wanted, self.row, self.top, self.bottom)
        return [(lines[k], y) for k, y in zip(order, places, strict=True)]

    def _left(self, line: Slope, y: float) -> list[Shape]:
        em, score = self.em, words.points(line.before)
        x, base, edge = self.left - 1.5 * em, y + 0.33 * em, self.left - _before(em)
        return [
            *self._leader(self.left, self.at(line.before or 0), x + 0.3 * em, y),
            Label(x, base, score, 0.95 * em, "end", INK, bold=True),
            *self._name(line, (edge, y), "end", edge, f"section:{line.code}"),
        ]

    def _name(
        self, line: Slope, place: tuple[float, float], anchor: Anchor, room: float, link: str = ""
    ) -> list[Shape]:
        """Beside its score; in two smaller rows where one does not hold it."""
        (x, y), name, size = place, f"{line.code} {line.name}" if self.wide else line.code, NAME * self.em
        rows: tuple[str, ...] = (name,)
        if text_width(name, size) > room:
            size = SMALL * self.em
            rows = wrapped(name, size, room)
        first = y + 0.33 * self.em - 0.5 * 1.08 * size * (len(rows) - 1)
        return [Label(x, first + 1.08 * size * k, row, size, anchor, INK, link=link) for k, row in enumerate(rows)]

    def _right(self, line: Slope, y: float) -> list[Shape]:
        em, score = self.em, words.points(line.after)
        x, base = self.right + 1.5 * em, y + 0.33 * em
        shapes: list[Shape] = [
            *self._leader(self.right, self.at(line.after or 0), x - 0.3 * em, y),
            Label(x, base, score, 0.95 * em, "start", INK, bold=True),
        ]
        x += text_width("00.0", 0.95 * em) + 0.5 * em
        if line.difference is not None:
            shapes += _arrow(x, y, line.way, em)
            step = words.signed(line.difference) if line.difference else words.points(0)
            shapes.append(Label(x + 1.1 * em, base, step, 0.9 * em, "start", INK))
        x = self.right + _after(em)
        return [*shapes, *self._name(line, (x, y), "start", self.width - x)]

    def _leader(self, x1: float, y1: float, x2: float, y2: float) -> list[Shape]:
        """From the dot to a label that had to give way."""
        return [Line(x1, y1, x2, y2, GREY, 0.04 * self.em)]


def _before(em: float) -> float:
    """What stands between a name and the first axis: its score."""
    return 2 * em + text_width("00.0", 0.95 * em)


def _after(em: float) -> float:
    """What stands between the second axis and a name: its score and the difference."""
    return 3.4 * em + text_width("00.0", 0.95 * em) + text_width("+00.0", 0.9 * em)


def spread(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Places at least `gap` apart, as near as can be to the wanted ones, which come in order, between top and bottom.

    >>> spread([10.0, 11.0, 40.0], 10, 0, 60)
    [5.5, 15.5, 40.0]
    """
    pools: list[tuple[float, int]] = []  # mean of what is wanted, and how many share it
    for number, place in enumerate(wanted):
        mean, count = place - number * gap, 1
        while pools and pools[-1][0] > mean:
            other, more = pools.pop()
            mean, count = (mean * count + other * more) / (count + more), count + more
        pools.append((mean, count))
    most = max(top, bottom - (len(wanted) - 1) * gap)
    free = [min(max(mean, top), most) for mean, count in pools for _one in range(count)]
    return [round(place + number * gap, 6) for number, place in enumerate(free)]


# How one tells up from down without colours


def _arrow(x: float, y: float, way: str, em: float) -> list[Shape]:
    """A triangle that points up or down, or two strokes for neither, in the room of one letter."""
    left, right, half = x + 0.05 * em, x + 0.8 * em, 0.33 * em
    colour = COLOURS[way]
    if way == "unchanged":
        return [Line(left, y + d * em, right, y + d * em, colour, 0.11 * em) for d in (-0.14, 0.16)]
    tip, base = (y - half, y + half) if way == "improved" else (y + half, y - half)
    return [Polygon(((left, base), (right, base), ((left + right) / 2, tip)), colour)]


def _legend(y: float, em: float) -> list[Shape]:
    names = {
        "improved": pgettext("score", "higher"),
        "fell": pgettext("score", "lower"),
        "unchanged": pgettext("score", "the same"),
    }
    shapes: list[Shape] = []
    x = 0.0
    for way, name in names.items():
        dash = tuple(part * em for part in DASHES[way])
        shapes.append(Line(x, y - 0.3 * em, x + 2 * em, y - 0.3 * em, COLOURS[way], 0.18 * em, dash))
        shapes += _arrow(x + 2.4 * em, y - 0.3 * em, way, em)
        shapes.append(Label(x + 3.6 * em, y, name, 0.85 * em, "start", GREY))
        x += 4.8 * em + text_width(name, 0.85 * em)
    return shapes
