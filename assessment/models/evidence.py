"""Evidence by reference: nothing is scanned or sent in for the assessment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment import outline


class Evidence(models.Model):
    response = models.ForeignKey("Response", models.CASCADE, related_name="evidence", verbose_name=_("response"))
    order = models.PositiveIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    reference = models.CharField(_("document number or system"), max_length=200, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.title

    def outline(self) -> outline.Evidence:
        return outline.Evidence(self.title, self.url, self.reference, self.as_of)
