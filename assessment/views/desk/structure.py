"""What changes the structure of a draft: add, move, split, merge, give another code, remove."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment import access, actions, elements
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
from assessment.views.desk.editor import address_of

Cause = Edit.Cause
FORMS = {"split": (SplitForm, Cause.SPLIT), "merge": (MergeForm, Cause.MERGED), "recode": (RecodeForm, Cause.MOVED)}


@require_POST
def element_add(request, code, version, kind, element=""):
    """A new element below this one; afterwards the new one is edited."""
    record, name, whole, framework = _enter(request.user, code, version, kind, element)
    wanted = next((each for each in child_kind(name, whole) if each[0] == request.POST.get("below")), None)
    if wanted is None:
        raise Http404
    form = add_form(*wanted, whole, framework, request.POST)
    return _arranged(request, record, name, form, Cause.ADDED)


@require_POST
def element_change(request, code, version, verb, kind, element):
    """Splits, merges or recodes a criterion; afterwards the first new one is edited."""
    record, name, whole, _framework = _enter(request.user, code, version, kind, element)
    if verb not in FORMS or elements.kind_of(name) != "criterion":
        raise Http404
    form_class, cause = FORMS[verb]
    form = form_class(request.POST, name=name, whole=whole, before=record.codes_before())
    return _arranged(request, record, name, form, cause)


@require_POST
def element_move(request, code, version, kind, element):
    record, name, whole, _framework = _enter(request.user, code, version, kind, element)
    if not can_move(name):
        raise Http404
    form = MoveForm(request.POST, name=name, whole=whole)
    return _arranged(request, record, name, form, Cause.MOVED, stay=True)


@require_POST
def element_remove(request, code, version, kind, element):
    record, name, whole, _framework = _enter(request.user, code, version, kind, element)
    if not can_remove(name, whole):
        raise Http404
    parent, _key = elements.parent_of(whole, name)
    done = _attempt(request, record, lambda now: _removal(now, name), Cause.REMOVED)
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


def _enter(user, code, version, kind, element):
    record = access.draft(user, code, version)
    framework = record.outline()
    whole = elements.take_apart(framework)
    name = kind if kind == elements.FRAMEWORK else f"{kind}:{element}"
    if name not in whole:
        raise Http404
    return record, name, whole, framework


def _arranged(request, record, name, form, cause, stay=False):
    if not form.is_valid():
        for field, errors in form.errors.items():
            label = form.fields[field].label if field in form.fields else ""
            for error in errors:
                messages.error(request, f"{label}：{error}" if label else error)
        return redirect(address_of(record, name))
    made: list[str] = []

    def change(now):
        wanted = form.change(now)
        made.extend(each for each, element in wanted.items() if element is not None and each not in now)
        return wanted

    done = _attempt(request, record, change, cause)
    if request.htmx:
        return HttpResponse(status=204 if done else 409)
    return redirect(address_of(record, made[0] if done and made and not stay else name))


def _attempt(request, record, change, cause) -> bool:
    try:
        actions.rearrange(record, change, by=request.user, cause=cause)
    except actions.Refused as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("Saved. “Edits” lists it; it can be undone there."))
    return True
