"""The brief for a meeting: six pages of 16:9. Where the city stands, journeys, balances, three gaps, what to do first."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.reports import charts, fonts, words
from assessment.reports.content.facts import Content, GapItem, Section
from assessment.reports.manifest import manifest_of
from assessment.reports.pdf import look, tags
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.brief import (
    PALE,
    WHITE,
    Picture,
    boxes,
    charge,
    clipped,
    draw,
    nothing,
    picture,
    title_of,
)
from assessment.reports.pdf.file import write
from assessment.reports.pdf.finish import facts_about
from assessment.reports.pdf.table import Row, Table
from assessment.reports.prose import first_step, judgement
from assessment.reports.typeset import Run, Style

SCREEN = look.Sheet(960, 540, 54, 440, 48)
TITLE, TEXT, SMALL = Style(25, 700, look.DEEP), Style(15, 400, look.BODY.colour), Style(11.5, 400, look.SMALL.colour)
BOLD = Style(15, 700, look.DEEP)
LEADING, GUTTER, SHOWN = 23.0, 36.0, 3
CLAUSE = 54.0  # points that a gap's clause takes, with the air around it
SIZES = (13.0, 11.6, 10.2, 9.0)  # of the pictures' type: the largest that fits
MOST = 24  # dimensions as bars on one page


def render(content: Content) -> bytes:
    with translation.override(content.language):
        book = Book(fonts.load(Path(settings.FONT_CACHE)), SCREEN, content.design)
        _opening(book, content)
        _standing(book, content)
        for title, sections in _halves(content):
            _pictures(book, title, sections)
        _gaps(book, content)
        _first(book, content)
        _foot(book, content)
        return write(book, facts_about(book, content, title_of(content), manifest=manifest_of(content, "slides")))


def _page(book: Book, title: str) -> None:
    book.new_page()
    with book.tag("H1"):
        laid = book.setter.fitted(title, TITLE, SCREEN.measure)
        book.label(SCREEN.left, 482, laid, TITLE.size, "start", look.DEEP, True)
    book.rule(SCREEN.left, 466, 46, look.ACCENT, 2.4)
    book.y = SCREEN.top


def _foot(book: Book, content: Content) -> None:
    running = f"{content.cover.city[:40]} · {content.cover.framework}"
    for page in book.pages[1:]:
        book.turn_to(page)
        with book.artifact(tags.FOOTER):
            book.label(SCREEN.left, 22, book.setter.fitted(running, SMALL, 560), 10, "start", SMALL.colour, False)
            place = f"{words.disclaimer()}　{page.position} / {len(book.pages)}"
            book.label(SCREEN.width - SCREEN.left, 22, place, 10, "end", SMALL.colour, False)


# Pages


def _opening(book: Book, content: Content) -> None:
    """What is said even if no other page is seen: who, what, how far."""
    facts, overall = content.cover, content.summary.overall
    book.new_page(bare=True)
    book.fill(0, SCREEN.height, SCREEN.width, SCREEN.height, look.DEEP)
    book.fill(SCREEN.left, 212, 70, 3, look.ACCENT)
    with book.tag("H1"):
        city = book.setter.fitted(facts.city, Style(46, 700), 560)
        book.label(SCREEN.left, 300, city, 46, "start", WHITE, True)
    lines = [facts.framework, _("Gap report, round %(round)s") % {"round": facts.round}]
    for number, line in enumerate(lines):
        fitted = book.setter.fitted(line, Style(18), 560)
        book.label(SCREEN.left, 258 - 28 * number, fitted, 18, "start", PALE, False)
    state = _("Draft") if content.draft else _("Final")
    made = "　".join(filter(None, (state, words.day(facts.as_of))))
    book.label(SCREEN.left, 180, made, 14, "start", PALE, False)
    book.label(SCREEN.left, 40, words.disclaimer(), 12, "start", PALE, False)
    right = SCREEN.width - SCREEN.left
    book.label(right, 286, words.points(overall.score), 84, "end", WHITE, True)
    level = (
        _("no level yet")
        if overall.level is None
        else f"{words.level(overall.level)} {content.level_name(overall.level)}"
    )
    book.label(right, 244, book.setter.fitted(level, Style(20, 700), 300), 20, "end", PALE, True)
    book.label(right, 216, _("Overall score, 0 to 100"), 13, "end", PALE, False)


def _standing(book: Book, content: Content) -> None:
    _page(book, _("Where the city stands"))
    axes = content.overall.axes
    figure = charts.radar(axes, 404, 10.4) if len(axes) in charts.ON_A_WHEEL else charts.bars(axes[:MOST], 404, 10.4)
    book.picture(figure, SCREEN.width - SCREEN.left - figure.width, SCREEN.top + 12)
    width = SCREEN.measure - figure.width - GUTTER
    table = Table(book, [width * 0.44, width * 0.22, width * 0.34], x=SCREEN.left, style=TEXT, leading=LEADING)
    for name, value, note in boxes(content):
        table.add([Run(name, TEXT), Run(value, BOLD), Run(note, SMALL)], "lrl")
    table.draw()
    book.space(14)
    said = book.lay(Run(judgement(content), TEXT), width, LEADING)
    book.put(said.part(0, int((book.y - SCREEN.bottom) / LEADING)), SCREEN.left, book.y)


def _halves(content: Content) -> list[tuple[str, Sequence[Section]]]:
    """Two pages of pictures: a kind of dimension each, or all dimensions in two halves."""
    groups = content.groups
    if len(groups) == 2:
        return [(words.group(group.lens.name, group.kind), group.sections) for group in groups]
    middle = -(-len(content.sections) // 2)
    parts = (content.sections[:middle], content.sections[middle:])
    titles = (_("Dimensions: score and target"), _("Dimensions: score and target (continued)"))
    return list(zip(titles, parts, strict=True))


def _pictures(book: Book, title: str, sections: Sequence[Section]) -> None:
    _page(book, title)
    columns = 3 if any(section.balance for section in sections) else 2
    width = (SCREEN.measure - GUTTER * (columns - 1)) / columns
    for em in SIZES:
        rows = _rows([picture(section, width, em) for section in sections], columns)
        if sum(_height(row) for row in rows) <= SCREEN.room:
            return _grid(book, rows, width)
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
    _page(book, _("Three gaps that weigh most"))
    if not worst:
        return _nothing(book, content)
    width = (SCREEN.measure - GUTTER * (SHOWN - 1)) / SHOWN
    for number, gap in enumerate(worst):
        _gap(book, content, gap, SCREEN.left + number * (width + GUTTER), width)
    return None


def _gap(book: Book, content: Content, gap: GapItem, x: float, width: float) -> None:
    """One gap as a column: name, ladder, what is now, what is wanted, the clause."""
    top = SCREEN.top
    book.fill(x, top, width, 3, look.coloured(gap.severity).colour)
    named = [Run(f"{gap.code} {gap.title}\n", BOLD), Run(words.severity(gap.severity), look.coloured(gap.severity, 13))]
    gain = _("  gap %(gap)s, gain %(gain)s") % {"gap": gap.gap, "gain": words.signed(gap.gain)}
    head = book.lay([*named, Run(gain, SMALL)], width, LEADING, align="left")
    book.put(head, x, top - 10)
    y = top - 22 - head.height
    ladder = charts.ladder(
        gap.level, gap.target, gap.verified_level, highest=content.method.highest, width=width, em=11
    )
    book.picture(ladder, x, y)
    y -= ladder.height + 10
    lines = int((y - SCREEN.bottom - CLAUSE) / 2 / 19.5)
    for name, text in ((_("Now"), gap.now), (_("Target"), gap.then)):
        text = clipped(book, f"{name}　{text}", Style(13), width, lines).removeprefix(f"{name}　")
        said = book.lay([Run(f"{name}　", Style(13, 700, look.DEEP)), Run(text, Style(13))], width, 19.5, align="left")
        book.put(said, x, y)
        y -= said.height + 8
    clause = book.lay(Run(gap.cites[0].text if gap.cites else "", SMALL), width, 17, align="left").part(0, 2)
    book.put(clause, x, y)


def _first(book: Book, content: Content) -> None:
    worst = content.improvements[:SHOWN]
    _page(book, _("What to do first"))
    if not worst:
        return _nothing(book, content)
    widths = [210.0, SCREEN.measure - 460, 250.0]
    table = Table(book, widths, x=SCREEN.left, style=TEXT, leading=LEADING)
    titles = (_("Gap"), _("First step"), _("In charge, and clause"))
    cells = tuple(table.cell(k, Run(title, BOLD), "left") for k, title in enumerate(titles))
    table.header = Row(cells, fill=look.SHADE)
    for gap in worst:
        step = clipped(book, first_step(gap), TEXT, widths[1], 3)
        name = [
            Run(f"{gap.code} {gap.title}\n", BOLD),
            Run(_("gain %(gain)s") % {"gain": words.signed(gap.gain)}, SMALL),
        ]
        table.add([name, step, charge(book, gap, widths[2], TEXT, SMALL)], "lll")
    table.draw()
    closed = _("With every gap closed the overall score rises from %(now)s to %(then)s.")
    then = {"now": words.points(content.summary.overall.score), "then": words.points(content.summary.at_target)}
    book.label(SCREEN.left, max(book.y - 30, 62), closed % then, 15, "start", look.DEEP, True)
    return None


def _nothing(book: Book, content: Content) -> None:
    book.put(book.lay(Run(nothing(content), TEXT), SCREEN.measure, LEADING), SCREEN.left, SCREEN.top)
