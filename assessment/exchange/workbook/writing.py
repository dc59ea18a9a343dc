"""A department's part of a round as a workbook for Excel and WPS: to fill in, print, and send back.

Cells hold numbers, days and strings, never formulas or links; all but the answers are locked, without a password.
"""

from datetime import date
from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Border, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break, ColBreak

from assessment import outline
from assessment.exchange.workbook.cells import (
    A4,
    ANSWER,
    BOLD,
    CENTRE,
    GROUND,
    HEADING,
    LINE,
    NAVY,
    PLAIN,
    POINTS_A_LINE,
    TEAL,
    TOP_LEFT,
    lines_of,
    put,
    sheet_name,
)
from assessment.exchange.workbook.instructions import write_instructions
from assessment.exchange.workbook.layout import (
    FEWEST_PIECES,
    FIRST_ROW,
    HEADING_ROW,
    KEY_ROW,
    SLIP_SHEET,
    Column,
    Pack,
    columns,
    level_choices,
    not_applicable,
)

EDGES = Border(*(Side(style="thin", color=LINE) for _side in range(4)))
LOWEST_ROW, HIGHEST_ROW = 60, 400
FIRST_DAY = date(1990, 1, 1)


def write_workbook(pack: Pack) -> bytes:
    """The .xlsx file."""
    book = Workbook()
    book.properties.creator, book.properties.title = _("City digital maturity self-assessment"), pack.title
    write_instructions(book.active, pack)
    most = max((len(answer.evidence) for answer in pack.answers.values()), default=0)
    shown = columns(pack.framework, max(FEWEST_PIECES, most + 1))
    for dimension in pack.framework.dimensions:
        criteria = [criterion for criterion in dimension.criteria if criterion.code in pack.answers]
        if criteria:
            sheet = book.create_sheet(sheet_name(dimension, book.sheetnames))
            _write_dimension(sheet, criteria, shown, pack)
            _set_up_print(sheet, shown, pack)
    slip = book.create_sheet(SLIP_SHEET)
    slip.sheet_state = "veryHidden"
    slip.protection.sheet = True
    put(slip.cell(1, 1), pack.slip.seal())
    book.security = WorkbookProtection(lockStructure=True)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


# A dimension's sheet


def _write_dimension(sheet, criteria: list[outline.Criterion], shown: list[Column], pack: Pack) -> None:
    choices = level_choices(pack.framework)
    for position, column in enumerate(shown, start=1):
        put(sheet.cell(KEY_ROW, position), column.key)
        heading = sheet.cell(HEADING_ROW, position)
        put(heading, column.heading, HEADING, CENTRE)
        heading.fill = PatternFill("solid", fgColor=TEAL if column.is_answer else NAVY)
        heading.border = EDGES
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    sheet.row_dimensions[KEY_ROW].hidden = True
    sheet.row_dimensions[HEADING_ROW].height = 36
    for row, criterion in enumerate(criteria, start=FIRST_ROW):
        _write_row(sheet, row, criterion, shown, choices, pack)
    _offer_choices(sheet, shown, choices, FIRST_ROW + len(criteria) - 1)
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 3)
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False  # False: not forbidden


def _write_row(sheet, row: int, criterion: outline.Criterion, shown: list[Column], choices: list[str], pack: Pack):
    answer = pack.answers[criterion.code]
    values = _fixed(criterion, pack.last.get(criterion.code), choices) | _answered(answer, choices)
    lines = 0
    for position, column in enumerate(shown, start=1):
        cell, value = sheet.cell(row, position), values.get(column.key, "")
        if isinstance(value, date):
            cell.value, cell.font, cell.alignment = value, PLAIN, TOP_LEFT
        else:
            put(cell, value, BOLD if column.key in ("code", "title", "level") else PLAIN)
            lines = max(lines, lines_of(value, column.width))
        cell.border = EDGES
        if column.is_answer:
            _open(cell, column, criterion.code in pack.writable)
    sheet.row_dimensions[row].height = min(HIGHEST_ROW, max(LOWEST_ROW, 6 + POINTS_A_LINE * lines))


def _open(cell, column: Column, is_writable: bool) -> None:
    cell.number_format = "yyyy-mm-dd" if column.kind == "day" else "@"
    cell.protection = Protection(locked=not is_writable)
    cell.fill = PatternFill("solid", fgColor=ANSWER if is_writable else GROUND)


def _fixed(criterion: outline.Criterion, last: outline.Response | None, choices: list[str]) -> dict[str, str]:
    language = get_language()
    title = criterion.title.to(language) + (f"\n（{_('Key criterion')}）" if criterion.key else "")
    descriptors = {f"level-{d.level}": d.descriptor.to(language) for d in criterion.levels}
    return descriptors | {
        "code": criterion.code,
        "title": title,
        "statement": criterion.statement.to(language),
        "last": _choice(last, choices) if last else "",
    }


def _answered(answer: outline.Response, choices: list[str]) -> dict[str, str | date]:
    values: dict[str, str | date] = {
        "level": _choice(answer, choices),
        "not_applicable": answer.not_applicable,
        "rationale": answer.rationale,
        "target": _level(answer.target, choices),
    }
    for piece, evidence in enumerate(answer.evidence, start=1):
        for name in ("title", "reference", "url"):
            values[f"evidence-{piece}-{name}"] = getattr(evidence, name)
        if evidence.as_of:
            values[f"evidence-{piece}-as_of"] = evidence.as_of
    return values


def _choice(answer: outline.Response, choices: list[str]) -> str:
    return not_applicable() if answer.not_applicable else _level(answer.level, choices)


def _level(level: int | None, choices: list[str]) -> str:
    """Nothing for a level that only an earlier framework's scale had."""
    return choices[level] if level is not None and level < len(choices) else ""


def _offer_choices(sheet, shown: list[Column], choices: list[str], last_row: int) -> None:
    offers: dict[str, DataValidation] = {
        "level": _dropdown([*choices, not_applicable()]),
        "target": _dropdown(choices),
        "day": DataValidation(type="date", operator="greaterThanOrEqual", formula1=str(int(to_excel(FIRST_DAY)))),
    }
    offers["day"].error = _("Write a date like 2026-09-30.")
    for position, column in enumerate(shown, start=1):
        if column.kind in offers:
            letter = get_column_letter(position)
            offers[column.kind].add(f"{letter}{FIRST_ROW}:{letter}{last_row}")
    for offer in offers.values():
        offer.allow_blank, offer.showErrorMessage = True, True
        sheet.add_data_validation(offer)


def _dropdown(choices: list[str]) -> DataValidation:
    offer = DataValidation(type="list", formula1='"' + ",".join(choices) + '"')
    offer.error = _("Choose from the list.")
    return offer


def _set_up_print(sheet, shown: list[Column], pack: Pack) -> None:
    """A4 landscape, three pages wide: the question, the answer, the evidence."""
    keys = [column.key for column in shown]
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.scale = "landscape", A4, 55
    sheet.print_title_rows, sheet.print_title_cols = f"{HEADING_ROW}:{HEADING_ROW}", "A:B"
    sheet.col_breaks = ColBreak(brk=tuple(Break(id=keys.index(key)) for key in ("last", "evidence-1-title")))
    sheet.oddHeader.left.text = f"{pack.city} {pack.round} {pack.holder}".replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
