"""Open this for a picture as PNG, for programs that show no SVG: the same shapes as dots, the same bytes every time."""

from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zlib import Z_RLE

from PIL import Image, ImageDraw, ImageFont

from assessment.reports.charts.shapes import PAPER, Circle, Figure, Label, Line, Polygon, Rect, Shape
from assessment.reports.fonts import WEIGHTS, FontsMissing

DOTS = 4  # a point: 288 an inch, so fine that edges need no softening

Place = tuple[float, float]


def png(figure: Figure, fonts: Path) -> bytes:
    """The picture as PNG, with the prepared fonts in the folder `fonts`.

    Raises `FontsMissing` where `manage.py prepare_fonts` has not run.
    """
    return _Sheet(figure, fonts).drawn()


class _Sheet:
    def __init__(self, figure: Figure, fonts: Path) -> None:
        self.figure, self.fonts = figure, fonts
        self.inks: dict[str, int] = {}
        paper = self.ink(PAPER)
        self.image = Image.new("P", (_dots(figure.width), _dots(figure.height)), paper)
        self.pen = ImageDraw.Draw(self.image)
        self.pen.fontmode = "1"

    def drawn(self) -> bytes:
        for shape in self.figure.shapes:
            self.draw(shape)
        self.image.putpalette(bytes.fromhex("".join(self.inks).replace("#", "")))
        out, bits = BytesIO(), next(bits for bits in (1, 2, 4, 8) if len(self.inks) <= 1 << bits)
        self.image.save(out, "PNG", compress_type=Z_RLE, bits=bits, dpi=(72 * DOTS, 72 * DOTS))
        return out.getvalue()

    def ink(self, colour: str) -> int:
        """A colour's number in the palette."""
        return self.inks.setdefault(colour, len(self.inks))

    def draw(self, shape: Shape) -> None:
        match shape:
            case Line():
                ends = ((shape.x1, shape.y1), (shape.x2, shape.y2))
                self.stroke(ends, shape.stroke, shape.width, shape.dash)
            case Polygon():
                self.polygon(shape)
            case Circle():
                self.circle(shape)
            case Rect():
                self.rect(shape)
            case Label():
                self.label(shape)

    def stroke(self, places: tuple[Place, ...], colour: str, width: float, dash: tuple[float, ...] = ()) -> None:
        thick, ink = max(1, round(width * DOTS)), self.ink(colour)
        pieces = _dashes(places, dash) if dash else [places]
        for piece in pieces:
            self.pen.line([_dot(place) for place in piece], ink, thick, joint="curve" if len(piece) > 2 else None)

    def polygon(self, shape: Polygon) -> None:
        if shape.fill:
            self.pen.polygon([_dot(place) for place in shape.points], self.ink(shape.fill))
        if shape.stroke:
            places = (*shape.points, shape.points[0]) if shape.closed else shape.points
            self.stroke(places, shape.stroke, shape.width, shape.dash)

    def circle(self, shape: Circle) -> None:
        radius = shape.radius + (shape.width / 2 if shape.stroke else 0)
        box = [_dot((shape.x - radius, shape.y - radius)), _dot((shape.x + radius, shape.y + radius))]
        fill = self.ink(shape.fill) if shape.fill else None
        outline = self.ink(shape.stroke) if shape.stroke else None
        self.pen.ellipse(box, fill, outline, max(1, round(shape.width * DOTS)))

    def rect(self, shape: Rect) -> None:
        if shape.width <= 0 or shape.height <= 0:
            return
        x, y = _dot((shape.x, shape.y))
        right, bottom = _dot((shape.x + shape.width, shape.y + shape.height))
        fill = self.ink(shape.fill) if shape.fill else None
        outline = self.ink(shape.stroke) if shape.stroke else None
        box = [x, y, max(x, right - 1), max(y, bottom - 1)]
        self.pen.rectangle(box, fill, outline, max(1, round(shape.line * DOTS)))

    def label(self, label: Label) -> None:
        mask, (left, top), length = _written(label.text, self.fonts, label.bold, _dots(label.size))
        x, y = _dot((label.x, label.y))
        x -= 0 if label.anchor == "start" else round(length) if label.anchor == "end" else round(length / 2)
        if mask is not None:
            self.pen.draw.draw_bitmap((x + left, y + top), mask, self.ink(label.fill))


def _dots(length: float) -> int:
    return max(1, round(length * DOTS))


def _dot(place: Place) -> tuple[int, int]:
    return round(place[0] * DOTS), round(place[1] * DOTS)


def _dashes(places: tuple[Place, ...], dash: tuple[float, ...]) -> list[tuple[Place, Place]]:
    """A broken line as its pieces; the pattern goes on around corners."""
    pieces: list[tuple[Place, Place]] = []
    pattern, at, left = (*dash, *dash) if len(dash) % 2 else dash, 0, dash[0]
    for (x1, y1), (x2, y2) in pairwise(places):
        length, gone = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 0.0
        while gone < length:
            step = min(left, length - gone)
            if at % 2 == 0:
                a, b = gone / length, (gone + step) / length
                ends = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for t in (a, b)]
                pieces.append((ends[0], ends[1]))
            gone, left = gone + step, left - step
            if left <= 1e-9:
                at = (at + 1) % len(pattern)
                left = pattern[at]
    return pieces


@lru_cache(maxsize=4096)
def _written(text: str, folder: Path, bold: bool, size: int):
    """A line of text as dots, where its left top lies from the start of its baseline, and how long it is."""
    font = _font(folder, 700 if bold else 400, size)
    mask, (left, top) = font.getmask2(text, "1", anchor="ls")
    return (mask if min(mask.size) else None), (left, top), font.getlength(text)


@lru_cache(maxsize=64)
def _font(folder: Path, weight: int, size: int) -> ImageFont.FreeTypeFont:
    path = folder / f"{WEIGHTS[weight]}.ttf"
    if not path.is_file():
        raise FontsMissing(folder)
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
