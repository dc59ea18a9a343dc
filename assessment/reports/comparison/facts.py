"""Open this for what a comparison of two rounds says, in frozen dataclasses without any format.

Scores are points 0..100 and unrounded; differences are of the figures as printed, so that a reader who subtracts or
adds them up gets the same. Texts are already in the comparison's language.
"""

from dataclasses import dataclass
from typing import Any, Literal

from assessment.design import Design
from assessment.outline import Basis, Evidence
from assessment.reports.content.facts import Cap, Cover, Standing, State, Step, Words

Way = Literal["improved", "fell", "unchanged", ""]
Change = Literal[
    "improved",
    "fell",
    "reworded",
    "unchanged",
    "answered",
    "applies",
    "unanswered",
    "excused",
    "incomparable",
    "regrouped",
    "added",
    "removed",
]
GapFate = Literal["", "closed", "opened", "kept", "dropped"]
CapFate = Literal["appeared", "gone", "kept"]
Setting = Literal["weight", "key", "kind", "threshold", "place"]


@dataclass(frozen=True)
class Parts:
    """A difference, and what of it the changed answers make and what the changed criteria; None where unknown.

    `middle`: what the criteria before give the answers after, unrounded.
    """

    middle: float | None
    whole: float | None
    answers: float | None
    criteria: float | None


@dataclass(frozen=True)
class Movement:
    """The whole, a lens or a dimension in both rounds; None where that version has no such lens or dimension."""

    code: str
    name: str
    before: Standing | None
    after: Standing | None
    parts: Parts

    @property
    def way(self) -> Way:
        return way(self.parts.whole)

    @property
    def has_new_level(self) -> bool:
        return bool(self.before and self.after and self.before.level != self.after.level)


@dataclass(frozen=True)
class Side:
    """A criterion in one of the rounds. `gap`: how many levels it lies below its target; `evidence`: pieces named."""

    code: str
    title: str
    key: bool
    dimension: str
    state: State
    level: int | None
    target: int | None
    gap: int
    evidence: int


@dataclass(frozen=True)
class CriterionChange:
    """What became of a criterion; of several where they were split or merged, of one side alone where it came or went.

    `changed`: what of its wording differs, as `migrating.WORDING` names it. `gained`: evidence named now and not before.
    """

    change: Change
    before: tuple[Side, ...]
    after: tuple[Side, ...]
    changed: tuple[str, ...]
    gap: GapFate
    gained: tuple[Evidence, ...]

    @property
    def last(self) -> Side:
        """By what it is named: as it is now, or as it was where it went."""
        return (self.after or self.before)[0]

    @property
    def steps(self) -> int | None:
        """Levels up or down, where they can be compared."""
        if self.change not in ("improved", "fell", "reworded", "unchanged"):
            return None
        before, after = self.before[0].level, self.after[0].level
        return None if before is None or after is None else after - before


@dataclass(frozen=True)
class CapChange:
    """A dimension that key criteria hold below the level by its score, before, after or both."""

    fate: CapFate
    before: Cap | None
    after: Cap | None

    @property
    def last(self) -> Cap:
        found = self.after or self.before
        assert found is not None  # noqa: S101 (one of both is there, or there is no change to tell)
        return found


@dataclass(frozen=True)
class Shift:
    """What the version after counts otherwise though nobody answered otherwise: a weight, a key criterion, a threshold …

    `part` is a level, lens, dimension, facet or criterion. `before` and `after`: the weight or threshold, whether it is
    key, the kind of a dimension, or what it stands in. `shares`: of the overall score before and after, 0..1 by the
    weights alone; none of a level.
    """

    part: str
    code: str
    name: str
    setting: Setting
    before: float | bool | str
    after: float | bool | str
    shares: tuple[float, float] | None = None


@dataclass(frozen=True)
class Proof:
    """Evidence in both rounds: pieces, and the share of the criteria at level 1 or higher that name some."""

    before: int
    after: int
    gained: int
    share_before: float | None
    share_after: float | None


@dataclass(frozen=True)
class Comparison:
    """The whole comparison. `scores` has both score documents, under `before` and `after`."""

    language: str
    basis: Basis
    draft: bool
    before: Cover
    after: Cover
    overall: Movement
    lenses: tuple[Movement, ...]
    dimensions: tuple[Movement, ...]
    caps: tuple[CapChange, ...]
    criteria: tuple[CriterionChange, ...]
    shifts: tuple[Shift, ...]
    proof: Proof
    scale: tuple[Step, ...]
    scores: dict[str, Any]
    words: Words | None = None
    design: Design = Design()

    @property
    def cover(self) -> Cover:
        """Of the round that it is about: the later one."""
        return self.after

    @property
    def is_same_version(self) -> bool:
        return self.before.version == self.after.version

    def of(self, *changes: Change) -> tuple[CriterionChange, ...]:
        return tuple(item for item in self.criteria if item.change in changes)

    def gaps(self, fate: GapFate) -> tuple[CriterionChange, ...]:
        return tuple(item for item in self.criteria if item.gap == fate)

    @property
    def rewordings(self) -> tuple[CriterionChange, ...]:
        """Whatever else became of them."""
        return tuple(item for item in self.criteria if item.changed)

    def level_name(self, level: int | None) -> str:
        return next((step.name for step in self.scale if step.level == level), "")


def way(difference: float | None) -> Way:
    """Which way a difference as printed leads.

    >>> way(0.1), way(-0.1), way(0.0), way(None)
    ('improved', 'fell', 'unchanged', '')
    """
    if difference is None:
        return ""
    return "improved" if difference > 0 else "fell" if difference < 0 else "unchanged"
