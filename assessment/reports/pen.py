"""Open this for how lines become a page's text operators: where each begins, how it fills its room, what links lie on it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assessment.reports.fonts import Subset
from assessment.reports.typeset import HALF_EMPTY, LATIN_TEXT, Box, Line, Paragraph, Run, Style

MOST_STRETCH = 0.16  # em a character: a line that would need more stays ragged
_SPACED = re.compile("[^ ]{2,}")


def shown(subset: Subset, text: str, added: dict[int, float]) -> str:
    """The operator that shows `text`: one string, or an array of strings with the corrections between them."""
    if not added:
        return f"<{subset.hex(text)}> Tj"
    pieces, at = [], 0
    for place, em in added.items():
        pieces.append(f"<{subset.hex(text[at : place + 1])}>{-1000 * em:g}")
        at = place + 1
    pieces.append(f"<{subset.hex(text[at:])}>" if at < len(text) else "")
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


def _stretched(subset: Subset, text: str, added: dict[int, float], stretch: Stretch, start: int) -> str:
    """A part of a line from its `start`: words without the spacing between their letters, the last one's gap has it."""
    parts, at = [], 0
    for first, last in stretch.tight:
        first, last = max(first - start, at), min(last - start - 1, len(text))
        if first < last:
            if first > at:
                parts.append(shown(subset, text[at:first], _within(added, at, first)))
            parts.append(f"0 Tc <{subset.hex(text[first:last])}> Tj {stretch.spacing:.3f} Tc")
            at = last
    if at < len(text):
        parts.append(shown(subset, text[at:], _within(added, at, len(text))))
    return " ".join(parts)


def _within(added: dict[int, float], start: int, end: int) -> dict[int, float]:
    return {at - start: em for at, em in added.items() if start <= at < end} if added else added


class Marker(Protocol):
    """Who knows what a text is to a reader who does not see it: gives the operators that open marked content."""

    def mark(self) -> str:
        """Of the text that is being set."""

    def mark_part(self, run: Run, again: bool) -> str:
        """Of a link or label in it; `again`: the same one on a further line."""

    def linked(self, run: Run, box: Box) -> None:
        """Where the link lies that was marked last."""


class Pen:
    """Writes text operators in one document: knows the subset of each weight and how the last run looked."""

    def __init__(self, subsets: dict[int, Subset], tint: Callable[[str], str] = str) -> None:
        self.subsets, self.tint = subsets, tint
        self._heads: dict[Style, str] = {}

    def draw(self, paragraph: Paragraph, x: float, top: float, code: list[str], marker: Marker) -> None:
        """Set the paragraph with its top at `top` (page coordinates, y upwards).

        Without links it is one marked content; with links each line is one, and each link on it.
        """
        leading, lines = paragraph.leading, paragraph.lines
        if paragraph.parted:
            seen: set[int] = set()
            for number, line in enumerate(lines):
                if line.end > line.start:
                    self._parted_line(paragraph, line, (x, top - leading * number), code, (marker, seen))
        elif any(line.end > line.start for line in lines):
            code.append(marker.mark())
            for number, line in enumerate(lines):
                if line.end > line.start:
                    self._line(paragraph, line, x, top - leading * number, code)
            code.append("EMC")

    def _line(self, p: Paragraph, line: Line, x: float, top: float, code: list[str]) -> None:
        head, _place, stretch = self._start(p, line, x, top)
        parts = [head]
        for start, end, run in p.runs:
            if start < line.end and end > line.start:
                parts.append(self._run(p, run, max(start, line.start), min(end, line.end), (line.end, stretch)))
        parts.append("ET")
        code.append(" ".join(parts))

    def _parted_line(
        self,
        p: Paragraph,
        line: Line,
        corner: tuple[float, float],
        code: list[str],
        marking: tuple[Marker, set[int]],
    ) -> None:
        """The same, in pieces: what is no link, and each link, whose runs in `seen` began on a line before."""
        (marker, seen), is_open = marking, False
        head, (x, base), stretch = self._start(p, line, *corner)
        parts = [head]
        for number, (start, end, run) in enumerate(p.runs):
            if start >= line.end or end <= line.start:
                continue
            start, end, apart = max(start, line.start), min(end, line.end), run.link or run.label
            if is_open and apart:
                parts.append("EMC")
                is_open = False
            if not is_open:
                parts.append(marker.mark_part(run, number in seen) if apart else marker.mark())
                is_open = not apart
            parts.append(self._run(p, run, start, end, (line.end, stretch)))
            left, x = x, x + self._advance(p, run, start, end) + stretch.over(start, end)
            if apart:
                parts.append("EMC")
                seen.add(number)
            if run.link:
                low, size = base + run.style.rise, run.style.size
                marker.linked(run, (left, low - 0.2 * size, x, low + 0.95 * size))
        parts.append("EMC ET" if is_open else "ET")
        code.append(" ".join(parts))

    def _start(self, p: Paragraph, line: Line, x: float, top: float) -> tuple[str, tuple[float, float], Stretch]:
        stretch = self._stretch(p, line)
        x += line.indent + self._shift(p, line)
        base = top - (p.leading + p.runs[0][2].style.size * 0.74) / 2
        return f"BT 1 0 0 1 {x:.2f} {base:.2f} Tm {stretch.spacing:.3f} Tc", (x, base), stretch

    def _stretch(self, p: Paragraph, line: Line) -> Stretch:
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

    def _shift(self, p: Paragraph, line: Line) -> float:
        if p.align == "right":
            return line.room - line.width
        return (line.room - line.width) / 2 if p.align == "centre" else 0

    def _run(self, p: Paragraph, run: Run, start: int, end: int, line: tuple[int, Stretch]) -> str:
        line_end, stretch = line
        style = run.style
        subset = self.subsets[style.weight]
        head = self._heads.get(style)
        if head is None:
            rise = f" {style.rise:g} Ts" if style.rise else ""
            head = self._heads[style] = f"/{subset.key} {style.size:g} Tf {self.tint(style.colour)} rg{rise}"
        inner = [at for at in p.corrections if start <= at < end and at + 1 < line_end] if p.corrections else ()
        text = p.text[start:end]
        if end == line_end and p.text[end : end + 1] in (" ", "\n"):
            text += " "  # unseen at the line's end, but words stay apart for who reads the text alone
        added = {at - start: p.corrections[at] for at in inner}
        body = _stretched(subset, text, added, stretch, start) if stretch.tight else shown(subset, text, added)
        return f"{head} {body} 0 Ts" if style.rise else f"{head} {body}"

    def _advance(self, p: Paragraph, run: Run, start: int, end: int) -> float:
        size = run.style.size
        width: float = sum(map(self.subsets[run.style.weight].face.at(size).__getitem__, p.text[start:end]))
        return width + size * sum(em for at, em in p.corrections.items() if start <= at < end)
