"""What changes the structure of a draft: add, move, split, merge, give another code, remove."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment import actions, elements
from assessment.forms.structure import (
    MergeForm,
    MoveForm,
    RecodeForm,
    SplitForm,
    add_form,
    can_move,
    can_remove,
    child_kind,
)
from assessment.models import Edit
from assessment.reports.differences import naming
from assessment.views.desk.editor import address_of, enter, form_of, page

Cause = Edit.Cause
FORMS = {"split": (SplitForm, Cause.SPLIT), "merge": (MergeForm, Cause.MERGED), "recode": (RecodeForm, Cause.MOVED)}


@require_POST
def element_add(request, code, version, kind, element=""):
    """A new element below this one; afterwards the new one is edited."""
    record, name, whole, framework = enter(request.user, code, version, kind, element)
    wanted = next((each for each in child_kind(name, whole) if each[0] == request.POST.get("below")), None)
    if wanted is None:
        raise Http404
    form = add_form(*wanted, whole, framework, request.POST)
    return _arranged(request, record, name, form, Cause.ADDED)


@require_POST
def element_change(request, code, version, verb, kind, element):
    """Splits, merges or recodes a criterion; afterwards the first new one is edited."""
    record, name, whole, _framework = enter(request.user, code, version, kind, element)
    if verb not in FORMS or elements.kind_of(name) != "criterion":
        raise Http404
    form_class, cause = FORMS[verb]
    form = form_class(request.POST, name=name, whole=whole, before=record.codes_before())
    return _arranged(request, record, name, form, cause)


@require_POST
def element_move(request, code, version, kind, element):
    record, name, whole, _framework = enter(request.user, code, version, kind, element)
    if not can_move(name):
        raise Http404
    form = MoveForm(request.POST, name=name, whole=whole)
    return _arranged(request, record, name, form, Cause.MOVED, stay=True)


@require_POST
def element_remove(request, code, version, kind, element):
    record, name, whole, _framework = enter(request.user, code, version, kind, element)
    if not can_remove(name, whole):
        raise Http404
    parent, _key = elements.parent_of(whole, name)
    done = _attempt(request, record, lambda now: _removal(now, name), Cause.REMOVED)
    if done:
        messages.success(request, _done(Cause.REMOVED, []))
    return redirect(address_of(record, _shown(parent, whole) if done else name))


def _removal(now, name):
    if not can_remove(name, now):
        raise KeyError(name)
    return elements.lowering(now) if elements.kind_of(name) == "level" else elements.removing(now, name)


def _shown(name, whole):
    """The only facet of a dimension has no page of its own: its dimension has."""
    if elements.kind_of(name) != "facet":
        return name
    dimension, _key = elements.parent_of(whole, name)
    return name if whole[dimension]["kind"] == "balance" else dimension


def _arranged(request, record, name, form, cause, stay=False):
    made: list[str] = []

    def change(now):
        wanted = form.change(now)
        made.extend(each for each, element in wanted.items() if element is not None and each not in now)
        return wanted

    if not form.is_valid() or not _attempt(request, record, change, cause, form):
        return HttpResponse(status=409) if request.htmx else _refused(request, record, name, form)
    if request.htmx:
        return HttpResponse(status=204)
    messages.success(request, _done(cause, made))
    return redirect(address_of(record, made[0] if made and not stay else name))


def _refused(request, record, name, form):
    """The editor again, with the tool as it was filled in and what is wrong at its field."""
    try:
        kind, _colon, code = name.partition(":")
        record, name, whole, framework = enter(request.user, record.code, record.version, kind, code)
    except Http404:
        messages.error(request, " ".join(form.non_field_errors()))
        return redirect("framework-list")
    return page(request, record, name, whole, framework, form_of(name, whole, framework), 422, refused=form)


def _attempt(request, record, change, cause, form=None) -> bool:
    try:
        actions.rearrange(record, change, by=request.user, cause=cause)
    except actions.Refused as error:
        if form is None or request.htmx:
            messages.error(request, str(error))
        else:
            form.add_error(None, str(error))
        return False
    return True


def _done(cause, made: list[str]) -> str:
    codes = naming.listed(map(elements.code_of, made))
    said = {
        Cause.SPLIT: _("Split into %(codes)s. All begin with the old words: now write what each of them asks."),
        Cause.MERGED: _("Merged into %(codes)s, which begins with the words of the first: now write what it asks."),
    }
    done = said.get(cause, _("Saved.")) % {"codes": codes}
    return _("%(done)s “Edits” lists it; it can be undone there.") % {"done": done}
