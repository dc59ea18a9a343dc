"""Who closes which gap, until when: a row for each."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.forms.asking import AskingForm
from assessment.forms.plain import PlainCharField

FURTHEST = 20  # years from now on


class Wanted(Protocol):
    """A criterion with its gap, as the page lists it."""

    code: str


class ImprovementsForm(AskingForm, forms.Form):
    """A row for each gap: who closes it, until when. `stored`: owner and day by criterion; `begins`: the round's year."""

    def __init__(self, gaps: Iterable[Wanted], stored: Mapping[str, tuple[str, date | None]], begins: int, data=None):
        super().__init__(data, use_required_attribute=False)
        self.first, self.last = date(begins, 1, 1), date(timezone.localdate().year + FURTHEST, 12, 31)
        bounds = {"min": self.first.isoformat(), "max": self.last.isoformat()}
        self.gaps = list(gaps)
        for gap in self.gaps:
            owner, due_on = stored.get(gap.code, ("", None))
            given: dict[str, Any] = {"required": False, "show_hidden_initial": True}
            self.fields[f"owner-{gap.code}"] = PlainCharField(
                label=_("%(code)s: owner") % {"code": gap.code},
                max_length=100,
                initial=owner,
                widget=forms.TextInput(attrs={"class": "form-control", "list": "owners", "autocomplete": "off"}),
                **given,
            )
            self.fields[f"due-{gap.code}"] = forms.DateField(
                label=_("%(code)s: due on") % {"code": gap.code},
                initial=due_on,
                error_messages={"invalid": _("Write the day as 2027-06-30.")},
                widget=forms.DateInput(attrs={"type": "date", "class": "form-control", **bounds}, format="%Y-%m-%d"),
                **given,
            )

    @property
    def rows(self):
        return [(gap, self[f"owner-{gap.code}"], self[f"due-{gap.code}"]) for gap in self.gaps]

    def clean(self):
        """Days that somebody sets now lie between the round's first year and the furthest one planned for."""
        for name in self.changed_data:
            day = self.cleaned_data.get(name)
            if name.startswith("due-") and day and not self.first <= day <= self.last:
                said = _("The day must lie between %(first)s and %(last)s.")
                self.add_error(name, said % {"first": self.first, "last": self.last})
        return self.cleaned_data

    def wanted(self) -> dict[str, tuple[str, date | None]]:
        """Owner and day of the criteria that change. Only after the form is valid."""
        changed = {name.partition("-")[2] for name in self.mine}
        return {c: (self._now(f"owner-{c}") or "", self._now(f"due-{c}") or None) for c in sorted(changed)}

    def _now(self, name: str) -> Any:
        return self.cleaned_data.get(name) if name in self.mine else self[name].initial
