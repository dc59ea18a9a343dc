"""Which criteria of the version before became which: by code, and by what the author wrote in `replaces`; never guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from assessment.outline import Criterion, Framework


@dataclass(frozen=True)
class Family:
    """Criteria of two versions that belong together, each in its framework's order.

    One and one: kept, or under another code. One and several: split. Several and one: merged. None and one: new.
    """

    old: tuple[Criterion, ...]
    new: tuple[Criterion, ...]


def forebears(*versions: Framework) -> dict[str, tuple[str, ...]]:
    """By code of the last version: the codes of the first one whose answers the criterion takes over; others lie between.

    `replaces` counts where it is news: what the version before said already, it said of one still older. Beside the
    codes that it names a criterion is its own forebear, if it was there before; only where another one claims the code
    and it does not name it itself, was the code given to something else. Two states of one version have no forebears
    but themselves.
    """
    found = {code: {code} for code in versions[0].criteria}
    for before, after in pairwise(versions):
        found = {code: {old for name in names for old in found[name]} for code, names in _step(before, after).items()}
    place = {code: number for number, code in enumerate(versions[0].criteria)}
    return {code: tuple(sorted(olds, key=place.__getitem__)) for code, olds in found.items()}


def _step(before: Framework, after: Framework) -> dict[str, set[str]]:
    if before.version == after.version:
        return {code: {code} & before.criteria.keys() for code in after.criteria}
    named = {code: _named(before, criterion) for code, criterion in after.criteria.items()}
    claimed = {name for code, names in named.items() for name in names if name != code}
    return {
        code: names if names and code in claimed else names | ({code} & before.criteria.keys())
        for code, names in named.items()
    }


def _named(old: Framework, criterion: Criterion) -> set[str]:
    before = old.criteria.get(criterion.code)
    is_news = before is None or before.replaces != criterion.replaces
    return set(criterion.replaces) & old.criteria.keys() if is_news else set()


def families(*versions: Framework) -> list[Family]:
    """Every criterion of the first and the last version once: in the order of the last, then what became of none.

    The older of two versions may also come last: what its successor's criteria replaced is then found in reverse.
    """
    old, new = versions[0], versions[-1]
    links = {code: set(names) for code, names in forebears(*versions).items()}
    for code in old.criteria.keys() - new.criteria.keys():
        for name in set(old.criteria[code].replaces) & new.criteria.keys() - old.criteria.keys():
            links[name].add(code)
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
