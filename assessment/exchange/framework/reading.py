"""Framework file → outline: every error at once, each in its place.

A workbook is read into the same mapping as YAML, so that this is the one reader that judges either.
"""

import math
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from django.utils.translation import gettext as _

from assessment import outline
from assessment.exchange.document import UNPRINTABLE, Document, FileError, join
from assessment.exchange.fields import CODE, LANGUAGE, LONGEST_ADDRESS, SLUG, Fields, is_whole, shown
from assessment.exchange.framework.workbook import read_book
from assessment.exchange.parsing import contents, parsed
from assessment.exchange.workbook.unpacking import ARCHIVE, COMPOUND_FILE
from assessment.exchange.writing import EXACT
from assessment.outline import Text

KINDS, STATUSES, ROLES = get_args(outline.Kind), get_args(outline.Status), get_args(outline.Role)
CARRIES = get_args(outline.Carry)


def read_framework(path: str | Path) -> outline.Framework:
    """The framework in the file. Raises FileError with all that is wrong."""
    return read_framework_file(str(path), contents(path))


def read_framework_file(file: str, data: bytes) -> outline.Framework:
    """The framework in a YAML or JSON file or a workbook, told apart by what is in it; `file` is its name in messages."""
    document = read_book(file, data) if data.startswith((ARCHIVE, COMPOUND_FILE)) else parsed(file, data)
    framework = framework_of(document)
    document.check()
    return framework


def framework_of(document: Document) -> outline.Framework:
    """The framework that a document describes; what is wrong is noted in the document."""
    top = Fields(document, document.value)
    top.language = top.string("language", required=True, pattern=LANGUAGE, what=_("a language such as zh-hans"))
    if not top.sound:
        raise FileError(document.problems)
    scale = _scale(top)
    highest = max(len(scale) - 1, 1)
    framework = outline.Framework(
        code=top.string("framework", required=True, pattern=SLUG, what=_("a lower-case slug")),
        version=top.string("version", required=True, pattern=CODE, what=_("a version such as “2024.1”")),
        language=top.language,
        name=top.text("name", required=True),
        about=top.text("about"),
        scale=scale,
        sources=tuple(_source(fields) for fields in top.each("sources")),
        lenses=tuple(_lens(fields, highest) for fields in top.each("lenses", required=True)),
        targets=tuple(_target(fields, highest) for fields in top.each("targets")),
        crosswalks=_crosswalks(top),
    )
    top.done()
    _refuse_repeated_codes(document)
    _refuse_unresolved(document, framework)
    return framework


def _scale(top: Fields) -> tuple[outline.Level, ...]:
    levels = []
    for number, fields in enumerate(top.each("scale", required=True)):
        given = fields.level("level", 9, required=True)
        if given is not None and given != number:
            fields.expected("level", _("%(level)d; levels are contiguous from 0") % {"level": number})
        what = _("a number from 0 to 100")
        threshold = fields.number("threshold", what, lambda value: 0 <= value <= 100)
        if number and not fields.has("threshold"):
            fields.refuse("threshold", _("is missing"))
        if not number and fields.has("threshold"):
            fields.refuse("threshold", _("level 0 has no threshold"))
        levels.append(outline.Level(number, fields.text("name", required=True), threshold, fields.text("meaning")))
        fields.done()
    if top.has("scale") and not 2 <= len(levels) <= 10:
        top.refuse("scale", _("expected 2 to 10 levels, got %(count)d") % {"count": len(levels)})
    for lower, upper in pairwise(levels[1:]):
        if lower.threshold is not None and upper.threshold is not None and lower.threshold >= upper.threshold:
            top.refuse(f"scale[{upper.level}].threshold", _("thresholds must ascend"))
    return tuple(levels)


def _source(fields: Fields) -> outline.Source:
    source = outline.Source(
        code=fields.code(),
        title=fields.text("title", required=True),
        issuers=fields.strings("issuers"),
        number=fields.string("number"),
        issued=fields.day("issued"),
        url=fields.string("url", longest=LONGEST_ADDRESS),
        edition=fields.text("edition"),
        passages=tuple(_passage(inner) for inner in fields.each("passages")),
    )
    fields.done()
    return source


def _passage(fields: Fields) -> outline.Passage:
    passage = outline.Passage(
        id=fields.string("id", required=True),
        locator=fields.text("locator", required=True),
        status=fields.choice("status", STATUSES),  # type: ignore[arg-type]
        quote=fields.text("quote"),
        summary=fields.text("summary"),
    )
    if passage.quote and passage.status and not passage.quotable:
        fields.refuse("quote", _("a passage of status %(status)s must not be quoted") % {"status": passage.status})
    fields.done()
    return passage


