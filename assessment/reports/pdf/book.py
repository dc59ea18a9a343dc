"""Open this for how pages fill: a cursor that goes down, pages kept until the end, then written in one go.

Nothing is laid out twice. What is only known at the end (the number of pages, the contents' page numbers, where links
lead) is added to the kept pages before they are written.

Who writes a chapter needs to know little of tags: `heading`, `write`, `figure` and `Table.draw` name what they set, text
that is `put` or is a `label` becomes a paragraph by itself, rules and fills become artifacts. For anything else say
`with book.tag("Caption"):`, and `with book.artifact():` for what is only looks.

    book = Book(fonts, look.A4)                 # any sheet: width, height and margins are its own
    book.new_page()
    book.heading(_("Results"), 1, "results")    # a part of the report, its heading, contents, outline
    book.write(_("…"))                          # a paragraph, over as many pages as it takes
    book.figure(charts.radar(…))                # a picture with its words for who does not see it
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from math import inf

from PIL import Image

from assessment.design import Design
from assessment.reports import charts, words
from assessment.reports.charts.painting import operand
from assessment.reports.charts.shapes import Figure
from assessment.reports.fonts import MARKS, Fonts, Subset
from assessment.reports.pdf import look, tags
from assessment.reports.pdf.tags import Element, Inside, Tags
from assessment.reports.pen import Pen
from assessment.reports.typeset import Box, Paragraph, Run, Setter, Style

SLANT = 0.7071  # of a word across the page: 45 degrees


@dataclass(eq=False)
class Page:
    """One page's operators, links, and the chapter it belongs to. `owners`: whose each marked content is, by number."""

    position: int
    chapter: str = ""
    bare: bool = False
    code: list[str] = field(default_factory=list)
    links: list["Link"] = field(default_factory=list)
    owners: list[Element] = field(default_factory=list)
    number: int = 0  # of its object, once it is written


@dataclass(slots=True, eq=False)
class Link:
    """A rectangle that leads to `key`, which is a place in the document or a web address. `words` say where to."""

    key: str
    box: Box
    words: str
    element: Element
    page: Page
    number: int = 0  # of its object, once it is written
    way: int = 0  # back to its element


@dataclass(frozen=True)
class Entry:
    """A line of the contents and of the outline."""

    level: int
    title: str
    key: str
    page: int


class Palette:
    """The house's two colours as this report's design has them; pictures keep theirs, which mean something."""

    def __init__(self, design: Design) -> None:
        self._own = {look.DEEP: operand(design.deep), look.ACCENT: operand(design.accent)}

    def __call__(self, colour: str) -> str:
        return self._own.get(colour, colour)


