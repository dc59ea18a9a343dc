"""Results and what can be taken away: the page, the PDF, the score document."""

from urllib.parse import quote

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import access, actions, gaps
from assessment.exchange.answers import answers_digest
from assessment.exchange.framework import digest
from assessment.models import Event
from assessment.outline import Basis
from assessment.reports import content, document
from assessment.reports.fonts import FontsMissing
from assessment.reports.gathering import gather
from assessment.reports.making import FORMS, make
from assessment.reports.manifest import manifest_of


@require_safe
def assessment_results(request, pk):
    assessment, seat = access.enter(request.user, pk)
    framework, answers = assessment.framework.outline(), assessment.outline()
    report = gather(assessment)
    context = {"assessment": assessment, "seat": seat, "report": report, "tracks": content.tracks(framework, answers)}
    return render(request, "report/results.html", context)


@require_safe
def report_download(request, pk, form="pdf"):
    assessment = access.assessment(request.user, pk, "report")
    language = "en" if request.GET.get("language") == "en" else "zh-hans"
    files = digest(assessment.framework.outline()), answers_digest(assessment.outline())
    report = gather(assessment, language=language, digest=files[0], answers_digest=files[1])
    try:
        data = make(report, form)
    except FontsMissing as error:
        return render(request, "report/unavailable.html", {"assessment": assessment, "reason": error}, status=503)
    given = {"form": form, "language": language, "content_sha256": document.digest(report)}
    given["manifest"] = manifest_of(report)
    actions.register_report(assessment, data, by=request.user, **given)
    return _attachment(HttpResponse(data, content_type=FORMS[form].content_type), assessment, form)


@require_safe
def score_download(request, pk):
    assessment = access.assessment(request.user, pk)
    basis: Basis = "self" if request.GET.get("basis") == "self" else "effective"
    scores = gaps.evaluate(assessment.framework.outline(), assessment.outline(), basis).document()
    response = JsonResponse(scores, json_dumps_params={"ensure_ascii": False, "indent": 2, "allow_nan": False})
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, assessment=assessment, target="score.json")
    return _attachment(response, assessment, "json")


def _attachment(response, assessment, ending):
    name = quote(f"{assessment.city.name}-{assessment.round}-{_('gap report')}.{ending}", safe="")
    response["Content-Disposition"] = (
        f"attachment; filename=\"report-{assessment.pk}.{ending}\"; filename*=UTF-8''{name}"
    )
    return response
