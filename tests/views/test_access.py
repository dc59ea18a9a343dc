"""Who gets to which page. A page without its stranger fails here: add one line for each new address, below."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment import access
from assessment.models import Invitation, Membership, Role
from assessment.urls import urlpatterns
from tests.factories import make_framework
from tests.records import store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GET, POST, BOTH = ("get",), ("post",), ("get", "post")


@dataclass(frozen=True)
class Door:
    """An address below a round or a city: for which verb of `access.RIGHTS`, asked how, and what follows in it.

    `rest`: the arguments after the round's number or the city's code; a function of the round where they are of rows
    that must be made first.
    """

    verb: str
    methods: tuple[str, ...] = GET
    rest: tuple | Callable = ()


def a_membership(assessment):
    return (Membership.objects.filter(city=assessment.city).first().pk,)


def a_department(assessment):
    return (assessment.city.departments.create(name="一个部门").pk,)


def an_invitation(assessment):
    sender = Membership.objects.filter(city=assessment.city).first().user
    row = Invitation(city=assessment.city, role=Role.VIEWER, created_by=sender)
    row.renew_token()
    row.save()
    return (row.pk,)


def a_comment(assessment):
    author = Membership.objects.filter(city=assessment.city).first()
    if author is None:
        return (0,)
    criterion = assessment.framework.criteria.get(code="T1.1")
    return (assessment.comments.create(criterion=criterion, text="一条意见", written_by=author.user).pk,)


def a_return(assessment):
    criterion = assessment.framework.criteria.get(code="T1.1")
    author = Membership.objects.filter(city=assessment.city).first()
    return (
        (assessment.returns.create(criterion=criterion, reason="补充", returned_by=author.user).pk,) if author else (0,)
    )


# Below a round: reverse(name, args=[round, *rest]).
OF_A_ROUND = {
    "assessment-detail": Door("read"),
    "assessment-edit": Door("edit", BOTH),
    "assessment-release": Door("open", POST),
    "assessment-targets": Door("edit", BOTH),
    "assessment-submit": Door("submit", BOTH),
    "assessment-withdraw": Door("withdraw", POST),
    "assessment-migrate": Door("migrate", BOTH),
    "return-settle": Door("answer", POST, a_return),
    "review-begin": Door("review", POST),
    "review-detail": Door("read"),
    "dimension-review": Door("read", BOTH, ("T1",)),
    "assessment-return": Door("return", BOTH),
    "assessment-approve": Door("approve", BOTH),
    "assessment-reopen": Door("reopen", POST),
    "freeze-list": Door("read"),
    "dimension-answer": Door("read", BOTH, ("T1",)),
    "dimension-confirm": Door("answer", POST, ("T1",)),
    "response-save": Door("answer", POST, ("T1.1",)),
    "response-confirm": Door("answer", POST, ("T1.1",)),
    "criterion-detail": Door("read", GET, ("T1.1",)),
    "response-restore": Door("answer", POST, ("T1.1",)),
    "comment-add": Door("comment", POST, ("T1.1",)),
    "comment-resolve": Door("comment", POST, a_comment),
    "comment-reopen": Door("comment", POST, a_comment),
    "file-add": Door("answer", POST, ("T1.1",)),
    "file-reuse": Door("answer", POST, ("T1.1",)),
    "evidence-list": Door("read"),
    "assessment-as-of": Door("read"),
    "assessment-results": Door("read"),
    "assessment-annex": Door("read"),
    "assessment-compare": Door("read"),
    "assignment-edit": Door("assign", BOTH),
    "board-detail": Door("board"),
    "board-remind": Door("assign", POST),
    "pack-upload": Door("pack", BOTH),
    "pack-apply": Door("pack", POST),
    "pack-download": Door("pack"),
    "questionnaire-print": Door("pack"),
    "remark-list": Door("remark"),
    "summary-write": Door("remark", BOTH),
    "comparison-write": Door("remark", BOTH),
    "commentary-write": Door("remark", BOTH, ("T1",)),
    "recommendation-write": Door("remark", BOTH, ("T1.1",)),
    "improvement-list": Door("remark", BOTH),
    "design-edit": Door("design", BOTH),
    "report-list": Door("read"),
    "report-download": Door("report"),
    "brief-download": Door("report"),
    "slides-download": Door("report"),
    "report-protected": Door("report", BOTH),
    "report-page": Door("report"),
    "request-detail": Door("report"),
    "request-download": Door("report", GET, ("xlsx",)),
    "score-download": Door("report"),
}
# Below a city: reverse(name, args=[code, *rest]).
OF_A_CITY = {
    "member-list": Door("members"),
    "member-edit": Door("members", BOTH, a_membership),
    "member-remove": Door("members", POST, a_membership),
    "department-add": Door("members", BOTH),
    "department-edit": Door("members", BOTH, a_department),
    "invitation-add": Door("members", BOTH),
    "invitation-revoke": Door("members", POST, an_invitation),
    "roster-import": Door("members", BOTH),
    "roster-download": Door("members"),
    "roster-links": Door("members", POST),
    "city-mark-edit": Door("mark", BOTH),
}
# May be opened, but not posted to, by those with the verb alone: a contributor posts to what is assigned to them.
ALSO_ASSIGNED = {"dimension-answer", "dimension-confirm", "response-save", "response-confirm"}
ALSO_ASSIGNED |= {"response-restore", "file-add", "file-reuse", "return-settle"}
# Read by all who see the round, posted to by reviewers alone.
ALSO_REVIEWED = {"dimension-review"}
# Posted to by who wrote the thread, leads and reviewers.
ALSO_WRITTEN = {"comment-resolve", "comment-reopen"}
OF_A_FRAMEWORK = ["framework-detail", "framework-coverage", "source-list", "comparison-detail", "bench-detail"]
# Everybody who is signed in has one of their own.
OF_ONESELF = [
    "assessment-list",
    "task-list",
    "batch-list",
    "framework-list",
    "account_change_password",
    "account_reauthenticate",
]
# Found by those alone who may do it somewhere, see the tests of each.
OF_A_PART = ["part-hand-in", "part-take-back", "part-accept", "part-give-back"]
OF_A_FREEZE = ["freeze-detail", "freeze-download"]
# Of who writes for a city's report, or is a city's consultant; see test_remarks, test_phrases and test_marks.
OF_A_WRITER = [
    "remark-preview",
    "phrase-list",
    "phrase-add",
    "phrase-edit",
    "phrase-remove",
    "phrase-use",
    "phrase-find",
]
OF_A_WRITER += ["mark-edit"]
OF_A_COPY = ["migration-detail", "migration-undo"]
OF_A_BENCH = ["bench-add", "bench-edit", "bench-expect", "bench-accept", "bench-remove"]
OF_THE_DESK = [
    "framework-add",
    "framework-copy",
    "framework-retire",
    "publication-detail",
    "framework-delete",
    "framework-identity",
    "framework-preview",
    "framework-edit",
    "framework-lint",
    "framework-publish",
    "framework-element-add",
    "edit-list",
    "edit-undo",
    "element-edit",
    "element-add",
    "element-move",
    "element-remove",
    "element-change",
]
# Of the cities on one's desk, and of batches that one ordered
OF_MANY_CITIES = [
    "portfolio-list",
    "portfolio-report",
    "batch-add",
    "batch-detail",
    "batch-cancel",
    "batch-retry",
    "batch-repeat",
    "batch-download",
]
OF_SOME = [
    *OF_A_PART,
    *OF_MANY_CITIES,
    *OF_A_FREEZE,
    *OF_A_WRITER,
    *OF_A_COPY,
    *OF_A_BENCH,
    *OF_THE_DESK,
    "assessment-open",
    "comparison-download",
    "city-list",
    "event-list",
    "event-export",
    "password-link",
    "account-activate",
    "file-download",
]
# Without signing in, see the tests of each.
OF_NOBODY = ["account_login", "account_logout", "account_inactive", "invitation-accept", "password-set"]

OF_A_FRAMEWORK += ["framework-file", "framework-book"]
OF_SOME += ["framework-import", "text-decide"]
OF_ONESELF += ["report-check"]

DOORS = OF_A_ROUND | OF_A_CITY
ROLES = [*Role.values, "admin"]


def address_of(view, assessment, rest=None):
    door = DOORS[view]
    rest = (door.rest(assessment) if callable(door.rest) else door.rest) if rest is None else rest
    return reverse(view, args=[assessment.pk if view in OF_A_ROUND else assessment.city.code, *rest])


def of_a_framework(framework):
    return {view: reverse(view, args=[framework.code, framework.version]) for view in OF_A_FRAMEWORK}


def statuses(client, view, address):
    """What each way of asking that the address knows gives."""
    return [getattr(client, method)(address).status_code for method in DOORS[view].methods]


def has_right(who, verb):
    return verb in access.SUPERUSER_RIGHTS if who == "admin" else who in access.RIGHTS[verb]


def test_every_page_has_its_stranger():
    named = {pattern.name for pattern in urlpatterns if getattr(pattern, "name", None)}
    assert named == {*DOORS, *OF_A_FRAMEWORK, *OF_ONESELF, *OF_SOME, *OF_NOBODY}
    assert [str(pattern.pattern) for pattern in urlpatterns if not getattr(pattern, "name", None)] == ["admin/"]


@pytest.mark.parametrize("view", DOORS)
@pytest.mark.parametrize("who", ["stranger", "criteria_admin", "auditor", "system_admin"])
def test_a_stranger_finds_nothing(request, assessment, lead, who, view):
    client = visitor(request.getfixturevalue(who))
    assert set(statuses(client, view, address_of(view, assessment))) == {404}


@pytest.mark.parametrize("view", OF_A_ROUND)
def test_what_is_not_there_and_what_is_not_yours_look_the_same(assessment, lead, stranger, view):
    address = address_of(view, assessment)
    for method in DOORS[view].methods:
        mine, nobodys = (
            getattr(visitor(stranger), method)(there)
            for there in (address, address.replace(f"/{assessment.pk}/", "/99999/", 1))
        )
        assert mine.status_code == nobodys.status_code == 404
        assert "杭州" not in mine.content.decode()


@pytest.mark.parametrize("view", DOORS)
@pytest.mark.parametrize("who", ROLES)
def test_each_role_gets_where_its_rights_lead_and_nowhere_else(request, assessment, lead, who, view):
    door, client = DOORS[view], visitor(request.getfixturevalue(who))
    address = address_of(view, assessment)
    if "get" in door.methods:
        assert (client.get(address).status_code != 404) is has_right(who, door.verb)
    if "post" in door.methods and view not in ALSO_ASSIGNED | ALSO_WRITTEN | ALSO_REVIEWED:
        assert (client.post(address).status_code != 404) is has_right(who, door.verb)


@pytest.mark.parametrize("view", DOORS)
def test_an_address_answers_as_it_is_meant_to_be_asked_alone(assessment, lead, view):
    for method in set(BOTH) - set(DOORS[view].methods):
        assert getattr(visitor(lead), method)(address_of(view, assessment)).status_code in (404, 405)


@pytest.mark.parametrize("view", DOORS)
def test_an_engagement_that_ended_yesterday_opens_nothing(assessment, lead, consultant, view):
    address = address_of(view, assessment)
    Membership.objects.filter(user=consultant).update(ends_on=timezone.localdate() - DAY)
    client = visitor(consultant)
    assert set(statuses(client, view, address)) == {404}
    assert "杭州" not in opened(client, "assessment-list").html


@pytest.mark.parametrize("view", [view for view in OF_A_ROUND if "get" in OF_A_ROUND[view].methods])
def test_a_draft_round_is_there_for_leads_alone(assessment, lead, contributor, reviewer, view):
    address = address_of(view, assessment)
    type(assessment).objects.filter(pk=assessment.pk).update(state="draft")
    assert visitor(lead).get(address).status_code == (200 if has_right("lead", OF_A_ROUND[view].verb) else 404)
    assert {visitor(user).get(address).status_code for user in (contributor, reviewer)} == {404}


@pytest.mark.parametrize("view", [*DOORS, *OF_A_FRAMEWORK, *OF_ONESELF])
def test_nobody_at_all_is_sent_to_sign_in(assessment, lead, view):
    pages = of_a_framework(assessment.framework)
    address = address_of(view, assessment) if view in DOORS else pages.get(view) or reverse(view)
    method = DOORS[view].methods[0] if view in DOORS else "get"
    response = getattr(visitor(), method)(address)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("view", DOORS)
def test_a_form_from_elsewhere_changes_nothing(assessment, lead, view):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    if "post" in DOORS[view].methods:
        assert client.post(address_of(view, assessment)).status_code == 403


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
@pytest.mark.parametrize("who", ["stranger", "auditor", "system_admin", "criteria_admin"])
def test_on_pages_of_their_own_strangers_see_nothing_of_others(request, assessment, who, view):
    page = opened(visitor(request.getfixturevalue(who)), view)
    assert page.status == 200
    assert "杭州" not in page.html


@pytest.mark.parametrize("view", ["account_login", "account_inactive"])
def test_some_pages_are_for_everybody(db, view):
    assert visitor().get(reverse(view)).status_code == 200


@pytest.mark.parametrize("who", ROLES)
def test_rounds_are_opened_by_leads_alone(request, assessment, who):
    client = visitor(request.getfixturevalue(who))
    assert client.get(reverse("assessment-open")).status_code == (200 if who == "lead" else 404)
    assert client.post(reverse("assessment-open")).status_code == (422 if who == "lead" else 404)
    assert (reverse("assessment-open") in opened(client, "assessment-list").links) is (who == "lead")


def test_answers_are_given_by_the_lead_and_by_whom_they_are_assigned_to(assessment, lead, contributor, reviewer):
    address = reverse("dimension-answer", args=[assessment.pk, "T1"])
    assert visitor(contributor).post(address).status_code == 404
    assessment.assignments.create(dimension=assessment.framework.dimensions.get(code="T1"), user=contributor)
    assert [visitor(user).post(address).status_code for user in (contributor, lead, reviewer)] == [302, 302, 404]
