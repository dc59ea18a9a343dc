"""Open this for how a TrueType file is cut down to a few of its glyphs: what a PDF wants to hold, and nothing else.

ReportLab's own cutter copies the whole font several times over; it was a tenth of a report's time. Our font has no
composed glyphs (`fonts.prepare` sees to it), so that each glyph is a piece of bytes of its own.
"""

import os
import struct
from array import array
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple
from weakref import finalize

from reportlab.pdfbase.ttfonts import TTFontFace

MAGIC = 0xB1B0AFBA
MOST = 0xFFFFFFFF  # that a sum in the file can be
LONG = 1  # of the two forms of `loca`: offsets in bytes, four bytes each


class Glyph(NamedTuple):
    """The outline, filled up to whole words of four bytes; the metrics; the sum of the outline's words."""

    outline: bytes
    metrics: bytes
    total: int


class Glyphs(dict[int, Glyph]):
    """A font's glyphs by number, as bytes to be put together anew; read from the file as they are asked for."""

    def __init__(self, path: Path, file: TTFontFace) -> None:
        super().__init__()
        stream = path.open("rb", buffering=0)  # kept open, should the file be replaced; in memory is only what was read
        self._file = stream.fileno()
        finalize(self, stream.close)
        self._start = file.get_table_pos("glyf")[0]
        self._places = array("I", file.glyphPos)
        self._metrics = array("H", (int(value) & 0xFFFF for pair in file.hmetrics for value in pair))
        self._heads = tuple(file.get_table(tag) for tag in ("head", "hhea", "maxp"))

    def __missing__(self, number: int) -> Glyph:
        at, after = (self._start + place for place in self._places[number : number + 2])
        data = os.pread(self._file, after - at, at) + b"\0" * ((at - after) % 4)
        metrics = struct.pack(">2H", *self._metrics[2 * number : 2 * number + 2])
        self[number] = Glyph(data, metrics, _sum(data))
        return self[number]

    def cut(self, numbers: Iterable[int]) -> bytes:
        """A font file with these glyphs in this order, some of them perhaps more than once."""
        outlines, metrics, sums = zip(*map(self.__getitem__, numbers), strict=True)
        count = len(outlines)
        head, hhea, maxp = self._heads
        tables = {
            "glyf": b"".join(outlines),
            "head": head[:8] + b"\0" * 4 + head[12:50] + struct.pack(">H", LONG) + head[52:],
            "hhea": hhea[:34] + struct.pack(">H", count),
            "hmtx": b"".join(metrics),
            "loca": struct.pack(f">{count + 1}I", 0, *accumulate(map(len, outlines))),
            "maxp": maxp[:4] + struct.pack(">H", count) + maxp[6:],
        }
        return _file(tables, {"glyf": sum(sums)})


def _file(tables: dict[str, bytes], sums: dict[str, int]) -> bytes:
    """The tables with their directory and check sums; `tables` in the order of their names, `sums` those known."""
    power = len(tables).bit_length() - 1
    directory = struct.pack(">IHHHH", 0x00010000, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))
    at, total, bodies = 12 + 16 * len(tables), 0, []
    for tag, table in tables.items():
        body = table + b"\0" * (-len(table) % 4)
        part = sums[tag] if tag in sums else _sum(body)
        directory += struct.pack(">4sIII", tag.encode("ascii"), part & MOST, at, len(table))
        at, total = at + len(body), total + part
        bodies.append(body)
    whole = struct.pack(">I", (MAGIC - total - _sum(directory)) & MOST)
    head = list(tables).index("head")
    bodies[head] = bodies[head][:8] + whole + bodies[head][12:]
    return directory + b"".join(bodies)


def _sum(data: bytes) -> int:
    return sum(struct.unpack(f">{len(data) // 4}I", data))
