"""Every difference between two versions of a framework, each told once, with what is needed to say it in plain words."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal

from assessment.lineage import Family, families, forebears
from assessment.outline import RESERVED_CODES, Citation, Criterion, Framework, Level, Source, TargetProfile
from assessment.places import Map, Member, Place, place_of_passage
from assessment.wording import Segment, marked

Kind = Literal[
    "added",
    "removed",
    "split",
    "merged",
    "regrouped",
    "recoded",
    "moved",
    "renamed",
    "worded",
    "changed",
    "reweighted",
    "retargeted",
    "cited",
    "uncited",
    "reordered",
]

NAMES = ("name", "title")
# What is compared in each part as it stands; everything else in it is told by a kind of its own.
TEXTS: dict[str, tuple[str, ...]] = {
    "framework": ("name", "about"),
    "level": ("name", "meaning"),
    "lens": ("name",),
    "dimension": ("name", "start", "end"),
    "facet": ("name",),
    "criterion": ("title", "statement", "guidance", "owner", "measure", "suffices", "falls_short"),
    "descriptor": ("descriptor", "evidence", "next"),
    "source": ("title", "edition"),
    "passage": ("locator", "quote", "summary"),
    "target": ("name",),
}
ANSWERED_BY = ("title", "statement", "guidance", "measure", "descriptor", "evidence")
VALUES: dict[str, tuple[str, ...]] = {
    "framework": ("code", "language"),
    "level": ("threshold",),
    "dimension": ("kind",),
    "criterion": ("key", "effort", "tags", "carry"),
    "source": ("issuers", "number", "issued", "url"),
    "passage": ("status",),
}


@dataclass(frozen=True)
class Difference:
    """One difference. `place` is the part in the new version, or in the old one where the new one lacks it.

    `field`, `level`, `language`: which of the part's texts or values; `before` and `after`: what it was and became.
    `was` and `became`: the parts that were split, merged, moved, given another code, cited, or that a target concerns.
    `shares`: of the overall score, 0..1, before and after. `pairs`: how each of those that were split or merged differs
    from each that it came from, where it is not the same code.
    """

    kind: Kind
    place: Place
    field: str = ""
    level: int | None = None
    language: str = ""
    before: Any = None
    after: Any = None
    was: tuple[Place, ...] = ()
    became: tuple[Place, ...] = ()
    shares: tuple[float, float] | None = None
    pairs: tuple["Pair", ...] = ()

    @cached_property
    def words(self) -> tuple[Segment, ...]:
        """What was changed in a text; a name is short, and told whole."""
        return marked(self.before, self.after) if self.kind == "worded" else ()


@dataclass(frozen=True)
class Pair:
    """One of several and what came of it, under another code: all in which they differ."""

    was: Place
    became: Place
    differences: tuple[Difference, ...]


def compare(old: Framework, new: Framework, through: Sequence[Framework] = ()) -> tuple[Difference, ...]:
    """All differences but that of the version itself. `through`: the versions between the two, oldest first.

    Criteria are matched by code and `replaces` (see `lineage`), everything else by code. What `replaces` says is told by
    what it does; as it is written only between two states of one version, or where no older version has the code.
    """
    return tuple(_Comparison(Map(old), Map(new), tuple(through)).differences())


def compare_wording(one: Criterion, other: Criterion) -> tuple[Difference, ...]:
    """What differs in the words by which a criterion is answered."""
    place = Place("criterion", other.code, other.title)
    found = (*_in_fields(place, one, other), *_in_descriptors(place, one, other))
    return tuple(difference for difference in found if difference.field in ANSWERED_BY)


@dataclass(frozen=True)
class _Comparison:
    old: Map
    new: Map
    through: tuple[Framework, ...]

    def differences(self) -> Iterator[Difference]:
        old, new = self.old.framework, self.new.framework
        yield from _in_fields(self.new.root, old, new)
        yield from _in_list(self.new.root, "level", _place_of_level, old.scale, new.scale)
        yield from self._in_members("lens", self.old.lenses, self.new.lenses)
        yield from self._in_members("dimension", self.old.dimensions, self.new.dimensions)
        yield from self._in_members("facet", self.old.facets, self.new.facets)
        for family in self.families:
            yield from self._in_family(family)
        yield from _in_order("criterion", self.pairs, list(self.old.criteria))
        yield from self._in_targets()
        yield from self._in_sources()
        yield from _in_crosswalks(old, new)

    # Lenses, dimensions and facets

    def _in_members(self, part: str, old: dict[str, Member], new: dict[str, Member]) -> Iterator[Difference]:
        for code, member in new.items():
            if code in old:
                yield from self._in_member(old[code], member)
            else:
                yield Difference("added", member.place, shares=(0, self.new.shares[code]))
        for code, member in old.items():
            if code not in new:
                yield Difference("removed", member.place, shares=(self.old.shares[code], 0))
        yield from _in_order(part, [(old[code], new[code]) for code in new if code in old], list(old))

    def _in_member(self, one: Member, other: Member) -> Iterator[Difference]:
        place = other.place
        if not one.parent.is_at(other.parent):
            yield Difference("moved", place, "", None, "", one.parent, other.parent, (one.place,), (place,))
        elif one.place.code != place.code:
            yield Difference("recoded", place, was=(one.place,), became=(place,))
        if one.item.weight != other.item.weight:
            both = self.old.shares[one.place.code], self.new.shares[place.code]
            yield Difference("reweighted", place, before=one.item.weight, after=other.item.weight, shares=both)
        yield from _in_fields(place, one.item, other.item)
        if hasattr(other.item, "cites"):
            yield from self._in_citations(place, one.item.cites, other.item.cites)

    # Criteria

    @cached_property
    def families(self) -> list[Family]:
        return families(self.old.framework, *self.through, self.new.framework)

    @cached_property
    def pairs(self) -> list[tuple[Member, Member]]:
        """Which criterion is compared with which, text by text; in the new order."""
        found = {c.code: pair for family in self.families for c, pair in self._pairs(family)}
        return [found[code] for code in self.new.criteria if code in found]

    def _pairs(self, family: Family) -> Iterator[tuple[Criterion, tuple[Member, Member]]]:
        """One that stayed one, under whatever code; of those split or merged the ones that kept their code."""
        is_one = len(family.old) == len(family.new) == 1
        olds = {criterion.code for criterion in family.old}
        for criterion in family.new:
            if is_one or criterion.code in olds:
                before = family.old[0].code if is_one else criterion.code
                yield criterion, (self.old.criteria[before], self.new.criteria[criterion.code])

    def _in_family(self, family: Family) -> Iterator[Difference]:
        olds = tuple(self.old.criteria[criterion.code].place for criterion in family.old)
        news = tuple(self.new.criteria[criterion.code].place for criterion in family.new)
        if kind := _became(olds, news):
            both = self.old.share_of(family.old), self.new.share_of(family.new)
            pairs = tuple(self._apart(family))
            yield Difference(kind, (news or olds)[0], was=olds, became=news, shares=both, pairs=pairs)
        for _criterion, (one, other) in self._pairs(family):
            yield from self._in_criterion(one, other)

    def _in_criterion(self, one: Member, other: Member) -> Iterator[Difference]:
        yield from self._in_member(one, other)
        yield from self._in_replaces(other.place, one.item, other.item)
        yield from _in_descriptors(other.place, one.item, other.item)

    @cached_property
    def origins(self) -> dict[str, tuple[str, ...]]:
        return forebears(self.old.framework, *self.through, self.new.framework)

    @cached_property
    def heirs(self) -> set[str]:
        """New codes that are set against the old ones apart, with their targets."""
        told = {other.place.code for _one, other in self.pairs}
        return {code for code, olds in self.origins.items() if olds and code not in told}

    def _apart(self, family: Family) -> Iterator[Pair]:
        for criterion in family.new:
            for code in self.origins[criterion.code]:
                if code != criterion.code:
                    one, other = self.old.criteria[code], self.new.criteria[criterion.code]
                    found = (*self._in_criterion(one, other), *self._in_aims(one, other))
                    differences = tuple(difference for difference in found if difference.kind != "recoded")
                    if differences:
                        yield Pair(one.place, other.place, differences)

    def _in_aims(self, one: Member, other: Member) -> Iterator[Difference]:
        """What target profiles of both versions want of the one and of the other."""
        profiles = {profile.code: profile for profile in self.old.framework.targets}
        for new in self.new.framework.targets:
            if old := profiles.get(new.code):
                aim = _Aim.of(one, other, old, new)
                if aim.is_own_changed or aim.is_moved:
                    place, at = _place_of_target(new), (aim.place,)
                    yield Difference("retargeted", place, "own", before=aim.before, after=aim.after, became=at)

    def _in_replaces(self, place: Place, one: Criterion, other: Criterion) -> Iterator[Difference]:
        known = {code for framework in (self.old.framework, *self.through) for code in framework.criteria}
        unknown = set(other.replaces) - known - set(one.replaces)
        is_one_version = self.old.framework.version == self.new.framework.version
        if one.replaces != other.replaces and (is_one_version or unknown):
            yield Difference("changed", place, "replaces", before=one.replaces, after=other.replaces)

    # Citations and sources

    def _in_citations(self, place: Place, old: tuple[Citation, ...], new: tuple[Citation, ...]) -> Iterator[Difference]:
        olds, news = ({citation.key: citation for citation in cites} for cites in (old, new))
        for key, citation in news.items():
            at = (self.new.passage(citation),)
            if key not in olds:
                yield Difference("cited", place, after=citation.role, became=at)
            elif olds[key].role != citation.role:
                yield Difference("changed", place, "role", None, "", olds[key].role, citation.role, became=at)
        for key, citation in olds.items():
            if key not in news:
                yield Difference("uncited", place, before=citation.role, was=(self.old.passage(citation),))
        yield from _reordered(place, "passage", olds, news)

    def _in_sources(self) -> Iterator[Difference]:
        old, new = self.old.framework.sources, self.new.framework.sources
        yield from _in_list(self.new.root, "source", _place_of_source, old, new)
        olds = {source.code: source for source in old}
        for source in new:
            if source.code in olds:
                place_of = partial(place_of_passage, source)
                yield from _in_list(
                    _place_of_source(source), "passage", place_of, olds[source.code].passages, source.passages
                )

    # Target profiles

    def _in_targets(self) -> Iterator[Difference]:
        old, new = self.old.framework.targets, self.new.framework.targets
        yield from _in_list(self.new.root, "target", _place_of_target, old, new)
        olds = {profile.code: profile for profile in old}
        for profile in new:
            if profile.code in olds:
                yield from self._in_target(_place_of_target(profile), olds[profile.code], profile)

    def _in_target(self, place: Place, old: TargetProfile, new: TargetProfile) -> Iterator[Difference]:
        """A common level is told with all the criteria that it moves, any other one by one."""
        moved = [_Aim.of(one, other, old, new) for one, other in self.pairs]
        told = set()
        for key in RESERVED_CODES:
            before, after = old.levels.get(key), new.levels.get(key)
            if before != after:
                concerned = [aim for aim in moved if aim.follows(key)]
                told |= {aim.place.code for aim in concerned}
                at = tuple(aim.place for aim in concerned)
                yield Difference("retargeted", place, key, before=before, after=after, became=at)
        for aim in moved:
            if aim.is_own_changed or (aim.is_moved and aim.place.code not in told):
                yield Difference("retargeted", place, "own", before=aim.before, after=aim.after, became=(aim.place,))
        yield from self._in_levels_of_others(place, old, new)

    def _in_levels_of_others(self, place: Place, old: TargetProfile, new: TargetProfile) -> Iterator[Difference]:
        """Levels of criteria that are new, or not the same as before; and of codes that no criterion has."""
        same = self.heirs | {member.place.code for pair in self.pairs for member in pair}
        for code in dict.fromkeys([*new.levels, *old.levels]):
            before, after = old.levels.get(code), new.levels.get(code)
            went_with_it = after is None and code in self.old.criteria
            if before != after and not went_with_it and code not in {*same, *RESERVED_CODES}:
                member = self.new.criteria.get(code)
                about = member.place if member else Place("criterion", code)
                yield Difference("retargeted", place, "own", before=before, after=after, became=(about,))


@dataclass(frozen=True)
class _Aim:
    """What a target profile wants of one criterion, before and after; `keys`: by which entry it says so."""

    place: Place
    before: int | None
    after: int | None
    keys: tuple[str, str]
    is_own_changed: bool

    @classmethod
    def of(cls, one: Member, other: Member, old: TargetProfile, new: TargetProfile) -> "_Aim":
        keys = _entry(old, one.item), _entry(new, other.item)
        own = old.levels.get(one.place.code) != new.levels.get(other.place.code)
        return cls(other.place, old.level_for(one.item), new.level_for(other.item), keys, own)

    @property
    def is_moved(self) -> bool:
        return self.before != self.after

    def follows(self, key: str) -> bool:
        return self.is_moved and not self.is_own_changed and key in self.keys


def _entry(profile: TargetProfile, criterion: Criterion) -> str:
    names = (criterion.code, "key" if criterion.key else "default", "default")
    return next((name for name in names if name in profile.levels), "")


def _became(olds: tuple[Place, ...], news: tuple[Place, ...]) -> Kind | None:
    """What happened to these criteria together; None where one stayed one."""
    if not olds or not news:
        return "added" if news else "removed"
    if len(olds) == len(news) == 1:
        return None
    if len(olds) == 1:
        return "split"
    return "merged" if len(news) == 1 else "regrouped"


def _in_fields(place: Place, one: Any, other: Any, part: str = "", level: int | None = None) -> Iterator[Difference]:
    """Texts language by language, then plain values."""
    for name in TEXTS[part or place.part]:
        before, after = getattr(one, name), getattr(other, name)
        for language in dict.fromkeys([*after, *before]):
            texts = before.get(language, ""), after.get(language, "")
            if texts[0] != texts[1]:
                yield Difference("renamed" if name in NAMES else "worded", place, name, level, language, *texts)
    for name in VALUES.get(part or place.part, ()):
        before, after = getattr(one, name), getattr(other, name)
        if before != after:
            yield Difference("changed", place, name, level, before=before, after=after)


def _in_descriptors(place: Place, one: Criterion, other: Criterion) -> Iterator[Difference]:
    olds, news = ({item.level: item for item in criterion.levels} for criterion in (one, other))
    for level in sorted(olds.keys() | news.keys()):
        if level in olds and level in news:
            yield from _in_fields(place, olds[level], news[level], "descriptor", level)
        else:
            yield Difference("added" if level in news else "removed", place, "descriptor", level)


def _in_list(
    parent: Place, part: str, place_of: Callable[[Any], Place], old: Iterable[Any], new: Iterable[Any]
) -> Iterator[Difference]:
    """Levels, sources, passages or target profiles."""
    olds, news = ({place_of(item).code: item for item in items} for items in (old, new))
    for code, item in news.items():
        if code in olds:
            yield from _in_fields(place_of(item), olds[code], item)
        else:
            yield Difference("added", place_of(item))
    for code, item in olds.items():
        if code not in news:
            yield Difference("removed", place_of(item))
    yield from _reordered(parent, part, olds, news)


def _in_order(part: str, pairs: list[tuple[Member, Member]], before: list[str]) -> Iterator[Difference]:
    """Of each parent, whether those that stayed in it changed places. Pairs come in the new order."""
    stayed: dict[str, list[tuple[Member, Member]]] = {}
    for one, other in pairs:
        if one.parent.is_at(other.parent):
            stayed.setdefault(other.parent.code, []).append((one, other))
    for members in stayed.values():
        olds = sorted(members, key=lambda pair: before.index(pair[0].place.code))
        codes = ([other.place.code for _one, other in both] for both in (olds, members))
        yield from _reordered(members[0][1].parent, part, *codes)


def _reordered(parent: Place, part: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Difference]:
    """Whether what is in both stands in another order."""
    olds, news = list(old), list(new)
    before, after = tuple(code for code in olds if code in news), tuple(code for code in news if code in olds)
    if before != after:
        yield Difference("reordered", parent, part, before=before, after=after)


def _in_crosswalks(old: Framework, new: Framework) -> Iterator[Difference]:
    for group in dict.fromkeys([*new.crosswalks, *old.crosswalks]):
        place, before, after = Place("crosswalk", group), old.crosswalks.get(group), new.crosswalks.get(group)
        if group not in old.crosswalks or group not in new.crosswalks:
            yield Difference("added" if group in new.crosswalks else "removed", place)
        elif before != after:
            yield Difference("changed", place, "crosswalks", before=before, after=after)


def _place_of_level(level: Level) -> Place:
    return Place("level", str(level.level), level.name)


def _place_of_source(source: Source) -> Place:
    return Place("source", source.code, source.title)


def _place_of_target(profile: TargetProfile) -> Place:
    return Place("target", profile.code, profile.name)
