"""Results and what can be taken away: the page, the PDF, the score document."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment import access, actions, gaps
from assessment.exchange.answers import answers_digest
from assessment.exchange.framework import digest
from assessment.forms.report import ProtectForm
from assessment.models import ReportFile
from assessment.outline import Basis
from assessment.reports import content, document, prose, web
from assessment.reports.fonts import FontsMissing
from assessment.reports.gathering import gather
from assessment.reports.making import EVERY, FORMS, make
from assessment.reports.manifest import manifest_of
from assessment.reports.pdf.sealing import CertificateUnusable
from assessment.views.download import attachment, language_of, named


@require_safe
def assessment_results(request, pk):
    assessment, seat = access.enter(request.user, pk)
    framework, answers = assessment.framework.outline(), assessment.outline()
    report = gather(assessment, answers=answers)
    context = {
        "assessment": assessment,
        "seat": seat,
        "report": report,
        "tracks": content.tracks(framework, answers),
        "language": language_of(request),
    }
    return render(request, "report/results.html", context)


@require_safe
def report_download(request, pk, form="pdf"):
    assessment = access.assessment(request.user, pk, "report")
    if form not in EVERY:
        raise Http404
    return _given_out(request, assessment, form, language_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
def report_protected(request, pk):
    """A PDF that opens with a password alone; the password is kept nowhere."""
    assessment, seat = access.enter(request.user, pk, "report")
    language = language_of(request)
    form = ProtectForm(request.POST if request.method == "POST" else None, initial={"language": language})
    if form.is_valid():
        wanted = form.cleaned_data
        return _given_out(request, assessment, wanted["form"], wanted["language"], wanted["password"])
    context = {"assessment": assessment, "seat": seat, "form": form, "language": language}
    return render(request, "report/protect.html", context, status=422 if form.errors else 200)


def _given_out(request, assessment, form: str, language: str, password: str = "") -> HttpResponse:
    """Made, entered in the register, sent."""
    report, chosen = _gathered(assessment, language), EVERY[form]
    try:
        data = make(report, form, password)
    except (FontsMissing, CertificateUnusable) as error:
        return render(request, "report/unavailable.html", {"assessment": assessment, "reason": error}, status=503)
    entered = ReportFile.Form.LOCKED if password else chosen.ending
    given = {"form": entered, "kind": chosen.kind, "language": language, "by": request.user}
    given |= {"content_sha256": report.digest, "manifest": manifest_of(report, chosen.kind)}
    actions.register_report(assessment, data, **given)
    name = _("gap report") if form in FORMS else chosen.label
    response = HttpResponse(data, content_type=chosen.content_type)
    return _attachment(response, assessment, name, chosen.ending, language, is_locked=bool(password))


@require_safe
def report_page(request, pk):
    assessment, seat = access.enter(request.user, pk, "report")
    language = language_of(request)
    report = _gathered(assessment, language)
    with translation.override(language):
        told = {
            "title": prose.title(report),
            "watermark": str(_("Draft")) if report.draft and report.design.watermark else "",
            "head": mark_safe(web.head(report)),  # noqa: S308 (web escapes every text)
            "body": mark_safe(web.body(report)),  # noqa: S308
        }
    context = {"assessment": assessment, "seat": seat, "report": report, "language": language, "told": told}
    return render(request, "report/page.html", context)


def _gathered(assessment, language: str) -> content.Content:
    """With the hashes of the files from which everything in the report can be computed anew."""
    framework, answers = digest(assessment.framework.outline()), assessment.outline()
    hashed = answers_digest(answers)
    return gather(assessment, language=language, digest=framework, answers_digest=hashed, answers=answers)


@require_safe
def score_download(request, pk):
    assessment = access.assessment(request.user, pk)
    basis: Basis = "self" if request.GET.get("basis") == "self" else "effective"
    scores = gaps.evaluate(assessment.framework.outline(), assessment.outline(), basis).document()
    data = document.spell(scores)
    given = {"kind": ReportFile.Kind.SCORES, "form": "json", "language": "", "basis": basis, "by": request.user}
    actions.register_report(assessment, data, content_sha256=document.digest_of(scores), **given)
    response = HttpResponse(data, content_type=FORMS["json"].content_type)
    return _attachment(response, assessment, _("scores"), "json", get_language())


def _attachment(response, assessment, name, ending, language, *, is_locked=False):
    what, about = [name, _("locked")] if is_locked else [name], (assessment.city.name, assessment.round)
    called = named(language, what[-1], *about, *what[:-1], ending=ending)
    return attachment(response, called, f"report-{assessment.pk}{'-locked' if is_locked else ''}.{ending}")
