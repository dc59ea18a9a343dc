"""Open this for the grammar of a PDF file: numbered objects, streams, strings, names, and the table of where they lie."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import batched

from assessment.reports.manifest import BLANK, DIGEST

LEVEL = 1  # of compression: the fastest; level 3 makes files one percent smaller
MOST_IN_ARRAY = 2000  # PDF/A-1 allows 8191 items


class Objects:
    """The objects of one file. A number may be taken before its object is known."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []

    def take(self) -> int:
        self._bodies.append(b"null")
        return len(self._bodies)

    def fill(self, number: int, body: str | bytes) -> int:
        self._bodies[number - 1] = body.encode("ascii") if isinstance(body, str) else body
        return number

    def add(self, body: str | bytes) -> int:
        return self.fill(self.take(), body)

    def stream(self, data: bytes, entries: str = "", compressed: bool = True) -> int:
        if compressed:
            data, entries = zlib.compress(data, LEVEL), f"{entries} /Filter /FlateDecode"
        return self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode("ascii"), len(data), data))

    def file(self, catalog: int, facts: int, version: str = "1.7", about: int = 0) -> bytes:
        """The whole file. Its identifier is taken from what it holds, so the same objects are the same bytes.

        The object `about` may have a place for the hash of the whole file, which is filled in at the end.
        Objects go as they are written: a large report is in memory once.
        """
        out, place = BytesIO(), -1
        out.write(b"%%PDF-%s\n%%\xe4\xb8\xad\xe6\x96\x87\n" % version.encode("ascii"))
        places = [b"0000000000 65535 f \n"]
        for number, body in enumerate(self._bodies, 1):
            places.append(b"%010d 00000 n \n" % out.tell())
            if number == about and (inside := DIGEST.search(body)):
                place = out.tell() + len(b"%d 0 obj\n" % number) + inside.start(1)
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
            self._bodies[number - 1] = b""
        at, seen = out.tell(), hashlib.sha256(out.getbuffer())
        name = seen.hexdigest()[:32].encode("ascii")
        out.write(b"xref\n0 %d\n%strailer\n" % (len(places), b"".join(places)))
        given = (len(places), catalog, facts, name, name, at)
        out.write(b"<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n" % given)
        if place >= 0:
            seen.update(out.getbuffer()[at:])
            out.getbuffer()[place : place + len(BLANK)] = seen.hexdigest().encode("ascii")
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


def number_tree(objects: Objects, values: Mapping[int, str]) -> str:
    """The same by numbers."""
    leaves = []
    for some in batched(sorted(values), MOST_IN_ARRAY // 2, strict=False):
        pairs = " ".join(f"{key} {values[key]}" for key in some)
        leaves.append(objects.add(f"<< /Limits [{some[0]} {some[-1]}] /Nums [{pairs}] >>"))
    return f"<< /Kids [{references(leaves)}] >>"


def references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
