"""Open this for how a bundle or a report is verified: everything is computed anew and compared; the first difference counts."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from assessment.exchange import bundle
from assessment.exchange.document import FileError, Problem
from assessment.exchange.manifest import check_manifest
from assessment.management.bundling import Origin, listed, plain, sha256
from assessment.reports import document, pdf, printed
from assessment.reports.agreement import EXACTLY, TOLERANCE, Difference, count_numbers, first_difference
from assessment.reports.content.facts import Content
from assessment.reports.manifest import embedded, manifest_of


@dataclass(frozen=True)
class Verdict:
    """`difference`: the first one, with the file in its path; None: all agrees. `told`: what was looked at."""

    difference: Difference | None
    told: str = ""


def verify_bundle(file: str, data: bytes) -> Verdict:
    """Raises FileError for what is no bundle, or whose files cannot be read; `fonts.FontsMissing`."""
    files = bundle.unpack(file, data)
    manifest = check_manifest(bundle.MANIFEST, _json(files, bundle.MANIFEST))
    found = _hashes(manifest, files)
    if found:
        return Verdict(found)
    if fault := bundle.packing_fault(file, data, files):
        raise FileError([fault])
    choices = {name: manifest[name] for name in ("basis", "language", "draft")}
    origin = Origin(files["framework.yaml"], files["answers.yaml"], files["remarks.json"], **choices)
    scores, content = origin.recomputed()
    found = _documents(files, manifest, plain(scores), content) or _report(files["report.pdf"], manifest, content)
    told = _("%(numbers)d numbers computed anew from framework.yaml and answers.yaml; %(report)s")
    numbers = count_numbers(plain(scores)) + count_numbers(document.document(content)["content"])
    return Verdict(found, told % {"numbers": numbers, "report": _how_the_report_was_compared(manifest)})


def _hashes(manifest: dict[str, Any], files: dict[str, bytes]) -> Difference | None:
    stated, found = manifest.get("files"), listed(files)
    if not isinstance(stated, dict):
        raise _refused(bundle.MANIFEST, _("lists no files"))
    for name in found:
        if difference := first_difference(stated.get(name), found[name], name, EXACTLY):
            return difference
    return first_difference(stated, found, f"{bundle.MANIFEST}: files", EXACTLY)


def _documents(
    files: dict[str, bytes], manifest: dict[str, Any], scores: dict[str, Any], content: Content
) -> Difference | None:
    """Score document, content and manifest against what was computed; and against each other, to the last digit."""
    stated = {name: _json(files, name) for name in ("score.json", "content.json")}
    whole, said = plain(document.document(content)), _without(manifest, "files")
    digests = {"software": said["software"], "content_sha256": document.digest_of(stated["content.json"])}
    copy = {key: stated["content.json"].get(key) for key in stated["score.json"]}
    pairs = (
        ("score.json", stated["score.json"], scores, TOLERANCE),
        ("content.json", stated["content.json"], whole, TOLERANCE),
        (bundle.MANIFEST, said, plain(manifest_of(content)) | digests, TOLERANCE),
        ("score.json", stated["score.json"], copy, EXACTLY),
    )
    for name, given, found, tolerance in pairs:
        if difference := first_difference(given, found, tolerance=tolerance):
            return replace(difference, path=f"{name}: {difference.path}")
    return None


def _report(data: bytes, manifest: dict[str, Any], content: Content) -> Difference | None:
    """The PDF's own manifest, then its bytes; of another version's PDF the figures that it prints."""
    said = _without(manifest, "files")
    inside = embedded(data)
    if len(inside) != 1:
        return Difference("report.pdf: XMP cm:Manifest", len(inside), 1)
    if difference := first_difference(inside[0], said, "", EXACTLY):
        return replace(difference, path=f"report.pdf: XMP cm:Manifest {difference.path}")
    if manifest["software"] != settings.VERSION:
        return _misprint(said, data)
    made = pdf.render(content, manifest=said)
    if made == data:
        return None
    return _misprint(said, data) or Difference("report.pdf: SHA-256", sha256(data), sha256(made))


def _misprint(manifest: dict[str, Any], data: bytes) -> Difference | None:
    try:
        difference = printed.first_misprint(manifest, printed.text_of(data))
    except printed.Unreadable as error:
        return Difference(f"report.pdf: {error}", "", "")
    return difference and replace(difference, path=f"report.pdf: {difference.path}")


def _how_the_report_was_compared(manifest: dict[str, Any]) -> str:
    if manifest["software"] == settings.VERSION:
        return _("the PDF made anew has the same bytes.")
    text = _(
        "the PDF is of version %(other)s, this is %(own)s: the figures that it prints were compared, not its bytes."
    )
    return text % {"other": str(manifest["software"])[:20], "own": settings.VERSION}


def verify_pdf(file: str, data: bytes) -> Verdict:
    """What a PDF alone allows: its manifest against what it prints. Raises FileError where it bears none."""
    inside = embedded(data)
    if not inside:
        raise _refused(
            file,
            _("bears no manifest: it is not a report of this tool, has a password, or was saved by another program"),
        )
    if len(inside) > 1:
        raise _refused(file, _("bears several manifests that differ"))
    manifest = check_manifest(file, inside[0])
    try:
        found = printed.first_misprint(manifest, printed.text_of(data))
    except printed.Unreadable as error:
        raise _refused(file, str(error)) from error
    told = _(
        "The hashes and figures in the PDF's manifest are those that it prints. A PDF alone cannot be recomputed; "
        "for that, verify the bundle."
    )
    return Verdict(found, told)


def _json(files: dict[str, bytes], name: str) -> dict[str, Any]:
    """The document, if it is spelled as this tool spells it: nothing twice, nothing hidden between."""
    try:
        value = json.loads(files[name].decode())
        if isinstance(value, dict) and document.spell(value) == files[name]:
            return value
    except (ValueError, RecursionError):
        pass
    raise _refused(name, _("is no JSON in the spelling of this tool"))


def _without(manifest: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in manifest.items() if name != key}


def _refused(file: str, message: str, path: str = "") -> FileError:
    return FileError([Problem(file, 0, path, message)])
