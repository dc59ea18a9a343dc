"""The evidence that a round still has to ask for: the list by department, and as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessment import access, actions
from assessment.models import ReportFile
from assessment.reports import asking
from assessment.reports.fonts import FontsMissing
from assessment.reports.gathering import gather
from assessment.reports.making import FORMS
from assessment.views.download import attachment, language_of, named


@require_safe
def request_detail(request, pk):
    assessment, seat = access.enter(request.user, pk, "report")
    wanted = asking.gather(assessment, gather(assessment))
    context = {"assessment": assessment, "seat": seat, "wanted": wanted, "told": asking.how_many(wanted)}
    context |= {"language": language_of(request)}
    return render(request, "request/detail.html", context)


@require_safe
def request_download(request, pk, form):
    assessment = access.assessment(request.user, pk, "report")
    if form not in asking.FORMS:
        raise Http404
    language = language_of(request)
    wanted = asking.gather(assessment, gather(assessment, language=language))
    try:
        data = asking.FORMS[form](wanted)
    except FontsMissing as error:
        return render(request, "report/unavailable.html", {"assessment": assessment, "reason": error}, status=503)
    given = {"form": form, "language": language, "content_sha256": asking.digest(wanted)}
    actions.register_report(assessment, data, kind=ReportFile.Kind.REQUEST, by=request.user, **given)
    called = named(language, _("evidence to be asked for"), assessment.city.name, assessment.round, ending=form)
    return attachment(HttpResponse(data, content_type=FORMS[form].content_type), called, f"evidence-{pk}.{form}")
