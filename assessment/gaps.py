"""From current and target levels to gaps, ranked by what closing each would add to the overall score."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assessment.answers import Answers
from assessment.outline import Assessment, Basis, Criterion, Framework, Response, TargetProfile
from assessment.scoring import DimensionScore, Scores, Standing, points, score


@dataclass(frozen=True)
class Gap:
    """A criterion whose level lies `gap` steps below its target.

    `gain`: points that the overall score would rise if this gap alone were closed; None without an overall score.
    """

    criterion: str
    level: int
    target: int
    gap: int
    gain: float | None
    severity: str
    rank: int


@dataclass(frozen=True)
class Evaluation:
    """Scores, gaps in rank order, and `at_target`: the overall score with every gap closed."""

    scores: Scores
    gaps: tuple[Gap, ...]
    at_target: float | None

    def document(self) -> dict[str, Any]:
        """The score document, in plain JSON types and unrounded, as `manage.py score` prints it."""
        scores = self.scores
        return {
            "framework": scores.framework,
            "version": scores.version,
            "basis": scores.basis,
            "overall": self._overall(),
            "lenses": {code: _without_code(lens) for code, lens in scores.lenses.items()},
            "dimensions": {code: _dimension(dimension) for code, dimension in scores.dimensions.items()},
            "gaps": [dict(vars(gap)) for gap in self.gaps],
        }

    def _overall(self) -> dict[str, Any]:
        overall = self.scores.overall
        return {
            "score": overall.score,
            "low": overall.low,
            "high": overall.high,
            "strict": overall.strict,
            "at_target": self.at_target,
            "level": overall.level,
            "coverage": overall.coverage,
            "na": overall.na,
            "evidence": overall.evidence,
        }


def evaluate(framework: Framework, assessment: Assessment, basis: Basis = "effective") -> Evaluation:
    """Score the assessment and list its gaps to its target profile. Errors as in `scoring.score`."""
    answers = Answers.read(framework, assessment, basis)
    standing = Standing.now(framework, answers)
    targets = open_targets(framework, answers, framework.target(assessment.target))
    return Evaluation(
        scores=score(framework, assessment, basis),
        gaps=tuple(_ranked(framework, standing, targets)),
        at_target=points(standing.raised(targets).overall),
    )


def target_for(criterion: Criterion, response: Response, profile: TargetProfile | None) -> int | None:
    """The response's own target, else the profile's for this criterion, else none.

    >>> target_for(Criterion("T1.1", "", ""), Response("T1.1", target=0), None)
    0
    """
    if response.target is not None:
        return response.target
    return profile.level_for(criterion) if profile else None


def open_targets(framework: Framework, answers: Answers, profile: TargetProfile | None) -> dict[str, int]:
    """Targets above the present level, by criterion code, in framework order. What is not answered has no gap."""
    wanted = {code: target_for(c, answers.responses[code], profile) for code, c in framework.criteria.items()}
    return {
        code: target
        for code, target in wanted.items()
        if target is not None and code in answers.levels and target > answers.levels[code]
    }


def severity(gap: int, key: bool) -> str:
    """How grave a gap is: a key criterion that lags by two counts like any other that lags by three.

    >>> severity(2, key=False), severity(2, key=True)
    ('major', 'critical')
    """
    if gap >= 3 or (key and gap >= 2):
        return "critical"
    return "major" if gap == 2 else "minor"


def _ranked(framework: Framework, standing: Standing, targets: dict[str, int]) -> Iterable[Gap]:
    """Most gain first, then widest gap, key criteria, framework order (in which `targets` come); unknown gains last.

    Gains are compared to 9 decimals, so that rounding errors never decide a rank.
    """
    gains = {code: gain(standing, code, target) for code, target in targets.items()}

    def place(code: str) -> tuple[bool, float, int, bool]:
        known = gains[code]
        width = targets[code] - standing.levels[code]
        return known is None, -round(known or 0, 9), -width, not framework.criteria[code].key

    for rank, code in enumerate(sorted(targets, key=place), start=1):
        level, target = standing.levels[code], targets[code]
        grave = severity(target - level, framework.criteria[code].key)
        yield Gap(code, level, target, target - level, gains[code], grave, rank)


def gain(standing: Standing, criterion: str, target: int) -> float | None:
    """Points that the overall score rises if this criterion alone goes to `target`; gains of several do not add up.

    Zero in a dimension that is not ratable; None without an overall score.
    """
    then = standing.overall_with(criterion, target)
    if then is None or standing.overall is None:
        return None
    return max(0.0, 100 * then - 100 * standing.overall)  # a rise below the last bit must not come out negative


def _without_code(scored: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(scored).items() if name != "code"}


def _dimension(dimension: DimensionScore) -> dict[str, Any]:
    document = _without_code(dimension) | {"capped_by": list(dimension.capped_by)}
    if dimension.facets is None:
        for name in ("facets", "tilt", "balance"):
            del document[name]
    else:
        document["facets"] = dict(dimension.facets)
    return document
