"""The brief: one page for who has one minute. Level, journeys, balances, the gaps to close first and how to begin."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.reports import charts, fonts, words
from assessment.reports.charts.shapes import Figure
from assessment.reports.content.facts import Axis, Content, Cover, GapItem, Section
from assessment.reports.manifest import manifest_of
from assessment.reports.pdf import furniture, look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.file import write
from assessment.reports.pdf.finish import facts_about
from assessment.reports.pdf.table import PAD_X, Table
from assessment.reports.prose import answered, first_step, no_gaps, untranslated
from assessment.reports.typeset import Run, Style, styled

HEAD, BOXES = 76.0, 62.0  # points from the sheet's top edge, and of the row of figures
GUTTER, NAME = 24.0, 12.0
COLUMN = (look.MEASURE - GUTTER) / 2
TITLE = 26.0  # what to do first
CITY = (22.0, 18.0, 15.0)  # of its name's type: the largest in which one line holds it
SIZES = (8.2, 7.6, 7.0, 6.2)  # of the pictures' type: the largest that leaves room for the rest
# Type of what to do first, and lines that a cell may take: whole sentences, in smaller type where they need it, else cut.
TABLES = ((8.2, 12), (7.6, 12), (7.2, 12), (7.2, 5), (7.2, 4), (7.2, 3))
WHITE, PALE = "1 1 1", "0.84 0.92 0.93"
SHOWN, MOST = 3, 30


@dataclass(frozen=True)
class Picture:
    """A dimension's picture under its name."""

    key: str
    name: str
    figure: Figure

    @property
    def height(self) -> float:
        return NAME + self.figure.height + 5


def render(content: Content) -> bytes:
    with translation.override(content.language):
        book = Book(fonts.load(Path(settings.FONT_CACHE)), design=content.design)
        _page(book, content)
        return write(book, facts_about(book, content, title_of(content), manifest=manifest_of(content, "brief")))


def title_of(content: Content) -> str:
    facts = content.cover
    return _("%(city)s: brief on %(framework)s") % {"city": facts.city, "framework": facts.framework}


def _page(book: Book, content: Content) -> None:
    page = book.new_page(bare=True)
    _head(book, content, look.HEIGHT - furniture.letterhead(book, content.design, 8.6))
    _figures(book, content)
    room = book.left - TITLE
    table = _table(book, content, room)
    _pictures(book, content, room - table.height)
    _first(book, content, table)
    book.rule(look.LEFT, look.BOTTOM - 12, look.MEASURE, look.ACCENT, 0.6)
    book.label(look.LEFT, look.BOTTOM - 24, words.disclaimer(), 7.6, "start", look.SMALL.colour, False)
    basis = _("Levels used: %(basis)s") % {"basis": words.basis(content.basis)}
    book.label(look.LEFT + look.MEASURE, look.BOTTOM - 24, basis, 7.6, "end", look.SMALL.colour, False)
    if said := untranslated(content):
        said = book.setter.fitted(said, styled(7), look.MEASURE)
        book.label(look.LEFT, look.BOTTOM - 35, said, 7, "start", look.SMALL.colour, False)
    if content.draft and content.design.watermark:
        furniture.watermark(book, page)


def _head(book: Book, content: Content, top: float) -> None:
    facts = content.cover
    book.fill(0, top, look.WIDTH, HEAD, look.DEEP)
    book.fill(0, top - HEAD, look.WIDTH, 2.4, look.ACCENT)
    city, size = in_one_line(book, facts.city, CITY, look.MEASURE - 90)
    with book.tag("H1"):
        book.label(look.LEFT, top - 38, city, size, "start", WHITE, True)
    book.label(look.LEFT, top - 60, _subject(book, facts), 10, "start", PALE, False)
    state = _("Draft") if content.draft else _("Final")
    book.label(look.LEFT + look.MEASURE, top - 34, state, 11, "end", WHITE, True)
    if facts.as_of:
        book.label(look.LEFT + look.MEASURE, top - 48, words.day(facts.as_of), 8.6, "end", PALE, False)
    book.y = top - HEAD - 16


def in_one_line(book: Book, text: str, sizes: Sequence[float], width: float) -> tuple[str, float]:
    """A bold text and its size: the largest in which it is no wider than `width`; in the smallest it is cut."""
    text = book.setter.clean(text).replace("\n", " ")
    for size in sizes:
        shown = book.setter.fitted(text, styled(size, 700), width)
        if shown == text:
            break
    return shown, size


