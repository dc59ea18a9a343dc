"""The brief for a meeting: six pages of 16:9. Where the city stands, journeys, balances, three gaps, what to do first."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.reports import charts, fonts, words
from assessment.reports.content.facts import Content, GapItem, Section
from assessment.reports.manifest import manifest_of
from assessment.reports.pdf import furniture, look, tags
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.brief import (
    PALE,
    WHITE,
    Picture,
    bars,
    begun,
    boxes,
    charge,
    clipped,
    draw,
    in_one_line,
    picture,
    title_of,
    titled,
)
from assessment.reports.pdf.file import write
from assessment.reports.pdf.finish import facts_about
from assessment.reports.pdf.table import PAD_X, Cell, Row, Table
from assessment.reports.prose import judgement, level_named, no_gaps, untranslated
from assessment.reports.typeset import Paragraph, Run, Style, styled

SCREEN = look.Sheet(960, 540, 54, 440, 48)
TITLE, TEXT, SMALL = Style(25, 700, look.DEEP), Style(15, 400, look.BODY.colour), Style(11.5, 400, look.SMALL.colour)
BOLD, FOOT = Style(15, 700, look.DEEP), Style(10)
LEADING, GUTTER, SHOWN = 23.0, 36.0, 3
BETWEEN = 8.0  # points between what stands in a gap's column
SIZES = (13.0, 11.6, 10.2, 9.0)  # of the pictures' type: the largest that fits
CARD, AIR = (
    (13.0, 12.2, 11.4, 10.6, 10.0, 9.5, 9.0),
    1.42,
)  # of what stands in a gap's column: its type, and leading in em
CELLS = (15.0, 14.0, 13.0, 12.0, 11.0)  # of the table of what to do first
WHOLE, FEWEST = (
    12,
    3,
)  # lines of its cells: as many as sentences need, or what is left where none of the sizes holds them
BETWEEN = 14.0  # points more between its sentences and who is in charge
CLOSING = 40.0  # points that the sentence below it takes
MOST = 24  # dimensions as bars on one page
OPENING = 540.0  # points of the cover for who, what and when; the figure stands beside them
CITY = (46.0, 38.0, 31.0, 26.0)  # of the city's name there: the largest in which one line holds it
NOTE, NAMED = 2, 3  # lines that a figure's note may take, and a gap's name above its column


def render(content: Content) -> bytes:
    with translation.override(content.language):
        book = Book(fonts.load(Path(settings.FONT_CACHE)), SCREEN, content.design)
        _opening(book, content)
        _standing(book, content)
        for title, sections in _halves(content):
            _pictures(book, content, title, sections)
        _gaps(book, content)
        _first(book, content)
        _foot(book, content)
        if content.draft and content.design.watermark:
            for page in book.pages[1:]:
                book.turn_to(page)
                furniture.watermark(book, page)
        return write(book, facts_about(book, content, title_of(content), manifest=manifest_of(content, "slides")))


def _page(book: Book, title: str) -> None:
    book.new_page()
    with book.tag("H1"):
        laid = book.setter.fitted(title, TITLE, SCREEN.measure)
        book.label(SCREEN.left, 482, laid, TITLE.size, "start", look.DEEP, True)
    book.rule(SCREEN.left, 466, 46, look.ACCENT, 2.4)
    book.y = SCREEN.top


def _foot(book: Book, content: Content) -> None:
    running = f"{content.cover.city} · {content.cover.framework}"
    for page in book.pages[1:]:
        book.turn_to(page)
        with book.artifact(tags.FOOTER):
            number = f"{page.position} / {len(book.pages)}"
            place = "　".join(filter(None, (content.design.classification, words.disclaimer(), number)))
            room = SCREEN.measure - book.setter.width(book.setter.clean(place), FOOT) - GUTTER
            book.label(SCREEN.left, 22, book.setter.fitted(running, FOOT, room), 10, "start", SMALL.colour, False)
            book.label(SCREEN.width - SCREEN.left, 22, place, 10, "end", SMALL.colour, False)


# Pages


def _opening(book: Book, content: Content) -> None:
    """What is said even if no other page is seen: who, what, how far."""
    facts, overall = content.cover, content.summary.overall
    book.new_page(bare=True)
    top = SCREEN.height - furniture.letterhead(book, content.design, 12)
    book.fill(0, top, SCREEN.width, top, look.DEEP)
    book.fill(SCREEN.left, 212, 70, 3, look.ACCENT)
    with book.tag("H1"):
        city, size = in_one_line(book, facts.city, CITY, OPENING)
        book.label(SCREEN.left, 300, city, size, "start", WHITE, True)
    lines = [facts.framework, _("Brief for a meeting, round %(round)s") % {"round": facts.round}]
    for number, line in enumerate(lines):
        fitted = book.setter.fitted(line, styled(18), OPENING)
        book.label(SCREEN.left, 258 - 28 * number, fitted, 18, "start", PALE, False)
    state = _("Draft") if content.draft else _("Final")
    made = "　".join(filter(None, (state, words.day(facts.as_of))))
    book.label(SCREEN.left, 180, made, 14, "start", PALE, False)
    book.label(SCREEN.left, 40, words.disclaimer(), 12, "start", PALE, False)
    if said := untranslated(content):
        book.label(SCREEN.left, 22, said, 10, "start", PALE, False)
    right = SCREEN.width - SCREEN.left
    book.label(right, 286, words.points(overall.score), 84, "end", WHITE, True)
    level = book.setter.fitted(level_named(content, overall.level), styled(20, 700), 300)
    book.label(right, 244, level, 20, "end", PALE, True)
    book.label(right, 216, _("Overall score, 0 to 100"), 13, "end", PALE, False)


def _standing(book: Book, content: Content) -> None:
    _page(book, _("Where the city stands"))
    axes = content.overall.axes
    figure = (
        charts.radar(axes, 404, 10.4) if len(axes) in charts.ON_A_WHEEL else bars(axes[:MOST], 404, 10.4, SCREEN.room)
    )
    book.picture(figure, SCREEN.width - SCREEN.left - figure.width, SCREEN.top + 12)
    width = SCREEN.measure - figure.width - GUTTER
    table = Table(book, [width * 0.44, width * 0.22, width * 0.34], x=SCREEN.left, style=TEXT, leading=LEADING)
    for name, value, note in boxes(content):
        note = clipped(book, note, SMALL, table.widths[2], NOTE)
        table.add([Run(name, TEXT), Run(value, BOLD), Run(note, SMALL)], "lrl")
    table.draw()
    book.space(14)
    said = book.setter.shortened(judgement(content), TEXT, width, int((book.y - SCREEN.bottom) / LEADING))
    book.put(book.lay(Run(said, TEXT), width, LEADING), SCREEN.left, book.y)


def _halves(content: Content) -> list[tuple[str, Sequence[Section]]]:
    """Two pages of pictures: a kind of dimension each, or all dimensions in two halves; one of a single dimension."""
    groups = content.groups
    if len(groups) == 2:
        return [(words.group(group.lens.name, group.kind), group.sections) for group in groups]
    middle = -(-len(content.sections) // 2)
    parts = (content.sections[:middle], content.sections[middle:])
    titles = (_("Dimensions: score and target"), _("Dimensions: score and target (continued)"))
    return [(title, part) for title, part in zip(titles, parts, strict=True) if part]


def _pictures(book: Book, content: Content, title: str, sections: Sequence[Section]) -> None:
    """In the largest type that fits; as bars where none does."""
    _page(book, title)
    columns = 3 if any(section.balance for section in sections) else 2
    width = (SCREEN.measure - GUTTER * (columns - 1)) / columns
    for em in SIZES:
        rows = _rows([picture(section, width, em) for section in sections], columns)
        if sum(_height(row) for row in rows) <= SCREEN.room:
            return _grid(book, rows, width)
    codes = {section.code for section in sections}
    axes = [axis for axis in content.overall.axes if axis.code in codes]
    book.picture(bars(axes[:MOST], SCREEN.measure, SIZES[0], SCREEN.room), SCREEN.left, SCREEN.top)
    return None


def _rows(pictures: list[Picture], columns: int) -> list[list[Picture]]:
    return [pictures[at : at + columns] for at in range(0, len(pictures), columns)]


def _height(row: Sequence[Picture]) -> float:
    return max(one.height for one in row) + 20


def _grid(book: Book, rows: list[list[Picture]], width: float) -> None:
    air = min(24.0, (SCREEN.room - sum(map(_height, rows))) / max(len(rows), 1))
    for row in rows:
        top = book.y
        for number, one in enumerate(row):
            book.y = top
            draw(book, one, SCREEN.left + number * (width + GUTTER), 13)
        book.y = top - _height(row) - air


def _gaps(book: Book, content: Content) -> None:
    worst = content.improvements[:SHOWN]
    title = ngettext("The gap that weighs most", "The %(count)s gaps that weigh most", len(worst))
    _page(book, title % {"count": len(worst)} if worst else _("Gaps"))
    if not worst:
        return _nothing(book, content)
    width = (SCREEN.measure - GUTTER * (SHOWN - 1)) / SHOWN
    heads = [_gap_head(book, gap, width) for gap in worst]
    ladders = [charts.ladder(*_levels(gap), highest=content.method.highest, width=width, em=11) for gap in worst]
    top = SCREEN.top - 18 - max(head.height for head in heads)
    below = top - ladders[0].height - BETWEEN
    room = below - SCREEN.bottom - 2 * BETWEEN
    size = next((s for s in CARD if all(_has_room(book, gap, s, width, room) for gap in worst)), CARD[-1])
    for number, gap in enumerate(worst):
        x = SCREEN.left + number * (width + GUTTER)
        book.fill(x, SCREEN.top, width, 3, look.coloured(gap.severity).colour)
        book.put(heads[number], x, SCREEN.top - 10)
        book.picture(ladders[number], x, top)
        y = below
        for said in _gap_text(book, gap, size, width, room):
            book.put(said, x, y)
            y -= said.height + BETWEEN
    return None


def _gap_head(book: Book, gap: GapItem, width: float) -> Paragraph:
    name = book.setter.shortened(f"{gap.code} {gap.title}", BOLD, width, NAMED)
    named = [Run(f"{name}\n", BOLD), Run(words.severity(gap.severity), look.coloured(gap.severity, 13))]
    gain = _("  gap %(gap)s, gain %(gain)s") % {"gap": gap.gap, "gain": words.signed(gap.gain)}
    return book.lay([*named, Run(gain, SMALL)], width, LEADING, align="left")


def _levels(gap: GapItem) -> tuple[int | None, int | None, int | None]:
    return gap.level, gap.target, gap.verified_level


def _clause(book: Book, gap: GapItem, size: float, width: float) -> Paragraph:
    style = styled(min(size, SMALL.size), SMALL.weight, SMALL.colour)
    clause = book.setter.shortened(gap.cites[0].text if gap.cites else "", style, width, 2)
    return book.lay(Run(clause, style), width, style.size * AIR, align="left")


def _told(gap: GapItem) -> list[tuple[str, str]]:
    return [(_("Now"), gap.now), (_("Target"), gap.then)]


def _lay_told(book: Book, told: tuple[str, str], size: float, width: float) -> Paragraph:
    name, text = told
    runs = [Run(f"{name}　", styled(size, 700, look.DEEP)), Run(text, styled(size))]
    return book.lay(runs, width, size * AIR, align="left")


def _has_room(book: Book, gap: GapItem, size: float, width: float, room: float) -> bool:
    told = sum(_lay_told(book, told, size, width).height for told in _told(gap))
    return told + _clause(book, gap, size, width).height <= room


def _gap_text(book: Book, gap: GapItem, size: float, width: float, room: float) -> list[Paragraph]:
    """What is now, what is wanted, the clause; what one of the first two does not need goes to the other."""
    clause = _clause(book, gap, size, width)
    most = int((room - clause.height) / (size * AIR))
    now, then = (len(_lay_told(book, told, size, width).lines) for told in _told(gap))
    first = min(now, max(most // 2, most - then))
    said = [
        _lay_told(book, (name, _within(book, name, text, size, width, lines)), size, width)
        for (name, text), lines in zip(_told(gap), (first, most - first), strict=True)
    ]
    return [*said, clause]


def _within(book: Book, name: str, text: str, size: float, width: float, lines: int) -> str:
    """The text in so many lines, the name before it among them, which is bold and so a little wider."""
    bold = styled(size, 700)
    wider = book.setter.width(book.setter.clean(name), bold) - book.setter.width(book.setter.clean(name), styled(size))
    said = book.setter.shortened(f"{name}　{text}", styled(size), width - max(wider, 0), lines)
    return said.removeprefix(f"{name}　")


def _first(book: Book, content: Content) -> None:
    worst = content.improvements[:SHOWN]
    _page(book, _("What to do first"))
    if not worst:
        return _nothing(book, content)
    tables = (_table(book, worst, size, lines) for lines in (WHOLE, FEWEST) for size in CELLS)
    table = next((table for table in tables if table.height <= SCREEN.room - CLOSING), None)
    (table or _table(book, worst, CELLS[-1], FEWEST)).draw()
    closed = _("With every gap closed the overall score rises from %(now)s to %(then)s.")
    then = {"now": words.points(content.summary.overall.score), "then": words.points(content.summary.at_target)}
    book.label(SCREEN.left, max(book.y - 30, 62), closed % then, 15, "start", look.DEEP, True)
    return None


def _table(book: Book, gaps: Sequence[GapItem], size: float, lines: int) -> Table:
    """What to do first: whole sentences, in smaller type where they need it."""
    style, bold, small = replace(TEXT, size=size), replace(BOLD, size=size), replace(SMALL, size=0.77 * size)
    widths = [200.0, SCREEN.measure - 430, 230.0]
    table = Table(book, widths, x=SCREEN.left, style=style, leading=size * LEADING / TEXT.size)
    titles = (_("Gap"), _("First step"), _("In charge, and clause"))
    cells = tuple(table.cell(k, Run(title, bold), "left") for k, title in enumerate(titles))
    table.header = Row(cells, fill=look.SHADE)
    for gap in gaps:
        gain = Run(_("gain %(gain)s") % {"gain": words.signed(gap.gain)}, small)
        name = [Run(f"{titled(book, f'{gap.code} {gap.title}', bold, widths[0], lines)}\n", bold), gain]
        said = Run(begun(book, gap, style, widths[1] - BETWEEN, lines), style)
        step = Cell((book.lay(said, widths[1] - 2 * PAD_X - BETWEEN, table.leading, align="left"),))
        table.add([name, step, charge(book, gap, widths[2], lines, style, small)], "lll")
    return table


def _nothing(book: Book, content: Content) -> None:
    book.put(book.lay(Run(no_gaps(content), TEXT), SCREEN.measure, LEADING), SCREEN.left, SCREEN.top)
