"""What to show on the desk over many cities, and what to have made of the cities that are chosen on it."""

from typing import cast

from django import forms
from django.db.models import Count, Max
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessment.lineage import version_key
from assessment.models import Assessment, City, Framework
from assessment.models.report import LANGUAGES
from assessment.reports import words
from assessment.reports.making import EVERY

LONGEST_KEY = 18  # digits
BY_CITY, BEST_FIRST, WORST_FIRST = "city", "-score", "score"
ORDERS = [
    ("", _("division codes")),
    (BEST_FIRST, _("scores, the highest first")),
    (WORST_FIRST, _("scores, the lowest first")),
]
BEGUN = [Assessment.State.OPEN, Assessment.State.SUBMITTED, Assessment.State.UNDER_REVIEW, Assessment.State.APPROVED]


class FrameworkField(forms.ModelChoiceField):
    """A framework in whatever versions; its newest one stands for it. `alike`: names that several frameworks have."""

    alike: frozenset[str] = frozenset()

    def label_from_instance(self, obj):
        name = _name(obj)
        return name + words.aside(obj.code) if name in self.alike else name


def _name(framework) -> str:
    return framework.outline().name.to(get_language() or "")


class DeskFilter(forms.Form):
    """`rounds` are all on the person's desk. Of each city the newest round is found: in one framework, in any version
    of it unless one is asked for."""

    q = forms.CharField(label=_("City or round"), required=False, max_length=100)
    framework = FrameworkField(Framework.objects.none(), label=_("Framework"), required=False, empty_label=None)
    version = forms.ChoiceField(label=_("Version"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    sort = forms.ChoiceField(label=_("In the order of"), required=False, choices=ORDERS)

    def __init__(self, data, *, rounds):
        super().__init__(data, use_required_attribute=False)
        self.rounds = rounds
        self._offer_frameworks()
        states = [(state.value, state.label) for state in BEGUN]
        cast(forms.ChoiceField, self.fields["state"]).choices = [("", _("All states")), *states]
        self._offer_provinces()
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def _offer_frameworks(self):
        often = self.rounds.order_by().values("framework__code")
        often = often.annotate(cities=Count("city", distinct=True), newest=Max("framework"))
        used = [row["newest"] for row in often.order_by("-cities", "-newest")]
        known = Framework.objects.in_bulk(used)
        self.usual = known[used[0]] if used else None
        field = cast(FrameworkField, self.fields["framework"])
        field.queryset = Framework.objects.filter(pk__in=used)
        field.initial = self.usual
        names = [_name(framework) for framework in known.values()]
        field.alike = frozenset(name for name in names if names.count(name) > 1)
        if len(used) < 2:
            del self.fields["framework"]
        asked = (framework for framework in known.values() if str(framework.pk) == self.data.get("framework"))
        self._offer_versions(next(asked, self.usual))

    def _offer_versions(self, framework):
        """Those of the framework that is looked at."""
        rounds = self.rounds.filter(framework__code=framework.code) if framework else self.rounds.none()
        found = rounds.order_by().values_list("framework__version", flat=True).distinct()
        versions = sorted(found, key=version_key, reverse=True)
        if len(versions) > 1:
            choices = [("", _("All versions")), *((version, version) for version in versions)]
            cast(forms.ChoiceField, self.fields["version"]).choices = choices
        else:
            del self.fields["version"]

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
        found = self.of_framework
        if wanted.get("version"):
            found = found.filter(framework__version=wanted["version"])
        found = found.newest_of_each_city()
        if wanted.get("q"):
            found = found.found_by(wanted["q"])
        if wanted.get("state"):
            found = found.filter(state=wanted["state"])
        if wanted.get("province"):
            found = found.filter(city__province=wanted["province"])
        return found.select_related("city", "framework", "target").order_by("city__code")

    @property
    def of_framework(self):
        """All rounds in the framework that is looked at. Only after the form is cleaned."""
        chosen = self.cleaned_data.get("framework") or self.usual
        return self.rounds.filter(framework__code=chosen.code) if chosen else self.rounds.none()

    def newer(self, found):
        """By city, the newest round of those cities in any version, where another one is shown of it."""
        if not self.cleaned_data.get("version"):
            return {}
        of_cities = self.of_framework.filter(city__in={record.city_id for record in found})
        newest = of_cities.newest_of_each_city().select_related("city", "framework")
        shown = {record.pk for record in found}
        return {record.city_id: record for record in newest if record.pk not in shown}

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or BY_CITY

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("q", "version", "state", "province"))


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
