"""Do what was asked and say so, or say why it was refused; the few words that go with it."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.forms import Textarea

from assessment import actions
from assessment.forms.plain import PlainCharField

MOST_SIGNS = 2000  # as the pages say in maxlength


def attempted(request, done: str | Callable[..., str], action, *what) -> bool:
    """`done`: what is said afterwards, if anything; it may depend on what the action gives back."""
    try:
        result = action(*what, by=request.user)
    except actions.Refused as error:
        messages.error(request, str(error))
        return False
    if words := done(result) if callable(done) else done:
        messages.success(request, words)
    return True


def saving(request):
    """What a page that saves looks at stays as it is until it has saved; a page that only shows locks nothing."""
    return transaction.atomic() if request.method == "POST" else nullcontext()


def once_more(view):
    """For pages that check what was filled in and then save it.

    Somebody else may store the same name, or take away what is meant, between the check and the save. The page then
    runs once more: its own check sees it by now and says so in its own words. What fails twice is an error.
    """

    @wraps(view)
    def checked(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except (IntegrityError, ObjectDoesNotExist):
            return view(request, *args, **kwargs)

    return checked


def written(request, name: str) -> str:
    """A reason or a reply, without the signs that no database keeps."""
    return PlainCharField(required=False, widget=Textarea).clean(request.POST.get(name, ""))[:MOST_SIGNS]
