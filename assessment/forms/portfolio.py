"""What to show on the desk over many cities, and what to have made of the cities that are chosen on it."""

from typing import cast

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from assessment.models import Assessment, City, Framework
from assessment.models.report import LANGUAGES
from assessment.reports.making import EVERY

LONGEST_KEY = 18  # digits
BY_CITY, BEST_FIRST, WORST_FIRST = "city", "-score", "score"
ORDERS = [
    ("", _("division codes")),
    (BEST_FIRST, _("scores, the highest first")),
    (WORST_FIRST, _("scores, the lowest first")),
]
BEGUN = [Assessment.State.OPEN, Assessment.State.SUBMITTED, Assessment.State.UNDER_REVIEW, Assessment.State.APPROVED]


class DeskFilter(forms.Form):
    """`rounds` are all on the person's desk. Of each city the newest round is found, in one framework."""

    q = forms.CharField(label=_("City or round"), required=False, max_length=100)
    framework = forms.ModelChoiceField(Framework.objects.none(), label=_("Framework"), required=False, empty_label=None)
    state = forms.ChoiceField(label=_("State"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    sort = forms.ChoiceField(label=_("In the order of"), required=False, choices=ORDERS)

    def __init__(self, data, *, rounds):
        super().__init__(data, use_required_attribute=False)
        self.rounds = rounds
        often = rounds.order_by().values("framework").annotate(cities=Count("city", distinct=True))
        used = [row["framework"] for row in often.order_by("-cities", "-framework")]
        frameworks = cast(forms.ModelChoiceField, self.fields["framework"])
        frameworks.queryset = Framework.objects.filter(pk__in=used)
        self.usual = used[0] if used else None
        frameworks.initial = self.usual
        if len(used) < 2:
            del self.fields["framework"]
        states = [(state.value, state.label) for state in BEGUN]
        cast(forms.ChoiceField, self.fields["state"]).choices = [("", _("All states")), *states]
        self._offer_provinces()
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def _offer_provinces(self):
        cities = City.objects.filter(pk__in=self.rounds.order_by().values("city"))
        names = list(cities.exclude(province="").order_by("province").values_list("province", flat=True).distinct())
        if len(names) > 1:
            choices = [("", _("All provinces")), *((name, name) for name in names)]
            cast(forms.ChoiceField, self.fields["province"]).choices = choices
        else:
            del self.fields["province"]

    def found(self):
        """The newest round of each city that all the sound fields ask for, by city code."""
        self.is_valid()
        wanted = self.cleaned_data
        found = self.rounds.filter(framework=wanted.get("framework") or self.usual).newest_of_each_city()
        if wanted.get("q"):
            found = found.found_by(wanted["q"])
        if wanted.get("state"):
            found = found.filter(state=wanted["state"])
        if wanted.get("province"):
            found = found.filter(city__province=wanted["province"])
        return found.select_related("city", "framework", "target").order_by("city__code")

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or BY_CITY

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("q", "state", "province"))


class RoundsField(forms.ModelMultipleChoiceField):
    """No database takes a number of thirty digits: such a choice is none."""

    def clean(self, value):
        if any(not (str(pk).isascii() and str(pk).isdigit() and len(str(pk)) <= LONGEST_KEY) for pk in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class OrderForm(forms.Form):
    """Which reports of which rounds. `rounds` are those of which the person may have any."""

    round = RoundsField(
        Assessment.objects.none(),
        label=_("Cities"),
        error_messages={
            "required": _("Choose at least one city."),
            "invalid_choice": _("One of the rounds is not there any more, or no longer yours. Choose anew."),
        },
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="zh-hans", required=False)

    def __init__(self, data, *, rounds):
        super().__init__(data)
        cast(forms.ModelMultipleChoiceField, self.fields["round"]).queryset = rounds.select_related(
            "city", "framework", "target"
        )

    def clean_language(self):
        return self.cleaned_data["language"] or "zh-hans"


class BatchForm(OrderForm):
    """A batch in the background: every form for every round."""

    forms = forms.MultipleChoiceField(
        label=_("Forms"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one form.")},
    )

    def __init__(self, data, *, rounds):
        super().__init__(data, rounds=rounds)
        cast(forms.MultipleChoiceField, self.fields["forms"]).choices = [
            (name, form.label) for name, form in EVERY.items()
        ]
