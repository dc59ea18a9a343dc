"""Which criteria of the version before became which: by code, and by what the author wrote in `replaces`; never guessed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from assessment.outline import Carry, Criterion, Framework


@dataclass(frozen=True)
class Family:
    """Criteria of two versions that belong together, each in its framework's order.

    One and one: kept, or under another code. One and several: split. Several and one: merged. None and one: new.
    """

    old: tuple[Criterion, ...]
    new: tuple[Criterion, ...]


@dataclass(frozen=True)
class Step:
    """From one version to the next: by code of the later one, what of the former its answer is taken from.

    `carry`: which of their levels the author had in mind, for the codes whose `replaces` is news.
    """

    origins: dict[str, set[str]]
    carry: dict[str, Carry]


def steps(*versions: Framework) -> list[Step]:
    """From each version to the one after it.

    `replaces` counts where it is news: what the version before said already, it said of one still older. Beside the
    codes that it names a criterion is its own forebear, if it was there before; only where another one claims the code
    and it does not name it itself, was the code given to something else. Two states of one version have no forebears
    but themselves. Back to a lower version leads what led up from it.
    """
    return [_step(before, after) for before, after in pairwise(versions)]


def _step(before: Framework, after: Framework) -> Step:
    if before.version == after.version:
        return Step({code: {code} & before.criteria.keys() for code in after.criteria}, {})
    named = {code: _named(before, criterion) for code, criterion in after.criteria.items()}
    claimed = {name for code, names in named.items() for name in names if name != code}
    if not claimed and is_higher(before.version, after.version):
        return _back(after, before)
    origins = {
        code: names if names and code in claimed else names | ({code} & before.criteria.keys())
        for code, names in named.items()
    }
    return Step(
        origins, {code: after.criteria[code].carry for code in origins if _replaces_anew(before, after.criteria[code])}
    )


def _back(lower: Framework, higher: Framework) -> Step:
    heirs: dict[str, set[str]] = {code: set() for code in lower.criteria}
    for code, names in _step(lower, higher).origins.items():
        for name in names:
            heirs[name].add(code)
    return Step(heirs, {})


def _named(old: Framework, criterion: Criterion) -> set[str]:
    return set(criterion.replaces) & old.criteria.keys() if _replaces_anew(old, criterion) else set()


def _replaces_anew(old: Framework, criterion: Criterion) -> bool:
    before = old.criteria.get(criterion.code)
    return bool(criterion.replaces) and (before is None or before.replaces != criterion.replaces)


def forebears(*versions: Framework) -> dict[str, tuple[str, ...]]:
    """By code of the last version: the codes of the first one whose answers the criterion takes over; others lie between."""
    found = {code: {code} for code in versions[0].criteria}
    for step in steps(*versions):
        found = {code: {old for name in names for old in found[name]} for code, names in step.origins.items()}
    place = {code: number for number, code in enumerate(versions[0].criteria)}
    return {code: tuple(sorted(olds, key=place.__getitem__)) for code, olds in found.items()}


def families(*versions: Framework) -> list[Family]:
    """Every criterion of the first and the last version once: in the order of the last, then what became of none."""
    old, new = versions[0], versions[-1]
    links = {code: set(names) for code, names in forebears(*versions).items()}
    made = [Family(_those(old, olds), _those(new, news)) for olds, news in _gathered(links)]
    left = old.criteria.keys() - {code for names in links.values() for code in names}
    return [*made, *(Family((old.criteria[code],), ()) for code in old.criteria if code in left)]


def _those(framework: Framework, codes: set[str]) -> tuple[Criterion, ...]:
    if len(codes) < 2:
        return tuple(framework.criteria[code] for code in codes)
    return tuple(criterion for code, criterion in framework.criteria.items() if code in codes)


def _gathered(links: Mapping[str, set[str]]) -> Iterator[tuple[set[str], set[str]]]:
    """Old and new codes that hang together by any number of links."""
    heirs: dict[str, set[str]] = {}
    for code, names in links.items():
        for name in names:
            heirs.setdefault(name, set()).add(code)
    seen: set[str] = set()
    for code in links:
        if code not in seen:
            olds, news = set(links[code]), {code}
            while joining := {heir for name in olds for heir in heirs[name]} - news:
                news |= joining
                olds = olds.union(*(links[heir] for heir in joining))
            seen |= news
            yield olds, news


# Which version is higher


def is_higher(version: str, than: str) -> bool:
    """Numbers in versions are compared as numbers; letters behind one make it an early form of it.

    >>> is_higher("2024.10", "2024.9"), is_higher("2024.1", "2024.1"), is_higher("1.0.1", "1.0")
    (True, False, True)
    >>> is_higher("1.0-draft", "1.0"), is_higher("1.0", "1.0a"), is_higher("1.1-draft", "1.0")
    (False, True, True)
    """
    return version_key(version) > version_key(than)


def version_key(version: str) -> list[tuple[int, int | str]]:
    """Letters sort before the end, numbers behind it; points, hyphens and underscores only part them.

    >>> version_key("1.0-a")
    [(2, 1), (2, 0), (0, 'a'), (1, '')]
    """
    words = re.findall(r"\d+|[^\W\d_]+", version)
    return [*((2, int(word)) if word.isdecimal() else (0, word) for word in words), (1, "")]
