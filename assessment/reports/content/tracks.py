"""Two tracks: what the city says of itself, and what counts once reviewers verified some of it."""

from dataclasses import dataclass

from assessment import scoring
from assessment.outline import Assessment, Framework


@dataclass(frozen=True)
class Track:
    """One score on both tracks, in points."""

    own: float | None
    verified: float | None

    @property
    def difference(self) -> float | None:
        """Of the figures as printed, so that a reader who subtracts gets the same.

        >>> Track(own=60.04, verified=50.26).difference
        -9.7
        """
        if self.own is None or self.verified is None:
            return None
        return round(scoring.shown(self.verified) - scoring.shown(self.own), 1)


@dataclass(frozen=True)
class Tracks:
    """The overall score and each dimension's by code; `count` is how many levels are verified."""

    count: int
    overall: Track
    dimensions: dict[str, Track]


def tracks(framework: Framework, assessment: Assessment) -> Tracks | None:
    """Both tracks; None while nothing is verified."""
    count = sum(response.verified_level is not None for response in assessment.responses)
    if not count:
        return None
    own, verified = (scoring.score(framework, assessment, basis) for basis in ("self", "effective"))
    return Tracks(
        count,
        Track(own.overall.score, verified.overall.score),
        {code: Track(own.dimensions[code].score, d.score) for code, d in verified.dimensions.items()},
    )
