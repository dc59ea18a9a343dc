"""What reviewers fill in: a verified level with its reason, and the reasons of a return."""

from collections.abc import Collection, Iterable
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.forms.plain import PlainCharField

WHOLE, SINGLE = "whole", "single"
LONGEST_REASON = 2000


def reason_box(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "form-control"})


class VerifyForm(forms.Form):
    """One criterion. `shown`: level and reason that the reviewer had on the screen; only what differs is judged."""

    level = forms.TypedChoiceField(
        label=_("Verified level"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reason = PlainCharField(label=_("Reason"), required=False, max_length=5000, widget=reason_box(3))

    def __init__(self, code: str, highest: int, shown: tuple[int | None, str], data=None):
        self.code = code
        initial = {"level": shown[0], "reason": shown[1]}
        super().__init__(data, prefix=code, initial=initial, use_required_attribute=False, empty_permitted=True)
        levels = [("", _("not verified")), *((str(k), str(k)) for k in range(highest + 1))]
        cast(forms.ChoiceField, self.fields["level"]).choices = levels

    def clean(self):
        values = self.cleaned_data
        if values.get("level") is not None and not values.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Give the reason of the verified level."))
        if values.get("reason") and values.get("level") is None and "level" not in self.errors:
            self.add_error("level", _("A reason alone is not kept: choose the level that you verified."))
        return values


class ReturnForm(forms.Form):
    """Whole with one reason, or single criteria each with its own; all of them are sent together or not at all."""

    scope = forms.ChoiceField(
        label=_("What is returned"),
        choices=[
            (SINGLE, _("Single criteria: only these can be changed")),
            (WHOLE, _("The whole round: everything can be changed again")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    whole = PlainCharField(
        label=_("Reason for returning the whole round"),
        required=False,
        max_length=LONGEST_REASON,
        widget=reason_box(3),
    )

    def __init__(self, criteria: Iterable[outline.Criterion], marked: Collection[str], data=None):
        criteria = list(criteria)
        self.marked = [criterion.code for criterion in criteria if criterion.code in marked]
        super().__init__(data, initial={"scope": SINGLE}, use_required_attribute=False)
        for criterion in criteria:
            self.fields[self.name_of(criterion.code)] = PlainCharField(
                label=f"{criterion.code} {criterion.title}",
                required=False,
                max_length=LONGEST_REASON,
                widget=reason_box(),
            )

    @staticmethod
    def name_of(code: str) -> str:
        return f"reason-{code}"

    def clean(self):
        values = self.cleaned_data
        if values.get("scope") == WHOLE and not values.get("whole"):
            self.add_error("whole", _("Give the reason."))
        if values.get("scope") == SINGLE:
            for code in self.marked:
                if not values.get(self.name_of(code)):
                    self.add_error(self.name_of(code), _("Give the reason, or take the mark away."))
            if not self._single_reasons():
                self.add_error("scope", _("Give the reason for at least one criterion."))
        return values

    def _single_reasons(self) -> dict[str, str]:
        """By the criterion's code."""
        given = {name.removeprefix("reason-"): text for name, text in self.cleaned_data.items() if "reason-" in name}
        return {code: reason for code, reason in given.items() if reason}

    def reasons(self) -> dict[str, str]:
        """As the action takes them: the whole round under no code."""
        whole = {"": self.cleaned_data["whole"]} if self.cleaned_data["scope"] == WHOLE else {}
        return whole | self._single_reasons()
