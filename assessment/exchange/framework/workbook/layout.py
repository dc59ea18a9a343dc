"""What writer and reader of a framework's workbook agree on: its sheets, and what each column is called.

Headings are read in every language of the pages, so that a workbook may go out in one and come back in another.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy

from assessment import models
from assessment.exchange.fields import CODE as CODE_OF_CRITERION
from assessment.exchange.fields import LANGUAGE
from assessment.exchange.framework.workbook.values import unquoted

Kind = Literal["line", "text", "number", "whole", "lines", "cites", "effort", "choice", "day", "value"]

MOST_LEVELS = 10
LENS, DIMENSION, FACET, SOURCE, PASSAGE = "lens", "dimension", "facet", "source", "passage"
IN_BRACKETS = re.compile(r"(.*?)\s*[（(]\s*([^（()）]*?)\s*[)）]\s*", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Column:
    """`key` is what a framework file calls it. `of`: the kinds of row that it is for, where a sheet has several."""

    key: str
    label: Any
    kind: Kind = "line"
    width: int = 10
    is_needed: bool = False
    of: tuple[str, ...] = ()
    choices: Mapping[Any, Any] = field(default_factory=dict)
    is_of_levels: bool = False
    # What a framework file leaves out.
    usual: Any = None


@dataclass(frozen=True)
class Heading:
    """A column where it stands: a text has one for each language, a descriptor one for each level and language.

    `code`: of the criterion whose target it is.
    """

    column: Column
    language: str = ""
    level: int | None = None
    code: str = ""

    @property
    def key(self) -> str:
        return f"{self.column.key}.{self.code}" if self.code else self.column.key

    @property
    def owner(self) -> str:
        """Where the value stands below its row's, whatever its language."""
        return self.key if self.level is None else f"levels[{self.level}].{self.key}"

    @property
    def path(self) -> str:
        return f"{self.owner}.{self.language}" if self.language else self.owner

    @property
    def base(self) -> str:
        """What it is called, without its language. A code is in quotes where another heading is called so."""
        if self.code:
            return f'"{self.code}"' if plain(self.code) in known_headings(SHEETS["targets"]) else self.code
        label = str(self.column.label)
        return label if self.level is None else _("Level %(level)d: %(what)s") % {"level": self.level, "what": label}

    def __str__(self) -> str:
        return f"{self.base}（{self.language}）" if self.language else self.base


@dataclass(frozen=True, eq=False)
class Layout:
    """A sheet. One that is `lying` has its headings in its first column, and a column for each record.

    Where it `names_criteria`, a criterion's code is a heading too.
    """

    title: Any
    columns: tuple[Column, ...]
    is_lying: bool = False
    # Of a lying sheet, whose columns are records.
    widths: tuple[int, ...] = ()
    names_criteria: bool = False


def column(key: str, label, kind: Kind = "line", width: int = 10, **more) -> Column:
    return Column(key, label, kind, width, **more)


KINDS = dict(models.Dimension.Kind.choices)
STATUSES = dict(models.Passage.Status.choices)
ROLES = dict(models.Citation.Role.choices)
CARRIES = dict(models.Criterion.Carry.choices)
PARTS = {
    LENS: pgettext_lazy("row", "Lens"),
    DIMENSION: pgettext_lazy("row", "Dimension"),
    FACET: pgettext_lazy("row", "Facet"),
}
BASES = {SOURCE: pgettext_lazy("row", "Source"), PASSAGE: pgettext_lazy("row", "Passage")}
FLAGS = {True: pgettext_lazy("cell", "Yes"), False: pgettext_lazy("cell", "No")}
# Stands in the place of a code, over what is not read; no code has brackets.
FOR_ORIENTATION = pgettext_lazy("column", "(criterion, for orientation)")

CODE = pgettext_lazy("column", "Code")
NAME = pgettext_lazy("column", "Name")
TITLE = pgettext_lazy("column", "Title")
WEIGHT = pgettext_lazy("column", "Weight")
CITES = pgettext_lazy("column", "Citations")

