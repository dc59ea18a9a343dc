"""A round moves to another version of its framework: what becomes of each answer, and why the score is another one."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from assessment.lineage import forebears, steps
from assessment.merging import plain
from assessment.outline import LONGEST_TEXT, Assessment, Carry, Criterion, Framework, Response, Text
from assessment.scoring import score, shown

Fate = Literal["carried", "reworded", "renamed", "moved", "split", "merged", "rescaled", "removed", "new"]
# One criterion that became one, on the same scale.
UNTOUCHED = ("carried", "reworded", "renamed", "moved")
# What somebody who answers goes by. Weights, clauses, examples and hints may change without touching an answer.
WORDING = ("title", "statement", "guidance", "measure", "levels")


@dataclass(frozen=True)
class Row:
    """A criterion of the new version with the old answers that it takes over; `new` is None where nothing takes one over.

    `old` has an answer for each old criterion, a blank one too. `changed`: what of the wording differs, where one
    criterion became one. `must_confirm`: somebody has to say that the answer still holds.
    """

    fate: Fate
    old: tuple[Response, ...]
    new: Response | None
    changed: tuple[str, ...] = ()
    must_confirm: bool = False
    carry: Carry = "lowest"

    def document(self) -> dict[str, Any]:
        """In plain JSON types; of the answers what was chosen."""
        old = [_choice(answer) for answer in self.old]
        told: dict[str, Any] = {
            "fate": self.fate,
            "old": old,
            "changed": list(self.changed),
            "must_confirm": self.must_confirm,
        }
        told |= {"carry": self.carry}
        return told | ({"new": _choice(self.new)} if self.new else {})

    @property
    def is_to_confirm(self) -> bool:
        """Whether there is an answer to be confirmed: a blank one is to be answered."""
        return self.must_confirm and bool(self.new and self.new.is_answered)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """The row that `document` told."""
        old = tuple(Response(**given) for given in told["old"])
        new = Response(**told["new"]) if "new" in told else None
        return cls(told["fate"], old, new, tuple(told["changed"]), told["must_confirm"], told["carry"])


@dataclass(frozen=True)
class Plan:
    """Every criterion of the new version once, in its order; then what nothing takes over, in the old one's order."""

    rows: tuple[Row, ...]

    @property
    def answers(self) -> list[Response]:
        """What the copy begins with, without the blank ones."""
        return [row.new for row in self.rows if row.new and _says_something(row.new)]

    @property
    def unconfirmed(self) -> set[str]:
        return {row.new.criterion for row in self.rows if row.new and row.must_confirm}


def migrate(
    old: Framework,
    new: Framework,
    answers: Iterable[Response],
    *,
    through: Sequence[Framework] = (),
    unconfirmed: Collection[str] = (),
    excused: Callable[[str], str] = "N/A: {}".format,
    cut: str = "… (cut; the whole stands in the round before)",
) -> Plan:
    """What becomes of each answer. Verified levels never go over.

    `through`: the versions between the two, oldest first; levels go over step by step, as the author of each wrote, words
    and evidence at once. `unconfirmed`: old codes whose answers nobody has confirmed
    yet. `excused` words the reason of one that does not apply where another one, merged with it, does; `cut` ends a text
    that would make several, one below the other, longer than an answer may be.
    """
    versions = (old, *through, new)
    given = {code: Response(code) for code in old.criteria} | {answer.criterion: answer for answer in answers}
    origins, rules = forebears(*versions), _rules(versions)
    levels = _carried(versions, {code: given[code].level for code in old.criteria})
    targets = _carried(versions, {code: given[code].target for code in old.criteria})
    heirs = Counter(source for sources in origins.values() for source in sources)
    rows = []
    for code, sources in origins.items():
        fate, changed = _fate(versions, code, sources, heirs)
        before = tuple(given[source] for source in sources)
        after = _taken_over(code, before, levels[code], targets[code], excused, cut)
        holds = fate in UNTOUCHED and not changed and after.level == before[0].level and sources[0] not in unconfirmed
        rows.append(Row(fate, before, after, changed, _says_something(after) and not holds, rules[code]))
    rows += [Row("removed", (given[code],), None) for code in old.criteria if not heirs[code]]
    return Plan(tuple(rows))


def _fate(
    versions: Sequence[Framework], code: str, sources: tuple[str, ...], heirs: Mapping[str, int]
) -> tuple[Fate, tuple[str, ...]]:
    """What became of a criterion, and what of its wording changed where one became one."""
    old, new = versions[0], versions[-1]
    if not sources:
        return "new", ()
    if len(sources) > 1:
        return "merged", ()
    (source,) = sources
    if heirs[source] > 1:
        return "split", ()
    changed = rewording(old.criteria[source], new.criteria[code])
    if not _has_same_scale(versions):
        return "rescaled", changed
    if old.home[source].code != new.home[code].code:
        return "moved", changed
    if source != code:
        return "renamed", changed
    return "reworded" if changed else "carried", changed


