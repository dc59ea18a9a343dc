"""Answer a dimension: all its cards on one page, saved together, none lost."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessment import access, actions, outline, scoring
from assessment.forms import ResponseForm
from assessment.reports.content import References


def dimension_answer(request, pk, code):
    assessment = access.assessment(request.user, pk)
    may_answer = access.may_answer(request.user, assessment)
    framework, answers = assessment.framework.outline(), assessment.outline()
    dimension = next((dimension for dimension in framework.dimensions if dimension.code == code), None)
    if dimension is None or (request.method == "POST" and not may_answer):
        raise Http404
    forms = _forms(framework, dimension, answers, request.POST if request.method == "POST" else None)
    neighbours = _neighbours(framework, code)
    refused = []
    if request.method == "POST":
        saved, refused = _save(assessment, forms, request.user)
        if not refused:
            messages.success(request, _saved_words(saved))
            return redirect(_after_saving(assessment, code, neighbours["following"], "continue" in request.POST))
        answers = assessment.outline()
    context = {
        "assessment": assessment,
        "framework": framework,
        "dimension": dimension,
        "cards": _cards(framework, answers, forms),
        "done": sum(form.stored.is_answered for form in forms),
        "refused": refused,
        "saved": {row.criterion.code: row for row in assessment.responses.select_related("criterion", "saved_by")},
        "scores": scoring.score(framework, answers),
        "may_answer": may_answer,
        **neighbours,
    }
    return render(request, "response/answer.html", context, status=422 if refused else 200)


def _forms(framework, dimension, answers, data):
    stored = {response.criterion: response for response in answers.responses}
    return [
        ResponseForm(criterion, framework.highest, stored.get(criterion.code, outline.Response(criterion.code)), data)
        for criterion in dimension.criteria
    ]


def _neighbours(framework, code):
    codes = [dimension.code for dimension in framework.dimensions]
    position = codes.index(code)
    return {
        "position": position + 1,
        "previous": codes[position - 1] if position else None,
        "following": codes[position + 1] if position + 1 < len(codes) else None,
    }


def _save(assessment, forms, user):
    """Saves every card that was changed and is sound; the others stay on the screen with what is wrong."""
    posted = [form for form in forms if form.is_posted()]
    touched = [form for form in posted if not form.is_valid() or form.is_touched()]
    for form in touched:
        if form.is_valid():
            _save_card(assessment, form, user)
    refused = [form for form in touched if form.errors]
    return len(touched) - len(refused), refused


def _save_card(assessment, form, user):
    try:
        actions.answer(assessment, form.answer(), by=user, seen=form.shown)
        form.stored = form.answer()
    except actions.Overtaken as error:
        form.refuse_overtaken(error.stored, _overtaken_words(error))
    except actions.Refused as error:
        form.add_error(None, str(error))


def _overtaken_words(error):
    stored = error.stored
    return _(
        "%(name)s saved this answer while you were writing (level %(level)s). Yours stands below and is not saved yet:"
        " save again to replace theirs."
    ) % {
        "name": error.by or _("Someone else"),
        "level": _("N/A") if stored.not_applicable else "—" if stored.level is None else stored.level,
    }


def _saved_words(saved):
    if not saved:
        return _("Nothing was changed.")
    return ngettext("%(count)d answer saved.", "%(count)d answers saved.", saved) % {"count": saved}


def _after_saving(assessment, code, following, onward):
    if onward and not following:
        return assessment.get_absolute_url()
    return reverse("dimension-answer", args=[assessment.pk, following if onward else code])


def _cards(framework, answers, forms):
    references = References(framework, get_language())
    profile = framework.target(answers.target)
    return [
        {
            "form": form,
            "criterion": form.criterion,
            "cites": references.cite(form.criterion.cites),
            "seen": form.shown if form.is_bound and form.errors and not form.conflict else form.stored.fingerprint,
            "target": profile.level_for(form.criterion) if profile else None,
        }
        for form in forms
    ]
