"""Open this for the pictures of one thing: a transition as a journey, a balance, any other dimension as a ruler, and a
criterion's levels as a ladder."""

from collections.abc import Callable
from math import cos, radians, sin

from django.utils.translation import gettext as _

from assessment.reports import words
from assessment.reports.charts.shapes import (
    GREY,
    INK,
    LINE,
    NAVY,
    PAPER,
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
    shade,
    text_width,
    wrapped,
)
from assessment.reports.content.facts import Balance, Journey, Ruler

STEEPEST = 9  # degrees, reached at a tilt of 50 points


def journey(transition: Journey, width: float, em: float = 12) -> Figure:
    """A line from the old pole to the new: a filled dot where the city stands, a hollow one at the target."""
    left, right, y = 0.9 * em, width - 0.9 * em, 2.35 * em

    def at(score: float) -> float:
        return left + (right - left) * score / 100

    shapes = [*_band(transition, at, y, em), Line(left, y, right, y, GREY, 0.09 * em)]
    for level in range(transition.highest + 1):
        x = at(100 * level / transition.highest)
        shapes += [
            Line(x, y - 0.25 * em, x, y + 0.25 * em, GREY, 0.07 * em),
            Label(x, y + 1.3 * em, str(level), 0.8 * em, "middle", GREY),
        ]
    shapes += _places(transition, at, y, em)
    poles, last = _poles(transition, width, y + 2.55 * em, em)
    shapes += poles
    title = f"{transition.code} {transition.name}"
    described = _("From %(start)s to %(end)s: score %(score)s, at target %(target)s.") % {
        "start": transition.start,
        "end": transition.end,
        "score": words.points(transition.score),
        "target": words.points(transition.target),
    }
    return Figure(width, last + 0.4 * em, tuple(shapes), title, described)


def _poles(transition: Journey, width: float, y: float, em: float) -> tuple[list[Shape], float]:
    """Their words side by side, half the width each, and what one does not need goes to the other; over two rows where
    one does not hold them. And where the last row stands."""
    room, row = width - em, 1.15 * em
    need = [text_width(pole, em) for pole in (transition.start, transition.end)]
    first, second = (max(room / 2, room - other) for other in reversed(need))
    starts, ends = wrapped(transition.start, em, first), wrapped(transition.end, em, second)
    shapes: list[Shape] = [Label(0, y + row * k, text, em, "start", GREY) for k, text in enumerate(starts)]
    shapes += [Label(width, y + row * k, text, em, "end", NAVY, bold=True) for k, text in enumerate(ends)]
    return shapes, y + row * (max(len(starts), len(ends)) - 1)


def ruler(plain: Ruler, width: float, em: float = 12) -> Figure:
    """A bar of the levels, each from its threshold to the next: a filled dot at the score, a hollow one at the target."""
    left, right, y = 0.9 * em, width - 0.9 * em, 2.35 * em

    def at(score: float) -> float:
        return left + (right - left) * score / 100

    shapes: list[Shape] = []
    starts = [step.threshold or 0 for step in plain.scale]
    for step, start, end in zip(plain.scale, starts, [*starts[1:], 100], strict=True):
        fill, _ink = shade(step.level, plain.scale[-1].level)
        shapes.append(Rect(at(start), y - 0.3 * em, at(end) - at(start), 0.6 * em, fill, LINE, 0.05 * em))
        if at(end) - at(start) > 0.9 * em:
            shapes.append(Label(at((start + end) / 2), y + 1.5 * em, str(step.level), 0.8 * em, "middle", GREY))
    shapes += [*_bounds(plain, at, y + 0.55 * em, em), *_places(plain, at, y, em)]
    described = _("Score %(score)s, at target %(target)s.") % {
        "score": words.points(plain.score),
        "target": words.points(plain.target),
    }
    return Figure(width, y + 1.9 * em, tuple(shapes), f"{plain.code} {plain.name}", described)


Place = Callable[[float], float]


def _band(transition: Journey, at: Place, y: float, em: float) -> list[Shape]:
    if not _spans(transition):
        return []
    return [
        Rect(at(transition.low or 0), y - 0.5 * em, at(transition.high or 0) - at(transition.low or 0), em, fill=SOFT)
    ]


def _bounds(plain: Ruler, at: Place, y: float, em: float) -> list[Shape]:
    """A line below the bar, which has no ground left for a band."""
    if not _spans(plain):
        return []
    return [Line(at(plain.low or 0), y, at(plain.high or 0), y, TEAL, 0.16 * em)]


def _spans(place: Journey | Ruler) -> bool:
    return place.low is not None and place.high is not None and place.high - place.low > 0.05


def _places(transition: Journey | Ruler, at: Place, y: float, em: float) -> list[Shape]:
    shapes: list[Shape] = []
    if transition.score is None:
        return [*shapes, Label(at(50), y - 0.9 * em, _("no score yet"), 0.9 * em, "middle", GREY)]
    x = at(transition.score)
    target = (
        transition.target if transition.target is not None and transition.target - transition.score > 0.05 else None
    )
    if target is not None:
        near = at(target) - x < 3.6 * em
        place = max(at(target), x + 1.6 * em) if near else at(target)
        anchor: Anchor = "start" if near and place < at(100) - 2 * em else "middle" if not near else "end"
        place = at(100) + 0.9 * em if anchor == "end" else place
        shapes += [
            Line(x, y, at(target), y, TEAL, 0.16 * em, (0.3 * em, 0.2 * em)),
            Circle(at(target), y, 0.42 * em, PAPER, TEAL, 0.15 * em),
            Label(place, y - 0.95 * em, words.points(target), 0.85 * em, anchor, TEAL),
        ]
    near_target = target is not None and at(target) - x < 3.6 * em
    own: Anchor = "end" if near_target and x > 3.2 * em else "middle"
    shift = 0.8 * em if own == "end" else 0
    label = Label(max(x + shift, 1.3 * em), y - 0.9 * em, words.points(transition.score), em, own, NAVY, bold=True)
    return [*shapes, Circle(x, y, 0.48 * em, NAVY), label]


