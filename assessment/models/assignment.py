"""Whose turn it is: a dimension or a single criterion, given to a person or a department."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.models.account import User


class AssignmentQuerySet(models.QuerySet):
    def of(self, user, departments):
        """What the person has to do, themselves or for one of the departments."""
        return self.filter(Q(user=user) | Q(department__in=departments))

    def in_short(self):
        """Who holds what and whether it is locked, without any words."""
        codes = ["dimension__code", "criterion__code"]
        return self.select_related("dimension", "criterion").only("user", "department", "state", *codes)

    def whole(self):
        """With the part and its holder, in one query."""
        return self.select_related("dimension", "criterion", "user", "department")


class Assignment(models.Model):
    """One part of a round. A criterion's own assignment stands before its dimension's."""

    class State(models.TextChoices):
        OPEN = "open", _("Being answered")
        HANDED_IN = "handed_in", _("Handed in")
        ACCEPTED = "accepted", _("Accepted")

    assessment = models.ForeignKey(
        "Assessment", models.CASCADE, related_name="assignments", verbose_name=_("assessment")
    )
    dimension = models.ForeignKey(
        "Dimension", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dimension")
    )
    criterion = models.ForeignKey(
        "Criterion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("criterion")
    )
    user = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("person")
    )
    department = models.ForeignKey(
        "Department", models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("department")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    # Why the lead gave it back; empty again once it is handed in.
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    handed_in_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "dimension"], name="assigned_dimension_once"),
            models.UniqueConstraint(fields=["assessment", "criterion"], name="assigned_criterion_once"),
            models.CheckConstraint(
                condition=Q(dimension=None, criterion__isnull=False) | Q(dimension__isnull=False, criterion=None),
                name="assigned_dimension_or_criterion",
            ),
            models.CheckConstraint(
                condition=Q(user=None, department__isnull=False) | Q(user__isnull=False, department=None),
                name="assigned_to_person_or_department",
            ),
        ]

    def __str__(self):
        return f"{self.part.code} → {self.holder}"

    @property
    def part(self):
        """The dimension or the criterion."""
        return self.criterion or self.dimension

    @property
    def holder(self):
        """The person or the department."""
        return self.user or self.department

    def give_to(self, holder):
        """To a person or a department, from the beginning: what was handed in before is theirs to hand in again."""
        self.user, self.department = (holder, None) if isinstance(holder, User) else (None, holder)
        self.state, self.reason, self.handed_in_by, self.handed_in_at = self.State.OPEN, "", None, None

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_handed_in(self):
        return self.state == self.State.HANDED_IN

    @property
    def is_accepted(self):
        return self.state == self.State.ACCEPTED

    @property
    def is_locked(self):
        """Handed in or accepted: only the lead changes it now."""
        return not self.is_open

    @property
    def is_overdue(self):
        return bool(self.due_on and self.is_open and self.due_on < timezone.localdate())


def key_of(holder) -> str:
    """What a form calls a person or a department: `u5` or `d3`."""
    return f"{'u' if isinstance(holder, User) else 'd'}{holder.pk}"


def holders_by_criterion(record, given):
    """The one of the assignments `given` that counts for each criterion of the round: its own, else its dimension's."""
    by_dimension = {item.dimension.code: item for item in given if item.dimension}
    by_criterion = {item.criterion.code: item for item in given if item.criterion}
    home = record.framework.outline().home
    found = {c.code: by_criterion.get(c.code) or by_dimension.get(home[c.code].code) for c in record.asked}
    return {code: item for code, item in found.items() if item}
