"""A report as JSON: the score document, or those of two rounds, with all that the report says under `content`."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from assessment.reports.comparison import Comparison
from assessment.reports.content import Content

type Said = Content | Comparison


def render(content: Said) -> bytes:
    return spell(document(content))


def spell(document: dict[str, Any]) -> bytes:
    """JSON in its one spelling."""
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def document(content: Said) -> dict[str, Any]:
    """The score document and the content, in plain values; days as ISO strings, a logo as its SHA-256."""
    said = _plain(asdict(content))
    return {**said.pop("scores"), "content": said}


def digest(content: Said) -> str:
    """SHA-256 of what the report says, whatever form it is given."""
    return digest_of(document(content))


def digest_of(document: dict[str, Any]) -> str:
    """The same, of the document in plain values: keys in order, no spaces, whole numbers without a point, UTF-8."""
    spelled = json.dumps(
        _whole(_plain(document)), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(spelled.encode()).hexdigest()


def _whole(value: Any) -> Any:
    """A weight of 1 comes from a file as 1, from a database as 1.0."""
    if isinstance(value, dict):
        return {key: _whole(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_whole(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest() if value else ""
    return value.isoformat() if isinstance(value, date) else value
