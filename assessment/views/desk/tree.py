"""The tree at the left of the editor."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment import elements, outline
from assessment.outline import Text
from assessment.places import shares


@dataclass
class Node:
    """One line of the tree. `home`: what lists it, where it can move; `into`: what lists those below it, of the kind
    `takes`; `is_open` where the element at hand lies below it."""

    name: str
    label: str
    share: float | None = None
    home: str = ""
    into: str = ""
    takes: str = ""
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
    share_of = shares(framework)
    groups = [
        Node("", str(_("Criteria")), children=[_lens(lens, share_of) for lens in framework.lenses]),
        Node("", str(_("Sources")), children=[_source(source) for source in framework.sources]),
        Node("", str(_("Scale")), children=[_named(f"level:{x.level}", x.name) for x in framework.scale]),
        Node(
            "",
            str(_("Target profiles")),
            children=[_named(f"target:{x.code}", x.name, home="framework") for x in framework.targets],
        ),
    ]
    for group in groups:
        _mark(group, current)
    for node in (groups[0], *groups[0].children):  # lenses and their dimensions are always in sight
        node.is_open = True
    return groups


def _named(name: str, text: Text, **more: Any) -> Node:
    return Node(name, text.to(get_language() or ""), **more)


def _lens(lens: outline.Lens, share_of: dict[str, float]) -> Node:
    name = f"lens:{lens.code}"
    dimensions = [_dimension(dimension, share_of, name) for dimension in lens.dimensions]
    placed = {"home": "framework", "into": name, "takes": "dimension"}
    return _named(name, lens.name, share=share_of[elements.code_of(name)], children=dimensions, **placed)


def _dimension(dimension: outline.Dimension, share_of: dict[str, float], home: str) -> Node:
    """The only facet of a dimension is no line of its own."""
    name = f"dimension:{dimension.code}"
    placed = {"home": home}
    if dimension.kind != "balance":
        placed |= {"into": f"facet:{dimension.code}", "takes": "criterion"}
        children = [_criterion(criterion, share_of, f"facet:{dimension.code}") for criterion in dimension.criteria]
    else:
        children = [
            _named(
                f"facet:{facet.code}",
                facet.name,
                share=share_of[facet.code],
                into=f"facet:{facet.code}",
                takes="criterion",
                children=[_criterion(criterion, share_of, f"facet:{facet.code}") for criterion in facet.criteria],
            )
            for facet in dimension.facets
        ]
    return _named(name, dimension.name, share=share_of[elements.code_of(name)], children=children, **placed)


def _criterion(criterion: outline.Criterion, share_of: dict[str, float], home: str) -> Node:
    name = f"criterion:{criterion.code}"
    return _named(name, criterion.title, share=share_of[elements.code_of(name)], home=home, is_key=criterion.key)


def _source(source: outline.Source) -> Node:
    name = f"source:{source.code}"
    passages = [
        _named(f"passage:{source.code}#{passage.id}", passage.locator, home=name) for passage in source.passages
    ]
    return _named(name, source.title, home="framework", children=passages)


def _mark(node: Node, current: str) -> bool:
    node.is_current = node.name == current
    below = [_mark(child, current) for child in node.children]
    node.is_open = any(below) or (node.is_current and bool(node.children))
    return node.is_current or any(below)
