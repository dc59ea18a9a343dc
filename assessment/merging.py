"""Two people, one answer: what each changed since the version that both saw, put together field by field."""

from dataclasses import dataclass, replace
from typing import Any

from assessment.outline import Evidence, Response

# What a person changes at once: the level and "not applicable" are one choice.
FIELDS = {"choice": ("level", "not_applicable"), "target": ("target",), "rationale": ("rationale",)}


@dataclass(frozen=True)
class Merged:
    """`response`: theirs, with everything that only mine changed. `conflicts`: the fields that both changed,
    each in another way; there `response` holds theirs."""

    response: Response
    conflicts: tuple[str, ...] = ()


def merge(base: Response, mine: Response, theirs: Response) -> Merged:
    """A three-way merge. What a reviewer verified is theirs; evidence is merged piece by piece and never in conflict.

    >>> base, theirs = Response("T1.1", level=1), Response("T1.1", level=2)
    >>> merge(base, Response("T1.1", level=1, rationale="by law"), theirs)
    Merged(response=Response(criterion='T1.1', level=2, target=None, rationale='by law', evidence=(), \
not_applicable='', verified_level=None), conflicts=())
    >>> merge(base, Response("T1.1", level=3), theirs).conflicts
    ('choice',)
    """
    merged, conflicts = theirs, []
    for field, names in FIELDS.items():
        old, new, other = (_value(response, names) for response in (base, mine, theirs))
        if new in (old, other):
            continue
        if old == other:
            merged = replace(merged, **{name: getattr(mine, name) for name in names})
        else:
            conflicts.append(field)
    return Merged(replace(merged, evidence=_merge_evidence(base, mine, theirs)), tuple(conflicts))


def caught_up(base: Response, mine: Response, theirs: Response) -> Response:
    """The base after an earlier save of mine that I never heard of: what I changed since is on top of theirs.

    >>> base, saved = Response("T1.1"), Response("T1.1", level=1)
    >>> merge(caught_up(base, Response("T1.1", level=2), saved), Response("T1.1", level=2), saved).response.level
    2
    """
    names = [name for field, names in FIELDS.items() if not same_in(field, base, mine) for name in names]
    if not same_in("evidence", base, mine):
        names.append("evidence")
    return replace(base, **{name: getattr(theirs, name) for name in names})


def same(one: Response, other: Response) -> bool:
    """True where nothing that a person fills in differs.

    >>> same(Response("T1.1", rationale="a\\r\\nb "), Response("T1.1", rationale="a\\nb", verified_level=1))
    True
    """
    return all(same_in(field, one, other) for field in (*FIELDS, "evidence"))


def same_in(field: str, one: Response, other: Response) -> bool:
    """True where the two do not differ in this field.

    >>> same_in("choice", Response("T1.1", level=1), Response("T1.1", level=1, target=2))
    True
    """
    if field == "evidence":
        return list(map(_piece, one.evidence)) == list(map(_piece, other.evidence))
    return _value(one, FIELDS[field]) == _value(other, FIELDS[field])


def plain(text: str) -> str:
    """A text as forms give it back: line ends and blanks at its ends aside."""
    return text.replace("\r\n", "\n").strip()


def _value(response: Response, names: tuple[str, ...]) -> tuple[Any, ...]:
    values = (getattr(response, name) for name in names)
    return tuple(plain(value) if isinstance(value, str) else value for value in values)


def _merge_evidence(base: Response, mine: Response, theirs: Response) -> tuple[Evidence, ...]:
    """Theirs without what mine took away, then what mine added; in my order where only I changed something."""
    old, new, other = ([_piece(e) for e in response.evidence] for response in (base, mine, theirs))
    if old == other and new != old:
        return mine.evidence
    kept = [e for e in theirs.evidence if _piece(e) in new or _piece(e) not in old]
    return (*kept, *(e for e in mine.evidence if _piece(e) not in old and _piece(e) not in other))


def _piece(evidence: Evidence) -> tuple[Any, ...]:
    return plain(evidence.title), plain(evidence.reference), plain(evidence.url), evidence.as_of
