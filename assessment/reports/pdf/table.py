"""Open this for tables of rows: measured once, split between rows, the header repeated, no row left alone.

A table tells what it is: a header cell for each column, the first cell of a row as the header of that row. `kind` names
two others that look the same: `LIST`, whose first cells are the items' marks, and `PLACED`, which is no table at all but
things side by side.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest

from assessment.reports.charts.shapes import Figure
from assessment.reports.pdf import look, tags
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.tags import Element
from assessment.reports.typeset import Align, Paragraph, Run, Style

PAD_X, PAD_Y = 5.0, 3.6
BAR = 3.0  # points: how wide a bar at the left edge is
FEW = 3
TALLEST = 260.0  # points: a taller row is cut where the page ends
LEAST = 80.0  # points: of a row that is cut, what must have room on the page
TABLE = ("Table", "TR", "TH", "TD")
LIST = ("L", "LI", "Lbl", "LBody")
PLACED = ("", "", "", "")
ALIGNS: dict[str, Align] = {"l": "left", "r": "right", "c": "centre", "j": "justify"}
COLUMN, ROW = tags.scope("Column"), tags.scope("Row")

Block = Paragraph | Figure
type Given = Cell | Run | Sequence[Run] | str  # what a cell may be given as


@dataclass(eq=False)
class Cell:
    """Blocks above one another, `gap` points apart. `kinds` says what each text is: a heading, `P`, `L`, a list's item,
    or `LL`, one of a list within an item. Without them it is the cell's own."""

    blocks: tuple[Block, ...] = ()
    kinds: tuple[str, ...] = ()
    gap: float = 0

    @cached_property
    def height(self) -> float:
        return sum(block.height for block in self.blocks) + self.gap * max(len(self.blocks) - 1, 0)

    def cut(self, room: float) -> tuple["Cell", "Cell"]:
        """What fits in `room`, and the rest; pictures are not cut."""
        head: list[Block] = []
        for number, block in enumerate(self.blocks):
            if block.height <= room:
                head.append(block)
                room -= block.height + self.gap
                continue
            rest = self.blocks[number:]
            if isinstance(block, Paragraph) and (count := _lines_before_a_cut(block, room)):
                head.append(block.part(0, count))
                rest = (block.part(count, len(block.lines)), *rest[1:])
            return replace(self, blocks=tuple(head)), replace(self, blocks=rest, kinds=self.kinds[number:])
        return self, replace(self, blocks=())


def _lines_before_a_cut(paragraph: Paragraph, room: float) -> int:
    """How many lines fit; neither the first nor the last one stands alone."""
    count, total = int((room + 0.01) / paragraph.leading), len(paragraph.lines)
    count = total - 2 if count == total - 1 else count
    return count if count > 1 else 0


@dataclass(eq=False)
class Row:
    """Cells side by side. `key`: links to it lead here; `fill` is a colour; `bar` draws a bar along the left
    edge, `rule` the hairline below."""

    cells: tuple[Cell, ...]
    key: str = ""
    fill: str = ""
    bar: bool = False
    rule: bool = True
    pad: float = PAD_Y
    widths: tuple[float, ...] = ()  # own ones, where they differ from the table's
    goes_on: bool = False  # the one before, which was too tall for one piece

    @cached_property
    def height(self) -> float:
        return max((cell.height for cell in self.cells), default=0) + 2 * self.pad

    @property
    def least(self) -> float:
        """What it needs on the page that it begins on."""
        return self.height if self.height <= TALLEST else LEAST

    def cut(self, room: float) -> list["Row"]:
        """What fits in `room`, and the rest, which together say the same."""
        cuts = [cell.cut(room - 2 * self.pad) for cell in self.cells]
        head = replace(self, cells=tuple(cut[0] for cut in cuts), rule=False)
        return [head, replace(self, cells=tuple(cut[1] for cut in cuts), key="", goes_on=True)]


