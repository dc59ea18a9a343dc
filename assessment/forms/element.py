"""One element of a framework draft: its fields by path, every language of a text side by side."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assessment import elements, outline
from assessment.elements import Element, Elements
from assessment.forms.fields import EffortField, LinesField, NumberField, TargetLevelsField, WeightField
from assessment.forms.plain import PlainCharField
from assessment.models import Criterion, Dimension, Passage
from assessment.reports.findings import language

MINE, THEIRS = "mine", "theirs"
LONGEST = 20_000
LANGUAGE = re.compile(r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Box:
    """A field of an element: `kind` says how it is filled in; a text has one box for each language."""

    path: str
    label: Any
    kind: str = "text"
    help: Any = ""
    rows: int = 2


NAME = Box("name", _("Name"), rows=1)
WEIGHT = Box("weight", _("Weight"), "weight", _("Relative to its siblings; 1 is usual."))
CITES = Box("cites", _("Rests on"), "cites")
BOXES: dict[str, tuple[Box, ...]] = {
    "framework": (
        NAME,
        Box(
            "about",
            _("About"),
            rows=8,
            help=_("Shown to everybody who answers: what it is, and how to choose a level."),
        ),
    ),
    "level": (
        NAME,
        Box("threshold", _("From score"), "threshold", _("The lowest score, 0 to 100, that reaches this level.")),
        Box("meaning", _("Meaning")),
    ),
    "source": (
        Box("title", _("Title"), rows=1),
        Box("issuers", _("Issued by"), "list", _("One a line.")),
        Box("number", _("Document number"), "line"),
        Box("issued", _("Issued on"), "day"),
        Box("url", _("Address"), "line"),
        Box("edition", _("Edition"), rows=1),
    ),
    "passage": (
        Box("locator", _("Locator"), rows=1, help=_("Where it stands, as a reader finds it.")),
        Box("status", _("Status"), "status", _("Only verbatim and excerpt may be quoted.")),
        Box("quote", _("Quotation"), rows=3),
        Box("summary", _("What it says, in our words"), rows=3),
    ),
    "lens": (NAME, WEIGHT),
    "dimension": (
        NAME,
        Box("kind", _("Kind"), "kind"),
        Box("start", _("From (the old pole)"), rows=1),
        Box("end", _("To (the new pole)"), rows=1),
        WEIGHT,
        CITES,
    ),
    "facet": (NAME, WEIGHT),
    "criterion": (
        Box("title", _("Title"), rows=1),
        Box("statement", _("Statement"), rows=2, help=_("What is judged, in one sentence.")),
        Box("guidance", _("How to judge"), rows=3),
        Box("levels", _("Descriptors"), "levels"),
        Box("measure", _("Measure")),
        Box("suffices", _("Evidence that suffices, an example"), rows=2),
        Box("falls_short", _("Evidence that does not, an example"), rows=2),
        Box("owner", _("Who usually answers"), rows=1),
        WEIGHT,
        Box("key", _("Key criterion"), "flag", _("Its level caps the level of its dimension.")),
        Box(
            "effort",
            _("Effort"),
            "effort",
            _("Person-months a level step: one number, or one for each step, with commas."),
        ),
        CITES,
        Box("tags", _("Tags"), "list", _("One a line.")),
        Box("replaces", _("Replaces"), "list", _("Codes of the version before whose answers go on here, one a line.")),
        Box("carry", _("Of several levels"), "carry", _("What a migrated round takes over where several became one.")),
    ),
    "target": (
        NAME,
        Box("levels", _("Levels"), "targets", _("One a line: a code, “key” or “default”, a colon, a level.")),
    ),
}
DESCRIPTOR = (
    Box("descriptor", _("Descriptor"), rows=3),
    Box("evidence", _("Evidence that suffices"), rows=2),
    Box("next", _("To the next level"), rows=2),
)


@dataclass(frozen=True)
class Group:
    """What a page shows together: a box with its fields, one for each language or a single one."""

    box: Box
    fields: list[forms.BoundField]


class ElementForm(forms.Form):
    """`element` is what is stored now, `base` what was when the page was opened; `languages` the framework's, its own first."""

    def __init__(self, name: str, element: Element, framework: outline.Framework, languages: list[str], data=None):
        self.name, self.kind, self.element, self.base = name, elements.kind_of(name), element, element
        self.framework, self.languages = framework, languages
        super().__init__(data, initial=elements.flattened(element) | {"cites": None}, use_required_attribute=False)
        for box in self.boxes:
            self.fields.update(self._fields_of(box))

    @property
    def boxes(self) -> list[Box]:
        """Poles are for transitions alone; the only facet of a dimension has nothing of its own."""
        hidden = (
            {"start", "end"} if self.element.get("kind") in ("balance", "plain") and self.kind == "dimension" else set()
        )
        if self.kind == "level" and self.element["level"] == 0:
            hidden = {"threshold"}
        return [box for box in BOXES[self.kind] if box.path not in hidden]

    def _fields_of(self, box: Box, prefix: str = "") -> dict[str, forms.Field]:
        if box.kind == "levels":
            return {
                path: field
                for level in range(self.framework.highest + 1)
                for each in DESCRIPTOR
                for path, field in self._fields_of(each, f"levels.{level}.").items()
            }
        if box.kind == "text":
            return {
                f"{prefix}{box.path}.{language}": PlainCharField(
                    label=box.label,
                    required=False,
                    max_length=LONGEST,
                    widget=forms.Textarea(attrs={"rows": 1 if prefix else box.rows, "lang": language}),
                )
                for language in self.languages
            }
        return {box.path: self._field(box)}

    def _field(self, box: Box) -> forms.Field:
        said = {"label": box.label, "help_text": box.help, "required": False}
        return {
            "line": lambda: PlainCharField(max_length=2000, **said),
            "list": lambda: LinesField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), **said),
            "weight": lambda: WeightField(**(said | {"required": True})),
            "threshold": lambda: NumberField(min_value=0, max_value=100, **(said | {"required": True})),
            "flag": lambda: forms.BooleanField(**said),
            "effort": lambda: EffortField(steps=self.framework.highest, **(said | {"required": True})),
            "day": lambda: forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **said),
            "status": lambda: forms.ChoiceField(choices=Passage.Status.choices, **said),
            "carry": lambda: forms.ChoiceField(choices=Criterion.Carry.choices, **said),
            "kind": lambda: forms.ChoiceField(choices=self._kinds(), **said),
            "cites": lambda: forms.MultipleChoiceField(choices=[(key, key) for key in self.framework.passages], **said),
            "targets": lambda: TargetLevelsField(
                codes=self.framework.criteria,
                highest=self.framework.highest,
                widget=forms.Textarea(attrs={"rows": 8}),
                **said,
            ),
        }[box.kind]()

    def _kinds(self) -> list[tuple[str, Any]]:
        """A balance has two sides: it does not become anything else, nor anything else a balance, by a choice."""
        is_balance = self.element["kind"] == "balance"
        return [choice for choice in Dimension.Kind.choices if (choice[0] == "balance") == is_balance]

    def clean(self):
        super().clean()
        values = self.cleaned_data
        status = values.get("status")
        if status and status not in outline.QUOTABLE:
            for path in [path for path in self.fields if path.startswith("quote.") and values.get(path)]:
                self.add_error(path, _("A passage of this status must not be quoted."))
        return values

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is sound, by path; the fields that the page asks about only where the person's own stands."""
        sent = {path for path in self.fields if path in self.data or path in ("key", "cites")}
        found = {path: value for path, value in self.cleaned_data.items() if path in sent and path not in self.errors}
        if "cites" in found:
            found["cites"] = self._cites(found["cites"])
        if "issued" in found:
            found["issued"] = found["issued"].isoformat() if found["issued"] else None
        return {path: value for path, value in found.items() if path not in self.asked or self.choice(path) == MINE}

    def _cites(self, chosen: list[str]) -> list[dict[str, str]]:
        """In the order in which they stood when the page was opened, new ones behind."""
        assigned = set(cast(Any, self.data).getlist("assigned"))
        stood = [f"{cite['source']}#{cite['passage']}" for cite in self.base["cites"]]
        ordered = sorted(chosen, key=lambda key: stood.index(key) if key in stood else len(stood))
        pairs = ((key, *key.partition("#")[::2]) for key in ordered)
        return [
            {"source": source, "passage": passage, "role": "assigned" if key in assigned else "basis"}
            for key, source, passage in pairs
        ]

    @property
    def seen(self) -> int:
        number = self.data.get("seen", "")
        return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else 0

    @property
    def asked(self) -> set[str]:
        """The fields of which the page asked whose version stands."""
        return set(self.data.get("asked", "").split())

    def choice(self, path: str) -> str:
        return self.data.get(f"choose.{path}", "")

    @property
    def undecided(self) -> list[str]:
        return [path for path in sorted(self.asked) if self.choice(path) not in (MINE, THEIRS)]

    # For the page

    def groups(self) -> list[Group]:
        return [self._group(box) for box in self.boxes]

    def _group(self, box: Box, prefix: str = "") -> Group:
        if box.kind == "text":
            return Group(box, [self[f"{prefix}{box.path}.{language}"] for language in self.languages])
        return Group(box, [] if box.kind in ("levels", "cites") else [self[box.path]])

    def descriptors(self) -> list[tuple[outline.Level, list[Group]]]:
        """Every level of the scale with its three texts."""
        return [
            (level, [self._group(box, f"levels.{level.level}.") for box in DESCRIPTOR])
            for level in self.framework.scale
        ]

    def label(self, path: str) -> str:
        return labelled(self.kind, path)

    def ticked(self, name: str) -> list[str]:
        """The passages that are cited, or those of them that are assigned."""
        if self.is_bound:
            return cast(Any, self.data).getlist(name)
        return self.held("cites", self.element.get("cites"))[name].splitlines()

    def take_over(self, theirs: Mapping[str, str]) -> None:
        """What others saved stands in the fields that were not touched here."""
        data = cast(Any, self.data).copy()
        for name, words in theirs.items():
            data.setlist(name, words.splitlines() if name in ("cites", "assigned") else [words])
        self.data = data

    def held(self, path: str, value: Any) -> dict[str, str]:
        """What the page's fields hold for a stored value, by name; of boxes that are ticked their values, one a line."""
        if path == "cites":
            keys = {f"{cite['source']}#{cite['passage']}": cite["role"] for cite in value or ()}
            return {
                "cites": "\n".join(keys),
                "assigned": "\n".join(k for k, role in keys.items() if role == "assigned"),
            }
        if isinstance(self.fields[path], forms.BooleanField):
            return {path: "on" if value else ""}
        shown = self.fields[path].prepare_value(value)
        return {path: "" if shown is None else str(shown)}


