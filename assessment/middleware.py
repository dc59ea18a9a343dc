"""What happens around every request: where it comes from is known to the log; a script is told to sign in again."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404

from assessment.models.event import origin


def note_origin(get_response):
    """Whatever the request does is logged with the address it came from."""

    def middleware(request):
        token = origin.set(_address(request))
        try:
            return get_response(request)
        finally:
            origin.reset(token)

    return middleware


def _address(request):
    """The person's address; what a header says of it counts only behind proxies that are trusted (settings)."""
    try:
        return get_adapter().get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):  # the header is shorter than the proxies are many
        return request.META.get("REMOTE_ADDR", "")


def refuse_null_characters(get_response):
    """An address with one leads nowhere; PostgreSQL would stumble over it wherever it is looked up."""

    def middleware(request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return get_response(request)

    return middleware


def answer_scripts_with_401(get_response):
    """A script that is sent to the sign-in page gets 401 instead: it asks the person to sign in in place."""

    def middleware(request):
        response = get_response(request)
        is_redirect = response.status_code == 302 and request.resolver_match is not None
        if request.htmx and is_redirect and not request.user.is_authenticated:
            response.status_code = 401
            del response["Location"]
        return response

    return middleware
