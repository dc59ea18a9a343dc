"""A framework version, taken apart so that it can be edited; `Framework.outline()` puts it together for all who calculate.

Once a version is published, triggers in the database refuse every change to it (see `immutable`).
"""

from contextlib import suppress
from functools import lru_cache

from django.core.exceptions import ObjectDoesNotExist
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.models.assembly import assemble, in_own_language
from assessment.outline import Text

CODE = RegexValidator(r"^\w[\w.-]{0,49}\Z", _("Letters, digits, dots, hyphens and underscores."))
WEIGHT = [MinValueValidator(1e-9, _("A number greater than 0."))]


def usual_effort() -> int:
    return 3


def _person(words):
    return models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=words
    )


class TextField(models.JSONField):
    """A text by language, as a JSON object; read as `outline.Text` with the framework's own language first."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)


class FrameworkQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Framework.State.PUBLISHED)

    def with_use(self):
        """Adds `rounds` and `cities`: how many rest on the version."""
        rounds = Q(assessments__isnull=False) & ~Q(assessments__state="undone")
        return self.annotate(
            rounds=Count("assessments", rounds, distinct=True), cities=Count("assessments__city", rounds, distinct=True)
        )

    def whole(self):
        """Everything that `outline` reads, in a constant number of queries."""
        return self.prefetch_related(
            "levels",
            "targets",
            "sources__passages",
            "lenses__dimensions__citations__passage__source",
            "lenses__dimensions__facets__criteria__descriptors",
            "lenses__dimensions__facets__criteria__citations__passage__source",
        )


class Framework(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    code = models.SlugField(_("code"), max_length=50)
    version = models.CharField(_("version"), max_length=50, validators=[CODE])
    language = models.CharField(_("language"), max_length=20, default="zh-hans")
    name = TextField(_("name"))
    about = TextField(_("about"), blank=True)
    crosswalks = models.JSONField(_("crosswalks"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    # The version that this one was copied from.
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following", verbose_name=_("version before")
    )
    created_by = _person(_("created by"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    # How often it was edited: the number of the latest edit.
    edits = models.PositiveIntegerField(_("edits"), default=0, editable=False)
    # Who edited the draft does not publish it.
    four_eyes = models.BooleanField(_("four eyes"), default=False)
    published_by = _person(_("published by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    # Why warnings were let pass, and how each quotation stood against its source's text, when it was published.
    reasons = models.JSONField(_("reasons"), default=dict, blank=True, editable=False)
    checks = models.JSONField(_("checks"), default=list, blank=True, editable=False)
    retired_by = _person(_("retired by"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="framework_version_once")]

    def __str__(self):
        return f"{self.shown(self.name)} {self.version}"

    @property
    def label(self) -> str:
        """Its name alone, without the version."""
        return self.shown(self.name)

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    def text(self, value: dict[str, str]) -> Text:
        return in_own_language(value, self.language)

    def shown(self, value: dict[str, str]) -> str:
        """In the page's language, where the framework has it."""
        return self.text(value).to(get_language() or self.language)

    def codes_before(self) -> set[str]:
        """Codes of the criteria that the version before had."""
        return set(self.previous.criteria.values_list("code", flat=True)) if self.previous else set()

    def outline(self) -> outline.Framework:
        """The whole version. One that can no longer change is put together once per process."""
        if self.is_draft:
            return _outline(self.pk)
        return _unchanging_outline(self.pk)


class Part(models.Model):
    """Something of a framework that stands in an order."""

    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


class Level(Part):
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="levels", verbose_name=_("framework"))
    level = models.PositiveSmallIntegerField(_("level"), validators=[MaxValueValidator(9)])
    name = TextField(_("name"))
    threshold = models.FloatField(_("From score"), null=True, blank=True)
    meaning = TextField(_("meaning"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("level of the scale")
        verbose_name_plural = _("scale")
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["framework", "level"], name="level_once")]

    def __str__(self):
        return f"{self.level} {self.framework.shown(self.name)}"


