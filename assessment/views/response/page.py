"""Answer a dimension: all its cards on one page. Without a script they are saved together, and none is lost."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessment import access, actions, scoring
from assessment.forms.evidence import FileForm
from assessment.views.response.account import is_someone_else, someone_else_words
from assessment.views.response.cards import cards_of, forms_of, labels


def dimension_answer(request, pk, code):
    assessment, seat, dimension = _enter(request.user, pk, code)
    if request.method == "POST":
        return take(request, assessment, seat, dimension)
    rows = rows_of(assessment)
    return _page(request, assessment, seat, dimension, rows, _forms(assessment, dimension, rows))


@require_POST
def dimension_confirm(request, pk, code):
    assessment, seat, dimension = _enter(request.user, pk, code)
    return take(request, assessment, seat, dimension, {criterion.code for criterion in dimension.criteria})


def _enter(user, pk, code):
    assessment, seat = access.enter(user, pk)
    dimension = next((d for d in assessment.framework.outline().dimensions if d.code == code), None)
    if dimension is None:
        raise Http404
    return assessment, seat, dimension


def take(request, assessment, seat, dimension, confirming=frozenset()):
    """Saves what the plain form sends, and confirms these answers; what cannot be saved stays on the screen."""
    answerable = access.answerable(assessment, seat) & {criterion.code for criterion in dimension.criteria}
    if not answerable:
        raise Http404
    rows = rows_of(assessment)
    forms = _forms(assessment, dimension, rows, request.POST)
    if is_someone_else(request):
        messages.error(request, someone_else_words(request.user))
        return _page(request, assessment, seat, dimension, rows, forms, status=409)
    saved, refused = _save(assessment, [f for f in forms if f.criterion.code in answerable], request.user)
    sound = answerable & confirming - {form.criterion.code for form in refused}
    saved += actions.confirm(assessment, sound, by=request.user) if sound else 0
    if refused:
        return _page(request, assessment, seat, dimension, rows_of(assessment), forms, refused, status=422)
    messages.success(request, _saved_words(saved))
    return redirect(_after_saving(assessment, dimension, "continue" in request.POST))


def rows_of(assessment):
    return list(assessment.responses.select_related("criterion", "saved_by").prefetch_related("evidence"))


def _forms(assessment, dimension, rows, data=None):
    return forms_of(assessment.framework.outline(), dimension, assessment.outline(rows), data)


def _save(assessment, forms, user):
    """Saves every card that was changed and is sound; the others stay on the screen with what is wrong."""
    saved, refused = 0, []
    for form in forms:
        if form.is_posted():
            saved += form.is_valid() and _save_card(assessment, form, user)
            refused += [form] if form.errors else []
    return saved, refused


def _save_card(assessment, form, user) -> bool:
    """True where something was saved."""
    try:
        with transaction.atomic():
            record = access.answering(user, assessment.pk, form.criterion.code)
            done = actions.answer_locked(record, form.answer(), by=user, seen=form.shown)
    except actions.Refused as error:
        form.add_error(None, str(error))
        return False
    except Http404:  # handed in, returned or given to others while the page was being read
        form.add_error(None, actions.NOT_THEIRS)
        return False
    conflicts = {*done.conflicts, *form.undecided}
    if conflicts:
        form.ask(done.now, [field for field in labels() if field in conflicts], _overtaken_words(done))
    return done.changed


def _overtaken_words(done):
    return _("%(name)s saved this answer while you were writing. Say for each field whose version stands.") % {
        "name": done.by or _("Someone else")
    }


def _saved_words(saved):
    if not saved:
        return _("Nothing was changed.")
    return ngettext("%(count)d answer saved.", "%(count)d answers saved.", saved) % {"count": saved}


def _after_saving(assessment, dimension, onward):
    following = _neighbours(assessment, dimension)["following"]
    if onward and not following:
        return assessment.get_absolute_url()
    return reverse("dimension-answer", args=[assessment.pk, following if onward else dimension.code])


def _neighbours(assessment, dimension):
    codes = [d.code for d in assessment.framework.outline().dimensions if assessment.asks(d.code)]
    position = codes.index(dimension.code) if dimension.code in codes else None
    return {
        "position": None if position is None else position + 1,
        "asked": len(codes),
        "previous": codes[position - 1] if position else None,
        "following": codes[position + 1] if position is not None and position + 1 < len(codes) else None,
    }


def _page(request, assessment, seat, dimension, rows, forms, refused=(), status=200):
    framework, answers = assessment.framework.outline(), assessment.outline(rows)
    cards = cards_of(assessment, seat, forms, rows)
    context = {
        "assessment": assessment,
        "seat": seat,
        "framework": framework,
        "dimension": dimension,
        "is_asked": assessment.asks(dimension.code),
        "cards": cards,
        "answered": sum(response.is_answered for response in answers.responses if response.criterion in _codes(cards)),
        "unconfirmed": sum(card.is_to_confirm and card.is_mine for card in cards),
        "may_answer": any(card.is_mine for card in cards),
        "refused": refused,
        "accepted": FileForm.base_fields["file"].widget.attrs["accept"],
        "scores": scoring.score(framework, answers),
        **_neighbours(assessment, dimension),
    }
    return render(request, "response/answer.html", context, status=status)


def _codes(cards):
    return {card.criterion.code for card in cards}
