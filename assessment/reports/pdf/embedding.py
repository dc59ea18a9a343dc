"""Open this for how a document's fonts and logos get into its file: fonts cut to the characters used, with widths and a
way back to text; pictures as plain pixels."""

import hashlib
import sys
from array import array
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import batched

from PIL import Image

from assessment.reports.fonts import MARKS, Subset, coded
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
    codes = subset.codes
    content = subset.cut(codes)
    name = f"{_tag(codes)}+{subset.face.name}"
    descendant = objects.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDToGIDMap {objects.stream(_glyphs(codes))} 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {_descriptor(objects, subset, name, content)} 0 R /DW 1000 /W [{_widths(subset, codes)}] >>"
    )
    to_unicode = objects.stream(_to_unicode(codes, name).encode("ascii"))
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


def _tag(codes: Sequence[int]) -> str:
    """Six letters that name this very subset, as the PDF standard wants before the font's name."""
    digest = hashlib.sha256(repr(codes).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _descriptor(objects: Objects, subset: Subset, name: str, content: bytes) -> int:
    face = subset.face.file
    box = " ".join(f"{side:.0f}" for side in face.bbox)
    file = objects.stream(content, f"/Length1 {len(content)}")
    return objects.add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags {SYMBOLIC} /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {face.ascent:.0f} /Descent {face.descent:.0f} /CapHeight {face.capHeight:.0f} /StemV {face.stemV:.0f} "
        f"/FontFile2 {file} 0 R /CIDSet {objects.stream(_set(subset.codes))} 0 R >>"
    )


def _glyphs(codes: Sequence[int]) -> bytes:
    """For each number up to the last its glyph, in two bytes; the glyphs are in the order of `codes`."""
    glyphs = array("H", bytes(2 * codes[-1] + 2))
    for glyph, code in enumerate(codes, 1):
        glyphs[code] = glyph
    if sys.byteorder == "little":
        glyphs.byteswap()
    return glyphs.tobytes()


def _set(codes: Sequence[int]) -> bytes:
    """A bit for each number that shows a glyph, 0 among them."""
    bits = bytearray(codes[-1] // 8 + 1)
    for code in (0, *codes):
        bits[code // 8] |= 0x80 >> code % 8
    return bytes(bits)


def _widths(subset: Subset, codes: Sequence[int]) -> str:
    widths = ((code, round(subset.face.widths[chr(code)])) for code in codes)
    return " ".join(f"{code} [{width}]" for code, width in widths if width != 1000)


def _to_unicode(codes: Sequence[int], name: str) -> str:
    """Each number is the character's own, but for the narrow marks, which read as the marks that they are."""
    own = sorted({code >> 8 for code in codes if code not in MARKS})
    ranges = [f"<{row:02x}00> <{row:02x}ff> <{row:02x}00>" for row in own]
    pairs = [f"<{coded(chr(code))}> <{coded(chr(MARKS[code]))}>" for code in codes if code in MARKS]
    blocks = [*_blocks("bfrange", ranges), *_blocks("bfchar", pairs)]
    return TO_UNICODE.format(name=name, body="\n".join(blocks))


def _blocks(kind: str, lines: Iterable[str]) -> list[str]:
    return [f"{len(some)} begin{kind}\n{'\n'.join(some)}\nend{kind}" for some in batched(lines, 100, strict=False)]
