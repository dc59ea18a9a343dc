"""Who may see, answer, review and edit: views get their objects only here, and strangers get 404.

RIGHTS is the whole table: what each role may do with a round of its city. What state a round must be in for it is
the actions' business. docs/access.md shows the table; a test holds both together.
"""

from dataclasses import dataclass

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import Group, Permission
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assessment.models import (
    Assessment,
    Assignment,
    Batch,
    City,
    Comment,
    Department,
    Event,
    Evidence,
    Framework,
    GoldenSet,
    Invitation,
    Mark,
    Membership,
    Phrase,
    ReportFile,
    Return,
    Role,
    StoredFile,
    User,
)
from assessment.models.assignment import holders_by_criterion, key_of
from assessment.models.framework import PARTS
from assessment.outline import Criterion, Source

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

MOST_REGISTERED = 10

CRITERIA_ADMINS = "标准管理员"
# 三员分立: accounts and cities; roles; the log. Three groups that can be three people.
SYSTEM_ADMINS, SECURITY_ADMINS, AUDITORS = "系统管理员", "安全管理员", "安全审计员"


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


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the administrator or by invitation; nobody signs up. Signing in and out is logged."""

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        """Who only fills in begins at their tasks."""
        return reverse("task-list") if only_contributes(request.user) else super().get_login_redirect_url(request)

    def post_login(self, request, user, **kwargs):
        Event.objects.record(Event.Verb.SIGNED_IN, by=user)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request, **credentials):
        Event.objects.record(Event.Verb.SIGN_IN_FAILED, target=str(credentials.get("username", "")))

    def set_password(self, user, password):
        super().set_password(user, password)
        Event.objects.record(Event.Verb.PASSWORD_CHANGED, by=user, target=user.username)

    def logout(self, request):
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            Event.objects.record(Event.Verb.SIGNED_OUT, by=user)


# Rounds


def assessments(user: User):
    """The rounds that the user may see, with what a list shows; copies that were given up have their address alone."""
    rounds = Assessment.objects.visible_to(user).current().select_related("city", "framework", "target")
    return rounds.with_progress().order_by("-created_at", "-pk")


def other_rounds(user: User, record: Assessment):
    """What the round can be compared with: the city's others on a version of the same framework, the latest first."""
    return assessments(user).filter(city=record.city_id, framework__code=record.framework.code).exclude(pk=record.pk)


def enter(user: User, pk: int, verb: str = "read", *, locked: bool = False) -> tuple[Assessment, Seat]:
    """The round and what the user is to its city. 404 for those who may not do this, or may not see the round yet.

    `locked`: nobody else changes the round until the transaction ends.
    """
    rounds = Assessment.objects.select_for_update(of=("self",)) if locked else Assessment.objects.all()
    record = get_object_or_404(rounds.select_related("city", "framework", "target", "previous", "migration"), pk=pk)
    seat = seat_in(user, record.city)
    may_hide = record.is_draft or record.is_moved or record.is_undone
    hidden = may_hide and not Assessment.objects.visible_to(user).filter(pk=pk).exists()
    if hidden or not seat.may("read") or not seat.may(verb):
        raise Http404
    return record, seat


# What saving a card needs of the round's city and framework.
NEEDED = ["city__name", "framework__state", "framework__code", "framework__version"]


def answering(user: User, pk: int, code: str) -> Assessment:
    """The round, locked until the transaction ends, if the user may answer this criterion now; 404 otherwise.

    One query gives the round once for each of the person's roles in its city, and says whether the criterion came back.
    """
    rounds = Assessment.objects.select_for_update(of=("self",)).select_related("city", "framework")
    rounds = rounds.only(*(field.name for field in Assessment._meta.fields), *NEEDED)
    mine = Membership.objects.current().filter(user=user)
    rows = list(
        rounds.filter(pk=pk, city__memberships__in=mine).annotate(
            role=F("city__memberships__role"),
            department=F("city__memberships__department"),
            is_returned=Exists(Return.objects.filter(assessment=OuterRef("pk"), criterion__code=code, settled_at=None)),
        )
    )
    departments = frozenset(row.department for row in rows if row.department)
    seat = Seat(user, frozenset(row.role for row in rows), departments)
    if not rows or code not in _theirs(rows[0], seat) or (rows[0].is_narrowed and not rows[0].is_returned):
        raise Http404
    return rows[0]


