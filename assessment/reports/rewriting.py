"""Open this for the history of what people wrote at one spot of a report: what each version changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessment.models import Remark
from assessment.reports.history import Edit, edited


@dataclass(frozen=True)
class Rewrite:
    """A version, with what stood at its place before. `edit` is there where a text was replaced in part."""

    remark: Remark
    before: str
    edit: Edit | None


def rewrites(versions: Iterable[Remark]) -> list[Rewrite]:
    """The versions at the places of one spot, given in their order, oldest first."""
    made: list[Rewrite] = []
    before: dict[str, str] = {}
    for remark in versions:
        was = before.get(remark.place, "")
        edit = edited(was, remark.text) if was and remark.text else None
        made.append(Rewrite(remark, was, edit))
        before[remark.place] = remark.text
    return made
