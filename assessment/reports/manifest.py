"""Open this for what a report says of itself for other programs: from which files it was made, and its key numbers.

The same in a PDF's XMP, in a bundle's manifest.json and in the register; docs/reports-verification.md lists the keys.
"""

import json
import re
from html import escape, unescape
from typing import Any

from django.conf import settings

from assessment.reports import document
from assessment.reports.content.facts import Content

FORMAT = 1
NAMESPACE = "urn:city-maturity:manifest"
PREFIX = "cm"
LONGEST = 1_000_000  # bytes of XMP
WHOLE = ("score", "low", "high", "level")
PACKET = re.compile(rb"<\?xpacket begin=.{1,%d}?<\?xpacket end=" % LONGEST, re.DOTALL)
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
    """Every different manifest in a PDF's bytes. Our XMP is written in plain text, so nothing has to be unpacked."""
    found: list[dict[str, Any]] = []
    for match in (match for packet in PACKET.finditer(data) for match in WRITTEN.finditer(packet[0])):
        try:
            value = json.loads(unescape(match[1].decode("ascii")))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and value not in found:
            found.append(value)
    return found
