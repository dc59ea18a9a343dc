"""Open this for how a document's fonts and logos get into its file: fonts cut to the characters used, with widths and a
way back to text; pictures as plain pixels."""

import hashlib
import sys
from array import array
from collections.abc import Collection, Iterable, Mapping
from io import BytesIO
from itertools import batched

from PIL import Image

from assessment.reports.fonts import EM, MARKS, Face, Subset
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
    face, characters = subset.face, subset.characters
    content = face.cut(characters.values())
    name = f"{_tag(characters)}+{face.name}"
    descendant = objects.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} "
        f"/CIDToGIDMap {objects.stream(_glyphs(characters))} 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {_descriptor(objects, face, (name, characters), content)} 0 R "
        f"/DW {EM} /W [{_widths(face, characters)}] >>"
    )
    to_unicode = objects.stream(_to_unicode(characters, name).encode("ascii"))
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


def _tag(characters: Mapping[int, int]) -> str:
    """Six letters that name this very subset, as the PDF standard wants before the font's name."""
    digest = hashlib.sha256(repr(list(characters)).encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _descriptor(objects: Objects, face: Face, known: tuple[str, Collection[int]], content: bytes) -> int:
    name, numbers = known
    box = " ".join(f"{side:.0f}" for side in face.box)
    file = objects.stream(content, f"/Length1 {len(content)}")
    return objects.add(
        f"<< /Type /FontDescriptor /FontName /{name} /Flags {SYMBOLIC} /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {face.ascent:.0f} /Descent {face.descent:.0f} /CapHeight {face.capital:.0f} /StemV {face.stem:.0f} "
        f"/FontFile2 {file} 0 R /CIDSet {objects.stream(_set(numbers))} 0 R >>"
    )


def _glyphs(numbers: Collection[int]) -> bytes:
    """For each number up to the last the glyph, in two bytes; the glyphs are in the order of `numbers`."""
    glyphs = array("H", bytes(2 * max(numbers) + 2))
    for glyph, number in enumerate(numbers, 1):
        glyphs[number] = glyph
    if sys.byteorder == "little":
        glyphs.byteswap()
    return glyphs.tobytes()


def _set(numbers: Collection[int]) -> bytes:
    """A bit for each number that shows a glyph, 0 among them."""
    bits = bytearray(max(numbers) // 8 + 1)
    for number in (0, *numbers):
        bits[number // 8] |= 0x80 >> number % 8
    return bytes(bits)


def _widths(face: Face, characters: Mapping[int, int]) -> str:
    """Of what is no em."""
    widths = ((number, face.widths.get(chr(code))) for number, code in characters.items())
    return " ".join(f"{number} [{width:.0f}]" for number, width in widths if width is not None)


def _to_unicode(characters: Mapping[int, int], name: str) -> str:
    """Each number is the character's own, but for the private ones: narrow marks read as the marks that they are."""
    read = {number: MARKS.get(code, code) for number, code in characters.items()}
    rows = sorted({number >> 8 for number, code in read.items() if number == code})
    ranges = [f"<{row:02x}00> <{row:02x}ff> <{row:02x}00>" for row in rows]
    pairs = [f"<{number:04x}> <{_utf16(code)}>" for number, code in read.items() if number != code]
    blocks = [*_blocks("bfrange", ranges), *_blocks("bfchar", pairs)]
    return TO_UNICODE.format(name=name, body="\n".join(blocks))


def _utf16(code: int) -> str:
    return chr(code).encode("utf-16-be").hex()


def _blocks(kind: str, lines: Iterable[str]) -> list[str]:
    return [f"{len(some)} begin{kind}\n{'\n'.join(some)}\nend{kind}" for some in batched(lines, 100, strict=False)]
