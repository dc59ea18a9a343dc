"""How a round's reports look, and the marks that they bear: a city's, a consultant's own."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessment import access, actions
from assessment.forms.design import CLASSIFICATIONS, ROLES, DesignForm
from assessment.forms.mark import MarkForm
from assessment.models import City, Design, Event, Mark, User
from assessment.views.attempt import attempted, once_more, saving


@once_more
def design_edit(request, pk):
    is_sent = request.method == "POST"
    with saving(request):
        assessment, seat = access.enter(request.user, pk, "design", locked=is_sent)
        form = _given(assessment, request.POST if is_sent else None)
        if is_sent and form.is_valid():
            who = _who_changed(assessment, form)  # before this change is the last one
            is_saved = _change(request, assessment, form)
            if is_saved and not form.overtaken:
                return redirect("design-edit", pk)
            if is_saved:
                form = _given(assessment).ask(form, who)
    context = {
        "assessment": assessment,
        "seat": seat,
        "form": form,
        "look": form.design.outline(),
        "framework_name": assessment.framework.shown(assessment.framework.name),
        "city_mark": getattr(assessment.city, "mark", None),
        "classifications": CLASSIFICATIONS,
        "roles": ROLES,
        "is_locked": assessment.is_moved or assessment.is_undone,
    }
    return render(request, "design/edit.html", context, status=422 if form.is_bound else 200)


def _given(assessment, data=None):
    designs = Design.objects.select_related("consultant__user", "assessment__city__mark")
    design = designs.filter(assessment=assessment).first() or Design(assessment=assessment)
    return DesignForm(design, access.consultants_marks(assessment), data)


def _change(request, assessment, form) -> bool:
    done = "" if form.overtaken else _("The design is saved; the next report bears it.")
    return attempted(request, done, actions.change_design, assessment, form.columns())


def _who_changed(assessment, form) -> dict[str, str]:
    last = assessment.events.filter(verb=Event.Verb.DESIGN_CHANGED).exclude(by=None).select_related("by").first()
    return dict.fromkeys(form.overtaken, str(last.by)) if last else {}


# Marks


@once_more
def mark_edit(request):
    """The consultant's own."""
    access.must_consult(request.user)
    return _mark(request, {"user": request.user}, "mark/own.html", "mark-edit")


@once_more
def city_mark_edit(request, code):
    city = access.city(request.user, code, "mark")
    return _mark(request, {"city": city}, "mark/city.html", "city-mark-edit", code)


def _mark(request, owner: dict[str, User | City], template, *address):
    with saving(request):
        marks = Mark.objects.select_for_update() if request.method == "POST" else Mark.objects.all()
        mark = marks.filter(**owner).first() or Mark(**owner)
        form = MarkForm(mark, request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            who = _who_marked(mark, form)
            actions.change_mark(mark, form.columns(), by=request.user)
            if not form.overtaken:
                messages.success(request, _("The mark is saved; reports that bear it are made with it from now on."))
                return redirect(*address)
            form = MarkForm(mark).ask(form, who)
    context = {"form": form, "mark": mark, "look": mark.outline(), **owner}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _who_marked(mark, form) -> dict[str, str]:
    events = Event.objects.filter(verb=Event.Verb.MARK_CHANGED, city=mark.city).exclude(by=None).select_related("by")
    last = events.first() if mark.city else None
    return dict.fromkeys(form.overtaken, str(last.by)) if last else {}
