"""How the values of a framework are typed: lists by the line, levels by code, efforts, weights and other numbers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.forms.plain import PlainCharField


class LinesField(PlainCharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea

    def clean(self, value):
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value


class TargetLevelsField(PlainCharField):
    """Levels by code, one a line: `T1.1: 4`."""

    widget = forms.Textarea

    def __init__(self, *, codes: Iterable[str], highest: int, **kwargs):
        self.codes, self.highest = {*codes, *outline.RESERVED_CODES}, highest
        super().__init__(**kwargs)

    def clean(self, value):
        found = {}
        for number, line in enumerate(super().clean(value).replace("：", ":").splitlines(), start=1):
            code, _mark, level = (each.strip() for each in line.partition(":"))
            if code not in self.codes:
                raise forms.ValidationError(
                    _("Line %(n)d: no criterion has the code “%(code)s”."), params={"n": number, "code": code}
                )
            if not (level.isascii() and level.isdigit() and int(level) <= self.highest):
                raise forms.ValidationError(
                    _("Line %(n)d: expected a level from 0 to %(highest)d."),
                    params={"n": number, "highest": self.highest},
                )
            found[code] = int(level)
        return found

    def prepare_value(self, value):
        return "\n".join(f"{code}: {level}" for code, level in value.items()) if isinstance(value, dict) else value


class EffortField(PlainCharField):
    """A whole number from 1, or one for each step."""

    def __init__(self, *, steps: int, **kwargs):
        self.steps = steps
        super().__init__(**kwargs)

    def clean(self, value):
        words = [word for word in super().clean(value).replace("，", ",").replace("、", ",").split(",") if word.strip()]
        numbers = [int(word) for word in words if word.strip().isascii() and word.strip().isdigit() and len(word) < 6]
        if len(numbers) != len(words) or len(words) not in (1, self.steps) or not all(numbers):
            raise forms.ValidationError(
                _("Expected a whole number from 1, or %(count)d of them with commas."), params={"count": self.steps}
            )
        return numbers[0] if len(numbers) == 1 else numbers

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class NumberField(forms.FloatField):
    """A whole number stays one: 3, not 3.0."""

    def clean(self, value):
        return _whole(super().clean(value))

    def prepare_value(self, value):
        return _whole(value)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


class WeightField(NumberField):
    default_error_messages = {
        "invalid": _("Expected a number greater than 0."),
        "min_value": _("Expected a number greater than 0."),
    }

    def __init__(self, **kwargs):
        super().__init__(min_value=1e-9, max_value=1e9, **kwargs)
