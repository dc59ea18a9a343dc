"""An organisation's name, logo and colours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment import actions
from assessment.exchange import picture
from assessment.exchange.office import Unfit
from assessment.forms.asking import AskingForm
from assessment.forms.plain import PlainCharField
from assessment.models import Mark


class ColourField(forms.CharField):
    """A colour that can be read on white paper."""

    widget = forms.TextInput(attrs={"type": "color", "class": "form-control form-control-color"})

    def clean(self, value):
        colour = super().clean(value).lower()
        try:
            actions.must_be_legible(colour)
        except actions.Refused as error:
            raise forms.ValidationError(str(error)) from error
        return colour


class MarkForm(AskingForm, forms.Form):
    """`columns()` are those that change. Only after the form is valid."""

    organisation = PlainCharField(
        label=_("Organisation"),
        max_length=100,
        required=False,
        show_hidden_initial=True,
        help_text=_("As it stands on the cover, such as 云川市数据局."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        allow_empty_file=True,  # said in our own words
        help_text=_("PNG or JPEG, at most 2 MB. It is made anew at 600 × 240 pixels or less, on white."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg", "class": "form-control"}),
    )
    is_without_logo = forms.BooleanField(
        label=_("Take the logo away"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    deep = ColourField(label=_("Colour of headings"), show_hidden_initial=True)
    accent = ColourField(label=_("Colour of links and rules"), show_hidden_initial=True)

    def __init__(self, mark: Mark, data=None, files=None):
        initial = {name: getattr(mark, name) for name in ("organisation", "deep", "accent")}
        super().__init__(data, files, initial=initial, use_required_attribute=False)

    def clean_logo(self) -> bytes | None:
        sent = self.cleaned_data["logo"]
        if sent is None:
            return None
        try:
            return picture.logo(sent.read(picture.LARGEST + 1))
        except Unfit as error:
            raise forms.ValidationError(str(error)) from error

    def columns(self) -> dict[str, Any]:
        values = self.cleaned_data
        made: dict[str, Any] = {name: values[name] for name in ("organisation", "deep", "accent") if name in self.mine}
        if values["logo"]:
            made["logo"] = values["logo"]
        elif values["is_without_logo"]:
            made["logo"] = b""
        return made
