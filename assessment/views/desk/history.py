"""Every edit of a draft, in plain words, and taking one back."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions, elements
from assessment.elements import Element
from assessment.forms.element import labelled
from assessment.models import Edit
from assessment.views.desk.editor import KINDS, words_of

EDITS_A_PAGE = 30
MOST_FIELDS = 20


@dataclass(frozen=True)
class Field:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ElementChange:
    """What one edit did to one element: came, went, or which of its fields it changed."""

    label: str
    what: str
    fields: list[Field]


@dataclass(frozen=True)
class Row:
    edit: Edit
    changes: list[ElementChange]
    is_undoable: bool
    is_undone: bool


@require_safe
def edit_list(request, code, version):
    record = access.draft(request.user, code, version)
    edits = record.history.select_related("by", "undoes").prefetch_related("undone_by")
    page = Paginator(edits, EDITS_A_PAGE).get_page(request.GET.get("page"))
    undoable = actions.undoable(record, page.object_list)
    rows = [_row(edit, undoable) for edit in page.object_list]
    return render(request, "desk/edits.html", {"record": record, "page": page, "rows": rows})


@require_POST
def edit_undo(request, code, version, number):
    record = access.draft(request.user, code, version)
    if not record.history.filter(number=number).exists():
        raise Http404
    try:
        actions.undo(record, number, by=request.user)
    except actions.Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Edit %(number)d is undone.") % {"number": number})
    record.refresh_from_db()
    return redirect("edit-list", record.code, record.version)


def _row(edit: Edit, undoable: set[int]) -> Row:
    changes = [_change(name, given["before"], given["after"]) for name, given in edit.changes.items()]
    return Row(edit, changes, edit.number in undoable, bool(edit.undone_by.all()))


def _change(name: str, before: Element | None, after: Element | None) -> ElementChange:
    label = f"{_(KINDS[elements.kind_of(name)])} {elements.code_of(name)}".strip()
    if before is None or after is None:
        return ElementChange(label, str(_("added")) if before is None else str(_("removed")), [])
    old, new = elements.flattened(before), elements.flattened(after)
    paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    listed = elements.CHILDREN.get(elements.kind_of(name), {})
    fields = [
        Field(labelled(elements.kind_of(name), path), words_of(old.get(path)), words_of(new.get(path)))
        for path in paths[:MOST_FIELDS]
        if path not in listed
    ]
    order = _("contents and order") if any(path in listed for path in paths) else ""
    return ElementChange(label, str(order), fields)
