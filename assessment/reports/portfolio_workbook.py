"""The report over many cities as a workbook: what it is about, cities, spread, common gaps, evidence that is missing."""

from collections.abc import Iterable, Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assessment.reports import words
from assessment.reports.charts.shapes import shade
from assessment.reports.content.portfolio import Mark, Portfolio, Spread
from assessment.reports.xlsx.file import marked, packed
from assessment.reports.xlsx.overview import lines, pairs
from assessment.reports.xlsx.sheets import (
    A4,
    DANGEROUS,
    FONT,
    IN_LINE,
    NOTE,
    POINTS,
    SHARE,
    Column,
    Looks,
    Way,
    height,
    printed,
    put,
    writable,
)
from assessment.scoring import shown

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN, BOLD = Font(name=FONT, size=10), Font(name=FONT, size=10, bold=True)
HEAD, HEAD_FILL = Font(name=FONT, size=10, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="12355B")
TOP, MIDDLE = Alignment(vertical="top", wrap_text=True), Alignment(horizontal="center", vertical="top")
CAPPED = '0"▼"'  # a level that a key criterion holds down stays a number
MOST_NAMES = 12  # of cities
A_PAGE = 170  # characters that a sheet may be wide before it takes another page
Value = str | int | float | None


def render(content: Portfolio) -> bytes:
    with translation.override(content.language):
        book = Workbook()
        _cover(book.worksheets[0], content)
        _cities(book.create_sheet(_("Cities")), content)
        _spread(book.create_sheet(_("Spread")), content)
        _gaps(book.create_sheet(_("Common gaps")), content)
        _evidence(book.create_sheet(_("Evidence missing")), content)
        marked(book, content.design.classification)
        return packed(
            book,
            title=f"{words.over_cities(len(content.rows))} · {content.framework}",
            creator=content.design.consultant.organisation or content.framework,
            day=content.days[-1] if content.days else None,
            language=words.tag(content.language),
        )


def _cover(sheet: Worksheet, content: Portfolio) -> None:
    """What it is about, and the lines that it bears."""
    sheet.title = _("Summary")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100
    looks = Looks(content.design.deep, content.design.accent)
    put(sheet.cell(1, 1), words.over_cities(len(content.rows)), Way(IN_LINE, looks.title), looks)
    state = _("Draft") if content.draft else _("Final")
    put(sheet.cell(2, 1), words.listed((state, words.disclaimer()), "，"), Way(IN_LINE, NOTE), looks)
    sheet.row_dimensions[1].height = 30
    days, drafts = " – ".join(map(words.day, content.days)), sum(row.draft for row in content.rows)
    told = [
        (_("Cities"), words.some([row.name for row in content.rows[:MOST_NAMES]], len(content.rows))),
        (_("Framework"), _("%(name)s, version %(version)s") % {"name": content.framework, "version": content.version}),
        (_("Levels used"), words.basis("effective")),
        *([(_("Mark"), words.capped_level())] if any(m.capped for row in content.rows for m in row.dimensions) else []),
        (_("As of"), days or _("not given")),
        (_("Drafts among them"), f"{drafts} / {len(content.rows)}"),
    ]
    pairs(sheet, 4, [*told, *lines(content.design)], looks)
    printed(sheet)


def _cities(sheet: Worksheet, content: Portfolio) -> None:
    """Scores as numbers, each with the tone of its level; the levels follow in columns of their own."""
    codes = [head.code for head in content.headings]
    scores = [_("Overall"), *(f"{head.code} {head.name}" for head in content.headings)]
    levels = [_("%(name)s level") % {"name": name} for name in (_("Overall"), *codes)]
    facts = [_("Division code"), _("City"), _("Round"), _("State")]
    _head(sheet, [*facts, *scores, _("Coverage"), _("Verified share"), *levels], [10, 16, 14, 8])
    first_level = len(facts) + len(scores) + 3
    for row in content.rows:
        marks = (row.overall, *row.dimensions)
        state = _("Draft") if row.draft else _("Final")
        number = _row(
            sheet,
            [row.code, row.name, row.round, state, *(_points(mark.score) for mark in marks), row.coverage, row.verified]
            + [mark.level for mark in marks],
            {
                **dict.fromkeys(range(5, 5 + len(marks)), POINTS),
                **dict.fromkeys((5 + len(marks), 6 + len(marks)), SHARE),
            },
        )
        _tint(sheet, number, marks, content.highest)
        for column, mark in enumerate(marks, start=first_level):
            if mark.capped:
                sheet.cell(number, column).number_format = CAPPED
    sheet.freeze_panes, sheet.print_title_cols = "C2", "A:B"


