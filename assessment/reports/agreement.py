"""Open this for whether two documents say the same: value by value, numbers within 1e-7, and the first that does not."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

TOLERANCE = 1e-7  # at which the score contract's readers compare
EXACTLY = 0.0  # by the spelling: 0, 0.0 and -0.0 are three


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
        keys = [*found, *(key for key in stated if key not in found)]
        named = ((f"{path}.{key}" if path else key, stated.get(key, MISSING), found.get(key, MISSING)) for key in keys)
    elif isinstance(stated, list) and isinstance(found, list):
        pairs = enumerate(zip_longest(stated, found, fillvalue=MISSING))
        named = ((f"{path}[{place}]", one, other) for place, (one, other) in pairs)
    else:
        return None if _agree(stated, found, tolerance) else Difference(path, stated, found)
    differences = (first_difference(one, other, place, tolerance) for place, one, other in named)
    return next(filter(None, differences), None)


def _agree(stated: Any, found: Any, tolerance: float) -> bool:
    if tolerance == EXACTLY:
        return type(stated) is type(found) and repr(stated) == repr(found)
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