def _subject(book: Book, facts: Cover) -> str:
    """Framework and round in one line; a long framework leaves a third of it to the round."""
    told, style = _("Brief on %(framework)s, round %(round)s"), styled(10)
    given = {"round": book.setter.fitted(facts.round, style, look.MEASURE / 3)}
    room = look.MEASURE - book.setter.width(book.setter.clean(told % (given | {"framework": ""})), style) - 1
    return told % (given | {"framework": book.setter.fitted(facts.framework, style, room)})


def _figures(book: Book, content: Content) -> None:
    """The five figures that say where the city stands, side by side."""
    given = boxes(content)
    book.fill(look.LEFT, book.y, look.MEASURE, BOXES, look.SHADE)
    book.fill(look.LEFT, book.y, 3, BOXES, look.ACCENT)
    width = (look.MEASURE - 16) / len(given)
    for number, (name, value, note) in enumerate(given):
        x = look.LEFT + 14 + number * width
        name = book.setter.fitted(name, styled(7.8), width - 8)
        book.label(x, book.y - 16, name, 7.8, "start", look.CELL_GREY.colour, False)
        book.label(x, book.y - 40, value, 19 if number < 2 else 16, "start", look.DEEP, True)
        _note(book, note, x, width - 8)
    book.y -= BOXES + 12


def _note(book: Book, text: str, x: float, width: float) -> None:
    """Below a figure: in one line or, smaller, in two."""
    if book.setter.width(book.setter.clean(text), styled(7.8)) <= width:
        book.label(x, book.y - 56, text, 7.8, "start", look.BODY.colour, False)
        return
    style = styled(6.8)
    short = book.setter.shortened(text, style, width, 2)
    laid = book.lay(Run(short, style), width, 7.8, align="left")
    book.put(laid, x, book.y - 60 + laid.height)


def boxes(content: Content) -> list[tuple[str, str, str]]:
    """Name, figure and note of each."""
    s = content.summary
    level = words.NOTHING if s.overall.level is None else str(s.overall.level)
    gaps = _("gaps: %(count)s") % {"count": len(content.improvements)}
    return [
        (_("Overall score"), words.points(s.overall.score), _bounds(content)),
        (_("Maturity level"), level, content.level_name(s.overall.level) or _("no level yet")),
        (_("Coverage"), words.share(s.overall.coverage), answered(content)),
        (_("Evidence"), words.share(s.evidence), _("of the levels claimed")),
        (_("With every gap closed"), words.points(s.at_target), gaps),
    ]


def _bounds(content: Content) -> str:
    overall = content.summary.overall
    return _("bounds %(low)s to %(high)s") % {"low": words.points(overall.low), "high": words.points(overall.high)}


# Pictures


def _pictures(book: Book, content: Content, room: float) -> None:
    """In two columns of nearly equal height; as bars where there are too many dimensions for pictures."""
    top = book.y
    columns = next((columns for em in SIZES if max(map(_height, columns := _columns(content, em))) <= room), ([], []))
    if not any(columns):
        book.figure(bars(content.overall.axes[:MOST], look.MEASURE, SIZES[-1], room))
    else:
        for number, column in enumerate(columns):
            book.y = top
            for one in column:
                draw(book, one, look.LEFT + number * (COLUMN + GUTTER))
        book.y = top - max(map(_height, columns))
    book.y -= 4


def bars(axes: Sequence[Axis], width: float, em: float, room: float) -> Figure:
    """Scores as bars, no taller than `room` points: in smaller type than `em` where they need it."""
    figure = charts.bars(axes, width, em)
    return figure if figure.height <= room else charts.bars(axes, width, em * room / figure.height)


def _columns(content: Content, em: float) -> tuple[list[Picture], list[Picture]]:
    return in_columns([picture(section, COLUMN, em) for section in content.sections])


def picture(section: Section, width: float, em: float) -> Picture:
    figure = (
        charts.journey(section.journey, width, em)
        if section.journey
        else charts.balance(section.balance, width, em)
        if section.balance
        else charts.ruler(section.ruler, width, em)  # type: ignore[arg-type]
    )
    return Picture(section.code, f"{section.code} {section.name}", figure)


