"""Open this for the quality annex: claims without evidence, statements that do not fit, what was set aside, and how
reviewers saw it."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date

from assessment.outline import Evidence, Response
from assessment.reports.content.facts import (
    Agreement,
    Annex,
    Answer,
    Contradiction,
    Differing,
    Excused,
    Named,
    Section,
)

FAR = 3  # levels apart: what one clause or one piece of evidence rarely carries
WORDY = 20  # characters of a rationale from which on it is no phrase like “同上” any more
LONGEST = 200  # characters of it that are told


def annex(sections: Sequence[Section], responses: Mapping[str, Response], as_of: date | None, highest: int) -> Annex:
    """Of all answers, in the framework's order. `as_of`: the day that the round describes; `highest` level."""
    answers = [answer for section in sections for answer in section.answers]
    claimed = [answer for answer in answers if answer.level]
    agreements = [_agreement(section.answers, section.code, section.name) for section in sections]
    return Annex(
        claimed=len(claimed),
        unproven=tuple(_named(answer) for answer in claimed if not answer.evidence),
        contradictions=tuple(_contradictions(answers, responses, as_of, highest)),
        excused=tuple(Excused(_named(a), a.not_applicable) for a in answers if a.state == "na"),
        differing=tuple(_differing(answers)),
        overall=_agreement(answers, "", ""),
        dimensions=tuple(agreement for agreement in agreements if agreement.verified),
    )


def _named(answer: Answer) -> Named:
    return Named(answer.code, answer.title, answer.key, answer.dimension, answer.level)


# What does not fit together


def _contradictions(
    answers: Sequence[Answer], responses: Mapping[str, Response], as_of: date | None, highest: int
) -> Iterable[Contradiction]:
    for answer in answers:
        yield from _in_one(answer, responses[answer.code], as_of, highest)
    yield from _far_apart(answers)
    for words, same in _grouped(answers, _words_of):
        yield Contradiction("same_rationale", tuple(map(_named, same)), words[:LONGEST])


def _in_one(answer: Answer, response: Response, as_of: date | None, highest: int) -> Iterable[Contradiction]:
    for piece in answer.evidence:
        if as_of and piece.as_of and piece.as_of > as_of:
            yield Contradiction("late", (_named(answer),), piece.title, piece.as_of)
    if answer.not_applicable and answer.verified_level is not None:
        yield Contradiction("overruled", (_named(answer),))
    if response.target is not None and answer.level is not None and response.target < answer.level:
        yield Contradiction("target_below", (_named(answer),), target=response.target)
    is_high = answer.level is not None and answer.level >= max(highest - 1, 1)
    if is_high and not answer.evidence and not answer.rationale.strip():
        yield Contradiction("bare", (_named(answer),))


def _far_apart(answers: Sequence[Answer]) -> Iterable[Contradiction]:
    """Of those that rest on one clause, or name one piece of evidence: the lowest and the highest, where far apart."""
    for (number, text), same in _grouped(answers, _clauses_of):
        if ends := _ends(same):
            yield Contradiction("same_clause", ends, text, number=number)
    for piece, same in _grouped(answers, _pieces_of):
        if ends := _ends(same):
            yield Contradiction("same_evidence", ends, " · ".join(filter(None, piece)))


def _grouped[K: Hashable](
    answers: Sequence[Answer], keys_of: Callable[[Answer], Iterable[K]]
) -> Iterable[tuple[K, list[Answer]]]:
    """Answers that share a key, where several do."""
    found: dict[K, list[Answer]] = {}
    for answer in answers:
        for key in dict.fromkeys(keys_of(answer)):
            found.setdefault(key, []).append(answer)
    return ((key, same) for key, same in found.items() if len(same) > 1)


def _clauses_of(answer: Answer) -> list[tuple[int, str]]:
    """What it rests on itself: neither what it is merely filed under, nor an interpretation."""
    return [(c.number, c.text) for c in answer.cites if c.kind == "clause" and c.role == "basis"]


def _pieces_of(answer: Answer) -> list[tuple[str, str]]:
    return [_known_by(piece) for piece in answer.evidence]


def _known_by(piece: Evidence) -> tuple[str, str]:
    """
    >>> _known_by(Evidence("  办法 ", reference="数〔2026〕1号")) == _known_by(Evidence("办法", reference="数〔2026〕1号"))
    True
    """
    return " ".join(piece.title.split()), " ".join(piece.reference.split())


def _words_of(answer: Answer) -> list[str]:
    words = " ".join(answer.rationale.split())
    return [words] if len(words) >= WORDY else []


def _ends(answers: Sequence[Answer]) -> tuple[Named, ...]:
    """The lowest and the highest of them, where these are far apart; none where they are not."""
    levels = [answer.level for answer in answers if answer.level is not None]
    if not levels or max(levels) - min(levels) < FAR:
        return ()
    return tuple(_named(answer) for answer in answers if answer.level in (min(levels), max(levels)))


# Self-assessed against verified


def _differing(answers: Iterable[Answer]) -> Iterable[Differing]:
    for answer in answers:
        if (step := _step(answer)) and answer.self_level is not None and answer.verified_level is not None:
            yield Differing(_named(answer), answer.self_level, answer.verified_level, step)


def _step(answer: Answer) -> int | None:
    """Verified minus self-assessed, where both are there."""
    if answer.verified_level is None or answer.self_level is None:
        return None
    return answer.verified_level - answer.self_level


def _agreement(answers: Sequence[Answer], code: str, name: str) -> Agreement:
    steps = [step for step in map(_step, answers) if step is not None]
    verified = sum(answer.verified_level is not None for answer in answers)
    return Agreement(
        code=code,
        name=name,
        verified=verified,
        equal=sum(step == 0 for step in steps),
        higher=sum(step > 0 for step in steps),
        lower=sum(step < 0 for step in steps),
        filled=verified - len(steps),
        mean=sum(steps) / len(steps) if steps else None,
    )
