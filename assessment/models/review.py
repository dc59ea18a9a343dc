"""What reviewers and colleagues say about answers: returns and comments."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Return(models.Model):
    """Sent back for revision, whole (`criterion` is None) or one criterion, until somebody says that it is settled."""

    assessment = models.ForeignKey("Assessment", models.CASCADE, related_name="returns", verbose_name=_("assessment"))
    criterion = models.ForeignKey(
        "Criterion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("criterion")
    )
    reason = models.TextField(_("reason"), max_length=2000)
    returned_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("returned by"))
    returned_at = models.DateTimeField(_("returned at"), auto_now_add=True)
    settled_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    reply = models.TextField(_("what was done"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["-returned_at", "-pk"]

    def __str__(self):
        return f"{self.assessment} · {self.criterion or _('whole')}"


class CommentQuerySet(models.QuerySet):
    def visible_to_seat(self, may_read_notes: bool):
        return self if may_read_notes else self.filter(is_private=False)


class Comment(models.Model):
    """A remark on a criterion of a round, or the reply to one; private ones are for reviewers only."""

    assessment = models.ForeignKey("Assessment", models.CASCADE, related_name="comments", verbose_name=_("assessment"))
    criterion = models.ForeignKey("Criterion", models.PROTECT, related_name="+", verbose_name=_("criterion"))
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies", verbose_name=_("reply to")
    )
    text = models.TextField(_("comment"), max_length=5000)
    is_private = models.BooleanField(_("for reviewers only"), default=False)
    mentions: models.ManyToManyField = models.ManyToManyField(
        "User", blank=True, related_name="mentions", verbose_name=_("mentioned")
    )
    written_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("by"))
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)
    resolved_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("resolved by")
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(parent=None), name="comment_threads_are_resolved_at_their_head"
            )
        ]

    def __str__(self):
        return self.text[:50]
