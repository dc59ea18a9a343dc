"""Django's admin, behind the site's own sign-in: people, cities, rounds."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import reverse

from assessment import access
from assessment.models import City, Event, User
from tests.records import PASSWORD, some_framework, store
from tests.views.pages import opened, sent, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(db):
    return store(some_framework(version="2025.1"), publish=False)


def change(record):
    return reverse(f"admin:assessment_{record._meta.model_name}_change", args=[record.pk])


def listed(model):
    return reverse(f"admin:assessment_{model}_changelist")


class TestTheDoor:
    def test_is_the_sites_own_sign_in(self, db):
        response = visitor().get(reverse("admin:index"), follow=True)
        assert response.redirect_chain[-1][0].startswith(reverse("account_login"))

    @pytest.mark.parametrize("who", ["lead", "stranger", "viewer"])
    def test_stays_shut_for_who_is_not_staff(self, request, framework, who):
        client = visitor(request.getfixturevalue(who))
        for address in (reverse("admin:index"), listed("city"), listed("user")):
            response = client.get(address, follow=True)
            assert response.status_code in (403, 404)
            assert "Django" not in response.content.decode()

    def test_leads_back_to_the_site(self, admin):
        assert reverse("assessment-list") in opened(visitor(admin), "admin:index").links

    def test_speaks_chinese(self, admin):
        page = opened(visitor(admin), "admin:index")
        assert "城市全域数字化转型自评" in page.text
        assert "城市" in page.text


@pytest.mark.parametrize("who", ["criteria_admin", "admin"])
def test_frameworks_are_edited_at_the_desk_alone(request, who):
    client = visitor(request.getfixturevalue(who))
    assert client.get("/admin/assessment/framework/").status_code == 404
    assert client.get("/admin/assessment/criterion/").status_code == 404


class TestTheAdministrator:
    def test_adds_people_with_a_role(self, admin, city):
        client = visitor(admin)
        new = {"username": "13800000000", "name": "新来的", "password1": PASSWORD, "password2": PASSWORD}
        page = opened(client, "admin:assessment_user_add")
        membership = {"memberships-TOTAL_FORMS": "1", "memberships-0-city": city.pk, "memberships-0-role": "lead"}
        page = sent(client, page, new | {"usable_password": "true"} | membership)
        assert page.status == 200
        user = User.objects.get(username="13800000000")
        assert user.check_password(PASSWORD)
        assert [str(m) for m in user.memberships.all()] == ["新来的 · 杭州市 · 牵头人"]

    def test_adds_cities(self, admin):
        client = visitor(admin)
        sent(client, opened(client, "admin:assessment_city_add"), {"code": "110000", "name": "北京市"})
        assert City.objects.get().name == "北京市"

    @pytest.mark.parametrize("code", ["11000", "abcdef", "011000", "1100000"])
    def test_is_told_when_a_city_code_is_none(self, admin, code):
        client = visitor(admin)
        page = sent(client, opened(client, "admin:assessment_city_add"), {"code": code, "name": "北京市"})
        assert not page.response.redirect_chain
        assert not City.objects.exists()

    def test_looks_at_rounds_and_changes_none(self, admin, assessment):
        page = opened(visitor(admin), change(assessment))
        assert page.status == 200
        assert "_save" not in page.html
        assert visitor(admin).post(change(assessment), {"round": "别的"}).status_code == 403

    def test_deletes_a_round_that_was_opened_by_mistake(self, admin, assessment):
        there = reverse("admin:assessment_assessment_delete", args=[assessment.pk])
        visitor(admin).post(there, {"post": "yes"})
        assert not type(assessment).objects.exists()

    def test_opens_every_list_and_every_form(self, admin, assessment):
        client = visitor(admin)
        for model in ("assessment", "user", "city"):
            assert client.get(listed(model)).status_code == 200
        for model in ("user", "city"):
            assert client.get(reverse(f"admin:assessment_{model}_add")).status_code == 200


def test_the_group_exists_once(db):
    assert access.criteria_admins() == access.criteria_admins()
    assert Group.objects.count() == 1


def logged(**filters):
    return [(event.verb, event.by.username, event.target) for event in Event.objects.filter(**filters).order_by("pk")]


def post_action(client, name, *accounts):
    chosen = {"action": name, "_selected_action": [account.pk for account in accounts]}
    return client.post(listed("user"), chosen, follow=True)


def saved(client, page, changes=None):
    """The page after a click on Save, as a browser sends it: lists in which nothing is chosen stay away."""
    form = {name: value for name, value in page.form.items() if value or name not in ("groups", "action")}
    return sent(client, replace(page, reader=SimpleNamespace(fields=form)), {"_save": "1"} | (changes or {}))


class TestTheSystemAdministrator:
    def test_reaches_accounts_and_cities_alone(self, system_admin, assessment):
        client = visitor(system_admin)
        assert {client.get(listed(model)).status_code for model in ("user", "city")} == {200}
        for model in ("assessment", "department"):
            assert client.get(listed(model)).status_code == 403
        assert client.get(reverse("admin:index")).status_code == 200

    def test_makes_and_changes_accounts_and_it_is_logged(self, system_admin):
        client = visitor(system_admin)
        new = {"username": "13800000000", "name": "新来的", "password1": PASSWORD, "password2": PASSWORD}
        saved(client, opened(client, "admin:assessment_user_add"), new | {"usable_password": "true"})
        user = User.objects.get(username="13800000000")
        saved(client, opened(client, change(user)), {"name": "改了名", "username": "13800000000"})
        user.refresh_from_db()
        assert (user.name, user.is_active) == ("改了名", True)
        assert logged() == [
            ("account_created", "system_admin", "新来的（13800000000）"),
            ("account_changed", "system_admin", "改了名（13800000000）"),
        ]

    @pytest.mark.parametrize(
        "forged",
        [
            {"is_superuser": "on"},
            {"is_staff": "on"},
            {"groups": "all"},
            {"user_permissions": "all"},
            {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0", "memberships-0-role": "lead"},
        ],
        ids=lambda forged: next(iter(forged)),
    )
    def test_gives_no_rights_whatever_is_posted(self, system_admin, security_admin, city, lead, forged):
        everything = {
            name: list(Group.objects.values_list("pk", flat=True)) for name in forged if forged[name] == "all"
        }
        values = {"username": "lead", "name": "改了名", "is_active": "on", "memberships-0-city": city.pk}
        visitor(system_admin).post(change(lead), values | forged | everything)
        lead.refresh_from_db()
        assert lead.name == "改了名"
        assert not (lead.is_superuser or lead.is_staff or lead.groups.exists() or lead.user_permissions.exists())
        assert lead.memberships.count() == 1

    def test_makes_no_superuser_of_a_new_account(self, system_admin, city):
        new = {"username": "x", "name": "x", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
        rights = {"is_superuser": "on", "is_staff": "on", "memberships-TOTAL_FORMS": "1"}
        rights |= {"memberships-INITIAL_FORMS": "0", "memberships-0-city": city.pk, "memberships-0-role": "lead"}
        visitor(system_admin).post(reverse("admin:assessment_user_add"), new | rights)
        user = User.objects.get(username="x")
        assert not (user.is_superuser or user.is_staff or user.memberships.exists())

    @pytest.mark.parametrize("whose", ["admin", "security_admin", "auditor", "system_admin"])
    def test_leaves_administrators_alone_whatever_is_posted(self, request, system_admin, whose):
        account, client = request.getfixturevalue(whose), visitor(system_admin)
        before = User.objects.filter(pk=account.pk).values().get()
        assert client.post(change(account), {"username": "mine", "name": "我的"}).status_code == 403
        password = reverse("admin:auth_user_password_change", args=[account.pk])
        new = {"usable_password": "true", "password1": "another-long-password", "password2": "another-long-password"}
        assert client.post(password, new).status_code == 403
        for name in ("make_password_links", "disable"):
            assert "仅平台管理员可以修改" in post_action(client, name, account).content.decode()
        assert User.objects.filter(pk=account.pk).values().get() == before

    def test_chooses_nobodys_password(self, system_admin, lead):
        there = reverse("admin:auth_user_password_change", args=[lead.pk])
        assert visitor(system_admin).get(there).status_code == 403

    def test_deletes_nobody(self, system_admin, lead):
        there = reverse("admin:assessment_user_delete", args=[lead.pk])
        assert visitor(system_admin).post(there, {"post": "yes"}).status_code == 403
        post_action(visitor(system_admin), "delete_selected", lead)
        assert User.objects.filter(pk=lead.pk).exists()

    def test_makes_one_time_links_for_a_new_password(self, system_admin, lead, contributor):
        html = post_action(visitor(system_admin), "make_password_links", lead, contributor).content.decode()
        links = re.findall(r'value="http://testserver(/accounts/set-password/[^"]+)"', html)
        assert [visitor().get(link).status_code for link in links] == [200, 200]
        assert {target for _verb, _by, target in logged(verb="password_link")} == {
            "牵头人（lead）",
            "填报人（contributor）",
        }

    def test_disables_accounts_and_enables_them(self, system_admin, lead):
        client, mine = visitor(system_admin), visitor(lead)
        post_action(client, "disable", lead)
        assert mine.get(reverse("framework-list")).status_code == 302
        post_action(client, "enable", lead)
        assert visitor(lead).get(reverse("framework-list")).status_code == 200
        assert [event.details for event in Event.objects.order_by("pk")] == [
            {"is_active": "False"},
            {"is_active": "True"},
        ]

    def test_adds_a_city(self, system_admin):
        client = visitor(system_admin)
        saved(client, opened(client, "admin:assessment_city_add"), {"code": "110000", "name": "北京市"})
        assert City.objects.get().pinyin == "beijingshi bjs"


class TestTheSecurityAdministrator:
    def test_reaches_roles_and_accounts_to_give_them(self, security_admin, assessment):
        client = visitor(security_admin)
        assert {client.get(listed(model)).status_code for model in ("user", "city", "department")} == {200}
        for model in ("assessment",):
            assert client.get(listed(model)).status_code == 403
        assert client.get(reverse("admin:assessment_user_add")).status_code == 403
        assert client.get(reverse("admin:assessment_city_add")).status_code == 403

    def test_gives_changes_and_takes_roles_and_it_is_logged(self, security_admin, city, stranger):
        client = visitor(security_admin)
        row = {"memberships-TOTAL_FORMS": "2", "memberships-1-city": city.pk, "memberships-1-role": "viewer"}
        page = saved(client, opened(client, change(stranger)), row)
        assert page.response.redirect_chain
        assert city.memberships.get().user == stranger
        page = opened(client, change(stranger))
        place = next(i for i in (0, 1) if page.form[f"memberships-{i}-city"] == str(city.pk))
        saved(client, page, {f"memberships-{place}-role": "reviewer"})
        page = opened(client, change(stranger))
        saved(client, page, {f"memberships-{place}-DELETE": "on"})
        assert not city.memberships.exists()
        assert [verb for verb, _by, _target in logged()] == ["role_given", "role_changed", "role_taken"]
        assert Event.objects.get(verb="role_changed").details == {"role": "复核人", "before": "只读"}

    def test_gives_the_group_of_criteria_administrators_and_it_is_logged(self, security_admin, lead):
        group, client = access.criteria_admins(), visitor(security_admin)
        saved(client, opened(client, change(lead)), {"groups": group.pk, "is_staff": "on"})
        lead.refresh_from_db()
        assert (lead.is_staff, [given.name for given in lead.groups.all()]) == (True, ["标准管理员"])
        assert Event.objects.get().details == {"is_staff": "True", "groups": "标准管理员"}

    @pytest.mark.parametrize("which", range(3))
    def test_makes_no_administrators(self, security_admin, lead, which):
        group, client = access.separated_admins()[which], visitor(security_admin)
        page = saved(client, opened(client, change(lead)), {"groups": group.pk})
        assert not page.response.redirect_chain
        assert not lead.groups.exists()

    @pytest.mark.parametrize("forged", ["is_superuser", "is_active", "username", "name", "password", "email"])
    def test_changes_nothing_else_of_an_account(self, security_admin, lead, forged):
        before = User.objects.filter(pk=lead.pk).values().get()
        client = visitor(security_admin)
        page = opened(client, change(lead))
        assert forged not in page.form
        saved(client, page, {forged: "on" if forged.startswith("is") else "x@example.org"})
        assert User.objects.filter(pk=lead.pk).values().get() == before

    @pytest.mark.parametrize("whose", ["admin", "security_admin", "system_admin"])
    def test_leaves_administrators_and_themselves_alone(self, request, security_admin, city, whose):
        account = request.getfixturevalue(whose)
        values = {"is_staff": "on", "groups": [group.pk for group in Group.objects.all()]}
        values |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0", "memberships-0-role": "lead"}
        response = visitor(security_admin).post(change(account), values | {"memberships-0-city": city.pk})
        assert response.status_code == 403
        assert account.groups.count() == (0 if whose == "admin" else 1)
        assert not account.memberships.exists()

    def test_makes_no_links_and_disables_nobody(self, security_admin, lead):
        for name in ("make_password_links", "disable"):
            post_action(visitor(security_admin), name, lead)
        lead.refresh_from_db()
        assert lead.is_active
        assert logged() == []


class TestTheAuditor:
    def test_reaches_nothing_but_the_log(self, auditor, assessment, draft):
        client = visitor(auditor)
        for model in ("user", "city", "department", "assessment"):
            assert client.get(listed(model)).status_code == 403
            assert client.get(reverse("admin:app_list", args=["assessment"])).status_code in (200, 404)
        assert client.get(change(assessment)).status_code == 403
        assert client.post(change(auditor), {"is_superuser": "on"}).status_code == 403


class TestDeletingPeople:
    def test_who_has_a_history_is_kept_and_it_is_explained(self, admin, lead, assessment):
        Event.objects.record(Event.Verb.SUBMITTED, by=lead, assessment=assessment)
        there = reverse("admin:assessment_user_delete", args=[lead.pk])
        page = opened(visitor(admin), there)
        assert "请改为停用" in page.text
        visitor(admin).post(there, {"post": "yes"})
        html = post_action(visitor(admin), "delete_selected", lead).content.decode()
        assert "请改为停用" in html
        assert User.objects.filter(pk=lead.pk).exists()

    def test_who_never_did_anything_can_go_and_it_is_logged(self, admin, viewer):
        visitor(admin).post(reverse("admin:assessment_user_delete", args=[viewer.pk]), {"post": "yes"})
        assert not User.objects.filter(pk=viewer.pk).exists()
        assert Event.objects.get().details == {"deleted": "True"}


class TestTheListOfCities:
    @pytest.mark.parametrize("words", ["杭州", "3301", "浙江", "hangzhou", "hz", "HZ"])
    def test_is_searched_by_name_code_province_pinyin_and_initials(self, admin, city, stranger, words):
        City.objects.filter(code="330100").update(province="浙江省")
        page = opened(visitor(admin), listed("city"), q=words)
        assert "杭州市" in page.text and "南京市" not in page.text

    def test_is_filtered_by_level_and_province(self, admin, city):
        City.objects.create(code="110000", name="北京市", level="municipality", province="北京市")
        page = opened(visitor(admin), listed("city"), level__exact="municipality")
        assert "北京市" in page.text and "杭州市" not in page.text
        assert page.row("110000")[1:5] == ["110000", "北京市", "直辖市", "北京市"]

    def test_completes_names_by_pinyin(self, admin, city):
        membership = {"app_label": "assessment", "model_name": "membership", "field_name": "city", "term": "hz"}
        found = visitor(admin).get(reverse("admin:autocomplete"), membership).json()["results"]
        assert [item["text"] for item in found] == ["杭州市"]


@pytest.mark.parametrize("model", ["city", "user", "department"])
def test_a_name_is_one_line_without_what_no_file_takes(admin, city, model):
    client, address = visitor(admin), reverse(f"admin:assessment_{model}_add")
    page = opened(client, f"admin:assessment_{model}_add")
    hidden = dict(re.findall(r'name="([\w-]+-(?:TOTAL|INITIAL)_FORMS)" value="(\d+)"', page.html))
    given = {"code": "320999", "level": "prefecture", "username": "new", "usable_password": "false", "city": city.pk}
    client.post(address, hidden | given | {"name": "甲\u2028市\x0b\r\n局"})
    assert apps.get_model("assessment", model).objects.filter(name="甲 市 局").exists()
