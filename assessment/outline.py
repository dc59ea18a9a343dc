"""Frozen dataclasses that files and database rows both become: all that scoring, gaps and reports read.

Nothing here validates: `exchange` does that for files, the database for rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

Basis = Literal["self", "effective"]
Kind = Literal["transition", "balance", "plain"]
Status = Literal["verbatim", "excerpt", "second-hand", "title-only"]
Role = Literal["basis", "assigned"]
Carry = Literal["lowest", "highest", "blank"]

# What a target profile calls the other criteria; no criterion may bear these as its code.
RESERVED_CODES = ("default", "key")
QUOTABLE = ("verbatim", "excerpt")
LONGEST_TEXT = 20_000  # characters of a rationale, and of any other text


class Text(dict[str, str]):
    """One text in its languages; `str()` gives it in the framework's own language, which comes first.

    >>> text = Text({"zh-hans": "评估项", "en": "Criterion"})
    >>> str(text), text.to("en"), text.to("fr")
    ('评估项', 'Criterion', '评估项')
    """

    def __str__(self) -> str:
        return next(iter(self.values()), "")

    def to(self, language: str) -> str:
        return self.get(language) or str(self)


@dataclass(frozen=True)
class Level:
    """A step of the scale: number 0..L, name, and the lowest score (0..100) that reaches it; level 0 has none."""

    level: int
    name: Text
    threshold: float | None = None
    meaning: Text = field(default_factory=Text)


@dataclass(frozen=True)
class Passage:
    """A place in a source. `quote` is official wording and only there when `status` allows it; `summary` is ours."""

    id: str
    locator: Text
    status: Status
    quote: Text = field(default_factory=Text)
    summary: Text = field(default_factory=Text)

    @property
    def quotable(self) -> bool:
        return self.status in QUOTABLE


@dataclass(frozen=True)
class Source:
    """A document that criteria rest on."""

    code: str
    title: Text
    issuers: tuple[str, ...] = ()
    number: str = ""
    issued: date | None = None
    url: str = ""
    edition: Text = field(default_factory=Text)
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, order=True)
class Citation:
    """Points to SOURCE#PASSAGE; role `assigned` (本工具归入) means filed under a clause by its title, never quoted."""

    source: str
    passage: str
    role: Role = "basis"

    @property
    def key(self) -> str:
        return f"{self.source}#{self.passage}"


@dataclass(frozen=True)
class LevelDescriptor:
    """What an outsider sees at this level, the evidence that suffices for it, and how to reach the next one."""

    level: int
    descriptor: Text
    evidence: Text = field(default_factory=Text)
    next: Text = field(default_factory=Text)


@dataclass(frozen=True)
class Criterion:
    """One question. `effort` is person-months per level step: one number, or one for each of the L steps.

    `suffices` and `falls_short` are an example each of evidence that is enough, and of some that is not. `replaces`:
    codes of the version before whose answers this criterion takes over; of several levels the one that `carry` says.
    """

    code: str
    title: Text
    statement: Text
    guidance: Text = field(default_factory=Text)
    weight: float = 1
    key: bool = False
    effort: int | tuple[int, ...] = 3
    owner: Text = field(default_factory=Text)
    measure: Text = field(default_factory=Text)
    levels: tuple[LevelDescriptor, ...] = ()
    cites: tuple[Citation, ...] = ()
    tags: tuple[str, ...] = ()
    suffices: Text = field(default_factory=Text)
    falls_short: Text = field(default_factory=Text)
    replaces: tuple[str, ...] = ()
    carry: Carry = "lowest"


@dataclass(frozen=True)
class Facet:
    """One side of a balance, or the only side of a transition or plain dimension (then it bears the dimension's code)."""

    code: str
    name: Text
    weight: float = 1
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Dimension:
    """A trend between two poles (`transition`), a balance of two sides (`balance`), or neither (`plain`)."""

    code: str
    name: Text
    kind: Kind
    facets: tuple[Facet, ...]
    start: Text = field(default_factory=Text)
    end: Text = field(default_factory=Text)
    weight: float = 1
    cites: tuple[Citation, ...] = ()

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for facet in self.facets for criterion in facet.criteria)


@dataclass(frozen=True)
class Lens:
    """A way of looking at the city that gathers dimensions: the six trends, the five priorities."""

    code: str
    name: Text
    dimensions: tuple[Dimension, ...]
    weight: float = 1


