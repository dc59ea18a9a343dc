"""Open this for how a TrueType file is cut down to a few of its glyphs: what a PDF wants to hold, and nothing else.

ReportLab's own cutter copies the whole font several times over; it was a tenth of a report's time. Our font has no
composed glyphs (checked when it is loaded), so that each glyph is a piece of bytes of its own.
"""

import struct
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise

from reportlab.pdfbase.ttfonts import TTFontFace

MAGIC = 0xB1B0AFBA
LONG = 1  # of the two forms of `loca`: offsets in bytes, four bytes each


class ComposedGlyphs(RuntimeError):
    """The font builds glyphs out of others, which this cutter does not follow."""


class Glyphs:
    """A font's outlines and metrics, as bytes to be put together anew."""

    def __init__(self, file: TTFontFace) -> None:
        self.file = file
        self.start = file.get_table_pos("glyf")[0]
        if any(after > at and self._data[self.start + at] >= 0x80 for at, after in pairwise(file.glyphPos)):
            raise ComposedGlyphs(file.filename)

    @property
    def _data(self) -> bytes:
        data: bytes = self.file._ttf_data
        return data

    @cached_property
    def _heads(self) -> dict[str, bytes]:
        return {tag: self.file.get_table(tag) for tag in ("head", "hhea", "maxp")}

    def outline(self, glyph: int) -> bytes:
        places, start = self.file.glyphPos, self.start
        data = self._data[start + places[glyph] : start + places[glyph + 1]]
        return data + b"\0" * (-len(data) % 4)

    def cut(self, glyphs: Sequence[int]) -> bytes:
        """A font file with these glyphs in this order, some of them perhaps more than once."""
        count, outlines = len(glyphs), [self.outline(glyph) for glyph in glyphs]
        metrics = [int(value) & 0xFFFF for glyph in glyphs for value in self.file.hmetrics[glyph]]
        head, hhea, maxp = (self._heads[tag] for tag in ("head", "hhea", "maxp"))
        return _file({
            "glyf": b"".join(outlines),
            "head": head[:8] + b"\0" * 4 + head[12:50] + struct.pack(">H", LONG) + head[52:],
            "hhea": hhea[:34] + struct.pack(">H", count),
            "hmtx": struct.pack(f">{2 * count}H", *metrics),
            "loca": struct.pack(f">{count + 1}I", 0, *accumulate(map(len, outlines))),
            "maxp": maxp[:4] + struct.pack(">H", count) + maxp[6:],
        })  # fmt: skip


def _file(tables: dict[str, bytes]) -> bytes:
    """The tables with their directory and check sums; `tables` in the order of their names."""
    power = len(tables).bit_length() - 1
    directory = struct.pack(">IHHHH", 0x00010000, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))
    at, total, bodies = 12 + 16 * len(tables), 0, []
    for tag, table in tables.items():
        body = table + b"\0" * (-len(table) % 4)
        part = _sum(body)
        directory += struct.pack(">4sIII", tag.encode("ascii"), part, at, len(table))
        at, total = at + len(body), total + part
        bodies.append(body)
    whole = struct.pack(">I", (MAGIC - total - _sum(directory)) & 0xFFFFFFFF)
    head = list(tables).index("head")
    bodies[head] = bodies[head][:8] + whole + bodies[head][12:]
    return directory + b"".join(bodies)


def _sum(data: bytes) -> int:
    return sum(struct.unpack(f">{len(data) // 4}I", data)) & 0xFFFFFFFF
