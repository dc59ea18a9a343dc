"""The history of one answer: what each version changed against the one before, and who last set each field."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessment import merging, outline
from assessment.models import Evidence, Version

# What is compared, and told apart, in a version; the first four can be had back one by one.
RESTORABLE = ("choice", "target", "rationale", "evidence")
FIELDS = (*RESTORABLE, "verified")
AROUND = 40  # characters of a text shown before and behind what changed in it


@dataclass(frozen=True)
class Edit:
    """What was replaced in a text, between what both texts share."""

    head: str
    removed: str
    added: str
    tail: str


@dataclass(frozen=True)
class Change:
    """One field that differs. `removed` and `added` are evidence; `edit` is there where a text was replaced in part."""

    field: str
    before: outline.Response
    after: outline.Response
    edit: Edit | None = None
    removed: tuple[outline.Evidence, ...] = ()
    added: tuple[outline.Evidence, ...] = ()


@dataclass(frozen=True)
class Step:
    """A version, and what it changed."""

    version: Version
    answer: outline.Response
    changes: tuple[Change, ...]

    @property
    def restorable(self) -> tuple[str, ...]:
        return tuple(change.field for change in self.changes if change.field in RESTORABLE)


def steps(versions: Iterable[Version], code: str) -> list[Step]:
    """The versions of the answer to the criterion, given in their order, oldest first."""
    made, before, reason = [], outline.Response(code), ""
    for version in versions:
        after = version.outline()
        changes = _changes(before, after, reason != version.verified_reason)
        made.append(Step(version, after, changes))
        before, reason = after, version.verified_reason
    return made


def last_values(made: Iterable[Step]) -> dict[str, Step | None]:
    """By field: the version that gave it the value that it has now; None where it was never filled in."""
    found: dict[str, Step | None] = dict.fromkeys(FIELDS)
    for step in made:
        found |= {change.field: step for change in step.changes}
    return found


def _changes(before: outline.Response, after: outline.Response, is_argued_otherwise: bool) -> tuple[Change, ...]:
    made = []
    for field in FIELDS:
        if _value(before, field) != _value(after, field) or (field == "verified" and is_argued_otherwise):
            made.append(_change(field, before, after))
    return tuple(made)


def _change(field: str, before: outline.Response, after: outline.Response) -> Change:
    if field == "rationale":
        return Change(field, before, after, edit=edited(before.rationale, after.rationale))
    if field == "evidence":
        removed = tuple(piece for piece in before.evidence if piece not in after.evidence)
        added = tuple(piece for piece in after.evidence if piece not in before.evidence)
        return Change(field, before, after, removed=removed, added=added)
    return Change(field, before, after)


def _value(answer: outline.Response, field: str) -> Any:
    names = {"verified": ("verified_level",), "evidence": ("evidence",)} | merging.FIELDS
    return tuple(getattr(answer, name) for name in names[field])


def edited(before: str, after: str) -> Edit | None:
    """What was replaced, with a little of what stands around it; None where nothing is shared.

    >>> edited("按季度通报一次", "按月通报一次")
    Edit(head='按', removed='季度', added='月', tail='通报一次')
    """
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    if not head and not tail:
        return None
    shared = before[len(before) - tail :]
    return Edit(
        head=_end(before[:head]),
        removed=before[head : len(before) - tail],
        added=after[head : len(after) - tail],
        tail=shared if tail <= AROUND else f"{shared[:AROUND]}…",
    )


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _end(text: str) -> str:
    return text if len(text) <= AROUND else f"…{text[-AROUND:]}"


# Who brought which piece of evidence


type Piece = tuple[str, str, str, str]  # title, reference, address, ISO day


@dataclass(frozen=True)
class Proof:
    """The evidence of one version of an answer, as the database spells it; None: no evidence."""

    criterion: str
    by: str
    at: datetime
    pieces: list[dict[str, str]] | None


def brought(proofs: Iterable[Proof]) -> dict[tuple[str, Piece], Proof]:
    """By criterion and piece: the version with which a piece came that is still there. Versions oldest first."""
    found: dict[str, dict[Piece, Proof]] = {}
    for proof in proofs:
        before = found.get(proof.criterion, {})
        keys = [_spelled_piece(given) for given in proof.pieces or ()]
        found[proof.criterion] = {key: before.get(key, proof) for key in keys}
    return {(code, key): proof for code, pieces in found.items() for key, proof in pieces.items()}


def piece(given: Evidence) -> Piece:
    """What tells a piece of evidence from others."""
    return given.title, given.reference, given.url, given.as_of.isoformat() if given.as_of else ""


def _spelled_piece(given: dict[str, str]) -> Piece:
    return given.get("title", ""), given.get("reference", ""), given.get("url", ""), given.get("as_of", "")
