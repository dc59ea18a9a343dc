"""Look into an .xlsx before anything reads it: only what is small, plain and without machinery gets further.

Refused: more than 5 MiB, what unpacks to more than 40 MiB or half a million elements (zip bombs), encrypted files, macros,
links to other workbooks, embedded objects, data connections, document type declarations.
"""

import re
import zipfile
from collections import defaultdict
from io import BytesIO
from typing import NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 300
MOST_ELEMENTS = 500_000
ARCHIVE = b"PK"
COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # what Excel makes of a workbook with a password, and its format before 2007
XML = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)
MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)


class Unreadable(Exception):
    """The file cannot be looked at any further; the message says why."""


def unpack(data: bytes) -> dict[str, list[str]]:
    """Raises Unreadable for a file that must not be read. Gives the merged ranges of each part that has any."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than %(count)d MB.") % {"count": MOST_BYTES // 1024**2})
    if data.startswith(COMPOUND_FILE):
        raise Unreadable(_("The file is encrypted or in the old .xls format; save it as .xlsx without a password."))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _inspect(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        _refuse_as_no_workbook(error)


def _refuse_as_no_workbook(error: Exception) -> NoReturn:
    raise Unreadable(_("The file is no .xlsx workbook.")) from error


def _inspect(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The file is encrypted or in the old .xls format; save it as .xlsx without a password."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(_("The file unpacks to more than a workbook can be."))
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names) or "[content_types].xml" not in names:
        raise Unreadable(_("The file is no .xlsx workbook."))
    _refuse_machinery(names)
    look = _Look()
    for part in parts:
        look.into(part.filename, archive.read(part))
    return dict(look.merged)


def _refuse_machinery(names: list[str]) -> None:
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise Unreadable(_("The workbook contains macros; save it as .xlsx without macros."))
    if any("/externallinks/" in name for name in names):
        raise Unreadable(_("The workbook contains links to other workbooks; break the links and save it again."))
    if any(part in name for name in names for part in ("/embeddings/", "/activex/", "/connections.xml")):
        raise Unreadable(_("The workbook contains embedded objects or data connections; remove them."))


class _Look:
    """Goes through every part with the parser that reads it later; counts, and refuses."""

    def __init__(self) -> None:
        self.elements = 0
        self.merged: dict[str, list[str]] = defaultdict(list)
        self.part = ""

    def into(self, part: str, data: bytes) -> None:
        if part.lower() == "[content_types].xml" and MACRO_TYPE.search(data):
            raise Unreadable(_("The workbook contains macros; save it as .xlsx without macros."))
        self.part = part
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._count
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            if XML.search(part):
                _refuse_as_no_workbook(error)

    def _refuse_doctype(self, *_declared) -> None:
        raise Unreadable(_("The file is no .xlsx workbook."))

    def _count(self, name: str, given: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise Unreadable(_("The file unpacks to more than a workbook can be."))
        if name.rpartition(":")[2] == "mergeCell":
            self.merged[self.part].append(given.get("ref", ""))
