"""The next version of the small framework, with one of each kind of change; and random ones, for property tests."""

from dataclasses import replace

from hypothesis import strategies as st

from assessment import outline
from assessment.models import Framework
from tests.factories import WEIGHTS, cases, make_assessment, make_criteria, make_scale, text
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


def reweighted(version: str = "2025.1") -> outline.Framework:
    """A version that asks the same, but counts T1.2 three times, T1.1 not as key, and level 3 from 65 points on."""
    old = some_framework()
    (lens, other), known = old.lenses, old.criteria
    changed = {"T1.1": replace(known["T1.1"], key=False), "T1.2": replace(known["T1.2"], weight=3)}
    t1 = lens.dimensions[0]
    facet = replace(t1.facets[0], criteria=tuple(changed.get(c.code, c) for c in t1.criteria))
    lenses = (replace(lens, dimensions=(replace(t1, facets=(facet,)),)), other)
    scale = tuple(replace(step, threshold=65.0) if step.level == 3 else step for step in old.scale)
    return replace(old, lenses=lenses, scale=scale, version=version)


def store_next(version: str = "2025.1", **fields) -> Framework:
    return store(replace(next_version(version), **fields))


# Whatever an author does


CARRIES = st.sampled_from(["lowest", "highest", "blank"])


@st.composite
def some_edits(draw, framework):
    """The framework after some random edits, each as an author would write it."""
    facets = [
        [list(f.criteria) for f in dimension.facets] for lens in framework.lenses for dimension in lens.dimensions
    ]
    sides = [side for dimension in facets for side in dimension]
    for number in range(draw(st.integers(0, 6))):
        edit = draw(st.sampled_from([_reword, _reweigh, _rename, _split, _merge, _move, _remove, _add]))
        edit(draw, sides, f"N{number}")
    return _rebuilt(framework, facets)


def _any(draw, sides):
    side = draw(st.sampled_from([side for side in sides if side]))
    return side, draw(st.integers(0, len(side) - 1))


def _origins(criterion):
    return criterion.replaces or (criterion.code,)


def _reword(draw, sides, mark):
    side, at = _any(draw, sides)
    side[at] = replace(side[at], title=text(mark))


def _reweigh(draw, sides, mark):
    side, at = _any(draw, sides)
    side[at] = replace(side[at], weight=draw(WEIGHTS))


def _rename(draw, sides, mark):
    side, at = _any(draw, sides)
    side[at] = replace(side[at], code=mark, replaces=_origins(side[at]))


def _split(draw, sides, mark):
    side, at = _any(draw, sides)
    part = replace(side[at], code=mark, replaces=_origins(side[at]), carry=draw(CARRIES))
    side[at : at + 1] = [*([side[at]] if draw(st.booleans()) else []), part, replace(part, code=f"{mark}b")]


def _merge(draw, sides, mark):
    side, at = _any(draw, sides)
    one = side.pop(at)
    others = [other for other in sides if other]
    two = _any(draw, others)[0].pop() if others else one
    origins = tuple(dict.fromkeys((*_origins(one), *_origins(two))))
    side.append(replace(one, code=mark, replaces=origins, carry=draw(CARRIES)))


def _move(draw, sides, mark):
    side, at = _any(draw, sides)
    draw(st.sampled_from(sides)).append(side.pop(at))


def _remove(draw, sides, mark):
    side, at = _any(draw, sides)
    if sum(map(len, sides)) > 1:
        side.pop(at)


def _add(draw, sides, mark):
    draw(st.sampled_from(sides)).append(*make_criteria(mark))


def _rebuilt(framework, facets):
    rows = iter(facets)
    lenses = [
        replace(
            lens,
            dimensions=tuple(
                replace(
                    dimension,
                    facets=tuple(
                        replace(facet, criteria=tuple(side))
                        for facet, side in zip(dimension.facets, next(rows), strict=True)
                    ),
                )
                for dimension in lens.dimensions
            ),
        )
        for lens in framework.lenses
    ]
    return replace(framework, lenses=tuple(lenses), version="2025.1")


@st.composite
def some_migrations(draw):
    """An old version with answers, and a new one made of it."""
    old, answers = draw(cases())
    new = draw(some_edits(old))
    if draw(st.integers(0, 9)) == 0:
        new = replace(new, scale=make_scale((30, 60, 90)))
    return old, new, make_assessment(answers)
