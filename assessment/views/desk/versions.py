"""Versions of frameworks: begin, copy, name, delete; and a draft as those who answer will see it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions, outline
from assessment.forms.framework import CopyForm, FrameworkForm, IdentityForm
from assessment.views.attempt import once_more
from assessment.views.response.cards import preview_cards


def framework_add(request):
    """A new framework from nothing."""
    access.editable_frameworks(request.user)
    form = FrameworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = actions.begin(form.framework(), by=request.user)
        messages.success(request, _("The draft is ready. Begin with a lens, then dimensions and criteria."))
        return redirect("framework-edit", draft.code, draft.version)
    context = {"form": form, "heading": _("A new framework")}
    return render(request, "desk/form.html", context, status=422 if form.is_bound else 200)


def framework_copy(request, code, version):
    """A new version begins as a copy."""
    record = get_object_or_404(access.editable_frameworks(request.user), code=code, version=version)
    form = CopyForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.copy_as_draft(record, form.cleaned_data["version"], by=request.user)
        except actions.Refused as error:
            form.add_error("version", str(error))
        else:
            messages.success(request, _("%(framework)s is ready to be edited.") % {"framework": draft})
            return redirect("framework-edit", draft.code, draft.version)
    context = {"record": record, "form": form, "heading": _("A new version of %(framework)s") % {"framework": record}}
    return render(request, "desk/form.html", context, status=422 if form.is_bound else 200)


@once_more
def framework_identity(request, code, version):
    """Version, code and the four-eyes switch of a draft."""
    record = access.draft(request.user, code, version)
    form = IdentityForm(request.POST or None, instance=record)
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_draft(record, by=request.user, **form.cleaned_data)
        except actions.Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("framework-edit", form.cleaned_data["code"], form.cleaned_data["version"])
    record.refresh_from_db()
    context = {"record": record, "form": form, "heading": _("Code, version, four eyes"), "has_rooms": True}
    return render(request, "desk/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@once_more
def framework_delete(request, code, version):
    record = access.draft(request.user, code, version)
    try:
        actions.delete_draft(record, by=request.user)
    except actions.Refused as error:
        messages.error(request, str(error))
        return redirect("framework-edit", code, version)
    messages.success(request, _("The draft is deleted."))
    return redirect("framework-list")


@require_safe
def framework_preview(request, code, version, dimension):
    """One dimension as those who answer will see it; nothing can be saved."""
    record = access.framework(request.user, code, version)
    framework = record.outline()
    found = next((each for each in framework.dimensions if each.code == dimension), None)
    if found is None:
        raise Http404
    context = {
        "record": record,
        "framework": framework,
        "dimension": found,
        "cards": preview_cards(framework, found),
        "assessment": outline.Assessment(outline.City("", ""), "", framework.code, framework.version),
    }
    return render(request, "desk/preview.html", context)
