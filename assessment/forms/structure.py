"""What can be done with an element besides its fields: add below it, move, split, merge, give another code, remove."""

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import count, islice
from typing import Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessment import elements, outline
from assessment.elements import Element, Elements
from assessment.forms.fields import NumberField
from assessment.forms.framework import FEWEST_LEVELS, MOST_LEVELS
from assessment.forms.plain import PlainCharField
from assessment.models.framework import CODE, Dimension

Change = Mapping[str, Element | None]
WORDS = {
    "level": _("Add a level"),
    "lens": _("Add a lens"),
    "dimension": _("Add a dimension"),
    "criterion": _("Add a criterion"),
    "source": _("Add a source"),
    "passage": _("Add a passage"),
    "target": _("Add a target profile"),
}


def child_kind(name: str, whole: Elements) -> list[tuple[str, str]]:
    """(kind, parent) of what can be added below this element. Under a dimension with one side: criteria."""
    kind, code = elements.kind_of(name), elements.code_of(name)
    if kind == "dimension":
        return [] if whole[name]["kind"] == "balance" else [("criterion", f"facet:{code}")]
    levels = [("level", name)] if kind == "framework" and len(whole[name]["scale"]) < MOST_LEVELS else []
    return {
        "framework": [("lens", name), ("source", name), *levels, ("target", name)],
        "lens": [("dimension", name)],
        "facet": [("criterion", name)],
        "source": [("passage", name)],
    }.get(kind, [])


class CodeForm(forms.Form):
    """A code that nothing else in the framework bears."""

    code = PlainCharField(label=_("Code"), max_length=50)

    def __init__(self, *args, whole: Elements, kind: str, parent: str = "", **kwargs):
        self.whole, self.kind, self.parent = whole, kind, parent
        super().__init__(*args, **kwargs)
        if kind == "passage":
            self.fields["code"].label = _("Id (locator)")
            cast(forms.CharField, self.fields["code"]).max_length = 200

    def clean_code(self):
        return free_code(self.cleaned_data["code"], self.whole, self.kind, self.parent)

    @property
    def words(self):
        """What adding such an element is called."""
        return WORDS[self.kind]

    @property
    def name(self) -> str:
        return elements.child_name(self.kind, elements.code_of(self.parent), self.cleaned_data["code"])


def free_code(code: str, whole: Elements, kind: str, parent: str = "") -> str:
    """The code, or a ValidationError that says what is wrong with it."""
    if kind != "passage":
        CODE(code)
    if kind == "criterion" and code in outline.RESERVED_CODES:
        raise forms.ValidationError(_("“default” and “key” are reserved."))
    if code in taken_codes(whole, kind, parent):
        raise forms.ValidationError(_("The code “%(code)s” is taken."), params={"code": code})
    return code


def taken_codes(whole: Elements, kind: str, parent: str = "") -> set[str]:
    """Sources and target profiles have codes of their own; all that is scored shares one set."""
    if kind == "passage":
        return set(whole[parent]["passages"])
    scored = {"lens", "dimension", "facet", "criterion"}
    kinds = scored if kind in scored else {kind}
    return {elements.code_of(name) for name in whole if elements.kind_of(name) in kinds}


def next_codes(siblings: Iterable[str], taken: Collection[str], wanted: int = 1) -> list[str]:
    """The codes that most likely come next: the numbers after the highest, free ones.

    >>> next_codes(["T1.1", "T1.3", "T1.2"], {"T1.4"}, 2), next_codes(["doc"], ())
    (['T1.5', 'T1.6'], [])
    """
    numbered = [found.groups() for code in siblings if (found := re.fullmatch(r"(.*?)([0-9]{1,6})", code))]
    if not numbered:
        return []
    prefix = numbered[-1][0]
    highest = max(int(number) for each, number in numbered if each == prefix)
    codes = (f"{prefix}{number}" for number in count(highest + 1))
    return list(islice((code for code in codes if code not in taken), wanted))


def _next_to(name: str, whole: Elements, before: Collection[str], wanted: int = 1) -> str:
    """Such codes for what stands in this criterion's place, one a line."""
    home, key = elements.parent_of(whole, name)
    return "\n".join(next_codes(whole[home][key], taken_codes(whole, "criterion") | {*before}, wanted))


