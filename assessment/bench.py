"""The test bench of a framework: what its figures are for the answers of a named city, and whether that was accepted."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from assessment.outline import Assessment, City, Criterion, Framework, Response
from assessment.scoring import DimensionScore, LensScore, OverallScore, score, shown

NA = "na"
# A level, or that the criterion does not apply; what is not answered is not there.
Answers = Mapping[str, int | str]
Part = Literal["overall", "lens", "dimension"]
BOTH = frozenset({"score", "level"})


@dataclass(frozen=True)
class Golden:
    """A named city's answers, and the figures that they must give.

    `expected`: what somebody accepted, as `figures` gives it; or, where `typed` is in it, the scores and levels that
    somebody typed, of as many parts as they cared for: nothing else is compared.
    """

    name: str
    answers: Answers
    expected: Mapping[str, Any]


class Figure(NamedTuple):
    """A score as it is shown, and a level; None where there is nothing to compute from."""

    score: float | None
    level: int | None


NONE = Figure(None, None)


@dataclass(frozen=True)
class Row:
    """One figure: what is expected and what it is now; None where the one or the other version lacks the part.

    `compared`: what of it is expected at all.
    """

    part: Part
    code: str
    expected: Figure | None
    now: Figure | None
    compared: frozenset[str] = BOTH

    @property
    def differs(self) -> bool:
        came_or_went = bool(self.compared) and (self.expected is None) != (self.now is None)
        return came_or_went or self.score_differs or self.level_differs

    @property
    def score_differs(self) -> bool:
        return "score" in self.compared and (self.expected or NONE).score != (self.now or NONE).score

    @property
    def level_differs(self) -> bool:
        return "level" in self.compared and (self.expected or NONE).level != (self.now or NONE).level

    @property
    def change(self) -> float | None:
        """Of the score, in points; None where it cannot be told."""
        if self.expected is None or self.now is None or self.expected.score is None or self.now.score is None:
            return None
        return shown(self.now.score - self.expected.score)


@dataclass(frozen=True)
class Result:
    """What the answers come to `now`, figure by figure against what was accepted.

    `lost`: codes of answers that no criterion takes over; `blank`: of criteria without an answer.
    """

    now: Mapping[str, Any]
    rows: tuple[Row, ...]
    lost: tuple[str, ...]
    blank: tuple[str, ...]

    @property
    def differences(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.differs)


def run(framework: Framework, golden: Golden) -> Result:
    """What the framework makes of the answers, as far as they are for it or for the version before."""
    taken = {code for criterion in framework.criteria.values() for code in (criterion.code, *criterion.replaces)}
    answers, now = followed(framework, golden.answers), figures(framework, golden.answers)
    return Result(
        now=now,
        rows=tuple(_rows(golden.expected, now)),
        lost=tuple(code for code in golden.answers if code not in taken),
        blank=tuple(code for code in framework.criteria if code not in answers),
    )


def figures(framework: Framework, answers: Answers) -> dict[str, Any]:
    """Scores as they are shown and levels: overall, of each lens and of each dimension. In plain JSON types.

    While a draft is too unfinished to be computed, there are none.
    """
    if not _is_computable(framework):
        return {"overall": _figure(None), "lenses": {}, "dimensions": {}}
    responses = tuple(_response(code, answer) for code, answer in followed(framework, answers).items())
    scores = score(framework, Assessment(City("", ""), "", framework.code, framework.version, responses=responses))
    return {
        "overall": _figure(scores.overall),
        "lenses": {code: _figure(scored) for code, scored in scores.lenses.items()},
        "dimensions": {code: _figure(scored) for code, scored in scores.dimensions.items()},
    }


def digest(found: Mapping[str, Any]) -> str:
    """By which it is known again whether figures are those that somebody saw."""
    return sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def followed(framework: Framework, answers: Answers) -> dict[str, int | str]:
    """The answers by the framework's own codes: what replaces criteria of the version before takes over their answers.

    An answer to the criterion itself holds, unless it replaces others that are gone: then all of them count, as
    `carry` says. Levels above the scale are left out.
    """
    made = {code: _taken_over(framework, criterion, answers) for code, criterion in framework.criteria.items()}
    return {code: answer for code, answer in made.items() if answer is not None}


def _taken_over(framework: Framework, criterion: Criterion, answers: Answers) -> int | str | None:
    sources = [code for code in criterion.replaces if code in answers and code != criterion.code]
    has_own = criterion.code in answers
    if has_own and all(code in framework.criteria for code in sources):
        given, carry = [answers[criterion.code]], "lowest"
    else:
        given, carry = [answers[code] for code in [*sources, *([criterion.code] if has_own else [])]], criterion.carry
    if given and all(answer == NA for answer in given):
        return NA
    known = {step.level for step in framework.scale}
    levels = [answer for answer in given if isinstance(answer, int) and answer in known]
    if not levels or carry == "blank":
        return None
    return max(levels) if carry == "highest" else min(levels)


def _response(code: str, answer: int | str) -> Response:
    return Response(code, not_applicable=NA) if isinstance(answer, str) else Response(code, level=answer)


def _is_computable(framework: Framework) -> bool:
    """Whether there is a scale above 0, and each dimension has its side or, a balance, its two."""
    sides = (len(d.facets) == 2 if d.kind == "balance" else len(d.facets) > 0 for d in framework.dimensions)
    return bool(framework.scale) and framework.highest > 0 and all(sides)


def _figure(scored: OverallScore | LensScore | DimensionScore | None) -> dict[str, float | int | None]:
    if scored is None or scored.score is None:
        return {"score": None, "level": None}
    return {"score": shown(scored.score), "level": scored.level}


def _rows(expected: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Row]:
    is_typed = bool(expected.get("typed"))

    def row(part: Part, code: str, given: Mapping[str, Any] | None, found: Mapping[str, Any] | None) -> Row:
        compared = frozenset(given or ()) if is_typed else BOTH
        return Row(part, code, _read(given), _read(found), compared)

    yield row("overall", "", expected.get("overall"), now["overall"])
    parts: Iterable[tuple[Part, str]] = (("lens", "lenses"), ("dimension", "dimensions"))
    for part, key in parts:
        before, after = expected.get(key, {}), now[key]
        for code in dict.fromkeys([*after, *before]):
            yield row(part, code, before.get(code), after.get(code))


def _read(given: Mapping[str, Any] | None) -> Figure | None:
    return None if given is None else Figure(given.get("score"), given.get("level"))
