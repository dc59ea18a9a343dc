"""A workbook that comes back: the file, and what travels from the preview to the moment of writing."""

from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.exchange.workbook import MOST_BYTES, Problem, Unreadable, read_workbook
from assessment.models import Assessment, User
from assessment.models.response import spelled, understood

SALT = "pack-content"
HOURS = 12
LONGEST_CONTENT = 2_000_000  # a form as a whole may have 2.5 MB
MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Brought:
    """What a workbook brings: sound answers with the versions that it was made from, and what is wrong with it.

    `seen`: the versions that were stored when the person looked; `unchanged`: how many rows hold what is stored.
    """

    answers: dict[str, outline.Response]
    versions: dict[str, int]
    problems: list[Problem]
    places: dict[str, tuple[str, str]]
    digest: str
    seen: dict[str, int]
    unchanged: int = 0

    def without(self, reasons: dict[str, str], unchanged: set[str], seen: dict[str, int]) -> "Brought":
        """Without what may not be written, which becomes a problem, and without what is not to be written."""
        problems = [Problem(*self.places[code], f"{code} {why}") for code, why in reasons.items()]
        kept = {code: given for code, given in self.answers.items() if code not in reasons and code not in unchanged}
        return replace(
            self,
            answers=kept,
            problems=[*self.problems, *problems],
            seen={code: seen[code] for code in kept},
            unchanged=self.unchanged + len(unchanged),
        )

    def seal(self, record: Assessment, user: User) -> str:
        """One line that only this person can send back, for this round."""
        content = vars(self) | {
            "answers": {code: spelled(given) for code, given in self.answers.items()},
            "versions": {code: self.versions[code] for code in self.answers},
            "places": {code: self.places[code] for code in self.answers},
            "problems": [astuple(problem) for problem in self.problems[:MOST_PROBLEMS]],
        }
        return signing.dumps({"user": user.pk, "assessment": record.pk} | content, salt=SALT, compress=True)


def opened(sealed: str, record: Assessment, user: User) -> Brought:
    """Raises signing.BadSignature for what was altered, is old, or is another person's or round's."""
    content: dict[str, Any] = signing.loads(sealed, salt=SALT, max_age=HOURS * 3600)
    if (content.pop("user"), content.pop("assessment")) != (user.pk, record.pk):
        raise signing.BadSignature("another person or round")
    content["answers"] = {code: understood(code, given) for code, given in content["answers"].items()}
    content["problems"] = [Problem(*values) for values in content["problems"]]
    return Brought(**content)


class PackForm(forms.Form):
    workbook = forms.FileField(
        label=_("Workbook that was filled in"),
        help_text=_("An .xlsx file of at most 5 MB. Nothing is stored before you have seen what would change."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def __init__(self, record: Assessment, data=None, files=None):
        self.record = record
        super().__init__(data, files)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("", _("Look at what would change")))

    def clean_workbook(self) -> Brought:
        file = self.cleaned_data["workbook"]
        data = file.read(MOST_BYTES + 1)
        try:
            returned = read_workbook(data, self.record.framework.outline(), self.record.pk)
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        digest = sha256(data).hexdigest()
        versions = returned.slip.versions
        return Brought(returned.answers, versions, returned.problems, returned.places, digest, seen={})


class PackApplyForm(forms.Form):
    """`picks`: of each field in conflict, whose answer holds, as far as it was picked."""

    content = forms.CharField()
    leave_out = forms.BooleanField(required=False)

    def __init__(self, record: Assessment, user: User, data):
        self.record, self.user = record, user
        super().__init__(data)

    def clean_content(self) -> Brought:
        try:
            return opened(self.cleaned_data["content"], self.record, self.user)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("The preview is out of date; upload the workbook again.")) from error

    @property
    def picks(self) -> dict[str, dict[str, str]]:
        brought: Brought = self.cleaned_data["content"]
        return {
            code: {field: self.data.get(f"pick-{code}-{field}", "") for field in ("choice", "target", "rationale")}
            for code in brought.answers
        }