class Source(Part):
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="sources", verbose_name=_("framework"))
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    title = TextField(_("Title"))
    issuers = models.JSONField(_("Issued by"), default=list, blank=True)
    number = models.CharField(_("document number"), max_length=200, blank=True)
    issued = models.DateField(_("Issued on"), null=True, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    edition = TextField(_("Edition"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="source_code_once")]

    def __str__(self):
        return f"{self.code} {self.framework.shown(self.title)}"


class Passage(Part):
    class Status(models.TextChoices):
        VERBATIM = "verbatim", _("Verbatim")
        EXCERPT = "excerpt", _("Excerpt")
        SECOND_HAND = "second-hand", _("Second-hand")
        TITLE_ONLY = "title-only", _("Title only")

    source = models.ForeignKey(Source, models.CASCADE, related_name="passages", verbose_name=_("source"))
    locator_id = models.CharField(_("id"), max_length=200)
    locator = TextField(_("locator"))
    status = models.CharField(_("status"), max_length=20, choices=Status)
    quote = TextField(_("Quotation"), blank=True)
    summary = TextField(_("What it says, in our words"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.UniqueConstraint(fields=["source", "locator_id"], name="passage_id_once"),
            models.CheckConstraint(
                condition=Q(quote={}) | Q(status__in=outline.QUOTABLE),
                name="passage_quoted_only_where_allowed",
                violation_error_message=_("A passage of this status must not be quoted."),
            ),
        ]

    def __str__(self):
        return f"{self.source.code}#{self.locator_id}"


class Lens(Part):
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="lenses", verbose_name=_("framework"))
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    name = TextField(_("name"))
    weight = models.FloatField(_("weight"), default=1, validators=WEIGHT)

    class Meta(Part.Meta):
        verbose_name = _("lens")
        verbose_name_plural = _("lenses")
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="lens_code_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="lens_weight_above_zero"),
        ]

    def __str__(self):
        return f"{self.code} {self.framework.shown(self.name)}"


