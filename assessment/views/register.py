"""The reports of a round: which there are, the register of those made, and whether a file is one of them."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from assessment import access
from assessment.forms.register import ReportCheckForm
from assessment.reports.languages import written
from assessment.views.download import language_of

REPORTS_A_PAGE = 50


@require_safe
def report_list(request, pk):
    assessment, seat = access.enter(request.user, pk)
    made = assessment.report_files.select_related("by")
    page = Paginator(made, REPORTS_A_PAGE).get_page(request.GET.get("page"))
    language = language_of(request)
    context: dict[str, object] = {"written": written(assessment)}
    context |= {"language": language, "in_language": "?language=en" if language == "en" else ""}
    return render(request, "register/list.html", context | {"assessment": assessment, "seat": seat, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def report_check(request):
    form = ReportCheckForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    verdict = _verdict(request.user, form) if request.method == "POST" and form.is_valid() else {}
    return render(request, "register/check.html", {"form": form, **verdict}, status=422 if form.errors else 200)


def _verdict(user, form):
    """What the register says of the file: `ours`, `unknown`, or, where only what it says it contains is known, `altered`
    or `elsewhere`, which has the bytes whose hash it bears."""
    rows, is_known = access.registered(user, sha256=form.sha256)
    kind = "ours" if is_known else "unknown"
    if not is_known and form.claims:
        rows, is_claimed = access.registered(user, content_sha256__in=form.claims)
        kind = "unknown" if not is_claimed else "elsewhere" if form.is_whole else "altered"
    return {"verdict": kind, "rows": rows, "name": form.name, "sha256": form.sha256, "claims": form.claims}
