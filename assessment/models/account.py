"""People, and what they are to a city."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Signs in by user name (工号 or 手机号); has one name, as Chinese names are written; e-mail is optional."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("full name"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name


class Department(models.Model):
    """A department of a city that answers for a part of a round (责任单位)."""

    city = models.ForeignKey("City", models.CASCADE, related_name="departments", verbose_name=_("city"))
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["city", "name"]
        constraints = [models.UniqueConstraint(fields=["city", "name"], name="department_once")]

    def __str__(self):
        return self.name


class MembershipQuerySet(models.QuerySet):
    def current(self):
        today = timezone.localdate()
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=today),
            Q(ends_on=None) | Q(ends_on__gte=today),
        )


class Role(models.TextChoices):
    LEAD = "lead", _("Lead")
    CONTRIBUTOR = "contributor", _("Contributor")
    REVIEWER = "reviewer", _("Reviewer")
    CONSULTANT = "consultant", _("Consultant")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """A person's role in a city, in one of its departments or none; a consultant's engagement has its days."""

    Role = Role

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    city = models.ForeignKey("City", models.CASCADE, related_name="memberships", verbose_name=_("city"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("department")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "city", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.city} · {self.get_role_display()}"

    def clean(self):
        if self.department and self.department.city_id != self.city_id:
            raise ValidationError({"department": _("This department belongs to another city.")})

    @property
    def is_current(self):
        today = timezone.localdate()
        return (self.starts_on or today) <= today <= (self.ends_on or today)

    @property
    def is_to_come(self):
        return bool(self.starts_on and self.starts_on > timezone.localdate())


def in_a_week():
    return timezone.now() + timedelta(days=7)


class InvitationQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(accepted_at=None, expires_at__gt=timezone.now())

    def with_token(self, token: str):
        return self.filter(token_hash=hashlib.sha256(token.encode()).hexdigest())


class Invitation(models.Model):
    """A link by which one person gets one role in a city. Only the token's hash is kept."""

    city = models.ForeignKey("City", models.CASCADE, related_name="invitations", verbose_name=_("city"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    name = models.CharField(_("full name"), max_length=100, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"), default=in_a_week)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.city} · {self.get_role_display()} · {self.name}"

    @property
    def is_valid(self):
        return self.accepted_at is None and self.expires_at > timezone.now()

    def renew_token(self) -> str:
        """A token nobody else knows; it is shown once and only its hash is kept."""
        token = secrets.token_urlsafe(24)
        self.token_hash = hashlib.sha256(token.encode()).hexdigest()
        return token
