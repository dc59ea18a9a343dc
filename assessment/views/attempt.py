"""Do what was asked and say so, or say why it was refused; the few words that go with it."""

from django.contrib import messages

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


def written(request, name: str) -> str:
    """A reason or a reply, without the signs that no database keeps."""
    return PlainCharField(required=False).clean(request.POST.get(name, ""))[:MOST_SIGNS]
