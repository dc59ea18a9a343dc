"""Do what was asked and say so, or say why it was refused."""

from django.contrib import messages

from assessment import actions


def attempted(request, done: str, action, *what) -> bool:
    try:
        action(*what, by=request.user)
    except actions.Refused as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True
