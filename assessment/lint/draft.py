"""A draft as the rules read it: its criteria, its texts, and what it is compared with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Literal

from assessment.lint.finding import Place, Values
from assessment.outline import Criterion, Dimension, Framework, Passage, Source, Text
from assessment.quoting import Check

type Found = Iterator[tuple[Place, Values]]
# The rule that a text breaks when it is not there; none for a text that may be absent.
Need = Literal["", "text-missing", "descriptor-missing", "pole-missing"]


@dataclass(frozen=True)
class Draft:
    """`checks` by SOURCE#PASSAGE; `golden`: by a set's name, how many figures are not what was accepted."""

    framework: Framework
    previous: Framework | None
    checks: Mapping[str, Check]
    golden: Mapping[str, int]

    def place(self, field: str = "", language: str = "") -> Place:
        """A place of the framework as a whole."""
        return Place("framework", self.framework.name, field, language)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """All of them, also where two bear one code."""
        return tuple(chain.from_iterable(dimension.criteria for dimension in self.framework.dimensions))

    @cached_property
    def levels(self) -> frozenset[int]:
        return frozenset(step.level for step in self.framework.scale)

    @cached_property
    def before(self) -> Mapping[str, Criterion]:
        """The criteria of the version before."""
        return self.previous.criteria if self.previous else {}

    @cached_property
    def texts(self) -> tuple[tuple[Place, Text, Need], ...]:
        """Every text: where it stands, and whether it must be there."""
        return tuple(_texts(self.framework))


def at(kind: str, part: Any, field: str = "", language: str = "") -> Place:
    """A place of a part that has a code."""
    name: Text = part.name if hasattr(part, "name") else part.title
    return Place(f"{kind}:{part.code}", name, field, language)


def at_passage(source: Source, passage: Passage, field: str = "") -> Place:
    return Place(f"passage:{source.code}#{passage.id}", passage.locator, field)


def has(text: Text, language: str) -> bool:
    return bool(str(text.get(language) or "").strip())


def is_there(text: Text) -> bool:
    """Whether it says something in any language."""
    return any(has(text, language) for language in text)


def translatable(framework: Framework) -> list[tuple[Place, Text]]:
    """Every text that is there; quotations are left as their source says them."""
    return [(place, text) for place, text, _need in _texts(framework) if place.field != "quote" and is_there(text)]


def _texts(framework: Framework) -> Iterator[tuple[Place, Text, Need]]:
    yield from _of(framework, Place("framework", framework.name), ["name"], ["about"])
    for step in framework.scale:
        yield from _of(step, Place(f"level:{step.level}", step.name), ["name"], ["meaning"])
    for source in framework.sources:
        yield from _of(source, at("source", source), ["title"], ["edition"])
        for passage in source.passages:
            yield from _of(passage, at_passage(source, passage), ["locator"], ["quote", "summary"])
    for lens in framework.lenses:
        yield from _of(lens, at("lens", lens), ["name"])
    for dimension in framework.dimensions:
        yield from _texts_of(dimension)
    for target in framework.targets:
        yield from _of(target, at("target", target), ["name"])


def _texts_of(dimension: Dimension) -> Iterator[tuple[Place, Text, Need]]:
    yield from _of(dimension, at("dimension", dimension), ["name"])
    if dimension.kind == "transition":
        yield at("dimension", dimension, "start"), dimension.start, "pole-missing"
        yield at("dimension", dimension, "end"), dimension.end, "pole-missing"
    for facet in dimension.facets if dimension.kind == "balance" else ():
        yield from _of(facet, at("facet", facet), ["name"])
    for criterion in dimension.criteria:
        optional = ["guidance", "owner", "measure", "suffices", "falls_short"]
        yield from _of(criterion, at("criterion", criterion), ["title", "statement"], optional)
        for step in criterion.levels:
            here = f"levels.{step.level}"
            yield at("criterion", criterion, f"{here}.descriptor"), step.descriptor, "descriptor-missing"
            yield at("criterion", criterion, f"{here}.evidence"), step.evidence, ""
            yield at("criterion", criterion, f"{here}.next"), step.next, ""


def _of(part: Any, place: Place, required: list[str], optional: list[str] | None = None):
    for name in required:
        yield Place(place.part, place.name, name), getattr(part, name), "text-missing"
    for name in optional or ():
        yield Place(place.part, place.name, name), getattr(part, name), ""
