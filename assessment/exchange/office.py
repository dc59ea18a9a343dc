"""What an office file is and whether it can do harm: a look into the two containers that they come in."""

import re
import zipfile
from io import BytesIO

from django.utils.translation import gettext as _

MOST_ENTRIES = 5000
MOST_UNPACKED = 500 * 2**20
HARMLESS_SIZE = 20 * 2**20  # unpacked; up to here a text may be as repetitive as it likes
MOST_RATIO = 100
READ_AT_MOST = 20 * 2**20

PARTS = {"word/": "word", "xl/": "sheet", "ppt/": "slides"}
STREAMS = {"worddocument": "word", "workbook": "sheet", "book": "sheet", "powerpoint document": "slides"}
MACRO_PARTS = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/.*)$|\.(doc|dot|xls|xlt|ppt|pot|pps)m$|\.(xlsb|xlam|ppam)$",
    re.IGNORECASE,
)
EMBEDDED = re.compile(r"(^|/)embeddings/|\.bin$", re.IGNORECASE)
MACRO_STORAGES = {"vba", "_vba_project", "_vba_project_cur", "macros"}
# [MS-PPT] 2.4.9 and 2.4.10: the container that points to the macros of a presentation, with fHasMacros set.
MACROS_OF_SLIDES = re.compile(rb"\x1f\x00\xff\x03\x14\0\0\0\x02\x00\x00\x04\x0c\0\0\0....\x01\0\0\0", re.DOTALL)
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTRY = 128  # bytes of a directory entry in an OLE file
STORAGE, STREAM, ROOT = 1, 2, 5


class Unfit(ValueError):
    """The file is not taken; the message says why, in the user's language."""


def zip_kind(data: bytes) -> str:
    """`zip word`, `zip sheet`, `zip slides` (Office Open XML) or `ofd`. Raises Unfit for all other archives and for macros."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _must_be_whole(archive, data)
            _must_not_burst(archive, len(data))
            _must_have_no_macros(archive)
            return _kind_of_parts(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit(_("The file is damaged: its parts cannot be read.")) from error


def _must_be_whole(archive: zipfile.ZipFile, data: bytes) -> None:
    """Nothing lies before the first part or behind the directory: one file, not two in one."""
    end = data.rfind(b"PK\x05\x06")
    behind = len(data) - end - 22 - len(archive.comment)
    before = min((entry.header_offset for entry in archive.infolist()), default=0)
    if end < 0 or behind or before or not data.startswith(b"PK\x03\x04"):
        raise Unfit(_("The file is two kinds of file in one, or has something hidden before or behind it."))


def _must_not_burst(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise Unfit(_("Unpacked the file would be far too large; it is not opened."))
    if unpacked > HARMLESS_SIZE and unpacked > MOST_RATIO * size:
        raise Unfit(_("Unpacked the file would be far too large; it is not opened."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unfit(_("The file is locked with a password, so it cannot be checked; remove the password first."))


def _must_have_no_macros(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    found = any(MACRO_PARTS.search(entry.filename) for entry in entries)
    found = found or b"macroenabled" in _read(archive, "[Content_Types].xml").lower()
    embedded = [entry for entry in entries if EMBEDDED.search(entry.filename)]
    if found or any(_has_macros(_read(archive, entry.filename)) for entry in embedded):
        raise _macros()


def _macros() -> Unfit:
    return Unfit(_("The file contains macros; save it without macros (such as .docx or .xlsx) or as PDF."))


def _kind_of_parts(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        for part, kind in PARTS.items():
            if any(name.startswith(part) for name in names):
                return f"zip {kind}"
    raise Unfit(_("Archives are not taken; add the files one by one."))


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part; whatever size it pretends to have."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(READ_AT_MOST)


def ole_kinds(data: bytes) -> set[str]:
    """`word`, `sheet`, `slides` of Office 97 or WPS: one, or more where one is embedded in another.

    Raises Unfit for all other contents, for macros and for passwords.
    """
    names = _names(data)
    if "encryptedpackage" in names:
        raise Unfit(_("The file is locked with a password, so it cannot be checked; remove the password first."))
    if _has_macros(data):
        raise _macros()
    kinds = {STREAMS[name] for name in names if name in STREAMS}
    if "root entry" not in names or not kinds:
        raise Unfit(_("The file is no document, workbook or presentation of Office or WPS."))
    return kinds


def _has_macros(data: bytes) -> bool:
    is_ole = data.startswith(OLE_MARK)
    return is_ole and bool(_names(data) & MACRO_STORAGES or MACROS_OF_SLIDES.search(data))


def _names(data: bytes) -> set[str]:
    """The names of all storages and streams, in lower case, also of files embedded in the file.

    Directory entries lie on multiples of 128 bytes. Reading every such place instead of following the file's own
    chain of sectors finds them in damaged and crafted files too.
    """
    places = range(0, len(data) - ENTRY + 1, ENTRY)
    return {name for place in places if data[place + 66] in (STORAGE, STREAM, ROOT) and (name := _name(data, place))}


def _name(data: bytes, place: int) -> str:
    size = int.from_bytes(data[place + 64 : place + 66], "little")
    if not 4 <= size <= 64 or size % 2 or data[place + size - 2 : place + size] != b"\0\0":
        return ""
    return data[place : place + size - 2].decode("utf-16-le", errors="replace").lower()
