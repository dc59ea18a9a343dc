"""A framework's sources: their passages, and how each quotation stands in the official text."""

from collections import Counter

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessment import access, actions
from assessment.forms.source import TextForm
from assessment.models import Passage
from assessment.quoting import Check


def source_list(request, code, version):
    record = access.framework(request.user, code, version)
    form = None
    if request.method == "POST":
        source = access.source(request.user, record, request.POST.get("source", ""))
        form = _form(source, request.POST, request.FILES)
        if form.is_valid() and _kept(request, record, form, source):
            return _back(record, source.code)
    return render(request, "source/list.html", _context(request, record, form), status=422 if form else 200)


@require_POST
def text_decide(request, code, version, pk):
    """The text counts from now on, or is withdrawn."""
    record = access.framework(request.user, code, version)
    text = access.official_text(request.user, record, pk)
    counts = request.POST.get("counts") == "yes"
    actions.decide_on_text(text, counts=counts, by=request.user)
    given = {"edition": text.edition}
    messages.success(
        request,
        _("“%(edition)s” counts: the quotations below are checked against it.") % given
        if counts
        else _("“%(edition)s” is withdrawn; the quotations below are no longer checked against it.") % given,
    )
    return _back(record, text.source)


def _back(record, source):
    return redirect(f"{reverse('source-list', args=[record.code, record.version])}#source-{source}")


def _form(source, data=None, files=None):
    return TextForm(data, files, auto_id=f"id_{source.code}_%s", initial={"edition": str(source.edition)})


def _kept(request, record, form, source):
    reading, edition = form.reading, form.cleaned_data["edition"]
    try:
        text = actions.add_text(
            record.code, source.code, edition, reading.name, reading.text, reading.sha256, by=request.user
        )
    except actions.Refused as error:
        form.add_error("file", str(error))
        return False
    if text.edition == edition:
        messages.success(request, _("The text is kept; the quotations below are checked against it."))
    else:
        said = _("This very file was kept before, as “%(edition)s”; it counts again.") % {"edition": text.edition}
        messages.success(request, said)
    return True


def _context(request, record, sent):
    framework = record.outline()
    texts = actions.official_texts(record.code, [source.code for source in framework.sources])
    checks = {check.passage: check for check in actions.checked(framework)}
    published = {given["passage"]: Check.understood(given) for given in record.checks}
    may_upload = request.user.has_perm("assessment.change_framework")
    sources = [
        {
            "source": source,
            **_texts(texts.get(source.code, [])),
            "rows": [_row(source, passage, checks, published) for passage in source.passages],
            "form": _form_of(source, sent) if may_upload else None,
        }
        for source in framework.sources
    ]
    counts = Counter(check.verdict for check in checks.values())
    return {"record": record, "framework": framework, "sources": sources, "counts": counts, "sent": sent}


def _texts(ranked):
    """The text that counts, if any does, and the others."""
    counts = bool(ranked) and ranked[0].counts
    return {"counting": ranked[0] if counts else None, "others": ranked[1:] if counts else ranked}


def _row(source, passage, checks, published):
    """A passage, its status, and its quotation today and when the framework was published."""
    key = f"{source.code}#{passage.id}"
    return passage, Passage.Status(passage.status).label, checks.get(key), published.get(key)


def _form_of(source, sent):
    return sent if sent and sent.data["source"] == source.code else _form(source)
