"""Write a comment or a reply."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.forms.plain import PlainCharField
from assessment.models import Comment, User


class PeopleChoice(forms.ModelMultipleChoiceField):
    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError as error:  # a key greater than the database can hold
            raise forms.ValidationError(self.error_messages["invalid_list"], code="invalid_list") from error


class CommentForm(forms.Form):
    """`people` may be asked by name; `readers` of them read private notes, which only who `may_note` writes."""

    text = PlainCharField(
        label=_("Comment"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something first.")},
    )
    parent = forms.ModelChoiceField(Comment.objects.none(), required=False, widget=forms.HiddenInput)
    mentions = PeopleChoice(
        User.objects.none(), label=_("Ask by name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_private = forms.BooleanField(label=_("For reviewers only"), required=False)

    def __init__(self, *args, threads, people, readers, may_note, **kwargs):
        super().__init__(*args, **kwargs)
        self.readers = readers
        for name, queryset in (("parent", threads), ("mentions", people)):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = queryset
        if not may_note:
            del self.fields["is_private"]

    def clean(self):
        values = self.cleaned_data
        parent, asked = values.get("parent"), values.get("mentions") or ()
        if parent.is_private if parent else values.get("is_private"):
            others = set(asked) - set(self.readers)
            if others:
                names = "、".join(sorted(map(str, others)))
                self.add_error("mentions", _("A note for reviewers only is not seen by %(names)s.") % {"names": names})
        return values
