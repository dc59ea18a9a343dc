"""Rounds: the list, opening one, its particulars and targets, the overview, submitting."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions, gaps, outline, scoring
from assessment.forms import AssessmentForm, TargetsForm
from assessment.models import City, Event
from assessment.reports import content
from assessment.views.attempt import attempted, once_more, saving, written
from assessment.views.migration import may_undo, migration_of, newer_version
from assessment.views.next_step import Work, next_step

ROUNDS_A_PAGE = 50
MANY_ROUNDS = 4  # from so many on there is a box to search them


@require_safe
def assessment_list(request):
    words = request.GET.get("q", "").strip()
    rounds = access.assessments(request.user).prefetch_related("responses__criterion", "responses__evidence")
    page = Paginator(rounds.found_by(words) if words else rounds, ROUNDS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(round_, *_standing(round_)) for round_ in page]
    context = {
        "rows": rows,
        "page": page,
        "words": words,
        "may_search": bool(words) or page.paginator.count >= MANY_ROUNDS,
        "may_open": access.cities_to_open(request.user).exists(),
        "staffed": access.cities_to_staff(request.user)[:2],
    }
    return render(request, "assessment/list.html", context)


def _standing(round_):
    """The overall score as it counts, and both tracks where reviewers verified something."""
    framework, answers = round_.framework.outline(), round_.outline(round_.responses.all())
    return scoring.score(framework, answers).overall, content.tracks(framework, answers)


# Opening, particulars, targets


@once_more
def assessment_open(request):
    cities = access.cities_to_open(request.user)
    if not cities.exists():
        raise Http404
    form = AssessmentForm(request.POST if request.method == "POST" else None, cities=cities)
    if request.method == "POST" and form.is_valid():
        record = actions.create_round(form.save(commit=False), by=request.user)
        if "draft" in request.POST:
            messages.success(request, _("The draft is saved. Only the city's leads see it until you open it."))
        else:
            actions.open_round(record, by=request.user)
            messages.success(request, _("The round is open. Begin with any dimension."))
        return redirect(record)
    return _form_page(request, form, _("Open a round"))


@require_POST
def assessment_release(request, pk):
    assessment = access.assessment(request.user, pk, "open")
    attempted(request, _("The round is open."), actions.open_round, assessment)
    return redirect(assessment)


@once_more
def assessment_edit(request, pk):
    is_sent = request.method == "POST"
    with saving(request):
        assessment, seat = access.enter(request.user, pk, "edit", locked=is_sent)
        if not is_sent and not (assessment.is_open or assessment.is_draft):
            messages.error(request, _("The particulars of a round are changed before it is submitted."))
            return redirect(assessment)
        form = _particulars(assessment, request.POST if is_sent else None)
        if is_sent and form.is_valid():
            who = _who_edited(assessment, form)
            is_saved = _edit(request, assessment, form)
            if is_saved and not form.overtaken:
                return redirect(assessment)
            if is_saved:
                assessment.refresh_from_db()
                form = _particulars(assessment).ask(form, who)
    if form.is_bound:
        assessment.refresh_from_db()  # the page's heading names the round as it is
    return _form_page(request, form, _("Particulars of the round"), assessment=assessment, seat=seat)


def _particulars(assessment, data=None):
    return AssessmentForm(data, instance=assessment, cities=City.objects.filter(pk=assessment.city_id))


def _edit(request, assessment, form) -> bool:
    columns = {name: form.cleaned_data[name] for name in form.mine}
    done = "" if form.overtaken else _("Saved.")
    return attempted(request, done, actions.edit_round, assessment, columns)


def _who_edited(assessment, form) -> dict[str, str]:
    last = assessment.events.filter(verb=Event.Verb.EDITED).select_related("by").first()
    return dict.fromkeys(form.overtaken, str(last.by)) if last else {}


def _form_page(request, form, heading, **more):
    context = {"form": form, "heading": heading, **more}
    return render(request, "assessment/form.html", context, status=422 if form.is_bound else 200)


def assessment_targets(request, pk):
    is_sent = request.method == "POST"
    with saving(request):
        assessment, seat = access.enter(request.user, pk, "edit", locked=is_sent)
        form = _targets(assessment, request.POST if is_sent else None)
        if is_sent and form.is_valid():
            who = _who_set(assessment, form)
            is_saved = _set_targets(request, assessment, form)
            if is_saved and not form.overtaken:
                return redirect("assessment-targets", pk)
            if is_saved:
                form = _targets(assessment).ask(form, who)
    context = {
        "assessment": assessment,
        "seat": seat,
        "form": form,
        "is_locked": not (assessment.is_open or assessment.is_draft),
        "dimensions": _targets_by_dimension(assessment, form),
    }
    return render(request, "assessment/targets.html", context, status=422 if form.is_bound else 200)


def _targets(assessment, data=None):
    own = dict(assessment.responses.values_list("criterion__code", "target"))
    return TargetsForm(assessment.asked, assessment.framework.outline().highest, own, data)


def _set_targets(request, assessment, form) -> bool:
    done = "" if form.overtaken else _("The targets are saved.")
    return attempted(request, done, actions.set_targets, assessment, form.targets())


def _who_set(assessment, form) -> dict[str, str]:
    rows = assessment.responses.filter(criterion__code__in=form.overtaken).select_related("criterion", "saved_by")
    return {row.criterion.code: str(row.saved_by) for row in rows if row.saved_by}


def _targets_by_dimension(assessment, form):
    framework = assessment.framework.outline()
    profile = framework.target(assessment.target.code) if assessment.target else None
    blank = outline.Response("")
    return [
        (dimension, [(c, gaps.target_for(c, blank, profile), form[c.code]) for c in dimension.criteria])
        for dimension in framework.dimensions
        if assessment.asks(dimension.code)
    ]


# The overview


@require_safe
def assessment_detail(request, pk):
    assessment, seat = access.enter(request.user, pk)
    rows = list(assessment.responses.select_related("criterion").prefetch_related("evidence"))
    framework, answers = assessment.framework.outline(), assessment.outline(rows)
    report = content.build(framework, answers, draft=not assessment.is_approved)
    returns = list(
        assessment.returns.filter(settled_at=None).select_related("criterion__framework", "returned_by").order_by("pk")
    )
    mine = access.answerable(assessment, seat)
    freeze = assessment.freezes.select_related("approved_by").first()
    left = [a for a in report.answers if a.state == "blank" and assessment.asks(a.dimension)]
    context = {
        "assessment": assessment,
        "seat": seat,
        "report": report,
        "tracks": content.tracks(framework, answers),
        "lenses": _sections_by_lens(report),
        "asked": len(assessment.asked),
        "left": left,
        "step": next_step(assessment, seat, _work(assessment, rows, returns, mine), freeze),
        "returns": [(item, _may_settle(item, seat, mine)) for item in returns],
        "homes": {code: dimension.code for code, dimension in framework.home.items()},
        "freeze": freeze,
        **_moves(assessment, seat),
    }
    return render(request, "assessment/detail.html", context)


def _moves(assessment, seat):
    """Where the round came from, and the newer version to which the person may move it."""
    migration = migration_of(assessment)
    may_move = seat.may("migrate") and (assessment.is_open or assessment.is_draft)
    return {
        "migration": migration,
        "may_undo": migration and may_undo(seat, migration),
        "newer": newer_version(assessment.framework) if may_move else None,
    }


def _sections_by_lens(report):
    return [
        (lens, [section for section in report.sections if section.lens == lens.code]) for lens in report.summary.lenses
    ]


def _work(assessment, rows, returns, mine) -> Work:
    codes = [criterion.code for criterion in assessment.asked]
    by_code = {row.criterion.code: row for row in rows}
    returned = {item.criterion.code for item in returns if item.criterion}
    answered = {code for code, row in by_code.items() if row.level is not None or row.not_applicable}
    return Work(
        blank=[code for code in codes if code in mine and code not in answered],
        unconfirmed=[code for code in codes if code in mine & answered and by_code[code].is_unconfirmed],
        returned=[code for code in codes if code in mine and code in returned],
        is_returned_whole=any(item.criterion is None for item in returns),
        verified=sum(row.verified_level is not None for row in rows),
        asked=len(codes),
    )


# Submitting, withdrawing, settling returns


def assessment_submit(request, pk):
    assessment, seat = access.enter(request.user, pk, "submit")
    refused = ""
    if request.method == "POST":
        try:
            actions.submit(assessment, by=request.user)
        except actions.Refused as error:
            refused = str(error)
        else:
            messages.success(request, _("The round is submitted. The city's reviewers take over."))
            return redirect(assessment)
    context = {
        "assessment": assessment,
        "seat": seat,
        "refused": refused,
        "obstacles": _grouped(assessment, actions.obstacles(assessment)),
        "to_look_at": _grouped(assessment, actions.to_look_at(assessment)),
    }
    return render(request, "assessment/submit.html", context, status=422 if refused else 200)


def _grouped(assessment, found):
    """Kind by kind, each with the address of its card; a dimension's is its page."""
    groups: dict[str, list] = {}
    for obstacle in found:
        groups.setdefault(obstacle.kind, []).append((obstacle, _address(assessment, obstacle.code)))
    return list(groups.items())


