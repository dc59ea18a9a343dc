"""Phrases of one's own: kept, found, put into a report of any city."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions
from assessment.forms.phrase import PhraseForm
from assessment.models import Phrase
from assessment.views.attempt import once_more
from assessment.views.download import language_of

PHRASES_A_PAGE = 30
OFFERED = 8


@require_safe
def phrase_list(request):
    words = request.GET.get("q", "").strip()[:100]
    found = access.phrases(request.user).found_by(words)
    page = Paginator(found, PHRASES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "phrase/list.html", {"page": page, "words": words})


@once_more
def phrase_add(request):
    access.must_write(request.user)
    return _edit(request, Phrase(user=request.user), _("Add a phrase"))


@once_more
def phrase_edit(request, pk):
    return _edit(request, access.phrase(request.user, pk), _("Edit the phrase"))


def _edit(request, phrase, heading):
    form = PhraseForm(request.POST if request.method == "POST" else None, instance=phrase)
    if form.is_bound and form.is_valid():
        actions.keep_phrase(form.instance)
        messages.success(request, _("The phrase is saved."))
        return redirect("phrase-list")
    context = {"form": form, "heading": heading, "phrase": phrase}
    return render(request, "phrase/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def phrase_remove(request, pk):
    phrase = access.phrase(request.user, pk)
    phrase.delete()
    messages.success(request, _("The phrase “%(title)s” is deleted.") % {"title": phrase.title})
    return redirect("phrase-list")


@require_POST
def phrase_use(request, pk):
    """A script has put the phrase into a text: it is counted."""
    access.phrase(request.user, pk).count_use()
    return HttpResponse(status=204)


@require_safe
def phrase_find(request):
    """The phrases that an editor offers."""
    language = language_of(request)
    words, code = request.GET.get("q", "").strip()[:100], request.GET.get("code", "")
    found = offers(request.user, language, code).found_by(words)[:OFFERED]
    return render(request, "phrase/_offers.html", {"offers": found, "words": words})


def offers(user, language: str, code: str):
    """The user's phrases in this language: first those written for this criterion or dimension, then the most used."""
    is_for_here = Case(When(code=code, then=Value(0)), default=Value(1)) if code else Value(1)
    return access.phrases(user).filter(language=language).annotate(far=is_for_here).order_by("far", "-used", "title")
