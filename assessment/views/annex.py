"""The quality annex of a round: what a reader who checks the answers would ask about first."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import access
from assessment.reports.gathering import gather


@require_safe
def assessment_annex(request, pk):
    assessment, seat = access.enter(request.user, pk)
    context = {"assessment": assessment, "seat": seat, "annex": gather(assessment).annex}
    return render(request, "report/annex.html", context)
