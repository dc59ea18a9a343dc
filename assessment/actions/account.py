"""People: invited by a link, given a role, changed, taken out again; a forgotten password without mail."""

from collections.abc import Collection

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.formats import date_format
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from assessment.actions.outcome import Refused
from assessment.models import City, Department, Event, Invitation, Membership, Role, User

Verb = Event.Verb
STANDING = ("role", "department", "starts_on", "ends_on")


# Roles


@transaction.atomic
def give_role(membership: Membership, *, by: User | None) -> Membership:
    """Stores a new role and says so in the log."""
    membership.save()
    log_role(Verb.ROLE_GIVEN, membership, by=by)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, by: User, columns: Collection[str] = STANDING) -> None:
    """Stores role, department and days, or of them these `columns`: what a colleague changed meanwhile stays.

    Raises Refused for one's own place as lead: somebody must keep the city.
    """
    stored = Membership.objects.select_for_update(of=("self",)).select_related("department").get(pk=membership.pk)
    for name in STANDING:
        if name not in columns:
            setattr(membership, name, getattr(stored, name))
    if stored.role == Role.LEAD and (membership.role != Role.LEAD or membership.ends_on != stored.ends_on):
        _keep_own_lead(stored, by)
    before, after = described(stored), described(membership)
    if before != after:
        membership.save()
        log_role(Verb.ROLE_CHANGED, membership, by=by, before=before)


@transaction.atomic
def take_role(membership: Membership, *, by: User) -> None:
    """Takes the role away; what the person did stays. Raises Refused for one's own place as lead."""
    if membership.role == Role.LEAD:
        _keep_own_lead(membership, by)
    log_role(Verb.ROLE_TAKEN, membership, by=by)
    membership.delete()


def _keep_own_lead(membership: Membership, by: User) -> None:
    if membership.user_id == by.pk:
        raise Refused(_("nobody takes away their own role as lead; another lead or the administrator can"))


def log_role(verb: str, membership: Membership, *, by: User | None, **details) -> None:
    """The event of a role that was given, changed or taken."""
    Event.objects.record(
        verb, by=by, city=membership.city, target=_account(membership.user), role=described(membership), **details
    )


def described(membership: Membership | Invitation) -> str:
    """Role, department and days in one line, for the log and for lists of changes."""
    days = [getattr(membership, "starts_on", None), membership.ends_on]
    period = "–".join(date_format(day, "Y-m-d") if day else "" for day in days) if any(days) else ""
    return " · ".join(filter(None, [str(Role(membership.role).label), str(membership.department or ""), period]))


def _account(user: User) -> str:
    return f"{user.name}（{user.username}）" if user.name else user.username


# Departments


@transaction.atomic
def rename_department(department: Department, *, by: User) -> None:
    before = Department.objects.get(pk=department.pk).name
    department.save()
    if before != department.name:
        _log_department(department, by, before)


@transaction.atomic
def add_department(department: Department, *, by: User) -> Department:
    department.save()
    _log_department(department, by)
    return department


def _log_department(department: Department, by: User, before: str = "") -> None:
    Event.objects.record(Verb.DEPARTMENT_CHANGED, by=by, city=department.city, target=department.name, before=before)


# Invitations


@transaction.atomic
def invite(invitation: Invitation, *, by: User) -> str:
    """Stores the invitation; gives its token, which nobody can read again."""
    invitation.created_by = by
    token = invitation.renew_token()
    invitation.save()
    _log_invitation(Verb.INVITED, invitation, by)
    return token


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> None:
    """The link leads nowhere from now on."""
    record = _still_valid(invitation)
    record.expires_at = timezone.now()
    record.save(update_fields=["expires_at"])
    _log_invitation(Verb.UNINVITED, record, by)


@transaction.atomic
def join(invitation: Invitation, user: User) -> Membership:
    """Uses the invitation up. Who has the role already gets its department and last day anew.

    An account that is not stored yet is made. Raises Refused when somebody was faster.
    """
    record = _still_valid(invitation)
    if user.pk is None:
        create_account(user, by=user)
    stored = Membership.objects.filter(user=user, city=record.city, role=record.role).first()
    membership = stored or Membership(user=user, city=record.city, role=record.role)
    membership.department, membership.ends_on = record.department, record.ends_on
    membership.starts_on = stored.starts_on if stored and stored.is_current else None
    membership.save()
    record.accepted_by, record.accepted_at = user, timezone.now()
    record.save(update_fields=["accepted_by", "accepted_at"])
    log_role(Verb.JOINED, membership, by=user)
    return membership


def _still_valid(invitation: Invitation) -> Invitation:
    record = Invitation.objects.valid().select_for_update().filter(pk=invitation.pk).first()
    if not record:
        raise Refused(_("this invitation was used, has expired or was revoked"))
    return record


def _log_invitation(verb: str, invitation: Invitation, by: User) -> None:
    name = invitation.name or invitation.email
    Event.objects.record(verb, by=by, city=invitation.city, target=name, role=described(invitation))


# Accounts


def create_account(user: User, *, by: User | None, city: City | None = None) -> User:
    """Stores a new account; `by` may be the person themselves."""
    user.save()
    Event.objects.record(Verb.ACCOUNT_CREATED, by=by, city=city, target=_account(user))
    return user


def log_account(user: User, *, by: User, **changes) -> None:
    """The event of an account whose particulars were changed: what, and to what."""
    Event.objects.record(Verb.ACCOUNT_CHANGED, by=by, target=_account(user), **changes)


@transaction.atomic
def set_active(user: User, is_active: bool, *, by: User) -> None:
    """Disables an account, or enables it again. Disabled, it cannot sign in, and its sessions end."""
    if user == by:
        raise Refused(_("nobody disables their own account"))
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        log_account(user, by=by, is_active=is_active)


def password_link(user: User, *, by: User | None) -> dict[str, str]:
    """What a one-time link for a new password is made of: `uidb64` and `token`. Setting a password uses up all links."""
    Event.objects.record(Verb.PASSWORD_LINK, by=by, target=_account(user))
    return {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": default_token_generator.make_token(user)}


def password_link_holder(uidb64: str, token: str) -> User | None:
    """Whose link it is, as long as it is valid and the account is not disabled."""
    try:
        pk = int(urlsafe_base64_decode(uidb64))
    except ValueError:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first() if 0 < pk < 2**63 else None
    return user if user and default_token_generator.check_token(user, token) else None


@transaction.atomic
def set_password(user: User, password: str, token: str) -> None:
    """By the person themselves, through a link, which is used up. Every other session of theirs ends."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not default_token_generator.check_token(user, token):
        raise Refused(_("this link was used or has expired"))
    user.set_password(password)
    user.save(update_fields=["password"])
    Event.objects.record(Verb.PASSWORD_CHANGED, by=user, target=_account(user))