@dataclass(frozen=True)
class TargetProfile:
    """Levels to reach: by criterion code, `key` for key criteria, `default` for all others; each may be missing."""

    code: str
    name: Text
    levels: Mapping[str, int] = field(default_factory=dict)

    def level_for(self, criterion: Criterion) -> int | None:
        if criterion.code in self.levels:
            return self.levels[criterion.code]
        if criterion.key and "key" in self.levels:
            return self.levels["key"]
        return self.levels.get("default")


@dataclass(frozen=True)
class Framework:
    """One version of a framework, whole, in file order."""

    code: str
    version: str
    language: str
    name: Text
    scale: tuple[Level, ...]
    lenses: tuple[Lens, ...]
    about: Text = field(default_factory=Text)
    sources: tuple[Source, ...] = ()
    targets: tuple[TargetProfile, ...] = ()
    crosswalks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def highest(self) -> int:
        """L, the highest level of the scale."""
        return self.scale[-1].level

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        return tuple(dimension for lens in self.lenses for dimension in lens.dimensions)

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """By code, in framework order."""
        return {c.code: c for dimension in self.dimensions for c in dimension.criteria}

    @cached_property
    def home(self) -> dict[str, Dimension]:
        """The dimension of each criterion, by the criterion's code."""
        return {c.code: dimension for dimension in self.dimensions for c in dimension.criteria}

    @cached_property
    def passages(self) -> dict[str, tuple[Source, Passage]]:
        """By `SOURCE#PASSAGE`."""
        return {f"{s.code}#{p.id}": (s, p) for s in self.sources for p in s.passages}

    def target(self, code: str) -> TargetProfile | None:
        return next((profile for profile in self.targets if profile.code == code), None)

    def citations(self) -> Iterator[tuple[Dimension | Criterion, Citation]]:
        for dimension in self.dimensions:
            yield from ((dimension, citation) for citation in dimension.cites)
            yield from ((c, citation) for c in dimension.criteria for citation in c.cites)


@dataclass(frozen=True)
class City:
    """A city by its six-digit administrative division code (行政区划代码)."""

    code: str
    name: str


@dataclass(frozen=True)
class Evidence:
    """Evidence by reference: a title, a document number or system name, a link, the day it was true."""

    title: str
    url: str = ""
    reference: str = ""
    as_of: date | None = None


@dataclass(frozen=True)
class Response:
    """The answer to one criterion. `not_applicable` holds the reason and comes without `level`."""

    criterion: str
    level: int | None = None
    target: int | None = None
    rationale: str = ""
    evidence: tuple[Evidence, ...] = ()
    not_applicable: str = ""
    verified_level: int | None = None

    @property
    def is_answered(self) -> bool:
        """True where the person chose a level or said why none applies."""
        return self.level is not None or bool(self.not_applicable.strip())


@dataclass(frozen=True)
class Assessment:
    """A city × a framework version × a round, with its responses in framework order."""

    city: City
    round: str
    framework: str
    version: str
    target: str = ""
    title: str = ""
    as_of: date | None = None
    responses: tuple[Response, ...] = ()


def spell(assessment: Assessment) -> dict[str, Any]:
    """The assessment as an answers file tells it: framework order, what says nothing left out."""
    head = {
        "city": {"code": assessment.city.code, "name": assessment.city.name},
        "round": assessment.round,
        "framework": assessment.framework,
        "version": assessment.version,
        "target": assessment.target,
        "title": assessment.title,
        "as_of": assessment.as_of,
    }
    responses = [_spell_response(response) for response in assessment.responses]
    return {"assessment": without_empty(head), "responses": [item for item in responses if len(item) > 1]}


def _spell_response(response: Response) -> dict[str, Any]:
    return without_empty(
        {
            "criterion": response.criterion,
            "level": response.level,
            "target": response.target,
            "rationale": response.rationale,
            "evidence": [
                without_empty({"title": e.title, "url": e.url, "reference": e.reference, "as_of": e.as_of})
                for e in response.evidence
            ],
            "not_applicable": response.not_applicable,
            "verified_level": response.verified_level,
        }
    )


def without_empty(value: dict[str, Any]) -> dict[str, Any]:
    """Without what is not there; 0, False and dates stay."""
    return {key: item for key, item in value.items() if isinstance(item, (int, float, date)) or item}
