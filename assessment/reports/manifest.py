"""Open this for what a report says of itself for other programs: from which files it was made, and its key numbers.

The same in a PDF's XMP, in a bundle's manifest.json and in the register; docs/reports-verification.md lists the keys.
Beside it a PDF bears the hash of its own bytes.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import islice
from typing import Any

from django.conf import settings

from assessment.reports.content.facts import Content

FORMAT = 1
NAMESPACE = "urn:city-maturity:manifest"
PREFIX = "cm"
LONGEST = 1_000_000  # bytes of XMP
WHOLE = ("score", "low", "high", "level")
PACKET = b"<?xpacket begin=", b"<?xpacket end="
MOST = 10  # packets, and manifests, that are looked at
WRITTEN = re.compile(rb"<cm:Manifest>([^<]+)</cm:Manifest>")
DIGEST = re.compile(rb"<cm:Digest>([0-9a-f]{64})</cm:Digest>")
BLANK = "0" * 64  # in the place of a file's own hash while it is computed
END = b"%%EOF\n"


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
        "content_sha256": content.digest,
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


def mark_of(kind: str, language: str, content_sha256: str) -> dict[str, Any]:
    """What a report over several rounds says of itself."""
    return {
        "format": FORMAT,
        "software": settings.VERSION,
        "kind": kind,
        "language": language,
        "content_sha256": content_sha256,
    }


# In XMP: a property whose text is the manifest as JSON in ASCII, and one for the hash of the file


def packed(manifest: dict[str, Any]) -> str:
    """The property's text."""
    return escape(json.dumps(manifest, ensure_ascii=True, allow_nan=False, separators=(",", ":")), quote=False)


def embedded(data: bytes) -> list[dict[str, Any]]:
    """The different manifests in a PDF's bytes, MOST at most. Our XMP is plain text, so nothing has to be unpacked."""
    found: list[dict[str, Any]] = []
    for match in islice(_written(WRITTEN, data), MOST):
        try:
            value = json.loads(unescape(match[1].decode("ascii")))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and value not in found:
            found.append(value)
    return found


@dataclass(frozen=True)
class Own:
    """The hash that a PDF bears of itself, what it comes to now, and where the file for which it holds ends (0: nowhere)."""

    stated: str
    found: str
    end: int


def own_hash(data: bytes) -> Own | None:
    """None where the PDF bears none. What was added behind a file, such as a signature, lies behind `end`."""
    written = next(_written(DIGEST, data), None)
    if not written:
        return None
    stated, (start, end) = written[1].decode("ascii"), written.span(1)
    seen, at = hashlib.sha256(data[:start] + BLANK.encode("ascii")), end
    for _nth in range(MOST):
        stop = data.find(END, at)
        if stop < 0:
            break
        stop += len(END)
        seen.update(data[at:stop])
        if seen.hexdigest() == stated:
            return Own(stated, stated, stop)
        at = stop
    seen.update(data[at:])
    return Own(stated, seen.hexdigest(), 0)


def _written(pattern: re.Pattern[bytes], data: bytes) -> Iterator[re.Match[bytes]]:
    return (match for start, end in _packets(data) for match in pattern.finditer(data, start, end))


def _packets(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each begins and ends."""
    start = 0
    for _nth in range(MOST):
        start = data.find(PACKET[0], start)
        if start < 0:
            return
        end = data.find(PACKET[1], start, start + LONGEST)
        if end > 0:
            yield start, end
        start = max(end, start + 1)
