"""A page that is still open belongs to the account that opened it, whoever signed in since."""

from django.utils.translation import gettext as _


def is_someone_else(request) -> bool:
    """Whether another account has signed in since the page was loaded."""
    return request.POST.get("account", str(request.user.pk)) != str(request.user.pk)


def someone_else_words(user):
    return _(
        "This page was opened by another account; %(name)s is signed in by now. Nothing was saved."
        " Sign in again as the one who wrote this."
    ) % {"name": user}
