"""Open this for the coverage matrix, clause × criterion: a picture of dots, too small for table cells."""

from collections.abc import Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from assessment.reports import prose
from assessment.reports.content.facts import Column, Content, MatrixRow
from assessment.reports.pdf import look, tags
from assessment.reports.pdf.book import Book, citing
from assessment.reports.typeset import Run, Style, styled

ROW = 9.4
HEADS = (66.0, 118.0)  # the least and the most that the columns' names are tall
NAME, NAMED, SMALLEST = 132.0, Style(6.8), 5.4  # the least that names have, their type, and that of the longest
HEADED = 6.6  # points: the type of the columns' names
NARROWEST, WIDEST = 8.6, 20.0  # of a column


def matrix(book: Book, content: Content) -> None:
    """Clause × criterion, on as many pages as it takes; the columns' numbers lead to the references."""
    columns, rows = content.matrix.columns, content.matrix.rows
    if not columns:
        return
    for start in range(0, len(columns), 36):
        book.appendix(_("Coverage: clause × criterion"), "appendix-c", goes_on=start > 0, keep=400)
        book.write(Run(prose.matrix_words(), look.CELL), leading=look.CELL_LEADING, indent=0)
        book.space(4)
        _part(book, columns[start : start + 36], [(row, row.marks[start : start + 36]) for row in rows])


def _part(book: Book, columns: Sequence[Column], rows: Sequence[tuple[MatrixRow, Sequence[str]]]) -> None:
    name = _name_width(book, [row for row, _marks in rows], len(columns))
    step = min((look.MEASURE - name) / len(columns), WIDEST)
    tall = _tall(book, columns)
    remaining = list(rows)
    with book.tag("Table"):
        with book.tag("TR"):
            _head(book, columns, (name, step), tall)
        while remaining:
            count = _rows_here(book.left, len(remaining), tall)
            for number, (row, marks) in enumerate(remaining[:count]):
                with book.tag("TR"):
                    _row(book, row, marks, (name, step), shaded=number % 2 == 0)
            remaining = remaining[count:]
            if remaining:
                book.new_page()
                with book.artifact(tags.AGAIN):
                    _head(book, columns, (name, step), tall)


def _tall(book: Book, columns: Sequence[Column]) -> float:
    """As tall as the longest name of a column wants; Latin ones are longer."""
    least, most = HEADS
    longest = max(book.setter.width(book.setter.clean(_cited(column)), look.label(HEADED)) for column in columns)
    return min(most, max(least, longest + 7))


def _cited(column: Column) -> str:
    return f"{_number(column)} {column.short}"


def _number(column: Column) -> str:
    return f"[{column.number}]" if column.number else "–"


def _name_width(book: Book, rows: Sequence[MatrixRow], columns: int) -> float:
    """As much as the longest name wants, of what the columns leave."""
    longest = max(book.setter.width(book.setter.clean(_named(row)), NAMED) for row in rows) + 10
    return max(NAME, min(longest, look.MEASURE - NARROWEST * columns))


def _named(row: MatrixRow) -> str:
    return f"{row.code} {row.title}"


def _rows_here(room: float, rows: int, head: float) -> int:
    """All rows if they fit, else half of the last two pages' worth, so that no page has only a few."""
    fit, full = int(room / ROW), int((look.ROOM - head) / ROW)
    if rows <= fit:
        return rows
    return max(1, min(fit, -(-rows // 2) if rows <= fit + full else fit))


def _head(book: Book, columns: Sequence[Column], widths: tuple[float, float], tall: float) -> None:
    (name, step), source = widths, ""
    book.tag("TD")  # over the names
    for number, column in enumerate(columns):
        x = look.LEFT + name + step * number
        base = book.y - tall
        cited = _number(column)
        with book.tag("TH", tags.scope("Column")), book.tag("Link") if column.number else book.text():
            book.sideways(x + step / 2 + 2.4, base + 3, _cited(column), HEADED, tall - 6)
            if column.number:
                book.link(f"ref:{column.number}", x, base, x + step, book.y, cited)
                book.aim(citing(f"ref:{column.number}", 0), book.y)
        if source and column.source != source:
            book.emit(f"{look.ACCENT} RG 0.8 w [] 0 d {x:.2f} {base:.2f} m {x:.2f} {book.y:.2f} l S")
        source = column.source
    book.y -= tall
    book.rule(look.LEFT, book.y, name + step * len(columns), look.DEEP, 0.8)


def _row(book: Book, row: MatrixRow, marks: Sequence[str], widths: tuple[float, float], shaded: bool) -> None:
    room, step = widths
    if shaded:
        book.fill(look.LEFT, book.y, room + step * len(marks), ROW, look.SHADE)
    wide = book.setter.width(book.setter.clean(_named(row)), NAMED)
    style = styled(max(SMALLEST, int(100 * NAMED.size * min(1, (room - 8) / wide)) / 100))
    name = book.setter.fitted(_named(row), style, room - 8)
    with book.tag("TH", tags.scope("Row")), book.tag("Link"):
        book.label(look.LEFT + 2, book.y - ROW + 2.7, name, style.size, "start", look.BODY.colour, False)
        book.link(f"criterion:{row.code}", look.LEFT, book.y - ROW, look.LEFT + room, book.y, name)
    at = 0
    for mark, some in groupby(marks):
        span = len(list(some))
        if not mark:  # one empty cell for a row of them: thousands would say nothing
            book.tag("TD", tags.columns(span))
            at += span
            continue
        for number in range(at, at + span):
            x = look.LEFT + room + step * (number + 0.5)
            with book.tag("TD"):
                book.label(x, book.y - ROW + 2.4, "●" if mark == "basis" else "○", 6.6, "middle", look.ACCENT, False)
        at += span
    book.y -= ROW
