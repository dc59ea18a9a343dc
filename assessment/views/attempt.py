"""Do what was asked and say so, or say why it was refused; the few words that go with it."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError

from assessment import actions
from assessment.forms.plain import PlainCharField

MOST_SIGNS = 2000  # as the pages say in maxlength


def attempted(request, done: str, action, *what) -> bool:
    try:
        action(*what, by=request.user)
    except actions.Refused as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True


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
    return PlainCharField(required=False).clean(request.POST.get(name, ""))[:MOST_SIGNS]
