"""What a round's responses say in one basis: the levels that count, what is blank, what is not applicable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self, get_args

from assessment.outline import Assessment, Basis, Criterion, Dimension, Framework, Response


def level_of(response: Response, basis: Basis) -> int | None:
    """The level that counts in this basis; None if blank or not applicable.

    In `effective` a verified level stands before the chosen one: it also fills a blank and overrules "not applicable".

    >>> level_of(Response("T1.1", level=3, verified_level=2), "effective")
    2
    >>> level_of(Response("T1.1", not_applicable="no port", verified_level=0), "effective")
    0
    """
    if basis == "effective" and response.verified_level is not None:
        return response.verified_level
    return None if response.not_applicable else response.level


@dataclass(frozen=True)
class Answers:
    """What the responses say in one basis: each criterion is answered (in `levels`), blank or not applicable.

    A criterion without a response is blank; a response to a criterion that the framework lacks says nothing.
    """

    responses: Mapping[str, Response]
    levels: Mapping[str, int]
    blank: frozenset[str]
    not_applicable: frozenset[str]

    @classmethod
    def read(cls, framework: Framework, assessment: Assessment, basis: Basis = "effective") -> Self:
        if basis not in get_args(Basis):
            raise ValueError(f"basis must be one of {', '.join(get_args(Basis))}, not {basis!r}")
        responses = {code: Response(code) for code in framework.criteria}
        responses |= {r.criterion: r for r in assessment.responses if r.criterion in responses}
        chosen = {code: level_of(response, basis) for code, response in responses.items()}
        levels = {code: level for code, level in chosen.items() if level is not None}
        left_out = frozenset(code for code, r in responses.items() if r.not_applicable and code not in levels)
        return cls(responses, levels, frozenset(responses) - levels.keys() - left_out, left_out)

    def ratable(self, dimension: Dimension) -> bool:
        """Whether each facet has an applicable criterion: half a balance is not scored as if it were the whole."""
        return all(any(c.code not in self.not_applicable for c in facet.criteria) for facet in dimension.facets)

    @property
    def evidence_share(self) -> float | None:
        """Share, among the criteria answered at level 1 or higher, of those with a piece of evidence."""
        claimed = [self.responses[code] for code, level in self.levels.items() if level >= 1]
        return sum(bool(response.evidence) for response in claimed) / len(claimed) if claimed else None


@dataclass(frozen=True)
class Count:
    """How many criteria there are, are answered, and are not applicable; weights play no part."""

    criteria: int
    answered: int
    not_applicable: int

    @classmethod
    def of(cls, criteria: Iterable[Criterion], answers: Answers) -> Self:
        codes = [criterion.code for criterion in criteria]
        return cls(
            len(codes),
            sum(code in answers.levels for code in codes),
            sum(code in answers.not_applicable for code in codes),
        )

    @property
    def coverage(self) -> float | None:
        applicable = self.criteria - self.not_applicable
        return self.answered / applicable if applicable else None

    @property
    def na(self) -> float:
        return self.not_applicable / self.criteria if self.criteria else 0.0

    @property
    def suffices(self) -> bool:
        """Whether two thirds are answered, as a level needs. N/A counts as unanswered, or N/A would buy levels."""
        return 3 * self.answered >= 2 * self.criteria
