"""What people write for a round's report: the list of all places, and the page for one of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Textarea
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions
from assessment.forms.phrase import PhraseForm
from assessment.forms.plain import PlainCharField
from assessment.forms.remark import RemarkForm
from assessment.models import Assessment, Phrase, Remark
from assessment.models.report import LANGUAGES, LONGEST_REMARK
from assessment.reports.gathering import gather
from assessment.reports.languages import SPOTS, other_than, written
from assessment.reports.markup import blocks
from assessment.reports.rewriting import rewrites
from assessment.views.attempt import once_more
from assessment.views.download import language_of
from assessment.views.phrase import OFFERED, offers

# The places at one spot of the report: a recommendation is added to the framework's steps, or stands instead of them.
PLACES: dict[str, tuple[str, ...]] = {
    "summary": ("summary",),
    "commentary": ("dimension",),
    "recommendation": ("added", "reworded"),
    "comparison": ("summary",),
}
REPORTS = {"comparison": Remark.Report.COMPARISON}  # all other spots are the gap report's
VERSIONS_A_PAGE = 20


@require_safe
def remark_list(request, pk):
    assessment, seat = access.enter(request.user, pk, "remark")
    language = language_of(request)
    report = gather(assessment, language=language)
    dimensions = [section for section in report.sections if section.gaps]
    chosen = request.GET.get("dimension", "")
    chosen = chosen if any(section.code == chosen for section in dimensions) else ""
    context = {
        "assessment": assessment,
        "seat": seat,
        "report": report,
        "language": language,
        "dimensions": dimensions,
        "dimension": chosen,
        "gaps": [gap for gap in report.improvements if chosen in ("", gap.dimension)],
        "unprinted": _unprinted(assessment, report, language),
        **_by_language(assessment, language),
        "in_the_way": in_the_way(assessment),
    }
    return render(request, "remark/list.html", context)


def in_the_way(assessment: Assessment) -> str:
    """Why nothing can be written now; empty where it can."""
    try:
        actions.must_take_remarks(assessment)
    except actions.Refused as error:
        return str(error)
    return ""


def _by_language(assessment: Assessment, language: str) -> dict[str, object]:
    """What is written in which language, and at which spots this one's report lacks what the other's has."""
    every = written(assessment)
    own = next((one for one in every if one.language == language), None)
    lacking = {name: own.lacks(name) for name in SPOTS.values()} if own else {}
    return {"written": every, "lacking": lacking, "other": dict(LANGUAGES)[other_than(language)]}


def _unprinted(assessment, report, language):
    """Recommendations to criteria that are no gap any more: the report does not print them, and they are not lost."""
    printed = [gap.code for gap in report.improvements]
    written = assessment.remarks.filter(report=Remark.Report.GAP, language=language).newest()
    return written.filter(place__in=PLACES["recommendation"]).exclude(text="").exclude(code__in=printed)


@once_more
def remark_write(request, pk, spot, code=""):
    assessment, seat = access.enter(request.user, pk, "remark")
    language, places = language_of(request), PLACES[spot]
    report = gather(assessment, language=language)
    subject = _subject(assessment, report, spot, code)
    of = REPORTS.get(spot, Remark.Report.GAP)
    latest = actions.latest_remarks(assessment, code, places, language, of)
    form = RemarkForm(places, latest, request.POST if request.method == "POST" else None)
    overtaken = False
    if form.is_bound:
        form = _with_phrase(request, form)
        try:
            if _take(request, assessment, form, code, {"language": language, "report": of}):
                return redirect(_after(request, pk, spot, code, language))
        except actions.Overtaken:
            overtaken, latest = True, actions.latest_remarks(assessment, code, places, language, of)
        except actions.Refused as error:
            form.add_error(None, str(error))
    context = {
        "assessment": assessment,
        "seat": seat,
        "report": report,
        "spot": spot,
        "code": code,
        "language": language,
        "form": form,
        "theirs": _filled(latest) if overtaken else [],
        "overtaken": overtaken,
        "last_by": max(filter(None, latest.values()), key=lambda row: row.pk, default=None),
        "seen": form.seen if form.is_bound and not overtaken else _numbers(latest),
        "blocks": blocks(form.typed[:LONGEST_REMARK]),
        "most": LONGEST_REMARK,
        "page": _history(request, assessment.remarks.filter(report=of, language=language, code=code), places),
        "offers": offers(request.user, language, code)[:OFFERED],
        "in_the_way": in_the_way(assessment),
        "written": written(assessment),
        "other": dict(LANGUAGES)[other_than(language)],
        "elsewhere": _filled(actions.latest_remarks(assessment, code, places, other_than(language), of)),
        **subject,
    }
    status = 409 if overtaken else 422 if form.is_bound and form.errors else 200
    return render(request, "remark/write.html", context, status=status)


def _filled(latest) -> list[Remark]:
    return [row for row in latest.values() if row and row.text]


def _numbers(latest) -> dict[str, int]:
    return {place: row.number if row else 0 for place, row in latest.items()}


def _subject(assessment, report, spot, code):
    """What is written about, as the page shows it."""
    if spot in ("summary", "comparison"):
        return {"heading": _("Executive summary") if spot == "summary" else _("Summary of the comparison")}
    if spot == "commentary":
        section = next((section for section in report.sections if section.code == code), None)
        if section is None:
            raise Http404
        return {"heading": section.name, "section": section}
    criterion = assessment.framework.outline().criteria.get(code)
    if criterion is None:
        raise Http404
    gap = next((gap for gap in report.improvements if gap.code == code), None)
    return {"heading": criterion.title.to(report.language), "gap": gap}


def _with_phrase(request, form: RemarkForm) -> RemarkForm:
    """The form with a phrase of one's own at the end of what was typed, if that is asked for."""
    key = request.POST.get("insert", "")
    if not (key.isascii() and key.isdigit() and len(key) <= 9):
        return form
    phrase = access.phrase(request.user, int(key))
    phrase.count_use()
    typed = form.typed.rstrip()
    data = request.POST.copy()
    data["text"] = f"{typed}\n\n{phrase.text}" if typed else phrase.text
    return RemarkForm(form.places, form.latest, data)


