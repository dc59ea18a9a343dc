"""Results and what can be taken away: the page, the PDF, the score document."""

from urllib.parse import quote

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import access, gaps
from assessment.exchange.framework import digest
from assessment.models import Event
from assessment.outline import Basis
from assessment.reports import content, pdf
from assessment.reports.fonts import FontsMissing


@require_safe
def assessment_results(request, pk):
    assessment, seat = access.enter(request.user, pk)
    framework, answers = assessment.framework.outline(), assessment.outline()
    report = content.build(framework, answers, draft=not assessment.is_approved)
    context = {"assessment": assessment, "seat": seat, "report": report, "tracks": content.tracks(framework, answers)}
    return render(request, "report/results.html", context)


@require_safe
def report_download(request, pk):
    assessment = access.assessment(request.user, pk)
    framework, draft = assessment.framework.outline(), not assessment.is_approved
    report = content.build(framework, assessment.outline(), draft=draft, digest=digest(framework))
    try:
        data = pdf.render(report)
    except FontsMissing as error:
        return render(request, "report/unavailable.html", {"assessment": assessment, "reason": error}, status=503)
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, assessment=assessment, target="report.pdf")
    return _attachment(HttpResponse(data, content_type="application/pdf"), assessment, "pdf")


@require_safe
def score_download(request, pk):
    assessment = access.assessment(request.user, pk)
    basis: Basis = "self" if request.GET.get("basis") == "self" else "effective"
    document = gaps.evaluate(assessment.framework.outline(), assessment.outline(), basis).document()
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2, "allow_nan": False})
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, assessment=assessment, target="score.json")
    return _attachment(response, assessment, "json")


def _attachment(response, assessment, ending):
    name = quote(f"{assessment.city.name}-{assessment.round}-{_('gap report')}.{ending}", safe="")
    response["Content-Disposition"] = (
        f"attachment; filename=\"report-{assessment.pk}.{ending}\"; filename*=UTF-8''{name}"
    )
    return response
