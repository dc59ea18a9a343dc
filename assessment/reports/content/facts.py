"""Open this for what a gap report says, in frozen dataclasses without any format: PDF, page and JSON all read these.

Scores are points 0..100 and unrounded, shares 0..1; None where there is nothing to compute from. Texts are already in
the report's language.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from assessment.design import Design
from assessment.outline import Basis, Evidence, Kind, Role, Status
from assessment.reports import document
from assessment.reports.markup import Block

State = Literal["answered", "blank", "na"]
CiteKind = Literal["clause", "reading"]
# By what a pair of statements catches the eye; `reports.annex` says why.
Rule = Literal["late", "overruled", "target_below", "bare", "same_clause", "same_evidence", "same_rationale"]


@dataclass(frozen=True)
class Step:
    """A level of the scale as printed."""

    level: int
    name: str
    threshold: float | None
    meaning: str


@dataclass(frozen=True)
class Cover:
    """What the report is about. `as_of` is the report's date, or None: 未填."""

    city: str
    city_code: str
    round: str
    title: str
    framework: str
    version: str
    target: str
    as_of: date | None


@dataclass(frozen=True)
class Standing:
    """A score with all that qualifies it: bounds, level, coverage, the share that is not applicable."""

    score: float | None
    low: float | None
    high: float | None
    strict: float | None
    level: int | None
    coverage: float | None
    na: float


@dataclass(frozen=True)
class Cite:
    """A citation at its place. `number` is the reference's; `quote` is empty where quoting is not allowed."""

    number: int
    kind: CiteKind
    role: Role
    text: str
    quote: str


@dataclass(frozen=True)
class AtLevel:
    """A criterion and its level: one that carries its dimension, or a key one that holds it down (blank counts as 0)."""

    code: str
    title: str
    level: int | None


@dataclass(frozen=True)
class Cap:
    """A dimension whose level lies below the level by its score, and the key criteria that keep it there."""

    code: str
    name: str
    level_by_score: int
    level: int
    by: tuple[AtLevel, ...]


@dataclass(frozen=True)
class Strength:
    """A dimension that does well, and the criteria that carry it."""

    code: str
    name: str
    score: float
    level: int
    best: tuple[AtLevel, ...]


@dataclass(frozen=True)
class Action:
    """What raises a criterion by one level."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Words:
    """What a person wrote for this report; never mixed with what the tool says. `by` and `on` may be unknown."""

    blocks: tuple[Block, ...]
    by: str
    on: date | None


@dataclass(frozen=True)
class Assigned:
    """Who closes a gap, and until when; either may be unknown."""

    owner: str
    due_on: date | None


@dataclass(frozen=True)
class GapItem:
    """A criterion below its target, with all that one needs to close the gap and to check that it is one.

    `reworded` stands instead of the framework's `actions`, `added` beside them.
    """

    code: str
    title: str
    statement: str
    key: bool
    dimension: str
    dimension_name: str
    self_level: int | None
    verified_level: int | None
    level: int
    target: int
    gap: int
    gain: float | None
    severity: str
    rank: int
    now: str
    then: str
    proof: str
    actions: tuple[Action, ...]
    owner: str
    measure: str
    rationale: str
    evidence: tuple[Evidence, ...]
    cites: tuple[Cite, ...]
    reworded: Words | None = None
    added: Words | None = None
    assigned: Assigned | None = None


@dataclass(frozen=True)
class Answer:
    """One criterion as answered. `level` is the one that counts in the report's basis.

    `proof`: what the framework says suffices as evidence at this level; `owner`: who answers for it, by the framework.
    """

    code: str
    title: str
    key: bool
    dimension: str
    state: State
    self_level: int | None
    verified_level: int | None
    level: int | None
    target: int | None
    severity: str
    rationale: str
    evidence: tuple[Evidence, ...]
    not_applicable: str
    cites: tuple[Cite, ...]
    proof: str = ""
    owner: str = ""


@dataclass(frozen=True)
class Journey:
    """A transition: the city's place between the old pole and the new one; `highest` level of the scale."""

    code: str
    name: str
    start: str
    end: str
    score: float | None
    low: float | None
    high: float | None
    target: float | None
    highest: int


