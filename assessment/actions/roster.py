"""A roster from a workbook: what it would do to a city's people, and doing it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Literal

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from assessment.actions.account import add_department, change_role, create_account, described, give_role
from assessment.actions.outcome import Overtaken, Refused
from assessment.models import City, Department, Membership, Role, User

Kind = Literal["new_account", "new_role", "changed", "unchanged"]


@dataclass(frozen=True)
class Entry:
    """One line: a person's role in the city. `place` says where it stands, such as 名单!A3."""

    place: str
    name: str
    username: str
    role: str
    department: str = ""
    email: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Step:
    """What happens to one entry; `before` is what was stored."""

    kind: Kind
    entry: Entry
    before: str = ""

    @property
    def role(self) -> str:
        return str(Role(self.entry.role).label)


@dataclass
class Plan:
    """All that would happen. With problems nothing does."""

    steps: list[Step] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def count(self, kind: Kind) -> int:
        return sum(step.kind == kind for step in self.steps)

    @property
    def new_accounts(self) -> int:
        return len({step.entry.username for step in self.steps if step.kind == "new_account"})

    @property
    def changes_something(self) -> bool:
        return any(step.kind != "unchanged" for step in self.steps)

    @property
    def digest(self) -> str:
        """By which it is known again."""
        return sha256(repr((self.steps, self.departments)).encode()).hexdigest()


def plan_roster(city: City, entries: Iterable[Entry], *, by: User) -> Plan:
    """What the entries would do. Who is stored and not listed stays as they are."""
    entries, users = _spelled_as_stored(list(entries))
    rows = Membership.objects.filter(city=city, user__in=users.values()).select_related("user", "department")
    stored = {(row.user.username, row.role): row for row in rows}
    known = set(city.departments.values_list("name", flat=True))
    plan = Plan(departments=sorted({entry.department for entry in entries if entry.department} - known))
    plan.problems = _problems(entries, users)
    for entry in entries:
        plan.steps.append(_step(entry, entry.username in users, stored.get((entry.username, entry.role))))
    for step in plan.steps:
        row = stored.get((step.entry.username, step.entry.role))
        if step.kind == "changed" and row and row.user == by and row.role == Role.LEAD:
            plan.problems.append((step.entry.place, _("this is your own role as lead; another lead changes it")))
    return plan


def _spelled_as_stored(entries: list[Entry]) -> tuple[list[Entry], dict[str, User]]:
    """The entries with user names as they are stored, or as the first of them spells it: capitals make no other person."""
    wanted = {entry.username.lower() for entry in entries}
    found = User.objects.annotate(lower=Lower("username")).filter(lower__in=wanted)
    users: dict[str, User] = {user.username: user for user in found}
    spelling = {username.lower(): username for username in users}
    for entry in entries:
        spelling.setdefault(entry.username.lower(), entry.username)
    return [replace(entry, username=spelling[entry.username.lower()]) for entry in entries], users


def _problems(entries: list[Entry], users: dict[str, User]) -> list[tuple[str, str]]:
    found = []
    lines = Counter((entry.username, entry.role) for entry in entries)
    first: dict[str, Entry] = {}
    for entry in entries:
        if lines[entry.username, entry.role] > 1:
            found.append((entry.place, _("this person has this role on another line too")))
        stands = users.get(entry.username)
        name = stands.name if stands else first.setdefault(entry.username, entry).name
        if name and name != entry.name:
            found.append((entry.place, _("this user name belongs to a person of another name")))
    return found


def _step(entry: Entry, is_known: bool, stored: Membership | None) -> Step:
    if stored is None:
        return Step("new_role" if is_known else "new_account", entry)
    department = stored.department.name if stored.department else ""
    same = (department, stored.starts_on, stored.ends_on) == (entry.department, entry.starts_on, entry.ends_on)
    return Step("unchanged" if same else "changed", entry, "" if same else described(stored))


@transaction.atomic
def apply_roster(city: City, entries: Iterable[Entry], *, by: User, shown: str | None = None) -> list[User]:
    """Does what `plan_roster` says, all or nothing; the accounts that were made, without a password yet.

    `shown`: the digest of the plan that the person saw; raises Overtaken where it would be another one by now.
    """
    City.objects.select_for_update().get(pk=city.pk)
    plan = plan_roster(city, entries, by=by)
    if plan.problems:
        raise Refused(_("the list has errors; nothing was written"))
    if shown not in (None, plan.digest):
        raise Overtaken(_("The city's people were changed meanwhile. Look again; nothing was written."))
    for name in plan.departments:
        add_department(Department(city=city, name=name), by=by)
    departments = {department.name: department for department in city.departments.all()}
    made: dict[str, User] = {}
    for step in plan.steps:
        _take(step, city, departments.get(step.entry.department), made, by)
    return list(made.values())


def _take(step: Step, city: City, department: Department | None, made: dict[str, User], by: User) -> None:
    entry = step.entry
    if step.kind == "unchanged":
        return
    if step.kind == "new_account" and entry.username not in made:
        user = User(username=entry.username, name=entry.name, email=entry.email)
        user.set_unusable_password()
        made[entry.username] = create_account(user, by=by, city=city)
    user = made.get(entry.username) or User.objects.get(username=entry.username)
    stored = Membership.objects.filter(user=user, city=city, role=entry.role).first()
    row = stored or Membership(user=user, city=city, role=entry.role)
    row.department, row.starts_on, row.ends_on = department, entry.starts_on, entry.ends_on
    if stored:
        change_role(row, by=by)
    else:
        give_role(row, by=by)
