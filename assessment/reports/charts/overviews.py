"""Open this for the pictures over many dimensions or gaps: radar or bars, dumbbell rows."""

from collections.abc import Sequence
from math import cos, pi, sin

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.charts.shapes import (
    GREY,
    INK,
    LINE,
    NAVY,
    PAPER,
    SEVERITY,
    SOFT,
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
from assessment.reports.content.facts import Axis, GapItem

NAME_LEADING = 0.92  # em, of a name in two lines before its row
ON_A_WHEEL = range(3, 13)  # fewer make no surface, more leave no room for their names


def radar(axes: Sequence[Axis], width: float, em: float = 12) -> Figure:
    """All dimensions on one wheel: the score filled, the target as a dashed outline. Its numbers stand at the axes.

    For `ON_A_WHEEL` axes; what `bars` shows for any number.
    """
    margin = min(7.4 * em, width * 0.21)
    radius = width / 2 - margin
    centre, middle = width / 2, radius + 3.1 * em

    def at(index: int, score: float) -> tuple[float, float]:
        turn = 2 * pi * index / len(axes)
        return centre + radius * score / 100 * sin(turn), middle - radius * score / 100 * cos(turn)

    scores = tuple(at(i, a.score) for i, a in enumerate(axes) if a.score is not None)
    targets = tuple(at(i, a.target) for i, a in enumerate(axes) if a.target is not None)
    shapes: list[Shape] = [Polygon(scores, SOFT)] if len(scores) > 2 else []
    for ring in (20, 40, 60, 80, 100):
        shapes.append(Polygon(tuple(at(i, ring) for i in range(len(axes))), "", LINE, 0.06 * em))
    shapes += [Line(centre, middle, *at(i, 100), LINE, 0.06 * em) for i in range(len(axes))]
    if len(targets) > 2:
        shapes.append(Polygon(targets, "", TEAL, 0.11 * em, (0.35 * em, 0.25 * em)))
    if len(scores) > 2:
        shapes.append(Polygon(scores, "", NAVY, 0.16 * em))
    shapes += [Circle(*place, 0.22 * em, NAVY) for place in scores]
    for index, axis in enumerate(axes):
        shapes += _axis_label(axis, 2 * pi * index / len(axes), (centre, middle, radius), margin, em)
    height, described = middle + radius + 3.4 * em, _scores_in_words(axes)
    return Figure(width, height, tuple(shapes), _("Scores of all dimensions"), described)


def _axis_label(axis: Axis, turn: float, wheel: tuple[float, float, float], margin: float, em: float) -> list[Shape]:
    centre, middle, radius = wheel
    x, y = centre + (radius + 0.7 * em) * sin(turn), middle - (radius + 0.7 * em) * cos(turn)
    anchor: Anchor = "middle" if abs(sin(turn)) < 0.2 else "start" if sin(turn) > 0 else "end"
    room = 2 * margin if anchor == "middle" else centre + radius + margin - x if anchor == "start" else x
    size = 0.9 * em
    rows = wrapped(axis.name, size, room)
    if rows[-1].endswith("…"):
        size = 0.8 * em
        rows = wrapped(axis.name, size, room)
    height = 1.15 * em * (len(rows) + 1)
    top = y - height if cos(turn) > 0.85 else y if cos(turn) < -0.85 else y - height / 2
    labels: list[Shape] = [Label(x, top + 1.15 * em * (k + 0.85), row, size, anchor, INK) for k, row in enumerate(rows)]
    score = Label(x, top + 1.15 * em * (len(rows) + 0.85), words.points(axis.score), em, anchor, NAVY, bold=True)
    return [*labels, score]


def bars(axes: Sequence[Axis], width: float, em: float = 12) -> Figure:
    """The same as rows: a line from nothing to the score, dashed on to the target."""
    wide = width > 36 * em
    left, right = 14 * em if wide else 0, width - 4 * em
    room = left - 0.8 * em if wide else width
    size, names = _row_names([f"{axis.code} {axis.name}" for axis in axes], room, wide, em)
    row = max(1.9 * em, _tall(names, em)) if wide else 2.9 * em

    def at(score: float) -> float:
        return left + (right - left) * score / 100

    bottom = 0.4 * em + row * len(axes)
    shapes: list[Shape] = [Line(at(tick), 0.2 * em, at(tick), bottom, LINE, 0.05 * em) for tick in range(0, 101, 20)]
    for number, axis in enumerate(axes):
        y = 0.4 * em + row * number + (row / 2 if wide else 2.1 * em)
        shapes += _row_name(names[number], f"section:{axis.code}", y if wide else y - 0.85 * em, size, em)
        if axis.target is not None and (axis.score is None or axis.target - axis.score > 0.05):
            start = at(axis.score or 0)
            shapes += [
                Line(start, y, at(axis.target), y, TEAL, 0.11 * em, (0.35 * em, 0.25 * em)),
                Circle(at(axis.target), y, 0.36 * em, PAPER, TEAL, 0.13 * em),
            ]
        if axis.score is not None:
            shapes += [Line(left, y, at(axis.score), y, NAVY, 0.3 * em), Circle(at(axis.score), y, 0.38 * em, NAVY)]
        shapes.append(Label(width, y + 0.35 * em, words.points(axis.score), em, "end", NAVY, bold=True))
    return Figure(width, bottom + 0.2 * em, tuple(shapes), _("Scores of all dimensions"), _scores_in_words(axes))


def _row_names(names: Sequence[str], room: float, wide: bool, em: float) -> tuple[float, list[tuple[str, ...]]]:
    """Their type and lines: one line each above its row, cut where it must be; before it, all smaller where one needs two."""
    size = 0.9 * em
    if not wide:
        return size, [(fitted(name, size, room),) for name in names]
    if all(text_width(name, size) <= room for name in names):
        return size, [(name,) for name in names]
    return 0.8 * em, [wrapped(name, 0.8 * em, room) for name in names]


def _tall(names: Sequence[tuple[str, ...]], em: float) -> float:
    """What a row takes whose name is the tallest."""
    return (1.35 + NAME_LEADING * (max(map(len, names), default=1) - 1)) * em


def _row_name(lines: Sequence[str], link: str, y: float, size: float, em: float) -> list[Shape]:
    first = y + 0.33 * em - NAME_LEADING / 2 * em * (len(lines) - 1)
    return [Label(0, first + NAME_LEADING * em * k, row, size, "start", INK, link=link) for k, row in enumerate(lines)]


def _scores_in_words(axes: Sequence[Axis]) -> str:
    return words.listed((f"{axis.name} {words.points(axis.score)}" for axis in axes), "；")


def dumbbells(gaps: Sequence[GapItem], width: float, em: float = 12, *, highest: int) -> Figure:
    """One row a gap, from the level (filled) to the target (hollow), coloured and named by severity, with its gain."""
    wide = width > 36 * em
    left = 19 * em if wide else 1.0 * em
    right = width - (7.2 * em if wide else 6.6 * em)
    size, names = _row_names([f"{gap.code} {gap.title}" for gap in gaps], left - 1.2 * em if wide else width, wide, em)
    row, head = max(1.75 * em, _tall(names, em)) if wide else 2.9 * em, 1.5 * em

    def at(level: float) -> float:
        return left + (right - left) * level / highest

    bottom = head + row * len(gaps)
    shapes: list[Shape] = []
    for level in range(highest + 1):
        shapes += [
            Line(at(level), head, at(level), bottom, LINE, 0.05 * em),
            Label(at(level), 0.95 * em, str(level), 0.8 * em, "middle", GREY),
        ]
    shapes.append(Label(width, 0.95 * em, _("gain"), 0.8 * em, "end", GREY))
    for number, gap in enumerate(gaps):
        y = head + row * number + (row / 2 if wide else 2.05 * em)
        shapes += _dumbbell(gap, (at(gap.level), at(gap.target), right), y, width, em)
        shapes += _row_name(names[number], f"criterion:{gap.code}", y if wide else y - 0.95 * em, size, em)
    described = words.listed((f"{g.code} {g.level}→{g.target}" for g in gaps), "；")
    return Figure(width, bottom + 0.3 * em, tuple(shapes), _("Gaps from level to target"), described)


def _dumbbell(gap: GapItem, places: tuple[float, float, float], y: float, width: float, em: float) -> list[Shape]:
    start, end, right = places
    colour = SEVERITY[gap.severity]
    return [
        Line(start, y, end, y, colour, 0.22 * em),
        Circle(start, y, 0.4 * em, NAVY),
        Circle(end, y, 0.38 * em, PAPER, colour, 0.17 * em),
        Label(right + 1.2 * em, y + 0.33 * em, words.severity(gap.severity), 0.85 * em, "start", colour),
        Label(width, y + 0.33 * em, words.signed(gap.gain), 0.9 * em, "end", INK, bold=True),
    ]
