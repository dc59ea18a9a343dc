"""Open a round, change its particulars, set the city's own targets."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.forms.asking import AskingForm
from assessment.forms.plain import PlainCharField
from assessment.models import Assessment, Framework, TargetProfile

# Django's own Chinese catalogue lacks its label for an empty choice.
EMPTY_CHOICE = gettext_noop("- Select an option -")
DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


def named(framework: Framework) -> str:
    """As the page's language calls it, with its version."""
    return f"{framework.text(framework.name).to(get_language())} {framework.version}"


class FrameworkChoice(forms.ModelChoiceField):
    def label_from_instance(self, framework):
        return named(framework)


class TargetChoice(forms.ModelChoiceField):
    def label_from_instance(self, profile):
        return f"{profile.framework.text(profile.name).to(get_language())}（{named(profile.framework)}）"


class RoundChoice(forms.ModelChoiceField):
    def label_from_instance(self, record):
        return f"{record}（{named(record.framework)}，{record.get_state_display()}）"


class AssessmentForm(AskingForm, forms.ModelForm):
    """`cities` are those in which the user may open a round; a round that is there keeps its city and framework."""

    target = TargetChoice(
        TargetProfile.objects.filter(framework__state=Framework.State.PUBLISHED).select_related("framework"),
        label=_("Target profile"),
        required=False,
        empty_label=_("No target profile"),
        help_text=_("The levels to reach; without it only targets set answer by answer count."),
    )
    previous = RoundChoice(
        Assessment.objects.none(),
        label=_("From last round"),
        required=False,
        empty_label=_("None: begin with blank answers"),
        help_text=_(
            "Its answers are copied and marked “to be confirmed”; each is confirmed or changed before submitting."
        ),
    )
    scope = forms.MultipleChoiceField(
        label=_("Scope"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The dimensions that this round asks; only those of the chosen framework count."),
    )

    class Meta:
        model = Assessment
        fields = ["city", "framework", "round", "title", "target", "as_of", "due_on", "previous", "scope"]
        field_classes = {"round": PlainCharField, "title": PlainCharField, "framework": FrameworkChoice}
        labels = {"due_on": _("Last day for filling in")}
        help_texts = {
            "round": _("The round's name, such as 2026."),
            "title": _("Printed on the report's cover; may stay empty."),
            "as_of": _("The day on which the answers are true; it is the report's date."),
            "due_on": _(
                "The last day for filling in; afterwards the round is marked overdue, and can still be filled in."
            ),
        }
        widgets = {"as_of": DAY["widget"], "due_on": DAY["widget"]}

    def __init__(self, *args, cities, **kwargs):
        super().__init__(*args, **kwargs)
        published = Framework.objects.published().order_by("code", "version")
        for name, queryset in (("city", cities), ("framework", published)):
            self._choice(name).queryset = queryset
            if queryset.count() == 1:
                self.initial.setdefault(name, queryset.get())
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        if self.instance.pk:
            self._keep_what_is_fixed()
        else:
            self._offer_a_beginning(cities, published)

    def _choice(self, name: str) -> forms.ModelChoiceField:
        return cast(forms.ModelChoiceField, self.fields[name])

    def _keep_what_is_fixed(self):
        self.fields["city"].disabled = self.fields["framework"].disabled = True
        del self.fields["previous"], self.fields["scope"]
        for field in self.fields.values():
            field.show_hidden_initial = not field.disabled
        self._choice("target").queryset = self.instance.framework.targets.select_related("framework")
        self.helper.add_input(Submit("", _("Save")))

    def _offer_a_beginning(self, cities, published):
        rounds = Assessment.objects.current().filter(city__in=cities)
        rounds = rounds.exclude(state__in=[Assessment.State.DRAFT, Assessment.State.MOVED])
        rounds = rounds.select_related("city", "framework").order_by("-created_at", "-pk")
        self._choice("previous").queryset = rounds
        last = self.initial.setdefault("previous", self._latest(list(rounds)))
        versions = [framework for framework in published if last and framework.code == last.framework.code]
        self.initial.setdefault("framework", versions[-1] if versions else None)
        self._offer_dimensions(published)
        self.helper.add_input(Submit("open", _("Open for filling in")))
        self.helper.add_input(Submit("draft", _("Save as a draft first"), css_class="btn-outline-primary"))

    def _offer_dimensions(self, published):
        """All of every framework, ticked; a script hides those of the frameworks that are not chosen."""
        language = get_language()
        groups = [
            (named(f), [(f"{f.pk}:{d.code}", f"{d.code} {d.name.to(language)}") for d in f.outline().dimensions])
            for f in published
        ]
        cast(forms.MultipleChoiceField, self.fields["scope"]).choices = groups
        self.initial["scope"] = [value for _name, choices in groups for value, _label in choices]

    def _latest(self, rounds: list[Assessment]) -> Assessment | None:
        """The last round of the only city, an approved one if there is any."""
        city, framework = self.initial.get("city"), self.initial.get("framework")
        fitting = [r for r in rounds if r.city == city and (not framework or r.framework.code == framework.code)]
        return next((r for r in fitting if r.is_approved), fitting[0] if fitting else None)

    def clean(self):
        super().clean()  # asks for the constraints to be checked
        values = self.cleaned_data
        target, framework, last = (values.get(name) for name in ("target", "framework", "previous"))
        if target and framework and target.framework_id != framework.pk:
            self.add_error("target", _("This profile belongs to another framework."))
        if last and framework and last.framework.code != framework.code:
            self.add_error("previous", _("That round was answered with another framework."))
        if last and values.get("city") and last.city_id != values["city"].pk:
            self.add_error("previous", _("That round belongs to another city."))
        if framework and "scope" in values:
            values["scope"] = self._chosen(framework, values["scope"])
        if self._is_taken(values):
            self.add_error(None, _("This city already has a round of this name with this framework."))
        return values

    def _is_taken(self, values: Mapping[str, Any]) -> bool:
        """The constraint rests on the state, which no form has; so Django leaves it to the database."""
        place = {name: values.get(name) for name in ("city", "framework", "round")}
        others = Assessment.objects.current().exclude(pk=self.instance.pk)
        return None not in place.values() and others.filter(**place).exists()

    def _chosen(self, framework: Framework, ticked: list[str]) -> list[str]:
        """Codes of the ticked dimensions of the framework; none where all are ticked."""
        known = [dimension.code for dimension in framework.outline().dimensions]
        codes = [code for code in known if f"{framework.pk}:{code}" in ticked]
        if not codes:
            self.add_error("scope", _("Choose at least one dimension of the framework."))
        return [] if codes == known else codes


class TargetsForm(AskingForm, forms.Form):
    """The city's own target for each criterion."""

    def __init__(self, criteria: Iterable[outline.Criterion], highest: int, own: Mapping[str, int | None], data=None):
        super().__init__(data)
        levels = [("", "—"), *((level, level) for level in range(highest + 1))]
        for criterion in criteria:
            self.fields[criterion.code] = forms.TypedChoiceField(
                choices=levels,
                coerce=int,
                empty_value=None,
                required=False,
                initial=own.get(criterion.code),
                show_hidden_initial=True,
                label=_("Own target for %(code)s") % {"code": criterion.code},
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    def targets(self) -> dict[str, Any]:
        return {code: self.cleaned_data[code] for code in self.mine}
