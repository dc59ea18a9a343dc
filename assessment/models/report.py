"""What is added to a round for its reports, how they look, which were made, and batches of them."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment import design, remark
from assessment.models.assessment import Assessment

LANGUAGES = [("zh-hans", pgettext_lazy("language", "Chinese")), ("en", pgettext_lazy("language", "English"))]
LONGEST_REMARK = 20_000


class Mark(models.Model):
    """An organisation's name, logo and pair of colours: a city's own, or a consultant's. Its reports bear them."""

    city = models.OneToOneField("City", models.CASCADE, null=True, blank=True, related_name="mark")
    user = models.OneToOneField("User", models.CASCADE, null=True, blank=True, related_name="mark")
    organisation = models.CharField(_("organisation"), max_length=100, blank=True)
    # A PNG of our own making, without transparency.
    logo = models.BinaryField(_("logo"), default=bytes, blank=True, editable=False)
    deep = models.CharField(_("colour of headings"), max_length=7, default=design.NAVY)
    accent = models.CharField(_("colour of links and rules"), max_length=7, default=design.TEAL)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.CheckConstraint(condition=Q(city=None) ^ Q(user=None), name="mark_has_one_owner"),
        ]

    def __str__(self):
        return self.organisation or str(self.city or self.user)

    def outline(self) -> design.Mark:
        return design.Mark(self.organisation, bytes(self.logo))


class Design(models.Model):
    """How the reports of a round look. `approvals`: rows of the approval table, as role, name and ISO day."""

    class Colours(models.TextChoices):
        OWN = "own", _("This tool's navy and teal")
        CITY = "city", _("The city's")
        CONSULTANT = "consultant", _("The consultant's")

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="design", verbose_name=_("assessment"))
    bears_city = models.BooleanField(_("bears the city's mark"), default=True)
    consultant = models.ForeignKey(
        Mark, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("consultant's mark")
    )
    colours = models.CharField(_("colours"), max_length=20, choices=Colours, default=Colours.OWN)
    classification = models.CharField(_("classification line"), max_length=40, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    watermark = models.BooleanField(_("watermark on drafts"), default=True)
    approvals = models.JSONField(_("approval table"), default=list, blank=True)

    class Meta:
        verbose_name = _("report design")
        verbose_name_plural = _("report designs")

    def __str__(self):
        return str(self.assessment)

    def outline(self) -> design.Design:
        city = getattr(self.assessment.city, "mark", None) if self.bears_city else None
        chosen = {"city": city, "consultant": self.consultant}.get(self.colours)
        return design.Design(
            city=city.outline() if city else design.Mark(),
            consultant=self.consultant.outline() if self.consultant else design.Mark(),
            deep=chosen.deep if chosen else design.NAVY,
            accent=chosen.accent if chosen else design.TEAL,
            classification=self.classification,
            document_number=self.document_number,
            watermark=self.watermark,
            approvals=tuple(design.Approval(row[0], row[1], _day(row[2])) for row in self.approvals),
        )


def _day(text: str):
    return date.fromisoformat(text) if text else None


class RemarkQuerySet(models.QuerySet):
    def newest(self):
        """The version that counts of each remark; the older ones are its history."""
        later = Remark.objects.filter(
            assessment=models.OuterRef("assessment"),
            report=models.OuterRef("report"),
            language=models.OuterRef("language"),
            place=models.OuterRef("place"),
            code=models.OuterRef("code"),
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(later))


class Remark(models.Model):
    """A version of somebody's own words in a report. An empty text takes the remark back; nothing is ever overwritten."""

    class Report(models.TextChoices):
        GAP = "gap", _("Gap report")
        COMPARISON = "comparison", _("Comparison report")

    class Place(models.TextChoices):
        SUMMARY = "summary", _("Executive summary")
        DIMENSION = "dimension", _("Commentary on a dimension")
        ADDED = "added", _("Recommendation added")
        REWORDED = "reworded", _("Recommendation reworded")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="remarks", verbose_name=_("assessment"))
    report = models.CharField(_("report"), max_length=20, choices=Report, default=Report.GAP)
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="zh-hans")
    place = models.CharField(_("place"), max_length=20, choices=Place)
    # Of the dimension or criterion; empty for the summary.
    code = models.CharField(_("code"), max_length=50, blank=True)
    number = models.PositiveIntegerField(_("version"), default=1)
    text = models.TextField(_("text"), blank=True, validators=[MaxLengthValidator(LONGEST_REMARK)])
    by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["assessment", "report", "language", "place", "code", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "report", "language", "place", "code", "number"], name="remark_once"
            )
        ]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.get_place_display()} {self.code}".strip()

    def outline(self) -> remark.Remark:
        place: remark.Place = self.place  # type: ignore[assignment]
        return remark.Remark(place, self.code, self.text, str(self.by), timezone.localdate(self.at))