def assessment(user: User, pk: int, verb: str = "read") -> Assessment:
    """The round, if the user may do this with it."""
    return enter(user, pk, verb)[0]


def criterion(record: Assessment, code: str) -> Criterion:
    """The criterion, if the round asks it."""
    found = next((criterion for criterion in record.asked if criterion.code == code), None)
    if found is None:
        raise Http404
    return found


def seat_in(user: User, city: City) -> Seat:
    mine = list(Membership.objects.current().filter(user=user, city=city).values_list("role", "department"))
    departments = frozenset(department for _role, department in mine if department)
    return Seat(user, frozenset(role for role, _department in mine), departments)


def answerable(record: Assessment, seat: Seat) -> set[str]:
    """Codes of the criteria that the person may answer now.

    A lead: all that are asked. A contributor: what is assigned to them or their department and not handed in yet.
    After single criteria were returned: those alone, until they are settled.
    """
    codes = _theirs(record, seat)
    if codes and record.is_narrowed:
        codes &= set(record.returns.filter(settled_at=None).values_list("criterion__code", flat=True))
    return codes


def _theirs(record: Assessment, seat: Seat) -> set[str]:
    """What of the round the person may answer, whether or not it came back."""
    if not record.is_open or not seat.may("answer"):
        return set()
    codes = {criterion.code for criterion in record.asked}
    if not seat.answers_everything:
        given = holders_by_criterion(record, record.assignments.in_short())
        codes &= {code for code, part in given.items() if seat.holds(part) and not part.is_locked}
    return codes


def assigned(record: Assessment) -> dict[str, Assignment]:
    """The assignment that counts for each criterion: its own, else its dimension's."""
    return holders_by_criterion(record, record.assignments.whole())


# Many cities at once


@dataclass(frozen=True)
class Duties:
    """What the user finds in the menus: parts can be given to them somewhere; they look after several cities; reports
    bear their mark; they write for reports."""

    has_tasks: bool
    has_desk: bool
    has_mark: bool
    has_phrases: bool


def duties(user: User) -> Duties:
    mine = list(Membership.objects.current().filter(user=user).values_list("city", "role"))
    looked_after = {city for city, role in mine if role in RIGHTS["board"]}
    roles = {role for _city, role in mine}
    return Duties(
        has_tasks=bool(roles & RIGHTS["answer"]),
        has_desk=user.is_superuser or len(looked_after) > 1,
        has_mark=Role.CONSULTANT in roles,
        has_phrases=bool(roles & RIGHTS["remark"]),
    )


def has_desk(user: User) -> bool:
    """Whether the user looks after more than one city, and so has a desk over them."""
    return duties(user).has_desk


def desk(user: User):
    """The rounds on the user's desk: begun, and not moved to another version. 404 for those who have none."""
    if not has_desk(user):
        raise Http404
    over = [Assessment.State.DRAFT, Assessment.State.MOVED]
    rounds = rounds_to_report(user).current().exclude(state__in=over)
    return rounds if user.is_superuser else rounds.filter(city__in=_cities(user, "board"))


def rounds_to_report(user: User):
    """The rounds of which the user may have reports made today; none for an account that is disabled."""
    rounds = Assessment.objects.visible_to(user)
    if user.is_superuser or not user.is_active:
        return rounds if user.is_active else rounds.none()
    return rounds.filter(city__in=_cities(user, "report"))


def batches(user: User):
    """The batches that the user ordered; nobody sees another's."""
    return Batch.objects.filter(by=user)


def batch(user: User, pk: int, *, locked: bool = False) -> Batch:
    """The batch, if the user ordered it. `locked`: nobody else changes it until the transaction ends."""
    own = batches(user).select_for_update() if locked else batches(user)
    return get_object_or_404(own, pk=pk)


def lost_cities(user: User, batch: Batch):
    """Cities in the batch of whose reports the user may no longer have any: it is not given out while there are some."""
    lost = batch.items.exclude(assessment__in=rounds_to_report(user))
    return City.objects.filter(pk__in=lost.values("assessment__city"))


