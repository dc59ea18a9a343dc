"""How a draft came to be what it is: every edit, with the elements before and after it; and the texts it is checked against."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment import elements
from assessment.models.framework import Framework

GOING_ON = timedelta(minutes=5)
Changes = Mapping[str, Mapping[str, Any]]


class Edit(models.Model):
    """One change of a draft. `changes`: by element, as `elements` names and spells them, what it was and what it became.

    Where somebody went on writing in one field, `passed` tells of each save but the last: its number, when it was, and
    what stood in the field.
    """

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

    @property
    def passed(self) -> list[dict[str, Any]]:
        return next((change["passed"] for change in self.changes.values() if "passed" in change), [])

    @property
    def begun_at(self) -> datetime:
        return datetime.fromisoformat(self.passed[0]["at"]) if self.passed else self.at

    def before(self, name: str, seen: int) -> elements.Element | None:
        """The element before this edit, or as it was for who saw it at that number, while it was being written."""
        change = self.changes[name]
        known = [each for each in change.get("passed", ()) if each["number"] <= seen]
        return (
            elements.with_values(change["before"], {known[-1]["path"]: known[-1]["value"]})
            if known
            else change["before"]
        )

    def with_more(self, changes: Changes) -> Changes | None:
        """These changes on top of its own, where they go on with it: the same single field, minutes later."""
        place = _place(changes)
        is_late = self.cause != self.Cause.EDITED or timezone.now() - self.at > GOING_ON
        if is_late or place is None or place != _place(self.changes):
            return None
        more = {name: self._going_on(name, change["after"], place[-1]) for name, change in changes.items()}
        return more if all(change["before"] != change["after"] for change in more.values()) else None

    def _going_on(self, name: str, after: elements.Element, path: str) -> dict[str, Any]:
        was = self.changes[name]
        stood = {
            "number": self.number,
            "at": self.at.isoformat(),
            "path": path,
            "value": elements.flattened(was["after"]).get(path),
        }
        return {"before": was["before"], "after": after, "passed": [*was.get("passed", ()), stood]}


def _place(changes: Changes) -> tuple[str, ...] | None:
    """The elements that changed and, last, the only field that did; nothing where more did, or what is ticked."""
    paths: set[str] = set()
    for change in changes.values():
        if change["before"] is None or change["after"] is None:
            return None
        old, new = elements.flattened(change["before"]), elements.flattened(change["after"])
        paths |= {path for path in {**old, **new} if old.get(path) != new.get(path)}
    return (*sorted(changes), *paths) if len(paths) == 1 and paths != {"cites"} else None


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
