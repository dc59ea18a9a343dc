"""Roles, invitations, accounts and rosters: what is stored, what is refused, what the log says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from assessment import access, actions
from assessment.actions import Entry, Refused
from assessment.models import City, Department, Event, Invitation, Membership, Role, User
from tests.records import make_member

pytestmark = [pytest.mark.database, pytest.mark.django_db]
DAY = timedelta(days=1)


def verbs():
    return [event.verb for event in Event.objects.order_by("pk")]


def invited(city, lead, role=Role.CONTRIBUTOR, **fields):
    invitation = Invitation(city=city, role=role, **fields)
    return invitation, actions.invite(invitation, by=lead)


class TestInvitations:
    def test_only_the_hash_of_the_token_is_kept(self, city, lead):
        invitation, token = invited(city, lead)
        assert len(token) >= 32
        assert access.invitation(token) == invitation
        assert token not in str(Invitation.objects.values().get())
        assert verbs() == ["invited"]

    def test_is_used_once(self, city, lead, stranger):
        invitation, token = invited(city, lead, name="小李")
        actions.join(invitation, stranger)
        assert city.memberships.get(user=stranger).role == "contributor"
        assert verbs() == ["invited", "joined"]
        with pytest.raises(Http404):
            access.invitation(token)
        with pytest.raises(Refused):
            actions.join(invitation, lead)
        assert city.memberships.filter(role="contributor").count() == 1

    def test_makes_the_account_and_the_role_together_or_neither(self, city, lead):
        invitation, _token = invited(city, lead)
        actions.revoke(invitation, by=lead)
        with pytest.raises(Refused):
            actions.join(invitation, User(username="13800000000", name="新人"))
        assert not User.objects.filter(username="13800000000").exists()

    def test_expires(self, city, lead):
        invitation, token = invited(city, lead)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(Http404):
            access.invitation(token)
        with pytest.raises(Refused):
            actions.join(invitation, lead)

    def test_leads_nowhere_once_it_is_revoked(self, city, lead):
        invitation, token = invited(city, lead)
        actions.revoke(invitation, by=lead)
        with pytest.raises(Http404):
            access.invitation(token)
        with pytest.raises(Refused):
            actions.revoke(invitation, by=lead)
        assert verbs() == ["invited", "uninvited"]

    @pytest.mark.parametrize("how", ["role taken", "disabled"])
    def test_dies_with_the_right_of_who_sent_it(self, city, lead, how):
        """A lead who is on the way out cannot leave a door open."""
        _invitation, token = invited(city, lead, Role.LEAD)
        if how == "role taken":
            Membership.objects.filter(user=lead).delete()
        else:
            User.objects.filter(pk=lead.pk).update(is_active=False)
        with pytest.raises(Http404):
            access.invitation(token)

    def test_renews_a_role_that_had_ended(self, city, lead, consultant):
        today = timezone.localdate()
        Membership.objects.filter(user=consultant).update(starts_on=today - 9 * DAY, ends_on=today - DAY)
        invitation, _token = invited(city, lead, Role.CONSULTANT, ends_on=today + DAY)
        row = actions.join(invitation, consultant)
        assert (row.is_current, row.ends_on) == (True, today + DAY)
        assert Membership.objects.filter(user=consultant).count() == 1


class TestRoles:
    def test_are_changed_with_an_event_that_says_what_was(self, city, lead, contributor):
        row = city.memberships.get(user=contributor)
        row.role, row.department = Role.VIEWER, city.departments.create(name="市数据局")
        actions.change_role(row, by=lead)
        event = Event.objects.get()
        assert (event.verb, event.by, event.city) == ("role_changed", lead, city)
        assert event.details == {"role": "只读 · 市数据局", "before": "填报人"}
        assert "contributor" in event.target

    def test_saved_as_they_are_leave_no_event(self, city, lead, contributor):
        actions.change_role(city.memberships.get(user=contributor), by=lead)
        assert verbs() == []

    def test_are_taken_away_and_the_work_stays(self, assessment, lead, contributor):
        assessment.assignments.create(dimension=assessment.framework.dimensions.first(), user=contributor)
        actions.take_role(assessment.city.memberships.get(user=contributor), by=lead)
        assert not access.seat_in(contributor, assessment.city).may("read")
        assert assessment.assignments.get().user == contributor
        assert verbs()[-1] == "role_taken"

    def test_nobody_takes_away_their_own_lead(self, city, lead, admin):
        row = city.memberships.get(user=lead)
        with pytest.raises(Refused):
            actions.take_role(row, by=lead)
        with pytest.raises(Refused):
            actions.change_role(Membership(**fields_of(row) | {"role": Role.VIEWER}), by=lead)
        with pytest.raises(Refused):
            actions.change_role(Membership(**fields_of(row) | {"ends_on": timezone.localdate()}), by=lead)
        actions.take_role(row, by=admin)
        assert not city.memberships.exists()

    def test_belong_to_departments_of_their_own_city(self, city, lead, stranger):
        elsewhere = City.objects.get(code="320100").departments.create(name="别处")
        row = city.memberships.get(user=lead)
        row.department = elsewhere
        with pytest.raises(ValidationError):
            row.full_clean()


def fields_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_departments_are_added_and_renamed_with_an_event(city, lead):
    department = actions.add_department(Department(city=city, name="市数据局"), by=lead)
    department.name = "市数据管理局"
    actions.rename_department(department, by=lead)
    actions.rename_department(department, by=lead)
    assert [(event.target, event.details) for event in Event.objects.order_by("pk")] == [
        ("市数据局", {}),
        ("市数据管理局", {"before": "市数据局"}),
    ]


class TestPasswordLinks:
    def test_lead_to_the_account_until_a_password_is_set(self, admin, lead):
        link = actions.password_link(lead, by=admin)
        assert actions.password_link_holder(**link) == lead
        actions.set_password(lead, "another-long-password", default_token_generator.make_token(lead))
        assert actions.password_link_holder(**link) is None
        assert verbs() == ["password_link", "password_changed"]

    @pytest.mark.parametrize(
        "broken",
        [{"uidb64": "!"}, {"uidb64": "OTk5"}, {"uidb64": ""}, {"uidb64": "é"}, {"token": "x-y"}, {"token": ""}],
    )
    def test_lead_nowhere_when_they_are_changed(self, admin, lead, broken):
        assert actions.password_link_holder(**actions.password_link(lead, by=admin) | broken) is None

    def test_expire(self, admin, lead, settings):
        link = actions.password_link(lead, by=admin)
        settings.PASSWORD_RESET_TIMEOUT = -1
        assert actions.password_link_holder(**link) is None

    def test_of_disabled_accounts_lead_nowhere(self, admin, lead):
        link = actions.password_link(lead, by=admin)
        actions.set_active(lead, False, by=admin)
        assert actions.password_link_holder(**link) is None
        assert default_token_generator.check_token(lead, link["token"])

    def test_nobody_disables_themselves(self, admin):
        with pytest.raises(Refused):
            actions.set_active(admin, False, by=admin)


class TestWhoManagesWhom:
    @pytest.mark.parametrize(
        ("who", "managed"),
        [
            ("admin", {"lead", "admin", "security_admin", "auditor", "criteria_admin"}),
            ("system_admin", {"lead", "criteria_admin"}),
            ("security_admin", set()),
            ("auditor", set()),
            ("lead", set()),
        ],
    )
    def test_accounts(self, request, who, managed):
        user = request.getfixturevalue(who)
        people = {
            name: request.getfixturevalue(name)
            for name in ("lead", "admin", "security_admin", "auditor", "criteria_admin")
        }
        assert {name for name, account in people.items() if access.may_manage(user, account)} == managed

    def test_a_disabled_administrator_stays_out_of_reach(self, system_admin, security_admin, auditor):
        """Enabling it and making a link to it would be to become it."""
        for account in (security_admin, auditor):
            account.is_active = False
            account.save()
            assert not access.may_manage(system_admin, account)

    def test_groups(self, security_admin, system_admin, lead, criteria_admin):
        assert [access.may_grant(security_admin, account) for account in (lead, criteria_admin)] == [True, True]
        assert not access.may_grant(security_admin, security_admin)
        assert not access.may_grant(security_admin, system_admin)
        assert not access.may_grant(system_admin, lead)
        access.criteria_admins()
        assert [group.name for group in access.grantable_groups(security_admin)] == [access.CRITERIA_ADMINS]


ROW = Entry(place="名单!A2", name="王一", username="13800000001", role="contributor", department="市数据局")


class TestRosters:
    def test_plan_says_what_would_happen_and_writes_nothing(self, city, lead, contributor):
        entries = [
            ROW,
            Entry("名单!A3", "填报人", "contributor", "contributor"),
            replace(ROW, role="viewer", place="x"),
        ]
        plan = actions.plan_roster(city, entries, by=lead)
        assert [step.kind for step in plan.steps] == ["new_account", "unchanged", "new_account"]
        assert (plan.new_accounts, plan.departments, plan.problems) == (1, ["市数据局"], [])
        assert not User.objects.filter(username=ROW.username).exists()
        assert verbs() == []

    def test_are_applied_whole_and_a_second_time_change_nothing(self, city, lead, stranger):
        entries = [ROW, Entry("名单!A3", "外人", "stranger", "viewer", ends_on=date(2027, 1, 1))]
        made = actions.apply_roster(city, entries, by=lead)
        assert [(user.username, user.has_usable_password()) for user in made] == [(ROW.username, False)]
        assert sorted(city.memberships.values_list("user__username", "role", "department__name")) == [
            ("13800000001", "contributor", "市数据局"),
            ("lead", "lead", None),
            ("stranger", "viewer", None),
        ]
        before = verbs()
        assert before == ["department_changed", "account_created", "role_given", "role_given"]
        assert actions.apply_roster(city, entries, by=lead) == []
        assert verbs() == before

    def test_change_days_and_departments(self, city, lead, contributor):
        entry = Entry("名单!A2", "填报人", "contributor", "contributor", "市数据局", ends_on=date(2027, 1, 1))
        (step,) = actions.plan_roster(city, [entry], by=lead).steps
        assert (step.kind, step.before) == ("changed", "填报人")
        actions.apply_roster(city, [entry], by=lead)
        row = city.memberships.get(user=contributor)
        assert (str(row.department), row.ends_on) == ("市数据局", date(2027, 1, 1))

    @pytest.mark.parametrize(
        "entries",
        [
            [ROW, replace(ROW, place="名单!A3")],
            [ROW, replace(ROW, place="名单!A3", role="viewer", name="别人")],
            [Entry("名单!A2", "冒名", "stranger", "viewer")],
            [Entry("名单!A2", "冒名", "STRANGER", "viewer")],
            [Entry("名单!A2", "牵头人", "lead", "lead", ends_on=date(2020, 1, 1))],
        ],
        ids=["twice", "two names", "another's user name", "in capitals", "own lead"],
    )
    def test_with_an_error_write_nothing_at_all(self, city, lead, stranger, entries):
        good = Entry("名单!A9", "王二", "13800000009", "viewer")
        plan = actions.plan_roster(city, [good, *entries], by=lead)
        assert {place for place, _message in plan.problems} <= {entry.place for entry in entries}
        assert plan.problems
        with pytest.raises(Refused):
            actions.apply_roster(city, [good, *entries], by=lead)
        assert not User.objects.filter(username="13800000009").exists()
        assert not city.departments.exists()

    def test_leave_name_and_mail_of_accounts_that_are_there(self, city, lead, stranger):
        actions.apply_roster(city, [Entry("名单!A2", "外人", "Stranger", "viewer", email="x@example.org")], by=lead)
        stranger.refresh_from_db()
        assert (stranger.username, stranger.email) == ("stranger", "")
        assert User.objects.count() == 2

    def test_reach_no_other_city(self, city, lead, stranger):
        actions.apply_roster(city, [ROW], by=lead)
        assert set(Membership.objects.exclude(city=city).values_list("user__username", flat=True)) == {"stranger"}


def test_a_role_can_differ_between_cities(city):
    user = make_member("13800000005", "两处", city, Role.LEAD)
    elsewhere = City.objects.create(code="320100", name="南京市")
    Membership.objects.create(user=user, city=elsewhere, role=Role.VIEWER)
    assert [access.seat_in(user, place).may("submit") for place in (city, elsewhere)] == [True, False]
