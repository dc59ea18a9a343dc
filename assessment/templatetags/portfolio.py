"""What the desk over many cities says of days."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.reports.making import EVERY

register = template.Library()

LONG_AGO = 30  # days, from which on the day itself says more


@register.filter
def ago(moment: datetime | None) -> str:
    """Today, yesterday, some days ago, or the day."""
    if moment is None:
        return "—"
    days = (timezone.localdate() - timezone.localdate(moment)).days
    if days <= 0:
        return _("today %(time)s") % {"time": f"{timezone.localtime(moment):%H:%M}"}
    if days == 1:
        return _("yesterday")
    if days < LONG_AGO:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return date_format(timezone.localdate(moment))


@register.filter
def cell_of(row, code: str):
    """A round's score in a dimension; None where its version has no such dimension."""
    return row.scores.dimensions.get(code)


@register.filter
def of_city(rounds, record):
    """The round that is given for the city of this one, if any."""
    return rounds.get(record.city_id)


@register.filter
def form_label(form: str) -> str:
    """What a form of the report is called; one that is made no more by its code."""
    return str(EVERY[form].label) if form in EVERY else form.upper()
