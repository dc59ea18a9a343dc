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
    codes = [dimension.code for dimension in framework.dimensions]
    if code not in codes or (request.method == "POST" and not may_answer):
        raise Http404
    position = codes.index(code)
    dimension = framework.dimensions[position]
    stored = {response.criterion: response for response in answers.responses}
    data = request.POST if request.method == "POST" else None
    forms = [
        ResponseForm(criterion, framework.highest, stored.get(criterion.code, outline.Response(criterion.code)), data)
        for criterion in dimension.criteria
    ]
    following = codes[position + 1] if position + 1 < len(codes) else None
    if request.method == "POST":
        saved, refused = _save(assessment, forms, request.user)
        if not refused:
            messages.success(request, _saved_words(saved))
            return redirect(_after_saving(assessment, code, following, "continue" in request.POST))
        answers = assessment.outline()
    context = {
        "assessment": assessment,
        "framework": framework,
        "dimension": dimension,
        "cards": _cards(framework, answers, forms),
        "refused": [form for form in forms if form.is_bound and form.errors],
        "scores": scoring.score(framework, answers),
        "may_answer": may_answer,
        "position": position + 1,
        "previous": codes[position - 1] if position else None,
        "following": following,
    }
    return render(request, "response/answer.html", context, status=422 if context["refused"] else 200)


def _save(assessment, forms, user):
    """Saves every card that was changed and is sound; the others stay on the screen with what is wrong."""
    saved = refused = 0
    for form in forms:
        if not form.is_posted():
            continue
        if form.is_valid() and not form.is_touched():
            continue
        if form.is_valid() and form.is_overtaken():
            form.refuse_overtaken(_overtaken_words(assessment, form))
        if not form.is_valid():
            refused += 1
            continue
        try:
            actions.answer(assessment, form.outline(), by=user)
            form.stored = form.outline()
            saved += 1
        except actions.Refused as error:
            form.add_error(None, str(error))
            refused += 1
    return saved, refused


def _overtaken_words(assessment, form):
    response = assessment.responses.select_related("saved_by").filter(criterion__code=form.criterion.code).first()
    return _(
        "%(name)s saved this answer while you were writing (level %(level)s). Yours stands below and is not saved yet:"
        " save again to replace theirs."
    ) % {
        "name": (response and response.saved_by) or _("Someone else"),
        "level": _("N/A") if form.stored.not_applicable else "—" if form.stored.level is None else form.stored.level,
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
            "seen": form["seen"].value() if form.is_bound and form.errors and not form.conflict else form.fingerprint,
            "target": profile.level_for(form.criterion) if profile else None,
        }
        for form in forms
    ]
