"""Open this for what people added to a report as one file: their words, who closes which gap, and how the report looks."""

import hashlib
import json
from base64 import b64encode
from dataclasses import asdict
from datetime import date
from typing import Any

from assessment.design import Design
from assessment.remark import Remarks


def spell(remarks: Remarks, design: Design) -> dict[str, Any]:
    """Plain values: days as ISO strings, logos in base64."""
    added = {"remarks": remarks.remarks, "improvements": remarks.improvements, "design": design}
    return {name: _plain(value) for name, value in added.items()}


def write(remarks: Remarks, design: Design) -> bytes:
    """The file in its one spelling."""
    return (json.dumps(spell(remarks, design), ensure_ascii=False, indent=2) + "\n").encode()


def digest(remarks: Remarks, design: Design) -> str:
    return hashlib.sha256(write(remarks, design)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, date):
        return value.isoformat()
    return _plain(asdict(value)) if hasattr(value, "__dataclass_fields__") else value
