"""Open this for what a report says of itself for other programs: from which files it was made, and its key numbers.

The same in a PDF's XMP, in a bundle's manifest.json and in the register; docs/reports-verification.md lists the keys.
"""

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import islice
from typing import Any

from django.conf import settings

from assessment.reports import document
from assessment.reports.content.facts import Content

FORMAT = 1
NAMESPACE = "urn:city-maturity:manifest"
PREFIX = "cm"
LONGEST = 1_000_000  # bytes of XMP
WHOLE = ("score", "low", "high", "level")
PACKET = b"<?xpacket begin=", b"<?xpacket end="
MOST = 10  # packets, and manifests, that are looked at
WRITTEN = re.compile(rb"<cm:Manifest>([^<]+)</cm:Manifest>")


def manifest_of(content: Content, kind: str = "gap") -> dict[str, Any]:
    facts = content.cover
    return {
        "format": FORMAT,
        "software": settings.VERSION,
        "kind": kind,
        "language": content.language,
        "basis": content.basis,
        "draft": content.draft,
        "city": {"code": facts.city_code, "name": facts.city},
        "round": facts.round,
        "framework": {"code": content.scores["framework"], "version": content.scores["version"]},
        "framework_sha256": content.method.digest,
        "answers_sha256": content.method.answers_digest,
        "remarks_sha256": content.method.added_digest,
        "content_sha256": document.digest(content),
        "figures": _figures(content),
    }


def _figures(content: Content) -> dict[str, Any]:
    """Of the score document what a reader looks at first, with the names under which the report prints it."""
    scores = content.scores
    return {
        "overall": {key: scores["overall"][key] for key in WHOLE},
        "lenses": {
            lens.code: {"name": lens.name, **{key: scores["lenses"][lens.code][key] for key in WHOLE}}
            for lens in content.summary.lenses
        },
        "dimensions": {
            section.code: {
                "name": section.name,
                **{key: scores["dimensions"][section.code][key] for key in (*WHOLE, "level_by_score")},
            }
            for section in content.sections
        },
    }


# In XMP: one property, whose text is the manifest as JSON in ASCII


def packed(manifest: dict[str, Any]) -> str:
    """The property's text."""
    return escape(json.dumps(manifest, ensure_ascii=True, allow_nan=False, separators=(",", ":")), quote=False)


def embedded(data: bytes) -> list[dict[str, Any]]:
    """The different manifests in a PDF's bytes, MOST at most. Our XMP is plain text, so nothing has to be unpacked."""
    found: list[dict[str, Any]] = []
    for match in islice((match for packet in _packets(data) for match in WRITTEN.finditer(packet)), MOST):
        try:
            value = json.loads(unescape(match[1].decode("ascii")))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and value not in found:
            found.append(value)
    return found


def _packets(data: bytes) -> Iterator[bytes]:
    start = 0
    for _nth in range(MOST):
        start = data.find(PACKET[0], start)
        if start < 0:
            return
        end = data.find(PACKET[1], start, start + LONGEST)
        if end > 0:
            yield data[start:end]
        start = max(end, start + 1)
