"""Open this for how wide a Word table's columns are: shares of the measure, but no word broken that need not be."""

from collections.abc import Iterable, Sequence

from assessment.reports.charts.shapes import text_width
from assessment.reports.flow.blocks import Cell, Span, Table

POINT = 20  # twentieths: what Word measures in
MEASURE = round(166 / 25.4 * 72) * POINT  # between the margins, in twentieths of a point
SIZE, PAD = 9, 9  # points: of the text, and of a cell's two sides
BOLD = 1.15  # how much wider bold letters of whatever font stands in may be than the estimate
LONGEST = 90  # points: a longer word is an address or a hash, which may be broken


def shared(shares: Iterable[float]) -> list[int]:
    """The measure in columns; the last takes what rounding leaves."""
    shares = list(shares)
    whole = sum(shares)
    widths = [int(MEASURE * share / whole) for share in shares]
    widths[-1] += MEASURE - sum(widths)
    return widths


def wide_enough(table: Table) -> list[int]:
    """By the table's shares, a column no less than its longest word wants; those with room to spare give it."""
    widths = shared(table.widths)
    if table.dense:
        return widths
    columns = zip(*(row.cells for row in table.rows), strict=True) if table.rows else ((),) * len(widths)
    heads = table.heads or (None,) * len(widths)
    wanted = [_wanted((*cells, head) if head else cells) for cells, head in zip(columns, heads, strict=True)]
    more = sum(max(0, want - width) for width, want in zip(widths, wanted, strict=True))
    spare = [max(0, width - want) for width, want in zip(widths, wanted, strict=True)]
    if not more or more > sum(spare):
        return widths
    return shared(
        want if width < want else width - more * left / sum(spare)
        for width, want, left in zip(widths, wanted, spare, strict=True)
    )


def _wanted(cells: Sequence[Cell]) -> int:
    """In twentieths of a point. Chinese may be broken anywhere: of it only Latin words count."""
    words = {word for cell in cells for word in _words(cell)}
    widths = (text_width(word, SIZE) * BOLD for word in words if word.isascii())
    return round(POINT * (max((width for width in widths if width < LONGEST), default=0) + PAD))


def _words(cell: Cell) -> Iterable[str]:
    for para in cell.paras:
        yield from "".join(span.text for span in para.spans if isinstance(span, Span)).split()
