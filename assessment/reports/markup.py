"""Open this for what of markdown a remark may use: paragraphs, lists, bold, web links; all else stays text as typed."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assessment.reports.linking import web_address

Kind = Literal["paragraph", "bullet", "numbered"]


@dataclass(frozen=True)
class Span:
    """A piece of text in one style. `link` is an http(s) address in ASCII, or empty."""

    text: str
    strong: bool = False
    link: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, or an item of a list, which has its `number` if the list has numbers."""

    kind: Kind
    spans: tuple[Span, ...]
    number: int = 0

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


def blocks(text: str) -> tuple[Block, ...]:
    """What a remark says. Nothing in it is ever markup of the page that shows it; no address but http(s) is a link.

    >>> [(block.kind, block.text) for block in blocks("先做 **两件**：\\n\\n1. 定规则\\n2. <b>建台账</b>")]
    [('paragraph', '先做 两件：'), ('numbered', '定规则'), ('numbered', '<b>建台账</b>')]
    """
    made: list[Block] = []
    lists: list[int] = []  # the number of the item at hand in each list that is open; -1 where it has none
    for token in _parser().parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrGet("start") or 1) - 1 if token.type.startswith("ordered") else -1)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and lists[-1] >= 0:
            lists[-1] += 1
        elif token.type == "inline":
            made.append(_block(token, lists))
    return tuple(block for block in made if block.text.strip())


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero").enable(["list", "emphasis", "link", "escape", "newline"])


def _block(token: Token, lists: list[int]) -> Block:
    spans = tuple(_spans(token.children or []))
    if not lists:
        return Block("paragraph", spans)
    return Block("numbered", spans, lists[-1]) if lists[-1] >= 0 else Block("bullet", spans)


def _spans(tokens: list[Token]) -> list[Span]:
    made: list[Span] = []
    strong, link = 0, ""
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            strong += token.nesting
        elif token.type == "link_open":
            link = web_address(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            link = ""
        else:
            text = "\n" if token.type in ("softbreak", "hardbreak") else token.content
            made += [Span(text, strong > 0, link)] if text else []
    return made