class Book:
    """The report while it is written."""

    def __init__(self, fonts: Fonts, sheet: look.Sheet = look.A4, design: Design = Design()) -> None:
        self.sheet = sheet
        self.tint = Palette(design)
        self.images: dict[bytes, str] = {}  # a picture's PNG, and what it is called on the pages
        self.setter = Setter(fonts, latin=words.is_latin())
        self.subsets = {
            weight: Subset(face, f"F{number}") for number, (weight, face) in enumerate(fonts.faces.items(), 1)
        }
        self.pen = Pen(self.subsets, self.tint)
        self.tags = Tags()
        self.pages: list[Page] = []
        self.entries: list[Entry] = []
        self.places: dict[str, tuple[int, float]] = {}
        self.cited: dict[str, list[int]] = {}  # by the key of what is cited: the pages, in order, that cite it
        self.chapter = ""
        self.chapters = self.subheadings = self.appendices = 0  # numbered so far
        self.y = sheet.top
        self._drawing = False  # a picture, which is one marked content

    # Pages

    @property
    def left(self) -> float:
        """Room on this page, in points."""
        return self.y - self.sheet.bottom

    def new_page(self, bare: bool = False) -> Page:
        if self.pages:
            full = self.pages[-1]
            full.code[:] = ["\n".join(full.code)]  # takes half the memory
        self.page = Page(len(self.pages) + 1, self.chapter, bare)
        self.pages.append(self.page)
        self.y = self.sheet.top
        return self.page

    def turn_to(self, page: Page) -> None:
        """Go on at the head of a page that was kept."""
        self.page, self.y = page, self.sheet.top

    def begin(self, chapter: str) -> None:
        """A new chapter: on a new page, unless half of this one is still free."""
        self.chapter = chapter
        if self.left < self.sheet.room / 2:
            self.new_page()
        self.space(20)

    def need(self, height: float) -> None:
        """A new page unless so much room is left."""
        if self.left < height and self.y < self.sheet.top:
            self.new_page()

    def space(self, height: float) -> None:
        """Air, but none at the head of a page."""
        if self.y < self.sheet.top:
            self.y -= height

    # Names for what follows

    def tag(self, kind: str, entries: str = "") -> Inside:
        """A block of one kind, such as `P`, `Caption`, `L`; `entries` are its attributes (see `tags`)."""
        return self.tags.open(kind, entries)

    def artifact(self, kind: tags.Artifact = tags.LAYOUT) -> Inside:
        """A block of what is no content."""
        return self.tags.inside(kind)

    def text(self, kind: str = "P") -> Inside:
        """A block of text: of this kind, unless we are inside one that holds text already."""
        here = self.tags.here
        return self.tags.open(kind) if here.kind in tags.GROUPS else self.tags.inside(here)

    def aim(self, key: str, y: float | None = None) -> None:
        """Links to `key` lead here."""
        self.places.setdefault(key, (self.page.position, self.y if y is None else y))

    # What goes on a page

    def lay(self, runs: Run | Sequence[Run], width: float, leading: float, **how: object) -> Paragraph:
        return self.setter.lay(runs, width, leading, **how)  # type: ignore[arg-type]

    def put(self, paragraph: Paragraph, x: float, top: float) -> None:
        if self.tags.here.kind not in tags.GROUPS:
            self.pen.draw(paragraph, x, top, self.page.code, self)
            return
        with self.tags.open("P"):
            self.pen.draw(paragraph, x, top, self.page.code, self)

    def write(
        self,
        runs: Run | Sequence[Run] | str,
        style: Style = look.BODY,
        leading: float = look.LEADING,
        indent: float | None = None,
        kind: str = "P",
    ) -> None:
        """A paragraph over the measure, split where the page ends; neither its first nor its last line stands alone.

        `indent` in points; by itself what the language wants, two characters in Chinese.
        """
        runs = Run(runs, style) if isinstance(runs, str) else runs
        size = runs.style.size if isinstance(runs, Run) else runs[0].style.size if runs else 0
        indent = words.indent() * size if indent is None else indent
        paragraph = self.lay(runs, self.sheet.measure, leading, indent=indent)
        with self.text(kind):
            while paragraph.lines:
                count = self._lines_that_fit(paragraph)
                self.put(paragraph.part(0, count), self.sheet.left, self.y)
                self.y -= count * leading
                paragraph = paragraph.part(count, len(paragraph.lines))
                if paragraph.lines:
                    self.new_page()

    def _lines_that_fit(self, paragraph: Paragraph) -> int:
        total = len(paragraph.lines)
        count = min(total, int((self.left + 0.01) / paragraph.leading))
        if count < min(total, 3 if total == 3 else 2) and self.y < self.sheet.top:
            self.new_page()
            return self._lines_that_fit(paragraph)
        return total - 2 if count == total - 1 and total > 3 else max(count, 1)

    def heading(
        self, title: str, level: int, key: str = "", *, listed: bool = True, keep: float = 90, numbered: bool = True
    ) -> None:
        """A heading that keeps `keep` points of what follows on its page; into the contents unless not `listed`.

        Chapters are numbered, and in them what has no code of its own: all of those look the same.
        """
        is_part = level > 1 and numbered and self.subheadings >= 0
        style, leading = look.SUBHEADING if is_part else look.HEADINGS[level]
        self.space(10 if is_part else {1: 22, 2: 18, 3: 10}[level])
        after = 12 if level == 1 else 4
        self.need(leading + after + keep)
        title = self._numbered(title, level, numbered)
        if level == 1:
            self._start_chapter(title)
        if key:
            self.aim(key)
        if key and listed:
            self.entries.append(Entry(level, title, key, self.page.position))
        depth = self.tags.section(level)
        with self.tag(f"H{depth}"):
            laid = self.lay(Run(title, style), self.sheet.measure, leading, align="left")
            hung = style.size / 2 if title.startswith("（") else 0  # the bracket's empty half stands outside
            self.put(laid, self.sheet.left - hung, self.y)
        self.y -= laid.height
        if level == 1:
            self.rule(self.sheet.left, self.y - 1, 28, look.ACCENT, 1.6)
        self.y -= after

    def appendix(self, title: str, key: str, *, goes_on: bool = False, keep: float = 90) -> None:
        """The heading of an appendix. They are numbered as they come; one that `goes_on` under its heading keeps its number."""
        self.appendices += not goes_on
        self.heading(words.appendix(self.appendices, title), 2, key, listed=not goes_on, keep=keep)

    def _numbered(self, title: str, level: int, numbered: bool) -> str:
        if level == 1:
            self.subheadings = 0 if numbered else -1000
            self.chapters += numbered
            return words.chapter(self.chapters, title) if numbered else title
        self.subheadings += numbered
        return words.subheading(self.subheadings, title) if numbered and self.subheadings > 0 else title

    def _start_chapter(self, title: str) -> None:
        self.chapter = title
        if self.y == self.sheet.top:
            self.page.chapter = title

    def figure(self, figure: Figure, x: float | None = None) -> Element:
        """A picture at the cursor, in the middle of the measure unless `x` says else.

        Gives its element: a caption goes `with book.tags.inside(element), book.tag("Caption"):`.
        """
        x = self.sheet.left + (self.sheet.measure - figure.width) / 2 if x is None else x
        self.need(figure.height)
        element = self.picture(figure, x, self.y)
        self.y -= figure.height
        return element

    def picture(self, figure: Figure, x: float, top: float) -> Element:
        """A picture anywhere: to who does not see it, one thing with its description."""
        entries = f"{tags.alternative(figure.alt)} {tags.box(x, top - figure.height, x + figure.width, top)}"
        with self.tag("Figure", entries) as element:
            self.page.code.append(self.mark())
            self._drawing = True
            charts.draw(figure, self, x, top)
            self._drawing = False
            self.page.code.append("EMC")
        return element

    def rule(self, x: float, y: float, width: float, colour: str = look.RULE, thickness: float = 0.5) -> None:
        colour = self.tint(colour)
        self.emit(f"{colour} RG {thickness:g} w [] 0 d {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S")

    def fill(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        colour = self.tint(colour)
        self.emit(f"{colour} rg {x:.2f} {top - height:.2f} {width:.2f} {height:.2f} re f")

    def image_size(self, png: bytes, most: tuple[float, float]) -> tuple[float, float]:
        """Width and height of a logo that is as large as `most` allows, in points."""
        with Image.open(BytesIO(png)) as picture:
            scale = min(most[0] / picture.width, most[1] / picture.height)
            return picture.width * scale, picture.height * scale

    def image(self, png: bytes, x: float, top: float, most: tuple[float, float], alt: str) -> float:
        """A logo, as large as `most` (width, height) allows; gives its width."""
        width, height = self.image_size(png, most)
        called = self.images.setdefault(png, f"I{len(self.images) + 1}")
        bottom = top - most[1] / 2 - height / 2
        with self.tag("Figure", f"{tags.alternative(alt)} {tags.box(x, bottom, x + width, bottom + height)}"):
            place = f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {bottom:.2f} cm /{called} Do Q"
            self.page.code.append(f"{self.mark()} {place} EMC")
        return width

    def slanted(self, text: str, size: float, colour: str) -> None:
        """One word from the lower left to the upper right, over the middle of the page."""
        laid = self._label(text, size, bold=True)
        x, y = (side / 2 - laid.lines[0].width / 2 * SLANT for side in (self.sheet.width, self.sheet.height))
        turned = f"{SLANT} {SLANT} -{SLANT} {SLANT} {x:.2f} {y:.2f} Tm"
        self._one_line(f"BT {turned} 0 Tc {colour} rg {self.pen.label(laid)} ET")

    # What the pen asks of who knows the tags

    def mark(self) -> str:
        return self.tags.mark(self.page)

    def mark_part(self, run: Run, again: bool) -> str:
        if not again:
            self._part = self.tags.label() if run.label else self.tags.add("Link")
        return tags.marked(self._part, self.page)

    def linked(self, run: Run, box: Box) -> None:
        if isinstance(self._part, tags.Artifact):
            return
        links = self.page.links
        first = not (links and links[-1].element is self._part)
        links.append(Link(run.link, box, run.text.translate(MARKS), self._part, self.page))
        self._part.kids.append(links[-1])
        if first and run.link.startswith("ref:"):
            self._cite(run.link, box[3])

    def _cite(self, key: str, top: float) -> None:
        """Remember the place, so that the reference can lead back to it."""
        pages = self.cited.setdefault(key, [])
        pages.append(self.page.position)
        self.aim(citing(key, len(pages)), top)

    # A canvas for pictures

    def emit(self, operators: str) -> None:
        self.page.code.append(operators if self._drawing else f"/Artifact BMC {operators} EMC")

    def link(self, key: str, left: float, bottom: float, right: float, top: float, words: str = "") -> None:
        """A rectangle that leads to `key`; it belongs to the link we are in, or is one itself. Artifacts lead nowhere."""
        element = self.tags.here if self.tags.here.kind == "Link" else self.tags.add("Link")
        if isinstance(element, tags.Artifact):
            return
        self.page.links.append(Link(key, (left, bottom, right, top), words, element, self.page))
        element.kids.append(self.page.links[-1])

    def label(self, x: float, y: float, text: str, size: float, anchor: str, colour: str, bold: bool) -> None:
        """One line of text by its baseline."""
        colour = colour if self._drawing else self.tint(colour)
        laid = self._label(text, size, bold)
        if anchor != "start":
            x -= laid.lines[0].width / (1 if anchor == "end" else 2)
        self._one_line(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm 0 Tc {colour} rg {self.pen.label(laid)} ET")

    def sideways(
        self, x: float, y: float, text: str, size: float, room: float, colour: str = operand("#5b6773")
    ) -> None:
        """One line of text that reads upwards from (x, y), cut where the room ends."""
        laid = self._label(self.setter.fitted(text, look.label(size), room), size)
        self._one_line(f"BT 0 1 -1 0 {x:.2f} {y:.2f} Tm 0 Tc {colour} rg {self.pen.label(laid)} ET")

    def _label(self, text: str, size: float, bold: bool = False) -> Paragraph:
        """As a paragraph of one line, as long as it may be."""
        return self.setter.lay(Run(text.replace("\n", " "), look.label(size, bold)), inf, size, align="left")

    def _one_line(self, operators: str) -> None:
        if self._drawing:
            self.page.code.append(operators)
            return
        with self.text():
            self.page.code.append(f"{self.mark()} {operators} EMC")


def citing(key: str, number: int) -> str:
    """The key of a place that cites: the `number`-th of those that cite `key`."""
    return f"cite:{key.removeprefix('ref:')}:{number}"