def _take(request, assessment, form: RemarkForm, code, of: dict[str, str]) -> bool:
    """Does what the button says; whether the page is done with. `of`: the report, and the language of it."""
    if "restore" in request.POST:
        return _restore(request, assessment, form, code, of)
    if not form.is_valid() or {"insert", "preview"} & set(request.POST):
        return False
    if "phrase" in request.POST:
        return _keep_phrase(request, form, code, of["language"])
    made = actions.write_remark(assessment, code, form.texts(), seen=form.seen, by=request.user, **of)
    messages.success(
        request, _("Saved as version %(number)d.") % {"number": made[-1].number} if made else _("Nothing was changed.")
    )
    return True


def _restore(request, assessment, form, code, of) -> bool:
    place, _colon, number = request.POST["restore"].partition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise Http404
    row = actions.restore_remark(assessment, code, form.places, place, int(number), by=request.user, **of)
    messages.success(
        request, _("Version %(old)s stands again, as version %(number)d.") % {"old": number, "number": row.number}
    )
    return True


def _keep_phrase(request, form, code, language) -> bool:
    """What is typed becomes a phrase; it stays on the page, unsaved."""
    data = {"title": request.POST.get("phrase_title", ""), "text": form.typed, "language": language, "code": code}
    kept = PhraseForm(data, instance=Phrase(user=request.user))
    if kept.is_valid():
        actions.keep_phrase(kept.instance)
        messages.success(request, _("The phrase is kept. What you typed here is not saved yet."))
        return False
    for errors in kept.errors.values():
        form.add_error(None, _("Phrase: %(what)s") % {"what": " ".join(map(str, errors))})
    return False


def _after(request, pk, spot, code, language):
    """Back to the list, at this place, or to the page as it stands now."""
    query = f"?language={language}" if language == "en" else ""
    if "back" in request.POST:
        return f"{reverse('remark-list', args=[pk])}{query}#{spot}-{code}"
    return reverse(f"{spot}-write", args=[pk, *([code] if code else [])]) + query


def _history(request, versions, places):
    steps = rewrites(versions.filter(place__in=places).select_related("by").order_by("pk"))
    return Paginator(steps[::-1], VERSIONS_A_PAGE).get_page(request.GET.get("page"))


@require_POST
def remark_preview(request):
    access.must_write(request.user)
    text = PlainCharField(required=False, widget=Textarea).clean(request.POST.get("text", ""))
    shown = {"blocks": blocks(text[:LONGEST_REMARK]), "language": language_of(request)}
    context = shown | {"count": len(text), "most": LONGEST_REMARK, "spot": request.GET.get("spot", "")}
    return render(request, "remark/_preview.html", context)
