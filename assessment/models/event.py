"""The log of what happened: who, when, from where. It is only ever added to."""

import json
from contextvars import ContextVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Where the request at hand comes from; empty for commands.
origin: ContextVar[str] = ContextVar("origin", default="")


class EventQuerySet(models.QuerySet):
    def visible_to(self, user, cities):
        """All for those who may read the log; the events of `cities` for others."""
        if user.has_perm("assessment.view_event"):
            return self
        return self.filter(city__in=cities)

    def found_by(self, words: str):
        """Events that mention the words: in what they concern, their details, their round, city or address."""
        as_stored = [json.dumps(words, ensure_ascii=ascii)[1:-1] for ascii in (True, False)]  # SQLite, PostgreSQL
        return self.annotate(spelled=Cast("details", models.TextField())).filter(
            Q(target__icontains=words)
            | Q(spelled__icontains=as_stored[0])
            | Q(spelled__icontains=as_stored[1])
            | Q(assessment__round__icontains=words)
            | Q(assessment__title__icontains=words)
            | Q(city__name__icontains=words)
            | Q(origin__startswith=words)
        )

    def record(self, verb: str, *, by=None, assessment=None, city=None, target: str = "", **details):
        """Adds one event. `details` are plain values, such as the reason of a return."""
        return self.create(
            verb=verb,
            by=by,
            person=(f"{by.name}（{by.username}）" if by.name else by.username) if by else "",
            assessment=assessment,
            city=city or (assessment.city if assessment else None),
            target=target[:200],
            details={key: str(value) for key, value in details.items() if value not in (None, "")},
            origin=origin.get()[:45],
        )


# What the details are called; others are shown by the name they were given.
LABELS = {
    "reason": _("reason"),
    "reply": _("what was done"),
    "way": _("which way"),
    "before": _("before"),
    "changed": _("changed"),
    "revision": _("revision"),
    "version": _("version"),
    "level": _("level"),
    "digest": "SHA-256",
    "sha256": "SHA-256",
    "file": _("file"),
    "answers": _("answers"),
    "rows": _("rows"),
    "new": _("new"),
    "conflicting": _("conflicting"),
    "unchanged": _("unchanged"),
    "holder": _("answered by"),
    "due_on": _("due on"),
    "to": _("sent to"),
    "role": _("role"),
    "password": _("password"),
    "username": _("user name"),
    "name": _("full name"),
    "email": _("email address"),
    "groups": _("groups"),
    "is_active": _("may sign in"),
    "is_staff": _("may enter the administration"),
    "is_superuser": _("site administrator"),
    "deleted": _("deleted"),
    "language": _("language"),
    "four_eyes": _("four eyes"),
}
ANSWERS = {"True": _("yes"), "False": _("no")}
ANSWERS |= {"moved_out": _("moved out, only read from now on"), "moved_in": _("moved in, goes on here")}
ANSWERS |= {"moved_back": _("brought back, goes on here"), "given_up": _("given up, only read from now on")}


class Event(models.Model):
    class Verb(models.TextChoices):
        SIGNED_IN = "signed_in", _("signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("sign-in failed")
        SIGNED_OUT = "signed_out", _("signed out")
        PASSWORD_CHANGED = "password_changed", _("changed the password")
        PASSWORD_LINK = "password_link", _("made a one-time password link")
        ACCOUNT_CREATED = "account_created", _("created an account")
        ACCOUNT_CHANGED = "account_changed", _("changed an account")
        ROLE_GIVEN = "role_given", _("gave a role")
        ROLE_CHANGED = "role_changed", _("changed a role")
        ROLE_TAKEN = "role_taken", _("took a role away")
        DEPARTMENT_CHANGED = "department_changed", _("added or renamed a department")
        INVITED = "invited", _("invited")
        UNINVITED = "uninvited", _("revoked an invitation")
        JOINED = "joined", _("accepted an invitation")
        CREATED = "created", _("created a round")
        EDITED = "edited", _("changed a round's particulars")
        OPENED = "opened", _("opened the round")
        SUBMITTED = "submitted", _("submitted the round")
        WITHDRAWN = "withdrawn", _("withdrew the round")
        REVIEW_BEGUN = "review_begun", _("began the review")
        RETURNED = "returned", _("returned for revision")
        SETTLED = "settled", _("settled a return")
        VERIFIED = "verified", _("verified a level")
        APPROVED = "approved", _("approved and froze the round")
        REOPENED = "reopened", _("reopened the round")
        ASSIGNED = "assigned", _("assigned")
        UNASSIGNED = "unassigned", _("took an assignment back")
        HANDED_IN = "handed_in", _("handed in a part")
        TAKEN_BACK = "taken_back", _("took a part back")
        ACCEPTED = "accepted", _("accepted a part")
        GIVEN_BACK = "given_back", _("gave a part back")
        REMINDED = "reminded", _("sent a reminder")
        RESTORED = "restored", _("restored an answer")
        IMPORTED = "imported", _("imported answers")
        EXPORTED = "exported", _("exported")
        FILE_ADDED = "file_added", _("added an evidence file")
        REMARKED = "remarked", _("wrote for the report")
        IMPROVEMENTS_SET = "improvements_set", _("set who improves what until when")
        DESIGN_CHANGED = "design_changed", _("changed how the reports look")
        MARK_CHANGED = "mark_changed", _("changed a mark")
        MIGRATED = "migrated", _("moved the round to another version")
        MIGRATION_UNDONE = "migration_undone", _("undid the move to another version")
        FRAMEWORK_CREATED = "framework_created", _("began a draft of a framework")
        FRAMEWORK_DELETED = "framework_deleted", _("deleted a draft of a framework")
        FOUR_EYES = "four_eyes", _("asked for four eyes, or no longer")
        TEXT_ADDED = "text_added", _("uploaded the text of a source")
        TEXT_WITHDRAWN = "text_withdrawn", _("withdrew the text of a source")
        TEXT_CHOSEN = "text_chosen", _("chose the text of a source again")
        PUBLISHED = "published", _("published a framework")
        RETIRED = "retired", _("retired a framework")

    verb = models.CharField(_("what"), max_length=30, choices=Verb)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    person = models.CharField(_("name at that time"), max_length=260, blank=True)
    city = models.ForeignKey("City", models.PROTECT, null=True, related_name="events", verbose_name=_("city"))
    # Outlives a draft round that is deleted.
    assessment = models.ForeignKey(
        "Assessment",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="events",
        verbose_name=_("assessment"),
    )
    target = models.CharField(_("concerning"), max_length=200, blank=True)
    details = models.JSONField(_("details"), default=dict)
    origin = models.CharField(_("from where"), max_length=45, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.person} {self.get_verb_display()}"

    @property
    def particulars(self) -> list[tuple[str, str]]:
        """The details, each with what it is called."""
        return [(str(LABELS.get(name, name)), str(ANSWERS.get(value, value))) for name, value in self.details.items()]

    @property
    def who(self) -> str:
        """The name at that time; what no person did was done by a command on the server."""
        return self.person or ("" if self.origin else str(_("command on the server")))
