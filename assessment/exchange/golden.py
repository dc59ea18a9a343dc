"""Golden sets from files: shipped ones with the figures that they expect, and the answers of one from an answers file."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assessment import bench, outline
from assessment.answers import level_of
from assessment.exchange.answers import answers_of
from assessment.exchange.document import Document, join
from assessment.exchange.fields import CODE, SLUG, Fields, is_whole
from assessment.exchange.parsing import read


def read_golden_sets(path: str | Path, framework: outline.Framework) -> list[bench.Golden]:
    """All golden sets of the file, which is for this version alone. Raises FileError with all that is wrong."""
    document = read(path)
    top = Fields(document, document.value)
    for key, pattern, wanted in (("framework", SLUG, framework.code), ("version", CODE, framework.version)):
        if top.string(key, required=True, pattern=pattern, what=wanted) not in ("", wanted):
            top.expected(key, wanted)
    found = [_golden(fields, framework) for fields in top.each("golden_sets", required=True)]
    top.done()
    document.check()
    return found


def _golden(fields: Fields, framework: outline.Framework) -> bench.Golden:
    name = fields.string("name", required=True)
    answers, expected = fields.inner("answers", required=True), fields.inner("expected", required=True)
    given = {code: _answer(answers, code, framework) for code in answers.value}
    overall = _figure(expected.inner("overall", required=True), framework)
    parts = {
        key: _figures(expected.inner(key, required=True), [part.code for part in known], framework)
        for key, known in (("lenses", framework.lenses), ("dimensions", framework.dimensions))
    }
    expected.done()
    fields.done()
    return bench.Golden(name, given, {"overall": overall, **parts})


def _answer(answers: Fields, code: str, framework: outline.Framework) -> int | str:
    answer = answers.value[code]
    if code not in framework.criteria:
        answers.refuse(code, _("no criterion has the code “%(code)s”") % {"code": code[:50]})
    elif answer != bench.NA and not is_whole(answer, 0, framework.highest):
        answers.expected(code, _("a whole number from 0 to %(highest)d, or na") % {"highest": framework.highest})
    return answer


def _figures(fields: Fields, codes: list[str], framework: outline.Framework) -> dict[str, Any]:
    found = {code: _figure(fields.inner(code), framework) for code in codes}
    fields.done()
    return found


def _figure(fields: Fields, framework: outline.Framework) -> dict[str, float | int | None]:
    what = _("a number from 0 to 100")
    score = fields.number("score", what, lambda value: 0 <= value <= 100)
    level = fields.level("level", framework.highest)
    fields.done()
    return {"score": score, "level": level}


def golden_answers(document: Document, framework: outline.Framework) -> tuple[str, dict[str, int | str]]:
    """City and round, and the answers by code, of an answers file of this framework, in this version or another.

    Verified levels stand before chosen ones. Codes may be those of the version before that a criterion replaces; all
    others are refused. Raises FileError with all that is wrong.
    """
    assessment = answers_of(document, None)
    document.check()
    known = {code for criterion in framework.criteria.values() for code in (criterion.code, *criterion.replaces)}
    if assessment.framework != framework.code:
        document.refuse(
            "assessment.framework",
            _("expected %(what)s, got %(value)s") % {"what": framework.code, "value": assessment.framework},
        )
    found: dict[str, int | str] = {}
    for number, response in enumerate(assessment.responses):
        path, level = f"responses[{number}]", level_of(response, "effective")
        if response.criterion not in known:
            message = _("no criterion has the code “%(code)s”") % {"code": response.criterion[:50]}
            document.refuse(join(path, "criterion"), message)
        if level is not None and level > framework.highest:
            document.refuse(join(path, "level"), _("the highest level is %(level)d") % {"level": framework.highest})
        if level is not None or response.not_applicable:
            found[response.criterion] = bench.NA if level is None else level
    document.check()
    return f"{assessment.city.name} {assessment.round}", found
