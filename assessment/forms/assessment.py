"""Open a round, or change its title, day and target."""

from typing import cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from assessment.forms.plain import PlainCharField
from assessment.models import Assessment, Framework, TargetProfile

# Django's own Chinese catalogue lacks its label for an empty choice.
EMPTY_CHOICE = gettext_noop("- Select an option -")


class TargetChoice(forms.ModelChoiceField):
    def label_from_instance(self, profile):
        return f"{profile}（{profile.framework}）"


class AssessmentForm(forms.ModelForm):
    """`cities` are those in which the user may open a round; an open round keeps its city and framework."""

    target = TargetChoice(
        TargetProfile.objects.filter(framework__state=Framework.State.PUBLISHED).select_related("framework"),
        label=_("Target profile"),
        required=False,
        empty_label=_("No target profile"),
        help_text=_("The levels to reach; without it only targets set answer by answer count."),
    )

    class Meta:
        model = Assessment
        fields = ["city", "framework", "round", "title", "target", "as_of"]
        field_classes = {"round": PlainCharField, "title": PlainCharField}
        help_texts = {
            "round": _("The round's name, such as 2026."),
            "title": _("Printed on the report's cover; may stay empty."),
            "as_of": _("The day on which the answers are true; it is the report's date."),
        }
        widgets = {"as_of": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, cities, **kwargs):
        super().__init__(*args, **kwargs)
        for name, queryset in (("city", cities), ("framework", Framework.objects.published())):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = queryset
            if queryset.count() == 1:
                self.initial.setdefault(name, queryset.get())
        if self.instance.pk:
            self.fields["city"].disabled = self.fields["framework"].disabled = True
        self.helper = FormHelper()
        self.helper.add_input(Submit("", _("Save") if self.instance.pk else _("Open the round")))

    def clean(self):
        super().clean()  # asks for the constraints to be checked
        target, framework = self.cleaned_data.get("target"), self.cleaned_data.get("framework")
        if target and framework and target.framework_id != framework.pk:
            self.add_error("target", _("This profile belongs to another framework."))
        return self.cleaned_data
