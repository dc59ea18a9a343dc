"""Batches of reports: ordered from the desk, watched while they are made, cancelled, tried again, taken away."""

from typing import IO

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment import access, actions, tasks
from assessment.forms import BatchForm
from assessment.models import Batch, BatchItem, City, Event
from assessment.reports import words
from assessment.reports.making import EVERY
from assessment.views.attempt import attempted
from assessment.views.portfolio import back_to_desk, desk_page

BATCHES_A_PAGE = 30
OVER = [Batch.State.CANCELLED, Batch.State.EXPIRED]
SOON = 30  # seconds that a batch may wait before the page says that nobody seems to take it up


@require_safe
def batch_list(request):
    tasks.recover()
    batches = actions.counted(access.batches(request.user))
    page = Paginator(batches, BATCHES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "batch/list.html", {"page": page, "has_desk": access.has_desk(request.user)})


@require_http_methods(["GET", "POST"])
def batch_add(request):
    if request.method == "GET":
        return back_to_desk(request)
    rounds = access.desk(request.user)
    order = BatchForm(request.POST, rounds=rounds)
    if order.is_valid():
        tasks.recover()
        wanted = order.cleaned_data
        try:
            with transaction.atomic():
                batch = actions.create_batch(wanted["round"], wanted["forms"], wanted["language"], by=request.user)
                tasks.order(batch)
        except actions.Refused as error:
            order.add_error(None, str(error))
        else:
            return redirect("batch-detail", batch.pk)
    return desk_page(request, order, status=422)


@require_safe
def batch_detail(request, pk):
    batch = access.batch(request.user, pk)
    tasks.recover()
    template = "batch/_progress.html" if request.htmx else "batch/detail.html"
    return render(request, template, _standing(request.user, batch.pk))


def _standing(user, pk):
    batch = actions.counted(access.batches(user)).get(pk=pk)
    failed = batch.items.filter(state=BatchItem.State.FAILED)
    silent = int((timezone.now() - batch.heard_at).total_seconds()) if batch.heard_at else 0
    is_left, is_under_way = silent > SOON, batch.state in actions.UNDER_WAY
    held = frozenset() if batch.is_expired else tasks.held_by(batch)
    return {
        "batch": batch,
        "cities": City.objects.filter(pk__in=batch.items.values("assessment__city")).order_by("code"),
        "is_under_way": is_under_way,
        "is_left_waiting": is_left and batch.state == Batch.State.WAITING,
        "is_left_running": is_left and batch.state == Batch.State.RUNNING,
        "silent": silent,
        "goes_on_in": max(int(tasks.SILENCE.total_seconds()) - silent, 1),
        "settled": batch.made + batch.failed,
        "failed": failed.select_related("assessment__city").order_by("assessment__city__code", "pk"),
        "lost": list(access.lost_cities(user, batch, held)),
        "is_there": access.given_of(user, batch, held).exists(),
        "is_gone": not is_under_way and not held and (bool(batch.file) or batch.state in OVER),
    }


@require_POST
def batch_cancel(request, pk):
    batch = access.batch(request.user, pk)
    attempted(request, _("The batch is cancelled."), tasks.cancel, batch)
    return redirect("batch-detail", pk)


@require_POST
def batch_retry(request, pk):
    batch = access.batch(request.user, pk)
    attempted(request, _("What failed is made again."), tasks.retry, batch)
    return redirect("batch-detail", pk)


@require_POST
def batch_repeat(request, pk):
    """The same reports once more, of the cities that are still the user's, as a new batch."""
    batch = access.batch(request.user, pk)
    rounds = access.rounds_to_report(request.user).filter(pk__in=batch.items.values("assessment"))
    left_out = batch.items.exclude(assessment__in=rounds).values_list("assessment__city__name", flat=True).distinct()
    forms = [form for form in batch.forms if form in EVERY]
    try:
        with transaction.atomic():
            again = actions.create_batch(rounds.select_related("city"), forms, batch.language, by=request.user)
            tasks.order(again)
    except actions.Refused as error:
        messages.error(request, str(error))
        return redirect("batch-detail", pk)
    if names := list(left_out.order_by("assessment__city__name")):
        told = _("Not ordered again, as you have no role there any more: %(cities)s.")
        messages.warning(request, told % {"cities": words.listed(names)})
    return redirect("batch-detail", again.pk)


@require_safe
def batch_download(request, pk):
    batch = access.batch(request.user, pk)
    if batch.is_expired:
        return render(request, "batch/detail.html", _standing(request.user, pk), status=404)
    if not (name := batch.file.name):
        raise Http404
    held = tasks.held_by(batch)
    if not held:
        return _lost(request, pk)
    given = set(access.given_of(request.user, batch, held).values_list("pk", flat=True))
    if not given:
        raise Http404
    try:
        file: IO[bytes] = default_storage.open(name)
        if given != held:
            with file:
                file = tasks.part_of_archive(file, given)
    except OSError:
        return _lost(request, pk)
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, target="reports.zip", rows=len(given))
    shown = f"reports-{timezone.localtime(batch.at):%Y%m%d-%H%M}.zip"
    return FileResponse(file, as_attachment=True, filename=shown, content_type="application/zip")


def _lost(request, pk):
    messages.error(request, _("The file is not on the server any more. Order the reports again."))
    return redirect("batch-detail", pk)