@dataclass(frozen=True)
class Ruler:
    """A dimension without poles or sides: its place on the scale, whose levels begin at their thresholds."""

    code: str
    name: str
    score: float | None
    low: float | None
    high: float | None
    target: float | None
    scale: tuple[Step, ...]


@dataclass(frozen=True)
class Side:
    code: str
    name: str
    score: float | None


@dataclass(frozen=True)
class Balance:
    """Two sides that ought to weigh the same, and how far they tilt (first minus second)."""

    code: str
    name: str
    sides: tuple[Side, Side]
    score: float | None
    tilt: float | None
    balance: str | None


@dataclass(frozen=True)
class Axis:
    code: str
    name: str
    score: float | None
    target: float | None


@dataclass(frozen=True)
class Cell:
    """One criterion in the heat map; `severity` is empty without a gap."""

    code: str
    title: str
    state: State
    level: int | None
    target: int | None
    severity: str


@dataclass(frozen=True)
class HeatRow:
    """A dimension's cells, a group for each side."""

    code: str
    name: str
    groups: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class LensResult:
    code: str
    name: str
    standing: Standing


@dataclass(frozen=True)
class Section:
    """A dimension, with the picture of its kind."""

    code: str
    name: str
    kind: Kind
    lens: str
    standing: Standing
    level_by_score: int | None
    cap: Cap | None
    at_target: float | None
    journey: Journey | None
    balance: Balance | None
    ruler: Ruler | None
    cites: tuple[Cite, ...]
    answers: tuple[Answer, ...]
    gaps: tuple[GapItem, ...]
    commentary: Words | None = None


@dataclass(frozen=True)
class Summary:
    """One page for who reads only one."""

    overall: Standing
    at_target: float | None
    evidence: float | None
    lenses: tuple[LensResult, ...]
    caps: tuple[Cap, ...]
    strengths: tuple[Strength, ...]
    gaps: tuple[GapItem, ...]
    counts: dict[str, int]
    answered: int
    blank: int
    na: int
    verified: int
    differing: int
    words: Words | None = None


@dataclass(frozen=True)
class ExampleSide:
    """One side of the worked example: (weight, level) of each answered criterion, and the mean 0..1."""

    name: str
    terms: tuple[tuple[float, int], ...]
    weight: float
    value: float


@dataclass(frozen=True)
class Example:
    """A dimension calculated step by step, on one side or two; `own` is false when this city's answers allow none."""

    code: str
    name: str
    sides: tuple[ExampleSide, ...]
    score: float
    own: bool


@dataclass(frozen=True)
class Thin:
    """What another document names and the criteria, by their tags, hardly touch: (name, how many criteria)."""

    title: str
    items: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Method:
    """What one must know to recompute the figures, what the framework says of itself, and where it is weak.

    `has_balances`, `has_keys`: whether it has dimensions of two sides, and key criteria, at all. Of all its `texts`, which
    are written in `language`, so many are `untranslated`: not there in the report's. SHA-256: `digest` of
    the framework's file, `answers_digest` of the answers' file, `added_digest` of what people added (see `added`).
    """

    about: str
    scale: tuple[Step, ...]
    highest: int
    shift: float
    criteria: int
    dimensions: int
    has_balances: bool
    has_keys: bool
    example: Example
    reading_only: tuple[str, ...]
    thin: tuple[Thin, ...]
    language: str
    texts: int
    untranslated: int
    digest: str = ""
    answers_digest: str = ""
    added_digest: str = ""


