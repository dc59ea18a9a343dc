"""Open this for the chapter of overall results: radar or bars, the table of scores, each lens's pictures, heat map."""

from collections.abc import Sequence
from itertools import batched

from django.utils.translation import gettext as _

from assessment.reports import charts, prose, words
from assessment.reports.charts.shapes import Figure
from assessment.reports.content.facts import Content, Group, Section, Standing
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.table import PLACED, Cell, Given, Row, Table
from assessment.reports.typeset import Run

EM = 8.2
BARS_A_PAGE = 30
APART = 8.0  # points
KEY = 18.0  # points that the key below takes


def results(book: Book, content: Content) -> None:
    book.begin(_("Overall results"))
    first, *others = _overview(content)
    book.heading(_("Overall results"), 1, "results", keep=first.height + KEY)
    picture = book.figure(first)
    for figure in others:
        book.space(6)
        picture = book.figure(figure)
    with book.tags.inside(picture), book.tag("Caption"):
        _key(book)
    _standings(book, content)
    for number, group in enumerate(content.groups, 1):
        _pictures(book, group, f"group-{number}")
    _heat(book, content)


def _overview(content: Content) -> list[Figure]:
    axes = content.overall.axes
    if len(axes) in charts.ON_A_WHEEL:
        return [charts.radar(axes, 386, EM)]
    return [charts.bars(some, look.MEASURE - 20, EM) for some in batched(axes, BARS_A_PAGE, strict=False)]


def _heat(book: Book, content: Content) -> None:
    room = look.ROOM - 40
    maps = charts.heat_maps(content.overall.heat, look.MEASURE, 9.1, highest=content.method.highest, tallest=room)
    book.heading(_("All criteria: level and target"), 2, "heat", keep=maps[0].figure.height)
    for part in maps:
        book.figure(part.figure)


def _key(book: Book) -> None:
    y = book.y - 2
    centre = look.LEFT + look.MEASURE / 2
    book.emit(f"{look.DEEP} RG 1.3 w [] 0 d {centre - 92:.2f} {y:.2f} m {centre - 70:.2f} {y:.2f} l S")
    book.emit(f"{look.ACCENT} RG 0.9 w [2.9 2] 0 d {centre + 10:.2f} {y:.2f} m {centre + 32:.2f} {y:.2f} l S")
    book.label(centre - 65, y - 3, _("score now"), 8.2, "start", look.BODY.colour, False)
    book.label(centre + 37, y - 3, _("with every gap closed"), 8.2, "start", look.BODY.colour, False)
    book.y -= KEY


def _standings(book: Book, content: Content) -> None:
    """The radar's numbers, and what qualifies them."""
    table = Table(book, [136, 46, 78, 50, 50, 62, look.MEASURE - 422])
    strict = any(s.standing.na for s in content.sections)
    titles = [_("Dimension"), _("Score"), _("Bounds"), _("By score"), _("Rated"), _("At target"), _("Coverage")]
    table.head([*titles[:2], titles[2] + (_(" (strict)") if strict else ""), *titles[3:]], "lrccccr")
    for lens in content.summary.lenses:
        if len(content.summary.lenses) > 1:
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
        prose.bounds(s.low, s.high, s.strict if s.na else None),
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
        prose.bounds(s.low, s.high, s.strict if s.na else None),
        words.level(section.level_by_score),
        held,
        words.points(section.at_target),
        words.share(s.coverage),
    ]


def _bold(text: str) -> Run:
    return Run(text, look.CELL_BOLD)


def _pictures(book: Book, group: Group, key: str) -> None:
    """The dimensions of one kind in a lens, under the lens's name."""
    pictures = [_picture(section) for section in group.sections]
    place = _in_columns if group.kind == "balance" else _beside
    table = place(book, group.sections, pictures)
    note = Run(prose.note(group), look.CELL_GREY)
    numbers = _tilts(book, group) if group.kind == "balance" else None
    whole = table.height + (APART + numbers.height if numbers else 0)
    keep = whole if numbers and whole < 0.7 * look.ROOM else table.start
    keep += book.lay(note, look.MEASURE, look.CELL_LEADING).height
    book.heading(words.group(group.lens.name, group.kind), 2, key, keep=keep)
    book.write(note, leading=look.CELL_LEADING, indent=0)
    table.draw()
    if numbers:
        book.space(APART)
        numbers.draw()


def _tilts(book: Book, group: Group) -> Table:
    """The balances' numbers, for who does not see the pictures."""
    table = Table(book, [128, 78, 42, 78, 42, 44, look.MEASURE - 412])
    sides = [_("First side"), _("Score"), _("Second side"), _("Score")]
    table.head([_("Dimension"), *sides, _("Tilt"), _("Verdict")], "llclccr")
    for section, balance in ((section, section.balance) for section in group.sections if section.balance):
        first, second = balance.sides
        cells: list[Given] = [
            Run(f"{section.code} {section.name}", look.CELL, f"section:{section.code}"),
            *(first.name, _bold(words.points(first.score)), second.name, _bold(words.points(second.score))),
            *(words.signed(balance.tilt), words.balance(balance.balance)),
        ]
        table.add(cells, "llclccr")
    return table


def _picture(section: Section) -> Figure:
    if section.journey:
        return charts.journey(section.journey, look.MEASURE - 130, EM)
    if section.balance:
        return charts.balance(section.balance, (look.MEASURE - 20) / 2 - 2 * 5, EM)
    if section.ruler:
        return charts.ruler(section.ruler, look.MEASURE - 130, EM)
    raise ValueError(f"a dimension of a kind that has no picture: {section.kind}")


def _beside(book: Book, sections: Sequence[Section], pictures: Sequence[Figure]) -> Table:
    """A name on the left, its picture on the right."""
    table = Table(book, [118, look.MEASURE - 118], kind=PLACED)
    for section, figure in zip(sections, pictures, strict=True):
        name = Run(section.name, look.CELL_NAVY, f"section:{section.code}")
        label = table.cell(0, [Run(f"{section.code}\n", look.CELL_GREY), name], "left")
        table.rows.append(Row((label, Cell((figure,))), pad=6))
    return table


def _in_columns(book: Book, sections: Sequence[Section], pictures: Sequence[Figure]) -> Table:
    width = look.MEASURE / 2
    table = Table(book, [width, width], kind=PLACED)
    for pair in batched(zip(sections, pictures, strict=True), 2, strict=False):
        cells = []
        for section, figure in pair:
            name = Run(f"{section.code} {section.name}", look.CELL_NAVY, f"section:{section.code}")
            cells.append(Cell((*table.cell(0, name, "left").blocks, figure)))
        table.rows.append(Row(tuple(cells), pad=6))
    return table
