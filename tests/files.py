"""Real small files, and some that pretend: made here, so that nothing binary lies in the repository."""

import struct
import zipfile
import zlib
from io import BytesIO

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
PDF += b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 3>>\nstartxref\n95\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"
TIFF = b"II*\0\x08\0\0\0\0\0\0\0\0\0"
WEBP = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"
OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "word": ("word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml"),
    "sheet": ("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"),
    "slides": ("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation.main+xml"),
}
OLE_STREAM = {"word": "WordDocument", "sheet": "Workbook", "slides": "PowerPoint Document"}


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(comment: bytes = b"") -> bytes:
    """One grey point."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0\x80")), (b"tEXt", b"Comment\0" + comment), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def bmp() -> bytes:
    body = struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + b"\0\0\0\0"
    return b"BM" + struct.pack("<IHHI", 14 + len(body), 0, 0, 54) + body


def archive(parts: dict[str, str | bytes], **options) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def office(kind: str = "word", text: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """A docx, xlsx or pptx."""
    part, content_type = MAIN[kind]
    types = f'<Types><Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    return archive({"[Content_Types].xml": types, part: f"<x>{text}</x>"} | (more or {}))


def ofd() -> bytes:
    return archive({"OFD.xml": "<ofd:OFD/>", "Doc_0/Document.xml": "<ofd:Document/>"})


def ole(kind: str = "word", *names: str) -> bytes:
    """An Office 97 file: its header and a directory with these further names."""
    entries = [("Root Entry", 5), (OLE_STREAM.get(kind, kind), 2), *((name, 1) for name in names)]
    directory = b"".join(_entry(name, sort) for name, sort in entries).ljust(512, b"\0")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + directory


def _entry(name: str, sort: int) -> bytes:
    spelled = name.encode("utf-16-le") + b"\0\0"
    return (spelled.ljust(64, b"\0") + struct.pack("<HB", len(spelled), sort)).ljust(128, b"\0")


GOOD = {
    "通知.pdf": PDF,
    "方案.docx": office("word"),
    "台账.xlsx": office("sheet"),
    "汇报.pptx": office("slides"),
    "方案.doc": ole("word"),
    "台账.xls": ole("sheet"),
    "汇报.ppt": ole("slides"),
    "方案.wps": ole("word"),
    "台账.et": ole("sheet"),
    "汇报.dps": ole("slides"),
    "新版.wps": office("word"),
    "公文.ofd": ofd(),
    "截图.png": png(),
    "照片.jpg": JPEG,
    "照片.JPEG": JPEG,
    "照片.webp": WEBP,
    "扫描.tif": TIFF,
    "截图.bmp": bmp(),
}
