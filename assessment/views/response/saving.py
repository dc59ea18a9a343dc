"""One card saves itself, or is confirmed: small answers for the script on the page."""

from datetime import datetime

from django.db import transaction
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment import access, actions, merging, outline
from assessment.forms import ResponseForm, group_of
from assessment.forms import spelled as spelled_fields
from assessment.views.response.account import is_someone_else, someone_else_words
from assessment.views.response.cards import labels, side_by_side
from assessment.views.response.page import take


@require_POST
def response_save(request, pk, code):
    return _save(request, pk, code)


@require_POST
def response_confirm(request, pk, code):
    if request.htmx:
        return _save(request, pk, code, is_confirming=True)
    assessment, seat = access.enter(request.user, pk)
    dimension = assessment.framework.outline().home[access.criterion(assessment, code).code]
    return take(request, assessment, seat, dimension, {code})


def _save(request, pk, code, is_confirming=False):
    if is_someone_else(request):
        return _told(request, "other", 409, words=someone_else_words(request.user))
    try:
        with transaction.atomic():
            record = access.answering(request.user, pk, code)
            framework = record.framework.outline()
            form = _form(request, framework, outline.Response(code))
            if not form.is_valid():
                form = _form(request, framework, actions.row_of(record, code).outline())
            if not form.is_valid():
                return _told(request, "invalid", 422, form=form, fields=_wrong(form))
            done = actions.answer_locked(record, form.answer(), by=request.user, seen=form.shown, page=form.page)
            version = _confirm(record, done, request.user, form.page) if is_confirming else done.response.version
    except actions.Refused as error:
        return _told(request, "refused", 422, words=str(error))
    return _saved(request, framework, form, done, version)


def _form(request, framework, stored: outline.Response) -> ResponseForm:
    return ResponseForm(framework.criteria[stored.criterion], framework.highest, stored, request.POST)


def _confirm(record, done, user, page) -> int:
    """The number of the latest version. Who is asked about a conflict has not confirmed anything yet."""
    if done.conflicts or not done.response.is_unconfirmed:
        return done.response.version
    return done.response.version + actions.confirm(record, [done.response.criterion.code], by=user, page=page)


def _saved(request, framework, form, done, version):
    wanted, now = form.answer(), done.now
    others = _differing(wanted, now)
    context = {
        "version": version,
        "unconfirmed": done.response.is_unconfirmed and version == done.response.version,
        "form": form,
        "fields": {name: value for name, value in spelled_fields(now, form).items() if group_of(name) in others},
        "rows": form.rows_for(now) if "evidence" in others else None,
        "by": done.by,
        "at": done.at,
    }
    if done.conflicts:
        form.conflicts = done.conflicts
        return _told(request, "conflict", 409, conflict=side_by_side(form, framework, now), **context)
    merged = [label for field, label in labels().items() if field in others]
    return _told(request, "saved", 200, words=_moment(done.response.saved_at), merged=merged, **context)


def _differing(wanted: outline.Response, now: outline.Response) -> set[str]:
    """The fields in which the stored answer is not what was sent."""
    return {field for field in labels() if not merging.same_in(field, wanted, now)}


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    moment = f"{local:%H:%M}" if local.date() == timezone.localdate() else date_format(local, "Y-m-d H:i")
    return _("Saved %(moment)s") % {"moment": moment}


def _wrong(form) -> str:
    """Which fields of the card are not sound."""
    fields = {group_of(name) if name != "__all__" else "evidence" for name in form.errors}
    return " ".join(field for field in labels() if field in fields)


def _told(request, outcome, status, **context):
    return render(request, "response/_told.html", {"outcome": outcome, **context}, status=status)
