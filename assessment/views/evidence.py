"""Evidence files: added to an answer, used again, downloaded; and the register of all evidence of a round."""

from django.contrib import messages
from django.db.models import F, Prefetch
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from assessment import access, actions
from assessment.forms import ResponseForm
from assessment.forms.evidence import FileForm, ReuseForm
from assessment.models import Assessment, Event, Evidence
from assessment.reports import history

ROWS = "response/_evidence_rows.html"


@require_POST
def file_add(request, pk, code):
    assessment, seat, criterion = _answerable(request.user, pk, code)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        sent, title = form.upload, form.cleaned_data["title"]
        given = {"media_type": sent.media_type, "title": title, "by": request.user}
        _attempt(form, lambda: actions.add_file(assessment, code, sent.name, sent.data, **given))
    return _answered(request, assessment, seat, criterion, form)


@require_POST
def file_reuse(request, pk, code):
    assessment, seat, criterion = _answerable(request.user, pk, code)
    form = ReuseForm(request.POST, files=access.files(request.user).filter(city=assessment.city))
    if form.is_valid():
        stored, title = form.cleaned_data["file"], form.cleaned_data["title"]
        _attempt(form, lambda: actions.reuse_file(assessment, code, stored, title=title, by=request.user))
    return _answered(request, assessment, seat, criterion, form)


def _answerable(user, pk, code):
    assessment, seat = access.enter(user, pk, "answer")
    criterion = access.criterion(assessment, code)
    if code not in access.answerable(assessment, seat):
        raise Http404
    return assessment, seat, criterion


def _attempt(form, action):
    try:
        action()
    except actions.Refused as error:
        form.add_error(None, str(error))


def _answered(request, assessment, seat, criterion, form):
    """For a script the evidence rows as they stand; for people a redirect to where they came from."""
    context = {"assessment": assessment, "seat": seat, "criterion": criterion, "file_form": form}
    context["address"] = "file-add" if isinstance(form, FileForm) else "file-reuse"
    if request.htmx and _is_there(ROWS):
        return render(request, ROWS, context | _card(assessment, criterion), status=422 if form.errors else 200)
    if form.errors and not request.htmx:
        return render(request, "evidence/add.html", context, status=422)
    if form.errors:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        messages.success(request, _("The file is part of the evidence now."))
    address = _back(request, assessment, criterion.code)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _card(assessment, criterion):
    row = actions.row_of(assessment, criterion.code)
    form = ResponseForm(criterion, assessment.framework.outline().highest, row.outline())
    return {"form": form, "row": row, "seen": row.version}


def _back(request, assessment, code):
    if request.POST.get("back") == "criterion":
        return reverse("criterion-detail", args=[assessment.pk, code])
    home = assessment.framework.outline().home[code].code
    return f"{reverse('dimension-answer', args=[assessment.pk, home])}#{code}"


def _is_there(template):
    try:
        return bool(get_template(template))
    except TemplateDoesNotExist:
        return False


@require_safe
def file_download(request, pk):
    stored = access.stored_file(request.user, pk)
    try:
        content = stored.content.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The file is missing in the server's store.")) from error
    Event.objects.record(Event.Verb.EXPORTED, by=request.user, city=stored.city, target=stored.name, file=stored.mark)
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def evidence_list(request, pk):
    assessment, seat = access.enter(request.user, pk)
    framework = assessment.framework.outline()
    responses = {row.criterion.code: row for row in _responses(assessment)}
    rows = [responses[code] for code in framework.criteria if code in responses]
    unproven = [row for row in rows if (row.level or 0) >= 1 and not row.evidence.all()]
    context = {
        "assessment": assessment,
        "seat": seat,
        "criteria": framework.criteria,
        "homes": {code: dimension.code for code, dimension in framework.home.items()},
        "only_unproven": "unproven" in request.GET,
        "unproven": unproven,
        "pieces": _pieces(assessment, rows),
        "readable": set(access.files(request.user).filter(city=assessment.city).values_list("pk", flat=True)),
        "stored": _stored_files(request.user, assessment.city),
    }
    return render(request, "evidence/list.html", context)


def _responses(assessment):
    evidence = Prefetch("evidence", Evidence.objects.select_related("file"))
    return assessment.responses.select_related("criterion", "saved_by").prefetch_related(evidence)


def _pieces(assessment, rows):
    """Every piece with the version that brought it."""
    values = assessment.versions.order_by("number").values_list(
        "criterion__code", "by__name", "by__username", "at", F("answer__evidence")
    )
    proofs = (history.Proof(code, name or login or "", at, given) for code, name, login, at, given in values)
    brought = history.brought(proofs)
    return [
        {"row": row, "piece": piece, "brought": brought.get((row.criterion.code, history.piece(piece)))}
        for row in rows
        for piece in row.evidence.all()
    ]


def _stored_files(user, city):
    """The city's files that the person may see, with the answers in which they may see them."""
    visible = Evidence.objects.filter(response__assessment__in=Assessment.objects.visible_to(user).current())
    visible = visible.select_related("response__assessment__city", "response__criterion").order_by("pk")
    files = access.files(user).filter(city=city).select_related("uploaded_by")
    return files.prefetch_related(Prefetch("uses", visible, to_attr="seen_uses"))
