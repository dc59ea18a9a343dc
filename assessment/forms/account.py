"""Invite people, give them roles, make an account, choose a password."""

from typing import cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth.forms import SetPasswordForm, UserCreationForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.forms.plain import PlainCharField
from assessment.models import City, Department, Invitation, Membership, Role, User

LARGEST_ROSTER = 2 * 2**20


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def buttons(form: forms.BaseForm, words) -> None:
    helper = FormHelper()
    helper.form_tag = False
    helper.add_input(Submit("", words))
    form.helper = helper  # type: ignore[attr-defined]


class RoleForm(forms.ModelForm):
    """A role in a city, for an invitation or a person who is there: a consultant's engagement has its last day."""

    def __init__(self, *args, city: City, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.city = city
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset, department.empty_label = city.departments.all(), _("No department")
        department.help_text = _("What is assigned to the department is theirs to answer.")
        self.fields["role"].widget.choices = Role.choices  # no empty choice between the roles
        self.fields["ends_on"].help_text = _("The last day; needed for consultants, else may stay empty.")

    def clean(self):
        super().clean()
        values = self.cleaned_data
        if values.get("role") == Role.CONSULTANT and not values.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Say when the consultant's engagement ends."))
        return values


class InvitationForm(RoleForm):
    class Meta:
        model = Invitation
        fields = ["role", "department", "name", "email", "ends_on"]
        field_classes = {"name": PlainCharField}
        widgets = {"ends_on": day()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["role"] = self.initial.get("role") or Role.CONTRIBUTOR
        self.fields["name"].help_text = _("So that you know later whose link it was.")
        buttons(self, _("Make the link"))

    def clean_ends_on(self):
        value = self.cleaned_data["ends_on"]
        if value and value < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return value


class MembershipForm(RoleForm):
    class Meta:
        model = Membership
        fields = ["role", "department", "starts_on", "ends_on"]
        widgets = {"starts_on": day(), "ends_on": day()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # only what was changed on the screen counts: a colleague may have saved
            field.show_hidden_initial = True
        buttons(self, _("Save"))

    def clean_role(self):
        """Checked here, because the person and the city are no fields of the form."""
        role = self.cleaned_data["role"]
        others = Membership.objects.filter(user=self.instance.user_id, city=self.instance.city, role=role)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This person has this role here already."))
        return role


class DepartmentForm(forms.ModelForm):
    class Meta:
        model = Department
        fields = ["name"]
        field_classes = {"name": PlainCharField}

    def __init__(self, *args, city: City, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.city = city
        buttons(self, _("Save"))

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.instance.city.departments.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("The city has a department of this name already."))
        return name


class AccountForm(UserCreationForm):
    """Who was invited makes an account."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "name")
        field_classes = UserCreationForm.Meta.field_classes | {"name": PlainCharField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("Your staff number or mobile number; you sign in with it.")
        self.fields["name"].required = True
        buttons(self, _("Make the account"))


class NewPasswordForm(SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        buttons(self, _("Set the password"))


class RosterForm(forms.Form):
    file = forms.FileField(label=_("Workbook (.xlsx)"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        buttons(self, _("Check the list"))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_ROSTER:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file
