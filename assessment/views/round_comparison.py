"""Two rounds of a city compared: the page, and what can be taken away of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessment import access, actions
from assessment.models import Assessment, ReportFile
from assessment.reports import document, making, pdf
from assessment.reports.comparison.gathering import age, gather, in_order
from assessment.reports.fonts import FontsMissing
from assessment.reports.making import sealed
from assessment.reports.pdf.sealing import CertificateUnusable
from assessment.views.download import attachment, language_of, named

FORMS = {"pdf": lambda comparison: sealed(pdf.render_comparison(comparison)), "json": document.render}


@require_safe
def assessment_compare(request, pk):
    """Against the round `with`, by default the one before; whichever is the earlier stands first."""
    assessment, seat = access.enter(request.user, pk)
    others = list(access.other_rounds(request.user, assessment))
    other = _chosen(assessment, others, request.GET.get("with"))
    context = {"assessment": assessment, "seat": seat, "others": others, "other": other}
    context |= {"language": language_of(request)}
    if other:
        before, after = in_order(assessment, other)
        context |= {"before": before, "after": after, "comparison": gather(before, after)}
    return render(request, "round_comparison/detail.html", context)


@require_safe
def comparison_download(request, pk, form):
    assessment = access.assessment(request.user, pk, "report")
    other = _chosen(assessment, list(access.other_rounds(request.user, assessment)), request.GET.get("with"))
    if other is None or form not in FORMS:
        raise Http404
    before, after = in_order(assessment, other)
    language = language_of(request)
    comparison = gather(before, after, language=language)
    try:
        data = FORMS[form](comparison)
    except (FontsMissing, CertificateUnusable) as error:
        return render(request, "report/unavailable.html", {"assessment": assessment, "reason": error}, status=503)
    given = {"form": form, "language": language, "content_sha256": document.digest(comparison)}
    manifest = {"before": {"round": before.round, "version": before.framework.version}}
    kind = ReportFile.Kind.COMPARISON
    actions.register_report(after, data, kind=kind, manifest=manifest, by=request.user, **given)
    called = named(language, _("Rounds compared"), after.city.name, before.round, after.round, ending=form)
    response = HttpResponse(data, content_type=making.FORMS[form].content_type)
    return attachment(response, called, f"comparison-{before.pk}-{after.pk}.{form}")


def _chosen(assessment: Assessment, others: list[Assessment], wanted: str | None) -> Assessment | None:
    """The round asked for, else the one that this one goes on from, else the latest earlier one, else any."""
    if wanted is not None:
        found = next((other for other in others if str(other.pk) == wanted), None)
        if found is None:
            raise Http404
        return found
    previous = [other for other in others if other.pk == assessment.previous_id]
    earlier = [other for other in others if age(other) < age(assessment) and not other.is_moved]
    return next(iter([*previous, *sorted(earlier, key=age, reverse=True), *others]), None)
