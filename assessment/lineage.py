"""Which criteria of the version before became which: by code, and by what the author wrote in `replaces`; never guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessment.outline import Criterion, Framework


@dataclass(frozen=True)
class Family:
    """Criteria of two versions that belong together, each in its framework's order.

    One and one: kept, or under another code. One and several: split. Several and one: merged. None and one: new.
    """

    old: tuple[Criterion, ...]
    new: tuple[Criterion, ...]


def forebears(old: Framework, new: Framework) -> dict[str, tuple[str, ...]]:
    """By code of the new version: the codes of the old one whose answers the criterion takes over.

    `replaces` counts where it is news: what the old version's criterion said already, it said of one still older.
    Beside the codes that it names a criterion is its own forebear, if it was there before; only where another one claims
    the code and it does not name the code itself, was the code given to something else. Two states of one version have
    no forebears but themselves.
    """
    if old.version == new.version:
        return {code: (code,) if code in old.criteria else () for code in new.criteria}
    named = {code: _named(old, criterion) for code, criterion in new.criteria.items()}
    claimed = {code: {name for other, names in named.items() if other != code for name in names} for code in named}
    return {code: _forebears(old, code, named[code], claimed[code]) for code in named}


def _named(old: Framework, criterion: Criterion) -> set[str]:
    before = old.criteria.get(criterion.code)
    is_news = before is None or before.replaces != criterion.replaces
    return set(criterion.replaces) & old.criteria.keys() if is_news else set()


def _forebears(old: Framework, code: str, named: set[str], claimed: set[str]) -> tuple[str, ...]:
    found = named if named and code in claimed else named | {code}
    return tuple(name for name in old.criteria if name in found)


def families(old: Framework, new: Framework) -> list[Family]:
    """Every criterion of both versions once: in the order of the new one, then what became of none.

    The older version may also come second: what its successor's criteria replaced is then found the other way round.
    """
    links = {code: set(names) for code, names in forebears(old, new).items()}
    for code in old.criteria.keys() - new.criteria.keys():
        for name in set(old.criteria[code].replaces) & new.criteria.keys() - old.criteria.keys():
            links[name].add(code)
    made = [
        Family(
            tuple(criterion for code, criterion in old.criteria.items() if code in olds),
            tuple(criterion for code, criterion in new.criteria.items() if code in news),
        )
        for olds, news in _gathered(links)
    ]
    left = old.criteria.keys() - {criterion.code for family in made for criterion in family.old}
    return [*made, *(Family((criterion,), ()) for code, criterion in old.criteria.items() if code in left)]


def _gathered(links: Mapping[str, set[str]]) -> Iterator[tuple[set[str], set[str]]]:
    """Old and new codes that hang together by any number of links."""
    waiting = list(links)
    while waiting:
        news, olds = {waiting[0]}, set(links[waiting[0]])
        while joining := {code for code in waiting if code not in news and links[code] & olds}:
            news |= joining
            olds = olds.union(*(links[code] for code in joining))
        waiting = [code for code in waiting if code not in news]
        yield olds, news
