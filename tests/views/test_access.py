"""Who gets to which page. A page without its stranger fails here."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment import actions
from assessment.models import Membership
from assessment.urls import urlpatterns
from tests.factories import make_framework
from tests.records import make_round, store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

OF_A_ROUND = {
    "assessment-detail": [],
    "assessment-edit": [],
    "assessment-approve": [],
    "assessment-reopen": [],
    "dimension-answer": ["T1"],
    "assessment-results": [],
    "report-download": [],
    "score-download": [],
}
OF_A_FRAMEWORK = ["framework-detail", "framework-coverage"]
OF_ONESELF = [
    "assessment-list",
    "assessment-open",
    "framework-list",
    "account_change_password",
    "account_reauthenticate",
]
OF_NOBODY = ["account_login", "account_logout", "account_inactive"]
BOTH = ["dimension-answer", "assessment-edit"]
ONLY_POSTED = ["assessment-approve", "assessment-reopen"]
WHO_SEES_A_ROUND = ["lead", "contributor", "reviewer", "viewer", "consultant", "admin"]


def of_a_round(assessment):
    return {view: reverse(view, args=[assessment.pk, *rest]) for view, rest in OF_A_ROUND.items()}


def of_a_framework(framework):
    return {view: reverse(view, args=[framework.code, framework.version]) for view in OF_A_FRAMEWORK}


def ask(client, view, address):
    return client.post(address) if view in ONLY_POSTED else client.get(address)


def test_every_page_has_its_stranger():
    named = {pattern.name for pattern in urlpatterns if getattr(pattern, "name", None)}
    assert named == {*OF_A_ROUND, *OF_A_FRAMEWORK, *OF_ONESELF, *OF_NOBODY}
    assert [str(pattern.pattern) for pattern in urlpatterns if not getattr(pattern, "name", None)] == ["admin/"]


@pytest.mark.parametrize("view", OF_A_ROUND)
def test_a_stranger_finds_nothing_of_a_round(assessment, stranger, view):
    address = of_a_round(assessment)[view]
    for method in ("get", "post"):
        status = getattr(visitor(stranger), method)(address).status_code
        assert status == (405 if (method == "get") == (view in ONLY_POSTED) and view not in BOTH else 404)


@pytest.mark.parametrize("view", OF_A_ROUND)
def test_a_round_that_is_not_there_and_one_that_is_not_yours_look_the_same(assessment, stranger, view):
    mine, nobodys = (
        ask(visitor(stranger), view, reverse(view, args=[pk, *OF_A_ROUND[view]])) for pk in (assessment.pk, 99_999)
    )
    assert mine.status_code == nobodys.status_code == 404
    assert "杭州" not in mine.content.decode()


@pytest.mark.parametrize("view", OF_A_FRAMEWORK)
def test_a_stranger_reads_what_is_published_and_no_draft(stranger, framework, view):
    draft = store(make_framework(version="2025.1"), publish=False)
    assert visitor(stranger).get(of_a_framework(framework)[view]).status_code == 200
    assert visitor(stranger).get(of_a_framework(draft)[view]).status_code == 404


@pytest.mark.parametrize("view", OF_A_FRAMEWORK)
def test_who_edits_frameworks_reads_drafts(criteria_admin, view):
    draft = store(make_framework(version="2025.1"), publish=False)
    assert visitor(criteria_admin).get(of_a_framework(draft)[view]).status_code == 200


@pytest.mark.parametrize("view", OF_ONESELF)
def test_on_pages_of_their_own_strangers_see_nothing_of_others(assessment, stranger, view):
    page = opened(visitor(stranger), view)
    assert page.status == 200
    assert "杭州" not in page.html


@pytest.mark.parametrize("view", [*OF_A_ROUND, *OF_A_FRAMEWORK, *OF_ONESELF])
def test_nobody_at_all_is_sent_to_sign_in(assessment, view):
    pages = of_a_round(assessment) | of_a_framework(assessment.framework)
    address = pages.get(view) or reverse(view)
    response = ask(visitor(), view, address)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("view", ["account_login", "account_inactive"])
def test_some_pages_are_for_everybody(db, view):
    assert visitor().get(reverse(view)).status_code == 200


@pytest.mark.parametrize("who", WHO_SEES_A_ROUND)
def test_who_has_to_do_with_a_city_reads_its_rounds(request, assessment, who):
    client = visitor(request.getfixturevalue(who))
    for view, address in of_a_round(assessment).items():
        if view not in [*ONLY_POSTED, "assessment-edit"]:
            assert client.get(address).status_code == 200, view


def test_the_criteria_admin_sees_no_round(assessment, criteria_admin):
    client = visitor(criteria_admin)
    assert {ask(client, view, address).status_code for view, address in of_a_round(assessment).items()} == {404}


@pytest.mark.parametrize(
    ("who", "opens", "answers", "approves"),
    [
        ("lead", True, True, True),
        ("contributor", False, True, False),
        ("reviewer", False, False, True),
        ("viewer", False, False, False),
        ("consultant", False, False, False),
        ("admin", False, False, False),
    ],
)
class TestEachRole:
    def test_is_offered_what_it_may_do(self, request, assessment, who, opens, answers, approves):
        client = visitor(request.getfixturevalue(who))
        assert (reverse("assessment-open") in opened(client, "assessment-list").links) is opens
        assert ("T1.1-level" in opened(client, "dimension-answer", assessment.pk, "T1").form) is answers
        assert (reverse("assessment-approve", args=[assessment.pk]) in self.targets(client, assessment)) is approves

    def targets(self, client, assessment):
        tags = opened(client, "assessment-detail", assessment.pk).reader.tags
        return [given.get("action") for tag, given in tags if tag == "form"]

    def test_opens_a_round_or_finds_no_such_page(self, request, assessment, who, opens, answers, approves):
        client = visitor(request.getfixturevalue(who))
        assert client.get(reverse("assessment-open")).status_code == (200 if opens else 404)
        assert client.post(reverse("assessment-open")).status_code == (422 if opens else 404)

    def test_gives_answers_or_finds_no_such_page(self, request, assessment, who, opens, answers, approves):
        client = visitor(request.getfixturevalue(who))
        card = {"T1.1-rows": "0", "T1.1-level": "3", "T1.1-seen": ""}
        response = client.post(reverse("dimension-answer", args=[assessment.pk, "T1"]), card)
        assert response.status_code == (302 if answers else 404) or "T1.1" in response.content.decode()
        assert (response.status_code == 404) is not answers

    def test_declares_final_or_finds_no_such_page(self, request, city, framework, who, opens, answers, approves):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        client = visitor(request.getfixturevalue(who))
        for view, state in (("assessment-approve", "approved"), ("assessment-reopen", "open")):
            response = client.post(reverse(view, args=[record.pk]))
            record.refresh_from_db()
            assert response.status_code == (302 if approves else 404)
            assert (record.state == state) is (approves or state == "open")


def test_approving_tells_what_is_still_open_and_changes_nothing(assessment, lead):
    page = opened(visitor(lead), "assessment-detail", assessment.pk)
    response = visitor(lead).post(reverse("assessment-approve", args=[assessment.pk]), follow=True)
    assert "还有 7 项未作答" in response.content.decode()
    assessment.refresh_from_db()
    assert assessment.is_open
    assert page.status == 200


def test_an_engagement_that_ended_yesterday_opens_nothing(assessment, consultant):
    yesterday = timezone.localdate() - DAY
    Membership.objects.filter(user=consultant).update(ends_on=yesterday)
    client = visitor(consultant)
    assert {ask(client, view, address).status_code for view, address in of_a_round(assessment).items()} == {404}
    assert "杭州" not in opened(client, "assessment-list").html


@pytest.mark.parametrize("view", ONLY_POSTED)
def test_a_link_alone_changes_nothing(city, framework, lead, view):
    record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
    if view == "assessment-reopen":
        actions.approve(record)
    record.refresh_from_db()
    before = record.state
    assert visitor(lead).get(reverse(view, args=[record.pk])).status_code == 405
    record.refresh_from_db()
    assert record.state == before


def test_a_form_from_elsewhere_changes_nothing(assessment, lead):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    response = client.post(reverse("dimension-answer", args=[assessment.pk, "T1"]), {"T1.1-rows": "0"})
    assert response.status_code == 403
    assert not assessment.responses.exists()
