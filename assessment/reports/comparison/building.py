"""Open this for how two rounds become a comparison: which criterion is set against which, and what is made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessment import comparing, scoring
from assessment.design import Design
from assessment.lineage import Family, families
from assessment.migrating import Difference, Since, counterparts, put_back, rewording
from assessment.outline import Assessment, Basis, Framework
from assessment.places import Place, shares
from assessment.remark import Remarks
from assessment.reports import content
from assessment.reports.comparison.facts import (
    CapChange,
    CapFate,
    Change,
    Comparison,
    CriterionChange,
    GapFate,
    Movement,
    Parts,
    Proof,
    Setting,
    Shift,
    Side,
)
from assessment.reports.content.facts import Answer, Content, Standing, Words
from assessment.reports.markup import blocks


@dataclass(frozen=True)
class Round:
    """A round as answered, and the version of the framework that it was answered on."""

    framework: Framework
    assessment: Assessment


def compare(
    before: Round,
    after: Round,
    basis: Basis = "effective",
    *,
    through: Sequence[Framework] = (),
    moved: Assessment | None = None,
    language: str = "zh-hans",
    draft: bool = True,
    remarks: Remarks = Remarks(),
    design: Design = Design(),
) -> Comparison:
    """What became of the city from one round to the other, on the same version of a framework or on two of it.

    `through`: the versions between the two, oldest first. `moved`: with which answers the later round began, where it is
    the copy of the earlier one on another version. `remarks` are what people added to this comparison.
    """
    return _Builder(before, after, basis, tuple(through), moved, language).comparison(draft, remarks, design)


class _Builder:
    def __init__(
        self,
        before: Round,
        after: Round,
        basis: Basis,
        through: tuple[Framework, ...],
        moved: Assessment | None,
        language: str,
    ) -> None:
        self.old, self.new, self.through = before.framework, after.framework, through
        self.moved, self.difference = moved, Since if moved else Difference
        self.rounds, self.basis, self.language = (before, after), basis, language
        self.said: list[Content] = [
            content.build(each.framework, each.assessment, basis, language=language) for each in self.rounds
        ]
        self.answers: list[dict[str, Answer]] = [{a.code: a for a in said.answers} for said in self.said]

    def comparison(self, draft: bool, remarks: Remarks, design: Design) -> Comparison:
        before, after = self.said
        words = remarks.at("summary")
        return Comparison(
            language=self.language,
            basis=self.basis,
            draft=draft,
            before=before.cover,
            after=after.cover,
            overall=self._overall(),
            lenses=self._lenses(),
            dimensions=self._dimensions(),
            caps=tuple(self._caps()),
            criteria=tuple(map(self._criterion, families(self.old, *self.through, self.new))),
            shifts=tuple(self._shifts()),
            proof=self._proof(),
            scale=after.method.scale,
            scores={"before": before.scores, "after": after.scores},
            words=Words(blocks(words.text), words.by, words.on) if words else None,
            design=design,
        )

    # Scores

    @cached_property
    def middle(self) -> scoring.Scores:
        """What the version before gives the answers after. On one and the same version nothing but answers can change.

        Between a round and its copy: what the new version gave right after the move.
        """
        before, after = (each.assessment for each in self.rounds)
        if self.moved:
            return scoring.score(self.new, self.moved, self.basis)
        if self.old.version == self.new.version:
            return scoring.score(self.new, after, self.basis)
        back = put_back(self.old, self.new, before, after, through=self.through)
        return scoring.score(self.old, back, self.basis)

    def _overall(self) -> Movement:
        before, after = (said.summary.overall for said in self.said)
        return Movement("", "", before, after, self._parts(before, self.middle.overall.score, after))

    def _lenses(self) -> tuple[Movement, ...]:
        sides = [{lens.code: (lens.name, lens.standing) for lens in said.summary.lenses} for said in self.said]
        between = {code: lens.score for code, lens in self.middle.lenses.items()}
        return tuple(self._movement(code, sides, between) for code in _all(sides))

    def _dimensions(self) -> tuple[Movement, ...]:
        sides = [{s.code: (s.name, s.standing) for s in said.sections} for said in self.said]
        between = {code: dimension.score for code, dimension in self.middle.dimensions.items()}
        return tuple(self._movement(code, sides, between) for code in _all(sides))

    def _movement(
        self, code: str, sides: Sequence[dict[str, tuple[str, Standing]]], between: dict[str, float | None]
    ) -> Movement:
        before, after = (side.get(code) for side in sides)
        named = after or before
        standings = before[1] if before else None, after[1] if after else None
        parts = self._parts(standings[0], between.get(code), standings[1])
        return Movement(code, named[0] if named else "", *standings, parts)

    def _parts(self, before: Standing | None, middle: float | None, after: Standing | None) -> Parts:
        found = self.difference(before.score if before else None, middle, after.score if after else None)
        return Parts(middle if before else None, found.whole, found.answers, found.criteria)

    def _caps(self) -> Iterable[CapChange]:
        before, after = ({cap.code: cap for cap in said.summary.caps} for said in self.said)
        for code in _all((before, after)):
            fate: CapFate = "kept" if code in before and code in after else "appeared" if code in after else "gone"
            yield CapChange(fate, before.get(code), after.get(code))

    def _proof(self) -> Proof:
        counts = [sum(len(answer.evidence) for answer in answers.values()) for answers in self.answers]
        known = {piece for answer in self.answers[0].values() for piece in answer.evidence}
        now = {piece for answer in self.answers[1].values() for piece in answer.evidence}
        before, after = (said.summary.evidence for said in self.said)
        return Proof(counts[0], counts[1], len(now - known), before, after)

    # What the versions count otherwise

    def _shifts(self) -> Iterable[Shift]:
        if self.old.version == self.new.version:
            return
        was, now = shares(self.old), shares(self.new)
        for found in comparing.compare(self.old, self.new, self.through):
            if setting := _setting(found):
                at, old = found.place, (*found.was, found.place)[0].code
                both = (was[old], now[at.code]) if old in was and at.code in now else None
                before, after = (_told(value, self.language) for value in (found.before, found.after))
                yield Shift(at.part, at.code, at.name.to(self.language), setting, before, after, both)

    # Criteria

    @cached_property
    def comparable(self) -> set[tuple[str, str]]:
        """Old and new code where one criterion became one and its level means the same."""
        if self.old.version == self.new.version:
            return {(code, code) for code in self.new.criteria}
        return set(counterparts(self.old, self.new, through=self.through).items())

    def _criterion(self, family: Family) -> CriterionChange:
        before = tuple(_side(self.answers[0][criterion.code]) for criterion in family.old)
        after = tuple(_side(self.answers[1][criterion.code]) for criterion in family.new)
        is_one = len(before) == len(after) == 1
        changed = rewording(family.old[0], family.new[0]) if is_one else ()
        known = {piece for side in before for piece in self.answers[0][side.code].evidence}
        now = dict.fromkeys(piece for side in after for piece in self.answers[1][side.code].evidence)
        return CriterionChange(
            change=self._change(before, after, changed),
            before=before,
            after=after,
            changed=changed,
            gap=_gap_fate(before, after, self._is_comparable(before, after)),
            gained=tuple(piece for piece in now if piece not in known),
        )

    def _is_comparable(self, before: tuple[Side, ...], after: tuple[Side, ...]) -> bool:
        return len(before) == len(after) == 1 and (before[0].code, after[0].code) in self.comparable

    def _change(self, before: tuple[Side, ...], after: tuple[Side, ...], changed: tuple[str, ...]) -> Change:
        if not before or not after:
            return "added" if after else "removed"
        if len(before) > 1 or len(after) > 1:
            return "regrouped"
        (one,), (other,) = before, after
        if one.level is None or other.level is None:
            return _other_state(one, other, changed)
        if not self._is_comparable(before, after):
            return "incomparable"
        if one.level != other.level:
            return "improved" if other.level > one.level else "fell"
        return "reworded" if changed else "unchanged"


def _other_state(one: Side, other: Side, changed: tuple[str, ...]) -> Change:
    """Of a criterion that lacks a level before, after or both."""
    if one.state == other.state:
        return "reworded" if changed else "unchanged"
    if other.state == "answered":
        return "applies" if one.state == "na" else "answered"
    return "excused" if other.state == "na" else "unanswered"


def _side(answer: Answer) -> Side:
    kept = ("code", "title", "key", "dimension", "state", "level", "target")
    lies_below = answer.level is not None and answer.target is not None and answer.target > answer.level
    gap = answer.target - answer.level if lies_below else 0  # type: ignore[operator]
    return Side(**{name: getattr(answer, name) for name in kept}, gap=gap, evidence=len(answer.evidence))


def _gap_fate(before: Sequence[Side], after: Sequence[Side], is_comparable: bool) -> GapFate:
    """Closed is what reached the target that it had; a gap that went another way, say with its criterion, is dropped."""
    had, has = any(side.gap for side in before), any(side.gap for side in after)
    if had and has:
        return "kept"
    if not had:
        return "opened" if has else ""
    reached = is_comparable and after[0].level is not None and after[0].level >= (before[0].target or 0)
    return "closed" if reached else "dropped"


def _setting(found: comparing.Difference) -> Setting | None:
    """What of a difference between two versions moves a score or a level without any answer; None where nothing does."""
    if found.kind == "reweighted":
        return "weight"
    if found.kind == "moved":
        return "place"
    fields: dict[str, Setting] = {"key": "key", "kind": "kind", "threshold": "threshold"}
    return fields.get(found.field) if found.kind == "changed" else None


def _told(value: Any, language: str) -> Any:
    return f"{value.code} {value.name.to(language)}" if isinstance(value, Place) else value


# Of both rounds


def _all[T](sides: Sequence[dict[str, T]]) -> list[str]:
    """The codes of both, in the later one's order, then what it lacks."""
    before, after = sides
    return [*after, *(code for code in before if code not in after)]