class Improvement(models.Model):
    """Who closes the gap of a criterion, and until when, as the report prints it."""

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="improvements", verbose_name=_("assessment")
    )
    criterion = models.CharField(_("criterion"), max_length=50)
    owner = models.CharField(_("owner"), max_length=100, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)

    class Meta:
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        ordering = ["assessment", "criterion"]
        constraints = [models.UniqueConstraint(fields=["assessment", "criterion"], name="improvement_once")]

    def __str__(self):
        return f"{self.criterion} {self.owner}".strip()

    def outline(self) -> remark.Improvement:
        return remark.Improvement(self.criterion, self.owner, self.due_on)


class PhraseQuerySet(models.QuerySet):
    def found_by(self, words: str):
        """Phrases whose title, text or code has the words."""
        words = words.strip()
        return self.filter(Q(title__icontains=words) | Q(text__icontains=words) | Q(code__istartswith=words))


class Phrase(models.Model):
    """A comment or recommendation of one's own, kept to be used again for other cities."""

    user = models.ForeignKey("User", models.CASCADE, related_name="phrases", verbose_name=_("user"))
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"), validators=[MaxLengthValidator(LONGEST_REMARK)])
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="zh-hans")
    # Of the dimension or criterion for which it was written; it can be used anywhere.
    code = models.CharField(_("code"), max_length=50, blank=True)
    used = models.PositiveIntegerField(_("times used"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering = ["-used", "title", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "title"], name="phrase_once")]

    def __str__(self):
        return self.title

    def count_use(self) -> None:
        Phrase.objects.filter(pk=self.pk).update(used=models.F("used") + 1)


class ReportFile(models.Model):
    """A report that was made, by its hash: the register that tells whether a file is one of ours. Never changed.

    `content_sha256` is of what it says, whatever its form; `manifest` is what a bundle's manifest would say of it.
    """

    class Kind(models.TextChoices):
        GAP = "gap", _("Gap report")
        COMPARISON = "comparison", _("Comparison report")
        PORTFOLIO = "portfolio", _("Portfolio report")
        BRIEF = "brief", _("One-page brief")
        SLIDES = "slides", _("Six pages for a meeting")
        REQUEST = "request", _("Evidence to be asked for")
        SCORES = "scores", _("Score document")

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        LOCKED = "locked", _("PDF with a password")
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"
        JSON = "json", "JSON"
        ZIP = "zip", _("Bundle")

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, related_name="report_files", verbose_name=_("assessment")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.GAP)
    form = models.CharField(_("form"), max_length=10, choices=Form)
    # None of a score document, which has numbers and codes alone.
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="zh-hans", blank=True)
    basis = models.CharField(_("levels used"), max_length=10, default="effective")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    manifest = models.JSONField(_("manifest"), default=dict)
    by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("report made")
        verbose_name_plural = _("reports made")
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.form} {self.sha256[:12]}"


class Batch(models.Model):
    """Reports for many rounds at once, made in the background. `forms` are those asked for, each for every round."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    by = models.ForeignKey("User", models.PROTECT, related_name="batches", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    forms = models.JSONField(_("forms"), default=list)
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="zh-hans")
    # The finished ZIP, while it is kept.
    file = models.FileField(_("file"), upload_to="batches/", blank=True)
    # The task that has it in hand; when its worker was last heard of.
    task = models.CharField(max_length=64, blank=True, editable=False)
    heard_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.by} {self.at:%Y-%m-%d %H:%M}"

    @property
    def expires_at(self) -> datetime | None:
        """Until when its file is given out; None before it is done."""
        return self.done_at + timedelta(days=settings.REPORT_FILES_KEPT) if self.done_at else None

    @property
    def is_expired(self) -> bool:
        """Whether its file is no longer given out, deleted already or not."""
        is_over = self.expires_at is not None and self.expires_at < timezone.now()
        return self.state == self.State.EXPIRED or (self.state in (self.State.DONE, self.State.CANCELLED) and is_over)

    @property
    def state_name(self) -> str:
        return str(self.State.EXPIRED.label) if self.is_expired else self.get_state_display()


class BatchItem(models.Model):
    """One report of a batch: a round in one form, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Not made")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="+", verbose_name=_("assessment"))
    form = models.CharField(_("form"), max_length=10)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    reason = models.CharField(_("why not"), max_length=500, blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("report of a batch")
        verbose_name_plural = _("reports of a batch")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "assessment", "form"], name="batch_item_once")]

    def __str__(self):
        return f"{self.assessment} {self.form}"
