"""People, and what they are to a city."""

from django.contrib.auth.models import AbstractUser
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


class MembershipQuerySet(models.QuerySet):
    def current(self):
        today = timezone.localdate()
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=today),
            Q(ends_on=None) | Q(ends_on__gte=today),
        )


class Membership(models.Model):
    """A person's role in a city; a consultant's engagement has its days."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        CONTRIBUTOR = "contributor", _("Contributor")
        REVIEWER = "reviewer", _("Reviewer")
        CONSULTANT = "consultant", _("Consultant")
        VIEWER = "viewer", _("Viewer")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    city = models.ForeignKey("City", models.CASCADE, related_name="memberships", verbose_name=_("city"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
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
