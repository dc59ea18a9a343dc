"""Who closes which gap, until when: all of a round's gaps on one page."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment import access, actions
from assessment.forms.improvement import ImprovementsForm
from assessment.models import Event
from assessment.reports.gathering import gather
from assessment.views.attempt import attempted, once_more, saving
from assessment.views.remark import in_the_way


@once_more
def improvement_list(request, pk):
    is_sent = request.method == "POST"
    with saving(request):
        assessment, seat = access.enter(request.user, pk, "remark", locked=is_sent)
        report = gather(assessment)
        gaps = report.improvements
        form = _given(assessment, gaps, request.POST if is_sent else None)
        if is_sent and form.is_valid():
            who = _who_set(assessment, form)  # before this change is the last one
            is_saved = _set(request, assessment, form)
            if is_saved and not form.overtaken:
                return redirect("improvement-list", pk)
            if is_saved:
                form = _given(assessment, gaps).ask(form, who)
    context = {
        "assessment": assessment,
        "seat": seat,
        "report": report,
        "form": form,
        "owners": assessment.city.departments.all(),
        "in_the_way": in_the_way(assessment),
    }
    return render(request, "improvement/list.html", context, status=422 if form.is_bound else 200)


def _given(assessment, gaps, data=None):
    stored = {row.criterion: (row.owner, row.due_on) for row in assessment.improvements.all()}
    return ImprovementsForm(gaps, stored, _begins(assessment), data)


def _begins(assessment) -> int:
    """The year in which the round begins, or which it describes where that is the earlier one."""
    days = [timezone.localdate(assessment.created_at), assessment.as_of]
    return min(day.year for day in days if day)


def _set(request, assessment, form) -> bool:
    done = "" if form.overtaken else _changed_words
    return attempted(request, done, actions.set_improvements, assessment, form.wanted())


def _changed_words(count):
    if not count:
        return _("Nothing was changed.")
    return ngettext("%(count)d row is saved.", "%(count)d rows are saved.", count) % {"count": count}


def _who_set(assessment, form) -> dict[str, str]:
    last = assessment.events.filter(verb=Event.Verb.IMPROVEMENTS_SET).exclude(by=None).select_related("by").first()
    return dict.fromkeys(form.overtaken, str(last.by)) if last else {}
