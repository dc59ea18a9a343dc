"""A framework version to take away: as the file that loads it again, or as a workbook."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import access
from assessment.exchange.document import FileError
from assessment.exchange.framework import write_framework, write_framework_book
from assessment.models import Event

YAML = "application/yaml; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def framework_file(request, code, version):
    record = access.framework(request.user, code, version)
    return _attachment(request, record, write_framework(record.outline()).encode(), YAML, "yaml")


@require_safe
def framework_book(request, code, version):
    record = access.framework(request.user, code, version)
    try:
        data = write_framework_book(record.outline())
    except FileError as error:
        places = "；".join(str(problem) for problem in error.problems[:3])
        messages.error(request, _("This framework does not fit into a workbook: %(places)s") % {"places": places})
        return redirect("framework-detail", code, version)
    return _attachment(request, record, data, XLSX, "xlsx")


def _attachment(request, record, data, media_type, ending):
    name = f"{record.code}-{record.version}.{ending}"
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, target=name)
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(data, content_type=media_type, headers=headers)