def _tint(sheet: Worksheet, row: int, marks: Iterable[Mark], highest: int) -> None:
    for column, mark in enumerate(marks, start=5):
        if mark.level is not None:
            ground, ink = (colour.removeprefix("#").upper() for colour in shade(mark.level, highest))
            cell = sheet.cell(row, column)
            cell.fill = PatternFill("solid", fgColor=ground)
            cell.font = Font(name=FONT, size=10, color=ink)


def _spread(sheet: Worksheet, content: Portfolio) -> None:
    _head(sheet, [_("Dimension"), _("Cities"), _("Lowest"), _("Median"), _("Highest")], [32, 10, 10, 10, 10])
    for spread in (content.overall, *content.spreads):
        _row(
            sheet,
            [_name(spread), spread.count, *map(_points, (spread.low, spread.middle, spread.high))],
            dict.fromkeys((3, 4, 5), POINTS),
        )


def _name(spread: Spread) -> str:
    return f"{spread.code} {spread.name}" if spread.code else _("Overall")


def _gaps(sheet: Worksheet, content: Portfolio) -> None:
    heads = [
        _("Code"),
        _("Criterion"),
        _("Below target"),
        _("Cities with level and target"),
        _("Mean gap"),
        _("Cities below"),
    ]
    _head(sheet, heads, [10, 36, 12, 14, 10, 60])
    for gap in content.gaps:
        _row(sheet, [gap.code, gap.title, gap.below, gap.count, gap.mean_gap, words.listed(gap.cities)], {5: POINTS})


def _evidence(sheet: Worksheet, content: Portfolio) -> None:
    heads = [_("Division code"), _("City"), _("Without evidence"), _("Level 1 or more"), _("Criteria")]
    _head(sheet, heads, [12, 16, 12, 12, 60])
    for city in content.unproven:
        _row(sheet, [city.code, city.name, city.count, city.claimed, words.some(city.criteria, city.count)])


def _head(sheet: Worksheet, titles: Sequence[str], widths: Sequence[int]) -> None:
    for column, title in enumerate(titles, start=1):
        _put(sheet.cell(1, column), title, HEAD)
        sheet.cell(1, column).fill = HEAD_FILL
        width = widths[column - 1] if column <= len(widths) else 13
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = _height(sheet, titles)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    wide = sum(width.width for width in sheet.column_dimensions.values())
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = max(1, round(wide / A_PAGE)), 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.left.text, sheet.oddFooter.right.text = sheet.title, "&P / &N"
    sheet.oddFooter.center.text = words.disclaimer()


def _row(sheet: Worksheet, values: Sequence[Value], formats: dict[int, str] | None = None) -> int:
    number = sheet.max_row + 1
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column)
        if isinstance(value, str):
            _put(cell, value, PLAIN)
        else:
            cell.value, cell.font, cell.alignment = value, PLAIN, MIDDLE
            cell.number_format = (formats or {}).get(column, "General")
    sheet.row_dimensions[number].height = _height(sheet, values)
    return number


def _height(sheet: Worksheet, values: Sequence[Value]) -> float:
    """Of a row: what the text that is broken into most lines takes."""
    widths = (sheet.column_dimensions[get_column_letter(n)].width for n in range(1, len(values) + 1))
    return max(height([value], [Column("", width)]) for value, width in zip(values, widths, strict=True))


def _put(cell, text: str, font: Font) -> None:
    """A string, whatever it begins with."""
    cell.value = writable(text) or None
    if cell.value is not None:
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(DANGEROUS)
    cell.font, cell.alignment = font, TOP


def _points(score: float | None) -> float | None:
    """As it is printed everywhere, to one decimal."""
    return None if score is None else round(shown(score), 1)