def in_columns(pictures: Sequence[Picture]) -> tuple[list[Picture], list[Picture]]:
    """The first column ends where both are nearest to each other in height."""
    whole = _height(pictures)
    cut = min(range(len(pictures) + 1), key=lambda at: abs(whole - 2 * _height(pictures[:at])))
    return list(pictures[:cut]), list(pictures[cut:])


def _height(pictures: Sequence[Picture]) -> float:
    return sum(one.height for one in pictures)


def draw(book: Book, one: Picture, x: float, size: float = 8.4) -> None:
    """The picture under its name, at the cursor; the name in `size` points."""
    name = book.setter.fitted(one.name, styled(size, 700), one.figure.width)
    book.label(x, book.y - 9, name, size, "start", look.DEEP, True)
    book.picture(one.figure, x, book.y - NAME)
    book.y -= one.height


# What to do first


def _table(book: Book, content: Content, room: float) -> Table:
    """What to do first, as much of it as leaves room for the pictures."""
    least = max(map(_height, _columns(content, SIZES[-1])))
    for size, lines in TABLES:
        plain, grey = replace(look.CELL, size=size), replace(look.CELL_GREY, size=size)
        table = Table(
            book, [121, look.MEASURE - 253, 132], style=plain, leading=(1.5 if size == look.CELL.size else 1.4) * size
        )
        table.head([_("Gap"), _("First step"), _("In charge, and clause")])
        for gap in content.improvements[:SHOWN]:
            step = begun(book, gap, plain, table.widths[1], lines)
            name = _named(book, gap, size, table.widths[0], lines)
            table.add([name, step, charge(book, gap, table.widths[2], lines, plain, grey)], "lll")
        if table.height + least <= room:
            break
    return table


def _first(book: Book, content: Content, table: Table) -> None:
    with book.tag("H2"):
        book.label(look.LEFT, book.y - 12, _("What to do first"), 11, "start", look.DEEP, True)
    book.y -= 20
    if table.rows:
        table.draw()
    else:
        book.write(no_gaps(content), look.CELL, look.CELL_LEADING, indent=0)


def _named(book: Book, gap: GapItem, size: float, width: float, lines: int) -> list[Run]:
    bold = replace(look.CELL_NAVY, size=size)
    told = _("level %(level)s → %(target)s, gain %(gain)s") % {
        "level": gap.level,
        "target": gap.target,
        "gain": words.signed(gap.gain),
    }
    return [
        Run(f"{titled(book, f'{gap.rank}. {gap.code} {gap.title}', bold, width, lines)}\n", bold),
        Run(words.severity(gap.severity), look.coloured(gap.severity, size)),
        Run(f" {told}", replace(look.CELL_GREY, size=size)),
    ]


def clipped(book: Book, text: str, style: Style, width: float, lines: int) -> str:
    """About so many lines of a column; what is longer stands in full in the report."""
    return book.setter.shortened(text, style, width - 2 * PAD_X, lines)


def titled(book: Book, title: str, style: Style, width: float, lines: int) -> str:
    """What a gap is called, which leaves two lines of its cell to what stands below; it always has two itself."""
    return clipped(book, title, style, width, max(lines - 2, 2))


def begun(book: Book, gap: GapItem, style: Style, width: float, lines: int) -> str:
    """The first step in so many lines; what leads to it only where there is room."""
    whole = first_step(gap)
    if clipped(book, whole, style, width, lines) == whole:
        return whole
    return clipped(book, first_step(gap, alone=True), style, width, lines)


def charge(book: Book, gap: GapItem, width: float, lines: int, style: Style, small: Style) -> list[Run]:
    """Who, until when, and the first clause on which the criterion rests, in `width` points.

    Where a cell may take so many lines, each of them may take all but one.
    """
    owner = (gap.assigned.owner if gap.assigned else "") or gap.owner
    day = words.day(gap.assigned.due_on) if gap.assigned else ""
    until = _("by %(day)s") % {"day": day} if day else ""
    clause = gap.cites[0].text if gap.cites else ""
    given = [
        (clipped(book, text, how, width, lines - 1), how)
        for text, how in ((owner, style), (until, style), (clause, small))
        if text
    ]
    return [Run(f"\n{text}" if number else text, how) for number, (text, how) in enumerate(given)]
