"""The report as JSON: the score document, with all that the report says under `content`."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from assessment.reports.content.facts import Content


def render(content: Content) -> bytes:
    return (json.dumps(document(content), ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def document(content: Content) -> dict[str, Any]:
    """The score document and the content, in plain values; days as ISO strings, a logo as its SHA-256."""
    said = _plain(asdict(content))
    return {**said.pop("scores"), "content": said}


def digest(content: Content) -> str:
    """SHA-256 of what the report says, whatever form it is given."""
    return digest_of(document(content))


def digest_of(said: Any) -> str:
    """SHA-256 of facts, whatever order their keys have."""
    spelled = json.dumps(_plain(said), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest() if value else ""
    return value.isoformat() if isinstance(value, date) else value
