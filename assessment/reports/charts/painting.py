"""Open this for a picture on a PDF page: the same shapes as operators, no graphics library between."""

from functools import cache
from typing import Protocol

from assessment.reports.charts.shapes import Circle, Figure, Label, Line, Polygon, Rect, Shape

ROUND = 0.5523  # of the radius: where a circle's four curves have their handles


class Canvas(Protocol):
    """What a picture is drawn on. Coordinates are the page's, y upwards."""

    def emit(self, operators: str) -> None: ...

    def label(self, x: float, y: float, text: str, size: float, anchor: str, colour: str, bold: bool) -> None: ...

    def link(self, key: str, left: float, bottom: float, right: float, top: float, words: str) -> None: ...


@cache
def operand(colour: str) -> str:
    """A colour as a PDF operand.

    >>> operand("#12355b")
    '0.071 0.208 0.357'
    """
    return " ".join(f"{int(colour[k : k + 2], 16) / 255:.3f}" for k in (1, 3, 5))


def draw(figure: Figure, canvas: Canvas, x: float, y: float) -> None:
    """Draw the picture with its top left corner at (x, y)."""
    for shape in figure.shapes:
        if isinstance(shape, Label):
            canvas.label(
                x + shape.x, y - shape.y, shape.text, shape.size, shape.anchor, operand(shape.fill), shape.bold
            )
        else:
            canvas.emit(_operators(shape, x, y))
        if isinstance(shape, Rect) and shape.link:
            left, top = x + shape.x, y - shape.y
            canvas.link(shape.link, left, top - shape.height, left + shape.width, top, shape.label)


def _operators(shape: Shape, x: float, y: float) -> str:
    match shape:
        case Line():
            path = f"{x + shape.x1:.2f} {y - shape.y1:.2f} m {x + shape.x2:.2f} {y - shape.y2:.2f} l"
            return f"{_pen(shape.stroke, shape.width, shape.dash)} {path} S"
        case Polygon():
            places = [f"{x + a:.2f} {y - b:.2f}" for a, b in shape.points]
            path = f"{places[0]} m " + " ".join(f"{place} l" for place in places[1:]) + (" h" if shape.closed else "")
            return _painted(path, shape.fill, shape.stroke, shape.width, shape.dash)
        case Circle():
            return _painted(_circle(x + shape.x, y - shape.y, shape.radius), shape.fill, shape.stroke, shape.width)
        case Rect():
            path = f"{x + shape.x:.2f} {y - shape.y - shape.height:.2f} {shape.width:.2f} {shape.height:.2f} re"
            return _painted(path, shape.fill, shape.stroke, shape.line)
        case Label():
            raise TypeError("a label is drawn by the canvas")


def _painted(path: str, fill: str, stroke: str, width: float, dash: tuple[float, ...] = ()) -> str:
    pen = f"{_pen(stroke, width, dash)} " if stroke else ""
    brush = f"{operand(fill)} rg " if fill else ""
    return f"{pen}{brush}{path} {'B' if fill and stroke else 'f' if fill else 'S' if stroke else 'n'}"


def _pen(stroke: str, width: float, dash: tuple[float, ...]) -> str:
    return f"{operand(stroke)} RG {width:.2f} w [{' '.join(f'{d:.2f}' for d in dash)}] 0 d"


def _circle(x: float, y: float, r: float) -> str:
    k = ROUND * r
    return (
        f"{x + r:.2f} {y:.2f} m {x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c h"
    )
