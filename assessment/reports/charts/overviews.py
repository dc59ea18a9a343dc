"""Open this for the pictures over many criteria: radar, heat map, dumbbell rows."""

from collections.abc import Sequence
from math import cos, pi, sin

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.charts.shapes import (
    BAND,
    GREY,
    INK,
    LEVELS,
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
    Rect,
    Shape,
    fitted,
    wrapped,
)
from assessment.reports.content.facts import Axis, Cell, GapItem, HeatRow


def radar(axes: Sequence[Axis], width: float, em: float = 12) -> Figure:
    """All dimensions on one wheel: the score filled, the target as a dashed outline. Its numbers stand at the axes."""
    margin = min(7.4 * em, width * 0.2)
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
    described = "；".join(f"{axis.name} {words.points(axis.score)}" for axis in axes)
    return Figure(width, middle + radius + 3.4 * em, tuple(shapes), _("Scores of all dimensions"), described)


def _axis_label(axis: Axis, turn: float, wheel: tuple[float, float, float], margin: float, em: float) -> list[Shape]:
    centre, middle, radius = wheel
    x, y = centre + (radius + 0.7 * em) * sin(turn), middle - (radius + 0.7 * em) * cos(turn)
    anchor: Anchor = "middle" if abs(sin(turn)) < 0.2 else "start" if sin(turn) > 0 else "end"
    room = 2 * margin if anchor == "middle" else centre + radius + margin - x if anchor == "start" else x
    rows = wrapped(axis.name, 0.9 * em, room)
    height = 1.15 * em * (len(rows) + 1)
    top = y - height if cos(turn) > 0.85 else y if cos(turn) < -0.85 else y - height / 2
    labels: list[Shape] = [
        Label(x, top + 1.15 * em * (k + 0.85), row, 0.9 * em, anchor, INK) for k, row in enumerate(rows)
    ]
    score = Label(x, top + 1.15 * em * (len(rows) + 0.85), words.points(axis.score), em, anchor, NAVY, bold=True)
    return [*labels, score]


def heat_map(rows: Sequence[HeatRow], width: float, em: float = 12) -> Figure:
    """Dimensions × criteria, each cell its level → target; a corner in amber or red marks a gap."""
    wide = width > 36 * em
    left = 9.6 * em if wide else 0
    cells = max((sum(map(len, row.groups)) for row in rows), default=1)
    groups = max((len(row.groups) for row in rows), default=1)
    gutter = 0.5 * em
    side = (width - left - gutter * (groups - 1)) / max(cells, 1)
    titled = side > 7 * em
    height, head = (5.1 if titled else 2.7) * em, 0 if wide else 1.7 * em
    shapes: list[Shape] = []
    y = 0.0
    for row in rows:
        size = 0.95 * em
        name = fitted(f"{row.code} {row.name}", size, left - em if wide else width)
        baseline = y + height / 2 + 0.3 * em if wide else y + 1.25 * em
        shapes.append(Label(0, baseline, name, size, "start", NAVY, bold=not wide, link=f"section:{row.code}"))
        x = left
        for number, group in enumerate(row.groups):
            x += gutter if number else 0
            for cell in group:
                shapes += _heat_cell(cell, x, y + head, side, height - 0.2 * em, em, titled)
                x += side
        y += height + head + (0 if wide else 0.3 * em)
    return Figure(
        width, y + 2 * em, (*shapes, *_heat_legend(y + 1.4 * em, em)), _("Heat map of all criteria"), _heat_words(rows)
    )


def _heat_cell(cell: Cell, x: float, y: float, side: float, height: float, em: float, titled: bool) -> list[Shape]:
    fill = LEVELS[min(cell.level, 5)] if cell.level is not None else BAND if cell.state == "na" else PAPER
    colour = PAPER if cell.level is not None and cell.level >= 4 else INK
    right = x + side - 0.2 * em
    label = f"{cell.code} {cell.title} {_cell_words(cell)}"
    shapes: list[Shape] = [
        Rect(
            x, y, side - 0.2 * em, height, fill, "" if cell.level else LINE, 0.05 * em, f"criterion:{cell.code}", label
        ),
        Label(x + 0.35 * em, y + 0.95 * em, cell.code, 0.72 * em, "start", colour),
        Label(
            (x + right) / 2, y + height - 0.5 * em, _cell_words(cell), em, "middle", colour, bold=cell.level is not None
        ),
    ]
    for number, row in enumerate(wrapped(cell.title, 0.74 * em, side - 0.8 * em) if titled else ()):
        shapes.append(Label(x + 0.35 * em, y + (1.85 + 0.85 * number) * em, row, 0.74 * em, "start", colour))
    if cell.severity in ("critical", "major"):
        size = 0.85 * em
        corner = ((right - size, y), (right, y), (right, y + size))
        shapes.append(Polygon(corner, SEVERITY[cell.severity], PAPER, 0.06 * em))
    return shapes


def _cell_words(cell: Cell) -> str:
    if cell.level is None:
        return words.state(cell.state)
    if cell.target is None or cell.target <= cell.level:
        return str(cell.level)
    return f"{cell.level}→{cell.target}"


def _heat_legend(y: float, em: float) -> list[Shape]:
    shapes: list[Shape] = []
    x = 0.0
    for severity in ("critical", "major"):
        corner = ((x, y - 0.75 * em), (x + 0.85 * em, y - 0.75 * em), (x + 0.85 * em, y + 0.1 * em))
        word = words.severity(severity)
        shapes += [Polygon(corner, SEVERITY[severity]), Label(x + 1.2 * em, y, word, 0.85 * em, "start", GREY)]
        x += 4.2 * em
    for level, fill in enumerate(LEVELS):
        colour = PAPER if level >= 4 else INK
        shapes += [
            Rect(x, y - 0.9 * em, 1.5 * em, 1.2 * em, fill),
            Label(x + 0.75 * em, y, str(level), 0.8 * em, "middle", colour),
        ]
        x += 1.6 * em
    return [*shapes, Label(x + 0.6 * em, y, _("level → target"), 0.85 * em, "start", GREY)]


def _heat_words(rows: Sequence[HeatRow]) -> str:
    return "；".join(
        f"{row.code} " + "，".join(f"{c.code} {_cell_words(c)}" for group in row.groups for c in group) for row in rows
    )


def dumbbells(gaps: Sequence[GapItem], width: float, em: float = 12, highest: int = 5) -> Figure:
    """One row a gap, from the level (filled) to the target (hollow), coloured and named by severity, with its gain."""
    wide = width > 36 * em
    left = 19 * em if wide else 1.0 * em
    right = width - (7.2 * em if wide else 6.6 * em)
    row, head = (1.75 * em, 1.5 * em) if wide else (2.9 * em, 1.5 * em)

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
        baseline, room = (y + 0.33 * em, left - 1.2 * em) if wide else (y - 0.95 * em, width)
        name = fitted(f"{gap.code} {gap.title}", 0.9 * em, room)
        shapes.append(Label(0, baseline, name, 0.9 * em, "start", INK, link=f"criterion:{gap.code}"))
    described = "；".join(f"{g.code} {g.level}→{g.target}" for g in gaps)
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
