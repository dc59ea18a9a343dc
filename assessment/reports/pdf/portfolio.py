"""The report over many cities as PDF: cities by code, spread, common gaps, evidence that is missing. No ranking."""

from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.design import Design
from assessment.reports import fonts, words
from assessment.reports.charts.shapes import INK, PAPER, Figure, Label, Rect, shade
from assessment.reports.content.facts import Cover
from assessment.reports.content.portfolio import CityRow, CommonGap, Mark, Portfolio, Spread
from assessment.reports.document import digest_of
from assessment.reports.manifest import mark_of
from assessment.reports.pdf import front, look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.file import write
from assessment.reports.pdf.finish import facts_of, frame
from assessment.reports.pdf.table import PAD_X, Cell, Row, Table
from assessment.reports.typeset import Run

COLUMNS = 11  # dimensions side by side; more go into another table below
CITY, OVERALL = 88.0, 44.0  # points
MOST_NAMES = 12  # of cities on the cover
TILE = 26.0  # height of a coloured cell


def render(content: Portfolio) -> bytes:
    """The whole report. Raises `fonts.FontsMissing` where `manage.py prepare_fonts` has not run."""
    with translation.override(content.language):
        book = Book(fonts.load(Path(settings.FONT_CACHE)), design=content.design)
        _cover(book, content)
        book.new_page()
        _cities(book, content)
        _spread(book, content)
        _gaps(book, content)
        _evidence(book, content)
        title = words.over_cities(len(content.rows))
        state = _("Draft") if content.draft else _("Final")
        frame(book, f"{title} · {content.framework}", state, draft=False, design=content.design)
        mark = mark_of("portfolio", content.language, digest_of(asdict(content)))
        day = content.days[-1] if content.days else None
        facts = facts_of(book, title, content.framework, language=content.language, day=day, manifest=mark)
        return write(book, facts)


@dataclass(frozen=True)
class _Covered:
    """What the cover of every report is made of."""

    cover: Cover
    design: Design
    draft: bool


def _cover(book: Book, content: Portfolio) -> None:
    title, days = words.over_cities(len(content.rows)), " – ".join(map(words.day, content.days))
    framework = _("%(name)s, version %(version)s") % {"name": content.framework, "version": content.version}
    drafts = sum(row.draft for row in content.rows)
    facts = Cover(title, "", "", "", content.framework, content.version, "", None)
    rows = [
        (_("Cities"), words.some([row.name for row in content.rows[:MOST_NAMES]], len(content.rows))),
        (_("Framework"), framework),
        (_("Levels used"), words.basis("effective")),
        (_("As of"), days or _("not given")),
        (_("Drafts among them"), f"{drafts} / {len(content.rows)}"),
    ]
    front.cover(book, _Covered(facts, content.design, content.draft), _("Where each city stands"), rows)


# Cities


def _cities(book: Book, content: Portfolio) -> None:
    book.heading(_("Cities by dimension"), 1, "cities", keep=120)
    book.write(
        _(
            "Cities stand in the order of their codes; this is no ranking. Verified levels count first, else the cities' own. Rounds that are not final yet are marked “draft”: their figures can still change."
        )
    )
    book.space(6)
    book.write(
        _("Score, and below it the level; the darker, the higher. A dash: not enough is answered."), look.SMALL, 12
    )
    book.space(4)
    for start in range(0, max(len(content.headings), 1), COLUMNS):
        _heat(book, content, start)
        book.space(8)
    if any(mark.capped for row in content.rows for mark in row.dimensions):
        book.write(words.capped_level(), look.SMALL, 12)
    book.write("\n".join(_legend(book, content)), look.SMALL, 12, indent=0)


def _legend(book: Book, content: Portfolio) -> list[str]:
    """The dimensions' names in lines, none parted between two."""
    lines: list[str] = []
    for head in content.headings:
        name = f"{head.code} {head.name}"
        longer = f"{lines[-1]}　{name}" if lines else name
        if len(book.lay(Run(longer, look.SMALL), look.MEASURE, 12).lines) == 1:
            lines[-1:] = [longer]
        else:
            lines.append(name)
    return lines


