"""Phrases of one's own, and the field for all that people write for reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment import access
from assessment.forms.account import buttons
from assessment.forms.plain import PlainCharField
from assessment.models import Phrase
from assessment.models.framework import CODE
from assessment.models.report import LANGUAGES, LONGEST_REMARK


def words_field(label, **more) -> PlainCharField:
    return PlainCharField(label=label, max_length=LONGEST_REMARK, **more)


class PhraseForm(forms.ModelForm):
    class Meta:
        model = Phrase
        fields = ["title", "text", "language", "code"]
        field_classes = {"title": PlainCharField, "code": PlainCharField}

    text = words_field(_("Text"), widget=forms.Textarea(attrs={"rows": 10}))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].validators.append(CODE)
        self.fields["code"].label = _("Code of the criterion or dimension")
        self.fields["code"].help_text = _("So that it is offered there first; it can be used anywhere.")
        buttons(self, _("Save"))

    def clean_code(self):
        typed = self.cleaned_data["code"]
        code = access.code_as_spelled(self.instance.user, typed) if typed else ""
        if typed and not code:
            said = _(
                "No framework has a dimension or criterion with the code “%(code)s”: write one such as T1 or T1.1."
            )
            raise forms.ValidationError(said % {"code": typed})
        return code

    def clean_title(self):
        title = self.cleaned_data["title"]
        others = Phrase.objects.filter(user=self.instance.user_id, title=title).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("You have a phrase of this title already."))
        return title
