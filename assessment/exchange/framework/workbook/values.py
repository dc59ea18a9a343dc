"""How a value stands in a cell, both ways, so that what goes out comes back the same.

A cell that cannot be what its column asks for raises Misread. What a framework file would refuse as well (a level of
2.5, a weight of 0) passes here and is refused there.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from assessment.exchange.document import Document
from assessment.exchange.fields import shown
from assessment.exchange.parsing import LONGEST_NUMBER, parse_json

ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
ESCAPE = re.compile(r"_x(005F|00[01][0-9A-F])_", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
MOST_EXACT = 2**53  # the whole numbers up to which a cell keeps every one
BETWEEN = re.compile(r"[\s,，、;；]+")
MARKED = re.compile(r"[（(]\s*([^（()）]*?)\s*[)）]\s*(.*)", re.DOTALL)


class Misread(ValueError):
    """A cell is not what it has to be; the message says what was expected and what stands there."""

    def __init__(self, what: str, value: Any):
        super().__init__(_("expected %(what)s, got %(value)s") % {"what": what, "value": shown(value)})


# Signs


def escape(text: str) -> str:
    """A text as the file format wants it in a cell: a carriage return, and what looks like an escape, are escaped.

    >>> escape("a\\r\\n_x0041_"), unescape(escape("a\\r\\n_x0041_"))
    ('a_x000D_\\n_x005F_x0041_', 'a\\r\\n_x0041_')
    """
    return ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")


def unescape(text: str) -> str:
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def quoted(text: str) -> str:
    """A line as it stands beside others; in quotes, as JSON has them, where blanks at its ends would be lost.

    >>> quoted("a b"), quoted(" a"), unquoted(' " a" ')
    ('a b', '" a"', ' a')
    """
    is_plain = text == text.strip() != "" and "\n" not in text and not text.startswith('"')
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        try:
            value = json.loads(text)
        except ValueError:
            return text
        return value if isinstance(value, str) else text
    return text


# Out


def spell_lines(items: list[str]) -> str:
    return "\n".join(quoted(item) for item in items)


def spell_cites(cites: list[str | dict[str, str]], roles: Mapping[str, Any]) -> str:
    return "\n".join(
        quoted(cite) if isinstance(cite, str) else f"（{roles[cite['role']]}）{quoted(cite['passage'])}"
        for cite in cites
    )


def spell_effort(effort: int | list[int]) -> int | str:
    """One number for all steps, or one for each; a list of one keeps its comma."""
    if isinstance(effort, list):
        return "、".join(map(str, effort)) if len(effort) > 1 else f"{effort[0]}、"
    return effort if effort <= MOST_EXACT else str(effort)


def spell_number(number: float) -> float | str:
    """A number that cells, with their 16 digits, would change is written out as text."""
    return number if float(f"{number:.16g}") == number else repr(number)


def spell_any(value: Any) -> str:
    """A text as such; everything else, and a text that could be taken for it, as JSON."""
    if isinstance(value, str) and value.strip() == value != "" and not _is_json(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


# In


def as_text(value: Any) -> str | None:
    """A text just as it stands; none for blanks. Whole numbers are texts too: 2027 is typed as such."""
    if isinstance(value, str):
        return value if value.strip() else None
    if _is_whole(value):
        return str(int(value))
    raise Misread(_("text; format the cell as text and type it again"), value)


def as_line(value: Any) -> str | None:
    text = as_text(value)
    return None if text is None else unquoted(text)


def as_lines(value: Any) -> list[str]:
    return [unquoted(line) for line in (as_text(value) or "").split("\n") if line.strip()]


def as_cites(value: Any, roles: Mapping[str, str]) -> list[str | dict[str, str]]:
    """SOURCE#PASSAGE on each line; before it, in brackets, a role that is not the usual one."""
    found: list[str | dict[str, str]] = []
    for line in (as_text(value) or "").split("\n"):
        marked = MARKED.fullmatch(line.strip())
        role = roles.get(" ".join(marked[1].split()).casefold()) if marked else None
        if marked and role:
            found.append({"passage": unquoted(marked[2]), "role": role})
        elif line.strip():
            found.append(unquoted(line))
    return found


def as_number(value: Any) -> Any:
    """A number, also one that stands there as text."""
    if isinstance(value, str):
        text = value.strip()
        if NUMBER.fullmatch(text) and len(text) <= LONGEST_NUMBER:
            return float(text) if set(text) & set(".eE") else int(text)
        return text or None
    return value


def as_whole(value: Any) -> Any:
    number = as_number(value)
    return int(number) if _is_whole(number) else number


def as_effort(value: Any) -> Any:
    number = as_whole(value)
    words = BETWEEN.split(number) if isinstance(number, str) else []
    steps = [as_whole(word) for word in words if word]
    return steps if len(words) > 1 and all(isinstance(step, int) for step in steps) else number


def as_day(value: Any) -> Any:
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date()
    found = DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups())) if found else value
    except ValueError:
        return value


def as_choice(value: Any, known: Mapping[str, Any], labels: list[Any]) -> Any:
    """The choice that is called so; true and false are called so too."""
    text = str(value) if isinstance(value, bool) else value
    if text is None or (isinstance(text, str) and not text.strip()):
        return None
    choice = known.get(" ".join(text.split()).casefold()) if isinstance(text, str) else None
    if choice is None:
        raise Misread(_("one of %(choices)s") % {"choices": "、".join(map(str, labels))}, value)
    return choice


def as_any(value: Any) -> Any:
    """What `spell_any` wrote. Raises Misread for JSON that says something twice or is nested too deep."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return as_whole(value)
    document = Document("")
    sound = parse_json(document, value)
    if document.problems:
        raise Misread(_("JSON without duplicate keys, nested at most 40 deep"), value)
    return document.value if sound else value.strip() or None


READERS: dict[str, Callable[[Any], Any]] = {
    "line": as_line,
    "text": as_text,
    "number": as_number,
    "whole": as_whole,
    "lines": as_lines,
    "effort": as_effort,
    "day": as_day,
    "value": as_any,
}


def _is_whole(value: Any) -> bool:
    return not isinstance(value, bool) and (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer() and abs(value) < 2**53)
    )