class AddForm(CodeForm):
    """A new element below `parent`; a balance gets its two sides at once."""

    title = PlainCharField(label=_("Name"), max_length=200)
    shape = forms.ChoiceField(label=_("Kind"), choices=Dimension.Kind.choices, required=False)
    first = PlainCharField(label=_("Name of the one side"), max_length=200, required=False)
    second = PlainCharField(
        label=_("Name of the other side"),
        max_length=200,
        required=False,
        help_text=_("A balance alone has two sides. Left empty, they bear its name with A and B until you name them."),
    )

    def __init__(self, *args, language: str, highest: int, **kwargs):
        self.language, self.highest = language, highest
        super().__init__(*args, **kwargs)
        if self.kind in ("criterion", "dimension"):
            siblings = self.whole[self.parent]["criteria" if self.kind == "criterion" else "dimensions"]
            self.initial["code"] = "".join(next_codes(siblings, taken_codes(self.whole, self.kind)))
        if self.kind == "passage":
            self.fields["title"].label = _("Locator")
            self.fields["title"].help_text = _("Where it stands, as a reader finds it.")
        if self.kind != "dimension":
            for name in ("shape", "first", "second"):
                del self.fields[name]

    def change(self, now: Elements) -> Change:
        code = free_code(self.cleaned_data["code"], now, self.kind, self.parent)
        title = self.cleaned_data["title"]
        words = {self.language: title}
        key = {"criterion": "title", "source": "title", "passage": "locator"}.get(self.kind, "name")
        new = elements.blank(self.kind, self.name.partition(":")[2], self.highest, **{key: words})
        sides = self._sides(code, title) if self.kind == "dimension" else {}
        return {**elements.adding(now, self.parent, self.name, new), **sides}

    def _sides(self, code: str, title: str) -> Change:
        """The dimension itself once more, with its facets."""
        shape, names = self.cleaned_data["shape"] or "plain", {code: title}
        if shape == "balance":
            given = (("A", self.cleaned_data["first"]), ("B", self.cleaned_data["second"]))
            names = {f"{code}.{letter}": name or f"{title}{letter}" for letter, name in given}
        words = {self.language: title}
        dimension = elements.blank("dimension", code, name=words, kind=shape) | {"facets": [*names]}
        facets = {
            f"facet:{each}": elements.blank("facet", each, name={self.language: name}) for each, name in names.items()
        }
        return {self.name: dimension, **facets}


class LevelForm(forms.Form):
    """One more level on top of the scale."""

    title = PlainCharField(label=_("Name"), max_length=200)
    threshold = NumberField(
        label=_("From score"),
        min_value=0,
        max_value=100,
        help_text=_("The lowest score, 0 to 100, that reaches this level."),
    )
    kind, words = "level", WORDS["level"]

    def __init__(self, *args, language: str, **kwargs):
        self.language = language
        super().__init__(*args, **kwargs)

    def change(self, now: Elements) -> Change:
        if len(now[elements.FRAMEWORK]["scale"]) >= MOST_LEVELS:
            raise ValueError("the scale is full")
        name, threshold = {self.language: self.cleaned_data["title"]}, self.cleaned_data["threshold"]
        return elements.raising(now, elements.blank("level", "0", name=name, threshold=threshold))


class MoveForm(forms.Form):
    """Among its siblings, or to another parent of the same kind."""

    parent = forms.ChoiceField(label=_("Move to"))
    place = forms.IntegerField(min_value=0, required=False)

    def __init__(self, *args, name: str, whole: Elements, **kwargs):
        self.name = name
        super().__init__(*args, **kwargs)
        self.home, self.key = elements.parent_of(whole, name)
        kind = elements.kind_of(self.home)
        homes = [self.home] if kind == "source" else [each for each in whole if elements.kind_of(each) == kind]
        labels = [(each, label_of(each, whole)) for each in homes]
        cast(forms.ChoiceField, self.fields["parent"]).choices = labels
        self.initial["parent"] = self.home

    def change(self, now: Elements) -> Change:
        place = self.cleaned_data["place"]
        return dict(elements.moving(now, self.name, self.cleaned_data["parent"], 10_000 if place is None else place))


def label_of(name: str, whole: Elements) -> str:
    element = whole[name]
    words = element.get("title") or element.get("name") or element.get("locator") or {}
    text = words.get(get_language() or "") or next(iter(words.values()), "")
    return f"{elements.code_of(name)} {text}".strip()


