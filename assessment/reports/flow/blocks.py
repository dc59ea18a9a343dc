"""Open this for what a report that flows is made of: headings, paragraphs, tables, pictures, without any page.

Word and the web page draw the same blocks. Keys such as `criterion:T1.1` name places that links lead to. What a report has
thousands of is a named tuple: made in less than half the time that a frozen dataclass takes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from assessment.reports.charts import Figure

Tone = Literal["", "strong", "navy", "grey", "link", "critical", "major", "minor"]
Align = Literal["left", "centre", "right"]
Item = Literal["", "bullet", "numbered"]


class Span(NamedTuple):
    """A piece of text in one tone. `to` is a place in the report, `href` a checked web address; `raised` a small mark;
    `whole`: no line ends within."""

    text: str
    tone: Tone = ""
    to: str = ""
    href: str = ""
    raised: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Rungs:
    """The levels of a criterion in a row: `level` filled, `target` outlined, `verified` ticked."""

    level: int
    target: int
    verified: int | None
    highest: int


class Para(NamedTuple):
    """A paragraph, or an item of a list with its `number`; of a list within another one at `depth` 1. `small`: in notes."""

    spans: tuple[Span | Rungs, ...]
    item: Item = ""
    number: int = 0
    small: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 3; into the contents at 1 and 2, but for a `small` one: of a part within a page or two."""

    level: int
    text: str
    key: str
    small: bool = False

    @property
    def is_listed(self) -> bool:
        return self.level < 3 and not self.small


class Cell(NamedTuple):
    paras: tuple[Para, ...]
    align: Align = "left"


class Row(NamedTuple):
    """`key` is its place; `shaded` sets it off from the others, `own` as what a person wrote."""

    cells: tuple[Cell, ...]
    key: str = ""
    shaded: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the measure. Without `heads` each row's first cell is its head.

    `banner` is a head of one cell across, over rows that still have their own. `caption` names it; a table without one is
    not counted. `dense`: many narrow columns, their heads upright.
    """

    heads: tuple[Cell, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    caption: str = ""
    dense: bool = False
    label: str = ""
    banner: Cell | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture under its caption; `narrow` draws the same for a phone. `name` is the same for the same picture."""

    name: str
    figure: Figure
    caption: str
    narrow: Callable[[], Figure] | None = None


@dataclass(frozen=True, slots=True)
class Boxes:
    """Key figures in a row: name, figure and note of each."""

    boxes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What a person wrote, under who wrote it, set apart from what the tool says."""

    by: str
    paras: tuple[Para, ...]


Block = Heading | Para | Table | Picture | Boxes | Own


@dataclass(frozen=True, slots=True)
class Chapter:
    """`heading` and what follows it. `turns`: on a page of its own, else on that on which the one before ends."""

    heading: Heading
    blocks: tuple[Block, ...]
    turns: bool = True


def para(*spans: Span | str, small: bool = False) -> Para:
    return Para(tuple(map(_span, spans)), small=small)


def cell(*spans: Span | Rungs | str, align: Align = "left") -> Cell:
    """A cell of one paragraph."""
    return Cell((Para(tuple(map(_span, spans))),), align)


def middle(*spans: Span | str) -> Cell:
    return cell(*spans, align="centre")


def _span(piece: Span | Rungs | str) -> Span | Rungs:
    return Span(piece) if isinstance(piece, str) else piece
