"""The workbook's first sheet: what the others are, and what may be done with them."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties

from assessment import outline
from assessment.exchange.framework.workbook.layout import CARRIES, KINDS, ROLES, SHEETS, STATUSES
from assessment.exchange.workbook.cells import A4, FONT, NAVY, POINTS_A_LINE, TEAL, lines_of, put

WIDTHS = (20, 110)


def write_instructions(sheet, framework: outline.Framework) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = WIDTHS
    put(sheet.cell(1, 1), _("Framework workbook"), Font(name=FONT, size=16, bold=True, color=NAVY), Alignment())
    sheet.row_dimensions[1].height = 30
    name = f"{framework.name.to(get_language())} {framework.version}"
    rows = [(_("Framework"), name[:200]), ("", ""), *_sheets(), ("", ""), *_rules()]
    for number, (label, text) in enumerate(rows, start=3):
        put(sheet.cell(number, 1), label, Font(name=FONT, size=10, bold=True, color=TEAL))
        put(sheet.cell(number, 2), text)
        sheet.row_dimensions[number].height = max(20, 6 + POINTS_A_LINE * lines_of(text, WIDTHS[1]))
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)


def _sheets() -> list[tuple[str, str]]:
    words = {
        "framework": _(
            "Code, version and own language of the framework, its name and what it is about. A published version never"
            " changes: give the changed framework a higher version."
        ),
        "scale": _("The levels from 0 upwards; every level but 0 has the lowest score that reaches it."),
        "structure": _(
            "Lenses, below each its dimensions, below a balance its two facets. Each dimension names the sheet of its"
            " criteria."
        ),
        "sources": _("What the criteria rest on: each source, below it its passages."),
        "targets": _(
            "A column for each target profile: the level for all other criteria, for key criteria, and for single"
            " criteria where it differs. Blank cells set no target."
        ),
        "crosswalks": _("Other standards' items and what they correspond to. May be left out."),
    }
    dimensions = _("One row a criterion, with all levels side by side. Their order is the order shown.")
    return [
        *((str(SHEETS[key].title), text) for key, text in words.items() if key in ("framework", "scale", "structure")),
        (_("A sheet a dimension"), dimensions),
        *((str(SHEETS[key].title), text) for key, text in words.items() if key in ("sources", "targets", "crosswalks")),
    ]


def _rules() -> list[tuple[str, str]]:
    rules = [
        _(
            "Rows may be added, deleted and moved. An answer follows its criterion's code: keep the code of what stays,"
            " and give what is new a new one."
        ),
        _(
            "Headings say what a column is, and in brackets its language. For a further language add a column with that"
            " language in brackets; a column that is not filled in says nothing."
        ),
        _("Several entries in one cell, such as citations, tags or codes, stand on a line each (Alt+Enter)."),
        _(
            "A citation is SOURCE#PASSAGE, by the codes in the sheet “%(sheet)s”. One that is only filed under a passage"
            " by its title begins with （%(role)s）."
        )
        % {"sheet": SHEETS["sources"].title, "role": ROLES["assigned"]},
        _("Person-months a level: one number for all steps, or one for each step, such as 2、3、3、4、6."),
        _(
            "“Replaces” names the criteria of the version before whose answers this one takes over; of several levels"
            " the one that “Level taken over” says (%(choices)s)."
        )
        % {"choices": _listed(CARRIES)},
        _("Kinds of dimension: %(choices)s.") % {"choices": _listed(KINDS)},
        _("Status of a passage: %(choices)s. Only the first two may be quoted.") % {"choices": _listed(STATUSES)},
        _("Formulas, merged cells, and sheets or columns that are not named here are refused."),
        _(
            "On import you first see all errors with sheet and cell, then all changes; nothing is written before you confirm."
        ),
    ]
    return [(str(number), rule) for number, rule in enumerate(rules, start=1)]


def _listed(choices) -> str:
    return "、".join(str(label) for label in choices.values())
