"""Open this for how a bundle or a report is verified: everything is computed anew and compared; the first difference counts."""

import json
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from assessment.exchange import bundle, extracting
from assessment.exchange.document import FileError, Problem
from assessment.exchange.manifest import OF_ONE_ROUND, OF_SEVERAL, check_manifest
from assessment.management.bundling import Origin, listed, plain, sha256
from assessment.reports import document, pdf, printed
from assessment.reports.agreement import EXACTLY, TOLERANCE, Difference, count_numbers, first_difference
from assessment.reports.content.facts import Content
from assessment.reports.manifest import embedded, manifest_of, own_hash

MOST_PAGES = 2000
MOST_SECONDS = 300  # a page takes a tenth of a second
MOST_MEMORY = 3 * 2**30  # bytes; a page takes a megabyte
LONGEST = 20_000_000  # characters of a PDF's text


class Unreadable(ValueError):
    """The PDF's text cannot be read; the message says why, in the user's language. `by_limit`: it might be with more time."""

    def __init__(self, message: str, *, by_limit: bool = False) -> None:
        super().__init__(message)
        self.by_limit = by_limit


@dataclass(frozen=True)
class Verdict:
    """`difference`: the first one, with the file in its path; None: all agrees that can be compared. `doubt`: why that
    decides nothing. `told`: what was looked at."""

    difference: Difference | None = None
    told: str = ""
    doubt: str = ""


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
    said, report = _without(manifest, "files"), files["report.pdf"]
    if found := _documents(files, manifest, plain(scores), content) or _embedded_otherwise(said, report):
        return Verdict(found)
    told = _("%(numbers)d numbers computed anew from framework.yaml and answers.yaml agree.")
    numbers = count_numbers(plain(scores)) + count_numbers(document.document(content)["content"])
    return _verify_report(report, said, content, told % {"numbers": numbers})


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
    digests["remarks_sha256"] = sha256(
        files["remarks.json"]
    )  # what is read and printed of it is not all that it may hold
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


def _embedded_otherwise(said: dict[str, Any], report: bytes) -> Difference | None:
    """Whether the PDF's own manifest is another."""
    inside = embedded(report)
    if len(inside) != 1:
        return Difference("report.pdf: XMP cm:Manifest", len(inside), 1)
    difference = first_difference(inside[0], said, "", EXACTLY)
    return difference and replace(difference, path=f"report.pdf: XMP cm:Manifest {difference.path}")


def _verify_report(data: bytes, said: dict[str, Any], content: Content, told: str) -> Verdict:
    """Only the same bytes are a match. Other bytes are a difference, unless another version may have made them so."""
    made = pdf.render(content, manifest=said)
    if made == data:
        return Verdict(told=_sentences(told, _("The PDF made anew has the same bytes."), _unproven()))
    try:
        shown, wanted = pages_of(data), pages_of(made)
    except Unreadable as error:
        return Verdict(doubt=f"report.pdf: {error}") if error.by_limit else _damaged(error)
    quotes_others = printed.first_misprint(said, "\n".join(wanted)) is not None
    found = printed.first_misprint(said, "\n".join(shown), sure=quotes_others)
    parting = printed.first_parting(shown, wanted)
    if found is None and said["software"] != settings.VERSION:
        return Verdict(doubt=_sentences(told, _of_another_version(said), _where(parting)))
    found = found or parting
    if found is None and own_hash(data) is None:
        return Verdict(doubt=_sentences(told, _without_own_hash(), _where(None)))
    found = found or Difference("SHA-256", sha256(data), sha256(made))
    return Verdict(replace(found, path=f"report.pdf: {found.path}"))


def _damaged(error: Unreadable) -> Verdict:
    return Verdict(Difference(f"report.pdf: {error}", "", ""))


def _of_another_version(said: dict[str, Any]) -> str:
    text = _(
        "The PDF says that version %(other)s made it; this is %(own)s, which makes another file of the same content, so "
        "the PDF is not verified: do that with its own version, or make the report anew."
    )
    return text % {"other": said["software"][:20], "own": settings.VERSION}


