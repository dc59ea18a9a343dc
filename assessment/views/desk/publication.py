"""How a version came to be published: who edited, who published, why warnings were let pass; and retiring it."""

from collections import Counter
from dataclasses import dataclass

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import access, actions
from assessment.exchange.framework import digest
from assessment.lint import Place
from assessment.models import Assessment, Framework
from assessment.reports import findings
from assessment.views.attempt import attempted

VERDICTS = ("stands", "differs", "unchecked")


@dataclass(frozen=True)
class Reason:
    """A warning that was let pass: where, what, and why."""

    where: str
    what: str
    reason: str


@require_safe
def publication_detail(request, code, version):
    record = access.published(request.user, code, version)
    verdicts = Counter(check["verdict"] for check in record.checks)
    editors = Counter(str(edit.by) for edit in record.history.defer("changes").select_related("by") if edit.by)
    context = {
        "record": record,
        "sha256": digest(record.outline()),
        "editors": editors.most_common(),
        "reasons": _reasons(record),
        "verdicts": [(verdict, verdicts[verdict]) for verdict in VERDICTS],
        "golden": record.golden_sets.count(),
    }
    return render(request, "framework/publication.html", context)


def _reasons(record: Framework) -> list[Reason]:
    """In the order of the findings; last those that today's rules no longer find."""
    found = {finding.key: finding for finding in actions.findings(record)} if record.reasons else {}
    keys = [*(key for key in found if key in record.reasons), *(key for key in record.reasons if key not in found)]
    return [_reason(key, found.get(key), record.reasons[key]) for key in keys]


def _reason(key: str, finding, reason: str) -> Reason:
    if finding:
        return Reason(findings.where(finding.place), findings.what(finding), reason)
    _rule, _space, place = key.partition(" ")
    return Reason(findings.where(Place(place.split(" ")[0])), _("A warning at that time"), reason)


def framework_retire(request, code, version):
    """Asks once: what it means, and which rounds rest on the version."""
    versions = access.editable_frameworks(request.user)
    record = get_object_or_404(versions, code=code, version=version, state=Framework.State.PUBLISHED)
    if request.method == "POST":
        attempted(request, _("%(framework)s is retired.") % {"framework": record}, actions.retire, record)
        return redirect("framework-list")
    rounds = (
        Assessment.objects.current().filter(framework=record).select_related("city").order_by("city__code", "round")
    )
    context = {"record": record, "rounds": rounds, "others": _others(record)}
    return render(request, "framework/retire.html", context)


def _others(record: Framework):
    """Published versions on which rounds can still begin."""
    return Framework.objects.published().filter(code=record.code).exclude(pk=record.pk)
