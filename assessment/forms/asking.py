"""Pages that carry what they showed: where two people change one field, nothing is overwritten without asking."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

NOTHING = "—"


class AskingForm(forms.BaseForm):
    """Its fields carry their hidden initial: only what was changed on the screen counts.

    What was sent is compared with what is stored by now, so the record must be locked before the form is made. A field
    that somebody else changed meanwhile, to another value than this person, is `overtaken`: it stays as it is stored,
    and the page asks.
    """

    # The fields of which this page asks whose version stands.
    asked: tuple[forms.BoundField, ...] = ()

    @cached_property
    def overtaken(self) -> list[str]:
        return [name for name in self.changed_data if self._is_overtaken(name)]

    @property
    def mine(self) -> list[str]:
        """The changed fields that are to be saved."""
        return [name for name in self.changed_data if name not in self.overtaken]

    def _is_overtaken(self, name: str) -> bool:
        bound = self[name]
        hidden: Any = bound.field.hidden_widget
        shown = hidden().value_from_datadict(self.data, self.files, bound.html_initial_name)
        return all(bound.field.has_changed(bound.initial, value) for value in (shown, bound.data))

    def ask(self, sent: "AskingForm", who: Mapping[str, str]) -> Self:
        """This form, made of what is stored after the save, keeps what was typed where two people changed one field.

        What the other one chose stands beside it; sent once more, what was typed replaces it. `who`: their names.
        """
        stored = {name: self[name].value() for name in self.fields}
        shown = {self.add_initial_prefix(name): value for name, value in stored.items()}
        self.data = shown | stored | {name: sent[name].data for name in sent.overtaken}  # type: ignore[assignment]
        self.is_bound = True
        self.full_clean()
        self.add_error(None, _asking_words())
        for name in sent.overtaken:
            theirs = told(self.fields[name], self[name].initial)
            self.add_error(name, _overtaken_words(who.get(name), theirs))
        self.asked = tuple(self[name] for name in sent.overtaken)
        return self


def _asking_words() -> str:
    return _(
        "Somebody else changed the same fields after you had opened the page. What nobody else changed is saved; the"
        " marked fields still hold what you chose and are not saved yet."
    )


def _overtaken_words(name: str | None, theirs: str) -> str:
    return _("%(name)s changed this to “%(theirs)s” meanwhile. Yours stands here: save again to replace theirs.") % {
        "name": name or _("Someone else"),
        "theirs": theirs,
    }


def told(field: Any, value: Any) -> str:
    """A stored or a typed value as people read it."""
    if isinstance(field, forms.MultiValueField):  # a text by language
        value = field.compress(value) if isinstance(value, list) else value
        return "\n".join((value or {}).values()) or NOTHING
    if isinstance(field, forms.ModelChoiceField):
        rows: Any = field.queryset
        row = rows.filter(pk=value).first() if str(value or "").isdigit() else None
        return field.label_from_instance(row) if row else NOTHING
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.JSONField) and not isinstance(value, str):
        return field.prepare_value(value)
    choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
    return str(dict(flatten_choices(choices)).get(value) or (NOTHING if value in (None, "") else value))
