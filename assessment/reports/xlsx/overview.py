"""Open this for the workbook's first sheet: what it is about, the key figures, the dimensions and their charts."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from openpyxl.chart import BarChart, RadarChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.worksheet import Worksheet

from assessment.design import Design
from assessment.reports import prose, words
from assessment.reports.charts import ON_A_WHEEL
from assessment.reports.charts.shapes import AMBER, GREY
from assessment.reports.content.facts import Balance, Content, Section, Standing
from assessment.reports.xlsx.sheets import (
    GAIN,
    IN_LINE,
    NOTE,
    POINTS,
    SHADE,
    SHARE,
    TOP_LEFT,
    Column,
    Given,
    Looks,
    Value,
    Way,
    height,
    printed,
    put,
    table,
)

ROW = 15  # points
WIDTHS = (24, 12, 12, 12, 12, 12, 12, 12, 12)


def overview(sheet: Worksheet, content: Content, looks: Looks) -> None:
    sheet.title = _("Summary")
    for letter, width in zip("ABCDEFGHI", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    put(sheet.cell(1, 1), prose.title(content), Way(IN_LINE, looks.title), looks)
    state = _("Draft") if content.draft else _("Final")
    put(sheet.cell(2, 1), words.listed((state, words.disclaimer()), "，"), Way(IN_LINE, NOTE), looks)
    sheet.row_dimensions[1].height = 30
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = ROW, True  # charts lie over rows
    at = pairs(sheet, 4, [*prose.cover_facts(content), *lines(content.design)], looks)
    at = _figures(sheet, at + 1, content, looks)
    top = at + 1
    at = _dimensions(sheet, top, content, looks)
    if balances := [section.balance for section in content.sections if section.balance]:
        at = _tilts(sheet, at + 1, balances, looks)
    if content.summary.caps:
        put(sheet.cell(at + 1, 1), _("What limits the level"), Way(IN_LINE, looks.heading), looks)
        told = [(f"{cap.code} {cap.name}", prose.held(cap).strip()) for cap in content.summary.caps]
        pairs(sheet, at + 2, told, looks)
    _charts(sheet, content, top, looks)
    printed(sheet)
    sheet.page_setup.fitToHeight = 1
    sheet.freeze_panes = "B2"


def lines(design: Design) -> list[tuple[str, str]]:
    """What the report bears besides its facts, as far as it bears any."""
    told = [
        (_("Classification"), design.classification),
        (_("Document number"), design.document_number),
        (_("City's organisation"), design.city.organisation),
        (_("Prepared by"), design.consultant.organisation),
        *((line.role, " ".join(filter(None, (line.name, words.day(line.on))))) for line in design.approvals),
    ]
    return [(name, value) for name, value in told if value]


def pairs(sheet: Worksheet, at: int, told: list[tuple[str, str]], looks: Looks) -> int:
    """Names and what belongs to them, from row `at`; gives the row after them."""
    for name, value in told:
        put(sheet.cell(at, 1), Given(name, bold=True, colour=GREY), Way(), looks)
        put(sheet.cell(at, 2), value, Way(IN_LINE), looks)
        at += 1
    return at


def _figures(sheet: Worksheet, at: int, content: Content, looks: Looks) -> int:
    put(sheet.cell(at, 1), _("Key figures"), Way(IN_LINE, looks.heading), looks)
    s = content.summary
    figures: list[tuple[str, Given]] = [
        (_("Overall score"), Given(s.overall.score, POINTS, bold=True)),
        (_("Level"), Given(s.overall.level, bold=True)),
        (_("Lower bound"), Given(s.overall.low, POINTS)),
        (_("Upper bound"), Given(s.overall.high, POINTS)),
        (_("Strict"), Given(s.overall.strict, POINTS)),
        (_("With every gap closed"), Given(s.at_target, POINTS)),
        (_("Coverage"), Given(s.overall.coverage, SHARE)),
        (_("Evidence"), Given(s.evidence, SHARE)),
        (_("Share not applicable"), Given(s.overall.na, SHARE)),
        *((x.name, Given(x.standing.score, POINTS)) for x in s.lenses if len(s.lenses) > 1),
        (_("Gaps"), Given(len(content.improvements))),
        *((words.severity(name), Given(s.counts.get(name, 0))) for name in ("critical", "major", "minor")),
        (_("Answered"), Given(s.answered)),
        (words.state("blank"), Given(s.blank)),
        (_("Criteria not applicable"), Given(s.na)),
        (_("Verified"), Given(s.verified)),
    ]
    way = Way(TOP_LEFT, fill=SHADE)
    for place, (name, given) in enumerate(figures):
        row, column = at + 1 + place // 4, 1 + 2 * (place % 4)
        label, cell = sheet.cell(row, column), sheet.cell(row, column + 1)
        put(label, Given(name, colour=GREY), way, looks)
        put(cell, given, way, looks)
        tall = height([name], [Column("", WIDTHS[column - 1])])
        sheet.row_dimensions[row].height = max(tall, sheet.row_dimensions[row].height or 0)
    return at + 2 + (len(figures) - 1) // 4


def _dimensions(sheet: Worksheet, at: int, content: Content, looks: Looks) -> int:
    put(sheet.cell(at, 1), _("Scores, bounds and levels"), Way(IN_LINE, looks.heading), looks)
    titles = [_("Score"), _("At target"), _("Lower bound"), _("Upper bound"), _("Strict")]
    titles += [_("By score"), _("Rated"), _("Coverage")]
    columns = [Column(_("Dimension"), WIDTHS[0]), *(Column(title, 12, True) for title in titles)]
    rows = [_section(section) for section in content.sections]
    rows += [_whole(x.name, x.standing, None) for x in content.summary.lenses if len(content.summary.lenses) > 1]
    rows.append(_whole(_("Overall score"), content.summary.overall, content.summary.at_target))
    return table(sheet, at + 1, columns, rows, looks)


def _tilts(sheet: Worksheet, at: int, balances: Sequence[Balance], looks: Looks) -> int:
    heading = _("Both sides, and how far they tilt")
    put(sheet.cell(at, 1), heading, Way(IN_LINE, looks.heading), looks)
    sides = [_("First side"), _("Score"), _("Second side"), _("Score"), _("Tilt"), _("Verdict")]
    columns = [Column(_("Dimension"), WIDTHS[0]), *(Column(title, 12, True) for title in sides)]
    rows: list[list[Given | Value]] = [
        [
            Given(f"{balance.code} {balance.name}", bold=True),
            *(cell for side in balance.sides for cell in (side.name, Given(side.score, POINTS, bold=True))),
            Given(balance.tilt, GAIN),
            words.balance(balance.balance),
        ]
        for balance in balances
    ]
    return table(sheet, at + 1, columns, rows, looks)


def _section(section: Section) -> list[Given | Value]:
    held = AMBER if section.cap else ""
    name = Given(f"{section.code} {section.name}", bold=True)
    row = _standing(section.standing, section.at_target)
    return [name, *row[:5], section.level_by_score, Given(section.standing.level, bold=True, colour=held), row[5]]


def _whole(name: str, standing: Standing, at_target: float | None) -> list[Given | Value]:
    row = _standing(standing, at_target)
    return [Given(name, bold=True), *row[:5], None, Given(standing.level, bold=True), row[5]]


def _standing(s: Standing, at_target: float | None) -> list[Given | Value]:
    return [
        Given(s.score, POINTS, bold=True),
        Given(at_target, POINTS),
        Given(s.low, POINTS),
        Given(s.high, POINTS),
        Given(s.strict if s.na else None, POINTS),
        Given(s.coverage, SHARE),
    ]


def _charts(sheet: Worksheet, content: Content, top: int, looks: Looks) -> None:
    """A radar of all dimensions where they fit on a wheel, and bars; drawn by the program from the cells above."""
    count = len(content.sections)
    names = Reference(sheet, min_col=1, min_row=top + 2, max_row=top + 1 + count)
    values = Reference(sheet, min_col=2, max_col=3, min_row=top + 1, max_row=top + 1 + count)
    row = 4
    if count in ON_A_WHEEL:
        radar = RadarChart()
        radar.type = "marker"
        _drawn(radar, values, names, looks)
        radar.y_axis.scaling.min, radar.y_axis.scaling.max = 0, 100
        radar.y_axis.delete = True
        radar.height, radar.width = 11, 15
        sheet.add_chart(radar, f"K{row}")
        row += 22
    bars = BarChart()
    bars.type = "bar"
    _drawn(bars, values, names, looks)
    bars.x_axis.scaling.orientation = "maxMin"
    bars.y_axis.scaling.min, bars.y_axis.scaling.max = 0, 100
    bars.x_axis.delete = bars.y_axis.delete = False
    bars.gapWidth = 60
    bars.height, bars.width = max(7, 1 + 0.9 * count), 15
    sheet.add_chart(bars, f"K{row}")


def _drawn(chart: RadarChart | BarChart, values: Reference, names: Reference, looks: Looks) -> None:
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(names)
    chart.title = _("Scores of all dimensions")
    chart.legend.position = "b"
    for series, colour in zip(chart.series, (looks.deep, looks.accent), strict=True):
        look = GraphicalProperties()
        if isinstance(chart, BarChart):
            look.solidFill = colour.lstrip("#")
        else:
            look.line.solidFill = colour.lstrip("#")
            look.line.width = 22000
        series.graphicalProperties = look
