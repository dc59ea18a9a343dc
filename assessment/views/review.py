"""Review: what the city says of itself beside what holds up, level by level; then back or final."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions
from assessment.forms import ReturnForm, VerifyForm
from assessment.reports import content
from assessment.reports.content import Answer
from assessment.views.attempt import attempted, written


@require_POST
def review_begin(request, pk):
    assessment = access.assessment(request.user, pk, "review")
    if attempted(request, _("The review has begun; the answers stay as they are."), actions.begin_review, assessment):
        return redirect("review-detail", pk)
    return redirect(assessment)


# All criteria


@dataclass(frozen=True)
class Line:
    """A criterion as the reviewer's list shows it."""

    answer: Answer
    reason: str

    @property
    def is_unseen(self):
        return self.answer.verified_level is None

    @property
    def is_na(self):
        return bool(self.answer.not_applicable)

    @property
    def is_unproven(self):
        """As the report's annex counts: a level of 1 or more that names no evidence."""
        return bool(self.answer.level) and not self.answer.evidence

    @property
    def is_differing(self):
        return not self.is_unseen and self.answer.verified_level != self.answer.self_level

    @property
    def difference(self):
        own, verified = self.answer.self_level, self.answer.verified_level
        return None if own is None or verified is None else verified - own


FILTERS = {
    "unseen": (gettext_lazy("Not verified yet"), lambda line: line.is_unseen),
    "na": (gettext_lazy("Not applicable"), lambda line: line.is_na),
    "unproven": (gettext_lazy("Without evidence"), lambda line: line.is_unproven),
    "differing": (gettext_lazy("Differing"), lambda line: line.is_differing),
}


@require_safe
def review_detail(request, pk):
    assessment, seat = access.enter(request.user, pk)
    rows = list(assessment.responses.select_related("criterion").prefetch_related("evidence"))
    framework, answers = assessment.framework.outline(), assessment.outline(rows)
    report = content.build(framework, answers, draft=not assessment.is_approved)
    lines = _lines(assessment, report, rows)
    show = request.GET.get("show") if request.GET.get("show") in FILTERS else ""
    shown = {code: line for code, line in lines.items() if not show or FILTERS[show][1](line)}
    context = {
        "assessment": assessment,
        "seat": seat,
        "sections": _shown_sections(report, shown),
        "tracks": content.tracks(framework, answers),
        "verified": sum(not line.is_unseen for line in lines.values()),
        "all": len(lines),
        "filters": [(key, words, sum(map(fits, lines.values()))) for key, (words, fits) in FILTERS.items()],
        "show": show,
        "may_return": assessment.is_under_review and seat.may("return"),
    }
    return render(request, "review/detail.html", context)


def _lines(assessment, report, rows) -> dict[str, Line]:
    """Those that the round asks, by code."""
    reasons = {row.criterion.code: row.verified_reason for row in rows}
    return {a.code: Line(a, reasons.get(a.code, "")) for a in report.answers if assessment.asks(a.dimension)}


def _shown_sections(report, shown):
    sections = [(section, [shown[a.code] for a in section.answers if a.code in shown]) for section in report.sections]
    return [(section, lines) for section, lines in sections if lines]


# One dimension


