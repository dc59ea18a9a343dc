"""From chosen levels to scores: facet, dimension, lens and overall, with bounds, shares, levels, caps and tilt.

The calculation is told in prose, with worked examples, in docs/scoring.md.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import exp, floor, log
from typing import NamedTuple, Self

from assessment.answers import Answers, Count
from assessment.outline import Assessment, Basis, Dimension, Framework, Lens, Level

# Above any rounding error of a double, below any difference that a reader could see.
TOLERANCE = 1e-9
BALANCED, LEANING = 10, 25


@dataclass(frozen=True)
class OverallScore:
    """The whole framework. Scores are points 0..100, shares 0..1; None where there is nothing to compute from."""

    score: float | None
    low: float | None
    high: float | None
    strict: float | None
    level: int | None
    coverage: float | None
    na: float
    evidence: float | None


@dataclass(frozen=True)
class LensScore:
    """One lens. Its level is never capped."""

    code: str
    score: float | None
    low: float | None
    high: float | None
    strict: float | None
    level: int | None
    coverage: float | None
    na: float


@dataclass(frozen=True)
class DimensionScore:
    """One dimension. `capped_by`: the key criteria that hold `level` below `level_by_score`.

    Only a balance has `facets` (points by facet code), `tilt` (points, first minus second) and `balance`
    (`balanced`, `leaning` or `lopsided`).
    """

    code: str
    score: float | None
    low: float | None
    high: float | None
    strict: float | None
    level: int | None
    level_by_score: int | None
    capped_by: tuple[str, ...]
    coverage: float | None
    na: float
    facets: dict[str, float | None] | None
    tilt: float | None
    balance: str | None


@dataclass(frozen=True)
class Scores:
    """All scores of one assessment in one basis; lenses and dimensions by code, in framework order."""

    framework: str
    version: str
    basis: Basis
    overall: OverallScore
    lenses: dict[str, LensScore]
    dimensions: dict[str, DimensionScore]


def score(framework: Framework, assessment: Assessment, basis: Basis = "effective") -> Scores:
    """Score every dimension, every lens and the whole. ValueError for a basis other than `self` and `effective`."""
    answers = Answers.read(framework, assessment, basis)
    runs = Runs.of(framework, answers)
    return Scores(
        framework=framework.code,
        version=framework.version,
        basis=basis,
        overall=_overall_score(framework, answers, runs),
        lenses={lens.code: _lens_score(lens, framework, answers, runs) for lens in framework.lenses},
        dimensions={d.code: _dimension_score(d, framework, answers, runs) for d in framework.dimensions},
    )


# From levels to values 0..1


def mean(members: Iterable[tuple[float, float | None]]) -> float | None:
    """Weighted arithmetic mean of (weight, value) pairs; the weight of those without a value goes to the others.

    >>> mean([(2, 0.2), (1, 0.5), (4, None)])
    0.3
    """
    answered = [(weight, value) for weight, value in members if value is not None]
    if not answered:
        return None
    heaviest = max(weight for weight, _ in answered)  # sums of shares of it can neither overflow nor vanish
    whole = sum(weight / heaviest for weight, _ in answered)
    return sum(weight / heaviest * value for weight, value in answered) / whole


def balance_mean(sides: Iterable[tuple[float, float | None]], shift: float) -> float | None:
    """Weighted geometric mean of (weight, value) pairs, both shifted up by `shift` and the mean shifted back.

    A weak side pulls down more than a strong one lifts (UNDP's HDI, technical note 1). Without the shift a side at zero
    would make every first step there worth everything, and every step on the other side nothing.

    >>> round(balance_mean([(1, 1.0), (1, 0.0)], shift=0.05), 6)
    0.179129
    >>> balance_mean([(1, 0.4), (1, None)], shift=0.05)
    0.4
    """
    answered = [(weight, value) for weight, value in sides if value is not None]
    centre = mean((weight, log(value + shift)) for weight, value in answered)
    if centre is None:
        return None
    values = [value for _, value in answered]
    return max(min(values), min(exp(centre) - shift, max(values)))


@dataclass(frozen=True)
class Standing:
    """Values 0..1 of all facets, dimensions and lenses and of the whole at the given levels; None without an answer.

    `rated`: codes of the dimensions that are given a value. Facets have theirs in the others, too.
    """

    framework: Framework
    levels: Mapping[str, int]
    rated: frozenset[str]

    @classmethod
    def now(cls, framework: Framework, answers: Answers) -> Self:
        return cls(framework, answers.levels, frozenset(d.code for d in framework.dimensions if answers.ratable(d)))

    @cached_property
    def facets(self) -> dict[str, list[float | None]]:
        """The value of each side, by dimension code."""
        return {d.code: self._sides(d, self.levels) for d in self.framework.dimensions}

    @cached_property
    def dimensions(self) -> dict[str, float | None]:
        return {d.code: self._dimension(d, self.facets[d.code]) for d in self.framework.dimensions}

    @cached_property
    def lenses(self) -> dict[str, float | None]:
        return {lens.code: _lens(lens, self.dimensions) for lens in self.framework.lenses}

    @cached_property
    def overall(self) -> float | None:
        return self._whole(self.lenses)

    def overall_with(self, criterion: str, level: int) -> float | None:
        """The overall value were this criterion alone at `level`. Costs its dimension, lens and the top, no more."""
        dimension = self.framework.home[criterion]
        lens = self._lens_of[dimension.code]
        sides = self._sides(dimension, {**self.levels, criterion: level})
        dimensions = {**self.dimensions, dimension.code: self._dimension(dimension, sides)}
        return self._whole({**self.lenses, lens.code: _lens(lens, dimensions)})

    def raised(self, levels: Mapping[str, int]) -> Self:
        """The standing with these levels in place of the present ones, all others as they are."""
        return type(self)(self.framework, {**self.levels, **levels}, self.rated)

    @cached_property
    def _lens_of(self) -> dict[str, Lens]:
        return {d.code: lens for lens in self.framework.lenses for d in lens.dimensions}

    def _sides(self, dimension: Dimension, levels: Mapping[str, int]) -> list[float | None]:
        highest = self.framework.highest
        return [
            mean((c.weight, levels[c.code] / highest) for c in facet.criteria if c.code in levels)
            for facet in dimension.facets
        ]

    def _dimension(self, dimension: Dimension, sides: list[float | None]) -> float | None:
        if dimension.code not in self.rated:
            return None
        if dimension.kind != "balance":
            return sides[0]
        weights = [facet.weight for facet in dimension.facets]
        return balance_mean(zip(weights, sides, strict=True), shift=1 / (4 * self.framework.highest))

    def _whole(self, lenses: Mapping[str, float | None]) -> float | None:
        return mean((lens.weight, lenses[lens.code]) for lens in self.framework.lenses)


def _lens(lens: Lens, dimensions: Mapping[str, float | None]) -> float | None:
    return mean((d.weight, dimensions[d.code]) for d in lens.dimensions)


class Figures(NamedTuple):
    """A score with its bounds, in points."""

    score: float | None
    low: float | None
    high: float | None
    strict: float | None


class Runs(NamedTuple):
    """The same calculation four times: as answered, blanks at 0, blanks at the highest level, N/A at 0."""

    now: Standing
    low: Standing
    high: Standing
    strict: Standing

    @classmethod
    def of(cls, framework: Framework, answers: Answers) -> Self:
        now = Standing.now(framework, answers)
        everything = frozenset(d.code for d in framework.dimensions)
        unexcused = {**answers.levels, **dict.fromkeys(answers.not_applicable, 0)}
        return cls(
            now=now,
            low=now.raised(dict.fromkeys(answers.blank, 0)),
            high=now.raised(dict.fromkeys(answers.blank, framework.highest)),
            strict=Standing(framework, unexcused, everything),
        )

    def figures(self, value_in: Callable[[Standing], float | None]) -> Figures:
        """What `value_in` finds in each run; the last bit of rounding is kept from upsetting low ≤ score ≤ high."""
        score, low, high, strict = (points(value_in(run)) for run in self)
        if score is not None and low is not None and high is not None:
            low, high = min(low, score), max(high, score)
        return Figures(score, low, high, strict)


def points(value: float | None) -> float | None:
    """A value 0..1 as points 0..100."""
    return None if value is None else 100 * value


# From scores to maturity levels


def shown(x: float) -> float:
    """One decimal, half away from zero, and never −0.0: what is printed, and therefore what is judged.

    >>> shown(47.25), shown(0.15), shown(-2.25), shown(-0.04)
    (47.3, 0.2, -2.3, 0.0)
    """
    size = floor(abs(x) * 10 + 0.5 + TOLERANCE) / 10
    return -size if x < 0 < size else size


def level_by_score(scale: Iterable[Level], score: float | None) -> int | None:
    """The highest level whose threshold the score reaches as printed: 49.96 prints 50.0 and reaches 50."""
    if score is None:
        return None
    judged = shown(score) + TOLERANCE
    return max((step.level for step in scale if step.threshold is not None and step.threshold <= judged), default=0)


def capped(level: int, dimension: Dimension, answers: Answers) -> tuple[int, tuple[str, ...]]:
    """The level, at most one above the lowest key criterion, and the key criteria that hold it down, if any.

    A blank key criterion counts as level 0, one that is not applicable does not count (DOE C2M2; DCMM, GB/T 36073).
    """
    applicable = (c.code for c in dimension.criteria if c.key and c.code not in answers.not_applicable)
    keys = {code: answers.levels.get(code, 0) for code in applicable}
    lowest = min(keys.values(), default=level)
    if level <= lowest + 1:
        return level, ()
    return lowest + 1, tuple(sorted(code for code, at in keys.items() if at == lowest))


def balance_of(tilt: float) -> str:
    """The word for a tilt in points, judged as printed and from either side.

    >>> balance_of(10.04), balance_of(-10.05), balance_of(-25.1)
    ('balanced', 'leaning', 'lopsided')
    """
    size = shown(abs(tilt))
    if size <= BALANCED:
        return "balanced"
    return "leaning" if size <= LEANING else "lopsided"


# One score each


def _overall_score(framework: Framework, answers: Answers, runs: Runs) -> OverallScore:
    count = Count.of(framework.criteria.values(), answers)
    figures = runs.figures(lambda run: run.overall)
    level = level_by_score(framework.scale, figures.score) if count.suffices else None
    return OverallScore(
        **figures._asdict(), level=level, coverage=count.coverage, na=count.na, evidence=answers.evidence_share
    )


def _lens_score(lens: Lens, framework: Framework, answers: Answers, runs: Runs) -> LensScore:
    count = Count.of((c for dimension in lens.dimensions for c in dimension.criteria), answers)
    figures = runs.figures(lambda run: run.lenses[lens.code])
    level = level_by_score(framework.scale, figures.score) if count.suffices else None
    return LensScore(lens.code, **figures._asdict(), level=level, coverage=count.coverage, na=count.na)


def _dimension_score(dimension: Dimension, framework: Framework, answers: Answers, runs: Runs) -> DimensionScore:
    count = Count.of(dimension.criteria, answers)
    figures = runs.figures(lambda run: run.dimensions[dimension.code])
    by_score = level_by_score(framework.scale, figures.score)
    sides = runs.now.facets[dimension.code]
    level: int | None = None
    capped_by: tuple[str, ...] = ()
    if by_score is not None and count.suffices and None not in sides:
        level, capped_by = capped(by_score, dimension, answers)
    facets, tilt, balance = _sides_of_balance(dimension, sides)
    return DimensionScore(
        dimension.code,
        **figures._asdict(),
        level=level,
        level_by_score=by_score,
        capped_by=capped_by,
        coverage=count.coverage,
        na=count.na,
        facets=facets,
        tilt=tilt,
        balance=balance,
    )


def _sides_of_balance(
    dimension: Dimension, sides: list[float | None]
) -> tuple[dict[str, float | None] | None, float | None, str | None]:
    if dimension.kind != "balance":
        return None, None, None
    facets = {facet.code: points(value) for facet, value in zip(dimension.facets, sides, strict=True)}
    first, second = sides
    if first is None or second is None:
        return facets, None, None
    tilt = 100 * (first - second)
    return facets, tilt, balance_of(tilt)
