"""Open this for how wide a Word table's columns are: shares of the measure, but no word broken that need not be."""

from collections.abc import Iterable

from assessment.reports.docx.marks import BOLD_TONES
from assessment.reports.flow.blocks import Cell, Span, Table, Tone

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
        spans = {span for row in table.rows for span in _spans(row.cells[number])}
        heads = (span._replace(tone="strong") for span in _spans(table.heads[number])) if table.heads else ()
        yield [_width(word, span.tone) for span in (*heads, *spans) for word in span.text.split()]


def _wanted(words: Iterable[float]) -> int:
    """In twentieths of a point."""
    return round(POINT * (max((width for width in words if width < LONGEST), default=0) + PAD))


def _width(word: str, tone: Tone) -> float:
    """Chinese may be broken anywhere: only Latin words count."""
    letters = BOLD if tone in BOLD_TONES else TEXT
    return SIZE * sum(letters[letter in SLIM] for letter in word) if word.isascii() else 0


def _spans(cell: Cell) -> Iterable[Span]:
    return (span for para in cell.paras for span in para.spans if isinstance(span, Span))
