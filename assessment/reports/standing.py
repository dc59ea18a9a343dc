"""Open this for where many rounds stand at once, in a fixed number of queries: scores, work done, last activity."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from assessment import outline, scoring
from assessment.answers import level_of
from assessment.models import Assessment, Event, Response, Return, Version

ANSWER = ("level", "target", "not_applicable", "verified_level")


@dataclass(frozen=True)
class Standing:
    """One round: its scores as they count, and how far the work is."""

    record: Assessment
    scores: scoring.Scores
    answered: int
    verified: int
    returns: int
    active_at: datetime | None

    @property
    def dimensions(self) -> list[scoring.DimensionScore]:
        return list(self.scores.dimensions.values())

    @property
    def verified_share(self) -> float | None:
        """Of what has a level, the part that a reviewer verified."""
        return self.verified / self.answered if self.answered else None


def standings(rounds: Sequence[Assessment]) -> list[Standing]:
    """Where these rounds stand, in their order. Evidence plays no part in it and is not fetched."""
    answers, returns, active = _answers(rounds), _open_returns(rounds), _last_activity(rounds)
    return [
        _standing(record, answers[record.pk], returns.get(record.pk, 0), active.get(record.pk)) for record in rounds
    ]


def _standing(record: Assessment, answers: dict[str, outline.Response], returns: int, active) -> Standing:
    scores = scoring.score(record.framework.outline(), record.answered_by(answers))
    levels = [level_of(answer, "effective") for answer in answers.values()]
    verified = sum(answer.verified_level is not None for answer in answers.values())
    return Standing(record, scores, sum(level is not None for level in levels), verified, returns, active)


def _answers(rounds: Iterable[Assessment]) -> dict[int, dict[str, outline.Response]]:
    found: dict[int, dict[str, outline.Response]] = defaultdict(dict)
    rows = Response.objects.filter(assessment__in=rounds).values_list("assessment", "criterion__code", *ANSWER)
    for pk, code, level, target, reason, verified in rows:
        found[pk][code] = outline.Response(
            code, level=level, target=target, not_applicable=reason, verified_level=verified
        )
    return found


def _open_returns(rounds: Iterable[Assessment]) -> dict[int, int]:
    rows = Return.objects.filter(assessment__in=rounds, settled_at=None).order_by().values("assessment")
    return dict(rows.annotate(count=Count("pk")).values_list("assessment", "count"))


def _last_activity(rounds: Iterable[Assessment]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for table in (Event, Version):
        rows = table.objects.filter(assessment__in=rounds).order_by().values("assessment").annotate(last=Max("at"))
        for pk, last in rows.values_list("assessment", "last"):
            found[pk] = max(found.get(pk, last), last)
    return found
