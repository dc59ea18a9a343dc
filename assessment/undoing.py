"""An edit taken back on top of all that came after it: value by value, and lists of elements member by member."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from assessment.elements import CHILDREN, Element, Elements, flattened, kind_of, merge, with_values


@dataclass(frozen=True)
class ChangedAgain:
    """A value, or a member of one, that was changed after the edit in another way; without a path the whole element."""

    name: str
    path: str = ""
    member: str = ""


def taken_back(
    now: Elements, changes: Mapping[str, Mapping[str, Element | None]]
) -> tuple[dict[str, Element | None], list[ChangedAgain]]:
    """What takes the edit back, without what is as it was already; and what was changed again since.

    >>> changes = {"lens:T": {"before": {"weight": 1, "code": "T"}, "after": {"weight": 2, "code": "T"}}}
    >>> taken_back({"lens:T": {"weight": 2, "code": "S"}}, changes)
    ({'lens:T': {'weight': 1, 'code': 'S'}}, [])
    >>> taken_back({"lens:T": {"weight": 3, "code": "T"}}, changes)
    ({}, [ChangedAgain(name='lens:T', path='weight', member='')])
    """
    wanted: dict[str, Element | None] = {}
    obstacles: list[ChangedAgain] = []
    for name, change in changes.items():
        before, after, stored = change["before"], change["after"], now.get(name)
        if stored == before:
            continue
        if stored == after:
            wanted[name] = before
        elif before is None or after is None or stored is None:
            obstacles += _changed_whole(name, after, stored)
        else:
            merged, again = _merged(name, before, after, stored)
            obstacles += again
            if merged != stored:
                wanted[name] = merged
    return wanted, obstacles


def _changed_whole(name: str, after: Element | None, stored: Element | None) -> list[ChangedAgain]:
    """What came with the edit and was worked on since; or the element as such, where it went or stands there again."""
    if after is None or stored is None:
        return [ChangedAgain(name)]
    old, new = flattened(after), flattened(stored)
    return [ChangedAgain(name, path) for path in {**old, **new} if old.get(path) != new.get(path)]


def _merged(name: str, before: Element, after: Element, stored: Element) -> tuple[Element, list[ChangedAgain]]:
    merged, conflicts = merge(after, before, stored)
    values: dict[str, Any] = {}
    again: list[ChangedAgain] = []
    for path in conflicts:
        if path in CHILDREN.get(kind_of(name), {}) or path == "cites":
            values[path], members = _with_members(before[path], after[path], stored[path])
        elif isinstance(stored.get(path), dict) and isinstance(before[path], dict) and isinstance(after[path], dict):
            values[path], members = _with_entries(before[path], after[path], stored[path])
        else:
            members = [""]
        again += [ChangedAgain(name, path, str(member)) for member in members]
    return with_values(merged, values), again


def _with_entries(
    before: Mapping[Any, Any], after: Mapping[Any, Any], stored: Mapping[Any, Any]
) -> tuple[dict[Any, Any], list[Any]]:
    """The stored entries with those as before that the edit changed; and the keys that were changed again.

    >>> _with_entries({"T1": 4, "T2": 1}, {"T2": 1}, {"T2": 3})
    ({'T2': 3, 'T1': 4}, [])
    >>> _with_entries({"T1": 4}, {"T1": 5}, {"T1": 2})
    ({'T1': 4}, ['T1'])
    """
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    again = [key for key in changed if stored.get(key) not in (before.get(key), after.get(key))]
    left = {key: value for key, value in stored.items() if key not in changed or key in before}
    return left | {key: before[key] for key in changed if key in before}, again


def _with_members(before: list, after: list, stored: list) -> tuple[list, list[Any]]:
    """The same for a list whose members each stand in it once: what comes back stands by its old neighbours.

    >>> _with_members([1, 2, 3], [1, 3], [1, 4, 3, 5])
    ([1, 2, 4, 3, 5], [])
    >>> _with_members([1, 2, 3], [3, 1, 2], [3, 1, 4, 2])
    ([1, 4, 2, 3], [])
    """
    old, new, now = ({_key(each): each for each in members} for members in (before, after, stored))
    merged, again = _with_entries(old, new, now)
    moved = [] if _in_order(old, now) == _in_order(now, old) else _moved(old, new)
    again += [key for key in moved if key in _moved(new, now)]
    order = [key for key in now if key in merged and key not in moved]
    for key in old:
        if key in merged and key not in order:
            order.insert(_place(key, list(old), order), key)
    return [merged[key] for key in order], again


def _key(member: Any) -> Any:
    return f"{member['source']}#{member['passage']}" if isinstance(member, dict) else member


def _in_order(keys: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    wanted = set(others)
    return [key for key in keys if key in wanted]


def _moved(old: Iterable[Any], new: Iterable[Any]) -> list[Any]:
    """Those of both that changed their place among each other.

    >>> _moved("abcd", "bcxad")
    ['a']
    """
    first, second = _in_order(old, new), _in_order(new, old)
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    stayed = {key for block in blocks for key in first[block.a : block.a + block.size]}
    return [key for key in first if key not in stayed]


def _place(key: Any, old: list, order: list) -> int:
    """Where the member goes: behind or before the nearest old neighbour that is still there; the ends are such, too."""
    index = old.index(key)
    for distance in range(1, len(old) + 1):
        left, right = index - distance, index + distance
        if left == -1:
            return 0
        if left >= 0 and old[left] in order:
            return order.index(old[left]) + 1
        if right == len(old):
            return len(order)
        if right < len(old) and old[right] in order:
            return order.index(old[right])
    return len(order)
