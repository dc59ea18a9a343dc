"""Open this for what a report tells who does not see it: each piece of it named (heading, table cell, picture) in order.

While pages are drawn, `Tags` keeps the place in the tree of elements and hands out the operators that mark content as
belonging to it; `write` puts the finished tree into the file. What is no content (headers, rules, fills) is an artifact.
The names are those of ISO 32000-1, 14.8.4.
"""

from dataclasses import dataclass, field
from itertools import chain
from types import TracebackType
from typing import TYPE_CHECKING

from assessment.reports.pdf.objects import Objects, number_tree, references, string

if TYPE_CHECKING:
    from assessment.reports.pdf.book import Link, Page

LONGEST = 8000  # characters of an alternative text: a string in an archive has at most 65,535 bytes
GROUPS = frozenset(("Document", "Part", "Sect", "Div", "L", "LI", "Table", "TR", "TOC"))  # hold elements, not text


@dataclass(slots=True, eq=False)
class Element:
    """A node of the tree. Kids are elements, links' rectangles, and content: a page and the content's number there.

    `entries` are further ones of its dictionary, as PDF source.
    """

    kind: str
    parent: "Element | None" = None
    entries: str = ""
    kids: list["Element | Link | tuple[Page, int]"] = field(default_factory=list)
    number: int = 0  # of its object, once it is written


class Artifact(Element):
    """What is on the page for looks or orientation only, and no part of the tree."""


LAYOUT = Artifact("/Artifact BMC")
HEADER = Artifact("/Artifact << /Type /Pagination /Subtype /Header >> BDC")
FOOTER = Artifact("/Artifact << /Type /Pagination /Subtype /Footer >> BDC")
AGAIN = Artifact("/Artifact << /Type /Pagination >> BDC")  # a table's header, repeated


class Inside:
    """A `with` block within which what is drawn belongs to `element`."""

    __slots__ = ("element", "outer", "tags")

    def __init__(self, tags: "Tags", element: Element) -> None:
        self.tags, self.element, self.outer = tags, element, tags.here

    def __enter__(self) -> Element:
        self.outer, self.tags.here = self.tags.here, self.element
        return self.element

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tags.here = self.outer


class Tags:
    """The tree while it grows, and where in it we are: `here`."""

    def __init__(self) -> None:
        self.root = self.here = Element("Document")
        self.elements = [self.root]  # as they came
        self._sections: list[tuple[int, Element]] = []

    def open(self, kind: str, entries: str = "") -> Inside:
        """A new element, last in the one we are in. Inside an artifact all is artifact."""
        return Inside(self, self.add(kind, entries))

    def inside(self, element: Element) -> Inside:
        """One that was opened before, to go on with it, or an artifact."""
        return Inside(self, element)

    def add(self, kind: str, entries: str = "") -> Element:
        here = self.here
        if isinstance(here, Artifact):
            return here
        element = Element(kind, here, entries)
        self.elements.append(element)
        here.kids.append(element)
        return element

    def label(self) -> Element:
        """The mark of the list's item whose body we are in; it comes before it."""
        body, item = self.here, self.here.parent
        if body.kind != "LBody" or item is None:
            return self.add("Span")
        element = Element("Lbl", item)
        self.elements.append(element)
        item.kids.insert(item.kids.index(body), element)
        return element

    def section(self, level: int) -> int:
        """What follows belongs to a new part (level 1) or section of the report; those of the level and below end.

        Gives how deep it lies: its heading's level, without jumps where a page leaves out a size of heading.
        """
        while self._sections and self._sections[-1][0] >= level:
            self._sections.pop()
        self.here = self._sections[-1][1] if self._sections else self.root
        self.here = self.add("Part" if level == 1 else "Sect")
        self._sections.append((level, self.here))
        return len(self._sections)

    def mark(self, page: "Page") -> str:
        """The operator that opens content of the element we are in, on this page; `EMC` closes it."""
        return marked(self.here, page)


def marked(element: Element, page: "Page") -> str:
    if isinstance(element, Artifact):
        return element.kind
    number = len(page.owners)
    page.owners.append(element)
    element.kids.append((page, number))
    return f"/{element.kind} << /MCID {number} >> BDC"


# Attributes


def alternative(text: str) -> str:
    return f"/Alt {string(text if len(text) <= LONGEST else text[: LONGEST - 1] + '…')}"


def scope(name: str) -> str:
    """Of a header cell: `Row`, `Column` or `Both`."""
    return f"/A << /O /Table /Scope /{name} >>"


def columns(span: int) -> str:
    return f"/A << /O /Table /ColSpan {span} >>" if span > 1 else ""


def box(left: float, bottom: float, right: float, top: float) -> str:
    return f"/A << /O /Layout /Placement /Block /BBox [{left:.2f} {bottom:.2f} {right:.2f} {top:.2f}] >>"


# In the file


def write(objects: Objects, tags: Tags, pages: list["Page"], links: list["Link"]) -> int:
    """The tree, and the ways back from content and links to its elements; gives the number of its root."""
    top, elements = objects.take(), tags.elements
    for element in elements:
        element.number = objects.take()
    shared: dict[str, str] = {"": ""}
    for element in elements:
        parent = element.parent.number if element.parent else top
        objects.fill(element.number, _element(element, parent, _entries(objects, element.entries, shared)))
    to_owners = ((n, f"[{references(owner.number for owner in page.owners)}]") for n, page in enumerate(pages))
    to_links = ((link.way, f"{link.element.number} 0 R") for link in links)
    tree = number_tree(objects, chain(to_owners, to_links))
    for element in elements:
        element.kids.clear()  # with kids and links, what is written refers to itself, and would wait for the collector
    for page in pages:
        page.links.clear()
    last = len(pages) + len(links)
    entries = f"/K {tags.root.number} 0 R /ParentTree {tree} /ParentTreeNextKey {last}"
    return objects.fill(top, f"<< /Type /StructTreeRoot {entries} >>")


def _entries(objects: Objects, entries: str, shared: dict[str, str]) -> str:
    """As they are, but that the thousands of cells share the objects of their few attributes."""
    if entries.startswith("/A ") and entries not in shared:
        shared[entries] = f"/A {objects.add(entries[3:])} 0 R"
    return shared.get(entries, entries)


def _element(element: Element, parent: int, entries: str) -> str:
    kids, head = element.kids, f"<</S/{element.kind}/P {parent} 0 R"
    if len(kids) == 1 and type(kids[0]) is tuple:  # most of them, and so said the quick way
        page, number = kids[0]
        return f"{head}/Pg {page.number} 0 R/K {number}{entries}>>"
    first = next((kid[0].number for kid in kids if type(kid) is tuple), 0)
    told = [_kid(kid, first) for kid in kids]
    where = f"/Pg {first} 0 R" if first else ""
    content = f"/K {told[0]}" if len(told) == 1 else f"/K[{' '.join(told)}]" if told else ""
    return f"{head}{where}{content}{entries}>>"


def _kid(kid: "Element | Link | tuple[Page, int]", page: int) -> str:
    if isinstance(kid, Element):
        return f"{kid.number} 0 R"
    if isinstance(kid, tuple):
        if kid[0].number == page:
            return str(kid[1])
        return f"<</Type/MCR/Pg {kid[0].number} 0 R/MCID {kid[1]}>>"
    return f"<</Type/OBJR/Obj {kid.number} 0 R/Pg {kid.page.number} 0 R>>"
