"""The desk over many cities: where each stands, what is ready, and one report over those that are chosen."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment import access, actions
from assessment.forms import BatchForm, DeskFilter, OrderForm
from assessment.forms.portfolio import BEST_FIRST, BY_CITY, WORST_FIRST
from assessment.lineage import version_key
from assessment.models import ReportFile
from assessment.reports import portfolio, words
from assessment.reports.fonts import FontsMissing
from assessment.reports.pdf.sealing import CertificateUnusable
from assessment.reports.standing import standings
from assessment.views.download import attachment

CITIES_A_PAGE = 100


@require_safe
def portfolio_list(request):
    return desk_page(request, BatchForm(None, rounds=access.rounds_to_report(request.user)))


def desk_page(request, order, status=200):
    """The desk; with what was wrong when reports of its cities were ordered."""
    rounds = access.desk(request.user)
    sieve = DeskFilter(request.GET, rounds=rounds)
    records = list(sieve.found())
    rows, newer = standings(records), sieve.newer(records)
    if sieve.order != BY_CITY:
        rows.sort(key=_by_score(sieve.order))
    page = Paginator(rows, CITIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sieve": sieve,
        "page": page,
        "newer": newer,
        **_columns(page.object_list),
        "capped_words": words.capped_level() if any(map(_is_capped, page.object_list)) else "",
        "order": order,
        "chosen": set(order.data.getlist("round")) if order.is_bound else set(),
        "portfolio_forms": [(form, ReportFile.Form(form).label) for form in portfolio.FORMS],
        "next_order": WORST_FIRST if sieve.order == BEST_FIRST else BEST_FIRST,
        "narrowed": _narrowed(request),
        "is_empty": not rows and not sieve.is_narrowed,
    }
    return render(request, "portfolio/list.html", context, status=status)


def _columns(rows):
    """The dimensions side by side, of every version that is on the page: the newest one's first, in its order."""
    used = {row.record.framework_id: row.record.framework for row in rows}
    frameworks = [used[pk].outline() for pk in sorted(used, reverse=True)]
    dimensions = {d.code: d for framework in reversed(frameworks) for d in framework.dimensions}
    codes = dict.fromkeys(d.code for framework in frameworks for d in framework.dimensions)
    return {
        "framework": frameworks[0] if frameworks else None,
        "versions": words.listed(sorted({framework.version for framework in frameworks}, key=version_key)),
        "is_mixed": len(frameworks) > 1,
        "dimensions": [dimensions[code] for code in codes],
    }


def _is_capped(row) -> bool:
    return any(dimension.capped_by for dimension in row.dimensions)


def _narrowed(request):
    """What the desk is narrowed to, as an address goes on with it."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def back_to_desk(request):
    """Where reports are ordered there is nothing to read: whoever comes by a link is sent to the desk as it was."""
    access.desk(request.user)
    return redirect(reverse("portfolio-list") + _narrowed(request))


def _by_score(order):
    """Cities without a score come last in either order."""
    sign = -1 if order == BEST_FIRST else 1

    def place(row):
        score = row.scores.overall.score
        return score is None, sign * (score or 0), row.record.city.code

    return place


@require_http_methods(["GET", "POST"])
def portfolio_report(request, form):
    if request.method == "GET":
        return back_to_desk(request)
    rounds = access.desk(request.user)
    order = OrderForm(request.POST, rounds=rounds)
    if form not in portfolio.FORMS:
        raise Http404
    if not order.is_valid():
        return desk_page(request, order, status=422)
    chosen, language = list(order.cleaned_data["round"]), order.cleaned_data["language"]
    if problem := _not_of_one(chosen):
        order.add_error("round", problem)
        return desk_page(request, order, status=422)
    report = portfolio.gather(chosen, by=request.user, language=language)
    try:
        data = portfolio.make(report, form)
    except (FontsMissing, CertificateUnusable) as error:
        order.add_error(None, str(error))
        return desk_page(request, order, status=503)
    given = {"form": form, "language": language, "content_sha256": portfolio.digest(report)}
    manifest = {"rounds": [{"city": row.code, "round": row.round} for row in report.rows]}
    kind = ReportFile.Kind.PORTFOLIO
    actions.register_report(None, data, by=request.user, kind=kind, manifest=manifest, **given)
    response = HttpResponse(data, content_type=portfolio.FORMS[form].content_type)
    with translation.override(language):
        called = f"{words.over_cities(len(report.rows))}.{form}"
    return attachment(response, called, f"portfolio.{form}")


def _not_of_one(rounds) -> str:
    """Why there is no one report over these rounds; empty where there is."""
    if len({record.framework.code for record in rounds}) > 1:
        return _("The rounds answer different frameworks; choose cities of one.")
    versions = sorted({record.framework.version for record in rounds}, key=version_key)
    if len(versions) < 2:
        return ""
    return _("The rounds answer different versions of the same framework (%(versions)s); narrow the desk to one.") % {
        "versions": words.listed(versions)
    }
