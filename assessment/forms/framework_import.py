"""A framework file that is sent in: the file, and what travels from the preview to the moment of writing."""

from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.exchange.document import FileError, Problem
from assessment.exchange.framework import read_framework_file, write_framework
from assessment.exchange.parsing import MAX_BYTES
from assessment.models import User

SALT = "framework-import"
HOURS = 12
LONGEST_CONTENT = 2_000_000  # a form as a whole may have 2.5 MB


@dataclass(frozen=True)
class Sent:
    """A framework as somebody sent it. `seen`: which state of the stored version they saw beside it."""

    framework: outline.Framework
    name: str
    seen: str = ""

    def seal(self, user: User) -> str:
        """One line that only this person can send back."""
        content = {"user": user.pk, "text": write_framework(self.framework), "name": self.name, "seen": self.seen}
        return signing.dumps(content, salt=SALT, compress=True)


def opened(sealed: str, user: User) -> Sent:
    """Raises signing.BadSignature for what was altered, is old, or is another person's."""
    content: dict[str, Any] = signing.loads(sealed, salt=SALT, max_age=HOURS * 3600)
    if content["user"] != user.pk:
        raise signing.BadSignature("another person")
    framework = read_framework_file(content["name"], content["text"].encode())
    return Sent(framework, content["name"], content["seen"])


class FrameworkFileForm(forms.Form):
    """`problems`: all that is wrong with the file, each with its place."""

    file = forms.FileField(
        label=_("Workbook (.xlsx) or file (YAML, JSON)"),
        help_text=_("At most 5 MB. Nothing is written before you have seen what would change."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.yaml,.yml,.json"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.problems: list[Problem] = []
        self.helper = FormHelper()
        self.helper.add_input(Submit("", _("Look at what would change")))

    def clean_file(self) -> Sent:
        file = self.cleaned_data["file"]
        try:
            return Sent(read_framework_file(file.name, file.read(MAX_BYTES + 1)), file.name)
        except FileError as error:
            self.problems = error.problems
            raise forms.ValidationError(_("The file has errors; nothing was written.")) from error


class FrameworkApplyForm(forms.Form):
    content = forms.CharField()

    def __init__(self, user: User, data):
        self.user = user
        super().__init__(data)

    def clean_content(self) -> Sent:
        try:
            return opened(self.cleaned_data["content"], self.user)
        except (signing.BadSignature, FileError) as error:
            raise forms.ValidationError(_("The preview is out of date; upload the file again.")) from error
