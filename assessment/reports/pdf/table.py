"""Open this for tables of rows: measured once, split between rows, the header repeated, no row left alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assessment.reports import charts
from assessment.reports.charts.shapes import Figure
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.typeset import Align, Paragraph, Run, Style

PAD_X, PAD_Y = 5.0, 3.6
TALLEST = 260.0  # points: a taller row is cut into several

Block = Paragraph | Figure
type Given = Cell | Run | Sequence[Run] | str  # what a cell may be given as


@dataclass(frozen=True)
class Cell:
    """Blocks above one another."""

    blocks: tuple[Block, ...] = ()

    @cached_property
    def height(self) -> float:
        return sum(block.height for block in self.blocks)

    def cut(self, room: float) -> tuple["Cell", "Cell"]:
        """What fits in `room`, and the rest; pictures are not cut."""
        head: list[Block] = []
        for number, block in enumerate(self.blocks):
            if block.height <= room:
                head.append(block)
                room -= block.height
                continue
            rest = self.blocks[number:]
            if isinstance(block, Paragraph) and (count := int(room / block.leading)):
                head.append(block.part(0, count))
                rest = (block.part(count, len(block.lines)), *rest[1:])
            return Cell(tuple(head)), Cell(rest)
        return self, Cell()


@dataclass(frozen=True)
class Row:
    """Cells side by side. `key`: links to it lead here; `fill` is a colour; `rule` draws the hairline below."""

    cells: tuple[Cell, ...]
    key: str = ""
    fill: str = ""
    rule: bool = True
    pad: float = PAD_Y
    widths: tuple[float, ...] = ()  # own ones, where they differ from the table's

    @cached_property
    def height(self) -> float:
        return max((cell.height for cell in self.cells), default=0) + 2 * self.pad

    def pieces(self) -> list["Row"]:
        """The row itself, or several that together say the same, none taller than a good part of a page."""
        if self.height <= TALLEST:
            return [self]
        cuts = [cell.cut(TALLEST - 2 * self.pad) for cell in self.cells]
        head = replace(self, cells=tuple(cut[0] for cut in cuts), rule=False)
        rest = replace(self, cells=tuple(cut[1] for cut in cuts), key="")
        return [head, *rest.pieces()]


@dataclass
class Table:
    """`widths` in points, over the measure. `again` replaces the header on the pages after the first."""

    book: Book
    widths: Sequence[float]
    header: Row | None = None
    again: Row | None = None
    rows: list[Row] = field(default_factory=list)
    x: float = look.LEFT
    keep_first: int = 2
    style: Style = look.CELL
    leading: float = look.CELL_LEADING

    def cell(self, column: int, runs: Run | Sequence[Run] | str = "", align: Align = "justify", span: int = 1) -> Cell:
        """One paragraph, set to the column's width (or to that of `span` columns)."""
        runs = Run(runs, self.style) if isinstance(runs, str) else runs
        width = sum(self.widths[column : column + span]) - 2 * PAD_X
        return Cell((self.book.lay(runs, width, self.leading, align=align),))

    def stack(self, column: int, paragraphs: Sequence[Run | Sequence[Run]]) -> Cell:
        return Cell(tuple(self.cell(column, runs).blocks[0] for runs in paragraphs))

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
        rows = [piece for row in self.rows for piece in row.pieces()]
        if not rows:
            return
        head = self.header.height if self.header else 0
        self.book.need(head + sum(row.height for row in rows[: self.keep_first]))
        start = 0
        while start < len(rows):
            header = self.again if start and self.again else self.header
            if header:
                self._row(header)
            end = self._fit(rows, start)
            for row in rows[start:end]:
                self._row(row)
            start = end
            if start < len(rows):
                self.book.new_page()

    def _fit(self, rows: list[Row], start: int) -> int:
        """How far this page goes; it gives one row to the next page if that one would have a single row."""
        room, end = self.book.left, start
        while end < len(rows) and rows[end].height <= room + 0.01:
            room -= rows[end].height
            end += 1
        if end == len(rows) - 1 and end - start > 2:
            end -= 1
        return max(end, start + 1)

    def _row(self, row: Row) -> None:
        book, height, x = self.book, row.height, self.x
        if row.fill:
            book.fill(self.x, book.y, sum(self.widths), height, row.fill)
        if row.key:
            book.aim(row.key)
        for cell, width in zip(row.cells, row.widths or self.widths, strict=False):
            self._cell(cell, x + PAD_X, book.y - row.pad)
            x += width
        book.y -= height
        if row.rule:
            book.rule(self.x, book.y, sum(self.widths))

    def _cell(self, cell: Cell, x: float, top: float) -> None:
        for block in cell.blocks:
            if isinstance(block, Paragraph):
                self.book.put(block, x, top)
            else:
                charts.draw(block, self.book, x, top)
            top -= block.height


def _align(aligns: str, column: int, default: Align) -> Align:
    letters: dict[str, Align] = {"l": "left", "r": "right", "c": "centre", "j": "justify"}
    return letters[aligns[column]] if column < len(aligns) else default
