"""Open this for how Chinese lines are set: clean text, break it into lines by the rules of 避头尾; `pen` draws them.

Text is never markup here: a run is a string with a style, and what a user typed stays what a user typed. Widths come
from a table, a line is one text operator with the few corrections that good Chinese setting needs:
a quarter-em gap (we use less) between Chinese and Latin, and half an em less where two punctuation marks meet.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any, Literal, NamedTuple

from assessment.outline import LONGEST_TEXT
from assessment.reports.fonts import MARKS, NARROW, Fonts

_NARROW_LEFT, _NARROW_RIGHT, _NARROW_DOTS = (
    "".join(chr(NARROW[ord(mark)]) for mark in some) for some in ("‘“", "’”", "…")
)
NEVER_FIRST = frozenset(f"，。；：！？、）】》」』”’…—％%〕］｝〉·～‰℃,.;:!?)]}}{_NARROW_RIGHT}{_NARROW_DOTS}")
NEVER_LAST = frozenset(f"（【《「『“‘〔［｛〈([{{￥$＃−{_NARROW_LEFT}")
LATIN_GAP = 0.15  # em, between Chinese and Latin letters or digits
SQUEEZE = -0.5  # em, where two full-width marks meet
SHORT_REST = 14  # characters that a last line may have, citation numbers among them, and still be too short
SHORT_LINE = 10  # characters: from here on a line gives to a last line that would have a single one,
LONG_LINE = 14  # and from here on to one that would have two
MISSING = "〓"

Align = Literal["left", "centre", "right", "justify"]
Box = tuple[float, float, float, float]  # left, bottom, right, top

_HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTERS = r"\u00a1-\u052f\u1e00-\u1fff"  # of Latin, Greek and Cyrillic beyond ASCII
_LATIN = r"A-Za-z0-9\u00c0-\u052f\u1e00-\u1fff"
_OPEN, _CLOSE = "（【《「『“‘〔", "，。；：、）】》」』”’〕"
_CORRECTIONS = re.compile(
    rf"(?P<gap>(?<=[{_HAN}])(?=[{_LATIN}])|(?<=[{_LATIN}%])(?=[{_HAN}]))"
    rf"|(?<=[{_CLOSE}])(?=[{_CLOSE}{_OPEN}])|(?<=[{_OPEN}])(?=[{_OPEN}])"
)
_COUNTED = "年月日号项级分个件次条家天人名位期轮章页户时周倍种类万亿元"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMERAL = "一二三四五六七八九十百"
_WORD = re.compile(  # not broken inside, unless longer than a line; one class of first characters makes it quick
    rf"[〔第（{_NUMERAL}!-~{_LETTERS}{_NARROW_LEFT}](?:"
    r"(?<=[A-Z])[0-9][0-9A-Z.]* [\u4e00-\u9fff]"  # T4 and what it is called
    r"|(?<=〔)[0-9]+〕[0-9]+号"  # 〔2025〕3号
    rf"|(?<=（)[{_NUMERAL}]{{1,4}}）"  # （十一）
    rf"|(?<=第)[{_NUMERAL}]{{1,5}}(?:部分|[编章节条款项])"  # 第十一条
    rf"|(?<=[{_NUMERAL}])[{_NUMERAL}]?、（[{_NUMERAL}]{{1,4}}）"  # 四、（十一）
    rf"|(?<=[0-9])[0-9]? (?:{_MONTHS}) [0-9]{{4}}"  # 9 May 2025
    r"|(?<=P)art [IVX]+ \([0-9]+\)"  # Part IV (11)
    rf"|(?<![（{_NUMERAL}])(?:[!-~{_LETTERS}{_NARROW_RIGHT}{_NARROW_DOTS}]|’(?=[a-z]))*"  # words, 第3次, 85.6分
    rf"(?:(?<=[0-9])(?:年[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?|月[0-9]{{1,2}}日|[{_COUNTED}]))?)"  # 2025年5月9日
)
LATIN_TEXT = re.compile(rf"[ -~’{_LETTERS}{''.join(map(chr, MARKS))}]+")
_SHARED = "".join(map(chr, NARROW))
_WIDE_HERE = rf"[{_HAN}\u3000-\u301f\uff00-\uffef{_SHARED}]"  # beside these a mark is as wide as they are
_MARKS_IN_LATIN = re.compile(rf"(?<!{_WIDE_HERE})[{_SHARED}]+(?!{_WIDE_HERE})")
HALF_EMPTY = frozenset(_CLOSE)  # at a line's end their empty right half may stand outside
_DROPPED = {"Cc", "Cf", "Cs"}
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f]+")


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How a run looks. Sizes and rises in points, colours as a PDF operand like `0.1 0.2 0.3`.

    Made once and used again, as `styled` does: two that look the same are different keys, which are found ten times as fast.
    """

    size: float = 9.5
    weight: int = 400
    colour: str = "0.122 0.161 0.200"
    rise: float = 0


