"""Open this for a workbook's bytes: the same for the same cells, whatever the clock says."""

from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from assessment.reports.plain import readable
from assessment.undated import NO_DAY, Undated


def marked(book: Workbook, classification: str) -> None:
    """Each printed page of each sheet bears this line; & would be a code there."""
    for sheet in book.worksheets:
        sheet.oddHeader.right.text = classification.replace("&", "&&") or None


def packed(book: Workbook, *, title: str, creator: str, day: date | None, language: str) -> bytes:
    facts = book.properties
    facts.title, facts.creator, facts.language = readable(title), readable(creator), language
    made = datetime(day.year, day.month, day.day) if day else NO_DAY
    facts.created = facts.modified = made
    out = BytesIO()
    ExcelWriter(book, Undated(out, made)).save()
    return out.getvalue()
