"""The plain text of a file, for quotations to be checked against: .txt, .docx or PDF, read with suspicion.

Refused, with the reason: more than 20 MB or five million characters, what unpacks to far more, macros, passwords,
broken files, PDFs without text (scans), and what takes too long to read.
"""

import zipfile
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from assessment.exchange import extracting
from assessment.exchange.document import UNPRINTABLE
from assessment.exchange.office import OLE_MARK, Unfit
from assessment.exchange.upload import LARGEST, judged, plain_name

ENDINGS = ("txt", "docx", "pdf")
LONGEST = 5_000_000
MOST_PAGES = 2000
MOST_SECONDS = 20
MOST_MEMORY = 2**30  # bytes that reading a PDF may take
LARGEST_PART = 60 * 2**20  # bytes of a Word document's text, with its marks
OTHER_FORMATS = (b"%PDF", b"PK", OLE_MARK, b"{\\rtf")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Reading:
    """A file's name, its text, and the SHA-256 of its bytes."""

    name: str
    text: str
    sha256: str


def read_text(name: str, data: bytes) -> Reading:
    """Raises Unfit with the reason, in the user's language."""
    name = plain_name(name)
    ending = name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise Unfit(_("A text is read from .txt, .docx or PDF; save the file as one of them."))
    if len(data) > LARGEST:
        raise Unfit(_("The file is larger than 20 MB. Split it, or save its text as .txt."))
    text = _tidy(READERS[ending](name, data))
    if len(text) > LONGEST:
        raise _too_long()
    if not text:
        raise Unfit(_("There is no text in the file."))
    return Reading(name, text, sha256(data).hexdigest())


def _tidy(text: str) -> str:
    """With plain line ends, without what no database keeps."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return UNPRINTABLE.sub("", text).strip()


def _too_long() -> Unfit:
    return Unfit(_("The text is longer than five million characters. Upload the part that is quoted."))


def _damaged() -> Unfit:
    return Unfit(_("The file is damaged and cannot be read. Save it again, or save its text as .txt."))


def _of_txt(name: str, data: bytes) -> str:
    for encoding in ("utf-16",) if data.startswith(UTF_16) else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not data.startswith(OTHER_FORMATS) and not UNPRINTABLE.search(text.replace("\f", "")):
            return text
    raise Unfit(_("The file is no plain text in UTF-8 or GB 18030. Save it so, or as .docx or PDF."))


# Word


def _of_docx(name: str, data: bytes) -> str:
    """The body with its tables, as it reads when all changes are accepted."""
    judged(name, data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            words = _Words()
            _parse(archive, _main_part(archive), words)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, LookupError, NotImplementedError, EOFError) as error:
        raise _damaged() from error
    return "".join(words.found)


class _Words:
    """Keeps the words of a Word document; not those that were moved away or that repeat a picture for old programs."""

    ENDS = {"p": "\n", "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    SKIPPED = {"Fallback", "moveFrom"}

    def __init__(self) -> None:
        self.found: list[str] = []
        self.size = self.skipping = 0
        self.is_text = False

    def start(self, name: str, _given: dict[str, str]) -> None:
        space, _mark, name = name.rpartition(" ")
        self.skipping += name in self.SKIPPED
        self.is_text = name == "t" and "wordprocessingml" in space and not self.skipping

    def end(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        self.skipping -= name in self.SKIPPED
        self.is_text = False
        if name in self.ENDS and not self.skipping:
            self.found.append(self.ENDS[name])

    def text(self, words: str) -> None:
        if self.is_text:
            self.found.append(words)
            self.size += len(words)
            if self.size > LONGEST:
                raise _too_long()


class _MainPart:
    """Where the package says that its document lies."""

    def __init__(self) -> None:
        self.name = "word/document.xml"

    def start(self, _name: str, given: dict[str, str]) -> None:
        if given.get("Type", "").endswith("/officeDocument"):
            self.name = given.get("Target", "").lstrip("/")

    def end(self, name: str) -> None:
        pass

    def text(self, words: str) -> None:
        pass


def _main_part(archive: zipfile.ZipFile) -> str:
    part = _MainPart()
    _parse(archive, "_rels/.rels", part)
    return part.name


def _parse(archive: zipfile.ZipFile, name: str, reader: _Words | _MainPart) -> None:
    if archive.getinfo(name).file_size > LARGEST_PART:
        raise _too_long()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    with archive.open(name) as part:
        parser.ParseFile(part)


def _refuse_doctype(*_declared: object) -> None:
    raise _damaged()


# PDF


def _of_pdf(name: str, data: bytes) -> str:
    judged(name, data)
    try:
        pages = extracting.pages_of(
            data, seconds=MOST_SECONDS, memory=MOST_MEMORY, pages=MOST_PAGES, characters=LONGEST
        )
    except extracting.Unextracted as error:
        raise _unfit(error.fault) from error
    if not any(map(str.strip, pages)):
        raise Unfit(
            _("The PDF has no text: it seems to be scanned. Upload one with text, or the text as .txt or .docx.")
        )
    return "\n".join(map(str.strip, pages))


def _unfit(fault: str) -> Unfit:
    match fault:
        case extracting.LOCKED:
            return _locked()
        case extracting.LONG:
            return _too_long()
        case extracting.MANY_PAGES:
            return Unfit(_("The PDF has more than %(count)d pages. Split it.") % {"count": MOST_PAGES})
        case extracting.TOO_MUCH:
            return Unfit(_("The PDF takes too long to read. Save its text as .txt and upload that."))
    return _damaged()


def _locked() -> Unfit:
    return Unfit(_("The file is locked with a password, so it cannot be checked; remove the password first."))


READERS = {"txt": _of_txt, "docx": _of_docx, "pdf": _of_pdf}