# Whose turn


def part(user: User, pk: int, verb: str) -> tuple[Assignment, Seat]:
    """One part of a round and what the user is to its city. 404 for those who neither hold nor lead it."""
    given = get_object_or_404(Assignment.objects.whole(), pk=pk)
    given.assessment, seat = enter(user, given.assessment_id, verb)
    if not (seat.answers_everything or seat.holds(given)):
        raise Http404
    return given, seat


def own_parts(user: User):
    """What of the open rounds is given to the user or to one of their departments."""
    mine = Membership.objects.current().filter(user=user)
    cities = mine.filter(role__in=RIGHTS["answer"]).values("city")
    rounds = Assessment.objects.filter(state=Assessment.State.OPEN, city__in=cities)
    return Assignment.objects.filter(assessment__in=rounds).of(user, mine.values("department"))


def own_rounds(user: User):
    """The open rounds of which a part is the user's, the most urgent first."""
    rounds = Assessment.objects.filter(pk__in=own_parts(user).values("assessment"))
    return rounds.select_related("city", "framework").order_by(F("due_on").asc(nulls_last=True), "pk")


def mentions(user: User):
    """The unresolved comments that mention the user, where they may still read them."""
    found = Comment.objects.filter(mentions=user, resolved_at=None, parent__resolved_at=None)
    found = found.filter(assessment__in=Assessment.objects.visible_to(user))
    private = Q(assessment__city__in=_cities(user, "note"))
    over = [Assessment.State.APPROVED, Assessment.State.UNDONE]
    found = found.filter(Q(is_private=False) | private).exclude(assessment__state__in=over)
    return found.select_related(
        "assessment__city", "assessment__framework", "criterion__facet__dimension", "written_by"
    )


def writers(city: City):
    """Who may be given a part of the city's rounds."""
    today = Membership.objects.current().filter(city=city, role__in=RIGHTS["answer"])
    return User.objects.filter(pk__in=today.values("user"), is_active=True).order_by("name", "username")


def mail_addresses(city: City) -> dict[str, list[str]]:
    """Where those who answer for a holder of parts are reached, by the holder's key."""
    today = Membership.objects.current().filter(city=city, role__in=RIGHTS["answer"], user__is_active=True)
    found: dict[str, list[str]] = {}
    for member in today.exclude(user__email="").select_related("user", "department"):
        for holder in filter(None, (member.user, member.department)):
            found.setdefault(key_of(holder), []).append(member.user.email)
    return {key: sorted(set(addresses)) for key, addresses in found.items()}


def roles_anywhere(user: User) -> frozenset[str]:
    """The roles that the user has today in any city."""
    return frozenset(Membership.objects.current().filter(user=user).values_list("role", flat=True).distinct())


def only_contributes(user: User) -> bool:
    roles = set(Membership.objects.current().filter(user=user).values_list("role", flat=True))
    return roles == {Role.CONTRIBUTOR} and not user.is_staff


def commenters(city: City, verb: str = "comment"):
    """Who may write comments in the city today, and so may be asked by name; with "note": who reads private notes."""
    today = Membership.objects.current().filter(city=city, role__in=RIGHTS[verb])
    return User.objects.filter(pk__in=today.values("user"), is_active=True).order_by("name", "username")


def comments(record: Assessment, seat: Seat):
    """The round's comments that the person may read."""
    return record.comments.visible_to_seat(seat.may("note"))


def thread(user: User, pk: int, comment: int) -> tuple[Assessment, Comment]:
    """The round and the thread's first comment, if the user may settle it."""
    record, seat = enter(user, pk, "comment")
    found = comments(record, seat).filter(parent=None).select_related("criterion")
    item = get_object_or_404(found, pk=comment)
    if not may_settle(seat, item):
        raise Http404
    return record, item


def may_settle(seat: Seat, item: Comment) -> bool:
    """Who wrote the first comment of a thread, leads and reviewers."""
    is_theirs = item.written_by_id == seat.user.pk or seat.may("assign") or seat.may("review")
    return seat.may("comment") and is_theirs


