"""The offline workbook and the printed questionnaire: take away, look at what comes back, apply it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions, outline
from assessment.exchange.workbook import Pack, Slip, write_workbook
from assessment.forms.pack import LONGEST_CONTENT, MOST_PROBLEMS, PackApplyForm, PackForm
from assessment.models import Event
from assessment.views.download import attachment

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pack_upload(request, pk):
    assessment, seat = access.enter(request.user, pk, "pack")
    form = PackForm(assessment, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            return _preview(request, assessment, seat, form.cleaned_data["workbook"])
        except actions.Refused as error:
            form.add_error("workbook", str(error))
    shares = actions.shares(assessment, seat)
    context = {"assessment": assessment, "seat": seat, "form": form, "shares": shares}
    return render(request, "pack/upload.html", context, status=422 if form.errors else 200)


@require_POST
def pack_apply(request, pk):
    assessment, seat = access.enter(request.user, pk, "pack")
    form = PackApplyForm(assessment, request.user, request.POST)
    if not form.is_valid():
        messages.error(request, _("The preview is out of date; upload the workbook again."))
        return redirect("pack-upload", pk)
    brought = form.cleaned_data["content"]
    try:
        if brought.problems and not form.cleaned_data["leave_out"]:
            raise actions.Refused(_("Say whether the rows with errors are to be left out."))
        counts = actions.apply_pack(
            assessment,
            brought.answers,
            brought.versions,
            seen=brought.seen,
            picks=form.picks,
            by=request.user,
            digest=brought.digest,
        )
    except actions.Refused as error:
        return _preview_again(request, assessment, seat, form, str(error))
    messages.success(request, _applied_words(sum(counts.values())))
    return redirect("pack-upload", pk)


def _preview_again(request, assessment, seat, form, message):
    try:
        return _preview(request, assessment, seat, form.cleaned_data["content"], form.picks, message)
    except actions.Refused as error:
        messages.error(request, str(error))
        return redirect("pack-upload", assessment.pk)


def _applied_words(count):
    if not count:
        return _("Nothing to do: what the workbook says is stored already.")
    return ngettext(
        "%(count)d answer taken from the workbook.", "%(count)d answers taken from the workbook.", count
    ) % {"count": count}


def _preview(request, assessment, seat, brought, picks=None, message=""):
    """What the workbook would change now; nothing is written."""
    changes = actions.compare_pack(assessment, brought.answers, brought.versions)
    refused = actions.refused_changes(assessment, changes, seat)
    unchanged = {code for code, change in changes.items() if change.kind == "unchanged"}
    brought = brought.without(refused, unchanged, {code: change.row.version for code, change in changes.items()})
    sealed = brought.seal(assessment, request.user)
    if len(sealed) > LONGEST_CONTENT:
        raise actions.Refused(_("The workbook changes too much at once; send it in parts, a department each."))
    framework = assessment.framework.outline()
    shown = [
        _shown(framework, changes[code], (picks or {}).get(code, {}))
        for code in framework.criteria
        if code in brought.answers
    ]
    context = {
        "assessment": assessment,
        "seat": seat,
        "brought": brought,
        "problems": brought.problems[:MOST_PROBLEMS],
        "sealed": sealed,
        "shown": shown,
        "counts": {kind: sum(item["kind"] == kind for item in shown) for kind in ("new", "changed", "conflicting")},
        "refusal": message,
    }
    return render(request, "pack/preview.html", context, status=422 if message else 200)


def _shown(framework, change, picks):
    """A change as the preview shows it: field by field what is stored and what the workbook says."""
    names = {"choice": _("Level"), "target": _("Own target"), "rationale": _("Rationale"), "evidence": _("Evidence")}
    fields = []
    for name, label in names.items():
        after = change.mine if name in change.conflicts else change.merged
        before, now = (_words(framework, answer, name) for answer in (change.theirs, after))
        if before != now:
            is_conflict = name in change.conflicts
            fields.append(
                {
                    "name": name,
                    "label": label,
                    "before": before,
                    "after": now,
                    "is_conflict": is_conflict,
                    "pick": picks.get(name, ""),
                }
            )
    return {"criterion": framework.criteria[change.code], "kind": change.kind, "row": change.row, "fields": fields}


def _words(framework: outline.Framework, answer: outline.Response, name: str) -> str:
    if name == "choice" and answer.not_applicable:
        return f"{_('Not applicable')}：{answer.not_applicable}"
    if name in ("choice", "target"):
        level = answer.level if name == "choice" else answer.target
        return next(
            (f"{step.level} {step.name.to(get_language())}" for step in framework.scale if step.level == level), ""
        )
    if name == "rationale":
        return answer.rationale.strip()
    pieces = ((e.title, e.reference, e.url, e.as_of.isoformat() if e.as_of else "") for e in answer.evidence)
    return "\n".join(" · ".join(filter(None, piece)) for piece in pieces)


# What is taken away


@require_safe
def pack_download(request, pk):
    assessment, seat = access.enter(request.user, pk, "pack")
    share = _named(request, actions.shares(assessment, seat))
    if share is None:
        return redirect("pack-upload", pk)
    data = write_workbook(_pack(assessment, seat, share))
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, assessment=assessment, target=share.name)
    called = f"{assessment.city.name}-{assessment.round}-{share.name}-{_('offline questionnaire')}.xlsx"
    return attachment(HttpResponse(data, content_type=XLSX), called, f"pack-{pk}.xlsx")


@require_safe
def questionnaire_print(request, pk):
    assessment, seat = access.enter(request.user, pk, "pack")
    shares = actions.shares(assessment, seat)
    share = _named(request, shares)
    if share is None:
        return redirect("pack-upload", pk)
    is_blank, framework = "blank" in request.GET, assessment.framework.outline()
    answers = {} if is_blank else {given.criterion: given for given in assessment.outline().responses}
    dimensions = [(dimension, _questions(framework, dimension, answers, share)) for dimension in framework.dimensions]
    context = {
        "assessment": assessment,
        "seat": seat,
        "share": share,
        "is_blank": is_blank,
        "framework": framework,
        "dimensions": [(dimension, questions) for dimension, questions in dimensions if questions],
        "shares": [other for other in shares if other.key != "all"],
    }
    return render(request, "pack/print.html", context)


def _questions(framework, dimension, answers, share):
    return [
        {
            "criterion": criterion,
            "answer": answers.get(criterion.code, outline.Response(criterion.code)),
            "levels": [(framework.scale[given.level], given.descriptor) for given in criterion.levels],
        }
        for criterion in dimension.criteria
        if criterion.code in share.codes
    ]


def _named(request, shares):
    """The share that the address names, or the person's first; none where nothing is theirs."""
    wanted = request.GET.get("holder")
    found = next((share for share in shares if wanted in (share.key, None)), None)
    if found is None and wanted is not None:
        raise Http404
    return found


def _pack(assessment, seat, share):
    framework = assessment.framework.outline()
    answers, versions = actions.answers_with_versions(assessment, share.codes)
    last = assessment.previous.outline().responses if assessment.previous else ()
    return Pack(
        framework=framework,
        slip=Slip(assessment.pk, framework.code, framework.version, share.key, versions),
        city=assessment.city.name,
        title=str(assessment),
        round=assessment.round,
        holder=share.name,
        due_on=assessment.due_on,
        answers=answers,
        writable=frozenset(access.answerable(assessment, seat)),
        last={given.criterion: given for given in last},
    )
