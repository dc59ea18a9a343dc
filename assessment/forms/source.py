"""Upload the official text of a source."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.exchange.office import Unfit
from assessment.exchange.text import ENDINGS, Reading, read_text
from assessment.exchange.upload import LARGEST
from assessment.forms.plain import PlainCharField


class TextForm(forms.Form):
    """`reading` is what the file says. Only after the form is valid."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # said in our own words
        help_text=_("The official text as .txt, .docx or PDF with text (no scan), at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
        error_messages={"required": _("Choose a file."), "missing": _("Choose a file.")},
    )
    edition = PlainCharField(
        label=_("Edition"),
        max_length=200,
        help_text=_("Which text it is: where and when it was published, which revision."),
        error_messages={"required": _("Say which edition it is.")},
    )
    reading: Reading

    def clean_file(self):
        sent = self.cleaned_data["file"]
        try:
            self.reading = read_text(sent.name, sent.read(LARGEST + 1))
        except Unfit as error:
            raise forms.ValidationError(str(error)) from error
        return sent
