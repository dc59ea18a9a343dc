"""What to look for in the event log."""

from datetime import date, datetime, time, timedelta
from typing import cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.models import Assessment, City, Event

# Outside of these there is no midnight in every time zone.
DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class EventFilter(forms.Form):
    """`events` are those that the person may read. A round can be chosen once its city is."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("City"), required=False, empty_label=_("All cities"))
    assessment = forms.ModelChoiceField(
        Assessment.objects.none(), label=_("Round"), required=False, empty_label=_("All rounds")
    )
    verb = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("Everything")), *Event.Verb.choices])
    person = forms.CharField(label=_("Who"), required=False, max_length=100)
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    first = forms.DateField(label=_("From"), required=False, validators=DAYS, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("To"), required=False, validators=DAYS, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data, *, events):
        super().__init__(data, use_required_attribute=False)
        self.events = events
        cities = City.objects.filter(pk__in=events.order_by().values("city"))
        cast(forms.ModelChoiceField, self.fields["city"]).queryset = cities
        rounds = self._rounds(list(cities.values_list("pk", flat=True)[:2]))
        if rounds is None:
            del self.fields["assessment"]
        else:
            cast(forms.ModelChoiceField, self.fields["assessment"]).queryset = rounds
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def _rounds(self, cities):
        """The rounds of the city that is chosen or the only one; else the one that was asked for; else none."""
        rounds = Assessment.objects.select_related("city").filter(pk__in=self.events.order_by().values("assessment"))
        city, chosen = self._number("city"), self._number("assessment")
        if city is not None or len(cities) == 1:
            return rounds.filter(city=cities[0] if city is None else city)
        return None if chosen is None else rounds.filter(pk=chosen)

    def _number(self, name) -> int | None:
        given = self.data.get(name, "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None

    def found(self):
        """The events that all the sound fields ask for."""
        self.is_valid()
        wanted, events = self.cleaned_data, self.events
        for name in ("city", "assessment", "verb"):
            if wanted.get(name):
                events = events.filter(**{name: wanted[name]})
        if wanted.get("person"):
            events = events.filter(person__icontains=wanted["person"])
        if wanted.get("words"):
            events = events.found_by(wanted["words"])
        if wanted.get("first"):
            events = events.filter(at__gte=_midnight(wanted["first"]))
        if wanted.get("last"):
            events = events.filter(at__lt=_midnight(wanted["last"]) + timedelta(days=1))
        return events


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
