"""A roster: download the list, check an upload, apply it, hand out the new accounts' links."""

from dataclasses import asdict
from datetime import date

from django.contrib import messages
from django.core import signing
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions
from assessment.exchange.roster import MEDIA_TYPE, read_roster, write_links, write_roster
from assessment.forms import RosterForm
from assessment.views.account import link_for
from assessment.views.attempt import once_more

DAYS = ("starts_on", "ends_on")


@require_safe
def roster_download(request, code):
    city = access.city(request.user, code)
    rows = city.memberships.select_related("user", "department").order_by("department__name", "user__name", "pk")
    data = write_roster(rows, city.departments.values_list("name", flat=True))
    return _workbook(data, _("%(city)s people.xlsx") % {"city": city})


@never_cache
@once_more
def roster_import(request, code):
    """An upload is only looked at. What it says comes back with the confirmation, signed, and is looked at again."""
    city = access.city(request.user, code)
    if "checked" in request.POST:
        return _apply(request, city)
    form = RosterForm(request.POST or None, request.FILES or None)
    context = {"city": city, "form": form}
    if request.method == "POST" and form.is_valid():
        roster = read_roster(form.cleaned_data["file"].read())
        context |= _checked(request, city, roster.entries, roster.problems)
    return render(request, "member/roster.html", context, status=422 if form.errors else 200)


def _checked(request, city, entries, problems=()):
    plan = actions.plan_roster(city, entries, by=request.user)
    plan.problems = [*problems, *plan.problems]
    return {"plan": plan, "checked": _seal(city, entries, plan)}


def _apply(request, city):
    entries, shown = _unseal(city, request.POST["checked"])
    plan = actions.plan_roster(city, entries, by=request.user)
    try:
        made = actions.apply_roster(city, entries, by=request.user, shown=shown)
    except actions.Refused:
        messages.error(request, _("The city's people were changed meanwhile. Look again; nothing was written."))
        context = {"city": city, "form": RosterForm(), **_checked(request, city, entries)}
        return render(request, "member/roster.html", context, status=409)
    rows = [(account, link_for(request, account)) for account in made]
    links = [(account.name, account.username, link) for account, link in rows]
    context = {"city": city, "plan": plan, "rows": rows, "sealed": signing.dumps(links, salt="links", compress=True)}
    return render(request, "member/roster_applied.html", context)


@require_POST
@never_cache
def roster_links(request, code):
    city = access.city(request.user, code)
    try:
        rows = signing.loads(request.POST.get("links", ""), salt="links", max_age=24 * 60 * 60)
    except signing.BadSignature as error:
        raise BadRequest from error
    return _workbook(write_links(rows), _("%(city)s one-time links.xlsx") % {"city": city})


def _seal(city, entries, plan):
    """The entries and a digest of what they would do, so that only what was shown can be confirmed."""
    plain = [asdict(entry) | {name: str(getattr(entry, name) or "") for name in DAYS} for entry in entries]
    return signing.dumps([plain, plan.digest], salt=f"roster {city.pk}", compress=True)


def _unseal(city, sealed):
    try:
        plain, digest = signing.loads(sealed, salt=f"roster {city.pk}", max_age=24 * 60 * 60)
    except signing.BadSignature as error:
        raise BadRequest from error
    days = [{name: date.fromisoformat(row[name]) if row[name] else None for name in DAYS} for row in plain]
    return [actions.Entry(**row | when) for row, when in zip(plain, days, strict=True)], digest


def _workbook(data, name):
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(data, content_type=MEDIA_TYPE, headers=headers)
