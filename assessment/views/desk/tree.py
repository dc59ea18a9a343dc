"""The tree at the left of the editor, and the share that each element has of the overall score."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment import elements, outline
from assessment.outline import Text


@dataclass
class Node:
    """One line of the tree. `home`: what lists it; `is_open` where the element at hand lies below it."""

    name: str
    label: str
    share: float | None = None
    home: str = ""
    is_key: bool = False
    is_current: bool = False
    is_open: bool = False
    children: list["Node"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return elements.kind_of(self.name)

    @property
    def code(self) -> str:
        return elements.code_of(self.name)

    @property
    def shown_code(self) -> str:
        return self.code.partition("#")[2] or self.code


def tree_of(framework: outline.Framework, current: str) -> list[Node]:
    """Lenses first, then sources, scale and targets, each group under a heading that is no element."""
    shares = shares_of(framework)
    groups = [
        Node("", str(_("Criteria")), children=[_lens(lens, shares) for lens in framework.lenses]),
        Node("", str(_("Sources")), children=[_source(source) for source in framework.sources]),
        Node("", str(_("Scale")), children=[_named(f"level:{x.level}", x.name) for x in framework.scale]),
        Node("", str(_("Target profiles")), children=[_named(f"target:{x.code}", x.name) for x in framework.targets]),
    ]
    for group in groups:
        _mark(group, current)
    groups[0].is_open = True
    return groups


def _named(name: str, text: Text, **more: Any) -> Node:
    return Node(name, text.to(get_language() or ""), **more)


def _lens(lens: outline.Lens, shares: dict[str, float]) -> Node:
    name = f"lens:{lens.code}"
    dimensions = [_dimension(dimension, shares) for dimension in lens.dimensions]
    return _named(name, lens.name, share=shares[name], children=dimensions)


def _dimension(dimension: outline.Dimension, shares: dict[str, float]) -> Node:
    """The only facet of a dimension is no line of its own."""
    name = f"dimension:{dimension.code}"
    if dimension.kind != "balance":
        children = [_criterion(criterion, shares, f"facet:{dimension.code}") for criterion in dimension.criteria]
    else:
        children = [
            _named(
                f"facet:{facet.code}",
                facet.name,
                share=shares[f"facet:{facet.code}"],
                children=[_criterion(criterion, shares, f"facet:{facet.code}") for criterion in facet.criteria],
            )
            for facet in dimension.facets
        ]
    return _named(name, dimension.name, share=shares[name], children=children)


def _criterion(criterion: outline.Criterion, shares: dict[str, float], home: str) -> Node:
    name = f"criterion:{criterion.code}"
    return _named(name, criterion.title, share=shares[name], home=home, is_key=criterion.key)


def _source(source: outline.Source) -> Node:
    passages = [_named(f"passage:{source.code}#{passage.id}", passage.locator) for passage in source.passages]
    return _named(f"source:{source.code}", source.title, children=passages)


def _mark(node: Node, current: str) -> bool:
    node.is_current = node.name == current
    below = [_mark(child, current) for child in node.children]
    node.is_open = any(below) or (node.is_current and bool(node.children))
    return node.is_current or any(below)


def shares_of(framework: outline.Framework) -> dict[str, float]:
    """What part of the overall score each element has when everything is answered, 0..1; the two sides of a balance
    by their weights."""
    return dict(_shares(framework))


def _shares(framework: outline.Framework) -> Iterator[tuple[str, float]]:
    for lens, lens_share in _split(1, framework.lenses):
        yield f"lens:{lens.code}", lens_share
        for dimension, share in _split(lens_share, lens.dimensions):
            yield f"dimension:{dimension.code}", share
            for facet, facet_share in _split(share, dimension.facets):
                yield f"facet:{facet.code}", facet_share
                yield from ((f"criterion:{c.code}", part) for c, part in _split(facet_share, facet.criteria))


def _split(share: float, siblings) -> Iterator[tuple[Any, float]]:
    total = sum(each.weight for each in siblings)
    return ((each, share * each.weight / total) for each in siblings)
