"""Rounds: the list, opening one, the overview of one, declaring it final."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions, scoring
from assessment.forms import AssessmentForm
from assessment.models import City
from assessment.reports import content

ROUNDS_A_PAGE = 50


@require_safe
def assessment_list(request):
    rounds = access.assessments(request.user).prefetch_related("responses__criterion", "responses__evidence")
    page = Paginator(rounds, ROUNDS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(round_, _overall(round_)) for round_ in page]
    may_open = access.cities_to_open(request.user).exists()
    return render(request, "assessment/list.html", {"rows": rows, "page": page, "may_open": may_open})


def assessment_open(request):
    cities = access.cities_to_open(request.user)
    if not cities.exists():
        raise Http404
    form = AssessmentForm(request.POST if request.method == "POST" else None, cities=cities)
    if request.method == "POST" and form.is_valid():
        assessment = form.save()
        messages.success(request, _("The round is open. Begin with any dimension."))
        return redirect(assessment)
    return _form_page(request, form, _("Open a round"))


def assessment_edit(request, pk):
    assessment = access.editable(request.user, pk)
    data = request.POST if request.method == "POST" else None
    form = AssessmentForm(data, instance=assessment, cities=City.objects.filter(pk=assessment.city_id))
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("Saved."))
        return redirect(form.save())
    if form.errors:
        assessment.refresh_from_db()  # the page's heading names the round as it is
    return _form_page(request, form, _("Title, target and day"))


def _form_page(request, form, heading):
    context = {"form": form, "heading": heading}
    return render(request, "assessment/form.html", context, status=422 if form.errors else 200)


@require_safe
def assessment_detail(request, pk):
    assessment = access.assessment(request.user, pk)
    framework, answers = assessment.framework.outline(), assessment.outline()
    report = content.build(framework, answers, draft=assessment.is_open)
    context = {
        "assessment": assessment,
        "report": report,
        "lenses": _sections_by_lens(report),
        "first_blank": next((answer for answer in report.answers if answer.state == "blank"), None),
        "may_answer": access.may_answer(request.user, assessment),
        "may_approve": access.may_approve(request.user, assessment),
        "may_edit": access.may_edit(request.user, assessment),
    }
    return render(request, "assessment/detail.html", context)


@require_POST
def assessment_approve(request, pk):
    assessment = access.approvable(request.user, pk)
    try:
        actions.approve(assessment)
        messages.success(request, _("The round is final; its answers are locked."))
    except actions.Refused as error:
        messages.error(request, str(error))
    return redirect(assessment)


@require_POST
def assessment_reopen(request, pk):
    assessment = access.approvable(request.user, pk)
    actions.reopen(assessment)
    messages.success(request, _("The round is open again."))
    return redirect(assessment)


def _overall(round_):
    return scoring.score(round_.framework.outline(), round_.outline(round_.responses.all())).overall


def _sections_by_lens(report):
    return [
        (lens, [section for section in report.sections if section.lens == lens.code]) for lens in report.summary.lenses
    ]
