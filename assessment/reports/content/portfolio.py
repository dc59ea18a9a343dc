"""Open this for what a report over many cities says: where each stands, how they spread, what many of them lack.

It is no ranking: cities stand in the order of their codes. Scores are points 0..100 and unrounded, shares 0..1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.utils import translation

from assessment import gaps, scoring
from assessment.answers import Answers
from assessment.design import Design
from assessment.outline import Assessment, Criterion, Framework, Response

MOST_CODES = 8  # criteria without evidence that are named for a city; of the others the number


@dataclass(frozen=True)
class Heading:
    """A dimension's code and name, as a column."""

    code: str
    name: str


@dataclass(frozen=True)
class Mark:
    """A score with its level. `capped`: by its score alone the level would be higher; a key criterion holds it down."""

    score: float | None
    level: int | None
    capped: bool = False


@dataclass(frozen=True)
class CityRow:
    """One city's round: overall, then its dimensions in the order of the headings."""

    code: str
    name: str
    round: str
    as_of: date | None
    draft: bool
    overall: Mark
    dimensions: tuple[Mark, ...]
    coverage: float | None
    verified: float | None


@dataclass(frozen=True)
class Spread:
    """How the cities' scores spread; of `count` cities that have one."""

    code: str
    name: str
    count: int
    low: float | None
    middle: float | None
    high: float | None


@dataclass(frozen=True)
class CommonGap:
    """A criterion below its target in `below` of the `count` cities that answered it and have a target for it."""

    code: str
    title: str
    dimension: str
    below: int
    count: int
    mean_gap: float
    cities: tuple[str, ...]


@dataclass(frozen=True)
class Unproven:
    """A city with levels of 1 or more that rest on no evidence: how many of how many, the first of them by code."""

    code: str
    name: str
    count: int
    claimed: int
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Portfolio:
    """The whole report. `highest`: the framework's highest level."""

    language: str
    framework: str
    framework_code: str
    version: str
    highest: int
    headings: tuple[Heading, ...]
    rows: tuple[CityRow, ...]
    overall: Spread
    spreads: tuple[Spread, ...]
    gaps: tuple[CommonGap, ...]
    unproven: tuple[Unproven, ...]
    design: Design = Design()

    @property
    def draft(self) -> bool:
        """Whether any of its figures can still change."""
        return any(row.draft for row in self.rows)

    @property
    def days(self) -> tuple[date, ...]:
        """The first and the last day as of which its rounds speak; one where it is one, none where no round says."""
        known = [row.as_of for row in self.rows if row.as_of]
        return tuple(dict.fromkeys((min(known), max(known)))) if known else ()


@dataclass(frozen=True)
class Round:
    """A city's round as it goes into the report. `draft`: not approved yet."""

    answers: Assessment
    draft: bool


def build(
    framework: Framework, rounds: Sequence[Round], *, language: str = "zh-hans", design: Design = Design()
) -> Portfolio:
    """What the report says of these rounds, which all answer this framework."""
    with translation.override(language):
        cities = [_City(framework, given) for given in sorted(rounds, key=_by_code)]
        headings = tuple(Heading(d.code, d.name.to(language)) for d in framework.dimensions)
        return Portfolio(
            language=language,
            framework=framework.name.to(language),
            framework_code=framework.code,
            version=framework.version,
            highest=framework.highest,
            headings=headings,
            rows=tuple(city.row for city in cities),
            overall=_spread("", "", [city.row.overall for city in cities]),
            spreads=tuple(
                _spread(head.code, head.name, [city.row.dimensions[place] for city in cities])
                for place, head in enumerate(headings)
            ),
            gaps=_common(framework, cities, language),
            unproven=tuple(city.unproven for city in cities if city.unproven.count),
            design=design,
        )


def _by_code(given: Round) -> tuple[str, str]:
    return given.answers.city.code, given.answers.round


class _City:
    """A round, read once for all that is asked of it."""

    def __init__(self, framework: Framework, given: Round) -> None:
        self.given, self.city = given, given.answers.city
        self.answers = Answers.read(framework, given.answers)
        self.scores = scoring.score(framework, given.answers)
        profile = framework.target(given.answers.target)
        responses = self.answers.responses
        wanted = {code: gaps.target_for(c, responses[code], profile) for code, c in framework.criteria.items()}
        levels = self.answers.levels
        # How far each criterion that has a level and a target lies below it; none or less: not at all.
        self.gaps = {c: target - levels[c] for c, target in wanted.items() if target is not None and c in levels}

    @property
    def row(self) -> CityRow:
        overall = self.scores.overall
        verified = sum(r.verified_level is not None for r in self.answers.responses.values())
        return CityRow(
            code=self.city.code,
            name=self.city.name,
            round=self.given.answers.round,
            as_of=self.given.answers.as_of,
            draft=self.given.draft,
            overall=Mark(overall.score, overall.level),
            dimensions=tuple(Mark(d.score, d.level, bool(d.capped_by)) for d in self.scores.dimensions.values()),
            coverage=overall.coverage,
            verified=verified / len(self.answers.levels) if self.answers.levels else None,
        )

    @property
    def unproven(self) -> Unproven:
        claimed = [code for code, level in self.answers.levels.items() if level > 0]
        bare = [code for code in claimed if not _has_evidence(self.answers.responses[code])]
        return Unproven(self.city.code, self.city.name, len(bare), len(claimed), tuple(bare[:MOST_CODES]))


def _has_evidence(response: Response) -> bool:
    return bool(response.evidence)


def _spread(code: str, name: str, marks: Sequence[Mark]) -> Spread:
    known = [mark.score for mark in marks if mark.score is not None]
    if not known:
        return Spread(code, name, 0, None, None, None)
    return Spread(code, name, len(known), min(known), median(known), max(known))


def _common(framework: Framework, cities: Sequence[_City], language: str) -> tuple[CommonGap, ...]:
    """What lies below its target in more than half of the cities; the most widespread first."""
    found = (_common_gap(framework, c, cities, language) for c in framework.criteria.values())
    common = [gap for gap in found if gap and 2 * gap.below > len(cities)]
    return tuple(sorted(common, key=lambda gap: -gap.below))


def _common_gap(framework: Framework, criterion: Criterion, cities: Sequence[_City], language: str) -> CommonGap | None:
    telling = [city for city in cities if criterion.code in city.gaps]
    below = [city for city in telling if city.gaps[criterion.code] > 0]
    if not below:
        return None
    return CommonGap(
        code=criterion.code,
        title=criterion.title.to(language),
        dimension=framework.home[criterion.code].code,
        below=len(below),
        count=len(telling),
        mean_gap=sum(city.gaps[criterion.code] for city in below) / len(below),
        cities=tuple(city.city.name for city in below),
    )
