"""Open this for how a document's fonts and logos get into its file: fonts cut to the characters used, with widths and a
way back to text; pictures as plain pixels."""

import hashlib
from io import BytesIO
from itertools import batched

from PIL import Image

from assessment.reports.fonts import MARKS, Subset
from assessment.reports.pdf.objects import Objects

SYMBOLIC = 4
TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /{name} def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
{body}
endcmap CMapName currentdict /CMap defineresource pop end end"""


def embed(objects: Objects, subset: Subset) -> int:
    """One composite font; gives its number."""
    content = subset.cut()
    name = f"{_tag(subset)}+{subset.face.name}"
    descendant = objects.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDToGIDMap /Identity "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {_descriptor(objects, subset, name, content)} 0 R /DW 1000 /W [{_widths(subset)}] >>"
    )
    to_unicode = objects.stream(_to_unicode(subset, name).encode("ascii"))
    return objects.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{descendant} 0 R] /ToUnicode {to_unicode} 0 R >>"
    )


def embed_image(objects: Objects, png: bytes) -> int:
    """A picture, in red, green and blue without transparency; gives its number."""
    with Image.open(BytesIO(png)) as picture:
        pixels, (width, height) = picture.convert("RGB").tobytes(), picture.size
    entries = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8"
    )
    return objects.stream(pixels, entries)


def _tag(subset: Subset) -> str:
    """Six letters that name this very subset, as the PDF standard wants before the font's name."""
    digest = hashlib.sha256(repr(subset.codes).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _descriptor(objects: Objects, subset: Subset, name: str, content: bytes) -> int:
    face = subset.face.file
    box = " ".join(f"{side:.0f}" for side in face.bbox)
    file = objects.stream(content, f"/Length1 {len(content)}")
    return objects.add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags {SYMBOLIC} /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {face.ascent:.0f} /Descent {face.descent:.0f} /CapHeight {face.capHeight:.0f} /StemV {face.stemV:.0f} "
        f"/FontFile2 {file} 0 R /CIDSet {_numbers_in_use(objects, subset)} 0 R >>"
    )


def _numbers_in_use(objects: Objects, subset: Subset) -> int:
    """A bit for each number that shows a glyph."""
    whole, rest = divmod(len(subset.codes) + 1, 8)
    return objects.stream(b"\xff" * whole + (bytes([0xFF00 >> rest & 0xFF]) if rest else b""))


def _widths(subset: Subset) -> str:
    widths = ((number, round(subset.face.widths[chr(code)])) for number, code in enumerate(subset.codes, 1))
    return " ".join(f"{number} [{width}]" for number, width in widths if width != 1000)


def _to_unicode(subset: Subset, name: str) -> str:
    codes = (MARKS.get(code, code) for code in subset.codes)  # a narrow mark reads as the mark that it is
    pairs = [f"<{n:04x}> <{chr(c).encode('utf-16-be').hex()}>" for n, c in enumerate(codes, 1)]
    blocks = (f"{len(some)} beginbfchar\n{'\n'.join(some)}\nendbfchar" for some in batched(pairs, 100, strict=False))
    return TO_UNICODE.format(name=name, body="\n".join(blocks))