INSTRUCTIONS = "instructions"
SHEETS = {
    INSTRUCTIONS: Layout(pgettext_lazy("sheet", "Instructions"), ()),
    "framework": Layout(
        pgettext_lazy("sheet", "Framework"),
        (
            column("framework", CODE, width=100, is_needed=True),
            column("version", pgettext_lazy("column", "Version"), is_needed=True),
            column("language", pgettext_lazy("column", "Own language"), is_needed=True),
            column("name", NAME, "text", is_needed=True),
            column("about", pgettext_lazy("column", "About the framework"), "text"),
        ),
        is_lying=True,
        widths=(26, 110),
    ),
    "scale": Layout(
        pgettext_lazy("sheet", "Scale"),
        (
            column("level", pgettext_lazy("column", "Level"), "whole", 8, is_needed=True),
            column("name", NAME, "text", 20, is_needed=True),
            column("threshold", pgettext_lazy("column", "Threshold"), "number", 10, is_needed=True),
            column("meaning", pgettext_lazy("column", "Meaning"), "text", 50),
        ),
    ),
    "structure": Layout(
        pgettext_lazy("sheet", "Structure"),
        (
            column("what", pgettext_lazy("column", "Row"), "choice", 10, is_needed=True, choices=PARTS),
            column("code", CODE, width=10, is_needed=True),
            column("name", NAME, "text", 26, is_needed=True),
            column(
                "kind",
                pgettext_lazy("column", "Kind"),
                "choice",
                10,
                is_needed=True,
                of=(DIMENSION,),
                choices=KINDS,
            ),
            column("from", pgettext_lazy("column", "Old pole"), "text", 20, of=(DIMENSION,)),
            column("to", pgettext_lazy("column", "New pole"), "text", 20, of=(DIMENSION,)),
            column("weight", WEIGHT, "number", 8, usual=1),
            column("cites", CITES, "cites", 30, of=(DIMENSION,)),
            column(
                "sheet", pgettext_lazy("column", "Sheet of its criteria"), width=32, is_needed=True, of=(DIMENSION,)
            ),
        ),
    ),
    "sources": Layout(
        pgettext_lazy("sheet", "Sources"),
        (
            column("what", pgettext_lazy("column", "Row"), "choice", 8, is_needed=True, choices=BASES),
            column("code", CODE, width=20, is_needed=True),
            column("title", TITLE, "text", 36, is_needed=True, of=(SOURCE,)),
            column("issuers", pgettext_lazy("column", "Issuers"), "lines", 18, of=(SOURCE,)),
            column("number", pgettext_lazy("column", "Document number"), width=20, of=(SOURCE,)),
            column("issued", pgettext_lazy("column", "Issued on"), "day", 12, of=(SOURCE,)),
            column("url", pgettext_lazy("column", "Address"), width=24, of=(SOURCE,)),
            column("edition", pgettext_lazy("column", "Edition"), "text", 24, of=(SOURCE,)),
            column("locator", pgettext_lazy("column", "Where it stands"), "text", 30, is_needed=True, of=(PASSAGE,)),
            column(
                "status",
                pgettext_lazy("column", "Status"),
                "choice",
                12,
                is_needed=True,
                of=(PASSAGE,),
                choices=STATUSES,
            ),
            column("quote", pgettext_lazy("column", "Quotation"), "text", 40, of=(PASSAGE,)),
            column("summary", pgettext_lazy("column", "Summary in our words"), "text", 50, of=(PASSAGE,)),
        ),
    ),
    "targets": Layout(
        pgettext_lazy("sheet", "Targets"),
        (
            column("code", CODE, width=18, is_needed=True),
            column("name", NAME, "text", is_needed=True),
            column("levels.default", pgettext_lazy("column", "All other criteria"), "whole"),
            column("levels.key", pgettext_lazy("column", "Key criteria"), "whole"),
        ),
        is_lying=True,
        widths=(26, 40, 24, 24, 24, 24),
        names_criteria=True,
    ),
    "crosswalks": Layout(
        pgettext_lazy("sheet", "Crosswalks"),
        (
            column("table", pgettext_lazy("column", "Crosswalk"), width=20, is_needed=True),
            column("entry", pgettext_lazy("column", "Entry"), width=30, is_needed=True),
            column("content", pgettext_lazy("column", "Content"), "value", 70, is_needed=True),
        ),
    ),
}
REQUIRED = ("framework", "scale", "structure")

