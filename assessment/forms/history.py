"""Choose a day or a moment of the past."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

FIRST_YEAR = 2000


class MomentForm(forms.Form):
    """A day means its end; a moment is in local time unless it says otherwise."""

    on = forms.CharField(
        label=_("Day and time"),
        max_length=40,
        error_messages={"required": _("Choose a day and time.")},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def clean_on(self):
        moment = _moment(self.cleaned_data["on"])
        if moment is None:
            raise forms.ValidationError(_("This is no day or time; write it as 2026-11-01 or 2026-11-01T10:00."))
        if moment > timezone.now():
            raise forms.ValidationError(_("This moment lies ahead; choose one that is past."))
        return moment


def _moment(text: str) -> datetime | None:
    try:
        day = parse_date(text)
        given = datetime.combine(day, time.max) if day else parse_datetime(text)
    except ValueError:  # 2026-13-01
        return None
    if given is None or not FIRST_YEAR <= given.year < 3000:
        return None
    moment = timezone.make_aware(given) if timezone.is_naive(given) else given
    is_today = day == timezone.localdate()
    return min(moment, timezone.now()) if is_today else moment