def _where(parting: Difference | None) -> str:
    if parting is None:
        return _("The words read from both are the same; what is drawn may differ.")
    text = _("The first words that differ: %(place)s has “%(stated)s”, made anew it has “%(found)s”.")
    return text % {"place": parting.path, "stated": parting.stated, "found": parting.found}


def _unproven() -> str:
    return _("Whether it is a draft or final is what its maker says: nothing here proves it.")


def pages_of(data: bytes) -> list[str]:
    """All that a PDF prints, page by page, in its lines. Raises Unreadable."""
    try:
        return extracting.pages_of(data, seconds=MOST_SECONDS, memory=MOST_MEMORY, pages=MOST_PAGES, characters=LONGEST)
    except extracting.Unextracted as error:
        raise _unreadable(error.fault) from error


def _unreadable(fault: str) -> Unreadable:
    if fault == extracting.MANY_PAGES:
        text = _("the PDF has more than %(count)d pages, which is the most that are read")
        return Unreadable(text % {"count": MOST_PAGES}, by_limit=True)
    if fault in (extracting.TOO_MUCH, extracting.LONG):
        text = _("reading the PDF's text takes more than %(seconds)d seconds, or more memory than a report needs")
        return Unreadable(text % {"seconds": MOST_SECONDS}, by_limit=True)
    return Unreadable(_("the PDF's text cannot be read: is it damaged, or locked with a password?"))


def verify_pdf(file: str, data: bytes) -> Verdict:
    """What a PDF alone allows: its figures against what it prints, its hash against its bytes.

    Raises FileError where it bears no manifest.
    """
    inside = embedded(data)
    if not inside:
        raise _refused(
            file,
            _(
                "bears no manifest: it is not a report of this tool, is one over several rounds made before these bore "
                "any, has a password, or was saved by another program"
            ),
        )
    if len(inside) > 1:
        raise _refused(file, _("bears several manifests that differ"))
    manifest = check_manifest(file, inside[0], OF_ONE_ROUND + OF_SEVERAL)
    if manifest["kind"] in OF_SEVERAL:
        return _verify_own_hash(data)
    try:
        text = "\n".join(pages_of(data))
    except Unreadable as error:
        if not error.by_limit and (verdict := _verify_own_hash(data)).difference:
            return verdict  # an altered byte is one, also where it leaves nothing to read
        raise _refused(file, str(error)) from error
    own, found = _verify_own_hash(data), printed.first_misprint(manifest, text)
    if not found:
        return own
    if own.difference or printed.first_misprint(manifest, text, sure=True):
        return Verdict(found)
    return Verdict(doubt=_quoted(found))


def _quoted(found: Difference) -> str:
    text = _(
        "The PDF prints %(found)s where its manifest states %(stated)s (%(path)s): a figure that was altered, or people's "
        "own words on other scores, such as last year's. Verify the bundle, or look the file up in the register."
    )
    return text % vars(found)


def _verify_own_hash(data: bytes) -> Verdict:
    own = own_hash(data)
    if own is None:
        return Verdict(doubt=_without_own_hash())
    if not own.end:
        place = _("the PDF's own hash (XMP cm:Digest); it was altered, or saved by another program")
        return Verdict(Difference(place, own.stated, own.found))
    if behind := len(data) - own.end:
        text = _(
            "The PDF's first %(whole)d bytes are as they were made; %(behind)d bytes were added behind them, as a "
            "signature does, and may change what is seen. Check the signature with a PDF reader, or look the file up "
            "in the register."
        )
        return Verdict(doubt=text % {"whole": own.end, "behind": behind})
    told = _(
        "Not a byte of the PDF was altered since it was made, unless somebody computed its hash anew as well. A PDF "
        "alone cannot be recomputed: for that verify the bundle, or look the file up in the register."
    )
    return Verdict(told=_sentences(told, _unproven()))


def _without_own_hash() -> str:
    return _(
        "The PDF bears no hash of itself, as an earlier version made it or because it was taken out: whether it was "
        "altered cannot be told. Look it up in the register, or make the report anew."
    )


def _sentences(*told: str) -> str:
    return reduce(lambda one, more: _("%(one)s %(more)s") % {"one": one, "more": more}, told)


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
