"""Any two versions of a framework side by side, in plain words."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import access
from assessment.reports import differences


@require_safe
def comparison_detail(request, code, version):
    """What became different from the version `with`, by default the one before, to this one."""
    record = access.framework(request.user, code, version)
    others = [other for other in access.frameworks(request.user).filter(code=code) if other != record]
    wanted = request.GET.get("with")
    other = access.framework(request.user, code, wanted) if wanted else _before(record, others)
    context = {"record": record, "other": other, "others": others}
    if other:
        between = [step.outline() for step in _between(other, record, others)]
        context["comparison"] = differences.told(other.outline(), record.outline(), between)
    return render(request, "comparison/detail.html", context)


def _before(record, others):
    """The version that this one was copied from, else the last one published before it, else any."""
    copied_from = [other for other in others if other.pk == record.previous_id]
    published = [other for other in others if other.published_at]
    older = [other for other in published if record.is_draft or other.published_at < record.published_at]
    older.sort(key=lambda other: other.published_at, reverse=True)
    return next(iter([*copied_from, *older, *others]), None)


def _between(old, new, others):
    """The versions through which the new one was copied from the old one, oldest first; none where it was not."""
    known = {other.pk: other for other in others}
    steps, step = [], known.get(new.previous_id)
    while step and step != old and step not in steps:
        steps.append(step)
        step = known.get(step.previous_id)
    return steps[::-1] if step == old else []
