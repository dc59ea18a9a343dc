"""A city's round of self-assessment, and what is kept of it for ever once it is approved."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.models.account import Membership, Role
from assessment.models.city import City
from assessment.models.framework import Framework

if TYPE_CHECKING:
    from assessment.models.response import Response


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The rounds of the cities in which the user has a role today, drafts for leads only; all for a superuser.

        A draft that went on in a copy, and a copy of one that was given up, are seen by those who see the draft.
        """
        if user.is_superuser:
            return self
        mine = Membership.objects.current().filter(user=user)
        of_drafts = Migration.objects.filter(was=Assessment.State.DRAFT)
        is_draft = (
            Q(state=Assessment.State.DRAFT)
            | Q(state=Assessment.State.MOVED, pk__in=of_drafts.filter(undone_at=None).values("source"))
            | Q(state=Assessment.State.UNDONE, pk__in=of_drafts.values("copy"))
        )
        return self.filter(
            Q(city__in=mine.filter(role=Role.LEAD).values("city")) | Q(city__in=mine.values("city")) & ~is_draft
        )

    def current(self):
        """Without the copies of migrations that were undone."""
        return self.exclude(state=Assessment.State.UNDONE)

    def found_by(self, words: str):
        """Rounds whose title or name has the words, and those of the cities found by them."""
        words = words.strip()
        return self.filter(
            Q(title__icontains=words) | Q(round__icontains=words) | Q(city__in=City.objects.found_by(words))
        )

    def newest_of_each_city(self):
        """One round of each city: the one that was begun last."""
        newest = {city: pk for pk, city in self.order_by("created_at", "pk").values_list("pk", "city")}
        return self.filter(pk__in=newest.values())

    def with_progress(self):
        """Adds `answered` and `not_applicable`, counted."""
        return self.annotate(
            answered=Count("responses", Q(responses__level__isnull=False), distinct=True),
            not_applicable=Count("responses", ~Q(responses__not_applicable=""), distinct=True),
        )


class Assessment(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Being filled in")
        SUBMITTED = "submitted", _("Submitted")
        UNDER_REVIEW = "under_review", _("Under review")
        APPROVED = "approved", _("Final")
        # Its answers went on in a copy on another version of the framework.
        MOVED = "moved", _("Moved to another version")
        # The copy that was given up again.
        UNDONE = "undone", _("Migration undone")

    city = models.ForeignKey("City", models.PROTECT, related_name="assessments", verbose_name=_("city"))
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="assessments", verbose_name=_("framework"))
    round = models.CharField(_("round"), max_length=200)
    target = models.ForeignKey(
        "TargetProfile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name=_("target profile"),
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # Codes of the dimensions that are asked; empty: all.
    scope = models.JSONField(_("scope"), default=list, blank=True)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following", verbose_name=_("last round")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    # After single criteria were returned only these can be changed.
    is_narrowed = models.BooleanField(default=False, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "framework", "round"],
                condition=~Q(state="undone"),
                name="round_once",
                violation_error_message=_("This city already has a round of this name with this framework."),
            ),
        ]

    def __str__(self):
        return self.title or f"{self.city} {self.round}"

    def get_absolute_url(self):
        return reverse("assessment-detail", args=[self.pk])

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_submitted(self):
        return self.state == self.State.SUBMITTED

    @property
    def is_under_review(self):
        return self.state == self.State.UNDER_REVIEW

    @property
    def is_approved(self):
        return self.state == self.State.APPROVED

    @property
    def is_moved(self):
        return self.state == self.State.MOVED

    @property
    def is_undone(self):
        return self.state == self.State.UNDONE

    @property
    def is_overdue(self):
        return bool(self.due_on and self.is_open and self.due_on < timezone.localdate())

    def asks(self, dimension: str) -> bool:
        """Whether the dimension of this code is in the round's scope."""
        return not self.scope or dimension in self.scope

    @property
    def asked(self) -> list[outline.Criterion]:
        """The criteria in scope, in framework order."""
        framework = self.framework.outline()
        return [c for dimension in framework.dimensions if self.asks(dimension.code) for c in dimension.criteria]

    def answered_by(self, answers: dict[str, outline.Response]) -> outline.Assessment:
        """The round with these answers, by criterion: how it was, or how it would be."""
        framework = self.framework.outline()
        return outline.Assessment(
            city=self.city.outline(),
            round=self.round,
            framework=framework.code,
            version=framework.version,
            target=self.target.code if self.target else "",
            title=self.title,
            as_of=self.as_of,
            responses=tuple(answers[code] for code in framework.criteria if code in answers),
        )

    def outline(self, responses: Iterable["Response"] | None = None) -> outline.Assessment:
        """The round with its responses in framework order. A list of rounds gives those that it has fetched for all."""
        if responses is None:
            responses = self.responses.for_outline()
        return self.answered_by({response.criterion.code: response.outline() for response in responses})


class Migration(models.Model):
    """A round that went on in a copy on another version of its framework.

    `plan`: what became of each old answer, as `migrating` tells it; `scores`: before and after, and why they differ.
    """

    source = models.ForeignKey(Assessment, models.PROTECT, related_name="migrations", verbose_name=_("round before"))
    copy = models.OneToOneField(Assessment, models.PROTECT, related_name="migration", verbose_name=_("round after"))
    # The state of the round before, to which undoing brings it back.
    was = models.CharField(_("state before"), max_length=20, choices=Assessment.State)
    plan = models.JSONField(_("plan"), default=list)
    scores = models.JSONField(_("scores"), default=dict)
    by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    undone_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("migration")
        verbose_name_plural = _("migrations")
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.source} → {self.copy.framework.version}"


class Freeze(models.Model):
    """What was approved: all answers and the score document, word for word, with their SHA-256."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="freezes", verbose_name=_("assessment"))
    revision = models.PositiveIntegerField(_("revision"))
    answers = models.TextField(_("answers"))
    answers_sha256 = models.CharField(_("SHA-256 of the answers"), max_length=64)
    score = models.TextField(_("score document"))
    score_sha256 = models.CharField(_("SHA-256 of the score document"), max_length=64)
    approved_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), default=timezone.now)

    class Meta:
        verbose_name = _("frozen result")
        verbose_name_plural = _("frozen results")
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["assessment", "revision"], name="frozen_once")]

    def __str__(self):
        return f"{self.assessment} · {self.revision}"
