"""What was: every version of an answer, any of them had back, and the whole round as it was on a day."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions
from assessment.forms.comment import CommentForm
from assessment.forms.evidence import FileForm, ReuseForm
from assessment.forms.history import MomentForm
from assessment.merging import FIELDS
from assessment.reports import content, history

VERSIONS_A_PAGE = 50
DAYS_SHOWN = 60


@require_safe
def criterion_detail(request, pk, code):
    assessment, seat = access.enter(request.user, pk)
    criterion = access.criterion(assessment, code)
    versions = assessment.versions.filter(criterion__code=code).select_related("criterion", "by").order_by("number")
    steps = history.steps(versions, code)
    files = {stored.mark: stored for stored in access.files(request.user).filter(city=assessment.city)}
    may_answer = code in access.answerable(assessment, seat)
    context = {
        "assessment": assessment,
        "seat": seat,
        "framework": assessment.framework.outline(),
        "criterion": criterion,
        "dimension": assessment.framework.outline().home[code],
        "row": assessment.responses.filter(criterion__code=code).select_related("saved_by", "verified_by").first(),
        "latest": steps[-1] if steps else None,
        "last": history.last_values(steps),
        "page": Paginator(steps[::-1], VERSIONS_A_PAGE).get_page(request.GET.get("page")),
        "files": files,
        "may_answer": may_answer,
        "earlier": _earlier(assessment, seat, code),
        **_comments(assessment, seat, code),
    }
    if may_answer:
        context |= {"file_form": FileForm(), "reuse_form": _reuse_form(request.user, assessment, files)}
    return render(request, "criterion/detail.html", context)


def _earlier(assessment, seat, code):
    """The criteria from which the answer came when the round moved: each with its round and how many comments it has."""
    migration = getattr(assessment, "migration", None)
    if migration is None:
        return []
    source, rows = migration.source, [row for row in migration.plan if row.get("new", {}).get("criterion") == code]
    codes = [answer["criterion"] for row in rows for answer in row["old"]]
    written = access.comments(source, seat).filter(criterion__code__in=codes).order_by()
    counts = Counter(written.values_list("criterion__code", flat=True))
    return [(source, c, counts[c.code]) for c in source.asked if c.code in codes]


def _reuse_form(user, assessment, files):
    return ReuseForm(files=access.files(user).filter(city=assessment.city), auto_id="reuse-%s") if files else None


def _comments(assessment, seat, code):
    written = access.comments(assessment, seat).filter(criterion__code=code)
    written = list(written.select_related("written_by", "resolved_by").prefetch_related("mentions"))
    may_comment = seat.may("comment") and not (assessment.is_draft or assessment.is_moved or assessment.is_undone)
    threads = [
        {
            "head": head,
            "replies": [reply for reply in written if reply.parent_id == head.pk],
            "may_settle": access.may_settle(seat, head),
        }
        for head in written
        if head.parent_id is None
    ]
    people = access.commenters(assessment.city)
    form = CommentForm(threads=None, people=people, readers=(), may_note=seat.may("note")) if may_comment else None
    return {"threads": threads, "may_comment": may_comment, "comment_form": form}


@require_POST
def response_restore(request, pk, code):
    assessment, seat = access.enter(request.user, pk, "answer")
    number, field = request.POST.get("number", ""), request.POST.get("field", "")
    is_known = number.isascii() and number.isdigit() and len(number) <= 9
    if code not in access.answerable(assessment, seat) or not is_known or field not in ("", *history.RESTORABLE):
        raise Http404
    names = FIELDS.get(field, (field,)) if field else ()
    try:
        with transaction.atomic():
            record = access.answering(request.user, pk, code)
            row = actions.restore(record, code, int(number), by=request.user, fields=names)
        messages.success(
            request,
            _("Version %(number)s is the answer again; it is kept as version %(now)d.")
            % {"number": number, "now": row.version},
        )
    except actions.Refused as error:
        messages.error(request, str(error))
    return redirect(reverse("criterion-detail", args=[pk, code]))


@require_safe
def assessment_as_of(request, pk):
    assessment, seat = access.enter(request.user, pk)
    form = MomentForm(request.GET if "on" in request.GET else None)
    context = {"assessment": assessment, "seat": seat, "form": form, "days": _days(assessment)}
    if form.is_valid():
        context |= _as_it_was(assessment, form.cleaned_data["on"], request.user)
    return render(request, "history/as_of.html", context, status=422 if form.errors else 200)


def _as_it_was(assessment, moment, user):
    versions = assessment.versions.as_of(moment).select_related("criterion", "by")
    rows = {version.criterion.code: version for version in versions}
    framework = assessment.framework.outline()
    then = assessment.answered_by({code: version.outline() for code, version in rows.items()})
    return {
        "moment": moment,
        "versions": rows,
        "framework": framework,
        "report": content.build(framework, then),
        "files": {stored.mark: stored for stored in access.files(user).filter(city=assessment.city)},
    }


def _days(assessment):
    """The last days on which something was saved, with how often; the newest first."""
    saves = assessment.versions.annotate(day=TruncDate("at", tzinfo=timezone.get_current_timezone()))
    return saves.order_by("-day").values("day").annotate(count=Count("pk"))[:DAYS_SHOWN]
