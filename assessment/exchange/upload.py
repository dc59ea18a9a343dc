"""What a file that somebody sends really is, judged from its bytes: names and endings prove nothing."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from hashlib import sha256

import puremagic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.exchange.office import OLE_MARK, Unfit, ole_kinds, zip_kind

LARGEST = 20 * 2**20
LONGEST_NAME = 200
OOXML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: how people call it, how it is served, the endings that its name may have."""

    name: object
    media_type: str
    endings: tuple[str, ...]


DOCUMENT = gettext_lazy("a text document")
WORKBOOK = gettext_lazy("a workbook")
SLIDES = gettext_lazy("a presentation")
KINDS = {
    "pdf": Kind("PDF", "application/pdf", ("pdf",)),
    "ofd": Kind("OFD", "application/ofd", ("ofd",)),
    "zip word": Kind(DOCUMENT, f"{OOXML}.wordprocessingml.document", ("docx", "wps")),
    "zip sheet": Kind(WORKBOOK, f"{OOXML}.spreadsheetml.sheet", ("xlsx", "et")),
    "zip slides": Kind(SLIDES, f"{OOXML}.presentationml.presentation", ("pptx", "dps")),
    "ole word": Kind(DOCUMENT, "application/msword", ("doc", "wps")),
    "ole sheet": Kind(WORKBOOK, "application/vnd.ms-excel", ("xls", "et")),
    "ole slides": Kind(SLIDES, "application/vnd.ms-powerpoint", ("ppt", "dps")),
    "png": Kind("PNG", "image/png", ("png",)),
    "jpeg": Kind("JPEG", "image/jpeg", ("jpg", "jpeg")),
    "webp": Kind("WebP", "image/webp", ("webp",)),
    "tiff": Kind("TIFF", "image/tiff", ("tif", "tiff")),
    "bmp": Kind("BMP", "image/bmp", ("bmp",)),
}
ENDINGS = tuple(dict.fromkeys(ending for kind in KINDS.values() for ending in kind.endings))
# What puremagic calls each, and with what it must begin all the same: nothing may lie before it.
MAGIC = {
    ".pdf": ("pdf", re.compile(rb"%PDF-\d")),
    ".png": ("png", re.compile(rb"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")),
    ".jpg": ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ".webp": ("webp", re.compile(rb"RIFF....WEBPVP8[ LX]", re.DOTALL)),
    ".tiff": ("tiff", re.compile(rb"II\*\0|MM\0\*")),
    ".bmp": ("bmp", re.compile(rb"BM.{8}.{4}[\x0c\x28\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)),
}
MARKUP = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
PROGRAM = re.compile(rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|\xce\xfa\xed\xfe|\xcf\xfa\xed\xfe|dex\n|\0asm")
OTHER_FORMAT = re.compile(rb"<(?:!doctype html|html|script|svg)[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class Upload:
    """A file that was looked into: what it is called, what it is, and its bytes."""

    name: str
    media_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def judged(name: str, data: bytes) -> Upload:
    """The file, if it is of a kind that is taken. Raises Unfit with the reason."""
    if not data:
        raise Unfit(_("The file is empty."))
    if len(data) > LARGEST:
        raise Unfit(_("The file is larger than 20 MB; split it or make its pictures smaller."))
    name = plain_name(name)
    kinds, ending = [KINDS[found] for found in _kinds(data)], name.rpartition(".")[2].lower()
    for kind in kinds:
        if ending in kind.endings:
            return Upload(name, kind.media_type, data)
    wanted = _(" or ").join(f".{known}" for known in kinds[0].endings)
    raise Unfit(
        _("The name “%(name)s” does not fit the content, which is %(kind)s; such a file's name ends in %(wanted)s.")
        % {"name": name, "kind": kinds[0].name, "wanted": wanted}
    )


def plain_name(name: str) -> str:
    """The last part of a path, without characters that cannot be seen or that turn the writing round.

    >>> plain_name("C:\\\\资料\\\\通知\\u202efdp.exe")
    '通知fdp.exe'
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    stem, dot, ending = seen.strip().rpartition(".")
    return f"{stem[: LONGEST_NAME - 1 - len(ending)]}{dot}{ending}"[:LONGEST_NAME]


def _kinds(data: bytes) -> list[str]:
    if data.startswith(OLE_MARK):
        return [f"ole {kind}" for kind in sorted(ole_kinds(data))]
    if data.startswith(b"PK"):
        return [zip_kind(data)]
    found = {match.extension for match in _matches(data)}
    for extension, (kind, beginning) in MAGIC.items():
        if extension in found and beginning.match(data):
            _must_be_one_file(kind, data)
            return [kind]
    raise Unfit(_why_not(data))


def _matches(data: bytes):
    try:
        return puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        return []


def _must_be_one_file(kind: str, data: bytes) -> None:
    """No archive is glued to its end, and a picture does not begin as a page either; a PDF has its end."""
    hidden = _is_archive(data) or (kind != "pdf" and OTHER_FORMAT.search(data[:4096]))
    if hidden or (kind == "bmp" and int.from_bytes(data[2:6], "little") != len(data)):
        raise Unfit(_("The file is two kinds of file in one, or has something hidden before or behind it."))
    if kind == "pdf" and b"%%EOF" not in data[-2048:]:
        raise Unfit(_("The PDF is not complete; save or download it again."))


def _is_archive(data: bytes) -> bool:
    if b"PK\x05\x06" not in data[-66_000:]:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _why_not(data: bytes) -> str:
    if MARKUP.match(data):
        return _("The content is a web page, SVG or XML, whatever its name says; save it as PDF first.")
    if PROGRAM.match(data):
        return _("The content is a program; programs and scripts are not taken.")
    if data.startswith(b"{\\rtf"):
        return _("The content is RTF, whatever its name says; save it as .docx or PDF first.")
    return _("This kind of file is not taken: PDF, OFD, Office, WPS and pictures (PNG, JPEG, WebP, TIFF, BMP) are.")
