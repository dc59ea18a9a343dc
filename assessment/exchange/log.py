"""The event log as a workbook. Whatever people wrote comes out as text: nothing in it is a formula or a link."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from assessment.exchange.workbook.cells import BOLD, PLAIN, TOP_LEFT, put
from assessment.models import Event

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000  # what a request can write before a proxy loses patience; more by narrowing the days
MOST_SIGNS = 32_000  # that a cell holds
WIDTHS = {"A": 20, "B": 24, "C": 20, "D": 14, "E": 28, "F": 24, "G": 60, "H": 18}


def write_log(events: Iterable[Event]) -> bytes:
    """A sheet with one row an event, newest first, as the page shows it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Event log"))
    sheet.freeze_panes = "A2"
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    heads = [_("When"), _("Who"), _("What"), _("City"), _("Round"), _("Concerning"), _("Details"), _("From where")]
    sheet.append([_cell(sheet, head, BOLD) for head in heads])
    for event in events:
        sheet.append([_cell(sheet, text, PLAIN) for text in _row(event)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _row(event: Event) -> Iterator[str]:
    yield f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}"
    yield event.who
    yield str(event.get_verb_display())
    yield str(event.city or "")
    yield str(event.assessment or "")
    yield event.target
    yield _("; ").join(_("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in event.particulars)
    yield event.origin


def _cell(sheet, text: str, font) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    put(cell, text[:MOST_SIGNS], font, TOP_LEFT)
    return cell
