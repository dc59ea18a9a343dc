"""The demo as `make run` loads it, and every address in it with somebody who may read it."""

from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from assessment import actions
from assessment.management.commands.load_demo import PASSWORD
from assessment.management.commands.start import FRAMEWORKS, load_shipped
from assessment.models import Assessment, Batch, Framework, Membership, User

__all__ = ["PASSWORD", "addresses", "demo_round", "load_demo", "load_shipped_framework"]
CITY = "990100"
FRAMEWORK = ("cn-city-digital", "2024.1")


def load_shipped_framework() -> Framework:
    for file in sorted(FRAMEWORKS.glob("*.yaml")):
        load_shipped(file)
    return Framework.objects.get(code=FRAMEWORK[0], version=FRAMEWORK[1])


def load_demo() -> None:
    """And a draft in which one thing was changed, for the pages of the desk; reports that were made, and batches of them."""
    load_shipped_framework()
    call_command("load_demo", stdout=StringIO())
    _begin_draft()
    _order_batches()
    _register_reports()


def _begin_draft() -> None:
    editor = User.objects.get(username="criteria-admin")
    draft = actions.copy_as_draft(Framework.objects.get(code=FRAMEWORK[0], version=FRAMEWORK[1]), "2025.1", by=editor)
    actions.save_element(draft, "criterion:T1.2", {"weight": 2}, by=editor, seen=0)


def _order_batches() -> None:
    consultant = User.objects.get(username="consultant")
    rounds = Assessment.objects.filter(round="2026").select_related("city")
    done, _waiting = (actions.create_batch(rounds, ["pdf", "json"], "zh-hans", by=consultant) for _number in range(2))
    done.items.update(state="done")
    done.items.filter(pk=done.items.first().pk).update(
        state="failed", reason="服务器磁盘空间不足：请管理员清理空间后重试。"
    )
    Batch.objects.filter(pk=done.pk).update(state="done", file="batches/demo.zip", done_at=timezone.now())


def _register_reports() -> None:
    lead = User.objects.get(username="lead")
    for form, by in (("pdf", lead), ("zip", None)):
        actions.register_report(demo_round(), form.encode(), form=form, content_sha256="0" * 64, by=by)


def demo_round(round_: str = "2026", city: str = CITY) -> Assessment:
    return Assessment.objects.get(round=round_, city__code=city)


