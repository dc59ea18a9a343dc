"""Answers file ⇄ outline: a whole assessment, each answer by its criterion's code."""

import re
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _

from assessment import outline
from assessment.exchange.document import Document, join
from assessment.exchange.fields import CODE, LONGEST_ADDRESS, SLUG, Fields
from assessment.exchange.parsing import read
from assessment.exchange.writing import dump

HIGHEST = 9  # that any scale may have
CITY_CODE = re.compile(r"[1-9]\d{5}", re.ASCII)


def read_answers(path: str | Path, framework: outline.Framework | None) -> outline.Assessment:
    """The assessment in the file, read against its framework. Raises FileError with all that is wrong."""
    document = read(path)
    assessment = answers_of(document, framework)
    document.check()
    return assessment


def named_framework(document: Document) -> tuple[str, str]:
    """Code and version of the framework that an answers file says it answers; empty where it does not say."""
    head = document.value.get("assessment") if isinstance(document.value, dict) else None
    named = (head.get(key) for key in ("framework", "version")) if isinstance(head, dict) else ("", "")
    code, version = (name if isinstance(name, str) else "" for name in named)
    return code, version


def answers_of(document: Document, framework: outline.Framework | None) -> outline.Assessment:
    """The assessment that a document describes; what is wrong is noted in the document.

    Where the framework itself cannot be read, the answers are looked at as far as that goes without it.
    """
    top = Fields(document, document.value)
    head = top.inner("assessment", required=True)
    responses = _responses(top, framework)
    top.done()
    code, version = _framework_name(head)
    if framework and code and code != framework.code:
        head.expected("framework", framework.code)
    if framework and version and version != framework.version:
        head.expected("version", framework.version)
    assessment = outline.Assessment(
        city=_city(head),
        round=head.string("round", required=True),
        framework=code,
        version=version,
        target=_target(head, framework),
        title=head.string("title"),
        as_of=head.day("as_of"),
        responses=responses,
    )
    head.done()
    return assessment


def _framework_name(head: Fields) -> tuple[str, str]:
    return (
        head.string("framework", required=True, pattern=SLUG, what=_("a lower-case slug")),
        head.string("version", required=True, pattern=CODE, what=_("a version such as “2024.1”")),
    )


def _city(head: Fields) -> outline.City:
    fields = head.inner("city", required=True)
    what = _("a six-digit administrative division code")
    city = outline.City(
        fields.string("code", required=True, pattern=CITY_CODE, what=what), fields.string("name", required=True)
    )
    fields.done()
    return city


def _target(head: Fields, framework: outline.Framework | None) -> str:
    target = head.string("target")
    if framework and target and not framework.target(target):
        codes = ", ".join(profile.code for profile in framework.targets)
        head.expected(
            "target", _("one of %(choices)s") % {"choices": codes} if codes else _("no target: the framework has none")
        )
    return target


def _responses(top: Fields, framework: outline.Framework | None) -> tuple[outline.Response, ...]:
    """In framework order, whatever their order in the file."""
    found: dict[str, outline.Response] = {}
    first: dict[str, str] = {}
    for fields in top.each("responses"):
        response = _response(fields, framework)
        code = response.criterion
        if code in first:
            fields.refuse(
                "criterion", _("%(code)s is already answered at %(path)s") % {"code": code, "path": first[code]}
            )
        elif code:
            first[code], found[code] = fields.path, response
    return tuple(found[code] for code in (framework.criteria if framework else found) if code in found)


def _response(fields: Fields, framework: outline.Framework | None) -> outline.Response:
    highest = framework.highest if framework else HIGHEST
    code = fields.string("criterion", required=True)
    if framework and code and code not in framework.criteria:
        fields.refuse("criterion", _("no criterion has the code “%(code)s”") % {"code": code[:50]})
    response = outline.Response(
        criterion=code,
        level=fields.level("level", highest),
        target=fields.level("target", highest),
        rationale=fields.long_string("rationale"),
        evidence=tuple(_evidence(inner) for inner in fields.each("evidence")),
        not_applicable=_reason(fields),
        verified_level=fields.level("verified_level", highest),
    )
    fields.done()
    return response


def _reason(fields: Fields) -> str:
    if "not_applicable" not in fields.value:
        fields.has("not_applicable")
        return ""
    reason = fields.long_string("not_applicable")
    if not reason.strip() and not fields.document.has_problem(join(fields.path, "not_applicable")):
        fields.refuse("not_applicable", _("a reason is required"))
    if fields.has("level"):
        fields.refuse("not_applicable", _("stands beside a level; give one of the two"))
    return reason


def _evidence(fields: Fields) -> outline.Evidence:
    evidence = outline.Evidence(
        title=fields.string("title", required=True),
        url=fields.string("url", longest=LONGEST_ADDRESS),
        reference=fields.string("reference"),
        as_of=fields.day("as_of"),
    )
    fields.done()
    return evidence


def write_answers(assessment: outline.Assessment) -> str:
    """The answers file in its one spelling: framework order, what says nothing left out."""
    return dump(outline.spell(assessment))


def answers_digest(assessment: outline.Assessment) -> str:
    """SHA-256 of the answers file: whoever exports it can check it."""
    return sha256(write_answers(assessment).encode()).hexdigest()
