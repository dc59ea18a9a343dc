"""Write at one spot of a report."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.forms.phrase import words_field

KEEP = "keep"
CHOICES = [
    (KEEP, _("Keep the framework's steps")),
    ("added", _("Add to them")),
    ("reworded", _("Say it in other words")),
]


class RemarkForm(forms.Form):
    """What somebody writes at one spot. `choice` only of a recommendation, whose spot has two places."""

    choice = forms.ChoiceField(label=_("Recommendation"), choices=CHOICES, widget=forms.RadioSelect())
    text = words_field(_("Text"), required=False, widget=forms.Textarea(attrs={"class": "form-control", "rows": 14}))

    def __init__(self, places: Iterable[str], latest: Mapping[str, Any], data=None):
        super().__init__(data, use_required_attribute=False)
        self.places, self.latest = tuple(places), latest
        written = [place for place in reversed(self.places) if latest[place] and latest[place].text]
        self.initial["text"] = latest[written[0]].text if written else ""
        if len(self.places) > 1:
            self.initial["choice"] = written[0] if written else KEEP
        else:
            del self.fields["choice"]

    @property
    def seen(self) -> dict[str, int]:
        """The numbers of the versions that the page showed."""
        return {place: _number(self.data.get(f"seen-{place}", "")) for place in self.places}

    def clean(self):
        is_typed = self.cleaned_data.get("text") not in (None, "", self.initial["text"])
        if self.cleaned_data.get("choice") == KEEP and is_typed:
            self.add_error(
                "choice", _("You typed a text: choose whether it is added or said instead, or empty the box.")
            )
        if self.cleaned_data.get("choice", KEEP) != KEEP and not (
            self.cleaned_data.get("text", "-") or self.initial["text"]
        ):
            said = _("Write what is to be said: without a text the report prints the framework's steps as they are.")
            self.add_error("text", said)
        return self.cleaned_data

    def texts(self) -> dict[str, str]:
        """What each place is to say. Only after the form is valid."""
        chosen = self.cleaned_data.get("choice") or self.places[0]
        return {place: self.cleaned_data["text"] if place == chosen else "" for place in self.places}

    @property
    def typed(self) -> str:
        """What stands in the box now, sound or not."""
        return str(self["text"].value() or "")


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 9 else 0
