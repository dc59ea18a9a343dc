"""Open this for the one-page summary: the figures, what they come to, what to do first, how sure they are."""

from collections.abc import Sequence
from itertools import batched

from django.utils.translation import gettext as _

from assessment.reports import prose, words
from assessment.reports.content.facts import Content, GapItem, Strength
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.table import PAD_X, Table
from assessment.reports.typeset import Run, styled

ROW_OF_BOXES = 74.0
FEW, MANY = 5, 4  # boxes on one row while all fit there, else on each of several
WHOLE = 9  # lines of a first step, where the page has room for them
BELOW_GAPS = 40.0  # points: the heading of what stands below the gaps, and the air around it
COLUMNS = (138, 74, look.MEASURE - 212)  # of the strengths and gaps


def summary(book: Book, content: Content) -> None:
    """One page that stands for all."""
    book.chapter = _("One-page summary")
    book.new_page()
    book.heading(_("One-page summary"), 1, "summary")
    _verdict(book, content)
    _judgement(book, content)
    _caps(book, content)
    _strengths(book, content)
    _worst(book, content)
    _how_sure(book, content)


def _verdict(book: Book, content: Content) -> None:
    boxes = prose.boxes(content)
    rows = list(batched(boxes, FEW if len(boxes) <= FEW else MANY, strict=False))
    height = ROW_OF_BOXES * len(rows)
    book.fill(look.LEFT, book.y, look.MEASURE, height, look.SHADE)
    book.fill(look.LEFT, book.y, 3, height, look.ACCENT)
    width = look.MEASURE / max(len(rows[0]), MANY)
    with book.tag("L"):
        for row, some in enumerate(rows):
            for column, box in enumerate(some):
                place = look.LEFT + 16 + column * width, book.y - row * ROW_OF_BOXES
                with book.tag("LI"):
                    _box(book, box, place, width - 10, first=not row and not column)
    book.y -= height + 10


def _box(book: Book, box: tuple[str, str, str], place: tuple[float, float], width: float, *, first: bool) -> None:
    (x, top), (name, value, note) = place, box
    name, note = (book.setter.fitted(text, styled(8.2, 700), width) for text in (name, note))
    with book.tag("Lbl"):
        book.label(x, top - 18, name, 8.2, "start", look.CELL_GREY.colour, False)
    with book.tag("LBody"):
        book.label(x, top - 44, value, 22 if first else 18, "start", look.DEEP, True)
        book.label(x, top - 62, note, 8.2, "start", look.BODY.colour, first)


def _judgement(book: Book, content: Content) -> None:
    book.heading(_("In short"), 3)
    book.write(prose.judgement(content), look.WIDE, look.WIDE_LEADING)


def _caps(book: Book, content: Content) -> None:
    caps = content.summary.caps
    book.heading(_("What limits the level"), 3)
    if not caps:
        unheld = _("No dimension is held down by a key criterion.")
        book.write(unheld if prose.any_level(content) else prose.no_level(), look.WIDE, look.WIDE_LEADING)
        return
    bold, plain = look.WIDE_NAVY, look.WIDE
    pieces = [
        [
            Run(f"{cap.code} {cap.name}", bold, f"section:{cap.code}"),
            Run(prose.held(cap), plain),
        ]
        for cap in caps[: prose.MOST]
    ]
    if len(caps) > prose.MOST:
        pieces.append([Run(_("the others under the overall results"), plain, "results")])
    head = Run(_("A key criterion holds these %(count)s dimensions below their score: ") % {"count": len(caps)}, plain)
    runs = [
        run for number, piece in enumerate(pieces) for run in ([Run(words.stop("；"), plain)] if number else []) + piece
    ]
    book.write([head, *runs, Run(words.stop("。"), plain)], leading=look.WIDE_LEADING)


def _strengths(book: Book, content: Content) -> None:
    book.heading(_("Strengths"), 3)
    if not content.summary.strengths:
        unreached = _("No dimension has reached level 1 yet.") if prose.any_level(content) else prose.no_level()
        book.write(unreached, look.WIDE, look.WIDE_LEADING)
        return
    table = _table(book, COLUMNS)
    for item in content.summary.strengths:
        carriers = _short(book, prose.carriers(item), COLUMNS[2])
        table.add([_dimension(item), f"{words.points(item.score)} · {words.level(item.level)}", carriers])
    table.draw()


def _table(book: Book, widths: Sequence[float]) -> Table:
    return Table(book, widths, style=look.WIDE, leading=look.WIDE_LEADING)


def _dimension(item: Strength) -> Run:
    return Run(f"{item.code} {item.name}", look.WIDE_NAVY, f"section:{item.code}")


def _worst(book: Book, content: Content) -> None:
    book.heading(_("Gaps to close first"), 3)
    if not content.summary.gaps:
        book.write(prose.no_gaps(content), look.WIDE, look.WIDE_LEADING)
        return
    room = book.left - BELOW_GAPS - _certainty(book, content).height
    least = words.lines_of_a_summary()
    tables = (_gaps(book, content, lines) for lines in range(WHOLE, least, -1))
    table = next((table for table in tables if table.height <= room), None)
    (table or _gaps(book, content, least)).draw()


def _gaps(book: Book, content: Content, lines: int) -> Table:
    """First steps in so many lines of their column; what is longer stands in full where it belongs."""
    table = _table(book, COLUMNS)
    for gap in content.summary.gaps:
        step = book.setter.shortened(prose.first_step(gap), look.WIDE, COLUMNS[2] - 2 * PAD_X, lines)
        table.add([_gap_name(book, gap), _gap_size(gap), [Run(step, look.WIDE), *_marks(gap)]])
    return table


def _short(book: Book, text: str, width: float) -> str:
    """About three lines of a column: what is longer stands in full where it belongs, and would push this off its page."""
    return book.setter.shortened(text, look.WIDE, width - 2 * PAD_X, words.lines_of_a_summary())


def _gap_name(book: Book, gap: GapItem) -> list[Run]:
    return [Run(_short(book, f"{gap.code} {gap.title}", COLUMNS[0]), look.WIDE_NAVY, f"criterion:{gap.code}")]


def _gap_size(gap: GapItem) -> list[Run]:
    return [
        Run(words.severity(gap.severity), look.coloured(gap.severity, 9.2)),
        Run(f" {gap.level}→{gap.target}\n", look.WIDE),
        Run(_("gain %(gain)s") % {"gain": words.signed(gap.gain)}, look.WIDE_GREY),
    ]


def _marks(gap: GapItem) -> list[Run]:
    return [look.mark(cite.number) for cite in gap.cites]


def _how_sure(book: Book, content: Content) -> None:
    book.heading(_("How sure these figures are"), 3)
    _certainty(book, content).draw()


def _certainty(book: Book, content: Content) -> Table:
    table = _table(book, [70, look.MEASURE - 70])
    for name, text in prose.how_sure(content):
        table.add([Run(name, look.WIDE_NAVY), text])
    return table
