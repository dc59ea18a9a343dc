"""Import a framework: a file is looked at, what it would do is shown, and only what was shown is done."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from assessment import access, actions
from assessment.forms.framework_import import LONGEST_CONTENT, FrameworkApplyForm, FrameworkFileForm, Sent
from assessment.reports import differences

MOST_PROBLEMS = 200


@never_cache
def framework_import(request):
    access.must_import_frameworks(request.user)
    if "content" in request.POST:
        return _apply(request)
    form = FrameworkFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        return _preview(request, form.cleaned_data["file"])
    context = {"form": form, "problems": form.problems[:MOST_PROBLEMS], "count": len(form.problems)}
    return render(request, "framework_import/upload.html", context, status=422 if form.errors else 200)


def _preview(request, sent, refusal=""):
    """What the file would change now; nothing is written."""
    plan = actions.plan_import(sent.framework)
    sealed = Sent(sent.framework, sent.name, plan.seen).seal(request.user) if plan.writes else ""
    if len(sealed) > LONGEST_CONTENT:
        messages.error(request, _("The framework is too large for this page; load it with the command load_framework."))
        return redirect("framework-import")
    context = {"plan": plan, "wanted": sent.framework, "name": sent.name, "sealed": sealed, "refusal": refusal}
    if plan.before:
        context["comparison"] = differences.told(plan.before.outline(), sent.framework, [])
    return render(request, "framework_import/preview.html", context, status=409 if refusal else 200)


def _apply(request):
    form = FrameworkApplyForm(request.user, request.POST)
    if not form.is_valid():
        messages.error(request, _("The preview is out of date; upload the file again."))
        return redirect("framework-import")
    sent = form.cleaned_data["content"]
    try:
        outcome = actions.import_framework(sent.framework, seen=sent.seen, by=request.user)
    except actions.Refused as error:
        return _preview(request, sent, str(error))
    label = {"name": f"{sent.framework.code} {sent.framework.version}"}
    done = _("%(name)s is imported as a draft.") if outcome != "unchanged" else _("%(name)s is stored already.")
    messages.success(request, done % label)
    return redirect("framework-detail", sent.framework.code, sent.framework.version)
