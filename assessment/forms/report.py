"""How a report is wanted: as a PDF that opens with a password alone."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.models.report import LANGUAGES
from assessment.reports.making import BRIEFS
from assessment.reports.pdf.sealing import first_unsafe

LONGEST = 127  # bytes that AES-256 in PDF takes


def _password(label, **more) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, widget=widget, **more)


class ProtectForm(forms.Form):
    form = forms.ChoiceField(
        label=_("Report"), choices=[("pdf", _("Gap report")), *((name, form.label) for name, form in BRIEFS.items())]
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="zh-hans")
    password = _password(
        _("Password"),
        min_length=8,
        max_length=LONGEST,
        help_text=_("At least 8 characters. It is not kept: who forgets it cannot open the file."),
    )
    again = _password(_("Password again"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("", _("Download the locked PDF")))

    def clean_password(self):
        password = self.cleaned_data["password"]
        if len(password.encode()) > LONGEST:
            raise forms.ValidationError(_("The password is longer than a PDF can take: choose a shorter one."))
        if number := first_unsafe(password):
            told = _(
                "Programs differ in how they read its character %(number)d, so that the file might not open. Use"
                " half-width letters, digits and signs, or common Chinese characters."
            )
            raise forms.ValidationError(told % {"number": number})
        return password

    def clean_again(self):
        again = self.cleaned_data["again"]
        if again != self.data.get("password"):
            raise forms.ValidationError(_("The two passwords are not the same: type both once more."))
        return again
