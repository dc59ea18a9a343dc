"""Who may see, answer and review: views get their objects only here, and strangers get 404."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import Group, Permission
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessment.models import Assessment, City, Framework, Membership, User
from assessment.models.framework import PARTS

Role = Membership.Role
CRITERIA_ADMINS = "标准管理员"
MAY_OPEN = {Role.LEAD}
MAY_ANSWER = {Role.LEAD, Role.CONTRIBUTOR}
MAY_APPROVE = {Role.LEAD, Role.REVIEWER}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the administrator; nobody signs up."""

    def is_open_for_signup(self, request):
        return False


def assessments(user: User):
    """The rounds that the user may see, with what a list shows."""
    rounds = Assessment.objects.visible_to(user).select_related("city", "framework", "target")
    return rounds.with_progress().order_by("-created_at", "-pk")


def assessment(user: User, pk: int) -> Assessment:
    """The round, if the user may see it."""
    rounds = Assessment.objects.visible_to(user).select_related("city", "framework", "target")
    return get_object_or_404(rounds, pk=pk)


def framework(user: User, code: str, version: str) -> Framework:
    """A published or retired version for everybody; a draft for those who edit frameworks."""
    versions = Framework.objects.all()
    if not user.has_perm("assessment.change_framework"):
        versions = versions.exclude(state=Framework.State.DRAFT)
    return get_object_or_404(versions, code=code, version=version)


def cities_to_open(user: User):
    """Cities in which the user may open a round."""
    mine = Membership.objects.current().filter(user=user, role__in=MAY_OPEN)
    return City.objects.filter(pk__in=mine.values("city"))


def may_answer(user: User, record: Assessment) -> bool:
    return record.is_open and _has_role(user, record, MAY_ANSWER)


def may_edit(user: User, record: Assessment) -> bool:
    return record.is_open and _has_role(user, record, MAY_OPEN)


def may_approve(user: User, record: Assessment) -> bool:
    return _has_role(user, record, MAY_APPROVE)


def editable(user: User, pk: int) -> Assessment:
    """The round, if the user may change its name, title, target and day."""
    record = assessment(user, pk)
    if not may_edit(user, record):
        raise Http404
    return record


def approvable(user: User, pk: int) -> Assessment:
    """The round, if the user may declare it final or take that back."""
    record = assessment(user, pk)
    if not may_approve(user, record):
        raise Http404
    return record


def criteria_admins() -> Group:
    """The group whose members edit frameworks, and nothing else."""
    group, created = Group.objects.get_or_create(name=CRITERIA_ADMINS)
    if created:
        models = [model._meta.model_name for model in (Framework, *PARTS)]
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="assessment", content_type__model__in=models)
        )
    return group


def _has_role(user: User, record: Assessment, roles: set[Role]) -> bool:
    return Membership.objects.current().filter(user=user, city=record.city_id, role__in=roles).exists()
