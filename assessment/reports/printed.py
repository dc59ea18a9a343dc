"""Open this for what a PDF prints, by its text: whether a manifest's figures, row by row, and where two differ."""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from assessment.reports import prose, words
from assessment.reports.agreement import MISSING, Difference
from assessment.reports.charts import ON_A_WHEEL
from assessment.reports.typeset import MISSING as LACKING
from assessment.reports.typeset import bared

STRICT = r"(?:[(（]\s*(?:100\.0|\d{1,2}\.\d|—)\s*[)）])?"
BEFORE, BEHIND = 12, 24  # characters told of the place where two texts part
LONG, BEGINNING = 200, 60  # characters of a name: how many make its row too tall for a page, and stand there even so
NUMBER = r"(100\.0|\d{1,2}\.\d|—)"  # a score as printed


def first_parting(stated: list[str], found: list[str]) -> Difference | None:
    """The first page of which two texts differ, white space aside, and what each says at that place."""
    for number, pair in enumerate(zip_longest(stated, found, fillvalue=""), 1):
        one, other = ("".join(text.split()) for text in pair)
        if one != other:
            at = next(
                (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
            )
            place = slice(max(at - BEFORE, 0), at + BEHIND)
            return Difference(_("page %(number)d") % {"number": number}, one[place], other[place])
    return None


def first_misprint(manifest: dict[str, Any], text: str, *, sure: bool = False) -> Difference | None:
    """The first figure or hash that the text, in its lines, prints otherwise, or, in a gap report, not at all.

    `sure`: not what people may have written of other scores, such as last year's; the table of scores alone counts.
    """
    whole = manifest["kind"] == "gap"
    if sure and not whole:
        return None
    with translation.override(manifest["language"]):
        visible = [figure for figure in _figures(manifest["figures"]) if _seen(figure.name)]
        found = next(_misprints(visible, text, whole, sure), None)
    return found or (_missing_hash(manifest, text) if whole else None)


class _Row(NamedTuple):
    """What stands in a row of the table of scores behind its name."""

    score: str
    low: str
    high: str
    levels: str


@dataclass(frozen=True)
class _Figure:
    """Where a score stands in the manifest, its name in print, whether that begins with a code, and its row."""

    path: str
    name: str
    is_coded: bool
    row: _Row


def _figures(figures: dict[str, Any]) -> Iterator[_Figure]:
    yield _Figure("figures.overall", _("Overall score"), False, _row(figures["overall"]))
    if len(figures["lenses"]) > 1:
        for code, lens in figures["lenses"].items():
            yield _Figure(f"figures.lenses.{code}", lens["name"], False, _row(lens))
    for code, dimension in figures["dimensions"].items():
        yield _Figure(f"figures.dimensions.{code}", f"{code} {dimension['name']}", True, _row(dimension))


def _row(figure: dict[str, Any]) -> _Row:
    before = words.level(figure["level_by_score"]) if "level_by_score" in figure else words.NOTHING
    levels = "".join((before + words.level(figure["level"])).split())
    score, low, high = (words.points(figure[key]) for key in ("score", "low", "high"))
    return _Row(score, low, high, levels)


def _misprints(figures: list[_Figure], text: str, whole: bool, sure: bool) -> Iterator[Difference]:
    """Rows of the table of scores name bounds and levels, too; elsewhere the score alone follows the name."""
    lines = _Lines(text)
    level = _spaced(words.level(0)).replace("0", r"\d")
    row = rf"{NUMBER}\s+{NUMBER}\s*(?:–\s*{NUMBER})?\s*{STRICT}\s*((?:(?:—|{level})\s*){{2}})"
    rows = [(some, _read(found)) for some, found in lines.naming(figures, row)]
    yield from _without_row(figures, rows, whole)
    if sure:
        return
    yield from (_parting(some[0], row) for some, row in rows if all(row != figure.row for figure in some))
    beside = [
        level,
        *(_spaced(told) for told in (_("no level yet"), _("bounds %(low)s to %(high)s").partition("%")[0])),
    ]
    short = [figure for figure in figures if len(_seen(figure.name)) <= LONG]
    named = lines.naming(short, rf"{NUMBER}(?=\s*(?:·|{'|'.join(beside)}))")
    told = [(some, found.group(1)) for some, found in named]
    told += [(figures[:1], score) for score in re.findall(_sentence(prose.IN_ORDER, "score"), text)]
    told += _bars(short, lines)
    for some, score in told:
        if score not in {words.NOTHING, *(figure.row.score for figure in some)}:
            yield Difference(f"{some[0].path}.score", some[0].row.score, score)


def _without_row(figures: list[_Figure], rows: list[tuple[list[_Figure], _Row]], whole: bool) -> Iterator[Difference]:
    """Each figure must be in a row, also where several have one name."""
    for figure in figures:
        own = [row for some, row in rows if figure in some]
        if own and figure.row not in own:
            yield _parting(figure, own[0])
        elif whole and not own:
            yield Difference(figure.path, figure.row.score, MISSING)


def _parting(figure: _Figure, row: _Row) -> Difference:
    return next(
        Difference(f"{figure.path}.{name}", stated, found)
        for name, stated, found in zip(_Row._fields, figure.row, row, strict=True)
        if stated != found
    )


def _read(found: re.Match[str]) -> _Row:
    score, low, high, levels = found.groups()
    return _Row(score, low, high or words.NOTHING, "".join(levels.split()))


def _bars(figures: list[_Figure], lines: "_Lines") -> list[tuple[list[_Figure], str]]:
    """Where there are too many dimensions for a wheel: a bar's score ends its line, as it may in what people wrote."""
    coded = [figure for figure in figures if figure.is_coded]
    if len(coded) in ON_A_WHEEL:
        return []
    told = [(some, found.group(1)) for some, found in lines.naming(coded, rf"{NUMBER}(?=[^\S\n]*$)")]
    right = [some for some, score in told if score in {figure.row.score for figure in some}]
    return [(some, score) for some, score in told if some not in right]


class _Lines:
    """A text in which names are looked for that begin a line. No place is taken for two names."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: dict[str, list[int]] = defaultdict(list)
        for found in re.finditer(r"^[^\S\n]*(\S)", text, re.MULTILINE):
            self.starts[found.group(1)].append(found.start(1))
        self.taken = bytearray(len(text))

    def naming(self, figures: list[_Figure], behind: str) -> list[tuple[list[_Figure], re.Match[str]]]:
        """In the text's order, where a name is followed by something, and all whose name it is.

        One name may end, begin or be another one: the longest counts; of those whose end is not looked at, the nearest.
        """
        matches = [(match, figure) for figure in figures for match in self._named(figure.name, behind)]
        found: dict[tuple[int, int], tuple[list[_Figure], re.Match[str]]] = {}
        for match, figure in sorted(matches, key=_precedence):
            if match.span() in found:
                found[match.span()][0].append(figure)
            elif not any(self.taken[slice(*match.span())]):
                found[match.span()] = [figure], match
                self.taken[slice(*match.span())] = b"\1" * len(match.group())
        return [found[place] for place in sorted(found)]

    def _named(self, name: str, behind: str) -> Iterator[re.Match[str]]:
        pattern = re.compile(rf"{_printed(name)}\s+{behind}", re.MULTILINE)
        for start in heapq.merge(*(self.starts[first] for first in {_seen(name)[0], LACKING})):
            if match := pattern.match(self.text, start):
                yield match


def _precedence(pair: tuple[re.Match[str], _Figure]) -> tuple[bool, int]:
    match, figure = pair
    length = len(_seen(figure.name))
    return (True, -match.start()) if length > LONG else (False, -length)


def _seen(name: str) -> str:
    return "".join(bared(name).split())


def _printed(name: str) -> str:
    """The pattern of a name as it is set, broken over lines anywhere; the end of a long one may stand behind the row."""
    seen = _seen(name)
    shown = seen if len(seen) <= LONG else seen[:BEGINNING]
    pattern = r"\s*".join(f"[{re.escape(character)}{LACKING}]" for character in shown)
    return pattern if shown == seen else rf"{pattern}(?s:.{{0,{2 * len(seen)}}}?)"


def _sentence(text: str, name: str) -> str:
    """The pattern of a translated sentence; its value `name` is a score."""
    pieces = re.split(r"%\((\w+)\)s", _(text))
    values = (NUMBER if value == name else r"\S+" for value in pieces[1::2])
    return r"\s*".join(chain.from_iterable(zip_longest(map(_spaced, pieces[::2]), values, fillvalue="")))


def _spaced(text: str) -> str:
    """The pattern of words that may be broken over lines anywhere."""
    return r"\s*".join(map(re.escape, "".join(text.split())))


def _missing_hash(manifest: dict[str, Any], text: str) -> Difference | None:
    seen = "".join(text.split())
    names = (name for name in ("framework_sha256", "answers_sha256") if manifest[name])
    missing = next((name for name in names if manifest[name] not in seen), None)
    return Difference(missing, manifest[missing], MISSING) if missing else None