def _lens(fields: Fields, highest: int) -> outline.Lens:
    lens = outline.Lens(
        code=fields.code(),
        name=fields.text("name", required=True),
        weight=fields.weight(),
        dimensions=tuple(_dimension(inner, highest) for inner in fields.each("dimensions", required=True)),
    )
    fields.done()
    return lens


def _dimension(fields: Fields, highest: int) -> outline.Dimension:
    code, name, kind = fields.code(), fields.text("name", required=True), fields.choice("kind", KINDS)
    poles = {"required": True} if kind == "transition" else {}
    dimension = outline.Dimension(
        code=code,
        name=name,
        kind=kind,  # type: ignore[arg-type]
        start=fields.text("from", **poles) if kind == "transition" else Text(),
        end=fields.text("to", **poles) if kind == "transition" else Text(),
        weight=fields.weight(),
        cites=_citations(fields),
        facets=_sides(fields, highest) if kind == "balance" else (_only_side(fields, code, name, highest),),
    )
    fields.done()
    return dimension


def _sides(fields: Fields, highest: int) -> tuple[outline.Facet, ...]:
    facets = []
    for inner in fields.each("facets", required=True):
        code, name, weight = inner.code(), inner.text("name", required=True), inner.weight()
        facets.append(outline.Facet(code, name, weight, _criteria(inner, highest)))
        inner.done()
    if fields.has("facets") and len(facets) != 2:
        fields.refuse("facets", _("a balance has exactly two facets, got %(count)d") % {"count": len(facets)})
    return tuple(facets)


def _only_side(fields: Fields, code: str, name: Text, highest: int) -> outline.Facet:
    return outline.Facet(code, name, 1, _criteria(fields, highest))


def _criteria(fields: Fields, highest: int) -> tuple[outline.Criterion, ...]:
    return tuple(_criterion(inner, highest) for inner in fields.each("criteria", required=True))


def _criterion(fields: Fields, highest: int) -> outline.Criterion:
    criterion = outline.Criterion(
        code=fields.code(),
        title=fields.text("title", required=True),
        statement=fields.text("statement", required=True),
        guidance=fields.text("guidance"),
        weight=fields.weight(),
        key=fields.flag("key"),
        effort=_effort(fields, highest),
        owner=fields.text("owner"),
        measure=fields.text("measure"),
        levels=_descriptors(fields, highest),
        cites=_citations(fields),
        tags=fields.strings("tags"),
        suffices=fields.text("suffices"),
        falls_short=fields.text("falls_short"),
        replaces=_replaced(fields),
        carry=fields.choice("carry", CARRIES, default="lowest"),  # type: ignore[arg-type]
    )
    if criterion.code in outline.RESERVED_CODES:
        fields.expected("code", _("another code; “default” and “key” are reserved"))
    fields.done()
    return criterion


def _replaced(fields: Fields) -> tuple[str, ...]:
    """Codes of the version before. That version is not at hand here: whether it has them, `lint` tells."""
    codes = fields.strings("replaces")
    for code in {code for code in codes if codes.count(code) > 1}:
        fields.refuse("replaces", _("%(code)s is named twice") % {"code": code})
    return codes


def _effort(fields: Fields, highest: int) -> int | tuple[int, ...]:
    fields.refuse_null("effort")
    if not fields.has("effort"):
        return 3
    value = fields.value["effort"]
    if is_whole(value, 1):
        return value
    if isinstance(value, list) and len(value) == highest and all(is_whole(item, 1) for item in value):
        return tuple(value)
    fields.expected("effort", _("a whole number from 1, or a list of %(count)d of them") % {"count": highest})
    return 3


def _descriptors(fields: Fields, highest: int) -> tuple[outline.LevelDescriptor, ...]:
    found: dict[int, outline.LevelDescriptor] = {}
    for inner in fields.each("levels", required=True):
        level = inner.level("level", highest, required=True)
        descriptor = outline.LevelDescriptor(
            level or 0, inner.text("descriptor", required=True), inner.text("evidence"), inner.text("next")
        )
        inner.done()
        if level is None:
            continue
        if level in found:
            inner.expected("level", _("one descriptor for each level"))
        found[level] = descriptor
    lacking = [str(level) for level in range(highest + 1) if level not in found]
    if fields.has("levels") and lacking:
        fields.refuse("levels", _("no descriptor for level %(levels)s") % {"levels": ", ".join(lacking)})
    return tuple(found[level] for level in sorted(found))


def _citations(fields: Fields) -> tuple[outline.Citation, ...]:
    found: list[outline.Citation] = []
    for path, item in fields.entries("cites"):
        role = "basis"
        if isinstance(item, dict):
            inner = Fields(fields.document, item, path)
            role = inner.choice("role", ROLES, default="basis")
            item = inner.string("passage", required=True)
            inner.done()
        source, mark, passage = item.partition("#") if isinstance(item, str) else ("", "", "")
        if not (source and mark and passage):
            fields.document.refuse(path, _("expected SOURCE#PASSAGE, got %(value)s") % {"value": shown(item)})
        elif any(citation.key == item for citation in found):
            fields.document.refuse(path, _("%(passage)s is cited twice") % {"passage": item})
        else:
            found.append(outline.Citation(source, passage, role))  # type: ignore[arg-type]
    return tuple(found)


