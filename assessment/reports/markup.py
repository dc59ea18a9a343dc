"""Open this for what of markdown a remark may use: paragraphs, lists, bold, web links; all else stays text as typed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from assessment.reports.linking import web_address

DEEPER = 2  # columns that an item stands in from the one above it to be an item of a list within that one
COLUMNS = {"\t": 4, "　": 2}
INDENT = "　　"  # a line that begins with it begins a paragraph, as one does in Chinese

Kind = Literal["paragraph", "bullet", "numbered"]

_ITEM = re.compile(r"(?P<margin>\s*)(?:-|(?P<number>0|[1-9][0-9]{0,8})\.)\s+(?P<words>\S.*)", re.DOTALL)
_BOLD = re.compile(r"(?<!\*)\*\*(?!\*)")
_LINK = re.compile(r"\[([^\[\]]+)\]\((https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """A piece of text in one style. `link` is an http(s) address in ASCII, or empty."""

    text: str
    strong: bool = False
    link: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, or an item of a list, which has its `number` if the list has numbers.

    `depth` 1: of a list within the item before; what stands deeper still counts as that.
    """

    kind: Kind
    spans: tuple[Span, ...]
    number: int = 0
    depth: int = 0

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


class Deep(Protocol):
    @property
    def depth(self) -> int: ...


def blocks(text: str) -> tuple[Block, ...]:
    """What a remark says. Nothing in it is ever markup of the page that shows it; no address but http(s) is a link.

    >>> [(block.kind, block.text) for block in blocks("先做 **两件**：\\n\\n1. 定规则\\n2. <b>建台账</b>")]
    [('paragraph', '先做 两件：'), ('numbered', '定规则'), ('numbered', '<b>建台账</b>')]
    >>> blocks("每年100*3*2万元")[0].text
    '每年100*3*2万元'
    """
    reader = _Reader()
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        reader.read(line)
    return tuple(Block(one.kind, _spans("\n".join(one.lines)), one.number, one.depth) for one in reader.found)


def nested[T: Deep](items: Iterable[T]) -> list[tuple[T, list[T]]]:
    """Each item with those of the list within it, that stand deeper."""
    made: list[tuple[T, list[T]]] = []
    for item in items:
        if made and item.depth > made[-1][0].depth:
            made[-1][1].append(item)
        else:
            made.append((item, []))
    return made


@dataclass
class _Draft:
    kind: Kind
    lines: list[str]
    number: int = 0
    depth: int = 0


@dataclass
class _List:
    """A list that is open: how far its items stand in, the number typed last and the one that it became."""

    margin: int
    typed: int | None = None
    number: int = 0

    def count(self, typed: int | None) -> int:
        """The number as typed; the same one again counts on."""
        again = typed is not None and typed == self.typed
        self.typed, self.number = typed, self.number + 1 if again else typed or 0
        return self.number


@dataclass
class _Reader:
    """Goes through a text line by line. `lists` are those that are open, the outermost first."""

    found: list[_Draft] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    is_fresh: bool = True  # whether the next line begins something

    def read(self, line: str) -> None:
        item = _ITEM.match(line)
        if item:
            self._item(item)
        elif line.strip() and (self.is_fresh or line.startswith(INDENT)):
            self.lists = []
            self.found.append(_Draft("paragraph", [line.strip()]))
        elif line.strip():
            self.found[-1].lines.append(line.strip())
        self.is_fresh = not line.strip()

    def _item(self, item: re.Match[str]) -> None:
        margin = sum(COLUMNS.get(character, 1) for character in item["margin"])
        while len(self.lists) > 1 and margin < self.lists[-1].margin:
            self.lists.pop()
        if not self.lists or margin >= self.lists[-1].margin + DEEPER:
            self.lists.append(_List(margin))
        at = self.lists[-1]
        at.margin = min(at.margin, margin)
        number = at.count(int(item["number"]) if item["number"] else None)
        kind: Kind = "numbered" if item["number"] else "bullet"
        self.found.append(_Draft(kind, [item["words"].strip()], number, min(len(self.lists) - 1, 1)))


def _spans(text: str) -> tuple[Span, ...]:
    pieces = list(_linked(text))
    made: list[Span] = []
    marks, is_strong, start = _pairs(pieces), False, 0
    for words, link in pieces:
        ends = [mark for mark in marks if start <= mark < start + len(words)]
        at = 0
        for mark in ends:
            made.append(Span(words[at : mark - start], is_strong, link))
            is_strong, at = not is_strong, mark - start + 2
        made.append(Span(words[at:], is_strong, link))
        start += len(words)
    return tuple(span for span in made if span.text)


def _linked(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the address that it leads to."""
    at = 0
    for found in _LINK.finditer(text):
        address = web_address(found[2])
        if address and found[1].strip():
            yield text[at : found.start()], ""
            yield found[1], address
            at = found.end()
    yield text[at:], ""


def _pairs(pieces: Iterable[tuple[str, str]]) -> list[int]:
    """Where two asterisks begin or end what is bold: two and two, whatever stands beside them. Amid blanks they are text.

    CommonMark's rule looks at the neighbours, and fails where ** follows ： or ” and a Chinese character comes next.
    """
    whole = "".join(words for words, _link in pieces)
    found: list[int] = []
    opened: int | None = None
    for at in _marks(pieces):
        if not whole[max(at - 1, 0) : at].strip() and not whole[at + 2 : at + 3].strip():
            continue
        if opened is not None and whole[opened + 2 : at].strip():
            found += [opened, at]
            opened = None
        else:
            opened = at
    return found


def _marks(pieces: Iterable[tuple[str, str]]) -> Iterator[int]:
    start = 0
    for words, _link in pieces:
        yield from (start + mark.start() for mark in _BOLD.finditer(words))
        start += len(words)
