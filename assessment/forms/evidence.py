"""Add a file as evidence, or one that the city has already."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.exchange.office import Unfit
from assessment.exchange.upload import ENDINGS, LARGEST, Upload, judged
from assessment.forms.plain import PlainCharField
from assessment.models import StoredFile


class FileForm(forms.Form):
    """`upload` is the file as it was judged. Only after the form is valid."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # said in our own words
        help_text=_("PDF, OFD, Office or WPS without macros, pictures; at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
        error_messages={"required": _("Choose a file."), "missing": _("Choose a file.")},
    )
    title = PlainCharField(label=_("Title"), max_length=200, required=False, help_text=_("Empty: the file's name."))
    upload: Upload

    def clean_file(self):
        sent = self.cleaned_data["file"]
        try:
            self.upload = judged(sent.name, sent.read(LARGEST + 1))
        except Unfit as error:
            raise forms.ValidationError(str(error)) from error
        return sent


class StoredFileChoice(forms.ModelChoiceField):
    def label_from_instance(self, stored):
        return f"{stored.name}（{stored.uploaded_at:%Y-%m-%d}）"


class ReuseForm(forms.Form):
    """`files` are those of the city that the person may see."""

    file = StoredFileChoice(
        StoredFile.objects.none(),
        label=_("A file that the city has already"),
        empty_label=_("Choose a file"),
        error_messages={"required": _("Choose a file."), "invalid_choice": _("Choose a file.")},
    )
    title = PlainCharField(label=_("Title"), max_length=200, required=False, help_text=_("Empty: the file's name."))

    def __init__(self, *args, files, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["file"]).queryset = files
