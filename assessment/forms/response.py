"""The answer to one criterion: level or not applicable, target, rationale, evidence by reference."""

from typing import cast
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.forms.plain import PlainCharField

NOT_APPLICABLE = "na"
MOST_DIGITS = 3  # of the number of evidence rows


class EvidenceForm(forms.Form):
    """One row; a row left empty is no evidence."""

    title = PlainCharField(label=_("Title"), max_length=200, required=False)
    reference = PlainCharField(label=_("Document number or system"), max_length=200, required=False)
    url = PlainCharField(label=_("Address"), max_length=2000, required=False)
    as_of = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_url(self):
        url = self.cleaned_data["url"]
        if url and not _is_web_address(url):
            raise forms.ValidationError(_("An address begins with http:// or https://."))
        return url

    def clean(self):
        values = self.cleaned_data
        if any(values.values()) and not values.get("title") and "title" not in self.errors:
            self.add_error("title", _("Give the evidence a title."))
        return values

    def evidence(self) -> outline.Evidence | None:
        values = self.cleaned_data
        return outline.Evidence(**values) if values.get("title") else None


class ResponseForm(forms.Form):
    """One card. `stored` is what the database holds now; `seen` names what the person had on the screen.

    The level's choices are the scale's levels, `na` for not applicable, and nothing for not answered yet.
    """

    level = forms.ChoiceField(label=_("Level"), required=False)
    not_applicable = PlainCharField(
        label=_("Reason"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    target = forms.TypedChoiceField(label=_("Own target"), required=False, coerce=int, empty_value=None)
    rationale = PlainCharField(
        label=_("Rationale"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, criterion: outline.Criterion, highest: int, stored: outline.Response, data=None):
        self.criterion, self.stored = criterion, stored
        super().__init__(data, prefix=criterion.code, initial=_initial(stored), use_required_attribute=False)
        levels = [(str(level), str(level)) for level in range(highest + 1)]
        cast(forms.ChoiceField, self.fields["level"]).choices = [("", ""), *levels, (NOT_APPLICABLE, "")]
        cast(forms.ChoiceField, self.fields["target"]).choices = [("", ""), *levels]
        self.rows = self._rows(data)
        self.conflict = False

    def _rows(self, data) -> list[EvidenceForm]:
        if data is None:
            given = [vars(evidence) for evidence in self.stored.evidence]
            return [self._row(i, initial=values) for i, values in enumerate([*given, {}])]
        return [self._row(i, data=data) for i in range(self._count(data))]

    def _count(self, data) -> int:
        count = data.get(self.add_prefix("rows"), "")
        return int(count) if count.isascii() and count.isdigit() and len(count) <= MOST_DIGITS else 0

    def _row(self, index: int, **kwargs) -> EvidenceForm:
        return EvidenceForm(prefix=f"{self.prefix}-evidence-{index}", use_required_attribute=False, **kwargs)

    def empty_row(self) -> EvidenceForm:
        """What a script copies when one more row is asked for."""
        return EvidenceForm(prefix=f"{self.prefix}-evidence-__row__", use_required_attribute=False)

    def is_posted(self) -> bool:
        """A card that the browser did not send, whole, is left as it is."""
        return self._count(self.data) > 0

    def clean(self):
        values = self.cleaned_data
        if not all([row.is_valid() for row in self.rows]):
            self.add_error(None, _("The evidence is incomplete; the row says what is missing."))
        if values.get("level") == NOT_APPLICABLE and not values.get("not_applicable"):
            self.add_error("not_applicable", _("Say why this criterion does not apply to the city."))
        return values

    def answer(self) -> outline.Response:
        """What was filled in, ready to be saved. Only after the form is valid."""
        values = self.cleaned_data
        chosen = values["level"]
        return outline.Response(
            criterion=self.criterion.code,
            level=int(chosen) if chosen.isdigit() else None,
            target=values["target"],
            rationale=values["rationale"],
            evidence=tuple(found for row in self.rows if (found := row.evidence())),
            not_applicable=values["not_applicable"] if chosen == NOT_APPLICABLE else "",
            verified_level=self.stored.verified_level,
        )

    @property
    def shown(self) -> str:
        """The fingerprint of the answer that the person had on the screen."""
        return self.data.get(self.add_prefix("seen"), "")

    def is_touched(self) -> bool:
        """True where the person changed what was on the screen."""
        return self.answer().fingerprint != self.shown

    def refuse_overtaken(self, stored: outline.Response, message: str) -> None:
        """What is stored by now is on the screen too: saving again replaces it knowingly."""
        self.stored, self.conflict = stored, True
        self.add_error(None, message)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # http://[
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _initial(stored: outline.Response) -> dict[str, object]:
    level = NOT_APPLICABLE if stored.not_applicable else "" if stored.level is None else str(stored.level)
    return {
        "level": level,
        "target": stored.target,
        "rationale": stored.rationale,
        "not_applicable": stored.not_applicable,
    }
