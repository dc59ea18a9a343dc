"""What does not hold together among the elements of a framework: names of what is not there, codes that two bear."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from assessment.elements import CHILDREN, FRAMEWORK, Element, Elements, applied, child_name, code_of, kind_of
from assessment.outline import QUOTABLE, RESERVED_CODES

Rule = Literal[
    "listed", "unlisted", "twice", "code", "citation", "target", "level", "effort", "scale", "sides", "quote"
]
SCORED = {"lens", "dimension", "facet", "criterion"}


@dataclass(frozen=True, order=True)
class Fault:
    """`name`: the element that it is about; `other`: the code or level that it names."""

    rule: Rule
    name: str
    other: str = ""


def faults(elements: Elements) -> set[Fault]:
    """
    >>> faults({"framework": {"scale": [], "sources": [], "lenses": ["T"], "targets": []}})
    {Fault(rule='listed', name='framework', other='T')}
    """
    return {*_unlisted(elements), *_codes(elements), *_references(elements), *_levels(elements), *_parts(elements)}


def new_faults(elements: Elements, edit: Mapping[str, Element | None]) -> list[Fault]:
    """Those that there are after the edit and were not before it."""
    return sorted(faults(applied(elements, edit)) - faults(elements))


def _unlisted(elements: Elements) -> Iterator[Fault]:
    """Every element but the framework is listed exactly once."""
    listed: Counter[str] = Counter()
    for parent, element in elements.items():
        for key, kind in CHILDREN.get(kind_of(parent), {}).items():
            names = [child_name(kind, code_of(parent), code) for code in element[key]]
            listed.update(names)
            yield from (Fault("listed", parent, code_of(name)) for name in names if name not in elements)
    for name in elements:
        if name != FRAMEWORK and listed[name] != 1:
            yield Fault("twice" if listed[name] else "unlisted", name)


def _codes(elements: Elements) -> Iterator[Fault]:
    """All that is scored shares one set of codes; the only side of a dimension bears its dimension's."""
    seen: set[str] = set()
    for name in elements:
        code, kind = code_of(name), kind_of(name)
        dimension = elements.get(f"dimension:{code}")
        if kind not in SCORED or (kind == "facet" and dimension and dimension["kind"] != "balance"):
            continue
        if code in seen:
            yield Fault("code", FRAMEWORK, code)
        seen.add(code)


def _references(elements: Elements) -> Iterator[Fault]:
    known = {code_of(name) for name in elements if kind_of(name) == "criterion"} | {*RESERVED_CODES}
    for name, element in elements.items():
        keys = [f"{cite['source']}#{cite['passage']}" for cite in element.get("cites", ())]
        yield from (Fault("citation", name, key) for key in keys if f"passage:{key}" not in elements)
        if kind_of(name) == "target":
            yield from (Fault("target", name, code) for code in element["levels"] if code not in known)


def _levels(elements: Elements) -> Iterator[Fault]:
    """Nothing stands above the scale, which counts from 0; efforts by step are as many as the scale has steps."""
    scale = elements[FRAMEWORK]["scale"]
    highest = len(scale) - 1
    if scale != list(range(len(scale))):
        yield Fault("scale", FRAMEWORK)
    for name, element in elements.items():
        if kind_of(name) == "criterion":
            found = [each["level"] for each in element["levels"] if each["level"] > highest]
            yield from (Fault("level", name, str(level)) for level in found)
            if isinstance(element["effort"], list) and len(element["effort"]) != highest:
                yield Fault("effort", name)
        if kind_of(name) == "target":
            yield from (Fault("level", name, str(level)) for level in element["levels"].values() if level > highest)


def _parts(elements: Elements) -> Iterator[Fault]:
    """A balance has two sides, any other dimension the one that bears its code; only some passages are quoted."""
    for name, element in elements.items():
        if kind_of(name) == "dimension":
            sides = element["facets"]
            if len(sides) != 2 if element["kind"] == "balance" else sides != [element["code"]]:
                yield Fault("sides", name)
        if kind_of(name) == "passage" and any(element["quote"].values()) and element["status"] not in QUOTABLE:
            yield Fault("quote", name)
