"""The framework, readable: every criterion, level and citation, and which clause is covered by which criterion."""

from collections import defaultdict

from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from assessment import access
from assessment.exchange.framework import digest
from assessment.models import Framework
from assessment.reports.content import References


@require_safe
def framework_list(request):
    frameworks = access.frameworks(request.user).with_use().select_related("published_by", "created_by", "retired_by")
    context = {"families": _families(frameworks), "may_edit": access.may_edit_frameworks(request.user)}
    return render(request, "framework/list.html", context)


def _families(frameworks) -> list[tuple[Framework, list[Framework]]]:
    """The versions of each framework under the newest one's name, newest first."""
    by_code = defaultdict(list)
    for framework in frameworks.order_by("code", "-created_at", "-pk"):
        by_code[framework.code].append(framework)
    return [(versions[0], versions) for versions in by_code.values()]


@require_safe
def framework_detail(request, code, version):
    record = access.framework(request.user, code, version)
    framework = record.outline()
    references = References(framework, get_language())
    lenses = [
        (lens, [(dimension, _cited(dimension, references)) for dimension in lens.dimensions])
        for lens in framework.lenses
    ]
    context = {
        "record": record,
        "framework": framework,
        "lenses": lenses,
        "sha256": "" if record.is_draft else digest(framework),
        "may_edit": access.may_edit_frameworks(request.user),
    }
    return render(request, "framework/detail.html", context)


@require_safe
def framework_coverage(request, code, version):
    record = access.framework(request.user, code, version)
    framework = record.outline()
    citing = defaultdict(list)
    for criterion in framework.criteria.values():
        for citation in criterion.cites:
            citing[citation.key].append((criterion, citation.role))
    sources = [
        (source, [(passage, citing[f"{source.code}#{passage.id}"]) for passage in source.passages])
        for source in framework.sources
    ]
    references = References(framework, get_language())
    criteria = [(criterion, references.cite(criterion.cites)) for criterion in framework.criteria.values()]
    context = {"record": record, "framework": framework, "sources": sources, "criteria": criteria}
    return render(request, "framework/coverage.html", context)


def _cited(dimension, references):
    return [
        (facet, [(criterion, references.cite(criterion.cites)) for criterion in facet.criteria])
        for facet in dimension.facets
    ]
