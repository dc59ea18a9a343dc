"""Golden sets: begin one, choose the levels of its answers, type what they must come to."""

from collections.abc import Mapping
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessment import bench, outline
from assessment.exchange.document import FileError
from assessment.exchange.golden import golden_answers
from assessment.exchange.parsing import MAX_BYTES, parsed
from assessment.forms.plain import PlainCharField
from assessment.models import GoldenSet

MOST_PROBLEMS = 20


class SetChoice(forms.ModelChoiceField):
    def label_from_instance(self, golden):
        return f"{golden.name}（{golden.framework.version}）"


class GoldenSetForm(forms.Form):
    """`others`: sets whose answers may be copied. `answers` are there once the form is valid."""

    name = PlainCharField(label=_("Name of the city"), max_length=200, required=False)
    copied = SetChoice(
        GoldenSet.objects.none(),
        label=_("Begin with the answers of"),
        required=False,
        empty_label=_("None: choose each level yourself"),
    )
    file = forms.FileField(
        label=_("Or with those of an answers file"),
        required=False,
        help_text=_("YAML or JSON, at most 5 MB. Without a name above, the city's name and the round become the name."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"}),
    )
    answers: Mapping[str, int | str]

    def __init__(self, framework: outline.Framework, others, *args):
        self.framework, self.answers, self.named = framework, {}, ""
        super().__init__(*args)
        cast(forms.ModelChoiceField, self.fields["copied"]).queryset = others
        self.helper = FormHelper()
        self.helper.add_input(Submit("", _("Add and go on to the answers")))

    def clean_copied(self):
        copied = self.cleaned_data["copied"]
        if copied:
            self.answers = copied.answers
        return copied

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file:
            try:
                document = parsed(file.name, file.read(MAX_BYTES + 1))
                self.named, self.answers = golden_answers(document, self.framework)
            except FileError as error:
                raise forms.ValidationError([str(problem) for problem in error.problems[:MOST_PROBLEMS]]) from error
        return file

    def clean(self):
        super().clean()
        values = self.cleaned_data
        if values.get("copied") and values.get("file"):
            self.add_error("file", _("Choose one beginning: another set, or a file."))
        if not values.get("name") and not self.errors:
            values["name"] = self.named
            if not self.named:
                self.add_error("name", _("Give the city a name."))
        return values


class AnswersForm(forms.Form):
    """A level for each criterion, "not applicable", or nothing; `seen` tells which answers the person began with."""

    name = PlainCharField(label=_("Name of the city"), max_length=200)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, framework: outline.Framework, golden: GoldenSet, data=None):
        self.framework = framework
        self.stored = bench.followed(framework, golden.answers)
        initial = {"name": golden.name, "seen": bench.digest(golden.answers)}
        super().__init__(data, initial=initial)
        levels = [(str(step.level), f"{step.level} {step.name.to(get_language())}") for step in framework.scale]
        choices = [("", "—"), *levels, (bench.NA, _("Not applicable"))]
        for code in framework.criteria:
            self.fields[f"answer-{code}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=str(self.stored.get(code, "")),
                label=_("Level of %(code)s") % {"code": code},
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    @property
    def answers(self) -> dict[str, int | str]:
        given = {code: self.cleaned_data[f"answer-{code}"] for code in self.framework.criteria}
        return {code: bench.NA if answer == bench.NA else int(answer) for code, answer in given.items() if answer}

    def dimensions(self) -> list[tuple[outline.Dimension, list[tuple[Any, forms.BoundField]]]]:
        """Each dimension with its criteria, each with its field."""
        return [
            (dimension, [(criterion, self[f"answer-{criterion.code}"]) for criterion in dimension.criteria])
            for dimension in self.framework.dimensions
        ]


class ExpectedForm(forms.Form):
    """The overall score and level that the answers must give, and those of any dimension; `seen` as with answers.

    `now` is what the draft gives.
    """

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, framework: outline.Framework, golden: GoldenSet, data=None):
        self.framework, self.now = framework, bench.figures(framework, golden.answers)
        super().__init__(data, initial={"seen": bench.digest(golden.expected)})
        stored = golden.expected if golden.expected.get("typed") else {}
        levels = [(str(step.level), f"{step.level} {step.name.to(get_language())}") for step in framework.scale]
        for key, part in self._parts().items():
            given = _of(stored, key)
            self.fields[f"score-{key}"] = forms.DecimalField(
                label=_("Expected score of %(part)s") % {"part": part},
                min_value=0,
                max_value=100,
                decimal_places=1,
                required=False,
                initial=given.get("score"),
                widget=forms.NumberInput(attrs={"class": "form-control form-control-sm", "step": "0.1"}),
            )
            self.fields[f"level-{key}"] = forms.ChoiceField(
                label=_("Expected level of %(part)s") % {"part": part},
                choices=[("", "—"), *levels],
                required=False,
                initial=str(given.get("level", "")),
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    def _parts(self) -> dict[str, Any]:
        """What the overall result and each dimension are called, by the code; the overall result has none."""
        return {"": _("Overall")} | {dimension.code: dimension.code for dimension in self.framework.dimensions}

    def clean(self):
        super().clean()
        if not self.errors and not any(map(self._given, self._parts())):
            raise forms.ValidationError(_("Type a score or a level, of the overall result or of a dimension."))
        return self.cleaned_data

    def _given(self, key: str) -> dict[str, float | int]:
        score, level = self.cleaned_data[f"score-{key}"], self.cleaned_data[f"level-{key}"]
        scores = {} if score is None else {"score": float(score)}
        return scores | ({"level": int(level)} if level else {})

    @property
    def expected(self) -> dict[str, Any]:
        given = {key: figure for key in self._parts() if (figure := self._given(key))}
        return {"typed": True, "overall": given.pop("", {}), "dimensions": given}

    def rows(self) -> list[tuple[Any, outline.Text | None, forms.BoundField, forms.BoundField, Mapping[str, Any]]]:
        """Each part's code and name, its two fields, and what the draft gives."""
        names = {dimension.code: dimension.name for dimension in self.framework.dimensions}
        return [
            (key, names.get(key), self[f"score-{key}"], self[f"level-{key}"], _of(self.now, key))
            for key in self._parts()
        ]


def _of(figures: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The figure of a dimension, or the overall one."""
    return figures.get("dimensions", {}).get(key, {}) if key else figures.get("overall", {})