def files(user: User):
    """Evidence files: those used in a round that the user may see; for a city's leads all of the city's."""
    used = Evidence.objects.filter(response__assessment__in=Assessment.objects.visible_to(user))
    return StoredFile.objects.filter(Q(pk__in=used.values("file")) | Q(city__in=_cities(user, "assign")))


def stored_file(user: User, pk: int) -> StoredFile:
    return get_object_or_404(files(user).select_related("city"), pk=pk)


# Reports made


def registered(user: User, **sought) -> tuple[list[ReportFile], bool]:
    """The reports made for which this holds, newest first, if the user may read their round; whether there are others.

    A report over many rounds is read by who made it, and by superusers.
    """
    found = ReportFile.objects.filter(**sought)
    mine = Q(assessment__in=Assessment.objects.visible_to(user)) | Q(assessment=None, by=user)
    readable = found if user.is_superuser else found.filter(mine)
    rows = readable.select_related("assessment__city", "assessment__framework", "by")[:MOST_REGISTERED]
    return list(rows), bool(rows) or found.exists()


# Cities and people


def cities_to_open(user: User):
    """Cities in which the user may open a round."""
    return _cities(user, "open")


def cities_to_staff(user: User):
    """Cities whose members the user may invite and change."""
    return City.objects.all() if user.has_perm("assessment.change_membership") else _cities(user, "members")


def city(user: User, code: str, verb: str = "members") -> City:
    """The city, if the user may do this in it."""
    cities = cities_to_staff(user) if verb == "members" else _cities(user, verb)
    return get_object_or_404(cities, code=code)


def membership(user: User, code: str, pk: int) -> Membership:
    """A person's role in a city, if the user may change it."""
    people = Membership.objects.select_related("city", "user", "department")
    return get_object_or_404(people, city=city(user, code), pk=pk)


def department(user: User, code: str, pk: int) -> Department:
    """A department of a city, if the user may rename it."""
    return get_object_or_404(Department.objects.select_related("city"), city=city(user, code), pk=pk)


def sent_invitation(user: User, code: str, pk: int) -> Invitation:
    """An open invitation to a city, if the user may revoke it."""
    return get_object_or_404(Invitation.objects.valid(), city=city(user, code), pk=pk)


def invitation(token: str) -> Invitation:
    """The invitation behind a link, as long as it is valid and who sent it may still invite."""
    found = Invitation.objects.valid().select_related("city", "department", "created_by").with_token(token)
    record = get_object_or_404(found)
    sender = record.created_by
    if not sender.is_active or not cities_to_staff(sender).filter(pk=record.city_id).exists():
        raise Http404
    return record


def account(user: User, pk: int) -> User:
    """The account, if the user may disable it and make links to it."""
    record = get_object_or_404(User, pk=pk)
    if not may_manage(user, record):
        raise Http404
    return record


def may_manage(user: User, account: User) -> bool:
    """Administrators manage accounts, none the account of another administrator: that would be to take its rights."""
    return user.has_perm("assessment.change_user") and (user.is_superuser or not is_administrator(account))


def may_grant(user: User, account: User) -> bool:
    """Whether the user gives the account its groups."""
    own_or_equal = account.pk == user.pk or is_administrator(account)
    return user.has_perm("assessment.change_membership") and (user.is_superuser or not own_or_equal)


def grantable_groups(user: User):
    """The groups that the user may give. Those that administer people are the superuser's to give."""
    groups = Group.objects.all()
    return groups if user.is_superuser else groups.exclude(permissions__in=_administering())


def is_administrator(account: User) -> bool:
    """Whether the account has rights over people, also while it is disabled."""
    if account.is_superuser:
        return True
    return _administering().filter(Q(group__user=account) | Q(user=account)).exists()


def _administering():
    """Permissions over people, roles, cities and the log."""
    people = ["city", "department", "event", "group", "invitation", "membership", "permission", "user"]
    return Permission.objects.filter(content_type__model__in=people)


def events(user: User):
    """The events that the user may read: all for auditors, those of their cities for leads, 404 for all others."""
    cities = _cities(user, "events")
    if not user.has_perm("assessment.view_event") and not cities.exists():
        raise Http404
    return Event.objects.visible_to(user, cities).select_related("city", "assessment__city")


def rounds_among(user: User, pks) -> set[int]:
    """Which of these rounds the user may open."""
    return set(Assessment.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))