styled = lru_cache(1024)(Style)  # for who makes one while drawing


class Run(NamedTuple):
    """A piece of text in one style. `link` is a key of the document or an http(s) address; `tied`: never broken, nor
    parted from what stands before it (a citation number); `label`: the mark of the list's item that it begins."""

    text: str
    style: Style
    link: str = ""
    tied: bool = False
    label: bool = False


class Line(NamedTuple):
    """From `start` to `end` of a paragraph's text; `width` as set, `room` as given, `last` of its paragraph."""

    start: int
    end: int
    width: float
    room: float
    indent: float
    last: bool


@dataclass(slots=True, eq=False)
class Paragraph:
    """Runs broken into lines, ready to be drawn at any place, in any document."""

    text: str
    runs: tuple[tuple[int, int, Run], ...]
    corrections: dict[int, float]
    lines: tuple[Line, ...]
    leading: float
    align: Align = "justify"
    parted: bool = False  # whether a run is something of its own in the text: a link, a label
    missing: frozenset[str] = frozenset()  # characters that the font lacks
    strokes: Sequence[Any] | None = None  # how the lines are drawn, where the pen has drawn them before

    @property
    def height(self) -> float:
        return self.leading * len(self.lines)

    def part(self, start: int, end: int) -> "Paragraph":
        """Some of its lines: what a page has room for."""
        return replace(self, lines=self.lines[start:end], strokes=None)


@dataclass
class Cleaner:
    """Makes any text safe to set, and remembers which characters the font lacked."""

    fonts: Fonts
    missing: set[str] = field(default_factory=set)

    def __call__(self, text: str, most: int = LONGEST_TEXT) -> str:
        if len(text) <= most and self.fonts.known.issuperset(text):
            return text
        return self._cleaned(text[: most * 2], most)

    def _cleaned(self, text: str, most: int) -> str:
        """What is not drawn goes, the unknown is a 〓; what is too long is cut."""
        shown = "".join(map(self._character, bared(text)))
        return shown if len(shown) <= most else shown[: most - 1] + "…"

    def _character(self, character: str) -> str:
        if character in self.fonts.known:
            return character
        self.missing.add(character)
        return MISSING


