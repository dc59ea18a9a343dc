"""Open this for how wide a Word table's columns are: shares of the measure, but no word broken that need not be."""

from collections.abc import Iterable

from assessment.reports.docx.marks import BOLD_TONES
from assessment.reports.flow.blocks import Cell, Span, Table

POINT = 20  # twentieths: what Word measures in
MEASURE = round(166 / 25.4 * 72) * POINT  # between the margins, in twentieths of a point
SIZE, PAD = 9, 9  # points: of the text, and of a cell's two sides
SLIM = frozenset("ijltfrI.,:;'()[]-")
# In em: a letter, and a slim one, in whatever font stands in.
BOLD, TEXT = (0.7, 0.42), (0.64, 0.42)
LONGEST = 90  # points: a longer word is an address or a hash, which may be broken


def shared(shares: Iterable[float]) -> list[int]:
    """The measure in columns; the last takes what rounding leaves."""
    shares = list(shares)
    whole = sum(shares)
    widths = [int(MEASURE * share / whole) for share in shares]
    widths[-1] += MEASURE - sum(widths)
    return widths


def wide_enough(table: Table) -> list[int]:
    """By the table's shares, but each column no less than its longest word wants, as far as the widest can give that."""
    widths = shared(table.widths)
    if table.dense:
        return widths
    wanted = [max(pair) for pair in zip(widths, map(_wanted, _columns(table)), strict=True)]
    widest = max(widths)
    giving, more = widths.count(widest), sum(wanted) - sum(widths)
    if more > giving * widest / 3:
        return widths
    return shared(want - more / giving if width == widest else want for width, want in zip(widths, wanted, strict=True))


def _columns(table: Table) -> Iterable[Iterable[float]]:
    """How wide the words of each column may be."""
    for number in range(len(table.widths)):
        heads = {(word, True) for word, _bold in _words(table.heads[number : number + 1])}
        yield [_width(*word) for word in heads | _words(row.cells[number] for row in table.rows)]


def _wanted(words: Iterable[float]) -> int:
    """In twentieths of a point."""
    return round(POINT * (max((width for width in words if width < LONGEST), default=0) + PAD))


def _width(word: str, is_bold: bool) -> float:
    letters = BOLD if is_bold else TEXT
    return SIZE * sum([letters[letter in SLIM] for letter in word])


def _words(cells: Iterable[Cell]) -> set[tuple[str, bool]]:
    """Each word, and whether it is bold. Chinese may be broken anywhere: only Latin words count."""
    spans = (span for cell in cells for para in cell.paras for span in para.spans if isinstance(span, Span))
    return {(word, span.tone in BOLD_TONES) for span in spans for word in span.text.split() if word.isascii()}