def _address(assessment, code):
    home = assessment.framework.outline().home.get(code)
    if not code:
        return assessment.get_absolute_url() + "#returns"
    page = reverse("dimension-answer", args=[assessment.pk, home.code if home else code])
    return f"{page}#{code}" if home else page


@require_POST
def assessment_withdraw(request, pk):
    assessment = access.assessment(request.user, pk, "withdraw")
    reason = written(request, "reason")
    attempted(request, _("The round is withdrawn and can be changed again."), actions.withdraw, assessment, reason)
    return redirect(assessment)


@require_POST
def return_settle(request, pk, number):
    assessment, seat = access.enter(request.user, pk, "answer")
    item = get_object_or_404(assessment.returns.select_related("criterion", "assessment"), pk=number)
    if not _may_settle(item, seat, access.answerable(assessment, seat)):
        raise Http404
    reply = written(request, "reply")
    if not attempted(request, _("The return is settled."), actions.settle, item, reply) and reply:
        messages.info(request, _("Your reply was: %(reply)s") % {"reply": reply})
    return redirect(
        _address(assessment, item.criterion.code) if "back" in request.POST and item.criterion else assessment
    )


def _may_settle(item, seat, mine) -> bool:
    return seat.answers_everything or bool(item.criterion and item.criterion.code in mine)
