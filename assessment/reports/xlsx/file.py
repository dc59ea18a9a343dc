"""Open this for a workbook's bytes: the same for the same cells, whatever the clock says."""

import re
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

OLDEST = (1980, 1, 1, 0, 0, 0)
UNDATED = datetime(2000, 1, 1)  # stands where a report has no day; a workbook must have one


def packed(book: Workbook, *, title: str, creator: str, day: date | None, language: str) -> bytes:
    facts = book.properties
    facts.title, facts.creator, facts.language = title, creator, language
    made = datetime(day.year, day.month, day.day) if day else UNDATED
    facts.created = facts.modified = made
    written = BytesIO()
    ExcelWriter(book, ZipFile(written, "w")).save()
    return _undated(written, made)


def _undated(written: BytesIO, made: datetime) -> bytes:
    """openpyxl writes the hour into both the file and its entries; the report's day takes its place."""
    out = BytesIO()
    with ZipFile(written) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            told = ZipInfo(entry.filename, OLDEST)
            told.compress_type, told.external_attr, told.create_system = ZIP_DEFLATED, 0o600 << 16, 3
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                stamp = f"{made:%Y-%m-%dT%H:%M:%SZ}".encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            target.writestr(told, data)
    return out.getvalue()
