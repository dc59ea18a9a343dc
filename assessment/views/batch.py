"""Batches of reports: ordered from the desk, watched while they are made, cancelled, tried again, taken away."""

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
from assessment.models import Batch, BatchItem, Event
from assessment.views.attempt import attempted
from assessment.views.portfolio import back_to_desk, desk_page

BATCHES_A_PAGE = 30
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
    is_waiting = batch.state == Batch.State.WAITING
    waited = (timezone.now() - batch.heard_at).total_seconds() if is_waiting and batch.heard_at else 0
    return {
        "batch": batch,
        "is_under_way": batch.state in actions.UNDER_WAY,
        "is_left_waiting": waited > SOON,
        "settled": batch.total - batch.waiting,
        "failed": failed.select_related("assessment__city").order_by("assessment__city__code", "pk"),
        "lost": list(access.lost_cities(user, batch)) if batch.file else [],
        "expires_on": tasks.expires_on(batch),
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


@require_safe
def batch_download(request, pk):
    batch = access.batch(request.user, pk)
    name = batch.file.name
    if not name or access.lost_cities(request.user, batch).exists():
        raise Http404
    try:
        file = default_storage.open(name)
    except OSError:
        messages.error(request, _("The file is not on the server any more. Order the reports again."))
        return redirect("batch-detail", pk)
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, target="reports.zip", rows=batch.items.count())
    shown = f"reports-{timezone.localtime(batch.at):%Y%m%d-%H%M}.zip"
    return FileResponse(file, as_attachment=True, filename=shown, content_type="application/zip")