@dataclass(frozen=True)
class Overall:
    """The pictures over all dimensions; each has its numbers in the sections' standings."""

    axes: tuple[Axis, ...]
    heat: tuple[HeatRow, ...]


@dataclass(frozen=True)
class Group:
    """The dimensions of one kind in a lens: what a reader compares with one another."""

    lens: LensResult
    kind: Kind
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Reference:
    """A passage that is cited, numbered in order of first citing; `cited_by` are codes of dimensions and criteria."""

    number: int
    key: str
    kind: CiteKind
    title: str
    document_number: str
    issuers: tuple[str, ...]
    issued: date | None
    edition: str
    url: str
    locator: str
    status: Status
    quote: str
    summary: str
    cited_by: tuple[str, ...]
    assigned_by: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A passage in the coverage matrix; `number` is None when nothing cites it."""

    key: str
    short: str
    source: str
    number: int | None


@dataclass(frozen=True)
class MatrixRow:
    """A criterion's marks under the columns: a role, or empty."""

    code: str
    title: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class Named:
    """A criterion with the level that counts, as the quality annex names it."""

    code: str
    title: str
    key: bool
    dimension: str
    level: int | None


@dataclass(frozen=True)
class Contradiction:
    """Statements that do not quite fit together and are worth a second look; no judgement on anybody.

    `about`: the evidence, the clause or the words that they share; `on`, `target`: the day, the target that stands out;
    `number`: of the clause's reference.
    """

    rule: Rule
    criteria: tuple[Named, ...]
    about: str = ""
    on: date | None = None
    target: int | None = None
    number: int | None = None


@dataclass(frozen=True)
class Excused:
    """A criterion that was set aside, and the reason that was given."""

    criterion: Named
    reason: str


@dataclass(frozen=True)
class Differing:
    """A level that a reviewer saw differently; `difference` is verified minus self-assessed."""

    criterion: Named
    self_level: int
    verified_level: int
    difference: int


@dataclass(frozen=True)
class Agreement:
    """Self-assessed against verified levels, of the whole or a dimension.

    `higher`, `lower`: where the verified level is; `filled`: verified where no level was chosen; `mean`: difference in
    levels over all that have both, None without any.
    """

    code: str
    name: str
    verified: int
    equal: int
    higher: int
    lower: int
    filled: int
    mean: float | None


@dataclass(frozen=True)
class Annex:
    """How well the answers are founded: 质量附录. `claimed`: criteria at level 1 or higher; `unproven`: those without
    evidence. `dimensions` are those with a verified level."""

    claimed: int
    unproven: tuple[Named, ...]
    contradictions: tuple[Contradiction, ...]
    excused: tuple[Excused, ...]
    differing: tuple[Differing, ...]
    overall: Agreement
    dimensions: tuple[Agreement, ...]


@dataclass(frozen=True)
class Content:
    """The whole report. `scores` is the score document."""

    language: str
    basis: Basis
    draft: bool
    cover: Cover
    summary: Summary
    method: Method
    overall: Overall
    sections: tuple[Section, ...]
    improvements: tuple[GapItem, ...]
    references: tuple[Reference, ...]
    matrix: Matrix
    annex: Annex
    scores: dict[str, Any]
    design: Design = Design()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what it says, whatever form it is given."""
        return document.digest(self)

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(answer for section in self.sections for answer in section.answers)

    @property
    def groups(self) -> tuple[Group, ...]:
        kinds = {(s.lens, s.kind): None for s in self.sections}
        return tuple(
            Group(lens, kind, tuple(s for s in self.sections if (s.lens, s.kind) == (code, kind)))
            for code, kind in kinds
            for lens in self.summary.lenses
            if lens.code == code
        )

    @property
    def has_readings(self) -> bool:
        """Whether it cites interpretations beside what they interpret."""
        return any(reference.kind == "reading" for reference in self.references)

    def level_name(self, level: int | None) -> str:
        return next((step.name for step in self.method.scale if step.level == level), "")
