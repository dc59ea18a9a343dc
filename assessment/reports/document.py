"""A report as JSON: the score document, or those of two rounds, with all that the report says under `content`."""

import hashlib
import json
from dataclasses import fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assessment.reports.comparison import Comparison
    from assessment.reports.content import Content

type Said = Content | Comparison
ATOMS = frozenset((str, int, bool, type(None)))


def render(content: Said) -> bytes:
    return spell(document(content))


def spell(document: dict[str, Any]) -> bytes:
    """JSON in its one spelling."""
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def document(content: Said) -> dict[str, Any]:
    """The score document and the content, in plain values; days as ISO strings, a logo as its SHA-256."""
    return _parted(_plain(content))


def author(content: Said) -> str:
    """Who a report's file says that it is from."""
    design = content.design
    return design.consultant.organisation or design.city.organisation or content.cover.framework


def digest(content: Said) -> str:
    """SHA-256 of what the report says, whatever form it is given."""
    return _hashed(_parted(_plain(content, whole=True)))


def digest_of(document: dict[str, Any]) -> str:
    """The same, of the document in plain values: keys in order, no spaces, whole numbers without a point, UTF-8."""
    return _hashed(_plain(document, whole=True))


def _parted(said: dict[str, Any]) -> dict[str, Any]:
    return {**said.pop("scores"), "content": said}


def _hashed(document: dict[str, Any]) -> str:
    spelled = json.dumps(document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def _plain(value: Any, whole: bool = False) -> Any:
    """In values that JSON knows. `whole`: 1.0 as 1, for a weight of 1 comes from a file as 1, from a database as 1.0."""
    kind: Any = type(value)
    if kind in ATOMS:
        return value
    if kind is float:
        return int(value) if whole and value.is_integer() else value
    if kind is tuple or kind is list:
        return [part if type(part) in ATOMS else _plain(part, whole) for part in value]
    if kind is dict:
        return {key: part if type(part) in ATOMS else _plain(part, whole) for key, part in value.items()}
    if kind is bytes:
        return hashlib.sha256(value).hexdigest() if value else ""
    if kind is date:
        return value.isoformat()
    return _plain({name: getattr(value, name) for name in _fields(kind)}, whole)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
