"""A PDF as a screen reader meets it: the tree of its elements, the text of each, and what belongs to none.

Reads with pikepdf, from the bytes alone: content streams, ToUnicode tables, structure tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import pikepdf

PAINTS = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do"))


@dataclass
class Shown:
    """One text object, which is one line, or the part of it that is one marked content."""

    page: int
    x: float
    y: float
    size: float
    text: str = ""
    number: int | None = None  # of the marked content; None in artifacts and outside of all
    pieces: list[tuple[str, float]] = field(
        default_factory=list
    )  # as drawn, each with the space between its characters


@dataclass
class Node:
    """An element. Kids are elements, lines of text in order, and annotations."""

    kind: str
    dictionary: pikepdf.Dictionary
    kids: list = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(kid.text for kid in self.kids if isinstance(kid, (Node, Shown)))

    @property
    def alt(self) -> str:
        return str(self.dictionary.get("/Alt", ""))

    @property
    def lines(self) -> list[Shown]:
        """All text in order, the kids' too."""
        return [s for k in self.kids for s in (k.lines if isinstance(k, Node) else [k] if isinstance(k, Shown) else [])]

    @property
    def links(self) -> list[pikepdf.Dictionary]:
        return [kid for kid in self.kids if isinstance(kid, pikepdf.Dictionary)]

    def walk(self) -> Iterator["Node"]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.walk()

    def all(self, *kinds: str) -> list["Node"]:
        return [node for node in self.walk() if node.kind in kinds]


@dataclass
class Document:
    pdf: pikepdf.Pdf
    shown: list[list[Shown]]
    unmarked: list[tuple[int, str]]  # operators outside of all marked content
    root: Node

    def page_of(self, page: pikepdf.Dictionary) -> int:
        return self._pages[page.objgen]

    def __post_init__(self) -> None:
        self._pages = {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}


def read(data: bytes) -> Document:
    pdf = pikepdf.open(BytesIO(data))
    shown, unmarked = [], []
    for number, page in enumerate(pdf.pages):
        texts, outside = _page(number, page)
        shown.append(texts)
        unmarked += [(number, operator) for operator in outside]
    document = Document(pdf, shown, unmarked, Node("", pdf.Root))
    by_number = [{} for _page in shown]
    for texts in shown:
        for text in texts:
            if text.number is not None:
                by_number[text.page].setdefault(text.number, []).append(text)
    document.root = _node(document, pdf.Root.StructTreeRoot.K, by_number)
    return document


def _node(document: Document, element: pikepdf.Dictionary, by_number: list[dict[int, list[Shown]]]) -> Node:
    node = Node(str(element.S)[1:], element)
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int) or kid.get("/Type") == "/MCR":
            page = document.page_of(element.Pg if isinstance(kid, int) else kid.Pg)
            number = kid if isinstance(kid, int) else int(kid.MCID)
            node.pages.append(page)
            node.kids += by_number[page].get(number, [])
        elif kid.get("/Type") == "/OBJR":
            node.kids.append(kid.Obj)
        else:
            assert kid.P.objgen == element.objgen, "an element lies in another than it says"
            node.kids.append(_node(document, kid, by_number))
    return node


def _page(number: int, page: pikepdf.Page) -> tuple[list[Shown], list[str]]:
    """The page's text objects, and the painting operators that stand in no marked content."""
    shown, outside, marks = [], [], []
    tables = {name: _to_unicode(font.ToUnicode.read_bytes()) for name, font in page.Resources.Font.items()}
    place, font, size, spacing = (0.0, 0.0), "", 0.0, 0.0
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BMC":
                marks.append(None)
            case "BDC":
                marks.append(operands[1].get("/MCID") if isinstance(operands[1], pikepdf.Dictionary) else None)
            case "EMC":
                marks.pop()
            case "Tm":
                place = float(operands[4]), float(operands[5])
                shown.append(Shown(number, *place, size))
            case "Tf":
                font, size = str(operands[0]), float(operands[1])
            case "Tc":
                spacing = float(operands[0])
            case "Tj" | "TJ":
                if not marks:
                    outside.append(str(operator))
                mark = int(marks[-1]) if marks and marks[-1] is not None else None
                if shown[-1].text and shown[-1].number != mark:
                    shown.append(Shown(number, *place, size))
                shown[-1].number, shown[-1].size = mark, max(size, shown[-1].size if shown[-1].text else 0)
                shown[-1].pieces.append((_decoded(operands[0], tables[font]), spacing))
                shown[-1].text += shown[-1].pieces[-1][0]
            case name if name in PAINTS and not marks:
                outside.append(name)
    assert not marks, "marked content that is not closed"
    return shown, outside


def _decoded(operand: pikepdf.Object, table: dict[int, str]) -> str:
    pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
    coded = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    return "".join(table[int.from_bytes(coded[at : at + 2])] for at in range(0, len(coded), 2))


@cache
def _to_unicode(stream: bytes) -> dict[int, str]:
    ranges = re.findall(rb"^<([0-9a-f]{4})> <([0-9a-f]{4})> <([0-9a-f]{4})>$", stream, re.MULTILINE)
    pairs = re.findall(rb"^<([0-9a-f]{4})> <([0-9a-f]+)>$", stream, re.MULTILINE)
    table = {}
    for first, last, to in ranges:
        start = int(first, 16)
        table |= {code: chr(int(to, 16) + code - start) for code in range(start, int(last, 16) + 1)}
    return table | {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def glyphs_of(font: pikepdf.Dictionary) -> dict[int, int]:
    """Of a descendant font: each number that shows a glyph, and which."""
    table = font.CIDToGIDMap.read_bytes()
    pairs = ((at // 2, int.from_bytes(table[at : at + 2])) for at in range(0, len(table), 2))
    return {number: glyph for number, glyph in pairs if glyph}
