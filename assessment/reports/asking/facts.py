"""Open this for the evidence that a round still has to ask for, department by department: 待补佐证清单."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from assessment.reports.content.facts import Answer, Content, GapItem

LEAD = re.compile(r"[（(;；]")  # behind the one in charge stand those who help


@dataclass(frozen=True)
class Claim:
    """A level that is claimed without any evidence. `proof`: what suffices for it; `owner`: all who answer for it."""

    code: str
    title: str
    key: bool
    dimension: str
    level: int
    proof: str
    rationale: str
    owner: str


@dataclass(frozen=True)
class Raise:
    """What will prove that a gap is closed: to be collected once the target is reached.

    `assigned`: who closes the gap, where somebody was named for it; `owner`: all who answer for it by the framework.
    """

    code: str
    title: str
    key: bool
    dimension: str
    level: int
    target: int
    proof: str
    owner: str
    assigned: str
    due_on: date | None


@dataclass(frozen=True)
class Desk:
    """What one department, or whoever closes a gap, is asked for. `name` is empty where nobody is named."""

    name: str
    claims: tuple[Claim, ...]
    raises: tuple[Raise, ...]


@dataclass(frozen=True)
class Request:
    """The whole list of a round, in the report's language."""

    content: Content
    desks: tuple[Desk, ...]

    @property
    def claims(self) -> int:
        return sum(len(desk.claims) for desk in self.desks)

    @property
    def raises(self) -> int:
        return sum(len(desk.raises) for desk in self.desks)


def build(content: Content, departments: Mapping[str, str] = {}) -> Request:
    """`departments`: by criterion, who was given it in this round; else it is who leads by the framework.

    What will prove that a gap is closed is asked of who closes it, where somebody was named for that. The list does not
    bear the document number, which is the gap report's.
    """
    names = {section.code: section.name for section in content.sections}
    claims = {a.code: _claim(a, names) for a in content.answers if a.level and not a.evidence}
    raises = {gap.code: _raise(gap) for gap in content.improvements if gap.proof}
    asked: dict[str, tuple[list[Claim], list[Raise]]] = {}
    for answer in content.answers:
        home = departments.get(answer.code) or _lead(answer.owner)
        if claim := claims.get(answer.code):
            asked.setdefault(home, ([], []))[0].append(claim)
        if item := raises.get(answer.code):
            asked.setdefault(_lead(item.assigned) or home, ([], []))[1].append(item)
    desks = [Desk(name, tuple(some), tuple(others)) for name, (some, others) in asked.items()]
    content = replace(content, design=replace(content.design, document_number=""))
    return Request(content, tuple(sorted(desks, key=_place)))


def _place(desk: Desk) -> tuple[bool, int, str]:
    """Who is asked for most of the criteria comes first; nobody, last."""
    codes = {claim.code for claim in desk.claims} | {item.code for item in desk.raises}
    return not desk.name, -len(codes), desk.name


def _lead(owner: str) -> str:
    """
    >>> _lead("市数据局（市委编办）")
    '市数据局'
    """
    return LEAD.split(owner)[0].strip()


def _claim(answer: Answer, names: Mapping[str, str]) -> Claim:
    dimension = f"{answer.dimension} {names[answer.dimension]}"
    return Claim(
        code=answer.code,
        title=answer.title,
        key=answer.key,
        dimension=dimension,
        level=answer.level or 0,
        proof=answer.proof,
        rationale=answer.rationale,
        owner=answer.owner,
    )


def _raise(gap: GapItem) -> Raise:
    return Raise(
        code=gap.code,
        title=gap.title,
        key=gap.key,
        dimension=f"{gap.dimension} {gap.dimension_name}",
        level=gap.level,
        target=gap.target,
        proof=gap.proof,
        owner=gap.owner,
        assigned=gap.assigned.owner.strip() if gap.assigned else "",
        due_on=gap.assigned.due_on if gap.assigned else None,
    )
