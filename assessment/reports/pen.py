"""Open this for how lines become a page's text operators: where each begins, how it fills its room, what links lie on it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from assessment.reports.fonts import Face, Subset
from assessment.reports.typeset import HALF_EMPTY, LATIN_TEXT, Box, Line, Paragraph, Run, Style

MOST_STRETCH = 0.16  # em a character: a line that would need more stays ragged
_SPACED = re.compile("[^ ]{2,}")


def _shown(face: Face, text: str, added: dict[int, float]) -> str:
    """The operator that shows `text`: one string, or an array of strings with the corrections between them."""
    if not added:
        return f"<{face.coded(text)}> Tj"
    pieces, at = [], 0
    for place, em in added.items():
        pieces.append(f"<{face.coded(text[at : place + 1])}>{-1000 * em:g}")
        at = place + 1
    pieces.append(f"<{face.coded(text[at:])}>" if at < len(text) else "")
    return f"[{''.join(pieces)}] TJ"


def _words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Of a piece of Latin its words, numbers and codes, which no line draws apart."""
    return [found.span() for found in _SPACED.finditer(text, start, end)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """How far apart a line's characters are drawn to fill it; not inside words and numbers, which are `tight`."""

    spacing: float = 0
    tight: Sequence[tuple[int, int]] = ()

    def over(self, start: int, end: int) -> float:
        """What it adds to the width of a part of the text."""
        inside = sum(max(0, min(last - 1, end) - max(first, start)) for first, last in self.tight)
        return self.spacing * (end - start - inside)


NONE = Stretch()


class Piece(NamedTuple):
    """What stands of a run on a line: which of the paragraph's runs, the operator that shows it, its width in points.

    The width where the paragraph has links or labels: nobody else asks for it.
    """

    number: int
    run: Run
    shows: str
    width: float


class Stroke(NamedTuple):
    """A line: where it starts, right of and below the paragraph's upper left corner, its spacing as an operator, its
    pieces."""

    right: float
    below: float
    spacing: str
    pieces: Sequence[Piece]


def _stretched(face: Face, text: str, added: dict[int, float], stretch: Stretch, start: int) -> str:
    """A part of a line from its `start`: words without the spacing between their letters, the last one's gap has it."""
    parts, at = [], 0
    for first, last in stretch.tight:
        first, last = max(first - start, at), min(last - start - 1, len(text))
        if first < last:
            if first > at:
                parts.append(_shown(face, text[at:first], _within(added, at, first)))
            parts.append(f"0 Tc <{face.coded(text[first:last])}> Tj {stretch.spacing:.3f} Tc")
            at = last
    if at < len(text):
        parts.append(_shown(face, text[at:], _within(added, at, len(text))))
    return " ".join(parts)


def _within(added: dict[int, float], start: int, end: int) -> dict[int, float]:
    return {at - start: em for at, em in added.items() if start <= at < end} if added else {}


class Marker(Protocol):
    """Who knows what a text is to a reader who does not see it: gives the operators that open marked content."""

    def mark(self) -> str:
        """Of the text that is being set."""

    def mark_part(self, run: Run, again: bool) -> str:
        """Of a link or label in it; `again`: the same one on a further line."""

    def linked(self, run: Run, box: Box) -> None:
        """Where the link lies that was marked last."""


class Pen:
    """Writes text operators in one document: knows the subset of each weight and how each style is called."""

    def __init__(self, subsets: dict[int, Subset], tint: Callable[[str], str] = str) -> None:
        self.subsets, self.tint = subsets, tint
        self._heads: dict[Style, str] = {}

    def draw(self, paragraph: Paragraph, x: float, top: float, code: list[str], marker: Marker) -> None:
        """Set the paragraph with its top at `top` (page coordinates, y upwards).

        Without links it is one marked content; with links each line is one, and each link on it.
        """
        strokes = self._used(paragraph)
        if paragraph.parted:
            seen: set[int] = set()
            for stroke in strokes:
                self._parted_line(stroke, x + stroke.right, top - stroke.below, code, (marker, seen))
        elif strokes:
            code.append(marker.mark())
            for right, below, spacing, pieces in strokes:
                shows = " ".join([f"{self._head(run.style)} {shows}" for _number, run, shows, _width in pieces])
                code.append(f"BT 1 0 0 1 {x + right:.2f} {top - below:.2f} Tm {spacing} {shows} ET")
            code.append("EMC")

    def label(self, paragraph: Paragraph) -> str:
        """Only the operators that choose the font of a paragraph of one line in one style, and show it."""
        return " ".join(
            f"/{self.subsets[run.style.weight].key} {run.style.size:g} Tf {shows}"
            for stroke in self._used(paragraph)
            for _number, run, shows, _width in stroke.pieces
        )

    def _used(self, paragraph: Paragraph) -> Sequence[Stroke]:
        """The lines of a paragraph that is drawn in this document."""
        for _start, _end, run in paragraph.runs:
            self.subsets[run.style.weight].texts.add(run.text)
        if paragraph.strokes is None:
            paragraph.strokes = self._strokes(paragraph)
        return paragraph.strokes

    def _parted_line(
        self, stroke: Stroke, x: float, base: float, code: list[str], marking: tuple[Marker, set[int]]
    ) -> None:
        """The same, in pieces: what is no link, and each link, whose runs in `seen` began on a line before."""
        (marker, seen), is_open = marking, False
        parts = [f"BT 1 0 0 1 {x:.2f} {base:.2f} Tm {stroke.spacing}"]
        for number, run, shows, width in stroke.pieces:
            apart = run.link or run.label
            if is_open and apart:
                parts.append("EMC")
                is_open = False
            if not is_open:
                parts.append(marker.mark_part(run, number in seen) if apart else marker.mark())
                is_open = not apart
            parts.append(f"{self._head(run.style)} {shows}")
            left, x = x, x + width
            if apart:
                parts.append("EMC")
                seen.add(number)
            if run.link:
                low, size = base + run.style.rise, run.style.size
                marker.linked(run, (left, low - 0.2 * size, x, low + 0.95 * size))
        parts.append("EMC ET" if is_open else "ET")
        code.append(" ".join(parts))

    def _head(self, style: Style) -> str:
        head = self._heads.get(style)
        if head is None:
            rise = f" {style.rise:g} Ts" if style.rise else ""
            key = self.subsets[style.weight].key
            head = self._heads[style] = f"/{key} {style.size:g} Tf {self.tint(style.colour)} rg{rise}"
        return head

    # How a paragraph is drawn, in whatever document

    def _strokes(self, p: Paragraph) -> list[Stroke]:
        """Of its lines that hold something."""
        return [self._stroke(p, line, p.leading * k) for k, line in enumerate(p.lines) if line.end > line.start]

    def _stroke(self, p: Paragraph, line: Line, above: float) -> Stroke:
        stretch = _stretch(p, line)
        pieces = tuple(
            self._piece(p, number, max(start, line.start), min(end, line.end), (line.end, stretch))
            for number, (start, end, _run) in enumerate(p.runs)
            if start < line.end and end > line.start
        )
        below = above + (p.leading + p.runs[0][2].style.size * 0.74) / 2
        spacing = f"{stretch.spacing:.3f} Tc" if stretch.spacing else "0 Tc"
        return Stroke(line.indent + _shift(p, line), below, spacing, pieces)

    def _piece(self, p: Paragraph, number: int, start: int, end: int, line: tuple[int, Stretch]) -> Piece:
        (line_end, stretch), run = line, p.runs[number][2]
        face, text, added = self.subsets[run.style.weight].face, p.text[start:end], _within(p.corrections, start, end)
        width = _width(face, text, run.style.size, added) + stretch.over(start, end) if p.parted else 0
        if end == line_end:
            added.pop(end - start - 1, None)  # no air behind the last character
            if p.text[end : end + 1] in (" ", "\n"):
                text += " "  # unseen at the line's end, but words stay apart for who reads the text alone
        shows = _stretched(face, text, added, stretch, start) if stretch.tight else _shown(face, text, added)
        return Piece(number, run, f"{shows} 0 Ts" if run.style.rise else shows, width)


def _width(face: Face, text: str, size: float, added: dict[int, float]) -> float:
    return sum(map(face.at(size).__getitem__, text)) + size * sum(added.values())


def _stretch(p: Paragraph, line: Line) -> Stretch:
    gap, count = line.room - line.width, line.end - line.start - 1
    if p.align != "justify" or count < 1 or (line.last and gap >= 0):
        return NONE
    if p.text[line.end - 1] in HALF_EMPTY:
        gap += p.runs[0][2].style.size / 2
    latin = [found.span() for found in LATIN_TEXT.finditer(p.text, line.start, line.end)]
    if latin and 2 * sum(end - start for start, end in latin) > count + 2:
        return NONE  # too few places between Chinese characters: a line of Latin stays ragged
    tight = [word for start, end in latin if end - start > 1 for word in _words(p.text, start, end)]
    count -= sum(end - start - 1 for start, end in tight)
    spacing = gap / count
    return Stretch(spacing, tight) if spacing <= MOST_STRETCH * p.runs[0][2].style.size else NONE


def _shift(p: Paragraph, line: Line) -> float:
    if p.align == "right":
        return line.room - line.width
    return (line.room - line.width) / 2 if p.align == "centre" else 0