class SplitForm(forms.Form):
    """Codes of the new criteria that stand in the old one's place; each begins with the old one's words."""

    codes = PlainCharField(
        label=_("Codes of the new criteria, one a line"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )

    def __init__(self, *args, name: str, whole: Elements, before: Collection[str], **kwargs):
        self.name, self.whole, self.before = name, whole, before
        super().__init__(*args, **kwargs)
        self.auto_id = "id_split_%s"
        self.initial["codes"] = _next_to(name, whole, before, 2)

    def clean_codes(self):
        codes = self.cleaned_data["codes"].split()
        if len(codes) < 2 or len(set(codes)) < len(codes):
            raise forms.ValidationError(_("Give two different codes or more."))
        return [free_code(code, self.whole, "criterion") for code in codes]

    def change(self, now: Elements) -> Change:
        old = now[self.name]
        new = {
            f"criterion:{code}": old | {"code": code, "replaces": _stood_for(old, self.before)}
            for code in self.cleaned_data["codes"]
        }
        return elements.replacing(now, [self.name], new)


class MergeForm(CodeForm):
    """Another criterion that goes into one with this one; the new one begins with this one's words."""

    other = forms.ChoiceField(label=_("Merge with"))

    def __init__(self, *args, name: str, whole: Elements, before: Collection[str], **kwargs):
        self.old, self.before = name, before
        super().__init__(*args, whole=whole, kind="criterion", auto_id="id_merge_%s", **kwargs)
        others = [each for each in whole if elements.kind_of(each) == "criterion" and each != name]
        cast(forms.ChoiceField, self.fields["other"]).choices = [(each, label_of(each, whole)) for each in others]
        self.order_fields(["other", "code"])
        self.initial["code"] = _next_to(name, whole, before)

    def change(self, now: Elements) -> Change:
        other, code = self.cleaned_data["other"], self.cleaned_data["code"]
        replaces = list(dict.fromkeys(old for each in (self.old, other) for old in _stood_for(now[each], self.before)))
        new = now[self.old] | {"code": code, "replaces": replaces}
        return elements.replacing(now, [self.old, other], {f"criterion:{code}": new})


class RecodeForm(CodeForm):
    """Another code for a criterion; its answers follow it."""

    def __init__(self, *args, name: str, whole: Elements, before: Collection[str], **kwargs):
        self.old, self.before = name, before
        super().__init__(*args, whole=whole, kind="criterion", auto_id="id_recode_%s", **kwargs)
        self.initial["code"] = _next_to(name, whole, before)

    def change(self, now: Elements) -> Change:
        code = self.cleaned_data["code"]
        new = now[self.old] | {"code": code, "replaces": _stood_for(now[self.old], self.before)}
        return elements.replacing(now, [self.old], {f"criterion:{code}": new})


def _stood_for(criterion: Element, before: Collection[str]) -> list[str]:
    """The codes of the version before that this criterion stands for: those it replaces, else its own if it had it."""
    return criterion["replaces"] or ([criterion["code"]] if criterion["code"] in before else [])


def tools_for(
    name: str, whole: Elements, framework: outline.Framework, before: Collection[str], refused: forms.Form | None = None
) -> dict[str, Any]:
    """The forms that fit this element, unbound but for the one that was refused. `before`: codes of the criteria in the
    version before."""
    tools: dict[str, Any] = {"add": [add_form(*each, whole, framework) for each in child_kind(name, whole)]}
    if elements.kind_of(name) == "criterion":
        given: Mapping[str, Any] = {"name": name, "whole": whole, "before": before}
        tools |= {"split": SplitForm(**given), "merge": MergeForm(**given), "recode": RecodeForm(**given)}
    tools["remove"] = can_remove(name, whole)
    if can_move(name):
        tools["move"] = MoveForm(name=name, whole=whole)
        siblings = [str(each) for each in whole[tools["move"].home][tools["move"].key]]
        code = elements.code_of(name)
        tools["place"] = siblings.index(code.partition("#")[2] if elements.kind_of(name) == "passage" else code)
        tools["last"] = len(siblings) - 1
    return tools if refused is None else _with_refused(tools, refused)


def _with_refused(tools: dict[str, Any], refused: forms.Form) -> dict[str, Any]:
    def chosen(form: Any) -> Any:
        is_it = type(form) is type(refused) and getattr(form, "kind", "") == getattr(refused, "kind", "")
        return refused if is_it else form

    return {key: [chosen(each) for each in tool] if key == "add" else chosen(tool) for key, tool in tools.items()}


def add_form(kind: str, parent: str, whole: Elements, framework: outline.Framework, data=None) -> AddForm | LevelForm:
    if kind == "level":
        return LevelForm(data, language=framework.language, auto_id="id_add_level_%s")
    return AddForm(
        data, whole=whole, kind=kind, parent=parent, language=framework.language, highest=framework.highest,
        auto_id=f"id_add_{kind}_%s",
    )  # fmt: skip


def can_move(name: str) -> bool:
    """Levels stand by their number, the sides of a dimension where they are."""
    return elements.kind_of(name) in ("lens", "dimension", "criterion", "source", "passage", "target")


def can_remove(name: str, whole: Elements) -> bool:
    """What can stand elsewhere can go; of the scale the highest level, as long as two are left."""
    scale = whole[elements.FRAMEWORK]["scale"]
    return can_move(name) or (name == f"level:{scale[-1]}" and len(scale) > FEWEST_LEVELS)
