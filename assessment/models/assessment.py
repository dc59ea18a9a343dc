"""A city's round of self-assessment and its answers."""

from collections.abc import Iterable

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.models.account import Membership
from assessment.models.framework import Framework


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The rounds of the cities in which the user has a role today; a site administrator's are all."""
        if user.is_superuser:
            return self
        return self.filter(city__in=Membership.objects.current().filter(user=user).values("city"))

    def with_progress(self):
        """Adds `answered` and `not_applicable`, counted, and `asked`, the number of criteria."""
        return self.annotate(
            answered=Count("responses", Q(responses__level__isnull=False), distinct=True),
            not_applicable=Count("responses", ~Q(responses__not_applicable=""), distinct=True),
            asked=Count("framework__criteria", distinct=True),
        )


class Assessment(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("Being filled in")
        APPROVED = "approved", _("Final")

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
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "framework", "round"],
                name="round_once",
                violation_error_message=_("This city already has a round of this name with this framework."),
            ),
        ]

    def __str__(self):
        return self.title or f"{self.city} {self.round}"

    def get_absolute_url(self):
        return reverse("assessment-detail", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    def outline(self, responses: Iterable["Response"] | None = None) -> outline.Assessment:
        """The round with its responses in framework order. A list of rounds gives those that it has fetched for all."""
        framework = self.framework.outline()
        if responses is None:
            responses = self.responses.select_related("criterion").prefetch_related("evidence")
        rows = {response.criterion.code: response for response in responses}
        return outline.Assessment(
            city=self.city.outline(),
            round=self.round,
            framework=framework.code,
            version=framework.version,
            target=self.target.code if self.target else "",
            title=self.title,
            as_of=self.as_of,
            responses=tuple(rows[code].outline() for code in framework.criteria if code in rows),
        )


class Response(models.Model):
    """The answer to one criterion; `not_applicable` holds the reason."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="responses", verbose_name=_("assessment"))
    criterion = models.ForeignKey("Criterion", models.PROTECT, related_name="responses", verbose_name=_("criterion"))
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True, validators=[MaxValueValidator(9)])
    target = models.PositiveSmallIntegerField(_("target"), null=True, blank=True, validators=[MaxValueValidator(9)])
    rationale = models.TextField(_("rationale"), max_length=20_000, blank=True)
    not_applicable = models.TextField(_("reason why not applicable"), max_length=20_000, blank=True)
    verified_level = models.PositiveSmallIntegerField(
        _("verified level"), null=True, blank=True, validators=[MaxValueValidator(9)]
    )
    saved_by = models.ForeignKey(
        "User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="response_once"),
            models.CheckConstraint(
                condition=Q(not_applicable="") | Q(level=None), name="response_level_or_not_applicable"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__range": (0, 9)}), name=f"response_{name}_on_scale"
                )
                for name in ("level", "target", "verified_level")
            ),
        ]

    def __str__(self):
        return f"{self.assessment} · {self.criterion}"

    def outline(self) -> outline.Response:
        return outline.Response(
            criterion=self.criterion.code,
            level=self.level,
            target=self.target,
            rationale=self.rationale,
            evidence=tuple(evidence.outline() for evidence in self.evidence.all()),
            not_applicable=self.not_applicable,
            verified_level=self.verified_level,
        )