def _target(fields: Fields, highest: int) -> outline.TargetProfile:
    code, name = (
        fields.string(
            "code", required=True, pattern=CODE, what=_("a code of letters, digits, dots, hyphens and underscores")
        ),
        fields.text("name", required=True),
    )
    levels = fields.inner("levels", required=True)
    found = {key: levels.level(key, highest) for key in levels.value}
    fields.done()
    return outline.TargetProfile(code, name, {key: level for key, level in found.items() if level is not None})


def _crosswalks(top: Fields) -> dict[str, Any]:
    inner = top.inner("crosswalks")
    _refuse_unstorable(top.document, inner.value, "crosswalks")
    return inner.value


def _refuse_unstorable(document: Document, value: Any, path: str) -> None:
    """Crosswalks are free in form; what a database could not give back unchanged is refused."""
    inexact = isinstance(value, float) and not (math.isfinite(value) and abs(value) < EXACT)
    if inexact or isinstance(value, date):
        document.refuse(
            path, _("expected %(what)s, got %(value)s") % {"what": _("a string; quote it"), "value": shown(value)}
        )
    if isinstance(value, str) and UNPRINTABLE.search(value):
        document.refuse(path, _("contains control characters"))
    if isinstance(value, list):
        for index, child in enumerate(value):
            _refuse_unstorable(document, child, f"{path}[{index}]")
    if isinstance(value, dict):
        for key, child in value.items():
            if UNPRINTABLE.search(key):
                document.refuse(join(path, key), _("contains control characters"))
            _refuse_unstorable(document, child, join(path, key))


def _refuse_repeated_codes(document: Document) -> None:
    """Every code is looked at where it stands in the file, so that the second one is named with its line."""
    scopes: dict[str, dict[str, str]] = {}

    def note(scope: str, fields: Any, path: str, key: str = "code") -> None:
        code = fields.get(key) if isinstance(fields, dict) else None
        if not isinstance(code, str):
            return
        first = scopes.setdefault(scope, {}).setdefault(code, path)
        if first != path:
            there = {"code": code, "path": document.named(first)}
            document.refuse(f"{path}.{key}", _("the code “%(code)s” is already used at %(path)s") % there)

    def walk(parent: Any, path: str, key: str) -> list[tuple[Any, str]]:
        items = parent.get(key) if isinstance(parent, dict) else None
        return [(item, f"{path}{key}[{i}]") for i, item in enumerate(items)] if isinstance(items, list) else []

    for lens, lens_path in walk(document.value, "", "lenses"):
        note("framework", lens, lens_path)
        for dimension, path in walk(lens, f"{lens_path}.", "dimensions"):
            note("framework", dimension, path)
            facets = walk(dimension, f"{path}.", "facets")
            for facet, facet_path in facets:
                note("framework", facet, facet_path)
            for parent, parent_path in [(dimension, path), *facets]:
                for criterion, criterion_path in walk(parent, f"{parent_path}.", "criteria"):
                    note("framework", criterion, criterion_path)
    for source, path in walk(document.value, "", "sources"):
        note("sources", source, path)
        for passage, passage_path in walk(source, f"{path}.", "passages"):
            note(path, passage, passage_path, "id")
    for target, path in walk(document.value, "", "targets"):
        note("targets", target, path)


def _refuse_unresolved(document: Document, framework: outline.Framework) -> None:
    for owner_path, citation in () if document.has_problem("sources") else _cited(document.value, ""):
        if citation not in framework.passages:
            document.refuse(owner_path, _("no source has the passage %(passage)s") % {"passage": citation})
    for index, profile in enumerate(framework.targets):
        for key in profile.levels:
            if key not in outline.RESERVED_CODES and key not in framework.criteria:
                path = f"targets[{index}].levels.{key}"
                document.refuse(path, _("no criterion has the code “%(code)s”") % {"code": key})


def _cited(value: Any, path: str) -> list[tuple[str, str]]:
    """Every well-formed citation in the raw document, with its path."""
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in _cited(item, f"{path}[{index}]")]
    if not isinstance(value, dict):
        return []
    found = []
    for key, item in value.items():
        here = f"{path}.{key}" if path else key
        if key == "cites" and isinstance(item, list):
            for index, cite in enumerate(item):
                passage = cite.get("passage") if isinstance(cite, dict) else cite
                if isinstance(passage, str) and "#" in passage[1:-1]:
                    found.append((f"{here}[{index}]", passage))
        elif key != "crosswalks":
            found += _cited(item, here)
    return found
