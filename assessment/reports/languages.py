"""Open this for which places of a round's report have words in which language: a report prints those of its own alone."""

from dataclasses import dataclass
from typing import NamedTuple

from assessment.models import Assessment, Remark
from assessment.models.report import LANGUAGES

SPOTS = {"summary": "summary", "dimension": "commentary", "added": "recommendation", "reworded": "recommendation"}


class Spot(NamedTuple):
    """Where somebody writes: a recommendation's two places are one spot."""

    name: str
    code: str


@dataclass(frozen=True)
class Written:
    """In one language: how many spots of the gap report have words, and which have some in the other language alone."""

    language: str
    count: int
    missing: tuple[Spot, ...]

    @property
    def name(self) -> str:
        return str(dict(LANGUAGES)[self.language])

    @property
    def other(self) -> str:
        return str(dict(LANGUAGES)[other_than(self.language)])

    def lacks(self, name: str) -> frozenset[str]:
        """The codes of what is missing at spots of this name."""
        return frozenset(spot.code for spot in self.missing if spot.name == name)


def other_than(language: str) -> str:
    return next(other for other, _name in LANGUAGES if other != language)


def written(record: Assessment) -> list[Written]:
    """Each language's, in one query; nothing where nobody wrote yet."""
    rows = record.remarks.filter(report=Remark.Report.GAP).newest().exclude(text="")
    found: dict[str, set[Spot]] = {language: set() for language, _name in LANGUAGES}
    for language, place, code in rows.values_list("language", "place", "code"):
        found[language].add(Spot(SPOTS[place], code))
    every = sorted(set().union(*found.values()), key=lambda spot: (list(SPOTS.values()).index(spot.name), spot.code))
    return [
        Written(language, len(spots), tuple(spot for spot in every if spot not in spots))
        for language, spots in found.items()
        if every
    ]