def rewording(one: Criterion, other: Criterion) -> tuple[str, ...]:
    """What of the wording differs, of `WORDING`. A translation that is added changes nothing.

    >>> one = Criterion("T1.1", Text({"zh-hans": "统筹"}), Text())
    >>> rewording(one, replace(one, title=Text({"zh-hans": "统筹", "en": "Steering"}), weight=2))
    ()
    >>> rewording(one, replace(one, title=Text({"zh-hans": "统筹机制"})))
    ('title',)
    """
    texts = [name for name in WORDING if name != "levels" and not _same_text(getattr(one, name), getattr(other, name))]
    return (*texts, *([] if _same_levels(one, other) else ["levels"]))


def _same_levels(one: Criterion, other: Criterion) -> bool:
    if [step.level for step in one.levels] != [step.level for step in other.levels]:
        return False
    pairs = zip(one.levels, other.levels, strict=True)
    return all(_same_text(a.descriptor, b.descriptor) and _same_text(a.evidence, b.evidence) for a, b in pairs)


def _same_text(one: Text, other: Text) -> bool:
    """Whether both say the same in every language that both have."""
    shared = one.keys() & other.keys()
    return one == other or (bool(shared) and all(plain(one[name]) == plain(other[name]) for name in shared))


# The answer that is taken over


def _has_same_scale(versions: Sequence[Framework]) -> bool:
    return len({framework.highest for framework in versions}) == 1


def _carried(versions: Sequence[Framework], levels: Mapping[str, int | None]) -> dict[str, int | None]:
    """By code of the last version the level, from one version to the next as the author of each wrote."""
    if not _has_same_scale(versions):
        return dict.fromkeys(versions[-1].criteria)
    found = dict(levels)
    for step in steps(*versions):
        found = {
            code: _level([found[name] for name in names], step.carry.get(code, "lowest"))
            for code, names in step.origins.items()
        }
    return found


def _rules(versions: Sequence[Framework]) -> dict[str, Carry]:
    """By code of the last version the rule that the last author wrote who had one to write."""
    found: dict[str, Carry] = {}
    for step in steps(*versions):
        last = {code: [found[name] for name in names if name in found] for code, names in step.origins.items()}
        found = {
            code: step.carry[code] if code in step.carry else rules[0]
            for code, rules in last.items()
            if code in step.carry or rules
        }
    return {code: found.get(code, "lowest") for code in versions[-1].criteria}


def _taken_over(
    code: str, old: Sequence[Response], level: int | None, target: int | None, excused: Callable[[str], str], cut: str
) -> Response:
    """One answer from those before. "Not applicable" only where all are."""
    exempt = bool(old) and all(answer.not_applicable for answer in old)
    return Response(
        code,
        level=level,
        target=target,
        rationale=_joined([(answer.criterion, _words(answer, exempt, excused)) for answer in old], cut),
        evidence=tuple(dict.fromkeys(piece for answer in old for piece in answer.evidence)),
        not_applicable=_joined([(answer.criterion, answer.not_applicable) for answer in old], cut) if exempt else "",
    )


def _level(levels: Iterable[int | None], carry: Carry) -> int | None:
    """
    >>> _level([3, None, 1], "lowest"), _level([3, None, 1], "highest"), _level([3], "blank"), _level([None], "lowest")
    (1, 3, None, None)
    """
    found = [level for level in levels if level is not None]
    if not found or carry == "blank":
        return None
    return min(found) if carry == "lowest" else max(found)


def _words(answer: Response, is_kept: bool, excused: Callable[[str], str]) -> str:
    """The rationale; before it why the criterion did not apply, where this is not the answer any more."""
    reason = excused(answer.not_applicable) if answer.not_applicable and not is_kept else ""
    return "\n".join(filter(None, (reason, answer.rationale)))


def _joined(texts: Sequence[tuple[str, str]], cut: str = "…") -> str:
    """One below the other, each with its code in front, the longest cut where all are too much; the only one as it is.

    >>> _joined([("T1.1", "有")]), _joined([("T1.1", "有"), ("T1.2", "无"), ("T1.3", "")])
    ('有', 'T1.1 有\\nT1.2 无')
    """
    if len(texts) == 1:
        return texts[0][1]
    lines = [f"{code} {text}" for code, text in texts if text]
    most = _share([len(line) for line in lines], LONGEST_TEXT - len(lines))
    return "\n".join(line if len(line) <= most else line[: most - len(cut)] + cut for line in lines)


