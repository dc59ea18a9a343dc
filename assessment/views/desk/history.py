"""Every edit of a draft, in plain words, and taking one back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions, elements
from assessment.dangling import Fault
from assessment.elements import Element
from assessment.forms.element import labelled
from assessment.forms.structure import label_of
from assessment.models import Edit, Framework
from assessment.reports.differences import naming
from assessment.undoing import ChangedAgain
from assessment.views.attempt import once_more
from assessment.views.desk.editor import KINDS, words_of

EDITS_A_PAGE = 30
MOST_FIELDS = 20
MOST_OBSTACLES = 5


@dataclass(frozen=True)
class Field:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ElementChange:
    """What one edit did to one element: came, went with its words, or which of its fields it changed.

    `passed`: what stood in the field, and until when, while somebody wrote it.
    """

    label: str
    what: str = ""
    fields: tuple[Field, ...] = ()
    lost: tuple[Field, ...] = ()
    passed: tuple[tuple[datetime, str], ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Row:
    """`obstacles`: why the edit cannot be undone as the draft stands."""

    edit: Edit
    changes: list[ElementChange]
    is_undoable: bool
    is_undone: bool
    obstacles: str


@require_safe
def edit_list(request, code, version):
    """Of a draft with what can be undone; of a published version to be read."""
    record = access.edited(request.user, code, version)
    edits = record.history.select_related("by", "undoes")
    page = Paginator(edits, EDITS_A_PAGE).get_page(request.GET.get("page"))
    hindered = actions.not_undoable(record, page.object_list) if record.is_draft else {}
    undone, dimensions = _undone(record), set(record.dimensions.values_list("code", flat=True))
    rows = [_row(edit, hindered.get(edit.number), edit.number in undone, dimensions) for edit in page.object_list]
    return render(request, "desk/edits.html", {"record": record, "page": page, "rows": rows})


@require_POST
@once_more
def edit_undo(request, code, version, number):
    record = access.draft(request.user, code, version)
    if number > record.edits:
        raise Http404
    try:
        actions.undo(record, number, by=request.user)
    except actions.InTheWay as error:
        messages.error(request, _("Not undone. %(why)s") % {"why": _told(error.obstacles)})
    except actions.Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Edit %(number)d is undone.") % {"number": number})
    record.refresh_from_db()
    return redirect("edit-list", record.code, record.version)


def _undone(record: Framework) -> set[int]:
    """Numbers of the edits that were undone, by undoings that were not undone themselves."""
    found: set[int] = set()
    pairs = record.history.filter(undoes__isnull=False).order_by("-number").values_list("number", "undoes__number")
    for number, undoes in pairs:
        if number not in found:
            found.add(undoes)
    return found


def _row(edit: Edit, hindrances: list[ChangedAgain | Fault] | None, is_undone: bool, dimensions: set[str]) -> Row:
    shown = {name: _read_as(name, dimensions, edit.changes) for name in edit.changes}
    changes = [_change(name, read_as, **edit.changes[name]) for name, read_as in shown.items() if read_as]
    return Row(edit, changes, hindrances is None, is_undone, _told(hindrances or ()))


def _read_as(name: str, dimensions: set[str], changes) -> str:
    """The only facet of a dimension is read as the dimension itself; nothing where that tells all of it already."""
    dimension, given = f"dimension:{elements.code_of(name)}", changes[name]
    if elements.kind_of(name) != "facet" or not (elements.code_of(name) in dimensions or dimension in changes):
        return name
    is_of_both = given["before"] and given["after"]
    is_more = dimension not in changes or (is_of_both and given["before"]["criteria"] != given["after"]["criteria"])
    return dimension if is_more else ""


def _told(obstacles: Iterable[ChangedAgain | Fault]) -> str:
    """Why an edit cannot be undone, in sentences."""
    again = list(dict.fromkeys(_place(each) for each in obstacles if isinstance(each, ChangedAgain)))
    said = [actions.fault_in_words(each) for each in obstacles if isinstance(each, Fault)]
    if again:
        listed = naming.listed(again[:MOST_OBSTACLES]) + ("…" if len(again) > MOST_OBSTACLES else "")
        said.insert(0, _("Changed again since: %(elements)s. Undo the later edits first.") % {"elements": listed})
    return " ".join(said[:MOST_OBSTACLES])


def _place(again: ChangedAgain) -> str:
    element = f"{_kind(again.name)} {elements.code_of(again.name)}".strip()
    return " · ".join(filter(None, (element, _label(again.name, again.path) if again.path else "", again.member)))


def _kind(name: str) -> str:
    return _(KINDS[elements.kind_of(name)])


def _label(name: str, path: str) -> str:
    kind = elements.kind_of(name)
    return _("contents and order") if path in elements.CHILDREN.get(kind, {}) else labelled(kind, path)


def _change(name: str, read_as: str, before: Element | None, after: Element | None, passed=()) -> ElementChange:
    label = f"{_kind(read_as)} {label_of(name, {name: after or before or {}})}".strip()
    old, new = elements.flattened(before or {}), elements.flattened(after or {})
    if before is None:
        return ElementChange(label, _("added"))
    if after is None:
        lost = [Field(_label(name, path), _words(path, value), "") for path, value in old.items() if _is_text(path)]
        return ElementChange(label, _("removed"), lost=tuple(lost))
    paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    fields = [Field(_label(name, path), _words(path, old.get(path)), _words(path, new.get(path))) for path in paths]
    stood = tuple((datetime.fromisoformat(each["at"]), _words(each["path"], each["value"])) for each in passed)
    return ElementChange(label, fields=tuple(fields[:MOST_FIELDS]), passed=stood, more=len(fields[MOST_FIELDS:]))


def _is_text(path: str) -> bool:
    return path.partition(".")[0] in {*elements.TEXTS, "levels"}


def _words(path: str, value) -> str:
    """A value in words; a citation with its role, a list of elements in one line."""
    if path in ("kind", "status", "carry", "language") and value:
        return naming.value_of(path, value)
    if path == "cites":
        return "\n".join(_cite(each) for each in value or ())
    if isinstance(value, dict):
        return "\n".join(f"{key}: {words_of(each)}" for key, each in value.items())
    if isinstance(value, list):
        return naming.listed(value)
    return words_of(value)


def _cite(cite: Element) -> str:
    key = f"{cite['source']}#{cite['passage']}"
    return f"{key} · {naming.value_of('role', cite['role'])}" if cite["role"] != "basis" else key
