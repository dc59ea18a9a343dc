"""The workbook's first sheet: what it is, and what to do with it."""

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties

from assessment.exchange.workbook.cells import A4, FONT, NAVY, NOT_IN_SHEET_NAMES, POINTS_A_LINE, TEAL, lines_of, put
from assessment.exchange.workbook.layout import Pack, not_applicable

WIDTHS = (20, 96)


def write_instructions(sheet, pack: Pack) -> None:
    sheet.title = NOT_IN_SHEET_NAMES.sub(" ", _("Instructions"))
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = WIDTHS
    put(sheet.cell(1, 1), _("Offline questionnaire"), Font(name=FONT, size=16, bold=True, color=NAVY), Alignment())
    sheet.row_dimensions[1].height = 30
    for number, (label, text) in enumerate([*_facts(pack), *_steps(pack)], start=3):
        put(sheet.cell(number, 1), label, Font(name=FONT, size=10, bold=True, color=TEAL))
        put(sheet.cell(number, 2), text)
        sheet.row_dimensions[number].height = max(20, 6 + POINTS_A_LINE * lines_of(text, WIDTHS[1]))
    sheet.protection.sheet = True
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)


def _facts(pack: Pack) -> list[tuple[str, str]]:
    return [
        (_("City"), pack.city),
        (_("Round"), pack.round),
        (_("Framework"), f"{pack.framework.name.to(get_language())} {pack.framework.version}"),
        (_("To be filled in by"), pack.holder),
        (_("Criteria"), str(len(pack.answers))),
        (_("Send back by"), date_format(pack.due_on) if pack.due_on else "—"),
    ]


def _steps(pack: Pack) -> list[tuple[str, str]]:
    language = get_language()
    steps = [
        _("Each further sheet is one dimension, each row one criterion. Only the yellowish cells can be filled in."),
        _("Read the descriptions of the levels; choose the highest level whose description is met in full."),
        _("If the criterion does not apply to the city, choose “%(words)s” and give the reason in the next column.")
        % {"words": not_applicable()},
        _("In the rationale, write the facts by which an outsider would choose this level."),
        _(
            "Evidence: a title with its document number or system name is enough. Dates are written like 2026-09-30;"
            " addresses begin with http:// or https://."
        ),
        _("Do not write formulas, merge cells, or rename or delete sheets; rows may be sorted and filtered."),
        _(
            "Save as .xlsx and give the file back to the lead, or upload it on the round's page “Offline workbook”."
            " Before anything is stored you see what is new, changed or in conflict."
        ),
    ]
    scale = [
        (f"{step.level} {step.name.to(language)}", step.meaning.to(language) or "—") for step in pack.framework.scale
    ]
    return [("", ""), *((str(i), step) for i, step in enumerate(steps, start=1)), ("", ""), *scale]
