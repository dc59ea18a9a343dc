"""Where each part of a framework stands: its code and name, what it is in, and its share of the overall score."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from assessment.outline import Citation, Criterion, Dimension, Facet, Framework, Lens, Passage, Source, Text

Part = Literal[
    "framework", "level", "lens", "dimension", "facet", "criterion", "source", "passage", "target", "crosswalk"
]


@dataclass(frozen=True)
class Place:
    """A part of a framework. `dimension`: the code of the one to which it belongs, empty outside of any."""

    part: Part
    code: str
    name: Text = field(default_factory=Text)
    dimension: str = ""

    def is_at(self, other: "Place") -> bool:
        """Whether it is the same part, whatever its name is now."""
        return (self.part, self.code) == (other.part, other.code)


@dataclass(frozen=True)
class Member:
    """A lens, dimension, facet or criterion with its place and that of what it stands in."""

    place: Place
    parent: Place
    item: Any


class Map:
    """A framework's lenses, dimensions, facets and criteria by code, each with its place, in framework order.

    The only facet of a dimension without sides is the dimension itself: it has no place of its own.
    """

    def __init__(self, framework: Framework):
        self.framework = framework
        self.shares = shares(framework)
        self.root = Place("framework", framework.code, framework.name)
        self.lenses: dict[str, Member] = {}
        self.dimensions: dict[str, Member] = {}
        self.facets: dict[str, Member] = {}
        self.criteria: dict[str, Member] = {}
        for lens in framework.lenses:
            self._enter_lens(lens)

    def _enter_lens(self, lens: Lens) -> None:
        place = Place("lens", lens.code, lens.name)
        self.lenses[lens.code] = Member(place, self.root, lens)
        for dimension in lens.dimensions:
            inner = Place("dimension", dimension.code, dimension.name, dimension.code)
            self.dimensions[dimension.code] = Member(inner, place, dimension)
            for facet in dimension.facets:
                self._enter_facet(facet, dimension, inner)

    def _enter_facet(self, facet: Facet, dimension: Dimension, parent: Place) -> None:
        place = Place("facet", facet.code, facet.name, dimension.code)
        if _is_the_dimension(facet, dimension):
            place = parent
        else:
            self.facets[facet.code] = Member(place, parent, facet)
        for criterion in facet.criteria:
            inner = Place("criterion", criterion.code, criterion.title, dimension.code)
            self.criteria[criterion.code] = Member(inner, place, criterion)

    def passage(self, citation: Citation) -> Place:
        """What is cited; without a name where the framework lacks it."""
        source, passage = self.framework.passages.get(citation.key, (None, None))
        return place_of_passage(source, passage) if source and passage else Place("passage", citation.key)

    def share_of(self, criteria: Iterable[Criterion]) -> float:
        return sum(self.shares[criterion.code] for criterion in criteria)


def _is_the_dimension(facet: Facet, dimension: Dimension) -> bool:
    mirrors = (facet.code, facet.name, facet.weight) == (dimension.code, dimension.name, 1)
    return dimension.kind != "balance" and len(dimension.facets) == 1 and mirrors


def place_of_passage(source: Source, passage: Passage) -> Place:
    """Named as people cite it: the document's number, or else its title, and the place in it."""
    named = {language: source.number or source.title.to(language) for language in passage.locator}
    name = Text({language: f"{named[language]} {words}" for language, words in passage.locator.items()})
    return Place("passage", f"{source.code}#{passage.id}", name)


def shares(framework: Framework) -> dict[str, float]:
    """By code of lens, dimension, facet and criterion: its share 0..1 of the overall score, by the weights alone.

    >>> first, second = Criterion("A1", "", "", weight=3), Criterion("A2", "", "")
    >>> facet = Facet("A", "", criteria=(first, second))
    >>> lens = Lens("L", "", (Dimension("A", "", "plain", (facet,)),))
    >>> shares(Framework("x", "1", "en", "", (), (lens,)))
    {'L': 1.0, 'A': 1.0, 'A1': 0.75, 'A2': 0.25}
    """
    found: dict[str, float] = {}

    def divide(members: tuple[Any, ...], whole: float, *below: str) -> None:
        total = sum(member.weight for member in members)
        for member in members:
            found[member.code] = whole * member.weight / total
            if below:
                divide(getattr(member, below[0]), found[member.code], *below[1:])

    divide(framework.lenses, 1.0, "dimensions", "facets", "criteria")
    return found
