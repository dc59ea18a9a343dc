"""Open this for what a picture is made of: a few primitive shapes, y downwards, in points or pixels alike."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from unicodedata import category, east_asian_width

from django.utils.translation import gettext as _

from assessment.reports.typeset import cut, inside_words, legal

INK, NAVY, TEAL, LINE, PAPER, BAND = "#1f2933", "#12355b", "#1b7f8c", "#d9e0e6", "#ffffff", "#f5f7f9"
GREY, SOFT = "#5b6773", "#d7ebee"
AMBER, RED = "#b7791f", "#b3261e"
SEVERITY = {"critical": RED, "major": AMBER, "minor": GREY}
# One hue, light to dark, for the ten levels that a scale may have; letters on the last three are white.
TONES = ("#eef3f5", "#e0eef0", "#d3e8eb", "#bedee2", "#a9d3d9", "#6fb3bd", "#5aa6b1", "#1b7f8c", "#146773", "#0d4f5a")
LIGHT_ON = 7


class Ems(dict[str, float]):
    """How wide characters are, in em; those that are not told are added as they are asked for."""

    def __missing__(self, character: str) -> float:
        self[character] = 1.0 if _is_wide(character) else 0.57
        return self[character]


def _is_wide(character: str) -> bool:
    """Whether it fills a square in a Chinese font: so do signs such as “ ” … → ① Ⅱ ℃ ×, but no letters of other scripts."""
    width, kind = east_asian_width(character), category(character)[0]
    return width in "WF" or (kind in "PSN" and (width == "A" or character >= "←"))


WIDTHS = Ems(
    {  # of what is neither a square nor a little over half an em wide
        **dict.fromkeys("ijlt", 0.36),
        **dict.fromkeys("frI.,:;'!|()[]- ", 0.42),
        **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.68),
        **dict.fromkeys("mwMW@%&", 0.92),
        **dict.fromkeys("°®¡¿¹²³′″", 0.5),
        **dict.fromkeys("–−€¤", 0.57),
    }
)
NARROWEST = min(WIDTHS.values())
QUOTES, LEAST_CHINESE = "‘’“”", "\u2e80"

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = LINE
    width: float = 0.7
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Polygon:
    points: tuple[tuple[float, float], ...]
    fill: str = ""
    stroke: str = ""
    width: float = 0.7
    dash: tuple[float, ...] = ()
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Circle:
    x: float
    y: float
    radius: float
    fill: str = ""
    stroke: str = ""
    width: float = 0.7


@dataclass(frozen=True, slots=True)
class Rect:
    """`link` is a key such as `criterion:T1.1`; each painter turns it into its own kind of link, or leaves it."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    line: float = 0.7
    link: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Text with its baseline at `y`."""

    x: float
    y: float
    text: str
    size: float
    anchor: Anchor = "start"
    fill: str = INK
    bold: bool = False
    link: str = ""


Shape = Line | Polygon | Circle | Rect | Label


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture; `title` names it and `description` tells its numbers to those who don't see it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    description: str = ""

    @property
    def alt(self) -> str:
        """Both in one, for where there is one place."""
        told = {"title": self.title, "description": self.description}
        return _("%(title)s: %(description)s") % told if self.description else self.title


def tone(level: int, highest: int) -> int:
    """Which of the ten tones a level bears: the lightest for 0, the darkest for the highest, no two levels the same.

    >>> [tone(level, 5) for level in range(6)], [tone(level, 1) for level in range(2)]
    ([0, 2, 4, 5, 7, 9], [0, 9])
    """
    return (2 * (len(TONES) - 1) * level + highest) // (2 * highest)


def shade(level: int, highest: int) -> tuple[str, str]:
    """The colour of a level's ground, and of letters on it."""
    number = tone(level, highest)
    return TONES[number], PAPER if number >= LIGHT_ON else INK


def text_width(text: str, size: float) -> float:
    """An estimate that needs no font: Chinese one em, digits and most of Latin a little over half.

    Quotation marks are as wide as the text that they stand in: those of Latin alone are narrow.

    >>> text_width("“一网”→①", 10), text_width("people’s", 10) == text_width("peoples", 10) + 5.7
    (60.0, True)
    """
    ems = sum(map(WIDTHS.__getitem__, text))
    if not text.isascii() and max(text) < LEAST_CHINESE:
        ems -= 0.43 * sum(map(text.count, QUOTES))
    return size * ems


def _most(size: float, width: float) -> int:
    """More characters than fit, however long a text is: nobody has to measure all of it."""
    return max(int(width / (size * NARROWEST)), 0) + 1


def fitted(text: str, size: float, width: float) -> str:
    """The text, cut with an … where it would not fit."""
    if text_width(text, size) <= width:
        return text
    most = min(len(text), _most(size, width))
    while most and text_width(text[:most] + "…", size) > width:
        most -= 1
    return cut(text, most)


@lru_cache(2048)  # a framework's titles come again in every city's report
def wrapped(text: str, size: float, width: float, most: int = 2) -> tuple[str, ...]:
    """At most so many rows, broken where a paragraph might be; what does not fit is cut with an …

    >>> wrapped("Services and applications", 10, 90), wrapped("中枢与末梢并重（试点）", 10, 80), wrapped("一件事集成", 10, 40)
    (('Services and', 'applications'), ('中枢与末梢并重', '（试点）'), ('一件事', '集成'))
    """
    rows: list[str] = []
    while len(text) > 1 and len(rows) < most - 1 and text_width(text, size) > width:
        end = _row_end(text, size, width)
        rows.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return (*rows, fitted(text, size, width))


def _row_end(text: str, size: float, width: float) -> int:
    """Where the first row of several ends; the last has more than one character."""
    words = inside_words(text)
    furthest = min(len(text) - 1, _most(size, width))
    most = next(end for end in range(furthest, 0, -1) if end == 1 or text_width(text[:end].rstrip(), size) <= width)
    allowed = (
        at
        for at in range(min(most, max(len(text) - 2, 1)), 0, -1)
        if legal(text, at) and (at not in words or text[at - 1] == "-")
    )
    return next(allowed, most)
