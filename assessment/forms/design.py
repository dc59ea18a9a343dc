"""How the reports of a round look: marks, colours, the lines that officials ask for, the approval table."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.forms.asking import AskingForm
from assessment.forms.plain import PlainCharField
from assessment.models import Design, Mark

ROWS = 6
CLASSIFICATIONS = ("内部资料", "内部资料 注意保存", "征求意见稿", "公开")
ROLES = ("编制", "审核", "批准")
APPROVAL = ("role", "name", "on")
SIMPLE = ("bears_city", "colours", "classification", "document_number", "watermark")


def _line(label, most: int, **attrs) -> PlainCharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})
    return PlainCharField(label=label, max_length=most, required=False, show_hidden_initial=True, widget=widget)


def _tick(label) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=label, required=False, show_hidden_initial=True, widget=widget)


class DesignForm(AskingForm, forms.Form):
    """`marks` are those of the consultants that the reports may bear."""

    bears_city = _tick(_("The cover bears the city's mark"))
    consultant = forms.ChoiceField(
        label=_("Consultant's mark"),
        required=False,
        show_hidden_initial=True,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    colours = forms.ChoiceField(
        label=_("Colours"), choices=Design.Colours, show_hidden_initial=True, widget=forms.RadioSelect()
    )
    classification = _line(_("Classification line"), 40, list="classifications")
    document_number = _line(_("Document number"), 60)
    watermark = _tick(_("Drafts say “draft” across every page"))

    def __init__(self, design: Design, marks: Iterable[Mark], data=None):
        initial = {name: getattr(design, name) for name in SIMPLE} | {"consultant": str(design.consultant_id or "")}
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.design, self.marks = design, {str(mark.pk): mark for mark in marks}
        choice: Any = self.fields["consultant"]
        choice.choices = [("", _("None")), *((key, _named(mark)) for key, mark in self.marks.items())]
        for number in range(1, ROWS + 1):
            self._add_approval(number, [*design.approvals, *[["", "", ""]] * ROWS][number - 1])

    def _add_approval(self, number: int, row: list[str]) -> None:
        count = {"n": number}
        made: dict[str, forms.Field] = {
            "role": _line(_("Row %(n)d: step") % count, 20, list="approval-roles"),
            "name": _line(_("Row %(n)d: name") % count, 40),
            "on": forms.DateField(
                label=_("Row %(n)d: date") % count,
                required=False,
                show_hidden_initial=True,
                error_messages={"invalid": _("Write the day as 2027-06-30.")},
                widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
            ),
        }
        role, name, on = row
        initial = {"role": role, "name": name, "on": date.fromisoformat(on) if on else None}
        for column, field in made.items():
            self.fields[f"{column}-{number}"] = field
            self.initial[f"{column}-{number}"] = initial[column]

    @property
    def colours_shown(self) -> str:
        """What the page showed: buttons that a template draws one by one leave it out."""
        return self["colours"].as_hidden(only_initial=True)

    @property
    def approval_rows(self):
        return [[self[f"{name}-{number}"] for name in APPROVAL] for number in range(1, ROWS + 1)]

    def clean(self):
        values = self.cleaned_data
        for number in range(1, ROWS + 1):
            given = (values.get(f"name-{number}"), values.get(f"on-{number}"))
            if any(given) and not values.get(f"role-{number}"):
                self.add_error(f"role-{number}", _("Say what this person does, such as 审核."))
        chosen = {"city": values.get("bears_city"), "consultant": values.get("consultant")}
        if not chosen.get(values.get("colours", ""), True):
            self.add_error("colours", _("These colours belong to a mark that the report does not bear."))
        return values

    def columns(self) -> dict[str, Any]:
        """The columns that change. Only after the form is valid."""
        made = {name: self.cleaned_data[name] for name in SIMPLE if name in self.mine}
        if "consultant" in self.mine:
            made["consultant"] = self.marks.get(self.cleaned_data["consultant"])
        if any(name.partition("-")[0] in APPROVAL for name in self.mine):
            made["approvals"] = self._approvals()
        return made

    def _approvals(self) -> list[list[str]]:
        rows = [[self._now(f"{name}-{number}") for name in APPROVAL] for number in range(1, ROWS + 1)]
        return [row for row in rows if row[0]]

    def _now(self, name: str) -> str:
        value: Any = self.cleaned_data.get(name) if name in self.mine else self[name].initial
        return value.isoformat() if hasattr(value, "isoformat") else value or ""


def _named(mark: Mark) -> str:
    return f"{mark.organisation}（{mark.user}）" if mark.organisation else str(mark.user)
