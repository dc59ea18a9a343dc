"""All differences between two versions, grouped as a page shows them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from assessment.comparing import Difference, compare, compare_wording
from assessment.migrating import rewording
from assessment.outline import Criterion, Framework, Text
from assessment.places import Place, shares
from assessment.reports import words
from assessment.reports.differences.sentences import said
from assessment.wording import TOKEN, Segment

LONGEST_KEPT = 48  # characters of what stayed in a text, between two places that changed
AROUND = 20


@dataclass(frozen=True)
class Apart:
    """How one of those that were split or merged differs from one that it came from; codes, before and now."""

    was: str
    became: str
    items: tuple["Item", ...]


@dataclass(frozen=True)
class Item:
    """One difference as it is shown."""

    difference: Difference

    @property
    def label(self) -> str:
        return _kinds()[self.difference.kind]

    @property
    def sentence(self) -> str:
        return said(self.difference)

    @cached_property
    def words(self) -> tuple[Segment, ...]:
        """What was changed in a text; long passages that stayed are cut."""
        return tuple(_shortened(segment) for segment in self.difference.words)

    @property
    def pairs(self) -> list[Apart]:
        return [
            Apart(pair.was.code, pair.became.code, tuple(map(Item, pair.differences))) for pair in self.difference.pairs
        ]


@dataclass(frozen=True)
class Group:
    """The differences in one dimension, or in what stands beside the dimensions."""

    key: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Share:
    """What a part counts in the overall score, as printed."""

    code: str
    name: Text
    is_dimension: bool
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """All differences, grouped; `counts`: how many there are of which kind, by the kind's name.

    `shares`: what counts more or less now, also where its own weight stayed and only what stands beside it changed.
    """

    groups: tuple[Group, ...]
    counts: tuple[tuple[str, int], ...]
    shares: tuple[Share, ...]

    @property
    def total(self) -> int:
        return sum(count for _name, count in self.counts)


def told(old: Framework, new: Framework, through: Sequence[Framework] = ()) -> Told:
    """What the page shows: `templates/comparison/_differences.html` takes it as `comparison`."""
    differences = compare(old, new, through)
    counts = Counter[str](difference.kind for difference in differences)
    return Told(
        groups=tuple(_groups(differences, old, new)),
        counts=tuple((name, counts[kind]) for kind, name in _kinds().items() if counts[kind]),
        shares=tuple(_shares(old, new)),
    )


def _reworded(one: Criterion, other: Criterion) -> tuple[Item, ...]:
    """What differs in the words by which a criterion is answered, in the reader's language where it has them."""
    found = compare_wording(one, other)
    own = [difference for difference in found if difference.language in ("", get_language())]
    return tuple(map(Item, own or found))


def rewordings(olds: Iterable[Criterion], new: Criterion) -> list[Apart]:
    """Of each old criterion the words by which it was answered that are others in the new one."""
    return [Apart(one.code, new.code, _reworded(one, new)) for one in olds if rewording(one, new)]


def _shares(old: Framework, new: Framework) -> Iterator[Share]:
    before, after = shares(old), shares(new)
    for dimension in new.dimensions:
        named = [(dimension.code, dimension.name), *((c.code, c.title) for c in dimension.criteria)]
        for code, name in named:
            printed = words.share(before.get(code)), words.share(after[code])
            if code in before and printed[0] != printed[1]:
                yield Share(code, name, code == dimension.code, *printed)


def _groups(differences: Iterable[Difference], old: Framework, new: Framework) -> Iterable[Group]:
    dimensions = {dimension.code: dimension.name for framework in (old, new) for dimension in framework.dimensions}
    order = dict.fromkeys(dimension.code for framework in (new, old) for dimension in framework.dimensions)
    titles = {"framework": _("The framework as a whole")}
    titles |= {f"dimension-{code}": f"{code} {dimensions[code].to(get_language())}" for code in order}
    titles |= {"target": _("Target profiles"), "source": _("Sources and passages")}
    gathered: dict[str, list[Item]] = {key: [] for key in titles}
    for difference in differences:
        gathered[_group_of(difference.place)].append(Item(difference))
    return (Group(key, titles[key], tuple(items)) for key, items in gathered.items() if items)


def _group_of(place: Place) -> str:
    if place.dimension:
        return f"dimension-{place.dimension}"
    return {"target": "target", "source": "source", "passage": "source"}.get(place.part, "framework")


def _shortened(segment: Segment) -> Segment:
    if segment.kind != "kept" or len(segment.text) <= LONGEST_KEPT:
        return segment
    tokens = TOKEN.findall(segment.text)
    head, tail = _first(tokens), _first(tokens[::-1])[::-1]
    return Segment("kept", "".join([*head, "…", *tail])) if len(head) + len(tail) < len(tokens) else segment


def _first(tokens: list[str]) -> list[str]:
    """Whole words or signs until there are enough characters."""
    ends = accumulate(map(len, tokens))
    return tokens[: next((count for count, end in enumerate(ends, 1) if end >= AROUND), len(tokens))]


def _kinds() -> dict[str, str]:
    return {
        "split": pgettext("difference", "split"),
        "merged": pgettext("difference", "merged"),
        "regrouped": pgettext("difference", "regrouped"),
        "moved": pgettext("difference", "moved"),
        "added": pgettext("difference", "new"),
        "removed": pgettext("difference", "removed"),
        "recoded": pgettext("difference", "other code"),
        "renamed": pgettext("difference", "renamed"),
        "worded": pgettext("difference", "wording"),
        "reweighted": pgettext("difference", "weight"),
        "changed": pgettext("difference", "setting"),
        "retargeted": pgettext("difference", "target"),
        "cited": pgettext("difference", "basis added"),
        "uncited": pgettext("difference", "basis removed"),
        "reordered": pgettext("difference", "order"),
    }
