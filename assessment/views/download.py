"""Open this for what every page shares that gives a report out: the language asked for, and the file as it is sent."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise


def language_of(request: HttpRequest) -> str:
    """Of the report that is meant, not of the page: `language` of the form, else of the address; Chinese without one."""
    return "en" if (request.POST.get("language") or request.GET.get("language")) == "en" else "zh-hans"


def named(language: str, what: str | Promise, *about: object, ending: str) -> str:
    """A file's name in its report's language: what it is about, what it is."""
    with translation.override(language):
        return f"{'-'.join(map(str, (*about, what)))}.{ending}"


def attachment(response: HttpResponse, called: str, plain: str) -> HttpResponse:
    """`response` as a file `called` so; `plain` is its name in ASCII for programs that know no other."""
    name = quote(called, safe="")
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{name}"
    return response