def labelled(kind: str, path: str) -> str:
    """What a field is called, with its level and language."""
    steps = path.split(".")
    boxes = {box.path: box.label for box in (*BOXES[kind], *DESCRIPTOR)}
    if steps[0] == "levels" and len(steps) == 4:
        return f"{_('level %(level)s') % {'level': steps[1]}} · {boxes[steps[2]]} · {language(steps[3])}"
    return " · ".join([str(boxes.get(steps[0], OTHERS.get(steps[0], steps[0]))), *map(language, steps[1:])])


OTHERS = {"code": _("Code"), "version": _("Version"), "language": _("Language"), "crosswalks": _("crosswalks")}


def typed_texts(kind: str, data: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every text that was sent for such an element, with its label."""
    boxes = {box.path for box in BOXES[kind] if box.kind == "text"}
    inner = {box.path for box in DESCRIPTOR}

    def is_text(steps: list[str]) -> bool:
        return (len(steps) == 2 and steps[0] in boxes) or (
            len(steps) == 4 and steps[0] == "levels" and steps[2] in inner
        )

    return [(labelled(kind, path), words) for path, words in data.items() if words and is_text(path.split("."))]


class LanguageForm(forms.Form):
    """Another language in which the texts of an element are to be written."""

    language = forms.RegexField(
        label=_("Language code"),
        regex=LANGUAGE,
        strip=True,
        max_length=20,
        help_text=_("Such as fr or ja."),
        error_messages={"invalid": _("Expected the code of a language (BCP 47), such as fr, ja or zh-hant.")},
    )

    def __init__(self, data: Mapping[str, str]):
        super().__init__(data if "language" in data else None, auto_id="id_add_%s")

    @property
    def code(self) -> str:
        return self.cleaned_data["language"].lower() if self.is_valid() else ""


def languages_of(framework: outline.Framework, whole: Elements, more: str = "") -> list[str]:
    """The framework's own language, the site's, and whatever else it uses or somebody asks for."""
    used = {language for element in whole.values() for language in _languages_in(element)}
    site = [code for code, _name in settings.LANGUAGES]
    others = [*site, *sorted(used - set(site)), *([more] if more else [])]
    return list(dict.fromkeys([framework.language, *others]))


def _languages_in(element: Element) -> Iterable[str]:
    for key, value in element.items():
        if key in elements.TEXTS:
            yield from value
        elif key == "levels" and isinstance(value, list):
            for level in value:
                yield from _languages_in(level)
