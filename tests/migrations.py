"""The next version of the small framework, with one of each kind of change, and what a test needs to go there."""

from dataclasses import replace

from assessment import outline
from assessment.models import Framework
from tests.factories import make_criteria, text
from tests.records import some_framework, store

# T1.1 stays, T1.2 has other words, T1.3 is called T1.9; P1.A1 and P1.A2 become P1.A3; P1.B1 goes, P1.B3 comes.
FATES = {
    "T1.1": "carried",
    "T1.2": "reworded",
    "T1.9": "renamed",
    "P1.A3": "merged",
    "P1.B2": "carried",
    "P1.B3": "new",
    "P1.B1": "removed",
}


def next_version(version: str = "2025.1") -> outline.Framework:
    old = some_framework()
    known = old.criteria
    (lens, other), (p1,) = old.lenses, old.lenses[1].dimensions
    t1 = replace(
        lens.dimensions[0].facets[0], criteria=(known["T1.1"], _reworded(known["T1.2"]), _renamed(known["T1.3"]))
    )
    first, second = p1.facets
    (merged,), (added,) = make_criteria("P1.A3"), make_criteria("P1.B3")
    sides = (
        replace(first, criteria=(replace(merged, replaces=("P1.A1", "P1.A2")),)),
        replace(second, criteria=(known["P1.B2"], added)),
    )
    lenses = (
        replace(lens, dimensions=(replace(lens.dimensions[0], facets=(t1,)),)),
        replace(other, dimensions=(replace(p1, facets=sides),)),
    )
    return replace(old, lenses=lenses, version=version)


def _reworded(criterion):
    return replace(criterion, statement=text("另一种问法"))


def _renamed(criterion):
    return replace(criterion, code="T1.9", replaces=(criterion.code,))


def store_next(version: str = "2025.1", **fields) -> Framework:
    return store(replace(next_version(version), **fields))
