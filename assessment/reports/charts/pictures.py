"""Open this for the domain's own pictures: a trend as a journey, a priority as a balance, a criterion as a ladder."""

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
)
from assessment.reports.content.facts import Balance, Journey

STEEPEST = 9  # degrees, reached at a tilt of 50 points


def journey(trend: Journey, width: float, em: float = 12, highest: int = 5) -> Figure:
    """A line from the old pole to the new: a filled dot where the city stands, a hollow one at the target."""
    left, right, y = 0.9 * em, width - 0.9 * em, 2.35 * em

    def at(score: float) -> float:
        return left + (right - left) * score / 100

    shapes: list[Shape] = []
    if trend.low is not None and trend.high is not None and trend.high - trend.low > 0.05:
        shapes.append(Rect(at(trend.low), y - 0.5 * em, at(trend.high) - at(trend.low), em, fill=SOFT))
    shapes.append(Line(left, y, right, y, GREY, 0.09 * em))
    for level in range(highest + 1):
        x = at(100 * level / highest)
        shapes += [
            Line(x, y - 0.25 * em, x, y + 0.25 * em, GREY, 0.07 * em),
            Label(x, y + 1.3 * em, str(level), 0.8 * em, "middle", GREY),
        ]
    shapes += _places(trend, at, y, em)
    half = (width - em) / 2
    shapes += [
        Label(0, y + 2.55 * em, fitted(trend.start, em, half), em, "start", GREY),
        Label(width, y + 2.55 * em, fitted(trend.end, em, half), em, "end", NAVY, bold=True),
    ]
    title = f"{trend.code} {trend.name}"
    described = _("From %(start)s to %(end)s: score %(score)s, at target %(target)s.") % {
        "start": trend.start,
        "end": trend.end,
        "score": words.points(trend.score),
        "target": words.points(trend.target),
    }
    return Figure(width, y + 2.95 * em, tuple(shapes), title, described)


def _places(trend: Journey, at, y: float, em: float) -> list[Shape]:  # type: ignore[no-untyped-def]
    shapes: list[Shape] = []
    if trend.score is None:
        return [*shapes, Label(at(50), y - 0.9 * em, _("no score yet"), 0.9 * em, "middle", GREY)]
    x = at(trend.score)
    target = trend.target if trend.target is not None and trend.target - trend.score > 0.05 else None
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
    label = Label(max(x + shift, 1.3 * em), y - 0.9 * em, words.points(trend.score), em, own, NAVY, bold=True)
    return [*shapes, Circle(x, y, 0.48 * em, NAVY), label]


def balance(priority: Balance, width: float, em: float = 12) -> Figure:
    """A beam on a pivot: the side with the higher score is the heavier one and hangs lower."""
    centre, top, reach = width / 2, 4.9 * em, width / 2 - 2.6 * em
    angle = radians(max(-1, min(1, (priority.tilt or 0) / 50)) * STEEPEST)
    fall = max(-1.5 * em, min(1.5 * em, reach * sin(angle)))  # y grows downwards: a positive tilt lowers the first side
    ends = ((centre - reach * cos(angle), top + fall), (centre + reach * cos(angle), top - fall))
    known = priority.tilt is not None
    shapes: list[Shape] = [
        Line(*ends[0], *ends[1], NAVY if known else GREY, 0.2 * em, () if known else (0.4 * em, 0.3 * em)),
        Polygon(((centre, top), (centre - 0.8 * em, top + 1.5 * em), (centre + 0.8 * em, top + 1.5 * em)), NAVY),
        Line(centre - 2 * em, top + 1.5 * em, centre + 2 * em, top + 1.5 * em, LINE, 0.1 * em),
    ]
    for (x, y), side in zip(ends, priority.sides, strict=True):
        heavy = known and (side.score or 0) >= max(s.score or 0 for s in priority.sides)
        name = fitted(side.name, em, width / 2 - em)
        shapes += [
            Circle(x, y, 0.75 * em, TEAL if heavy else PAPER, TEAL, 0.15 * em),
            Label(x, y - 2.15 * em, name, 0.95 * em, "middle", INK),
            Label(x, y - 1.05 * em, words.points(side.score), em, "middle", NAVY, bold=True),
        ]
    shapes.append(Label(centre, top + 2.7 * em, _verdict(priority), 0.95 * em, "middle", NAVY, bold=True))
    title = f"{priority.code} {priority.name}"
    sides = "，".join(f"{side.name} {words.points(side.score)}" for side in priority.sides)
    return Figure(width, top + 3.1 * em, tuple(shapes), title, f"{sides}；{_verdict(priority)}")


def _verdict(priority: Balance) -> str:
    if priority.tilt is None:
        return _("one side is not answered")
    word, tilt = words.balance(priority.balance), words.points(abs(priority.tilt))
    if tilt == words.points(0):
        return word
    higher = priority.sides[0 if priority.tilt > 0 else 1]
    return _("%(word)s (%(side)s higher by %(points)s)") % {"word": word, "side": higher.name, "points": tilt}


def ladder(
    level: int | None,
    target: int | None,
    verified: int | None = None,
    *,
    width: float = 120,
    em: float = 12,
    highest: int = 5,
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
