"""Open this for the grammar of a PDF file: numbered objects, streams, strings, names, and the table of where they lie."""

import hashlib
import zlib
from array import array
from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import batched

from assessment.reports.manifest import BLANK, DIGEST

LEVEL = 1  # of compression: the fastest; level 3 makes files one percent smaller
MOST_IN_ARRAY = 2000  # PDF/A-1 allows 8191 items


class Objects:
    """The objects of one file, which is written as they come. A number may be taken before its object is known."""

    def __init__(self, version: str = "1.7") -> None:
        self._out = BytesIO()
        self._out.write(b"%%PDF-%s\n%%\xe4\xb8\xad\xe6\x96\x87\n" % version.encode("ascii"))
        self._places = array("Q", [0])  # of each number; 0 while there is nothing
        self._hash = 0  # its place

    def take(self) -> int:
        self._places.append(0)
        return len(self._places) - 1

    def fill(self, number: int, body: str | bytes) -> int:
        self._places[number] = self._out.tell()
        self._out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body.encode("ascii") if isinstance(body, str) else body))
        return number

    def add(self, body: str | bytes) -> int:
        return self.fill(self.take(), body)

    def stream(self, data: bytes, entries: str = "", compressed: bool = True) -> int:
        """One that is left as it is may have a place for the hash of the whole file, which `file` fills in."""
        if compressed:
            data, entries = zlib.compress(data, LEVEL), f"{entries} /Filter /FlateDecode"
        number = self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode("ascii"), len(data), data))
        if not compressed and (blank := DIGEST.search(data)):
            self._hash = self._out.tell() - len(b"\nendstream\nendobj\n") - len(data) + blank.start(1)
        return number

    def file(self, catalog: int, facts: int) -> bytes:
        """The whole file. Its identifier is taken from what it holds, so the same objects are the same bytes."""
        out = self._out
        for number, place in enumerate(self._places):
            if number and not place:
                self.fill(number, "null")
        at, seen = out.tell(), hashlib.sha256(out.getbuffer())
        name = seen.hexdigest()[:32].encode("ascii")
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._places))
        for place in self._places[1:]:
            out.write(b"%010d 00000 n \n" % place)
        given = (len(self._places), catalog, facts, name, name, at)
        out.write(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n" % given
        )
        if self._hash:
            seen.update(out.getbuffer()[at:])
            out.getbuffer()[self._hash : self._hash + len(BLANK)] = seen.hexdigest().encode("ascii")
        return out.getvalue()


def string(text: str) -> str:
    """A text string: plain ASCII in brackets, all else as UTF-16.

    >>> string("a (b)"), string("数据")
    ('(a \\\\(b\\\\))', '<feff6570636e>')
    """
    if text.isascii() and text.isprintable():
        return f"({text.replace('\\', '\\\\').replace('(', '\\(').replace(')', '\\)')})"
    return f"<feff{text.encode('utf-16-be').hex()}>"


def name_tree(objects: Objects, values: Mapping[str, str]) -> str:
    """The root of a tree that finds objects by ASCII strings, in leaves small enough for an archive."""
    leaves = []
    for some in batched(sorted(values), MOST_IN_ARRAY // 2, strict=False):
        pairs = " ".join(f"{string(key)} {values[key]}" for key in some)
        leaves.append(objects.add(f"<< /Limits [{string(some[0])} {string(some[-1])}] /Names [{pairs}] >>"))
    return f"<< /Kids [{references(leaves)}] >>"


def number_tree(objects: Objects, values: Iterable[tuple[int, str]]) -> str:
    """The same by numbers, which come in ascending order."""
    leaves = []
    for some in batched(values, MOST_IN_ARRAY // 2, strict=False):
        pairs = " ".join(f"{key} {value}" for key, value in some)
        leaves.append(objects.add(f"<< /Limits [{some[0][0]} {some[-1][0]}] /Nums [{pairs}] >>"))
    return f"<< /Kids [{references(leaves)}] >>"


def references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
