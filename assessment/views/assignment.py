"""Whose turn it is: who answers what, one's own tasks, handing in, and the lead's board."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions
from assessment.forms import AssignmentForm
from assessment.models import Event
from assessment.views.attempt import attempted, once_more, saving, written


@once_more
def assignment_edit(request, pk):
    is_sent = request.method == "POST"
    with saving(request):
        assessment, seat = access.enter(request.user, pk, "assign", locked=is_sent)
        holders = [*assessment.city.departments.all(), *access.writers(assessment.city)]
        form = _given(assessment, holders, request.POST if is_sent else None)
        if is_sent and form.is_valid():
            who = _who_assigned(assessment, form)
            is_saved = _assign(request, assessment, form)
            if is_saved and not form.overtaken:
                return redirect("assignment-edit", pk)
            if is_saved:
                form = _given(assessment, holders).ask(form, who)
    may_change = assessment.is_draft or assessment.is_open
    context = {"assessment": assessment, "seat": seat, "form": form, "may_change": may_change, "holders": holders}
    return render(request, "assignment/edit.html", context, status=422 if form.is_bound else 200)


def _given(assessment, holders, data=None):
    return AssignmentForm(assessment, assessment.assignments.whole(), holders, data)


def _assign(request, assessment, form) -> bool:
    done = "" if form.overtaken else _changed_words
    return attempted(request, done, actions.assign, assessment, *form.wanted())


def _who_assigned(assessment, form) -> dict[str, str]:
    codes = {name: name.partition("-")[2] for name in form.overtaken}
    verbs = [Event.Verb.ASSIGNED, Event.Verb.UNASSIGNED]
    events = assessment.events.filter(verb__in=verbs, target__in=codes.values()).select_related("by")
    last = {event.target: str(event.by) for event in events.order_by("at", "pk")}
    return {name: last.get(code, "") for name, code in codes.items()}


def _changed_words(count):
    if not count:
        return _("Nothing was changed.")
    return ngettext("%(count)d part changed.", "%(count)d parts changed.", count) % {"count": count}


@require_safe
def task_list(request):
    rounds = list(access.own_rounds(request.user))
    mine = set(access.own_parts(request.user).values_list("pk", flat=True))
    own = [part for part in actions.parts(rounds) if part.given and part.given.pk in mine]
    whole = actions.returned_whole(rounds)
    tasks = [
        {
            "assessment": record,
            "parts": list(held),
            "whole": [item for item in whole if item.assessment_id == record.pk],
        }
        for record, held in groupby(own, key=lambda part: part.record)
    ]
    context = {
        "tasks": tasks,
        "mentions": access.mentions(request.user),
        "led": access.cities_to_open(request.user).exists(),
    }
    return render(request, "assignment/tasks.html", context)


@require_POST
def part_hand_in(request, pk):
    given, seat = access.part(request.user, pk, "hand_in")
    try:
        actions.hand_in(given, by=request.user)
    except actions.InTheWay as error:
        context = {"given": given, "assessment": given.assessment, "seat": seat, "error": error}
        context |= {"home": given.assessment.framework.outline().home, "back": _back(given, seat)}
        return render(request, "assignment/refused.html", context, status=422)
    except actions.Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(code)s is handed in; the lead looks at it now.") % {"code": given.part.code})
    return redirect(_back(given, seat))


@require_POST
def part_take_back(request, pk):
    given, seat = access.part(request.user, pk, "hand_in")
    if not seat.holds(given):
        raise Http404
    try:
        actions.take_back(given, by=request.user)
        messages.success(request, _("%(code)s is yours again.") % {"code": given.part.code})
    except actions.Refused as error:
        messages.error(request, str(error))
    return redirect("task-list")


@require_POST
def part_accept(request, pk):
    given, _seat = access.part(request.user, pk, "accept")
    try:
        actions.accept(given, by=request.user)
        messages.success(request, _("%(code)s is accepted.") % {"code": given.part.code})
    except actions.Refused as error:
        messages.error(request, str(error))
    return redirect("board-detail", given.assessment_id)


@require_POST
def part_give_back(request, pk):
    given, seat = access.part(request.user, pk, "accept")
    reason = written(request, "reason")
    try:
        actions.give_back(given, reason, by=request.user)
    except actions.Refused as error:
        messages.error(request, str(error))
        return _board(request, given.assessment, seat, refused={given.pk: reason})
    messages.success(request, _("%(code)s is given back with your reason.") % {"code": given.part.code})
    return redirect("board-detail", given.assessment_id)


def _back(given, seat):
    """Holders come from their tasks, leads from the board."""
    return reverse("task-list") if seat.holds(given) else reverse("board-detail", args=[given.assessment_id])


@require_safe
def board_detail(request, pk):
    assessment, seat = access.enter(request.user, pk, "board")
    return _board(request, assessment, seat)


def _board(request, assessment, seat, refused=None):
    """`refused`: what was typed as reason for giving a part back, by the part's key."""
    rows = _rows(request, assessment, may_mail=seat.may("assign"))
    context = {"assessment": assessment, "seat": seat, "rows": rows, "refused": refused or {}}
    context["may_decide"] = seat.may("accept") and assessment.is_open
    return render(request, "assignment/board.html", context, status=422 if refused else 200)


def _rows(request, assessment, may_mail):
    reached = access.mail_addresses(assessment.city) if may_mail and actions.has_mailer() else {}
    return [
        {
            "holding": holding,
            "reminder": _reminder(request, assessment, holding),
            "addresses": reached.get(holding.key, []),
        }
        for holding in actions.holdings(assessment)
    ]


def _reminder(request, assessment, holding):
    """A plain text that names what is still open; empty where nothing is."""
    if not (holding.holder and holding.waiting and assessment.is_open):
        return ""
    address = request.build_absolute_uri(reverse("task-list"))
    context = {"assessment": assessment, "holding": holding, "address": address}
    return render_to_string("assignment/reminder.txt", context).strip()


@require_POST
def board_remind(request, pk):
    assessment, _seat = access.enter(request.user, pk, "assign")
    wanted = request.POST.get("holder", "")
    row = next((row for row in _rows(request, assessment, may_mail=True) if row["holding"].key == wanted), None)
    if not row or not row["reminder"]:
        messages.error(request, _("nothing of theirs is open"))
        return redirect("board-detail", pk)
    try:
        actions.remind(assessment, row["holding"].holder, row["addresses"], row["reminder"], by=request.user)
        messages.success(request, _("The reminder is on its way to %(to)s.") % {"to": ", ".join(row["addresses"])})
    except actions.Refused as error:
        messages.error(request, str(error))
    return redirect("board-detail", pk)
