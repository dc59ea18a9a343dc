"""Who answers what: one row for each dimension in scope, its criteria to be split off below it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment import outline
from assessment.forms.asking import AskingForm
from assessment.models import Assessment, Assignment, Department, User
from assessment.models.assignment import key_of

Holder = User | Department
Wanted = dict[str, tuple[Holder | None, date | None]]
FILL = "everything-else"


class AssignmentForm(AskingForm, forms.Form):
    """`given`: the round's assignments; `holders`: who may get a part."""

    def __init__(self, record: Assessment, given: Iterable[Assignment], holders: Iterable[Holder], data=None):
        super().__init__(data, use_required_attribute=False)
        self.record = record
        self.dimensions = [d for d in record.framework.outline().dimensions if record.asks(d.code)]
        self.given = {(bool(item.criterion), item.part.code): item for item in given}
        present = [*holders, *(item.holder for item in self.given.values())]  # who has a part may have left
        self.holders = {key_of(holder): holder for holder in present}
        self.fields[FILL] = self._select(_("All that is not assigned"), _("leave as it is"), None)
        for dimension in self.dimensions:
            self._add_row(dimension)

    def _add_row(self, dimension: outline.Dimension) -> None:
        own = self.given.get((False, dimension.code))
        split = [item for c in dimension.criteria if (item := self.given.get((True, c.code)))]
        self.fields[f"holder-{dimension.code}"] = self._select(_("Who answers"), _("not assigned"), own)
        due_on = (own or split[0]).due_on if own or split else self.record.due_on
        self.fields[f"due-{dimension.code}"] = forms.DateField(
            label=_("Due on"),
            required=False,
            initial=due_on,
            show_hidden_initial=True,
            widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        )
        for criterion in dimension.criteria:
            item = self.given.get((True, criterion.code))
            self.fields[f"split-{criterion.code}"] = self._select(_("Who answers"), _("with the dimension"), item)

    def _select(self, label, empty, item: Assignment | None) -> forms.ChoiceField:
        groups = [
            (_("Departments"), [(key, str(h)) for key, h in self.holders.items() if isinstance(h, Department)]),
            (_("People"), [(key, str(h)) for key, h in self.holders.items() if isinstance(h, User)]),
        ]
        return forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", empty), *((name, held) for name, held in groups if held)],
            initial=key_of(item.holder) if item else "",
            show_hidden_initial=True,
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    @property
    def rows(self):
        """What the page shows: each dimension with its fields."""
        return [self._row(dimension) for dimension in self.dimensions]

    def _row(self, dimension: outline.Dimension) -> dict[str, Any]:
        fields = [self[f"split-{criterion.code}"] for criterion in dimension.criteria]
        split = sum(bool(field.value()) for field in fields)
        return {
            "dimension": dimension,
            "holder": self[f"holder-{dimension.code}"],
            "due": self[f"due-{dimension.code}"],
            "item": self.given.get((False, dimension.code)),
            "criteria": list(zip(dimension.criteria, fields, strict=True)),
            "split": split,
            "is_open": split or any(field.errors for field in fields),
        }

    @property
    def fill(self):
        return self[FILL]

    def clean(self):
        for dimension in self.dimensions:
            names = [f"holder-{dimension.code}", *(f"split-{c.code}" for c in dimension.criteria)]
            is_given = any(self._now(name) for name in [*names, FILL])
            if f"due-{dimension.code}" in self.mine and not is_given and not self.errors:
                self.add_error(f"due-{dimension.code}", _("Choose who answers by this day."))
        return self.cleaned_data

    def wanted(self) -> tuple[Wanted, Wanted]:
        """The dimensions and the criteria that change, by code, as `actions.assign` takes them."""
        dimensions: Wanted = {}
        criteria: Wanted = {}
        for dimension in self.dimensions:
            due = f"due-{dimension.code}"
            is_due_changed, due_on = due in self.mine, self._now(due)
            split = {c.code: self.holders.get(self._now(f"split-{c.code}")) for c in dimension.criteria}
            whole = self.holders.get(self._now(f"holder-{dimension.code}"))
            filled = None if whole or all(split.values()) else self.holders.get(self._now(FILL))
            if filled or is_due_changed or f"holder-{dimension.code}" in self.mine:
                dimensions[dimension.code] = (whole or filled, due_on)
            for code, holder in split.items():
                if f"split-{code}" in self.mine or (is_due_changed and holder):
                    criteria[code] = (holder, due_on)
        return dimensions, criteria

    def _now(self, name: str) -> Any:
        """What the person chose; where they changed nothing, or others did, what is stored by now."""
        return self.cleaned_data.get(name) if name in self.mine else self[name].initial
