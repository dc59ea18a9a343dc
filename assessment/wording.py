"""What was changed in a text, word by word: what stayed, what was struck out, what was put in."""

import re
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal, NamedTuple

# Chinese, Japanese kana and their punctuation change sign by sign; everything else word by word.
SIGN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
TOKEN = re.compile(rf"[^\W{SIGN}]+(?:[.,'’-][^\W{SIGN}]+)*|\s+|.", re.DOTALL)
SENTENCE = re.compile(r".+?(?:[。；！？\n]+|[.!?;]+\s+|$)", re.DOTALL)
LEAST_SHARED = 0.3  # below, two passages are two texts: marking what they share would only confuse
MOST_PAIRS = 4_000_000  # of words to be compared: a second


class Segment(NamedTuple):
    kind: Literal["kept", "deleted", "inserted"]
    text: str


def marked(before: str, after: str) -> tuple[Segment, ...]:
    """The kept and the deleted segments make up `before`, the kept and the inserted ones `after`.

    A word or sign that stayed between two replaced ones is replaced with them: that is easier to read.

    >>> [tuple(segment) for segment in marked("每季度公布一次", "每月公布一次")]
    [('kept', '每'), ('deleted', '季度'), ('inserted', '月'), ('kept', '公布一次')]
    >>> [tuple(segment) for segment in marked("a city-wide rule", "a provincial rule")]
    [('kept', 'a '), ('deleted', 'city-wide'), ('inserted', 'provincial'), ('kept', ' rule')]
    """
    steps: list[_Step] = []
    for step in _steps(SENTENCE.findall(before), SENTENCE.findall(after)):
        steps += [step] if step.kept or not (step.deleted and step.inserted) else _within(step)
    named = (zip(("deleted", "inserted", "kept"), step, strict=True) for step in _joined(steps))
    return tuple(Segment(kind, text) for step in named for kind, text in step if text)  # type: ignore[arg-type]


class _Step(NamedTuple):
    """What was replaced, or what was kept: never both."""

    deleted: str = ""
    inserted: str = ""
    kept: str = ""


def _steps(one: list[str], other: list[str]) -> list[_Step]:
    """Most edits are small: only what lies between the first and the last change is searched for more that stayed."""
    head = _shared(one, other)
    tail = _shared(one[head:][::-1], other[head:][::-1])
    a, b = one[head : len(one) - tail], other[head : len(other) - tail]
    found = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    inner = [
        _Step(kept="".join(a[i:j])) if name == "equal" else _Step("".join(a[i:j]), "".join(b[k:m]))
        for name, i, j, k, m in found
    ]
    outer = (_Step(kept="".join(part)) for part in (one[:head], one[len(one) - tail :]))
    return [step for step in (next(outer), *inner, next(outer)) if any(step)]


def _shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def _within(replaced: _Step) -> list[_Step]:
    one, other = TOKEN.findall(replaced.deleted), TOKEN.findall(replaced.inserted)
    if len(one) * len(other) > MOST_PAIRS:
        return [replaced]
    steps = _steps(one, other)
    shared = 2 * sum(len(step.kept.strip()) for step in steps) / len(replaced.deleted + replaced.inserted)
    return _without_islands(steps) if shared >= LEAST_SHARED else [replaced]


def _without_islands(steps: list[_Step]) -> list[_Step]:
    around = zip([_Step(), *steps], steps, [*steps[1:], _Step()], strict=False)
    return [_Step(this.kept, this.kept) if _is_island(last, this, next_) else this for last, this, next_ in around]


def _is_island(before: _Step, step: _Step, after: _Step) -> bool:
    """A single word or sign, or none at all, between two that were replaced."""
    if not all((step.kept, before.deleted, before.inserted, after.deleted, after.inserted)):
        return False
    return sum(token[0].isalnum() for token in TOKEN.findall(step.kept)) <= 1


def _joined(steps: list[_Step]) -> list[_Step]:
    made: list[_Step] = []
    for step in steps:
        if made and bool(made[-1].kept) == bool(step.kept):
            made[-1] = _Step(*(one + other for one, other in zip(made[-1], step, strict=True)))
        else:
            made.append(step)
    return made
