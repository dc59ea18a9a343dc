"""The event log: read, searched and taken away; nothing in it can be changed."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import access
from assessment.exchange.log import MEDIA_TYPE, MOST_ROWS, write_log
from assessment.forms import EventFilter
from assessment.models import Event

EVENTS_A_PAGE = 50
FILE = "events.xlsx"


@require_safe
def event_list(request):
    form = EventFilter(request.GET, events=access.events(request.user))
    page = Paginator(form.found(), EVENTS_A_PAGE).get_page(request.GET.get("page"))
    chosen = form.cleaned_data.get("assessment")
    context = {
        "form": form,
        "page": page,
        "open_to_me": access.rounds_among(request.user, {event.assessment_id for event in page}),
        "round": chosen,
        "seat": chosen and access.seat_in(request.user, chosen.city),
        "is_narrowed": any(form.cleaned_data.values()),
        "most": MOST_ROWS,
    }
    return render(request, "event/list.html", context)


@require_safe
def event_export(request):
    form = EventFilter(request.GET, events=access.events(request.user))
    events = form.found()
    written = min(events.count(), MOST_ROWS)
    data = write_log(events[:MOST_ROWS])
    sought, city = form.cleaned_data, form.cleaned_data.get("city")
    Event.objects.record(
        Event.Verb.EXPORTED,
        by=request.user,
        city=city,
        assessment=sought.get("assessment"),
        target=FILE,
        rows=written,
    )
    response = HttpResponse(data, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response
