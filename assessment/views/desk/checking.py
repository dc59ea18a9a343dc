"""What is wrong with a draft, live beside the editor; and the gate through which it is published."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import access, actions, elements
from assessment.exchange.framework import digest, problems_of
from assessment.models import Assessment, Framework
from assessment.reports import differences, findings
from assessment.views.attempt import once_more
from assessment.views.desk.editor import address_of, share_of


@require_safe
def framework_lint(request, code, version):
    """All findings, those of one element first where the editor asks for it."""
    record = access.draft(request.user, code, version)
    found = actions.findings(record)
    element = request.GET.get("element", "")
    told = _told(record, found)
    here = [each for each, finding in zip(told, found, strict=True) if finding.place.part == element]
    context = {
        "record": record,
        "findings": told,
        "here": here,
        "errors": _count(found, "error"),
        "warnings": _count(found, "warning"),
        "errors_here": _count(here, "error"),
        "warnings_here": _count(here, "warning"),
        "share": share_of(record.outline(), element),
    }
    return render(request, "desk/_lint.html" if request.htmx else "desk/lint.html", context)


def _count(found, severity: str) -> int:
    return sum(finding.severity == severity for finding in found)


@once_more
def framework_publish(request, code, version):
    """Shows all that speaks for and against publishing, and publishes."""
    record = access.draft(request.user, code, version)
    reasons = {key.removeprefix("reason "): words for key, words in request.POST.items() if key.startswith("reason ")}
    if request.method == "POST":
        try:
            _must_be_exportable(record)
            actions.publish_draft(record, reasons, by=request.user, seen=request.POST.get("seen", ""))
        except actions.Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(framework)s is published.") % {"framework": record})
            return redirect("framework-detail", code, version)
        record.refresh_from_db()
    return _gate(request, record, reasons)


def _gate(request, record, reasons):
    told = _told(record, actions.findings(record), reasons)
    last = actions.latest_published(record)
    framework = record.outline()
    obstacle = ""
    try:
        actions.must_be_publishable(record, request.user)
    except actions.Refused as error:
        obstacle = str(error)
    context = {
        "record": record,
        "last": last,
        "errors": [each for each in told if each.severity == "error"],
        "warnings": [each for each in told if each.severity == "warning"],
        "obstacle": obstacle,
        "comparison": differences.told(last.outline(), framework, []) if last else None,
        "rounds": _touched(record),
        "covered": _covered(framework),
        "sha256": digest(framework),
        "seen": actions.mark_of(record, framework),
    }
    return render(request, "desk/publish.html", context, status=422 if request.method == "POST" else 200)


def _must_be_exportable(record: Framework) -> None:
    """What is published can be exported and read in again: what only the file's reader knows is asked of it."""
    has_errors = any(finding.severity == "error" for finding in actions.findings(record))
    if not has_errors and (problems := problems_of(record.outline())):
        raise actions.Refused("；".join(problems))


def _told(record: Framework, found, reasons=None) -> list[findings.Told]:
    there = set(elements.take_apart(record.outline()))
    return findings.told(found, lambda place: _address(record, place, there), reasons)


def _address(record: Framework, place, there: set[str]) -> str:
    """Where a finding is put right: the field where it is one. What is gone is read in the version before."""
    if place.kind == "golden":
        return reverse("bench-detail", args=[record.code, record.version])
    if place.part in there:
        field = "#id_" + ".".join(filter(None, (place.field, place.language))) if place.field else ""
        return address_of(record, place.part) + field
    before = record.previous
    return reverse("framework-detail", args=[before.code, before.version]) + f"#{place.code}" if before else ""


def _touched(record: Framework):
    """The rounds on other versions of this framework that can still move to this one."""
    states = [Assessment.State.DRAFT, Assessment.State.OPEN]
    rounds = Assessment.objects.filter(framework__code=record.code, state__in=states).exclude(framework=record)
    return rounds.select_related("city", "framework").order_by("city__code", "round")


def _covered(framework) -> tuple[int, int]:
    """How many passages some criterion cites, of how many."""
    cited = {citation.key for citation in _citations(framework)}
    return len(cited & framework.passages.keys()), len(framework.passages)


def _citations(framework):
    return (citation for criterion in framework.criteria.values() for citation in criterion.cites)