def _cities(user: User, verb: str):
    mine = Membership.objects.current().filter(user=user, role__in=RIGHTS[verb])
    return City.objects.filter(pk__in=mine.values("city"))


# What people add to reports


def must_write(user: User) -> None:
    """404 for all who write for no city's report."""
    if not roles_anywhere(user) & RIGHTS["remark"]:
        raise Http404


def phrases(user: User):
    """The user's own phrases; 404 for those who write for no city's report."""
    must_write(user)
    return Phrase.objects.filter(user=user)


def phrase(user: User, pk: int) -> Phrase:
    return get_object_or_404(phrases(user), pk=pk)


def must_consult(user: User) -> None:
    """404 for all who are no city's consultant today: nobody else has a mark of their own."""
    if Role.CONSULTANT not in roles_anywhere(user):
        raise Http404


def consultants_marks(record: Assessment):
    """The marks that a round's reports may bear beside the city's: its consultants' today, and the one chosen before."""
    today = Membership.objects.current().filter(city=record.city, role=Role.CONSULTANT, user__is_active=True)
    chosen = Mark.objects.filter(pk__in=Assessment.objects.filter(pk=record.pk).values("design__consultant"))
    theirs = Mark.objects.filter(user__in=today.values("user"))
    return (theirs | chosen).select_related("user").order_by("organisation", "pk")


# Frameworks


def must_import_frameworks(user: User) -> None:
    """404 for all but those who may add frameworks and change them."""
    if not user.has_perms(["assessment.add_framework", "assessment.change_framework"]):
        raise Http404


def framework(user: User, code: str, version: str) -> Framework:
    """A published or retired version for everybody; a draft for those who edit frameworks."""
    return get_object_or_404(frameworks(user), code=code, version=version)


def frameworks(user: User):
    """The versions that the user may see: drafts for those who edit frameworks."""
    versions = Framework.objects.all()
    return versions if may_edit_frameworks(user) else versions.exclude(state=Framework.State.DRAFT)


def may_edit_frameworks(user: User) -> bool:
    return user.has_perm("assessment.change_framework")


def draft(user: User, code: str, version: str) -> Framework:
    """A draft, if the user may edit it. 404 for what is published: it is read elsewhere."""
    return get_object_or_404(editable_frameworks(user), code=code, version=version, state=Framework.State.DRAFT)


def editable_frameworks(user: User):
    """All versions, for those who edit frameworks; 404 for all others."""
    if not may_edit_frameworks(user):
        raise Http404
    return Framework.objects.all()


def source(user: User, record: Framework, code: str) -> Source:
    """A source of the framework, if the user may upload its text."""
    found = next((source for source in record.outline().sources if source.code == code), None)
    if found is None or not user.has_perm("assessment.change_framework"):
        raise Http404
    return found


def golden_set(user: User, code: str, version: str, pk: int) -> GoldenSet:
    """A golden set of a draft, if the user may change it."""
    sets = GoldenSet.objects.select_related("framework")
    return get_object_or_404(sets, framework=draft(user, code, version), pk=pk)


# Groups


def criteria_admins() -> Group:
    """The group whose members edit frameworks, and nothing else."""
    return _group(CRITERIA_ADMINS, [(model, ("view", "add", "change", "delete")) for model in (Framework, *PARTS)])


def separated_admins() -> tuple[Group, Group, Group]:
    """三员分立: system, security and audit administrators, each with what the other two lack."""
    return (
        _group(SYSTEM_ADMINS, [(User, ("view", "add", "change")), (City, ("view", "add", "change"))]),
        _group(
            SECURITY_ADMINS,
            [
                (Membership, ("view", "add", "change", "delete")),
                (Department, ("view", "add", "change")),
                (User, ("view",)),
                (City, ("view",)),
            ],
        ),
        _group(AUDITORS, [(Event, ("view",))]),
    )


def _group(name: str, rights) -> Group:
    group, created = Group.objects.get_or_create(name=name)
    if created:
        wanted = [f"{verb}_{model._meta.model_name}" for model, verbs in rights for verb in verbs]
        group.permissions.set(Permission.objects.filter(content_type__app_label="assessment", codename__in=wanted))
    return group
