"""Evidence: by reference, or a file that is kept once and used wherever it proves something."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment import outline


def place_of(stored: "StoredFile", _name: str) -> str:
    """Files lie under their own hash: what a person called one never becomes a path."""
    return f"evidence/{stored.sha256[:2]}/{stored.sha256}"


class StoredFile(models.Model):
    """A file of a city, by the SHA-256 of its bytes; the same bytes are kept once."""

    city = models.ForeignKey("City", models.PROTECT, related_name="files", verbose_name=_("city"))
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.FileField(_("file"), upload_to=place_of, max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    uploaded_by = models.ForeignKey("User", models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["city", "sha256"], name="file_once")]

    def __str__(self):
        return self.name

    @property
    def mark(self) -> str:
        """What stands in an evidence's reference and ties it to this file, also through files and workbooks."""
        return f"SHA-256:{self.sha256[:16]}"


class Evidence(models.Model):
    response = models.ForeignKey("Response", models.CASCADE, related_name="evidence", verbose_name=_("response"))
    order = models.PositiveIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    reference = models.CharField(_("document number or system"), max_length=200, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="uses", verbose_name=_("file")
    )

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.title

    def outline(self) -> outline.Evidence:
        return outline.Evidence(self.title, self.url, self.reference, self.as_of)
