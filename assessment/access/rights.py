"""What each role may do with a round of its city, and what a person is to a city today."""

from dataclasses import dataclass

from assessment.models import (
    Assignment,
    City,
    Membership,
    Role,
    User,
)

EVERYBODY = frozenset(Role)
WRITERS = frozenset({Role.LEAD, Role.CONTRIBUTOR})
ADVISERS = frozenset({Role.LEAD, Role.CONSULTANT})
RIGHTS: dict[str, frozenset[Role]] = {
    "read": EVERYBODY,
    "report": EVERYBODY,
    "answer": WRITERS,  # a contributor what is assigned to them or their department
    "hand_in": WRITERS,
    "pack": WRITERS,
    "comment": EVERYBODY - {Role.VIEWER},
    "open": frozenset({Role.LEAD}),
    "edit": frozenset({Role.LEAD}),
    "assign": frozenset({Role.LEAD}),
    "board": frozenset({Role.LEAD, Role.REVIEWER, Role.CONSULTANT}),
    "accept": frozenset({Role.LEAD}),
    "submit": frozenset({Role.LEAD}),
    "withdraw": frozenset({Role.LEAD}),
    "migrate": frozenset({Role.LEAD}),
    "members": frozenset({Role.LEAD}),
    "events": frozenset({Role.LEAD}),
    "note": frozenset({Role.REVIEWER}),
    "review": frozenset({Role.REVIEWER}),
    "return": frozenset({Role.REVIEWER}),
    "approve": frozenset({Role.REVIEWER}),
    "reopen": frozenset({Role.REVIEWER}),
    "remark": ADVISERS,
    "design": ADVISERS,
    "mark": frozenset({Role.LEAD}),
}
# What a site administrator, who has no role in the city, may do with its rounds.
SUPERUSER_RIGHTS = frozenset({"read", "report", "members", "events"})


@dataclass(frozen=True)
class Seat:
    """What a person is to a city today: their roles, and the departments for which they answer."""

    user: User
    roles: frozenset[str]
    departments: frozenset[int]

    def may(self, verb: str) -> bool:
        return bool(self.roles & RIGHTS[verb]) or (self.user.is_superuser and verb in SUPERUSER_RIGHTS)

    def holds(self, assignment: Assignment) -> bool:
        """Whether the part is assigned to this person or to one of their departments."""
        return assignment.user_id == self.user.pk or assignment.department_id in self.departments

    @property
    def answers_everything(self) -> bool:
        return Role.LEAD in self.roles


def seat_in(user: User, city: City) -> Seat:
    mine = list(Membership.objects.current().filter(user=user, city=city).values_list("role", "department"))
    departments = frozenset(department for _role, department in mine if department)
    return Seat(user, frozenset(role for role, _department in mine), departments)


def cities_where(user: User, verb: str):
    """Cities in which the user may do this today."""
    mine = Membership.objects.current().filter(user=user, role__in=RIGHTS[verb])
    return City.objects.filter(pk__in=mine.values("city"))
