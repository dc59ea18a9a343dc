"""Cities and people: whom one may invite, change, assign or ask; accounts, administrators and their groups; the log."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assessment.access.rights import RIGHTS, cities_where
from assessment.models import (
    City,
    Department,
    Event,
    Framework,
    Invitation,
    Membership,
    Role,
    User,
)
from assessment.models.assignment import key_of
from assessment.models.framework import PARTS

CRITERIA_ADMINS = "标准管理员"
# 三员分立: accounts and cities; roles; the log. Three groups that can be three people.
SYSTEM_ADMINS, SECURITY_ADMINS, AUDITORS = "系统管理员", "安全管理员", "安全审计员"


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


def cities_to_open(user: User):
    """Cities in which the user may open a round."""
    return cities_where(user, "open")


def cities_to_staff(user: User):
    """Cities whose members the user may invite and change."""
    return City.objects.all() if user.has_perm("assessment.change_membership") else cities_where(user, "members")


def city(user: User, code: str, verb: str = "members") -> City:
    """The city, if the user may do this in it."""
    cities = cities_to_staff(user) if verb == "members" else cities_where(user, verb)
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
    cities = cities_where(user, "events")
    if not user.has_perm("assessment.view_event") and not cities.exists():
        raise Http404
    return Event.objects.visible_to(user, cities).select_related("city", "assessment__city")


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
