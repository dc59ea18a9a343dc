"""Open this for what people add to a round for its report: their own words, and who improves what until when."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Place = Literal["summary", "dimension", "added", "reworded"]


@dataclass(frozen=True)
class Remark:
    """Somebody's own words in restricted markdown.

    `place`: the executive summary, the commentary on a dimension, or of a criterion a recommendation that is added to
    the framework's steps or stands instead of them. `code` is the dimension's or criterion's, empty for the summary.
    """

    place: Place
    code: str
    text: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Improvement:
    """Who closes the gap of a criterion, and until when."""

    criterion: str
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Remarks:
    """All that was added to a round, at most one remark a place and one improvement a criterion."""

    remarks: tuple[Remark, ...] = ()
    improvements: tuple[Improvement, ...] = ()

    def at(self, place: Place, code: str = "") -> Remark | None:
        return next((r for r in self.remarks if (r.place, r.code) == (place, code) and r.text.strip()), None)

    def within(self, dimensions: Container[str], gaps: Container[str]) -> "Remarks":
        """What a report prints that has these dimensions and these criteria with gaps; in one order."""
        homes: dict[Place, Container[str]] = {"summary": {""}, "dimension": dimensions, "added": gaps, "reworded": gaps}
        places = sorted({(r.place, r.code) for r in self.remarks}, key=lambda at: (get_args(Place).index(at[0]), at[1]))
        found = (self.at(place, code) for place, code in places if code in homes[place])
        codes = sorted({i.criterion for i in self.improvements if i.criterion in gaps})
        return Remarks(tuple(filter(None, found)), tuple(filter(None, map(self.improvement, codes))))

    def improvement(self, criterion: str) -> Improvement | None:
        return next((i for i in self.improvements if i.criterion == criterion), None)
