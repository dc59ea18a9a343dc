"""How a draft came to be what it is: every edit, with the elements before and after it; and the texts it is checked against."""

from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models.framework import Framework


class Edit(models.Model):
    """One change of a draft. `changes`: by element, as `elements` names and spells them, what it was and what it became."""

    class Cause(models.TextChoices):
        EDITED = "edited", _("edited")
        ADDED = "added", _("added")
        REMOVED = "removed", _("removed")
        MOVED = "moved", _("moved")
        SPLIT = "split", _("split")
        MERGED = "merged", _("merged")
        IMPORTED = "imported", _("imported")
        UNDONE = "undone", _("undone")

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="history", verbose_name=_("framework"))
    number = models.PositiveIntegerField(_("number"))
    cause = models.CharField(_("how"), max_length=20, choices=Cause)
    changes = models.JSONField(_("changes"), default=dict)
    # The edit that this one took back.
    undoes = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="undone_by")
    by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="edit_once")]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.framework} · {self.number}"


class OfficialTextQuerySet(models.QuerySet):
    def ranked(self):
        """What counts before what was withdrawn, and of that the newest first; without the words themselves."""
        last = TextDecision.objects.filter(text=OuterRef("pk")).order_by("-pk")
        return (
            self.annotate(
                counts=~Exact(Coalesce(Subquery(last.values("what")[:1]), Value("")), TextDecision.What.WITHDRAWN),
                since=Coalesce(Subquery(last.values("at")[:1]), "uploaded_at"),
            )
            .order_by("-counts", "-since", "-pk")
            .defer("text")
        )


class OfficialText(models.Model):
    """The wording of a source, as somebody uploaded it for all versions of a framework. It is never changed.

    Quotations are checked against the newest that was not withdrawn; to be chosen again makes a text the newest.
    """

    counts: bool  # where it was `ranked`
    framework = models.CharField(_("code of the framework"), max_length=50)
    source = models.CharField(_("code of the source"), max_length=50)
    edition = models.CharField(_("edition"), max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    text = models.TextField(_("text"))
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)

    objects = OfficialTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("official text")
        verbose_name_plural = _("official texts")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["framework", "source", "sha256"], name="official_text_once")]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.source} {self.edition}"


class TextDecision(models.Model):
    """Somebody withdrew a text, or chose it again. It is only ever added."""

    class What(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("text", "withdrawn")
        CHOSEN = "chosen", _("chosen to count")

    # The database itself keeps the text.
    text = models.ForeignKey(OfficialText, models.DO_NOTHING, related_name="decisions", verbose_name=_("official text"))
    what = models.CharField(_("what"), max_length=20, choices=What)
    by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision on an official text")
        verbose_name_plural = _("decisions on official texts")
        ordering = ["pk"]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.text_id} {self.at:%Y-%m-%d %H:%M}"