class Dimension(Part):
    class Kind(models.TextChoices):
        TRANSITION = "transition", _("Transition")
        BALANCE = "balance", _("Balance")
        PLAIN = "plain", _("Plain")

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="dimensions", verbose_name=_("framework"))
    lens = models.ForeignKey(Lens, models.CASCADE, related_name="dimensions", verbose_name=_("lens"))
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    name = TextField(_("name"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    start = TextField(_("From (the old pole)"), blank=True)
    end = TextField(_("To (the new pole)"), blank=True)
    weight = models.FloatField(_("weight"), default=1, validators=WEIGHT)

    class Meta(Part.Meta):
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="dimension_code_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="dimension_weight_above_zero"),
        ]

    def __str__(self):
        return f"{self.code} {self.framework.shown(self.name)}"


class Facet(Part):
    """A side of a balance; every other dimension has exactly one, which bears the dimension's code."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="facets", verbose_name=_("framework"))
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="facets", verbose_name=_("dimension"))
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    name = TextField(_("name"))
    weight = models.FloatField(_("weight"), default=1, validators=WEIGHT)

    class Meta(Part.Meta):
        verbose_name = _("facet")
        verbose_name_plural = _("facets")
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="facet_code_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="facet_weight_above_zero"),
        ]

    def __str__(self):
        return f"{self.code} {self.framework.shown(self.name)}"


class Criterion(Part):
    class Carry(models.TextChoices):
        """What a migrated round takes over where several criteria became this one."""

        LOWEST = "lowest", _("The lowest level")
        HIGHEST = "highest", _("The highest level")
        BLANK = "blank", _("No level: to be answered anew")

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="criteria", verbose_name=_("framework"))
    facet = models.ForeignKey(Facet, models.CASCADE, related_name="criteria", verbose_name=_("facet"))
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    title = TextField(_("Title"))
    statement = TextField(_("Statement"))
    guidance = TextField(_("How to judge"), blank=True)
    weight = models.FloatField(_("weight"), default=1, validators=WEIGHT)
    key = models.BooleanField(_("key criterion"), default=False)
    effort = models.JSONField(
        _("effort"), default=usual_effort, help_text=_("Person-months a level step: one number, or a list.")
    )
    owner = TextField(_("Who usually answers"), blank=True)
    measure = TextField(_("Measure"), blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    suffices = TextField(_("Evidence that suffices, an example"), blank=True)
    falls_short = TextField(_("Evidence that does not, an example"), blank=True)
    replaces = models.JSONField(_("replaces"), default=list, blank=True)
    carry = models.CharField(_("Of several levels"), max_length=20, choices=Carry, default=Carry.LOWEST)

    class Meta(Part.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="criterion_code_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="criterion_weight_above_zero"),
            models.CheckConstraint(condition=~Q(code__in=outline.RESERVED_CODES), name="criterion_code_not_reserved"),
        ]

    def __str__(self):
        return f"{self.code} {self.framework.shown(self.title)}"


class LevelDescriptor(models.Model):
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="descriptors", verbose_name=_("criterion"))
    level = models.PositiveSmallIntegerField(_("level"), validators=[MaxValueValidator(9)])
    descriptor = TextField(_("Descriptor"))
    evidence = TextField(_("Evidence that suffices"), blank=True)
    next = TextField(_("To the next level"), blank=True)

    class Meta:
        verbose_name = _("level descriptor")
        verbose_name_plural = _("level descriptors")
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["criterion", "level"], name="descriptor_once")]

    def __str__(self):
        return f"{self.criterion.code} · {self.level}"


class Citation(Part):
    class Role(models.TextChoices):
        BASIS = "basis", _("Basis")
        ASSIGNED = "assigned", _("Assigned by this tool")

    dimension = models.ForeignKey(
        Dimension, models.CASCADE, null=True, blank=True, related_name="citations", verbose_name=_("dimension")
    )
    criterion = models.ForeignKey(
        Criterion, models.CASCADE, null=True, blank=True, related_name="citations", verbose_name=_("criterion")
    )
    passage = models.ForeignKey(Passage, models.RESTRICT, related_name="citations", verbose_name=_("passage"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.BASIS)

    class Meta(Part.Meta):
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.CheckConstraint(
                condition=Q(dimension=None, criterion__isnull=False) | Q(dimension__isnull=False, criterion=None),
                name="citation_of_dimension_or_criterion",
            ),
            models.UniqueConstraint(fields=["dimension", "passage"], name="dimension_cites_once"),
            models.UniqueConstraint(fields=["criterion", "passage"], name="criterion_cites_once"),
        ]

    def __str__(self):
        return str(self.passage)


class TargetProfile(Part):
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="targets", verbose_name=_("framework"))
    code = models.CharField(_("code"), max_length=50, validators=[CODE])
    name = TextField(_("name"))
    levels = models.JSONField(_("levels"), default=dict, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("target profile")
        verbose_name_plural = _("target profiles")
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="target_code_once")]

    def __str__(self):
        return self.framework.shown(self.name)


class GoldenSet(Part):
    """A named city's answers and the scores that this version must give it, until somebody accepts others.

    `answers`: a level or "na" by criterion code. `expected`: what the figures were when they were accepted.
    """

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="golden_sets", verbose_name=_("framework"))
    name = models.CharField(_("name"), max_length=200)
    answers = models.JSONField(_("answers"), default=dict)
    expected = models.JSONField(_("expected scores"), default=dict)
    accepted_by = _person(_("accepted by"))
    accepted_at = models.DateTimeField(_("accepted at"), default=timezone.now)

    class Meta(Part.Meta):
        verbose_name = _("golden set")
        verbose_name_plural = _("golden sets")
        constraints = [models.UniqueConstraint(fields=["framework", "name"], name="golden_set_once")]

    def __str__(self):
        return self.name


READS = 3  # of a draft that changes while it is read
PARTS = (Level, Source, Passage, Lens, Dimension, Facet, Criterion, LevelDescriptor, Citation, TargetProfile)


@lru_cache(maxsize=32)
def _unchanging_outline(pk: int) -> outline.Framework:
    return _outline(pk)


def _outline(pk: int) -> outline.Framework:
    """Several queries: of a draft that is edited between two of them, the second may miss what the first has."""
    for _again in range(READS - 1):
        with suppress(ObjectDoesNotExist):
            return assemble(Framework.objects.whole().get(pk=pk))
    return assemble(Framework.objects.whole().get(pk=pk))
