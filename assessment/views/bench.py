"""The test bench: what the figures of named cities were when they were accepted, and what they are now."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import access, actions, bench
from assessment.forms.golden import AnswersForm, ExpectedForm, GoldenSetForm
from assessment.models import GoldenSet
from assessment.views.attempt import attempted, once_more


@require_safe
def bench_detail(request, code, version):
    record = access.framework(request.user, code, version)
    framework = record.outline()
    context = {
        "record": record,
        "framework": framework,
        "sets": [_shown(framework, golden, result) for golden, result in actions.run_golden_sets(record)],
    }
    return render(request, "bench/detail.html", context)


def bench_add(request, code, version):
    record = access.draft(request.user, code, version)
    others = GoldenSet.objects.filter(framework__in=access.frameworks(request.user).filter(code=code))
    form = GoldenSetForm(
        record.outline(),
        others.select_related("framework").order_by("-framework__version", "order"),
        *((request.POST, request.FILES) if request.method == "POST" else ()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            golden = actions.add_golden_set(record, form.cleaned_data["name"], form.answers, by=request.user)
            return redirect("bench-edit", code, version, golden.pk)
        except actions.Refused as error:
            form.add_error("name", str(error))
    return render(request, "bench/add.html", {"record": record, "form": form}, status=422 if form.errors else 200)


@once_more
def bench_edit(request, code, version, pk):
    golden = access.golden_set(request.user, code, version, pk)
    record = golden.framework
    form = AnswersForm(record.outline(), golden, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, seen = form.cleaned_data["name"], form.cleaned_data["seen"]
        try:
            actions.change_golden_set(golden, name, form.answers, seen=seen, by=request.user)
            messages.success(request, _("The answers are saved; below is what they come to."))
            return redirect("bench-detail", code, version)
        except actions.Refused as error:
            form.add_error("name", str(error))
    context = {"record": record, "golden": golden, "form": form}
    return render(request, "bench/edit.html", context, status=422 if form.errors else 200)


@once_more
def bench_expect(request, code, version, pk):
    """What the answers must come to, as somebody knows it: typed, not computed."""
    golden = access.golden_set(request.user, code, version, pk)
    record = golden.framework
    form = ExpectedForm(record.outline(), golden, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.expect_golden_set(golden, form.expected, seen=form.cleaned_data["seen"], by=request.user)
            messages.success(
                request, _("The expected figures are saved; below they stand beside what the draft gives.")
            )
            return redirect("bench-detail", code, version)
        except actions.Refused as error:
            form.add_error(None, str(error))
    context = {"record": record, "golden": golden, "form": form}
    return render(request, "bench/expect.html", context, status=422 if form.errors else 200)


@require_POST
@once_more
def bench_accept(request, code, version, pk):
    golden = access.golden_set(request.user, code, version, pk)
    done = _("The figures of “%(name)s” are accepted.") % {"name": golden.name}
    seen = request.POST.get("seen", "")
    attempted(request, done, lambda by: actions.accept_golden_set(golden, seen=seen, by=by))
    return redirect("bench-detail", code, version)


@require_POST
def bench_remove(request, code, version, pk):
    golden = access.golden_set(request.user, code, version, pk)
    attempted(request, _("“%(name)s” is removed.") % {"name": golden.name}, actions.remove_golden_set, golden)
    return redirect("bench-detail", code, version)


def _shown(framework, golden, result):
    """A golden set with its figures, named, and its answers by dimension."""
    names = {lens.code: lens.name for lens in framework.lenses}
    names |= {dimension.code: dimension.name for dimension in framework.dimensions}
    answers = bench.followed(framework, golden.answers)
    return {
        "golden": golden,
        "result": result,
        "rows": [(row, names.get(row.code)) for row in result.rows],
        "seen": bench.digest(result.now),
        "is_answered": bool(answers),
        "answers": [
            (dimension, [(criterion, answers.get(criterion.code)) for criterion in dimension.criteria])
            for dimension in framework.dimensions
        ],
    }