def dimension_review(request, pk, code):
    assessment, seat = access.enter(request.user, pk, "review" if request.method == "POST" else "read")
    dimensions = [d for d in assessment.framework.outline().dimensions if assessment.asks(d.code)]
    dimension = next((d for d in dimensions if d.code == code), None)
    if dimension is None:
        raise Http404
    rows = _rows(assessment, dimension)
    forms = _verify_forms(assessment, seat, dimension, rows, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        saved = _verify(request, assessment, forms)
        if not any(form.errors for form in forms.values()):
            messages.success(request, _saved_words(saved))
            return redirect(_after_review(request, assessment, dimensions, code))
        rows = _rows(assessment, dimension)
    context = {
        "assessment": assessment,
        "seat": seat,
        "dimension": dimension,
        "refused": [form for form in forms.values() if form.errors],
        "marked": request.POST.getlist("mark"),
        "may_verify": _may_verify(assessment, seat),
        **_answers_context(assessment, dimension, rows, forms),
        **_neighbours([d.code for d in dimensions], code),
    }
    return render(request, "review/dimension.html", context, status=422 if context["refused"] else 200)


def _answers_context(assessment, dimension, rows, forms):
    framework, answers = assessment.framework.outline(), assessment.outline()
    report, tracks = content.build(framework, answers), content.tracks(framework, answers)
    section = next(section for section in report.sections if section.code == dimension.code)
    return {
        "framework": framework,
        "section": section,
        "track": tracks.dimensions[dimension.code] if tracks else None,
        "cards": [
            (answer, criterion, rows.get(answer.code), forms.get(answer.code))
            for answer, criterion in zip(section.answers, dimension.criteria, strict=True)
        ],
    }


def _neighbours(codes, code):
    position = codes.index(code)
    return {"previous": codes[position - 1] if position else "", "following": (*codes, "")[position + 1]}


def _may_verify(assessment, seat) -> bool:
    return assessment.is_under_review and seat.may("review")


def _rows(assessment, dimension):
    rows = assessment.responses.filter(criterion__code__in=[c.code for c in dimension.criteria])
    return {row.criterion.code: row for row in rows.select_related("criterion", "saved_by", "verified_by")}


def _verify_forms(assessment, seat, dimension, rows, data) -> dict[str, VerifyForm]:
    """By code; none for what the reviewer answered, and none at all outside the review."""
    if data is None and not _may_verify(assessment, seat):
        return {}
    own, highest = actions.authored(assessment, seat.user), assessment.framework.outline().highest
    return {
        c.code: VerifyForm(c.code, highest, _shown(assessment, c.code, rows.get(c.code), data), data)
        for c in dimension.criteria
        if c.code not in own
    }


def _shown(assessment, code, row, data) -> tuple[int | None, str]:
    """Level and reason as the reviewer had them on the screen."""
    stored = (row.verified_level, row.verified_reason) if row else (None, "")
    seen = (data or {}).get(f"{code}-seen", "")
    if not (seen.isdecimal() and len(seen) < 10) or (row and int(seen) == row.version):
        return stored
    version = assessment.versions.filter(criterion__code=code, number=int(seen)).first()
    return (version.answer.get("verified_level"), version.verified_reason) if version else (None, "")


def _verify(request, assessment, forms) -> int:
    """Saves what the reviewer changed; what is refused stays on the screen with the reason why."""
    saved = 0
    for form in forms.values():
        if form.is_valid() and form.has_changed():
            saved += _verify_one(request, assessment, form)
    return saved


def _verify_one(request, assessment, form) -> bool:
    values, shown = form.cleaned_data, (form.initial["level"], form.initial["reason"])
    try:
        actions.verify(assessment, form.code, values["level"], values["reason"], by=request.user, shown=shown)
    except actions.Overtaken:
        form.add_error(None, _overtaken_words(actions.row_of(assessment, form.code)))
        return False
    except actions.Refused as error:
        form.add_error(None, str(error))
        return False
    return True


def _overtaken_words(row) -> str:
    level = "—" if row.verified_level is None else row.verified_level
    return _(
        "%(name)s verified this while you were reading (level %(level)s: %(reason)s). Yours stands below and is not"
        " saved yet: save again to replace theirs."
    ) % {"name": row.verified_by or _("Someone else"), "level": level, "reason": row.verified_reason or "—"}


def _saved_words(saved) -> str:
    if not saved:
        return _("Nothing was changed.")
    return ngettext("%(count)d level verified.", "%(count)d levels verified.", saved) % {"count": saved}


def _after_review(request, assessment, dimensions, code):
    if "return" in request.POST:
        marks = urlencode({"criterion": request.POST.getlist("mark")}, doseq=True)
        return f"{reverse('assessment-return', args=[assessment.pk])}?{marks}"
    onward = _neighbours([d.code for d in dimensions], code)["following"] if "continue" in request.POST else code
    if not onward:
        return reverse("review-detail", args=[assessment.pk])
    return reverse("dimension-review", args=[assessment.pk, onward])


# Back, final, open again


def assessment_return(request, pk):
    assessment, seat = access.enter(request.user, pk, "return")
    given = request.POST if request.method == "POST" else request.GET
    criteria = assessment.asked
    form = ReturnForm(criteria, given.getlist("criterion"), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _("The round is back with the city, with your reasons.")
        if attempted(request, done, actions.return_for_revision, assessment, form.reasons()):
            return redirect(assessment)
    fields = {c.code: form[form.name_of(c.code)] for c in criteria}
    open_fields = [code for code, field in fields.items() if code in form.marked or (form.is_bound and field.value())]
    context = {
        "assessment": assessment,
        "seat": seat,
        "form": form,
        "marked": [fields[code] for code in open_fields],
        "others": [field for code, field in fields.items() if code not in open_fields],
    }
    return render(request, "review/return.html", context, status=422 if form.is_bound else 200)


def assessment_approve(request, pk):
    assessment, seat = access.enter(request.user, pk, "approve")
    if request.method == "POST":
        done = _("The round is final; its answers and scores are frozen.")
        attempted(request, done, actions.approve, assessment)
        return redirect(assessment)
    answers = assessment.outline()
    framework = assessment.framework.outline()
    context = {
        "assessment": assessment,
        "seat": seat,
        "report": content.build(framework, answers, draft=True),
        "tracks": content.tracks(framework, answers),
        "asked": len(assessment.asked),
        "own": sorted(actions.authored(assessment, request.user)),
    }
    return render(request, "review/approve.html", context)


@require_POST
def assessment_reopen(request, pk):
    assessment = access.assessment(request.user, pk, "reopen")
    done = _("The round is open again as its next revision; the frozen result stays.")
    attempted(request, done, actions.reopen, assessment, written(request, "reason"))
    return redirect(assessment)
