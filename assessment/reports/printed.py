"""Open this for what a PDF prints, read from its text: whether a manifest's figures, row by row, and where two differ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import zip_longest
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from pypdf import PdfReader

from assessment.reports import words
from assessment.reports.agreement import MISSING, Difference

MOST_PAGES = 2000
STRICT = r"(?:[(（](?:100\.0|\d{1,2}\.\d|—)[)）])?"
BEFORE, BEHIND = 12, 24  # characters told of the place where two texts part
NUMBER = r"(100\.0|\d{1,2}\.\d|—)"  # a score as printed


class Unreadable(ValueError):
    """The PDF's text cannot be read."""


def pages_of(data: bytes) -> list[str]:
    """All that the PDF prints, page by page, without white space."""
    try:
        pages = PdfReader(BytesIO(data)).pages
        if len(pages) > MOST_PAGES:
            raise Unreadable
        return ["".join(page.extract_text().split()) for page in pages]
    except Exception as error:  # a broken PDF breaks pypdf in many ways
        raise Unreadable(_("the PDF's text cannot be read: is it damaged, or locked with a password?")) from error


def text_of(data: bytes) -> str:
    return "".join(pages_of(data))


def first_parting(stated: list[str], found: list[str]) -> Difference | None:
    """The first page of which two texts differ, and what each says at that place."""
    for number, (one, other) in enumerate(zip_longest(stated, found, fillvalue=""), 1):
        if one != other:
            at = next(
                (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
            )
            place = slice(max(at - BEFORE, 0), at + BEHIND)
            return Difference(_("page %(number)d") % {"number": number}, one[place], other[place])
    return None


def first_misprint(manifest: dict[str, Any], text: str) -> Difference | None:
    """The first figure or hash that the text prints otherwise, or, in a gap report, not at all."""
    with translation.override(manifest["language"]):
        wanted = list(_rows(manifest["figures"]))
    whole = manifest["kind"] == "gap"
    differences = (_misprint(path, label, row, text, whole) for path, label, row in wanted)
    found = next(filter(None, differences), None)
    return found or (_missing_hash(manifest, text) if whole else None)


@dataclass(frozen=True)
class _Row:
    """What stands in a row of the table of scores behind its name."""

    score: str
    low: str
    high: str
    levels: str


def _rows(figures: dict[str, Any]) -> Iterator[tuple[str, str, _Row]]:
    """Where each score stands in the manifest, the words before it in print, and what stands behind these."""
    yield "figures.overall", _("Overall score"), _row(figures["overall"])
    if len(figures["lenses"]) > 1:
        for code, lens in figures["lenses"].items():
            yield f"figures.lenses.{code}", lens["name"], _row(lens)
    for code, dimension in figures["dimensions"].items():
        yield f"figures.dimensions.{code}", f"{code} {dimension['name']}", _row(dimension)


def _row(figure: dict[str, Any]) -> _Row:
    before = words.level(figure["level_by_score"]) if "level_by_score" in figure else words.NOTHING
    levels = "".join((before + words.level(figure["level"])).split())
    score, low, high = (words.points(figure[key]) for key in ("score", "low", "high"))
    return _Row(score, low, high, levels)


def _misprint(path: str, label: str, row: _Row, text: str, whole: bool) -> Difference | None:
    """Rows of the table of scores name bounds and levels, too; elsewhere the score alone follows the name."""
    before = re.escape("".join(label.split()))
    rows = re.findall(f"{before}{NUMBER}{NUMBER}(?:–{NUMBER})?{STRICT}(.{{{len(row.levels)}}})", text)
    if whole and not rows:
        return Difference(path, row.score, MISSING)
    for printed in rows:
        for name, stated, found in zip(vars(row), vars(row).values(), printed, strict=True):
            if stated != (found or words.NOTHING):
                return Difference(f"{path}.{name}", stated, found)
    others = (found for found in re.findall(f"{before}{NUMBER}", text) if found not in (row.score, words.NOTHING))
    found = next(others, None)
    return Difference(f"{path}.score", row.score, found) if found else None


def _missing_hash(manifest: dict[str, Any], text: str) -> Difference | None:
    names = (name for name in ("framework_sha256", "answers_sha256") if manifest[name])
    missing = next((name for name in names if manifest[name] not in text), None)
    return Difference(missing, manifest[missing], MISSING) if missing else None