# One of each kind of page: by whom it is read, and where it lies; {now} and {before} are the city's rounds.
PAGES = {
    "sign in": (None, "/accounts/login/"),
    "disabled account": (None, "/accounts/inactive/"),
    "home": ("lead", "/"),
    "home of one who sees no round": ("criteria-admin", "/"),
    "open a round": ("lead", "/assessments/open/"),
    "overview": ("lead", "/assessments/{now}/"),
    "overview of a final round": ("reviewer", "/assessments/{before}/"),
    "trend": ("lead", "/assessments/{now}/dimensions/T1/"),
    "blank trend": ("contributor", "/assessments/{now}/dimensions/T6/"),
    "priority": ("lead", "/assessments/{now}/dimensions/P3/"),
    "locked answers": ("viewer", "/assessments/{before}/dimensions/P1/"),
    "one criterion": ("lead", "/assessments/{now}/criteria/T1.1/"),
    "one criterion, as a reviewer reads it": ("reviewer", "/assessments/{before}/criteria/P1.A1/"),
    "evidence": ("viewer", "/assessments/{now}/evidence/"),
    "claims without evidence": ("contributor", "/assessments/{now}/evidence/?unproven=1"),
    "choose a day": ("consultant", "/assessments/{now}/as-of/"),
    "as it was": ("viewer", "/assessments/{before}/as-of/?on={today}"),
    "offline workbook": ("lead", "/assessments/{now}/pack/"),
    "offline workbook of one department": ("contributor", "/assessments/{now}/pack/"),
    "questionnaire on paper": ("contributor", "/assessments/{now}/print/"),
    "blank questionnaire": ("lead", "/assessments/{now}/print/?blank=1"),
    "who answers what": ("lead", "/assessments/{now}/assignments/"),
    "whose turn": ("lead", "/assessments/{now}/board/"),
    "whose turn, to read": ("reviewer", "/assessments/{now}/board/"),
    "my tasks": ("contributor", "/tasks/"),
    "no tasks": ("lead", "/tasks/"),
    "results": ("consultant", "/assessments/{now}/results/"),
    "writing the report": ("consultant", "/assessments/{now}/report/"),
    "writing the report of a final round": ("lead", "/assessments/{before}/report/"),
    "executive summary": ("consultant", "/assessments/{now}/report/summary/"),
    "words for a comparison": ("consultant", "/assessments/{now}/report/comparison/"),
    "commentary": ("consultant", "/assessments/{now}/report/dimensions/P4/"),
    "recommendation, added": ("consultant", "/assessments/{now}/report/criteria/T5.3/"),
    "recommendation, none": ("lead", "/assessments/{now}/report/criteria/P1.A3/"),
    "owners and days": ("consultant", "/assessments/{now}/report/improvements/"),
    "design": ("consultant", "/assessments/{now}/report/design/"),
    "my mark": ("consultant", "/mark/"),
    "mark of a city": ("lead", "/cities/990100/mark/"),
    "my phrases": ("consultant", "/phrases/"),
    "no phrases": ("lead", "/phrases/"),
    "a phrase": ("consultant", "/phrases/add/"),
    "rounds compared": ("viewer", "/assessments/{now}/compare/"),
    "nothing to compare a round with": ("lead", "/assessments/{other}/compare/"),
    "quality annex": ("reviewer", "/assessments/{now}/annex/"),
    "a PDF with a password": ("viewer", "/assessments/{now}/reports/locked/"),
    "the report as a page": ("viewer", "/assessments/{now}/report.html"),
    "the report as a page, in English": ("consultant", "/assessments/{now}/report.html?language=en"),
    "evidence to be asked for": ("lead", "/assessments/{now}/evidence/asked/"),
    "particulars": ("lead", "/assessments/{now}/edit/"),
    "own targets": ("lead", "/assessments/{now}/targets/"),
    "check and submit": ("lead", "/assessments/{now}/submit/"),
    "review": ("reviewer", "/assessments/{now}/review/"),
    "review of a dimension": ("reviewer", "/assessments/{now}/review/T2/"),
    "return": ("reviewer", "/assessments/{now}/return/?criterion=T1.2"),
    "approve": ("reviewer", "/assessments/{now}/approve/"),
    "frozen results": ("viewer", "/assessments/{before}/revisions/"),
    "frozen result": ("viewer", "/assessments/{before}/revisions/1/"),
    "reports made": ("viewer", "/assessments/{now}/reports/"),
    "no report made": ("viewer", "/assessments/{before}/reports/"),
    "check a report": ("viewer", "/reports/check/"),
    "event log": ("admin", "/events/"),
    "event log of a round": ("lead", "/events/?assessment={now}"),
    "no such event": ("lead", "/events/?words=nothing"),
    "people": ("lead", "/cities/990100/members/"),
    "a person's role": ("admin", "/cities/990100/members/{member}/"),
    "invite": ("lead", "/cities/990100/invitations/add/"),
    "add a department": ("lead", "/cities/990100/departments/add/"),
    "import people": ("lead", "/cities/990100/members/roster/"),
    "people by city": ("secadmin", "/cities/"),
    "used invitation": (None, "/invitations/used/"),
    "used password link": (None, "/accounts/set-password/MQ/used/"),
    "many rounds": ("consultant", "/?q=yc"),
    "many cities": ("consultant", "/portfolio/"),
    "many cities, the best first": ("admin", "/portfolio/?sort=-score"),
    "no such city": ("consultant", "/portfolio/?q=nothing"),
    "batches of reports": ("consultant", "/batches/"),
    "no batch of reports": ("lead", "/batches/"),
    "a batch that waits": ("consultant", "/batches/{waiting}/"),
    "a batch of which a part failed": ("consultant", "/batches/{batch}/"),
    "frameworks": ("viewer", "/frameworks/"),
    "framework": ("viewer", "/frameworks/cn-city-digital/2024.1/"),
    "coverage": ("viewer", "/frameworks/cn-city-digital/2024.1/coverage/"),
    "nothing to compare with": ("viewer", "/frameworks/cn-city-digital/2024.1/compare/"),
    "another framework": ("viewer", "/frameworks/ssc-maturity-lite/1.0/"),
    "coverage of another framework": ("viewer", "/frameworks/dcmm-self-check/1.0/coverage/"),
    "overview in another framework": ("lead", "/assessments/{other}/"),
    "plain dimension": ("lead", "/assessments/{other}/dimensions/D3/"),
    "results in another framework": ("consultant", "/assessments/{other}/results/"),
    "sources": ("viewer", "/frameworks/cn-city-digital/2024.1/sources/"),
    "sources, to upload their texts": ("criteria-admin", "/frameworks/cn-city-digital/2024.1/sources/"),
    "test bench": ("viewer", "/frameworks/cn-city-digital/2024.1/bench/"),
    "editor": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/edit/"),
    "editor of a criterion": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/edit/criterion/T1.2/"),
    "editor of a balance": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/edit/dimension/P1/"),
    "editor of a clause": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/edit/passage/ndrc-2024-660%23五/"),
    "editor of a target profile": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/edit/target/2027/"),
    "how a framework was published": ("auditor", "/frameworks/cn-city-digital/2024.1/publication/"),
    "retiring a framework": ("criteria-admin", "/frameworks/cn-city-digital/2024.1/retire/"),
    "check of a draft": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/lint/"),
    "edits of a draft": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/edits/"),
    "preview of a draft": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/preview/P1/"),
    "name of a draft": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/identity/"),
    "publishing a draft": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/publish/"),
    "what a draft changes": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/compare/"),
    "a draft on the test bench": ("criteria-admin", "/frameworks/cn-city-digital/2025.1/bench/"),
    "frameworks to edit": ("criteria-admin", "/frameworks/"),
    "a new framework": ("criteria-admin", "/frameworks/new/"),
    "a new version": ("criteria-admin", "/frameworks/cn-city-digital/2024.1/copy/"),
    "change password": ("lead", "/accounts/password/change/"),
    "sign out": ("lead", "/accounts/logout/"),
    "no such page": ("lead", "/assessments/999999/"),
}
ADMIN_PAGES = {
    "admin": ("admin", "/admin/"),
    "admin: people": ("admin", "/admin/assessment/user/"),
}


def addresses() -> dict[str, tuple[str | None, str]]:
    """`PAGES` with the rounds' numbers in their places."""
    places = {"now": demo_round().pk, "before": demo_round("2025").pk, "today": timezone.localdate()}
    places["other"] = demo_round("2026数据专项").pk
    places |= {"waiting": Batch.objects.get(state="waiting").pk, "batch": Batch.objects.get(state="done").pk}
    places["member"] = Membership.objects.filter(city__code=CITY, user__username="contributor").get().pk
    return {name: (who, address.format(**places)) for name, (who, address) in (PAGES | ADMIN_PAGES).items()}