CRITERIA = Layout(
    "",
    (
        column("code", CODE, width=9, is_needed=True),
        column("facet", pgettext_lazy("column", "Facet"), width=9),
        column("title", TITLE, "text", 18, is_needed=True),
        column("statement", pgettext_lazy("column", "What is judged"), "text", 32, is_needed=True),
        column("guidance", pgettext_lazy("column", "How to judge"), "text", 40),
        column("weight", WEIGHT, "number", 8, usual=1),
        column("key", pgettext_lazy("column", "Key criterion"), "choice", 8, choices=FLAGS),
        column("effort", pgettext_lazy("column", "Person-months a level"), "effort", 11),
        column("owner", pgettext_lazy("column", "Who usually answers"), "text", 22),
        column("measure", pgettext_lazy("column", "Measure"), "text", 34),
        column(
            "descriptor",
            pgettext_lazy("column", "description"),
            "text",
            38,
            is_needed=True,
            is_of_levels=True,
        ),
        column("evidence", pgettext_lazy("column", "evidence that suffices"), "text", 26, is_of_levels=True),
        column("next", pgettext_lazy("column", "how to reach the next level"), "text", 30, is_of_levels=True),
        column("suffices", pgettext_lazy("column", "Example that suffices"), "text", 30),
        column("falls_short", pgettext_lazy("column", "Example that falls short"), "text", 30),
        column("cites", CITES, "cites", 30),
        column("tags", pgettext_lazy("column", "Tags"), "lines", 18),
        column("replaces", pgettext_lazy("column", "Replaces"), "lines", 12),
        column("carry", pgettext_lazy("column", "Level taken over"), "choice", 14, choices=CARRIES),
    ),
)
ROLE = Column("role", "", "choice", choices=ROLES)
# A criterion's own target.
TARGET = Column("levels", "", "whole")


def in_all_languages(words: Callable[[Any], str], thing: Any) -> Iterator[str]:
    """What the thing's words are in each language of the pages."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            yield words(thing)


def plain(words: str) -> str:
    """As headings and choices are compared.

    >>> plain(" What  is\\njudged ") == plain("what is judged")
    True
    """
    return " ".join(words.split()).casefold()


@cache
def known_headings(layout: Layout) -> dict[str, Heading]:
    """Every heading without its language, in all languages of the pages."""
    return {
        plain(words): heading
        for heading in bare_headings(layout)
        for words in in_all_languages(attrgetter("base"), heading)
    }


def bare_headings(layout: Layout) -> Iterator[Heading]:
    for column in layout.columns:
        if column.is_of_levels:
            yield from (Heading(column, level=level) for level in range(MOST_LEVELS))
        else:
            yield Heading(column)


def heading_of(words: str, layout: Layout) -> Heading | None:
    """The heading that these words are; none where they are no heading of this sheet."""
    known = known_headings(layout)
    found = known.get(plain(words))
    if found:
        return found if found.column.kind != "text" else None
    if layout.names_criteria and CODE_OF_CRITERION.fullmatch(unquoted(words)):
        return Heading(TARGET, code=unquoted(words))
    parts = IN_BRACKETS.fullmatch(words)
    found = known.get(plain(parts[1])) if parts else None
    if found and parts and found.column.kind == "text" and LANGUAGE.fullmatch(parts[2]):
        return Heading(found.column, parts[2], found.level)
    return None


@cache
def known_choices(column: Column) -> dict[str, Any]:
    """What each choice may be called, in all languages of the pages or as a framework file says it."""
    return {
        plain(words): value
        for value, label in column.choices.items()
        for words in (str(value), *in_all_languages(str, label))
    }


@cache
def words_for_orientation() -> set[str]:
    return {plain(words) for words in in_all_languages(str, FOR_ORIENTATION)}


@cache
def sheet_titles() -> dict[str, str]:
    """Which sheet it is, by its title in any language of the pages."""
    return {plain(words): key for key, layout in SHEETS.items() for words in in_all_languages(str, layout.title)}
