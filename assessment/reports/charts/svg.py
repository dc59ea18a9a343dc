"""Open this for a picture as SVG in a page: everything escaped, attributes only, so that it passes a strict CSP."""

from collections.abc import Callable
from html import escape

from assessment.reports.charts.shapes import Circle, Figure, Label, Line, Polygon, Rect, Shape

FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
Address = Callable[[str], str]


def svg(figure: Figure, address: Address | None = None) -> str:
    """The picture as an `<svg>` element. `address` turns a key such as `criterion:T1.1` into a URL, or "" for none.

    With links inside it is a group for screen readers, else one image.
    """
    linked = address is not None and any(getattr(shape, "link", "") for shape in figure.shapes)
    body = "".join(_linked(shape, address) for shape in figure.shapes)
    width, height = _number(figure.width), _number(figure.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="{"group" if linked else "img"}" aria-label="{escape(figure.title)}" font-family="{FONT}">'
        f"<title>{escape(figure.title)}</title><desc>{escape(figure.description)}</desc>{body}</svg>"
    )


def _linked(shape: Shape, address: Address | None) -> str:
    drawn = _shape(shape)
    key = getattr(shape, "link", "")
    url = address(key) if key and address else ""
    if not url:
        return drawn
    label = getattr(shape, "label", "") or getattr(shape, "text", "")
    return f'<a href="{escape(url)}" aria-label="{escape(label)}">{drawn}</a>'


def _shape(shape: Shape) -> str:
    match shape:
        case Line():
            ends = _attributes(x1=shape.x1, y1=shape.y1, x2=shape.x2, y2=shape.y2)
            return f"<line{ends}{_paint('', shape.stroke, shape.width, shape.dash)}/>"
        case Polygon():
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
            name = "polygon" if shape.closed else "polyline"
            return f'<{name} points="{points}"{_paint(shape.fill, shape.stroke, shape.width, shape.dash)}/>'
        case Circle():
            place = _attributes(cx=shape.x, cy=shape.y, r=shape.radius)
            return f"<circle{place}{_paint(shape.fill, shape.stroke, shape.width)}/>"
        case Rect():
            box = _attributes(x=shape.x, y=shape.y, width=shape.width, height=shape.height)
            return f"<rect{box}{_paint(shape.fill, shape.stroke, shape.line)}/>"
        case Label():
            return _label(shape)


def _label(label: Label) -> str:
    weight = ' font-weight="700"' if label.bold else ""
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    place = _attributes(x=label.x, y=label.y)
    head = f'<text{place} font-size="{_number(label.size)}" fill="{escape(label.fill)}"{anchor}{weight}>'
    return f"{head}{escape(label.text)}</text>"


def _paint(fill: str, stroke: str, width: float, dash: tuple[float, ...] = ()) -> str:
    painted = f' fill="{escape(fill or "none")}"'
    if stroke:
        painted += f' stroke="{escape(stroke)}" stroke-width="{_number(width)}"'
    if dash:
        painted += f' stroke-dasharray="{" ".join(map(_number, dash))}"'
    return painted


def _attributes(**values: float) -> str:
    return "".join(f' {name}="{_number(value)}"' for name, value in values.items())


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