@dataclass
class Table:
    """`widths` in points, over the measure. `again` replaces the header on the pages after the first.

    `title` is a row that stands over the table and is none of it.
    """

    book: Book
    widths: Sequence[float]
    title: Row | None = None
    header: Row | None = None
    again: Row | None = None
    rows: list[Row] = field(default_factory=list)
    x: float | None = None  # of its left edge; by itself the margin
    keep_first: int = 2
    style: Style = look.CELL
    leading: float = look.CELL_LEADING
    kind: tuple[str, str, str, str] = TABLE
    row_heads: bool = True  # whether the first cell of a row is its header

    def cell(self, column: int, runs: Run | Sequence[Run] | str = "", align: Align = "justify", span: int = 1) -> Cell:
        """One paragraph, set to the column's width (or to that of `span` columns)."""
        runs = Run(runs, self.style) if isinstance(runs, str) else runs
        width = sum(self.widths[column : column + span]) - 2 * PAD_X
        return Cell((self.book.lay(runs, width, self.leading, align=align),))

    def stack(self, column: int, paragraphs: Sequence[Run | Sequence[Run]], each: str = "P") -> Cell:
        return Cell(tuple(self.cell(column, runs).blocks[0] for runs in paragraphs), (each,) * len(paragraphs))

    def head(self, titles: Sequence[str], aligns: str = "") -> None:
        cells = [self.cell(k, Run(title, look.CELL_NAVY), _align(aligns, k, "left")) for k, title in enumerate(titles)]
        self.header = Row(tuple(cells), fill=look.SHADE)

    def add(self, cells: Sequence[Given], aligns: str = "", key: str = "", fill: str = "") -> None:
        made = [
            c if isinstance(c, Cell) else self.cell(k, c, _align(aligns, k, "justify")) for k, c in enumerate(cells)
        ]
        self.rows.append(Row(tuple(made), key, fill))

    def draw(self) -> None:
        """Put the table at the cursor, over as many pages as it takes."""
        if not self.rows:
            return
        self.book.need(self.start)
        if self.title:
            self._draw(self.title, [])
        with self._tag(0):
            self._rows(list(self.rows))

    @property
    def start(self) -> float:
        """What it wants on the page on which it begins: of three rows none is left alone."""
        kept = FEW if len(self.rows) == FEW else self.keep_first
        return self.above + sum(row.least for row in self.rows[:kept])

    @property
    def height(self) -> float:
        """Of all of it, on one page."""
        return self.above + sum(row.height for row in self.rows)

    @property
    def above(self) -> float:
        """What stands above the first row."""
        return sum(row.height for row in (self.title, self.header) if row)

    def _rows(self, rows: list[Row]) -> None:
        start, fresh = 0, False
        elements: list[Element] = []
        while start < len(rows):
            self._header(first=not start and not fresh)
            end = self._end(rows, start)
            if end == start and fresh:
                end += 1  # what no page can hold runs over the edge, rather than for ever
            for row in rows[start:end]:
                elements = self._row(row, elements)
            start, fresh = end, True
            if start < len(rows):
                self.book.new_page()

    def _end(self, rows: list[Row], start: int) -> int:
        """Up to where rows go on this page; of a tall one, cut in two, the first part."""
        end = self._fit(rows, start)
        room = self.book.left - sum(row.height for row in rows[start:end])
        if end < len(rows) and rows[end].height > TALLEST and room >= LEAST:
            head, rest = rows[end].cut(room)
            if any(cell.blocks for cell in head.cells):
                rows[end : end + 1] = [head, rest]
                end += 1
        return end

    def _header(self, first: bool) -> None:
        if first and self.header:
            with self._tag(1):
                self._draw(self.header, [self._open(2, COLUMN) for _cell in self.header.cells])
        elif (again := self.again or self.header) and not first:
            with self.book.artifact(tags.AGAIN):
                self._draw(again, [])

    def _row(self, row: Row, before: list[Element]) -> list[Element]:
        """Draw it; gives the elements of its cells, into which the rest of a row that goes on belongs."""
        elements = before
        if not row.goes_on:
            with self._tag(1):
                heads = 1 if self.row_heads else 0
                elements = [self._open(2, ROW) if k < heads else self._open(3) for k in range(len(row.cells))]
        self._draw(row, elements)
        return elements

    def _tag(self, part: int) -> tags.Inside:
        kind = self.kind[part]
        return self.book.tag(kind) if kind else self.book.tags.inside(self.book.tags.here)

    def _open(self, part: int, entries: str = "") -> Element:
        kind, names = self.kind[part], self.book.tags
        return names.add(kind, entries if self.kind is TABLE else "") if kind else names.here

    def _fit(self, rows: list[Row], start: int) -> int:
        """How far this page goes; it gives one row to the next page if that one would have a single row."""
        room, end = self.book.left, start
        while end < len(rows) and rows[end].height <= room + 0.01:
            room -= rows[end].height
            end += 1
        if end == len(rows) - 1 and end - start > 2 and rows[end].height <= TALLEST:
            end -= 1
        return end if end > start or rows[start].height > TALLEST else start + 1

    def _draw(self, row: Row, elements: Sequence[Element]) -> None:
        book, height = self.book, row.height
        x = left = book.sheet.left if self.x is None else self.x
        if row.fill:
            book.fill(left, book.y, sum(self.widths), height, row.fill)
        if row.bar:
            book.fill(left, book.y, BAR, height, look.ACCENT)
        if row.key:
            book.aim(row.key)
        for number, (cell, width) in enumerate(zip(row.cells, row.widths or self.widths, strict=False)):
            with book.tags.inside(elements[number] if elements else book.tags.here):
                self._cell(cell, x + PAD_X, book.y - row.pad)
            x += width
        book.y -= height
        if row.rule:
            book.rule(left, book.y, sum(self.widths))

    def _cell(self, cell: Cell, x: float, top: float) -> None:
        for number, block in enumerate(cell.blocks):
            if isinstance(block, Figure):
                self.book.picture(block, x, top)
            else:
                self._text(block, cell.kinds[number] if cell.kinds else "", x, top)
            top -= block.height + cell.gap

    def _text(self, block: Paragraph, kind: str, x: float, top: float) -> None:
        if not kind:
            self.book.put(block, x, top)
        elif kind == "LL":
            with self._resumed("L"), self._resumed("LI"), self._resumed("LBody"):
                self._text(block, "L", x, top)
        elif kind == "L":
            with self._resumed("L"), self._resumed("LI", block), self._resumed("LBody", block):
                self.book.put(block, x, top)
        else:
            with self._resumed(kind, block):
                self.book.put(block, x, top)

    def _resumed(self, kind: str, block: Paragraph | None = None) -> tags.Inside:
        """A new element, or the last one in this cell if this is the rest of it: the row was cut."""
        here = self.book.tags.here
        last = here.kids[-1] if here.kids else None
        if (
            isinstance(last, Element)
            and last.kind == kind
            and (not block or (block.lines[:1] and block.lines[0].start))
        ):
            return self.book.tags.inside(last)
        return self.book.tag(kind)


def wide_enough(book: Book, widths: list[float], *texts: Iterable[str]) -> list[float]:
    """The widths, a column's no less than the longest word of its texts wants; the widest columns give the room.

    `texts` for each column from the first; a column without any keeps its width.
    """
    wanted = [max((_longest_word(book, text) for text in some), default=0) for some in texts]
    fitted = [max(pair) for pair in zip_longest(widths, wanted, fillvalue=0.0)]
    giving, more = widths.count(max(widths)), sum(fitted) - sum(widths)
    return [new - more / giving if old == max(widths) else new for old, new in zip(widths, fitted, strict=True)]


def _longest_word(book: Book, text: str) -> float:
    return max((book.setter.width(word, look.CELL_BOLD) for word in text.split()), default=0) + 2 * PAD_X + 0.1


def _align(aligns: str, column: int, default: Align) -> Align:
    return ALIGNS[aligns[column]] if column < len(aligns) else default