def bared(text: str) -> str:
    """Without control and format characters, which are not drawn; line ends and spaces are plain. Needs no font.

    >>> bared("数据\u200b安全\u00a0\ufe0f\u00ad")
    '数据安全 '
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = _SPACES.sub(" ", _SELECTORS.sub("", text))
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _DROPPED)


def corrections(text: str) -> dict[int, float]:
    """Index of a character → what to add after it, in em.

    >>> corrections("到2027年，（试行）")
    {0: 0.15, 4: 0.15, 6: -0.5}
    """
    return {m.start() - 1: LATIN_GAP if m["gap"] is not None else SQUEEZE for m in _CORRECTIONS.finditer(text)}


def cut(text: str, most: int) -> str:
    """The first `most` characters at most, then an …: after a character or, in Latin, a whole word.

    A word is cut as well where more than half would go with it.

    >>> cut("Centre and city moving", 18), cut("绕开设施、漏记", 5), cut("of Bundesministerium", 9)
    ('Centre and city…', '绕开设施…', 'of Bundes…')
    """
    kept = text[:most]
    if LATIN_TEXT.fullmatch(text[max(most - 1, 0) : most + 1]) and text[most : most + 1] != " ":
        word = kept.rfind(" ")
        kept = kept[:word] if 2 * word >= most else kept
    return f"{kept.rstrip(' ，、；：,;:(（')}…"


def legal(text: str, at: int, tied: frozenset[int] = frozenset()) -> bool:
    """Whether a line may end before `text[at]`, words aside.

    >>> legal("城市，数据", 2), legal("城市，数据", 3), legal("《城市", 1)
    (False, True, False)
    """
    before, after = text[at - 1], text[at]
    return after not in NEVER_FIRST and before not in NEVER_LAST and after != " " and at not in tied


def narrowed(text: str) -> str:
    """Quotation marks and dots as Latin wants them, but where they belong to Chinese: stand-ins, see `fonts.NARROW`."""
    return _MARKS_IN_LATIN.sub(lambda found: found[0].translate(NARROW), text)


class Setter:
    """Sets runs into paragraphs with one document's cleaner. `latin`: the document is not in Chinese."""

    def __init__(self, fonts: Fonts, *, latin: bool = False) -> None:
        self.fonts, self.latin = fonts, latin
        self.clean = Cleaner(fonts)

    def drawn(self, text: str) -> str:
        """A clean text as it is drawn, a character for each."""
        return narrowed(text) if self.latin else text

    def width(self, text: str, style: Style) -> float:
        text = self.drawn(text)
        widths = self.fonts[style.weight].at(style.size)
        return sum(map(widths.__getitem__, text)) + style.size * sum(corrections(text).values())

    def fitted(self, text: str, style: Style, width: float) -> str:
        """One line, cut with an … where it would not fit."""
        text = self.clean(text).replace("\n", " ")
        if self.width(text, style) <= width:
            return text
        table = self.fonts[style.weight].at(style.size)
        most = bisect_right(list(accumulate(map(table.__getitem__, self.drawn(text)))), width)
        while most and self.width(f"{text[:most]}…", style) > width:
            most -= 1
        return cut(text, most)

    def spans(self, runs: Iterable[Run], most: int) -> tuple[tuple[tuple[int, int, Run], ...], str]:
        """The text as it is drawn, and where in it each run is that has some of it, with its text as it is drawn."""
        spans, at = [], 0
        for run in runs:
            text = self.drawn(self.clean(run.text, most))
            if text:
                spans.append((at, at + len(text), run if text is run.text else run._replace(text=text)))
                at += len(text)
        return tuple(spans), "".join(run.text for _start, _end, run in spans)

    def shortened(self, text: str, style: Style, width: float, lines: int) -> str:
        """What `lines` lines of a column have room for, cut with an … after a character or, in Latin, a word."""
        laid = self.lay(Run(text, style), width, style.size, align="left")
        if len(laid.lines) <= lines:
            return text
        whole, most = laid.text.translate(MARKS), max(laid.lines[lines - 1].end - 1, 0)
        while most > 1 and len(self.lay(Run(cut(whole, most), style), width, style.size, align="left").lines) > lines:
            most -= 1  # an … may be wider than what it stands for
        return cut(whole, most)

    def lay(
        self,
        runs: Run | Sequence[Run],
        width: float,
        leading: float,
        *,
        indent: float = 0,
        align: Align = "justify",
        most: int = LONGEST_TEXT,
    ) -> Paragraph:
        """Break `runs` into lines of `width` points; `indent` is the first line's. Line feeds in a run are kept."""
        runs = (runs,) if isinstance(runs, Run) else tuple(runs)
        laid = _set(self.fonts, self.latin, runs, width, leading, indent, align, most)
        self.clean.missing |= laid.missing
        return laid


@lru_cache(24_000)
def _set(
    fonts: Fonts,
    latin: bool,
    runs: tuple[Run, ...],
    width: float,
    leading: float,
    indent: float,
    align: Align,
    most: int,
) -> Paragraph:
    """Kept, as the framework's words come again in each city's report, and labels again and again."""
    setter = Setter(fonts, latin=latin)
    spans, text = setter.spans(runs, most)
    added = corrections(text) if len(text) > 1 else {}
    ends = _ends(fonts, text, spans, added)
    if ends and ends[-1] <= width - indent and "\n" not in text:
        lines: tuple[Line, ...] = (Line(0, len(text), ends[-1], width - indent, indent, True),)
    else:
        size = spans[0][2].style.size if spans else 0
        lines = tuple(_lines(text, ends, width, indent, _tied(spans), size, added))
    parted = any(run.link or run.label for _start, _end, run in spans)
    return Paragraph(text, spans, added, lines, leading, align, parted, frozenset(setter.clean.missing))