def _share(sizes: Sequence[int], room: int) -> int:
    """How long each may be, so that all have room and no short one is cut for a long one's sake.

    >>> _share([3, 50, 40], 100), _share([3, 50, 60], 83), _share([], 100)
    (100, 40, 100)
    """
    if sum(sizes) <= room:
        return room
    for left, size in zip(range(len(sizes), 0, -1), sorted(sizes), strict=True):
        if size * left > room:
            return room // left
        room -= size
    return room


def _says_something(answer: Response) -> bool:
    return answer != Response(answer.criterion)


def _choice(answer: Response) -> dict[str, Any]:
    told = {"criterion": answer.criterion, "level": answer.level, "not_applicable": answer.not_applicable}
    return {name: value for name, value in told.items() if value is not None and value != ""}


# Why the score is another one


@dataclass(frozen=True)
class Difference:
    """Points before and after, and what the old version gives the new answers.

    Differences are of the figures as printed, so that a reader who adds them up gets the same.
    """

    before: float | None
    middle: float | None
    after: float | None

    @property
    def whole(self) -> float | None:
        return _minus(self.after, self.before)

    @property
    def answers(self) -> float | None:
        """What the change of the answers makes; nothing where there is no difference to explain."""
        return None if self.whole is None else _minus(self.middle, self.before)

    @property
    def criteria(self) -> float | None:
        """What the change of the criteria makes."""
        return None if self.whole is None else _minus(self.after, self.middle)


@dataclass(frozen=True)
class Since(Difference):
    """In the middle is what the new version gave right after the move, before anybody answered anything there."""

    @property
    def answers(self) -> float | None:
        return None if self.whole is None else _minus(self.after, self.middle)

    @property
    def criteria(self) -> float | None:
        return None if self.whole is None else _minus(self.middle, self.before)


@dataclass(frozen=True)
class Split:
    """The overall score, and each dimension's that both versions have, by code."""

    overall: Difference
    dimensions: dict[str, Difference]

    def document(self) -> dict[str, Any]:
        """In plain JSON types."""
        return {"overall": vars(self.overall), "dimensions": {code: vars(d) for code, d in self.dimensions.items()}}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """The split that `document` told."""
        return cls(
            Difference(**told["overall"]), {code: Difference(**given) for code, given in told["dimensions"].items()}
        )


def why(
    old: Framework, new: Framework, before: Assessment, after: Assessment, *, through: Sequence[Framework] = ()
) -> Split:
    """The score before and after, and between them that of the old version with the new answers put back.

    An answer is put back where one criterion became one; elsewhere the old answer stays. Self-assessed levels on both
    sides: what reviewers verified is not carried over, and would look like a change of the answers.
    """
    middle = put_back(old, new, before, after, through=through)
    runs = [score(old, before, "self"), score(old, middle, "self"), score(new, after, "self")]
    shared = [code for code in runs[0].dimensions if code in runs[2].dimensions]
    return Split(
        Difference(*(run.overall.score for run in runs)),
        {code: Difference(*(run.dimensions[code].score for run in runs)) for code in shared},
    )


def since(then: Split, new: Framework, now: Assessment) -> Split:
    """The same by now: what the move made is due to the criteria, what came later to the answers."""
    run = score(new, now, "self")
    return Split(
        Since(then.overall.before, then.overall.after, run.overall.score),
        {code: Since(d.before, d.after, run.dimensions[code].score) for code, d in then.dimensions.items()},
    )


def put_back(
    old: Framework, new: Framework, before: Assessment, after: Assessment, *, through: Sequence[Framework] = ()
) -> Assessment:
    """The round before with the answers of the one after, where one criterion became one; elsewhere its own."""
    now = {answer.criterion: answer for answer in after.responses}
    back = {
        source: replace(now.get(code, Response(code)), criterion=source)
        for source, code in counterparts(old, new, through=through).items()
    }
    kept = [answer for answer in before.responses if answer.criterion not in back]
    return replace(before, responses=(*kept, *back.values()))


def counterparts(old: Framework, new: Framework, *, through: Sequence[Framework] = ()) -> dict[str, str]:
    """By old code the new one, where one criterion became one and its level went over with it."""
    versions = (old, *through, new)
    origins, kept = forebears(*versions), _carried(versions, dict.fromkeys(old.criteria, 0))
    heirs = Counter(source for sources in origins.values() for source in sources)
    return {
        sources[0]: code
        for code, sources in origins.items()
        if len(sources) == 1 and heirs[sources[0]] == 1 and kept[code] is not None
    }


def _minus(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return None
    return round(shown(one) - shown(other), 1)
