"""Cities, by their administrative division code."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment import outline


class City(models.Model):
    code = models.CharField(
        _("division code"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^[1-9]\d{5}\Z", _("Six digits, such as 330100."))],
        help_text=_("Six-digit administrative division code (行政区划代码)."),
    )
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["code"]

    def __str__(self):
        return self.name

    def outline(self) -> outline.City:
        return outline.City(self.code, self.name)
