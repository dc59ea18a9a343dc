"""Who may see, answer and declare final: the whole table, and the day on which it changes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from assessment import access, actions
from assessment.models import Framework, Membership
from tests.factories import make_framework
from tests.records import make_round, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]
# who: sees the round, answers it, declares it final, opens new ones
TABLE = {
    "lead": (True, True, True, True),
    "contributor": (True, True, False, False),
    "reviewer": (True, False, True, False),
    "viewer": (True, False, False, False),
    "consultant": (True, False, False, False),
    "admin": (True, False, False, False),
    "criteria_admin": (False, False, False, False),
    "stranger": (False, False, False, False),
}


def found(get, *args):
    try:
        return bool(get(*args))
    except Http404:
        return False


def may(user, record):
    return (
        found(access.assessment, user, record.pk),
        access.may_answer(user, record),
        access.may_approve(user, record),
        access.cities_to_open(user).filter(pk=record.city_id).exists(),
    )


@pytest.mark.parametrize(("who", "expected"), TABLE.items(), ids=TABLE)
def test_each_role_may_do_what_it_is_for(request, assessment, who, expected):
    assert may(request.getfixturevalue(who), assessment) == expected


@pytest.mark.parametrize("who", TABLE)
def test_who_sees_a_round_sees_it_in_the_list(request, assessment, who):
    user = request.getfixturevalue(who)
    assert list(access.assessments(user)) == ([assessment] if TABLE[who][0] else [])


@pytest.mark.parametrize("who", TABLE)
def test_who_cannot_declare_final_does_not_find_the_round_for_it(request, assessment, who):
    assert found(access.approvable, request.getfixturevalue(who), assessment.pk) is TABLE[who][2]


def test_a_round_that_is_not_there_is_not_found(admin):
    with pytest.raises(Http404):
        access.assessment(admin, 1)


def test_a_final_round_is_answered_by_nobody_and_still_seen_by_all(city, framework, lead, contributor):
    record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
    actions.approve(record)
    record.refresh_from_db()
    for user in (lead, contributor):
        assert found(access.assessment, user, record.pk)
        assert not access.may_answer(user, record)
    assert access.may_approve(lead, record)


DAY = timedelta(days=1)
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
    assert may(user, assessment) == (TABLE[who] if seen else (False,) * 4)


def test_a_role_in_another_city_gives_nothing_here(assessment, stranger, lead, city):
    Membership.objects.create(user=stranger, city=city, role=Membership.Role.VIEWER)
    assert may(stranger, assessment) == TABLE["viewer"]
    assert [city.code for city in access.cities_to_open(stranger)] == ["320100"]


def test_several_roles_add_up(assessment, contributor, city):
    Membership.objects.create(user=contributor, city=city, role=Membership.Role.REVIEWER)
    assert may(contributor, assessment) == (True, True, True, False)


@pytest.mark.parametrize("who", ["lead", "stranger", "viewer"])
def test_everybody_reads_published_and_retired_frameworks(request, framework, who):
    user = request.getfixturevalue(who)
    for state in (Framework.State.PUBLISHED, Framework.State.RETIRED):
        Framework.objects.filter(pk=framework.pk).update(state=state)
        assert access.framework(user, framework.code, framework.version) == framework


def test_a_draft_is_read_by_those_who_edit_frameworks(criteria_admin, admin, lead, stranger):
    draft = store(make_framework(version="draft"), publish=False)
    readers = [
        user.username
        for user in (criteria_admin, admin, lead, stranger)
        if found(access.framework, user, draft.code, "draft")
    ]
    assert readers == ["criteria_admin", "admin"]


def test_nobody_signs_up():
    assert access.AccountAdapter().is_open_for_signup(None) is False


def test_nobody_at_all_sees_no_draft(framework):
    store(make_framework(version="draft"), publish=False)
    assert not found(access.framework, AnonymousUser(), framework.code, "draft")