def _ends(fonts: Fonts, text: str, spans: Iterable[tuple[int, int, Run]], added: dict[int, float]) -> list[float]:
    """Where each character ends, in points from the paragraph's start, on one endless line."""
    widths: list[float] = []
    rest = iter(added.items())
    at, em = next(rest, (len(text), 0))
    for start, end, run in spans:
        table = fonts[run.style.weight].at(run.style.size)
        widths += map(table.__getitem__, text[start:end])
        while at < end:
            widths[at] += em * run.style.size
            at, em = next(rest, (len(text), 0))
    return list(accumulate(widths))


def _tied(spans: Iterable[tuple[int, int, Run]]) -> frozenset[int]:
    return frozenset(at for start, end, run in spans if run.tied for at in range(start, end))


def _lines(
    text: str,
    ends: list[float],
    width: float,
    indent: float,
    tied: frozenset[int],
    size: float,
    added: dict[int, float],
) -> Iterable[Line]:
    words = inside_words(text)
    start, first = 0, True
    for stop in [m.start() for m in re.finditer("\n", text)] + [len(text)]:
        while True:
            left = indent if first else 0
            origin = ends[start - 1] if start else 0
            end = _fit(text, ends, start, stop, origin + width - left, (size, added), words, tied)
            edge = end
            while edge > start and text[edge - 1] == " ":
                edge -= 1
            used = (ends[edge - 1] - origin - added.get(edge - 1, 0) * size) if edge > start else 0
            yield Line(start, edge, used, width - left, left, end >= stop)
            first, start = False, end
            while start < stop and text[start] == " ":
                start += 1
            if start >= stop:
                break
        start = stop + 1


def inside_words(text: str) -> frozenset[int]:
    """Places inside a Latin word or number, where a line should not end."""
    return frozenset(at for m in _WORD.finditer(text) for at in range(m.start() + 1, m.end()))


def _fit(
    text: str,
    ends: list[float],
    start: int,
    stop: int,
    limit: float,
    marks: tuple[float, dict[int, float]],
    words: frozenset[int],
    tied: frozenset[int],
) -> int:
    """Where the line that starts at `start` ends: as far right as fits and is allowed."""
    most = bisect_right(ends, limit + 0.01, start, stop)
    size, added = marks
    if most < stop and text[most] in HALF_EMPTY and ends[most] - (added.get(most, 0) + 0.5) * size <= limit + 0.01:
        most += 1
    if most >= stop:
        return stop
    at = _earlier(text, (start, most, stop), tied) if stop - most <= SHORT_REST and most - start > SHORT_LINE else most
    while at > start and (at in words or not legal(text, at, tied)):
        at -= 1
    if at > start:
        return _inside_overlong(text, ends, (start, at, most, stop), limit, words) or at
    at = _in_date(text, start, most) or most
    # Nothing allowed: a word or a row of marks longer than the line. Break dates first, then words, then any place.
    while at > start + 1 and not legal(text, at, tied):
        at -= 1
    return at if at > start + 1 else max(most, start + 1)


def _in_date(text: str, start: int, most: int) -> int:
    """Where to break a date that no line can hold: behind its year or month, or at a space. 0: there is none."""
    places = range(most, start + 1, -1)
    return next((at for at in places if text[at - 1] == " " or (text[at - 1] in "年月" and text[at].isdigit())), 0)


def _earlier(text: str, places: tuple[int, int, int], tied: frozenset[int]) -> int:
    """The end of the last line but one, so that the last has more than a character, citation numbers not counted."""
    start, most, stop = places
    plain = [at for at in range(most, stop) if at not in tied]
    if sum(text[at] not in NEVER_FIRST for at in plain) > 1 and (len(plain) > 2 or most - start <= LONG_LINE):
        return most
    at, count = most - 2, 0
    for at in range(stop - 1, 0, -1):
        count += at not in tied and text[at] not in NEVER_FIRST
        if count > 1:
            break
    return min(at, most - 2)


def _inside_overlong(
    text: str, ends: list[float], places: tuple[int, int, int, int], limit: float, words: frozenset[int]
) -> int:
    """Where to break a word that no line can hold: it begins on this line, as the next would be no help. 0: it is none."""
    start, at, most, stop = places
    if most - at < SHORT_REST or at + 1 not in words or most not in words:
        return 0
    after = next((k for k in range(at + 1, stop) if k not in words), stop)
    if after <= most or ends[after - 1] - ends[at - 1] <= limit - (ends[start - 1] if start else 0):
        return 0
    while most > at and not legal(text, most):
        most -= 1
    return most
