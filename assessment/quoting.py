"""Whether a quotation stands in a text word for word, and if not, where it comes closest and what differs.

What does not count: space and line breaks; signs that cannot be seen; full-width or half-width; the form of quotation
marks, dashes and middle dots; a hyphen between Latin letters (lines end with one); radicals and ligatures that PDFs put
for the characters they look like. An ellipsis (… or ……) joins pieces that stand in the text in this order. All else counts,
case and punctuation too.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Any, Literal

SAME = {
    **dict.fromkeys("“”„‟″＂〝〞", '"'),
    **dict.fromkeys("‘’‚‛′＇", "'"),
    **dict.fromkeys("–—―─━", "—"),
    **dict.fromkeys("•・‧∙⋅･", "·"),
    **dict.fromkeys("‐‑－﹣−", "-"),
}
# Full and half width, Kangxi and CJK radicals, compatibility ideographs, Latin ligatures.
VARIANTS = ((0xFF00, 0xFFEF), (0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFB00, 0xFB06))
HYPHEN = re.compile("(?<=[A-Za-z])-(?=[A-Za-z])")
ELLIPSIS = re.compile("…+")
JOINT = "……"
TOKEN = re.compile(r"[A-Za-z]+|\d+|.")
CHUNK = 4096
MOST_REPLACED = 100  # up to so many different signs it is faster to replace one after the other
BLOCK = 400  # a longer piece is compared block by block
GRAMS = (12, 6, 4, 3, 2)  # lengths of the pieces by which the closest place is looked for, the most telling first
MOST_GRAMS = 60
MOST_HITS = 1000  # a piece that stands in more places than this says nothing
LEAST_ALIKE = 0.4  # the share of a quotation that must stand at the closest place

Kind = Literal["kept", "missing", "added"]


@dataclass(frozen=True)
class Segment:
    """Words that both have; that the text has and the quotation is `missing`; that the quotation `added`."""

    kind: Kind
    words: str


@dataclass(frozen=True)
class Verdict:
    """`difference` from the closest place; empty where the quotation stands, or nothing in the text is like it."""

    stands: bool
    difference: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Check:
    """A passage's quotation against the newest text of its source, which its edition and SHA-256 name.

    `passage` is SOURCE#PASSAGE. Without a text the verdict is `unchecked`.
    """

    passage: str
    verdict: Literal["stands", "differs", "unchecked"]
    edition: str = ""
    sha256: str = ""
    difference: tuple[Segment, ...] = ()

    @property
    def source(self) -> str:
        return self.passage.partition("#")[0]

    @property
    def is_reordered(self) -> bool:
        """Whether all pieces stand in the text, in another order."""
        return self.verdict == "differs" and all(segment.kind == "kept" for segment in self.difference)

    @property
    def is_unlike(self) -> bool:
        """Whether nothing in the text is like it."""
        own = [segment for segment in self.difference if segment.words != JOINT]
        return bool(own) and all(segment.kind == "added" for segment in own)

    def spelled(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self) | {"difference": [asdict(segment) for segment in self.difference]}

    @classmethod
    def understood(cls, given: dict[str, Any]) -> "Check":
        return cls(**given | {"difference": tuple(Segment(**segment) for segment in given["difference"])})


def stands(quote: str, text: str) -> bool:
    """
    >>> stands("多头管理……协同推进", "由多头管理\\n向央地协同推进转变")
    True
    >>> stands("协同推进…多头管理", "由多头管理向央地协同推进转变"), stands("", "有字")
    (False, False)
    """
    pieces = _pieces(quote)
    return bool(pieces) and (_all_found(pieces, plain(text)) or plain(quote) in plain(text))


def check(quote: str, text: str) -> Verdict:
    """
    >>> check("按季公开目录", "第一条 应当按年公开目录。").difference
    (Segment(kind='kept', words='按'), Segment(kind='added', words='季'), Segment(kind='missing', words='年'), \
Segment(kind='kept', words='公开目录'))
    """
    if stands(quote, text):
        return Verdict(True)
    return Verdict(False, tuple(_difference(quote, unicodedata.normalize("NFC", text))))


@lru_cache(maxsize=2)
def plain(text: str) -> str:
    """The text without what does not count."""
    return HYPHEN.sub("", _folded(unicodedata.normalize("NFC", text)))


def _folded(text: str) -> str:
    text = "".join(text.split())
    changed = [sign for sign in set(text) if _counts_as(sign) != sign]
    if len(changed) > MOST_REPLACED:
        return text.translate({ord(sign): _counts_as(sign) for sign in changed})
    for sign in changed:
        text = text.replace(sign, _counts_as(sign))
    return text


@lru_cache(maxsize=20_000)
def _counts_as(sign: str) -> str:
    if sign in SAME:
        return SAME[sign]
    if unicodedata.category(sign) in ("Cc", "Cf"):
        return ""
    is_variant = any(first <= ord(sign) <= last for first, last in VARIANTS)
    return unicodedata.normalize("NFKC", sign) if is_variant else sign


def _pieces(quote: str) -> list[str]:
    return list(filter(None, map(plain, ELLIPSIS.split(quote))))


def _all_found(pieces: list[str], text: str) -> bool:
    """Whether the pieces stand in the text one behind the other."""
    place = 0
    for piece in pieces:
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


# The closest place


def _difference(quote: str, text: str) -> Iterator[Segment]:
    whole = plain(text)
    place = 0
    for number, piece in enumerate(ELLIPSIS.split(quote)):
        if number:
            yield Segment("kept", JOINT)
        found = whole.find(plain(piece), place)
        if found >= 0:
            place = found + len(plain(piece))
            yield from _merged([Segment("kept", piece)])
        else:
            blocks = (piece[begin : begin + BLOCK] for begin in range(0, len(piece), BLOCK))
            yield from _merged([segment for block in blocks for segment in _differing(block, text, whole)])


def _differing(piece: str, text: str, whole: str) -> list[Segment]:
    start = _closest(plain(piece), whole)
    return _compared(piece, "" if start is None else _around(text, start, len(plain(piece))))


def _closest(piece: str, text: str) -> int | None:
    """Where the piece would begin in the text: there where most of its parts, each in its own place, stand."""
    for size in GRAMS:
        votes: Counter[int] = Counter()
        width = max(len(piece) // 4, 8)
        for offset in range(0, len(piece) - size + 1, 1 + len(piece) // MOST_GRAMS):
            hits = _hits(piece[offset : offset + size], text)
            votes.update({(hit - offset) // width for hit in hits})
        if votes:
            best = max(votes, key=lambda place: (votes[place] + votes[place + 1], -place))
            return max(best * width, 0)
    return None


def _hits(gram: str, text: str) -> list[int]:
    hits: list[int] = []
    place = text.find(gram)
    while place >= 0 and len(hits) <= MOST_HITS:
        hits.append(place)
        place = text.find(gram, place + 1)
    return hits if len(hits) <= MOST_HITS else []


def _around(text: str, start: int, size: int) -> str:
    """The text about a place of its plain form, with some to spare on both sides."""
    spare = max(size // 2, 16)
    return text[_back(text, max(start - spare, 0)) : _back(text, start + size + 2 * spare)]


def _back(text: str, place: int) -> int:
    """Where in the text the place of its plain form is, give or take its hyphens."""
    ends = _ends(text)
    number = bisect_left(ends, place)
    if number == len(ends):
        return len(text)
    chunk = text[number * CHUNK : (number + 1) * CHUNK]
    rest = place - (ends[number - 1] if number else 0)
    return number * CHUNK + bisect_left(range(len(chunk)), rest, key=lambda size: len(_folded(chunk[:size])))


@lru_cache(maxsize=2)
def _ends(text: str) -> list[int]:
    """Where in the plain form each chunk of the text ends."""
    return list(accumulate(len(_folded(text[begin : begin + CHUNK])) for begin in range(0, len(text), CHUNK)))


def _compared(piece: str, window: str) -> list[Segment]:
    """What differs; the piece alone, as added, where too little of it stands in the window."""
    mine, theirs = _tokens(piece), _tokens(window)
    matcher = SequenceMatcher(None, [key for key, _words in mine], [key for key, _words in theirs], autojunk=False)
    segments = []
    for tag, a, b, c, d in _inner(matcher.get_opcodes()):
        kind: Kind = "kept" if tag == "equal" else "added"
        segments.append(Segment(kind, "".join(words for _key, words in mine[a:b])))
        if kind == "added":
            segments.append(Segment("missing", "".join(words for _key, words in theirs[c:d])))
    kept = sum(len(segment.words) for segment in segments if segment.kind == "kept")
    return _merged(segments if kept >= LEAST_ALIKE * len(piece) else [Segment("added", piece)])


def _inner(opcodes: list) -> list:
    """Without what of the window lies before and behind the quotation."""
    matched = [number for number, (tag, *_places) in enumerate(opcodes) if tag == "equal"]
    if not matched:
        return opcodes
    first, last = matched[0], matched[-1]
    head = [("delete", a, b, c, c) for _tag, a, b, c, _d in opcodes[:first]]
    tail = [("delete", a, b, c, c) for _tag, a, b, c, _d in opcodes[last + 1 :]]
    return head + opcodes[first : last + 1] + tail


def _merged(segments: list[Segment]) -> list[Segment]:
    filled = [segment for segment in segments if segment.words]
    return [
        Segment(kind, "".join(segment.words for segment in run))
        for kind, run in groupby(filled, key=lambda segment: segment.kind)
    ]


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words and single signs, each as it counts and as it is shown; one space where words stood apart."""
    tokens: list[tuple[str, str]] = []
    for word in re.split(r"\s+", text.strip()):
        for number, match in enumerate(TOKEN.finditer(word)):
            shown = match.group()
            key = _folded(shown)
            is_apart = tokens and not number and _is_latin(tokens[-1][1][-1]) and _is_latin(shown[0])
            tokens += [(key, f" {shown}" if is_apart else shown)] if key else []
    return tokens


def _is_latin(sign: str) -> bool:
    return ord(sign) < 0x2000
