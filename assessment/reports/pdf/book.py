"""Open this for how pages fill: a cursor that goes down, pages kept until the end, then written in one go.

Nothing is laid out twice. What is only known at the end (the number of pages, the contents' page numbers, where links
lead) is added to the kept pages before they are written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assessment.reports import charts
from assessment.reports.charts.painting import operand
from assessment.reports.charts.shapes import Figure
from assessment.reports.fonts import Fonts, Subset
from assessment.reports.pdf import look
from assessment.reports.typeset import Box, Paragraph, Pen, Run, Setter, Style, corrections, shown


@dataclass
class Page:
    """One page's operators, link boxes (key, left, bottom, right, top) and the chapter it belongs to."""

    chapter: str = ""
    bare: bool = False
    code: list[str] = field(default_factory=list)
    links: list[Box] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """A line of the contents and of the outline."""

    level: int
    title: str
    key: str
    page: int


class Book:
    """The report while it is written."""

    def __init__(self, fonts: Fonts) -> None:
        self.setter = Setter(fonts)
        self.subsets = {
            weight: Subset(face, f"F{number}") for number, (weight, face) in enumerate(fonts.faces.items(), 1)
        }
        self.pen = Pen(self.subsets)
        self.pages: list[Page] = []
        self.entries: list[Entry] = []
        self.places: dict[str, tuple[int, float]] = {}
        self.chapter = ""
        self.y = look.TOP

    # Pages

    @property
    def page(self) -> Page:
        return self.pages[-1]

    @property
    def left(self) -> float:
        """Room on this page, in points."""
        return self.y - look.BOTTOM

    def new_page(self, bare: bool = False) -> Page:
        self.pages.append(Page(self.chapter, bare))
        self.y = look.TOP
        return self.page

    def begin(self, chapter: str) -> None:
        """A new chapter: on a new page, unless half of this one is still free."""
        self.chapter = chapter
        if self.left < look.ROOM / 2:
            self.new_page()
        self.space(20)

    def need(self, height: float) -> None:
        """A new page unless so much room is left."""
        if self.left < height and self.y < look.TOP:
            self.new_page()

    def space(self, height: float) -> None:
        """Air, but none at the head of a page."""
        if self.y < look.TOP:
            self.y -= height

    # What goes on a page

    def lay(self, runs: Run | Sequence[Run], width: float, leading: float, **how: object) -> Paragraph:
        return self.setter.lay(runs, width, leading, **how)  # type: ignore[arg-type]

    def put(self, paragraph: Paragraph, x: float, top: float) -> None:
        self.pen.draw(paragraph, x, top, self.page.code, self.page.links)

    def write(
        self,
        runs: Run | Sequence[Run] | str,
        style: Style = look.BODY,
        leading: float = look.LEADING,
        indent: float = 0,
    ) -> None:
        """A paragraph over the measure, split where the page ends; neither its first nor its last line stands alone."""
        runs = Run(runs, style) if isinstance(runs, str) else runs
        paragraph = self.lay(runs, look.MEASURE, leading, indent=indent)
        while paragraph.lines:
            count = self._lines_that_fit(paragraph)
            self.put(paragraph.part(0, count), look.LEFT, self.y)
            self.y -= count * leading
            paragraph = paragraph.part(count, len(paragraph.lines))
            if paragraph.lines:
                self.new_page()

    def _lines_that_fit(self, paragraph: Paragraph) -> int:
        total = len(paragraph.lines)
        count = min(total, int((self.left + 0.01) / paragraph.leading))
        if count < min(2, total) and self.y < look.TOP:
            self.new_page()
            return self._lines_that_fit(paragraph)
        return total - 2 if count == total - 1 and total > 3 else max(count, 1)

    def heading(self, title: str, level: int, key: str = "", listed: bool = True, keep: float = 90) -> None:
        """A heading that keeps `keep` points of what follows on its page; into the contents unless not `listed`."""
        style, leading = look.HEADINGS[level]
        self.space({1: 22, 2: 18, 3: 10}[level])
        self.need(leading + keep)
        if level == 1:
            self._start_chapter(title)
        if key:
            self.aim(key)
        if key and listed:
            self.entries.append(Entry(level, title, key, len(self.pages)))
        self.put(self.lay(Run(title, style), look.MEASURE, leading, align="left"), look.LEFT, self.y)
        self.y -= leading
        if level == 1:
            self.rule(look.LEFT, self.y - 1, 28, look.ACCENT, 1.6)
            self.y -= 12
        else:
            self.y -= 4

    def _start_chapter(self, title: str) -> None:
        self.chapter = title
        if self.y == look.TOP:
            self.page.chapter = title

    def figure(self, figure: Figure, x: float | None = None) -> None:
        """A picture at the cursor, in the middle of the measure unless `x` says else."""
        x = look.LEFT + (look.MEASURE - figure.width) / 2 if x is None else x
        self.need(figure.height)
        charts.draw(figure, self, x, self.y)
        self.y -= figure.height

    def aim(self, key: str, y: float | None = None) -> None:
        """Links to `key` lead here."""
        self.places.setdefault(key, (len(self.pages), self.y if y is None else y))

    def rule(self, x: float, y: float, width: float, colour: str = look.RULE, thickness: float = 0.5) -> None:
        self.emit(f"{colour} RG {thickness:g} w [] 0 d {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S")

    def fill(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        self.emit(f"{colour} rg {x:.2f} {top - height:.2f} {width:.2f} {height:.2f} re f")

    # A canvas for pictures

    def emit(self, operators: str) -> None:
        self.page.code.append(operators)

    def link(self, key: str, left: float, bottom: float, right: float, top: float) -> None:
        self.page.links.append((key, left, bottom, right, top))

    def label(self, x: float, y: float, text: str, size: float, anchor: str, colour: str, bold: bool) -> None:
        """One line of text by its baseline."""
        text, style = self.setter.clean(text).replace("\n", " "), Style(size, 700 if bold else 400, colour)
        if anchor != "start":
            x -= self.setter.width(text, style) / (1 if anchor == "end" else 2)
        subset = self.subsets[style.weight]
        body = shown(subset, text, corrections(text) if len(text) > 1 else {})
        self.emit(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm 0 Tc /{subset.key} {size:g} Tf {colour} rg {body} ET")

    def sideways(
        self, x: float, y: float, text: str, size: float, room: float, colour: str = operand("#5b6773")
    ) -> None:
        """One line of text that reads upwards from (x, y), cut where the room ends."""
        text = self.setter.fitted(text, Style(size), room)
        subset = self.subsets[400]
        self.emit(
            f"BT 0 1 -1 0 {x:.2f} {y:.2f} Tm 0 Tc /{subset.key} {size:g} Tf {colour} rg <{subset.hex(text)}> Tj ET"
        )


def joined(pieces: Iterable[Run], separator: Run) -> list[Run]:
    runs: list[Run] = []
    for piece in pieces:
        runs += [separator, piece] if runs else [piece]
    return runs
