"""Open this for how kept pages become the bytes of a PDF: fonts, links, outline, metadata, and no clock."""

from functools import lru_cache
from io import BytesIO

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.typeset import Box

rl_config.useA85 = 0  # pages as binary streams: text encoding would cost a third of the time and a quarter of the size


class _Canvas(Canvas):
    """A canvas that never names a font that is not embedded."""

    def _make_preamble(self) -> None:
        self._preamble = ""


class _Link(pdfdoc.PDFObject):
    """A link's rectangle, written straight as bytes: ReportLab's own takes ten times as long."""

    __RefOnly__ = 1

    def __init__(self, box: Box) -> None:
        self.box = box

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        key, *corners = self.box
        target = f"/A << /S /URI /URI ({_escaped(key)}) >>" if key.startswith("http") else f"/Dest /{_name(key)}"
        rect = " ".join(f"{corner:.2f}" for corner in corners)
        return f"<< /Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /Rect [{rect}] {target} >>".encode("ascii")


class _Places(pdfdoc.PDFObject):
    """Named destinations, so that a link needs to know a name and no page."""

    __RefOnly__ = 1

    def __init__(self, places: dict[str, tuple[int, float]]) -> None:
        self.places = places

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        lines = [
            b"/%s [%s /XYZ 0 %d 0]" % (_name(key).encode(), self._page(document, page), y + 8)
            for key, (page, y) in sorted(self.places.items())
        ]
        return b"<<\n%s\n>>" % b"\n".join(lines)

    @staticmethod
    def _page(document: pdfdoc.PDFDocument, number: int) -> bytes:
        reference: bytes = pdfdoc.PDFObjectReference(f"Page{number}").format(document)
        return reference


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


@lru_cache(4096)
def _name(key: str) -> str:
    """A destination's key as a PDF name: letters, digits and dots as they are, all else by number."""
    return "".join(chr(b) if (chr(b).isalnum() and b < 128) or b in b".-" else f"#{b:02x}" for b in key.encode())


def write(book: Book, *, title: str, author: str, subject: str, language: str) -> bytes:
    """The finished document."""
    buffer = BytesIO()
    size = (look.WIDTH, look.HEIGHT)
    canvas = _Canvas(buffer, pagesize=size, pageCompression=1, invariant=1, pdfVersion=(1, 7), lang=language)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject(subject)
    canvas.setCreator(author)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for subset in book.subsets.values():
        subset.register(canvas._doc)
    _write_pages(book, canvas)
    canvas._doc.Catalog.Dests = canvas._doc.Reference(_Places(book.places), "destinations")
    canvas.save()
    return buffer.getvalue()


def _write_pages(book: Book, canvas: Canvas) -> None:
    entries = {number: [e for e in book.entries if e.page == number] for number in {e.page for e in book.entries}}
    for number, page in enumerate(book.pages, 1):
        for entry in entries.get(number, ()):
            canvas.bookmarkPage(entry.key, fit="XYZ", left=0, top=book.places[entry.key][1] + 8)
            canvas.addOutlineEntry(entry.title, entry.key, entry.level - 1, closed=entry.level == 1 or None)
        for box in page.links:
            if box[0].startswith("http") or box[0] in book.places:
                canvas._addAnnotation(_Link(box))
        canvas._code.extend(page.code)
        canvas.showPage()