def balance(dimension: Balance, width: float, em: float = 12) -> Figure:
    """A beam on a pivot: the side with the higher score is the heavier one and hangs lower."""
    centre, top, reach = width / 2, 4.9 * em, width / 2 - 2.6 * em
    angle = radians(max(-1, min(1, (dimension.tilt or 0) / 50)) * STEEPEST)
    fall = max(-1.5 * em, min(1.5 * em, reach * sin(angle)))  # y grows downwards: a positive tilt lowers the first side
    ends = ((centre - reach * cos(angle), top + fall), (centre + reach * cos(angle), top - fall))
    known = dimension.tilt is not None
    shapes: list[Shape] = [
        Line(*ends[0], *ends[1], NAVY if known else GREY, 0.2 * em, () if known else (0.4 * em, 0.3 * em)),
        Polygon(((centre, top), (centre - 0.8 * em, top + 1.5 * em), (centre + 0.8 * em, top + 1.5 * em)), NAVY),
        Line(centre - 2 * em, top + 1.5 * em, centre + 2 * em, top + 1.5 * em, LINE, 0.1 * em),
    ]
    for (x, y), side in zip(ends, dimension.sides, strict=True):
        heavy = known and (side.score or 0) >= max(s.score or 0 for s in dimension.sides)
        name = fitted(side.name, em, width / 2 - em)
        shapes += [
            Circle(x, y, 0.75 * em, TEAL if heavy else PAPER, TEAL, 0.15 * em),
            Label(_inside(x, name, 0.95 * em, width), y - 2.15 * em, name, 0.95 * em, "middle", INK),
            Label(x, y - 1.05 * em, words.points(side.score), em, "middle", NAVY, bold=True),
        ]
    verdict = _verdict(dimension, width, 0.95 * em)
    under = text_width(verdict, 0.95 * em) > 2 * (reach * cos(angle) - em) and abs(fall) > 1.1 * em
    below = top + (3.2 if under else 2.7) * em  # clear of the lower end
    shapes.append(Label(centre, below, verdict, 0.95 * em, "middle", NAVY, bold=True))
    title = f"{dimension.code} {dimension.name}"
    sides = words.listed((f"{side.name} {words.points(side.score)}" for side in dimension.sides), "，")
    return Figure(width, below + 0.4 * em, tuple(shapes), title, sides + words.stop("；") + verdict)


def _inside(x: float, text: str, size: float, width: float) -> float:
    """Where the middle of a text stands that wants to be at `x` and must not leave the picture."""
    half = text_width(text, size) / 2
    return max(half, min(x, width - half))


def _verdict(dimension: Balance, width: float, size: float) -> str:
    """The word, and by how much which side is higher; a name too long for the picture is cut, never the number."""
    if dimension.tilt is None:
        both = all(side.score is None for side in dimension.sides)
        return _("neither side is answered") if both else _("one side is not answered")
    word, tilt = words.balance(dimension.balance), words.points(abs(dimension.tilt))
    if tilt == words.points(0):
        return word
    higher = dimension.sides[0 if dimension.tilt > 0 else 1]
    told = _("%(word)s (%(side)s higher by %(points)s)")
    rest = text_width(told % {"word": word, "side": "", "points": tilt}, size)
    return told % {"word": word, "side": fitted(higher.name, size, width - rest), "points": tilt}


def ladder(
    level: int | None,
    target: int | None,
    verified: int | None = None,
    *,
    highest: int,
    width: float = 120,
    em: float = 12,
) -> Figure:
    """Rising rungs: the chosen one dark, the target outlined, the verified one marked by a tick."""
    step, rise = width / (highest + 1), 0.22 * em
    height = 1.5 * em + rise * highest
    base = height + em
    shapes: list[Shape] = []
    for rung in range(highest + 1):
        x, top = rung * step, base - 1.3 * em - rise * rung
        chosen = rung == level
        fill = NAVY if chosen else SOFT if level is not None and rung < level else "#eef1f4"
        box = Rect(x + 0.06 * em, top, step - 0.12 * em, base - top, fill)
        shapes += [box, Label(x + step / 2, base - 0.4 * em, str(rung), 0.9 * em, "middle", PAPER if chosen else GREY)]
        if rung == target and rung != level:
            shapes.append(Rect(x + 0.06 * em, top, step - 0.12 * em, base - top, "", TEAL, 0.16 * em))
        if rung == verified:
            shapes.append(_tick(x + step / 2, top - 0.25 * em, em))
    return Figure(width, base + 0.1 * em, tuple(shapes), _("Level ladder"), _ladder_words(level, target, verified))


def _tick(x: float, bottom: float, em: float) -> Polygon:
    points = (
        (x - 0.35 * em, bottom - 0.35 * em),
        (x - 0.08 * em, bottom - 0.08 * em),
        (x + 0.4 * em, bottom - 0.65 * em),
    )
    return Polygon(points, "", TEAL, 0.17 * em, closed=False)


def _ladder_words(level: int | None, target: int | None, verified: int | None) -> str:
    return _("Level %(level)s, target %(target)s, verified %(verified)s.") % {
        "level": words.NOTHING if level is None else level,
        "target": words.NOTHING if target is None else target,
        "verified": words.NOTHING if verified is None else verified,
    }
