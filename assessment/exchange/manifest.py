"""What a report says of itself, from whatever file: judged key by key before anything relies on it."""

import re
from typing import Any

from django.utils.translation import gettext as _

from assessment.exchange.document import Document
from assessment.exchange.fields import Fields

FORMAT = 1
HASH = re.compile(r"[0-9a-f]{64}")
HASHES = ("framework_sha256", "answers_sha256", "remarks_sha256")
OF_ONE_ROUND, OF_SEVERAL = ("gap", "brief", "slides"), ("comparison", "portfolio")
LANGUAGES, BASES = ("zh-hans", "en"), ("effective", "self")
HIGHEST = 9  # level of any scale


def check_manifest(file: str, value: dict[str, Any], kinds: tuple[str, ...] = OF_ONE_ROUND) -> dict[str, Any]:
    """The manifest, if it is whole and of one of these kinds. Raises FileError with all that is wrong with it."""
    document = Document(file, value)
    top = Fields(document, value)
    if top.whole("format", FORMAT, FORMAT, _("format %(known)d") % {"known": FORMAT}, required=True):
        _check(top, kinds)
    document.check()
    return value


def _check(top: Fields, kinds: tuple[str, ...]) -> None:
    top.string("software", required=True)
    top.choice("kind", kinds)
    top.choice("language", LANGUAGES)
    _check_hash(top, "content_sha256")
    if top.value.get("kind") not in OF_SEVERAL:
        _check_round(top)
    top.done()


def _check_hash(top: Fields, key: str) -> None:
    top.string(key, required=True, pattern=HASH, what=_("a SHA-256 in hexadecimal digits"))


def _check_round(top: Fields) -> None:
    top.string("round", required=True)
    top.choice("basis", BASES)
    if not top.has("draft"):
        top.refuse("draft", _("is missing"))
    top.flag("draft")
    for key in HASHES:
        _check_hash(top, key)
    for key, names in (("city", ("code", "name")), ("framework", ("code", "version"))):
        inner = top.inner(key, required=True)
        for name in names:
            inner.string(name, required=True)
        inner.done()
    _check_figures(top.inner("figures", required=True))
    top.asked.add("files")  # of a bundle's; compared whole with what is there


def _check_figures(figures: Fields) -> None:
    _check_figure(figures.inner("overall", required=True))
    for key in ("lenses", "dimensions"):
        parts = figures.inner(key, required=True)
        for code in parts.value:
            part = parts.inner(code, required=True)
            if not part.missing("name", required=True):
                part.long_string("name")
            _check_figure(part, ("level", "level_by_score") if key == "dimensions" else ("level",))
    figures.done()


def _check_figure(figure: Fields, levels: tuple[str, ...] = ("level",)) -> None:
    for key in ("score", "low", "high"):
        figure.number(key, _("a number from 0 to 100"), lambda value: 0 <= value <= 100)
        _must_be_said(figure, key)
    for key in levels:
        figure.level(key, HIGHEST)
        _must_be_said(figure, key)
    figure.done()


def _must_be_said(figure: Fields, key: str) -> None:
    """Even if it is null."""
    if figure.sound and key not in figure.value:
        figure.refuse(key, _("is missing"))
