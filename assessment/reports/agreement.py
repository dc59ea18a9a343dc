"""Open this for whether two documents say the same: value by value, numbers within 1e-7, and the first that does not."""

from dataclasses import dataclass
from typing import Any

TOLERANCE = 1e-7  # at which the score contract's readers compare


class Missing:
    """In the place of what a document does not have; equal to nothing that one can have."""

    def __str__(self) -> str:
        return "—"


MISSING = Missing()


@dataclass(frozen=True)
class Difference:
    """Where two documents part: what the one states, and what was found by computing it anew."""

    path: str
    stated: Any
    found: Any


def first_difference(stated: Any, found: Any, path: str = "", tolerance: float = TOLERANCE) -> Difference | None:
    """In the order of the document that was found.

    >>> first_difference({"a": 1, "b": [2.0]}, {"a": 1.00000001, "b": [2.5]})
    Difference(path='b[0]', stated=2.0, found=2.5)
    """
    if isinstance(stated, dict) and isinstance(found, dict):
        pairs = [
            (f"{path}.{key}" if path else key, key) for key in [*found, *(key for key in stated if key not in found)]
        ]
        parts = [(place, stated.get(key, MISSING), found.get(key, MISSING)) for place, key in pairs]
    elif isinstance(stated, list) and isinstance(found, list):
        longest = range(max(len(stated), len(found)))
        parts = [
            (f"{path}[{n}]", *((some[n] if n < len(some) else MISSING) for some in (stated, found))) for n in longest
        ]
    else:
        return None if _agree(stated, found, tolerance) else Difference(path, stated, found)
    differences = (first_difference(one, other, place, tolerance) for place, one, other in parts)
    return next(filter(None, differences), None)


def _agree(stated: Any, found: Any, tolerance: float) -> bool:
    if _is_number(stated) and _is_number(found):
        try:
            return stated == found or abs(stated - found) <= tolerance
        except OverflowError:
            return False
    return type(stated) is type(found) and stated == found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def count_numbers(document: Any) -> int:
    """How many numbers a document holds."""
    if isinstance(document, dict):
        return sum(map(count_numbers, document.values()))
    return sum(map(count_numbers, document)) if isinstance(document, list) else int(_is_number(document))
