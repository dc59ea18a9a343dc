"""`make bench`: saving one card, beside a bare Django view on the same server and database, in one run.

The bare view has what any Django view has that saves a form: session, CSRF, ModelForm, one transaction; both go
through the whole WSGI stack with all middleware, into one SQLite file that is flushed to disk. Wall time, warm, median
of RUNS, all four taking turns. Goals: at most 2.5 times the bare view; with 1,000 rounds at most 1.3 times that with 10.
"""

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

RUNS, WARM = 200, 20
FEW, MANY = 10, 1000
GOAL_BARE, GOAL_MANY = 2.5, 1.3
CODES = [f"X1.{number}" for number in range(1, 61)]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "assessment.settings",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "VAR_DIR": folder,
            "ALLOWED_HOSTS": "testserver",
        }
        Path(folder, "static").mkdir()
        return _main()


def _main() -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.urls import path

    from assessment import urls

    call_command("migrate", verbosity=0)
    urls.urlpatterns.append(path("bare/<int:pk>/", _bare_view(), name="bare"))
    record, contributor = _world()
    client = _signed_in(contributor)
    small = connection.settings_dict["NAME"]
    large = f"{small}.large"
    connection.close()
    shutil.copy(small, large)
    _use(large)
    _more_rounds(record, MANY - FEW)
    work = [(name, make(client, record, contributor)) for name in (small, large) for make in (_autosave, _bare)]
    return _report(*_measured(work))


def _report(few: float, few_bare: float, many: float, many_bare: float) -> int:
    for count, ours, bare in ((FEW, few, few_bare), (MANY, many, many_bare)):
        print(
            f"{count:5d} rounds  autosave {ours:6.2f} ms  bare {bare:6.2f} ms  ratio {ours / bare:5.2f}  (goal {GOAL_BARE})"
        )
    print(f"{MANY} rounds beside {FEW}:  ratio {many / few:5.2f}  (goal {GOAL_MANY})")
    return 0 if max(few / few_bare, many / many_bare) <= GOAL_BARE and many / few <= GOAL_MANY else 1


def _use(name: str) -> None:
    """From here on the database is this file, opened and ready."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def _bare_view() -> Callable:
    """What a Django project does at least: fetch, permit by nothing but the session, check, save, answer."""
    from django import forms
    from django.db import transaction
    from django.http import HttpResponse
    from django.shortcuts import get_object_or_404

    from assessment.models import Response

    class Bare(forms.ModelForm):
        class Meta:
            model = Response
            fields = ["level", "target", "rationale", "not_applicable"]

    @transaction.atomic
    def bare(request, pk):
        form = Bare(request.POST, instance=get_object_or_404(Response, pk=pk))
        if form.is_valid():
            form.save()
        return HttpResponse("saved", status=200 if form.is_valid() else 422)

    return bare


def _world():
    """A city with FEW rounds of 60 criteria, all answered with evidence; in the first a contributor has a dimension."""
    from assessment.models import City, Membership
    from tests.records import assign, framework_of, make_member, store

    framework = store(framework_of(len(CODES)))
    city = City.objects.create(code="330100", name="杭州市")
    contributor = make_member("contributor", "填报人", city, Membership.Role.CONTRIBUTOR)
    record = _round(city, framework, 0)
    assign(record, contributor)
    for number in range(1, FEW):
        _round(city, framework, number)
    return record, contributor


def _round(city, framework, number):
    from assessment.outline import Evidence
    from tests.records import make_round

    answers = {code: {"level": 2, "rationale": "有制度。", "evidence": (Evidence("办法"),)} for code in CODES}
    return make_round(city, framework, answers, round=f"第{number}轮")


def _more_rounds(record, count: int) -> None:
    """Copies of the round with all its answers, their evidence and versions, in other cities and this one."""
    from assessment.models import Assessment, City, Evidence, Response, Version

    rows = list(record.responses.all())
    versions = {version.criterion_id: version for version in record.versions.filter(number=1)}
    for number in range(count):
        city = City.objects.create(code=str(400000 + number), name=f"城市{number}") if number % 2 else record.city
        copy = Assessment.objects.create(city=city, framework=record.framework, round=f"另{number}")
        made = Response.objects.bulk_create(
            Response(
                assessment=copy, criterion_id=row.criterion_id, level=row.level, rationale=row.rationale, version=1
            )
            for row in rows
        )
        Evidence.objects.bulk_create(Evidence(response=row, title="办法") for row in made)
        Version.objects.bulk_create(
            Version(
                assessment=copy,
                criterion_id=row.criterion_id,
                number=1,
                answer=versions[row.criterion_id].answer,
                cause="saved",
            )
            for row in rows
        )


def _signed_in(user):
    """A browser with a session and a CSRF token, both checked as in earnest."""
    from django.test import Client

    token = "a" * 32
    client = Client(enforce_csrf_checks=True, headers={"X-CSRFToken": token, "HX-Request": "true"})
    client.force_login(user)
    client.cookies["csrftoken"] = token
    return client


def _autosave(client, record, user) -> Callable[[int], None]:
    from django.urls import reverse

    code = CODES[0]
    address, seen = reverse("response-save", args=[record.pk, code]), {"version": 1}
    card = {f"{code}-level": "2", f"{code}-target": "", f"{code}-not_applicable": "", f"{code}-rows": "2"}
    card |= {f"{code}-evidence-0-title": "办法", "account": str(user.pk), "page": "bench"}

    def save(run: int) -> None:
        typed = card | {f"{code}-rationale": f"有制度，第{run}次。", f"{code}-seen": str(seen["version"])}
        response = client.post(address, typed)
        seen["version"] += 1
        assert response.status_code == 200 and f'data-version="{seen["version"]}"' in response.text

    return save


def _bare(client, record, _user) -> Callable[[int], None]:
    address = f"/bare/{record.responses.get(criterion__code=CODES[1]).pk}/"

    def save(run: int) -> None:
        typed = {"level": "2", "target": "", "rationale": f"有制度，第{run}次。", "not_applicable": ""}
        assert client.post(address, typed).status_code == 200

    return save


def _measured(work: list[tuple[str, Callable[[int], None]]]) -> list[float]:
    """Median milliseconds of each, taking turns, each in its own database."""
    times: list[list[float]] = [[] for _ in work]
    for run in range(-WARM, RUNS):
        for number, (name, save) in enumerate(work):
            _use(name)
            start = perf_counter()
            save(run)
            if run >= 0:
                times[number].append(1000 * (perf_counter() - start))
    return [statistics.median(taken) for taken in times]


if __name__ == "__main__":
    sys.exit(main())
