"""Who may do what: the table of docs/access.md, role by role and verb by verb, and the day on which it changes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from assessment import access
from assessment.models import Event, Framework, Membership, Role
from tests.factories import make_framework
from tests.records import approved, assign, make_round, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]
DOCS = Path(settings.BASE_DIR, "docs", "access.md")
DAY = timedelta(days=1)
HERE = {"lead", "contributor", "reviewer", "consultant", "viewer", "admin"}
NOBODY_HERE = {"stranger", "criteria_admin", "system_admin", "security_admin", "auditor"}


def documented() -> dict[str, set[str]]:
    """verb → who may, as docs/access.md shows it."""
    lines = [line.strip().strip("|").split("|") for line in DOCS.read_text(encoding="utf-8").splitlines()]
    head = next(cells for cells in lines if "verb" in cells[0])
    names = [cell.split()[-1] for cell in head[2:]]
    rows = [cells for cells in lines if re.fullmatch(r" `\w+` ", cells[0])]
    return {
        cells[0].strip(" `"): {name for name, mark in zip(names, cells[2:], strict=True) if "✓" in mark}
        for cells in rows
    }


TABLE = documented()


def found(get, *args):
    try:
        return bool(get(*args))
    except Http404:
        return False


def may(user, record) -> set[str]:
    """All verbs for which the user finds the round."""
    return {verb for verb in access.RIGHTS if found(access.assessment, user, record.pk, verb)}


def wanted(who) -> set[str]:
    name = "superuser" if who == "admin" else who
    return {verb for verb, names in TABLE.items() if name in names}


def test_the_documented_table_is_the_table():
    assert {verb: {Role(role).value for role in roles} for verb, roles in access.RIGHTS.items()} == {
        verb: names - {"superuser"} for verb, names in TABLE.items()
    }
    assert {verb for verb, names in TABLE.items() if "superuser" in names} == access.SUPERUSER_RIGHTS


@pytest.mark.parametrize("who", sorted(HERE | NOBODY_HERE))
class TestTheTable:
    def test_holds_for_a_round(self, request, assessment, who):
        assert may(request.getfixturevalue(who), assessment) == wanted(who)

    def test_holds_for_a_draft_of_which_only_leads_know(self, request, assessment, who):
        type(assessment).objects.filter(pk=assessment.pk).update(state="draft")
        user = request.getfixturevalue(who)
        assert may(user, assessment) == (wanted(who) if who in ("lead", "admin") else set())
        assert list(access.assessments(user)) == ([assessment] if who in ("lead", "admin") else [])

    def test_holds_for_lists(self, request, assessment, who):
        assert list(access.assessments(request.getfixturevalue(who))) == ([assessment] if who in HERE else [])

    def test_holds_for_the_city(self, request, assessment, who):
        user, city = request.getfixturevalue(who), assessment.city
        staffs = "members" in wanted(who) or who == "security_admin"
        assert found(access.city, user, city.code) is staffs
        assert access.cities_to_staff(user).filter(pk=city.pk).exists() is staffs
        assert access.cities_to_open(user).filter(pk=city.pk).exists() is ("open" in wanted(who))

    def test_holds_for_the_log(self, request, assessment, who):
        Event.objects.record(Event.Verb.SIGN_IN_FAILED, target="x")
        Event.objects.record(Event.Verb.EDITED, assessment=assessment)
        user = request.getfixturevalue(who)
        verbs = {event.verb for event in access.events(user)} if found(access.events, user) else set()
        reads_all, reads_city = who in ("admin", "auditor"), "events" in wanted(who)
        assert ("sign_in_failed" in verbs, "edited" in verbs) == (reads_all, reads_all or reads_city)

    def test_holds_for_frameworks(self, request, framework, who):
        user, draft = request.getfixturevalue(who), store(make_framework(version="draft"), publish=False)
        assert found(access.framework, user, framework.code, framework.version)
        assert found(access.framework, user, draft.code, "draft") is (who in ("criteria_admin", "admin"))

    def test_holds_for_answers(self, request, assessment, who):
        user = request.getfixturevalue(who)
        seat = access.seat_in(user, assessment.city)
        assert bool(access.answerable(assessment, seat)) is (who == "lead")  # nothing is assigned to the contributor


def test_a_round_that_is_not_there_is_not_found(admin):
    with pytest.raises(Http404):
        access.assessment(admin, 1)


class TestWhatAContributorAnswers:
    def seen_by(self, user, assessment):
        return access.answerable(assessment, access.seat_in(user, assessment.city))

    def test_is_what_is_assigned_to_them(self, assessment, contributor):
        assign(assessment, contributor, "T1")
        assert self.seen_by(contributor, assessment) == {"T1.1", "T1.2", "T1.3"}

    def test_is_what_is_assigned_to_their_department(self, assessment, contributor):
        department = assessment.city.departments.create(name="市数据局")
        assessment.assignments.create(dimension=assessment.framework.dimensions.get(code="P1"), department=department)
        assert self.seen_by(contributor, assessment) == set()
        contributor.memberships.update(department=department)
        assert self.seen_by(contributor, assessment) == {"P1.A1", "P1.A2", "P1.B1", "P1.B2"}

    def test_is_not_what_a_colleague_has_of_their_dimension(self, assessment, contributor, lead):
        assign(assessment, contributor, "T1")
        assessment.assignments.create(criterion=assessment.framework.criteria.get(code="T1.2"), user=lead)
        assert self.seen_by(contributor, assessment) == {"T1.1", "T1.3"}

    @pytest.mark.parametrize("state", ["handed_in", "accepted"])
    def test_is_locked_once_it_is_handed_in(self, assessment, contributor, lead, state):
        assign(assessment, contributor, "T1")
        assessment.assignments.update(state=state)
        assert self.seen_by(contributor, assessment) == set()
        assert len(self.seen_by(lead, assessment)) == 7

    @pytest.mark.parametrize("state", ["draft", "submitted", "under_review", "approved"])
    def test_is_nothing_while_the_round_is_not_open(self, assessment, contributor, lead, state):
        assign(assessment, contributor)
        assessment.state = state
        assert self.seen_by(contributor, assessment) == self.seen_by(lead, assessment) == set()

    def test_is_what_was_returned_alone_after_single_returns(self, assessment, contributor, lead, reviewer):
        assign(assessment, contributor, "T1")
        for code in ("T1.2", "P1.A1"):
            criterion = assessment.framework.criteria.get(code=code)
            assessment.returns.create(criterion=criterion, reason="补", returned_by=reviewer)
        assessment.is_narrowed = True
        assert self.seen_by(contributor, assessment) == {"T1.2"}
        assert self.seen_by(lead, assessment) == {"T1.2", "P1.A1"}


def test_a_final_round_is_answered_by_nobody_and_still_seen_by_all(city, framework, lead, contributor):
    record = approved(make_round(city, framework))
    for user in (lead, contributor):
        assert found(access.assessment, user, record.pk)
        assert not access.answerable(record, access.seat_in(user, city))


ENGAGEMENTS = {
    "begins today": (timedelta(), None, True),
    "ends today": (-DAY, timedelta(), True),
    "begins tomorrow": (DAY, None, False),
    "ended yesterday": (None, -DAY, False),
}


@pytest.mark.parametrize(("starts", "ends", "seen"), ENGAGEMENTS.values(), ids=ENGAGEMENTS)
@pytest.mark.parametrize("who", ["consultant", "lead", "reviewer"])
def test_an_engagement_counts_on_its_days_only(request, assessment, who, starts, ends, seen):
    user, today = request.getfixturevalue(who), timezone.localdate()
    days = {"starts_on": starts, "ends_on": ends}
    Membership.objects.filter(user=user).update(
        **{name: None if offset is None else today + offset for name, offset in days.items()}
    )
    assert may(user, assessment) == (wanted(who) if seen else set())


def test_a_role_in_another_city_gives_nothing_here(assessment, stranger, city):
    Membership.objects.create(user=stranger, city=city, role=Role.VIEWER)
    assert may(stranger, assessment) == wanted("viewer")
    assert [city.code for city in access.cities_to_open(stranger)] == ["320100"]


def test_several_roles_add_up(assessment, contributor, city):
    Membership.objects.create(user=contributor, city=city, role=Role.REVIEWER)
    assert may(contributor, assessment) == wanted("contributor") | wanted("reviewer")


@pytest.mark.parametrize("who", ["lead", "stranger", "viewer"])
def test_everybody_reads_published_and_retired_frameworks(request, framework, who):
    user = request.getfixturevalue(who)
    for state in (Framework.State.PUBLISHED, Framework.State.RETIRED):
        Framework.objects.filter(pk=framework.pk).update(state=state)
        assert access.framework(user, framework.code, framework.version) == framework


def test_nobody_signs_up():
    assert access.AccountAdapter().is_open_for_signup(None) is False


def test_nobody_at_all_sees_no_draft(framework):
    store(make_framework(version="draft"), publish=False)
    assert not found(access.framework, AnonymousUser(), framework.code, "draft")


def test_the_three_administrators_have_nothing_in_common(db):
    rights = [
        {permission.codename for permission in group.permissions.all() if not permission.codename.startswith("view")}
        for group in access.separated_admins()
    ]
    system, security, audit = rights
    assert system == {"add_user", "change_user", "add_city", "change_city"}
    assert system.isdisjoint(security)
    assert audit == set()
    assert [group.pk for group in access.separated_admins()] == [group.pk for group in access.separated_admins()]
