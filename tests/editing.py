"""Edits of a framework for tests: any field of any part at random, and those that have a name."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from assessment import outline
from assessment.outline import Citation, Criterion, Framework, Text
from tests.factories import text
from tests.records import some_framework

# What makes a part the one that it is; a level's number is its place.
IDENTITY = ("level",)
FAMILY = ("code", "replaces")  # of a criterion: another one makes another family of it
CHOICES = {"kind": outline.Kind, "status": outline.Status, "role": outline.Role, "carry": outline.Carry}


def rich_framework(**changes: Any) -> Framework:
    """Something in every field that a framework has."""
    framework = some_framework(about=text("说明"), crosswalks={"甲": {"乙": "doc-1#一"}}, **changes)
    source = replace(
        framework.sources[0], issued=date(2024, 5, 14), url="https://example.org", edition=text("正式文本")
    )
    full = {name: text(f"一段{name}") for name in ("guidance", "owner", "measure", "suffices", "falls_short")}
    framework = with_criterion(framework, "T1.1", **full)
    levels = tuple(
        replace(level, evidence=text("材料"), next=text("下一步")) for level in framework.criteria["T1.1"].levels
    )
    scale = tuple(replace(level, meaning=text("含义")) for level in framework.scale)
    return replace(with_criterion(framework, "T1.1", levels=levels), scale=scale, sources=(source,))


# Named edits


def with_criteria(framework: Framework, facet: str, change: Callable[[tuple[Criterion, ...]], Any]) -> Framework:
    """The criteria of a facet (or of the dimension of that code) as `change` gives them."""

    def in_facet(item: outline.Facet) -> outline.Facet:
        return replace(item, criteria=tuple(change(item.criteria))) if item.code == facet else item

    def in_dimension(item: outline.Dimension) -> outline.Dimension:
        return replace(item, facets=tuple(map(in_facet, item.facets)))

    lenses = (replace(lens, dimensions=tuple(map(in_dimension, lens.dimensions))) for lens in framework.lenses)
    return replace(framework, lenses=tuple(lenses))


def with_criterion(framework: Framework, code: str, /, **changes: Any) -> Framework:
    def change(criteria: tuple[Criterion, ...]) -> Iterator[Criterion]:
        return (replace(item, **changes) if item.code == code else item for item in criteria)

    facets = [facet.code for dimension in framework.dimensions for facet in dimension.facets]
    for facet in facets:
        framework = with_criteria(framework, facet, change)
    return framework


def without(framework: Framework, *codes: str) -> Framework:
    facets = [facet.code for dimension in framework.dimensions for facet in dimension.facets]
    for facet in facets:
        framework = with_criteria(framework, facet, lambda items: (item for item in items if item.code not in codes))
    return framework


def inserted(framework: Framework, facet: str, *criteria: Criterion, at: int = 99) -> Framework:
    return with_criteria(framework, facet, lambda items: (*items[:at], *criteria, *items[at:]))


def next_version(framework: Framework, version: str = "2025.1") -> Framework:
    return replace(framework, version=version)


# Random edits


@st.composite
def edited(draw, framework: Framework) -> Framework:
    """The framework after one to four edits of anything in it but its version."""
    for _edit in range(draw(st.integers(1, 4))):
        spots = [spot for spot in _spots(framework) if spot[1] != "version" and spot[1] not in IDENTITY]
        path, name = draw(st.sampled_from(spots))
        framework = _put(framework, path, name, draw)
    return framework


@st.composite
def changed_criterion(draw, framework: Framework, codes: tuple[str, ...]) -> Framework:
    """The framework after one edit of anything in one of these criteria, but of its place and of what it replaces."""
    code = draw(st.sampled_from(codes))
    spots = [(path, name) for path, name in _spots(framework.criteria[code]) if name not in (*IDENTITY, *FAMILY)]
    path, name = draw(st.sampled_from(spots))
    return with_criterion(framework, code, **vars(_put(framework.criteria[code], path, name, draw)))


def _spots(item: Any, path: tuple = ()) -> Iterator[tuple[tuple, str]]:
    """Every field of every part, with the way to the part."""
    for field in fields(item):
        yield path, field.name
        value = getattr(item, field.name)
        for number, child in enumerate(value if isinstance(value, tuple) else ()):
            if is_dataclass(child):
                yield from _spots(child, (*path, (field.name, number)))


def _put(item: Any, path: tuple, name: str, draw: Callable) -> Any:
    if not path:
        return replace(item, **{name: _other(getattr(item, name), name, draw)})
    (field, number), *rest = path
    children = list(getattr(item, field))
    children[number] = _put(children[number], tuple(rest), name, draw)
    return replace(item, **{field: tuple(children)})


def _other(value: Any, name: str, draw: Callable) -> Any:
    """Another value of the same kind, or the same in another order."""
    if name in CHOICES:
        return draw(st.sampled_from(get_args(CHOICES[name])))
    if isinstance(value, Text):
        return draw(st.sampled_from([Text(), Text(value | {"en": "words"}), Text(value | {"zh-hans": "另一段话"})]))
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)) or value is None:
        return draw(st.sampled_from([1, 2, 7]))
    if isinstance(value, str):
        return f"{value}-{draw(st.integers(0, 9))}"
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, dict):
        return draw(st.sampled_from([{}, value | {"T1.2": 5}, value | {"default": 1}, value | {"key": 1}]))
    return _other_members(value, name, draw)


def _other_members(value: tuple, name: str, draw: Callable) -> tuple:
    if name in ("scale", "levels"):
        return draw(st.sampled_from([value[:-1], (*value, replace(value[-1], level=len(value)))])) if value else value
    members = draw(st.permutations(value))
    if name in ("tags", "replaces", "issuers"):
        return (*members, f"另{draw(st.integers(0, 9))}")
    if name == "cites" and not members:
        return (Citation("doc-1", "二"),)
    return tuple(members[draw(st.integers(0, 1)) :])
