"""Open this for the chapter of overall results: radar and table, journeys, balances, heat map."""

from django.utils.translation import gettext as _

from assessment.reports import charts, words
from assessment.reports.charts.shapes import Figure
from assessment.reports.content.facts import Content, Section, Standing
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.table import Cell, Given, Row, Table
from assessment.reports.typeset import Run
from assessment.scoring import BALANCED, LEANING

EM = 8.2


def results(book: Book, content: Content) -> None:
    book.chapter = _("Overall results")
    book.new_page()
    book.heading(_("Overall results"), 1, "results")
    book.figure(charts.radar(content.overall.axes, 386, EM))
    _key(book)
    _standings(book, content)
    _pictures(book, _("Trends: from the old pole to the new"), _journey_words(), _journeys(content), 1)
    _pictures(book, _("Priorities: do both sides weigh the same?"), _balance_words(), _balances(content), 2)
    book.heading(_("All criteria: level and target"), 2, keep=300)
    book.figure(charts.heat_map(content.overall.heat, look.MEASURE, 9.1))


def _key(book: Book) -> None:
    y = book.y - 2
    centre = look.LEFT + look.MEASURE / 2
    book.emit(f"{look.DEEP} RG 1.3 w [] 0 d {centre - 92:.2f} {y:.2f} m {centre - 70:.2f} {y:.2f} l S")
    book.label(centre - 65, y - 3, _("score now"), 8.2, "start", look.BODY.colour, False)
    book.emit(f"{look.ACCENT} RG 0.9 w [2.9 2] 0 d {centre + 10:.2f} {y:.2f} m {centre + 32:.2f} {y:.2f} l S")
    book.label(centre + 37, y - 3, _("with every gap closed"), 8.2, "start", look.BODY.colour, False)
    book.y -= 18


def _standings(book: Book, content: Content) -> None:
    """The radar's numbers, and what qualifies them."""
    table = Table(book, [136, 46, 78, 50, 50, 62, look.MEASURE - 422])
    strict = any(s.standing.na for s in content.sections)
    titles = [_("Dimension"), _("Score"), _("Bounds"), _("By score"), _("Rated"), _("At target"), _("Coverage")]
    table.head([*titles[:2], titles[2] + (_(" (strict)") if strict else ""), *titles[3:]], "lrccccr")
    for lens in content.summary.lenses:
        table.add(_whole(lens.name, lens.standing), "lrccccr", fill=look.SHADE)
        for section in (section for section in content.sections if section.lens == lens.code):
            table.add(_standing(section), "lrccccr")
    overall = _whole(_("Overall score"), content.summary.overall, content.summary.at_target)
    table.add(overall, "lrccccr", fill=look.SHADE)
    table.draw()


def _whole(name: str, s: Standing, at_target: float | None = None) -> list[Given]:
    """A lens or the whole: never capped, so it has one level only."""
    return [
        Run(name, look.CELL_NAVY),
        _bold(words.points(s.score)),
        _bounds(s.low, s.high, s.strict if s.na else None),
        words.NOTHING,
        words.level(s.level),
        words.points(at_target),
        words.share(s.coverage),
    ]


def _standing(section: Section) -> list[Given]:
    s = section.standing
    held = Run(words.level(s.level), look.coloured("major") if section.cap else look.CELL)
    return [
        Run(f"{section.code} {section.name}", look.CELL, f"section:{section.code}"),
        _bold(words.points(s.score)),
        _bounds(s.low, s.high, s.strict if s.na else None),
        words.level(section.level_by_score),
        held,
        words.points(section.at_target),
        words.share(s.coverage),
    ]


def _bold(text: str) -> Run:
    return Run(text, look.CELL_BOLD)


def _bounds(low: float | None, high: float | None, strict: float | None) -> str:
    bounds = f"{words.points(low)}–{words.points(high)}"
    return bounds if strict is None else f"{bounds} ({words.points(strict)})"


def _journey_words() -> str:
    return _("Filled: the score now; hollow: with every gap closed; band: the bounds; ticks: mean level.")


def _balance_words() -> str:
    text = _(
        "The heavier side is the one with the higher score. Apart by up to %(balanced)s points: balanced; "
        "up to %(leaning)s: leaning; more: lopsided."
    )
    return text % {"balanced": BALANCED, "leaning": LEANING}


def _journeys(content: Content) -> list[tuple[str, str, Figure]]:
    width = look.MEASURE - 130
    return [(j.code, j.name, charts.journey(j, width, EM, content.method.highest)) for j in content.overall.journeys]


def _balances(content: Content) -> list[tuple[str, str, Figure]]:
    width = (look.MEASURE - 20) / 2 - 2 * 5
    return [(b.code, b.name, charts.balance(b, width, EM)) for b in content.overall.balances]


def _pictures(book: Book, title: str, note: str, pictures: list[tuple[str, str, Figure]], columns: int) -> None:
    if not pictures:
        return
    book.heading(title, 2, keep=pictures[0][2].height * 2 + 56)
    book.write(note, look.CELL_GREY, look.CELL_LEADING)
    if columns == 1:
        _beside(book, pictures)
    else:
        _in_columns(book, pictures)


def _beside(book: Book, pictures: list[tuple[str, str, Figure]]) -> None:
    """A name on the left, its picture on the right."""
    table = Table(book, [118, look.MEASURE - 118])
    for code, name, figure in pictures:
        label = table.cell(0, [Run(f"{code}\n", look.CELL_GREY), Run(name, look.CELL_NAVY, f"section:{code}")], "left")
        table.rows.append(Row((label, Cell((figure,))), pad=6))
    table.draw()


def _in_columns(book: Book, pictures: list[tuple[str, str, Figure]]) -> None:
    width = look.MEASURE / 2
    table = Table(book, [width, width])
    for start in range(0, len(pictures), 2):
        cells = []
        for code, name, figure in pictures[start : start + 2]:
            title = table.cell(0, Run(f"{code} {name}", look.CELL_NAVY, f"section:{code}"), "left")
            cells.append(Cell((*title.blocks, figure)))
        table.rows.append(Row(tuple(cells), pad=6))
    table.draw()