def _heat(book: Book, content: Portfolio, start: int) -> None:
    heads = content.headings[start : start + COLUMNS]
    side = (look.MEASURE - CITY - OVERALL) / COLUMNS
    table = Table(book, [CITY, OVERALL] + [side] * len(heads))
    table.head([_("City"), _("Overall"), *(head.code for head in heads)], "l" + "c" * (len(heads) + 1))
    for row in content.rows:
        marks = (row.overall, *row.dimensions[start : start + COLUMNS])
        cells = [_cell(mark, table.widths[1 + place], content.highest) for place, mark in enumerate(marks)]
        table.rows.append(Row((table.stack(0, _who(row)), *cells), pad=2.4))
    table.draw()


def _who(row: CityRow) -> list[Run]:
    draft = _("Draft")
    about = f"{row.code} {row.round}" + (f" · {draft}" if row.draft else "")
    return [Run(row.name, look.CELL_BOLD), Run(about, look.SMALL)]


def _cell(mark: Mark, width: float, highest: int) -> Cell:
    """The score over its level on the level's tone, as wide as the column."""
    inner = width - 2 * PAD_X
    ground, ink = shade(mark.level, highest) if mark.level is not None else (PAPER, INK)
    score, level = words.points(mark.score), words.level(mark.level) + ("▼" if mark.capped else "")
    middle = inner / 2
    shapes = (
        Rect(1 - PAD_X, 0, width - 2, TILE, ground),
        Label(middle, 11, score, 8.2, "middle", ink, bold=True),
        Label(middle, 21, level, 6.6, "middle", ink),
    )
    return Cell((Figure(inner, TILE, shapes, f"{score} {level}"),))


# Spread, gaps, evidence


def _spread(book: Book, content: Portfolio) -> None:
    book.heading(_("How the cities spread"), 1, "spread", keep=120)
    widths = [look.MEASURE - 4 * 62] + [62] * 4
    table = Table(book, widths)
    table.head([_("Dimension"), _("Cities"), _("Lowest"), _("Median"), _("Highest")], "lrrrr")
    for spread in (content.overall, *content.spreads):
        numbers = [words.points(value) for value in (spread.low, spread.middle, spread.high)]
        table.add([_name(spread), str(spread.count), *numbers], "lrrrr", fill="" if spread.code else look.SHADE)
    table.draw()


def _name(spread: Spread) -> Run:
    return Run(f"{spread.code} {spread.name}", look.CELL) if spread.code else Run(_("Overall"), look.CELL_BOLD)


def _gaps(book: Book, content: Portfolio) -> None:
    book.heading(_("What many cities lack"), 1, "gaps", keep=120)
    if not content.gaps:
        book.write(_("No criterion lies below its target in more than half of the cities."))
        return
    book.write(
        _("Criteria below their target in more than half of the cities. “Of”: cities that answered and have a target."),
        look.SMALL,
        12,
    )
    book.space(4)
    table = Table(book, [40, 170, 58, 50, look.MEASURE - 318])
    table.head([_("Code"), _("Criterion"), _("Below / of"), _("Mean gap"), _("Cities below")], "llrrl")
    for gap in content.gaps:
        share = f"{gap.below} / {gap.count}"
        table.add([gap.code, gap.title, share, words.points(gap.mean_gap), _cities_below(gap, content)], "llrrl")
    table.draw()


def _cities_below(gap: CommonGap, content: Portfolio) -> str:
    return _("all") if len(gap.cities) == len(content.rows) else words.listed(gap.cities)


def _evidence(book: Book, content: Portfolio) -> None:
    book.heading(_("Where evidence is missing"), 1, "evidence", keep=120)
    if not content.unproven:
        book.write(_("Every level of 1 or more rests on evidence."))
        return
    book.write(_("Criteria at level 1 or more for which no evidence is given."), look.SMALL, 12)
    book.space(4)
    table = Table(book, [120, 90, look.MEASURE - 210])
    table.head([_("City"), _("Without evidence / of"), _("Criteria")], "lrl")
    for city in content.unproven:
        named = words.some(city.criteria, city.count)
        table.add([f"{city.name} {city.code}", f"{city.count} / {city.claimed}", named], "lrl")
    table.draw()
