"""Rules of how a framework is built: parts, codes, the scale and its levels, targets, weights."""

from collections.abc import Iterator
from itertools import chain
from math import isfinite

from assessment.lint.draft import Draft, Found, at, at_passage
from assessment.lint.finding import Place
from assessment.outline import RESERVED_CODES

# A weight is idle when the part has less than this of what an equal share among its siblings would be.
IDLE = 0.1


def nothing_inside(draft: Draft) -> Found:
    """A framework without a lens, a lens without a dimension, a side without a criterion."""
    if not draft.framework.lenses:
        yield draft.place(), {}
    yield from ((at("lens", lens), {}) for lens in draft.framework.lenses if not lens.dimensions)
    for dimension in draft.framework.dimensions:
        kind = "facet" if dimension.kind == "balance" else "dimension"
        yield from ((at(kind, facet), {}) for facet in dimension.facets if not facet.criteria)


def wrong_sides(draft: Draft) -> Found:
    for dimension in draft.framework.dimensions:
        wanted = 2 if dimension.kind == "balance" else 1
        if len(dimension.facets) != wanted:
            yield at("dimension", dimension, "facets"), {"count": len(dimension.facets), "wanted": wanted}


def repeated_codes(draft: Draft) -> Found:
    """Lenses, dimensions, sides and criteria share their codes; sources, targets and a source's passages have theirs."""
    seen: set[str] = set()
    shared = ((place, place.code) for place in _with_shared_codes(draft))
    others = ((place, place.part) for place in _with_own_codes(draft))
    for place, code in chain(shared, others):
        if code in seen:
            yield place, {}
        seen.add(code)


def _with_shared_codes(draft: Draft) -> Iterator[Place]:
    yield from (at("lens", lens) for lens in draft.framework.lenses)
    for dimension in draft.framework.dimensions:
        yield at("dimension", dimension)
        yield from (at("facet", facet) for facet in dimension.facets if dimension.kind == "balance")
        yield from (at("criterion", criterion) for criterion in dimension.criteria)


def _with_own_codes(draft: Draft) -> Iterator[Place]:
    for source in draft.framework.sources:
        yield at("source", source)
        yield from (at_passage(source, passage) for passage in source.passages)
    yield from (at("target", target) for target in draft.framework.targets)


def wrong_scale(draft: Draft) -> Found:
    """Two to ten levels, from 0 without a gap."""
    levels = [step.level for step in draft.framework.scale]
    if levels != list(range(len(levels))) or not 2 <= len(levels) <= 10:
        yield draft.place("scale"), {"count": len(levels)}


def wrong_thresholds(draft: Draft) -> Found:
    """Level 0 has none; the others ascend from 0 to 100."""
    below = -1.0
    for step in draft.framework.scale:
        threshold, place = step.threshold, Place(f"level:{step.level}", step.name, "threshold")
        if step.level == 0:
            yield from [] if threshold is None else [(place, {"level": 0})]
        elif threshold is None or not below < threshold <= 100 or threshold < 0:
            yield place, {"level": step.level}
        else:
            below = threshold


def missing_levels(draft: Draft) -> Found:
    for criterion in draft.criteria:
        for level in sorted(draft.levels - {step.level for step in criterion.levels}):
            yield at("criterion", criterion, f"levels.{level}"), {"level": level}


def levels_above_scale(draft: Draft) -> Found:
    for criterion in draft.criteria:
        for step in criterion.levels:
            if step.level not in draft.levels:
                yield at("criterion", criterion, f"levels.{step.level}"), {"level": step.level}


def targets_above_scale(draft: Draft) -> Found:
    for target in draft.framework.targets:
        for key, level in target.levels.items():
            if type(level) is not int or level not in draft.levels:
                yield at("target", target, f"levels.{key}"), {"criterion": key, "level": str(level)}


def unknown_targets(draft: Draft) -> Found:
    known = {criterion.code for criterion in draft.criteria} | {*RESERVED_CODES}
    for target in draft.framework.targets:
        for key in target.levels:
            if key not in known:
                yield at("target", target, f"levels.{key}"), {"criterion": key}


def wrong_weights(draft: Draft) -> Found:
    for place, weight in chain.from_iterable(_siblings(draft)):
        if not (isfinite(weight) and weight > 0):
            yield place, {"weight": weight}


def idle_weights(draft: Draft) -> Found:
    """A share among the siblings that is under a tenth of an equal one: what is answered there hardly counts."""
    for siblings in _siblings(draft):
        total = sum(weight for _place, weight in siblings)
        for place, weight in siblings if isfinite(total) else ():
            if 0 < weight < IDLE * total / len(siblings):
                yield place, {"share": 100 * weight / total, "equal": 100 / len(siblings)}


def _siblings(draft: Draft) -> Iterator[list[tuple[Place, float]]]:
    """Parts whose scores are put together by their weights."""

    def weighed(kind, parts):
        return [(at(kind, part, "weight"), part.weight) for part in parts]

    yield weighed("lens", draft.framework.lenses)
    yield from (weighed("dimension", lens.dimensions) for lens in draft.framework.lenses)
    for dimension in draft.framework.dimensions:
        if dimension.kind == "balance":
            yield weighed("facet", dimension.facets)
        yield from (weighed("criterion", facet.criteria) for facet in dimension.facets)
