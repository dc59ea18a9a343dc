"""The answer to one criterion, and every version of it that was ever saved."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.models.assessment import Assessment


class ResponseQuerySet(models.QuerySet):
    def for_outline(self):
        """With what `outline` reads, and nothing else: the texts of the criteria are long."""
        answer = ("level", "target", "rationale", "not_applicable", "verified_level")
        found = self.select_related("criterion").only("assessment", "criterion__code", *answer)
        return found.prefetch_related("evidence")


class Response(models.Model):
    """The answer to one criterion as it stands; `not_applicable` holds the reason."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="responses", verbose_name=_("assessment"))
    criterion = models.ForeignKey("Criterion", models.PROTECT, related_name="responses", verbose_name=_("criterion"))
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True, validators=[MaxValueValidator(9)])
    target = models.PositiveSmallIntegerField(_("target"), null=True, blank=True, validators=[MaxValueValidator(9)])
    rationale = models.TextField(_("rationale"), max_length=outline.LONGEST_TEXT, blank=True)
    not_applicable = models.TextField(_("reason why not applicable"), max_length=outline.LONGEST_TEXT, blank=True)
    # Copied from last round, and nobody has said yet that it still holds.
    is_unconfirmed = models.BooleanField(_("to be confirmed"), default=False)
    verified_level = models.PositiveSmallIntegerField(
        _("verified level"), null=True, blank=True, validators=[MaxValueValidator(9)]
    )
    verified_reason = models.TextField(_("reason of the verified level"), max_length=5000, blank=True)
    verified_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    # The number of the latest version; 0 while nothing was ever saved.
    version = models.PositiveIntegerField(_("version"), default=0)
    saved_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)

    objects = ResponseQuerySet.as_manager()

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
            evidence=tuple(evidence.outline() for evidence in self.evidence.all()) if self.pk else (),
            not_applicable=self.not_applicable,
            verified_level=self.verified_level,
        )


class VersionQuerySet(models.QuerySet):
    def as_of(self, moment):
        """The latest version of each criterion of each round at that moment."""
        latest = self.filter(at__lte=moment).order_by().values("assessment", "criterion").annotate(last=Max("pk"))
        return self.filter(pk__in=latest.values("last"))


class Version(models.Model):
    """One accepted save of an answer, whole. Versions are only ever added; any of them can be restored."""

    class Cause(models.TextChoices):
        SAVED = "saved", _("filled in")
        CONFIRMED = "confirmed", _("confirmed")
        CARRIED = "carried", _("copied from last round")
        IMPORTED = "imported", _("imported")
        PACK = "pack", _("from the offline workbook")
        RESTORED = "restored", _("restored")
        TARGET = "target", _("target set")
        VERIFIED = "verified", _("verified")
        MIGRATED = "migrated", _("taken over from the version before")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="versions", verbose_name=_("assessment"))
    criterion = models.ForeignKey("Criterion", models.PROTECT, related_name="+", verbose_name=_("criterion"))
    number = models.PositiveIntegerField(_("version"))
    answer = models.JSONField(_("answer"))
    cause = models.CharField(_("how"), max_length=20, choices=Cause)
    by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an answer")
        verbose_name_plural = _("versions of answers")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["assessment", "criterion", "number"], name="version_once")]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.assessment} · {self.criterion} · {self.number}"

    @property
    def verified_reason(self) -> str:
        return self.answer.get("verified_reason", "")

    @property
    def is_unconfirmed(self) -> bool:
        return self.answer.get("is_unconfirmed", False)

    @property
    def page(self) -> str:
        """Names the browser's page that sent it; empty for everything else."""
        return self.answer.get("page", "")

    def outline(self) -> outline.Response:
        return understood(self.criterion.code, self.answer)


def spelled(answer: outline.Response, **more: Any) -> dict[str, Any]:
    """What a version keeps of an answer: nothing of what says nothing, and days as ISO strings."""
    given = {
        "level": answer.level,
        "target": answer.target,
        "rationale": answer.rationale,
        "not_applicable": answer.not_applicable,
        "verified_level": answer.verified_level,
        "evidence": [
            {
                key: value
                for key, value in (
                    ("title", e.title),
                    ("reference", e.reference),
                    ("url", e.url),
                    ("as_of", e.as_of.isoformat() if e.as_of else ""),
                )
                if value
            }
            for e in answer.evidence
        ],
    } | more
    # Level 0 equals False and says something.
    return {key: value for key, value in given.items() if value is not False and value not in (None, "", [])}


def understood(criterion: str, given: dict[str, Any]) -> outline.Response:
    """The answer that `spelled` spelled."""
    return outline.Response(
        criterion=criterion,
        level=given.get("level"),
        target=given.get("target"),
        rationale=given.get("rationale", ""),
        evidence=tuple(_evidence(item) for item in given.get("evidence", ())),
        not_applicable=given.get("not_applicable", ""),
        verified_level=given.get("verified_level"),
    )


def _evidence(item: dict[str, str]) -> outline.Evidence:
    day = item.get("as_of")
    return outline.Evidence(
        item.get("title", ""), item.get("url", ""), item.get("reference", ""), date.fromisoformat(day) if day else None
    )
