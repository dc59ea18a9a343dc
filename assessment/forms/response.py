"""The answer to one criterion: level or not applicable, target, rationale, evidence by reference."""

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from typing import cast
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.forms.plain import PlainCharField
from assessment.merging import FIELDS
from assessment.outline import LONGEST_TEXT

NOT_APPLICABLE = "na"
MINE, THEIRS, BOTH = "mine", "theirs", "both"
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
    """One card. `stored` is what the database holds now; `seen` is the version that the person had on the screen.

    The level's choices are the scale's levels, `na` for not applicable, and nothing for not answered yet.
    """

    level = forms.ChoiceField(label=_("Level"), required=False)
    not_applicable = PlainCharField(
        label=_("Reason"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2})
    )
    target = forms.TypedChoiceField(label=_("Own target"), required=False, coerce=int, empty_value=None)
    rationale = PlainCharField(
        label=_("Rationale"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, criterion: outline.Criterion, highest: int, stored: outline.Response, data=None):
        self.criterion, self.stored = criterion, stored
        super().__init__(data, prefix=criterion.code, initial=_initial(stored), use_required_attribute=False)
        levels = [(str(level), str(level)) for level in range(highest + 1)]
        cast(forms.ChoiceField, self.fields["level"]).choices = [("", ""), *levels, (NOT_APPLICABLE, "")]
        cast(forms.ChoiceField, self.fields["target"]).choices = [("", ""), *levels]
        self.rows = self._rows(data)
        self.conflicts: tuple[str, ...] = ()

    def _rows(self, data) -> list[EvidenceForm]:
        if data is None:
            return self.rows_for(self.stored)
        return [self._row(i, data=data) for i in range(self._count(data))]

    def rows_for(self, answer: outline.Response) -> list[EvidenceForm]:
        """A row for each piece of the answer's evidence, and an empty one."""
        given = [vars(evidence) for evidence in answer.evidence]
        return [self._row(i, initial=values) for i, values in enumerate([*given, {}])]

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
        self._let_stand_what_is_stored()
        values = self.cleaned_data
        if not all([row.is_valid() for row in self.rows]):
            self.add_error(None, _("The evidence is incomplete; the row says what is missing."))
        if values.get("level") == NOT_APPLICABLE and not values.get("not_applicable"):
            self.add_error("not_applicable", _("Say why this criterion does not apply to the city."))
        return values

    def _let_stand_what_is_stored(self) -> None:
        """A text that is stored too long, from elsewhere, does not keep the rest of the answer out."""
        for name in ("rationale", "not_applicable"):
            if self.has_error(name, "max_length"):
                given = self.fields[name].to_python(self.data.get(self.add_prefix(name)))
                if given == getattr(self.stored, name):
                    del self.errors[name]
                    self.cleaned_data[name] = given

    def answer(self) -> outline.Response:
        """What was filled in, ready to be saved. Only after the form is valid."""
        mine, stored = self.typed, self.stored
        for field in self.asked:
            if self.decision(field) == BOTH:
                mine = replace(mine, rationale=both(stored.rationale, mine.rationale))
            elif self.decision(field) != MINE:
                mine = replace(mine, **{name: getattr(stored, name) for name in FIELDS[field]})
        return mine

    @cached_property
    def typed(self) -> outline.Response:
        """What was filled in, whatever was decided about it."""
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
    def shown(self) -> int:
        """The version of the answer that the person had on the screen."""
        number = self.data.get(self.add_prefix("seen"), "")
        return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else 0

    @property
    def page(self) -> str:
        """Names the browser's page that sends."""
        return PlainCharField(required=False).clean(self.data.get("page", ""))[:36]

    # Two people changed one field: the page asks whose stands.

    @property
    def asked(self) -> list[str]:
        """The fields of which the page asked whose version stands."""
        return [field for field in self.data.get(self.add_prefix("asked"), "").split() if field in FIELDS]

    def decision(self, field: str) -> str:
        """Nothing where both were to be joined and are too long for that: the page asks again."""
        chosen = self.data.get(self.add_prefix(f"choose-{field}"), "")
        return "" if chosen == BOTH and not fit(self.stored.rationale, self.typed.rationale) else chosen

    @property
    def undecided(self) -> tuple[str, ...]:
        return tuple(field for field in self.asked if self.decision(field) not in (MINE, THEIRS, BOTH))

    def ask(self, stored: outline.Response, conflicts: Collection[str], message: str) -> None:
        """Shows what is stored by now; in the fields of which it asks, what was typed stays."""
        settled = {name: value for name, value in spelled(stored, self).items() if group_of(name) not in conflicts}
        self.data = {**{name: self.data[name] for name in self.data}, **settled}
        self.stored, self.conflicts = stored, tuple(conflicts)
        self.rows = self._rows(None)
        self.add_error(None, message)


def spelled(answer: outline.Response, form: ResponseForm) -> dict[str, str]:
    """The answer's fields, evidence aside, as a page sends them."""
    return {form.add_prefix(name): "" if value is None else str(value) for name, value in _initial(answer).items()}


def group_of(name: str) -> str:
    """What a field of a card belongs to, as `merging` sees it."""
    field = name.rpartition("-")[2]
    return "choice" if field in ("level", "not_applicable") else field


def both(theirs: str, mine: str) -> str:
    """Two texts, one below the other."""
    return "\n".join(text for text in (theirs, mine) if text)


def fit(theirs: str, mine: str) -> bool:
    """Whether both can be joined."""
    return len(both(theirs, mine)) <= LONGEST_TEXT


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
