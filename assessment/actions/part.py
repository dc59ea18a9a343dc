"""The parts of rounds as they stand: what each asks, how much is answered, what came back, where to go on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assessment import outline
from assessment.models import Assessment, Assignment, Department, Response, Return, User
from assessment.models.assignment import holders_by_criterion, key_of


@dataclass(frozen=True)
class Part:
    """What one assignment comprises; without `given` what is nobody's. The criteria stand in framework order."""

    record: Assessment
    given: Assignment | None
    criteria: tuple[outline.Criterion, ...]
    unanswered: tuple[outline.Criterion, ...]
    unconfirmed: tuple[outline.Criterion, ...]
    returns: tuple[Return, ...]

    @property
    def code(self) -> str:
        return self.given.part.code if self.given else ""

    @property
    def name(self) -> outline.Text:
        framework = self.record.framework.outline()
        if self.given and self.given.dimension:
            return framework.home[self.criteria[0].code].name
        return self.criteria[0].title

    @property
    def answered(self) -> int:
        return len(self.criteria) - len(self.unanswered)

    @property
    def is_complete(self) -> bool:
        return not (self.unanswered or self.unconfirmed or self.returns)

    @property
    def first_open(self) -> outline.Criterion | None:
        """Where to go on: what came back first, then what is not answered or not confirmed."""
        returned = {item.criterion.code for item in self.returns if item.criterion}
        open_ones = {c.code for c in (*self.unanswered, *self.unconfirmed)}
        wanted = returned or open_ones
        return next((criterion for criterion in self.criteria if criterion.code in wanted), None)

    @property
    def home(self) -> str:
        """The code of the dimension where the part begins."""
        return self._home(self.criteria[0])

    @property
    def first_home(self) -> str:
        """The code of the dimension where `first_open` stands."""
        return self._home(self.first_open) if self.first_open else ""

    def _home(self, criterion: outline.Criterion) -> str:
        return self.record.framework.outline().home[criterion.code].code


@dataclass(frozen=True)
class Holding:
    """All parts of one holder in a round; without a holder what is nobody's."""

    holder: User | Department | None
    parts: tuple[Part, ...]

    @property
    def key(self) -> str:
        return key_of(self.holder) if self.holder else "nobody"

    @property
    def criteria(self) -> int:
        return sum(len(part.criteria) for part in self.parts)

    @property
    def answered(self) -> int:
        return sum(part.answered for part in self.parts)

    @property
    def unconfirmed(self) -> int:
        return sum(len(part.unconfirmed) for part in self.parts)

    @property
    def returned(self) -> int:
        return sum(len(part.returns) for part in self.parts)

    @property
    def given(self) -> list[Assignment]:
        return [part.given for part in self.parts if part.given]

    @property
    def overdue(self) -> int:
        return sum(given.is_overdue for given in self.given)

    @property
    def handed_in(self) -> int:
        return sum(given.is_handed_in for given in self.given)

    @property
    def accepted(self) -> int:
        return sum(given.is_accepted for given in self.given)

    @property
    def waiting(self) -> tuple[Part, ...]:
        """What is still the holder's to do."""
        return tuple(part for part in self.parts if part.given and part.given.is_open)

    @property
    def first(self) -> Part | None:
        """The part with the first open card: one still being answered before one that is handed in."""
        found = [part for part in self.parts if part.first_open]
        return next((part for part in found if part in self.waiting), found[0] if found else None)


def parts(records: Iterable[Assessment]) -> list[Part]:
    """The parts of these rounds, each round's in framework order, in three queries; what is nobody's comes last."""
    rounds = list(records)
    given = _by_round(Assignment.objects.filter(assessment__in=rounds).whole())
    returns = _by_round(
        Return.objects.filter(assessment__in=rounds, settled_at=None).select_related("criterion", "returned_by")
    )
    answers: dict[int, dict[str, bool]] = {}
    rows = Response.objects.filter(assessment__in=rounds).exclude(level=None, not_applicable="")
    for pk, code, is_unconfirmed in rows.values_list("assessment", "criterion__code", "is_unconfirmed"):
        answers.setdefault(pk, {})[code] = is_unconfirmed
    return [
        part
        for record in rounds
        for part in _parts_of(record, given.get(record.pk, []), answers.get(record.pk, {}), returns.get(record.pk, []))
    ]


def _by_round(rows) -> dict[int, list]:
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.assessment_id, []).append(row)
    return found


def _parts_of(
    record: Assessment, given: list[Assignment], answers: dict[str, bool], returns: Collection[Return]
) -> list[Part]:
    """`answers`: of each answered criterion, whether it is still unconfirmed."""
    holders = holders_by_criterion(record, given)
    criteria: dict[Assignment | None, list[outline.Criterion]] = {}
    for criterion in record.asked:
        criteria.setdefault(holders.get(criterion.code), []).append(criterion)
    nobodys = criteria.pop(None, None)
    return [
        Part(
            record,
            item,
            criteria=tuple(asked),
            unanswered=tuple(c for c in asked if c.code not in answers),
            unconfirmed=tuple(c for c in asked if answers.get(c.code)),
            returns=tuple(r for r in returns if r.criterion and r.criterion.code in {c.code for c in asked}),
        )
        for item, asked in [*criteria.items(), *([(None, nobodys)] if nobodys else [])]
    ]


def part_of(given: Assignment) -> Part | None:
    """This part as it stands; None where all its criteria are somebody else's."""
    return next((part for part in parts([given.assessment]) if part.given == given), None)


def holdings(record: Assessment) -> list[Holding]:
    """The parts of the round by holder: departments, then people, then what is nobody's."""
    found: dict[User | Department | None, list[Part]] = {}
    for part in parts([record]):
        found.setdefault(part.given.holder if part.given else None, []).append(part)
    rows = [Holding(holder, tuple(held)) for holder, held in found.items()]
    return sorted(rows, key=lambda row: (row.holder is None, isinstance(row.holder, User), str(row.holder)))


def returned_whole(records: Iterable[Assessment]) -> list[Return]:
    """The open returns of these rounds as a whole."""
    found = Return.objects.filter(assessment__in=list(records), settled_at=None, criterion=None)
    return list(found.select_related("returned_by"))
