"""The report as chapters of blocks, in the PDF's order: `compose` once, then draw it as Word or as a page."""

from dataclasses import replace
from itertools import count

from assessment.reports import words
from assessment.reports.content.facts import Content
from assessment.reports.flow.annex import annex
from assessment.reports.flow.blocks import Block, Chapter, Heading
from assessment.reports.flow.closing import appendix, improvements, references
from assessment.reports.flow.dimensions import dimensions
from assessment.reports.flow.opening import executive_summary, method, summary
from assessment.reports.flow.results import results

__all__ = ["compose"]

MAKERS = (summary, executive_summary, method, results, dimensions, improvements, annex, references)


def compose(content: Content) -> tuple[Chapter, ...]:
    """All chapters in the language at hand, numbered; a chapter that has nothing to say is left out."""
    made: list[Chapter] = []
    for make in MAKERS:
        if chapter := make(content, len(made) + 1):
            made.append(chapter)
    return (*map(_numbered, made), appendix(content))


def _numbered(chapter: Chapter) -> Chapter:
    """The same with its parts numbered, but those that have a code of their own."""
    numbers = count(1)

    def numbered(block: Block) -> Block:
        if not isinstance(block, Heading) or block.level != 2 or block.key.startswith("section:"):
            return block
        return replace(block, text=words.subheading(next(numbers), block.text))

    return replace(chapter, blocks=tuple(map(numbered, chapter.blocks)))
