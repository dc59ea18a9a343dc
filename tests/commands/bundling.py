"""Bundles of a small round, and what a forger makes of them: every hash computed anew after the change."""

import json
from functools import cache

from assessment.exchange import bundle
from assessment.management.bundling import Origin, listed, make_bundle, sha256
from assessment.reports import document, pdf
from assessment.reports.content.facts import Content
from tests.factories import make_assessment
from tests.records import some_framework
from tests.reports import sample

MIXED = {"T1.1": 1, "T1.2": {"level": 5, "verified_level": 4}, "T1.3": 4, "P1.A1": 3, "P1.A2": 3, "P1.B1": 0}


@cache
def small_bundle(language="zh-hans", basis="effective") -> bytes:
    return make_bundle(Origin.of(some_framework(), make_assessment(MIXED), language=language, basis=basis))[0]


@cache
def dressed_bundle() -> bytes:
    """With a consultant's words and marks."""
    origin = Origin.of(sample.framework(), sample.assessment(), sample.remarks(), sample.design())
    return make_bundle(origin)[0]


def files_of(data: bytes) -> dict[str, bytes]:
    return bundle.unpack("x.zip", data)


def forged(data: bytes, name: str, changed: bytes) -> bytes:
    """The bundle with another file in it, and all hashes as they should be."""
    files = files_of(data) | {name: changed}
    if name != bundle.MANIFEST:
        files[bundle.MANIFEST] = document.spell(json.loads(files[bundle.MANIFEST]) | _hashes(files))
    return bundle.pack(files)


def with_report(data: bytes, content: Content, **said) -> bytes:
    """The bundle with a report of other content, and a manifest that says of both what it should, or otherwise."""
    manifest = json.loads(files_of(data)[bundle.MANIFEST]) | said
    named = {key: value for key, value in manifest.items() if key != "files"}
    files = files_of(data) | {"report.pdf": pdf.render(content, manifest=named)}
    files[bundle.MANIFEST] = document.spell(manifest | {"files": listed(files)})
    return bundle.pack(files)


def _hashes(files: dict[str, bytes]) -> dict:
    hashes = {
        "framework_sha256": sha256(files["framework.yaml"]),
        "answers_sha256": sha256(files["answers.yaml"]),
        "remarks_sha256": sha256(files["remarks.json"]),
        "files": listed(files),
    }
    try:
        return hashes | {"content_sha256": document.digest_of(json.loads(files["content.json"]))}
    except (ValueError, RecursionError):
        return hashes


def replaced(data: bytes, name: str, old: str, new: str) -> bytes:
    text = files_of(data)[name].decode()
    assert old in text
    return forged(data, name, text.replace(old, new, 1).encode())
