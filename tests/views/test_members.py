"""A city's people: roles, departments, invitations and rosters, as the lead and the administrators use them."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from assessment import actions
from assessment.models import City, Event, Invitation, Membership, Role, User
from tests.exchange.test_roster import GOOD, HEAD
from tests.records import PASSWORD, make_member, make_round
from tests.views.pages import opened, read, sent, visitor

pytestmark = pytest.mark.django_db
MAILER = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
NEW = {"username": "13800000007", "name": "新来的", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def department(city):
    return city.departments.create(name="市数据局")


def invite(client, city, **values):
    page = opened(client, "invitation-add", city.code)
    return sent(client, page, {"role": "contributor", "name": "小李"} | values)


def link_of(page):
    """The one-time link that the page shows."""
    return next(given["value"] for tag, given in page.reader.tags if tag == "input" and "readonly" in given)


def path_of(page):
    return link_of(page).removeprefix("http://testserver")


class TestTheList:
    def test_shows_people_with_role_department_days_and_state(self, city, lead, department):
        today = timezone.localdate()
        make_member("13800000002", "甲", city, "contributor", department=department)
        make_member("13800000003", "乙", city, "consultant", ends_on=today - timedelta(days=1))
        make_member("13800000004", "丙", city, "viewer", starts_on=today + timedelta(days=1))
        User.objects.filter(username="13800000004").update(is_active=False)
        page = opened(visitor(lead), "member-list", city.code)
        assert page.row("甲")[1:5] == ["填报人", "市数据局", "长期", "在任 从未登录"]
        assert page.row("乙")[4] == "已结束"
        assert page.row("丙")[4] == "账号已停用"

    def test_asks_the_database_as_often_for_many_as_for_few(self, city, lead, django_assert_max_num_queries):
        client = visitor(lead)
        for number in range(12):
            make_member(f"1380000{number:04}", "某", city, "viewer")
        with django_assert_max_num_queries(15):
            opened(client, "member-list", city.code)

    def test_is_one_click_from_the_rounds(self, assessment, lead, viewer):
        there = reverse("member-list", args=["330100"])
        assert there in opened(visitor(lead), "assessment-list").links
        assert there in opened(visitor(lead), "assessment-detail", assessment.pk).links
        assert there not in opened(visitor(viewer), "assessment-list").links
        assert there not in opened(visitor(viewer), "assessment-detail", assessment.pk).links

    def test_of_every_city_is_open_to_the_security_administrator(self, city, security_admin, lead):
        client = visitor(security_admin)
        City.objects.create(code="320100", name="南京市")
        assert reverse("city-list") in opened(client, "assessment-list").links
        page = opened(client, "city-list", q="hz")
        assert reverse("member-list", args=["330100"]) in page.links
        assert "南京" not in page.text
        assert opened(client, "member-list", city.code).status == 200
        assert "没有找到城市" in opened(client, "city-list", q="xyz").text

    @pytest.mark.parametrize("who", ["system_admin", "auditor", "viewer", "criteria_admin"])
    def test_of_cities_is_not_there_for_others(self, request, city, who):
        assert opened(visitor(request.getfixturevalue(who)), "city-list").status == 404


class TestRoles:
    def test_are_changed(self, city, lead, contributor, department):
        client, row = visitor(lead), city.memberships.get(user=contributor)
        page = opened(client, "member-edit", city.code, row.pk)
        after = sent(client, page, {"role": "reviewer", "department": department.pk, "ends_on": "2099-12-31"})
        assert after.row("填报人")[1:4] == ["复核人", "市数据局", "至2099-12-31"]
        assert Event.objects.get().verb == "role_changed"

    def test_that_two_change_at_once_keep_what_each_changed(self, city, lead, contributor, department):
        row = city.memberships.get(user=contributor)
        page = opened(visitor(lead), "member-edit", city.code, row.pk)
        sent(visitor(lead), page, {"department": department.pk})
        sent(visitor(lead), page, {"ends_on": "2099-12-31"})
        row.refresh_from_db()
        assert (row.department, str(row.ends_on)) == (department, "2099-12-31")

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"role": "admin"}, "admin"),
            ({"role": "consultant", "ends_on": ""}, "截止日期"),
            ({"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "早于"),
            ({"department": "0"}, "不在可用的选项中"),
        ],
    )
    def test_beyond_what_the_form_offers_are_refused(self, city, lead, contributor, values, words):
        client, row = visitor(lead), city.memberships.get(user=contributor)
        page = sent(client, opened(client, "member-edit", city.code, row.pk), values)
        assert page.status == 422
        assert words in page.html
        row.refresh_from_db()
        assert (row.role, row.department, row.ends_on) == ("contributor", None, None)

    def test_are_not_given_twice(self, city, lead, contributor):
        Membership.objects.create(user=contributor, city=city, role="viewer")
        client, row = visitor(lead), city.memberships.get(user=contributor, role="viewer")
        page = sent(client, opened(client, "member-edit", city.code, row.pk), {"role": "contributor"})
        assert (page.status, "已有该角色" in page.text) == (422, True)

    def test_with_a_department_of_another_city_are_refused(self, city, lead, contributor, stranger):
        elsewhere = City.objects.get(code="320100").departments.create(name="别处")
        client, row = visitor(lead), city.memberships.get(user=contributor)
        page = sent(client, opened(client, "member-edit", city.code, row.pk), {"department": elsewhere.pk})
        assert page.status == 422

    def test_of_another_city_are_not_there(self, city, lead, stranger):
        row = Membership.objects.get(user=stranger)
        for code in ("330100", "320100"):
            for view in ("member-edit", "member-remove"):
                assert visitor(lead).post(reverse(view, args=[code, row.pk]), {"role": "viewer"}).status_code == 404
        row.refresh_from_db()
        assert row.role == "lead"

    def test_are_taken_away(self, city, lead, contributor):
        row = city.memberships.get(user=contributor)
        visitor(lead).post(reverse("member-remove", args=[city.code, row.pk]))
        assert not city.memberships.filter(user=contributor).exists()
        assert visitor(contributor).get(reverse("assessment-list")).status_code in (200, 302)

    def test_nobody_takes_away_their_own_lead(self, city, lead):
        client, row = visitor(lead), city.memberships.get(user=lead)
        page = read(client.post(reverse("member-remove", args=[city.code, row.pk]), follow=True), "")
        assert "不能取消自己的牵头人身份" in page.text
        page = sent(client, opened(client, "member-edit", city.code, row.pk), {"role": "viewer"})
        assert "不能取消自己的牵头人身份" in page.text
        assert page.form["role"] == "viewer"  # nothing typed is lost
        assert city.memberships.get().role == "lead"


def test_departments_are_added_and_renamed_and_have_one_name_each(city, lead, department):
    client = visitor(lead)
    sent(client, opened(client, "department-add", city.code), {"name": "市民政局"})
    page = sent(client, opened(client, "department-edit", city.code, department.pk), {"name": "市数据管理局"})
    assert "市数据管理局" in page.text
    again = sent(client, opened(client, "department-add", city.code), {"name": "市民政局"})
    assert (again.status, "已有同名责任单位" in again.text) == (422, True)
    assert sorted(city.departments.values_list("name", flat=True)) == ["市数据管理局", "市民政局"]


class TestInvitations:
    def test_link_is_shown_once_and_lies_nowhere(self, city, lead):
        client = visitor(lead)
        page = invite(client, city)
        token = link_of(page).rstrip("/").rpartition("/")[2]
        assert "小李" in opened(client, "member-list", city.code).text
        assert token not in opened(client, "member-list", city.code).html
        assert token not in str(list(Invitation.objects.values()) + list(Event.objects.values()))
        assert page.response.headers["Cache-Control"].startswith("max-age=0")

    def test_a_stranger_makes_an_account_and_is_in(self, city, lead, department):
        page = invite(visitor(lead), city, department=department.pk)
        client = visitor()
        form = opened(client, path_of(page))
        assert "杭州市" in form.text and form.form["name"] == "小李"
        after = sent(client, form, NEW)
        assert after.response.redirect_chain
        assert after.status == 200
        user = User.objects.get(username="13800000007")
        assert user.check_password(PASSWORD)
        assert str(user.memberships.get()) == "新来的 · 杭州市 · 填报人"
        assert user.memberships.get().department == department
        assert (user.is_staff, user.is_superuser) == (False, False)
        assert {"invited", "account_created", "joined", "signed_in"} == {event.verb for event in Event.objects.all()}

    def test_who_is_signed_in_joins_with_one_click(self, city, lead, stranger):
        page = invite(visitor(lead), city, role="reviewer")
        client = visitor(stranger)
        asked = opened(client, path_of(page))
        assert "以外人的身份加入" in asked.text
        assert not city.memberships.filter(user=stranger).exists()  # a look alone does nothing
        sent(client, asked)
        assert city.memberships.get(user=stranger).role == "reviewer"

    def test_who_has_an_account_signs_in_and_comes_back(self, city, lead, stranger):
        there = path_of(invite(visitor(lead), city))
        client = visitor()
        link = next(link for link in opened(client, there).links if "login" in link and "next" in link)
        page = sent(client, opened(client, link), {"login": "stranger", "password": PASSWORD})
        assert page.response.redirect_chain[-1][0] == there
        assert "以外人的身份加入" in page.text

    @pytest.mark.parametrize("how", ["used", "expired", "revoked", "invented", "sender gone"])
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_a_dead_link_says_so_and_leads_on(self, city, lead, stranger, how, signed_in):
        there = path_of(invite(visitor(lead), city))
        if how == "used":
            Invitation.objects.update(accepted_at=timezone.now())
        elif how == "expired":
            Invitation.objects.update(expires_at=timezone.now())
        elif how == "revoked":
            visitor(lead).post(reverse("invitation-revoke", args=[city.code, Invitation.objects.get().pk]))
        elif how == "invented":
            there = reverse("invitation-accept", args=["x" * 32])
        else:
            lead.memberships.all().delete()
        client = visitor(stranger if signed_in else None)
        for page in (opened(client, there), read(client.post(there, NEW), there)):
            assert page.status == 404
            assert "该邀请已失效" in page.text
            assert reverse("assessment-list" if signed_in else "account_login") in page.links
            assert "杭州" not in page.text
        assert not User.objects.filter(username="13800000007").exists()
        assert not city.memberships.filter(user=stranger).exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"password1": "12345678", "password2": "12345678"},
            {"password2": "another-long-password"},
            {"username": "LEAD"},
            {"username": ""},
            {"name": ""},
        ],
        ids=repr,
    )
    def test_an_account_that_is_not_sound_is_not_made_and_the_link_stays(self, city, lead, wrong):
        there = path_of(invite(visitor(lead), city))
        client = visitor()
        page = sent(client, opened(client, there), NEW | wrong)
        assert page.status == 422
        assert User.objects.count() == 1
        assert sent(client, opened(client, there), NEW).status == 200
        assert User.objects.count() == 2

    @pytest.mark.parametrize("forged", [{"is_superuser": "on", "is_staff": "on"}, {"role": "lead"}, {"city": "1"}])
    def test_give_what_they_say_and_no_more(self, city, lead, forged):
        there = path_of(invite(visitor(lead), city, role="viewer"))
        client = visitor()
        sent(client, opened(client, there), NEW | forged)
        user = User.objects.get(username=NEW["username"])
        assert (user.is_superuser, user.is_staff) == (False, False)
        assert [(m.city, m.role) for m in user.memberships.all()] == [(city, "viewer")]

    @pytest.mark.parametrize(
        "forged", [{"role": "superuser"}, {"role": ""}, {"role": "consultant"}, {"ends_on": "2020-01-01"}], ids=repr
    )
    def test_beyond_the_forms_choices_are_not_made(self, city, lead, forged):
        assert invite(visitor(lead), city, **forged).status == 422
        assert not Invitation.objects.exists()

    def test_belong_to_the_city_of_the_address_whatever_is_posted(self, city, lead, stranger):
        elsewhere = City.objects.get(code="320100")
        invite(visitor(lead), city, city_id=elsewhere.pk, created_by=stranger.pk)
        assert [(row.city, row.created_by) for row in Invitation.objects.all()] == [(city, lead)]
        assert visitor(lead).post(reverse("invitation-add", args=["320100"]), {"role": "viewer"}).status_code == 404

    def test_a_lead_invites_into_every_role(self, city, lead):
        for role in Role.values:
            assert invite(visitor(lead), city, role=role, ends_on="2099-01-01").status == 200
        assert set(Invitation.objects.values_list("role", flat=True)) == set(Role.values)

    @override_settings(MAILERS=MAILER)
    def test_are_mailed_where_a_mailer_is_set(self, city, lead):
        page = invite(visitor(lead), city, email="li@example.org")
        (letter,) = mail.outbox
        assert letter.to == ["li@example.org"]
        assert link_of(page) in letter.body
        assert "已同时发送" in page.text

    @override_settings(MAILERS={})
    def test_are_to_be_handed_over_where_there_is_none(self, city, lead):
        page = invite(visitor(lead), city, email="li@example.org")
        assert "请自行转交链接" in page.text
        assert link_of(page)

    @override_settings(MAILERS={"default": {"BACKEND": "tests.views.test_members.DeadServer"}})
    def test_stay_valid_when_the_mail_server_is_away(self, city, lead):
        page = invite(visitor(lead), city, email="li@example.org")
        assert "请自行转交链接" in page.text
        assert opened(visitor(), path_of(page)).status == 200


class DeadServer:
    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise OSError("connection refused")


class TestAccounts:
    def test_links_for_a_new_password_are_for_who_may_change_accounts(self, city, lead, contributor, admin):
        there = reverse("password-link", args=[contributor.pk])
        row = city.memberships.get(user=contributor)
        assert visitor(lead).post(there).status_code == 404
        assert "密码链接" not in opened(visitor(lead), "member-edit", city.code, row.pk).text
        assert "密码链接" in opened(visitor(admin), "member-edit", city.code, row.pk).text
        client = visitor()
        page = read(visitor(admin).post(there), there)
        form = opened(client, path_of(page))
        assert "填报人" in form.text
        done = sent(client, form, {"new_password1": "another-long-password", "new_password2": "another-long-password"})
        assert "密码已设置" in done.text
        contributor.refresh_from_db()
        assert contributor.check_password("another-long-password")
        assert [event.verb for event in Event.objects.order_by("pk")] == ["password_link", "password_changed"]

    def test_a_used_link_says_so(self, contributor, admin):
        page = read(visitor(admin).post(reverse("password-link", args=[contributor.pk])), "")
        new = {"new_password1": "another-long-password", "new_password2": "another-long-password"}
        there = path_of(page)
        assert visitor().post(there, new).status_code == 302
        for again in (opened(visitor(), there), read(visitor().post(there, new), there)):
            assert again.status == 404
            assert "该链接已失效" in again.text
            assert reverse("account_login") in again.links

    def test_a_link_that_is_used_twice_at_once_works_once(self, contributor, admin):
        links = actions.password_link(contributor, by=admin)
        account = actions.password_link_holder(**links)
        actions.set_password(account, "another-long-password", links["token"])
        with pytest.raises(actions.Refused):
            actions.set_password(account, "the-other-long-password", links["token"])
        contributor.refresh_from_db()
        assert contributor.check_password("another-long-password")

    @pytest.mark.parametrize("weak", ["12345678", "password", "short"])
    def test_a_weak_new_password_is_refused(self, contributor, admin, weak):
        there = path_of(read(visitor(admin).post(reverse("password-link", args=[contributor.pk])), ""))
        client = visitor()
        page = sent(client, opened(client, there), {"new_password1": weak, "new_password2": weak})
        assert page.status == 422
        contributor.refresh_from_db()
        assert contributor.check_password(PASSWORD)

    def test_are_disabled_with_their_sessions_and_enabled_again(self, city, contributor, admin):
        mine = visitor(contributor)
        assert mine.get(reverse("framework-list")).status_code == 200
        there = reverse("account-activate", args=[contributor.pk])
        visitor(admin).post(there, {"disable": "1"})
        assert mine.get(reverse("framework-list")).status_code == 302
        page = opened(visitor(admin), "member-edit", city.code, city.memberships.get(user=contributor).pk)
        assert "该账号已停用" in page.text
        visitor(admin).post(there, {"enable": "1", "next": "https://example.com/"})
        contributor.refresh_from_db()
        assert contributor.is_active
        assert [event.details for event in Event.objects.order_by("pk")] == [
            {"is_active": "False"},
            {"is_active": "True"},
        ]

    def test_are_disabled_also_where_the_way_back_leads_nowhere(self, contributor, admin):
        address = reverse("account-activate", args=[contributor.pk])
        assert visitor(admin).post(address, {"next": "nowhere"}).url == reverse("assessment-list")

    @pytest.mark.parametrize("view", ["password-link", "account-activate"])
    @pytest.mark.parametrize("who", ["lead", "stranger", "security_admin", "auditor", "criteria_admin"])
    def test_are_out_of_reach_for_others(self, request, contributor, view, who):
        client = visitor(request.getfixturevalue(who))
        assert client.post(reverse(view, args=[contributor.pk])).status_code == 404
        contributor.refresh_from_db()
        assert contributor.is_active

    @pytest.mark.parametrize("view", ["password-link", "account-activate"])
    @pytest.mark.parametrize("whose", ["admin", "security_admin", "auditor", "system_admin"])
    def test_of_administrators_are_out_of_reach_for_the_system_administrator(self, request, system_admin, view, whose):
        account = request.getfixturevalue(whose)
        client = visitor(system_admin)
        assert client.post(reverse(view, args=[account.pk]), {"disable": "1"}).status_code == 404
        account.refresh_from_db()
        assert account.is_active

    def test_nobody_leads_out_of_the_house(self, contributor, admin):
        there = reverse("account-activate", args=[contributor.pk])
        response = visitor(admin).post(there, {"disable": "1", "next": "https://example.com/"})
        assert response.url == reverse("assessment-list")


def upload(client, city, *rows, head=HEAD, name="名单.xlsx"):
    book = Workbook()
    book.active.title = "名单"
    for row in [head, *rows]:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    there = reverse("roster-import", args=[city.code])
    return read(client.post(there, {"file": SimpleUploadedFile(name, file.getvalue())}), there)


class TestRosters:
    def test_shows_first_what_would_happen_and_writes_nothing(self, city, lead, contributor):
        page = upload(visitor(lead), city, GOOD, ["填报人", "contributor", "填报人", "市民政局", "", "", ""])
        assert page.row("名单!A2")[1:] == ["新账号", "王一 13800000001", "填报人", "市数据局", "2026-01-01–2026-12-31"]
        assert page.row("名单!A3")[1].startswith("有变更")
        assert "市数据局、市民政局" in page.text
        assert (User.objects.count(), city.departments.count(), Event.objects.count()) == (2, 0, 0)

    def test_is_applied_and_hands_out_a_link_for_each_new_account(self, city, lead):
        client = visitor(lead)
        done = sent(client, upload(client, city, GOOD))
        user = User.objects.get(username="13800000001")
        assert not user.has_usable_password()
        assert str(city.memberships.get(user=user)) == "王一 · 杭州市 · 填报人"
        there = path_of(done)
        new = {"new_password1": "another-long-password", "new_password2": "another-long-password"}
        person = visitor()
        assert sent(person, opened(person, there), new).status == 200
        user.refresh_from_db()
        assert user.check_password("another-long-password")

    def test_links_are_downloaded_as_a_workbook(self, city, lead):
        client = visitor(lead)
        done = sent(client, upload(client, city, GOOD))
        response = client.post(reverse("roster-links", args=[city.code]), {"links": done.form["links"]})
        sheet = load_workbook(BytesIO(response.content)).active
        assert [cell.value for cell in sheet[2]] == ["王一", "13800000001", link_of(done)]

    def test_a_second_time_there_is_nothing_to_do(self, city, lead):
        client = visitor(lead)
        sent(client, upload(client, city, GOOD))
        before = Event.objects.count()
        page = upload(client, city, GOOD)
        assert "无需导入" in page.text
        again = sent(client, page)
        assert "本次无需新建账号" in again.text
        assert (Event.objects.count(), User.objects.count()) == (before, 2)

    def test_with_errors_cannot_be_confirmed(self, city, lead):
        client = visitor(lead)
        page = upload(client, city, GOOD, ["=1+1", "1", "局长", "", "", "", ""])
        assert "名单!A3" in page.text and "名单!C3" in page.text
        assert "checked" not in page.form
        assert User.objects.count() == 1

    def test_of_another_name_for_a_known_user_name_is_refused(self, city, lead, stranger):
        page = upload(visitor(lead), city, ["冒名", "stranger", "只读", "", "", "", ""])
        assert "已属于另一姓名的人员" in page.text
        assert "外人" not in page.text
        assert "checked" not in page.form

    def test_that_others_overtook_is_shown_again(self, city, lead, contributor):
        client = visitor(lead)
        page = upload(client, city, ["填报人", "contributor", "填报人", "市数据局", "", "", ""])
        city.memberships.filter(user=contributor).update(ends_on="2027-01-01")
        again = sent(client, page)
        assert (again.status, "期间有变动" in again.text) == (409, True)
        assert not city.departments.exists()
        sent(client, again)
        assert str(city.memberships.get(user=contributor).department) == "市数据局"

    @pytest.mark.parametrize("forged", ["", "nonsense", "W10:1:2"])
    def test_what_was_not_shown_cannot_be_confirmed(self, city, lead, forged):
        client = visitor(lead)
        assert client.post(reverse("roster-import", args=[city.code]), {"checked": forged}).status_code == 400
        assert client.post(reverse("roster-links", args=[city.code]), {"links": forged}).status_code == 400

    def test_shown_for_one_city_is_not_confirmed_for_another(self, city, lead, stranger):
        Membership.objects.create(user=lead, city=City.objects.get(code="320100"), role="lead")
        client = visitor(lead)
        checked = upload(client, city, GOOD).form["checked"]
        assert client.post(reverse("roster-import", args=["320100"]), {"checked": checked}).status_code == 400

    def test_downloaded_and_uploaded_as_it_is_changes_nothing(self, city, lead, consultant):
        Membership.objects.filter(user=consultant).update(ends_on="2027-01-01")
        client = visitor(lead)
        response = client.get(reverse("roster-download", args=[city.code]))
        assert re.search("attachment", response.headers["Content-Disposition"])
        there = reverse("roster-import", args=[city.code])
        page = read(client.post(there, {"file": SimpleUploadedFile("x.xlsx", response.content)}), there)
        assert "无需导入" in page.text
        assert len([row for row in page.rows if "未改动" in row]) == 2

    @pytest.mark.parametrize("content", [b"", b"hello", b"x" * (2 * 2**20 + 1)], ids=["empty", "text", "large"])
    def test_that_is_no_workbook_is_refused(self, city, lead, content):
        there = reverse("roster-import", args=[city.code])
        page = read(visitor(lead).post(there, {"file": SimpleUploadedFile("x.xlsx", content)}), there)
        assert "checked" not in page.form
        assert page.status == (200 if content == b"hello" else 422)


class TestFindingRounds:
    @pytest.fixture
    def rounds(self, assessment, framework):
        nanjing = City.objects.create(code="320100", name="南京市", province="江苏省")
        return assessment, make_round(nanjing, framework, round="2025 中期")

    @pytest.mark.parametrize("words", ["南京", "3201", "江苏", "nanjing", "nj", "2025", "中期"])
    def test_by_city_code_province_pinyin_or_name(self, admin, rounds, words):
        page = opened(visitor(admin), "assessment-list", q=words)
        assert [row[0].split()[0] for row in page.rows[1:]] == ["南京市"]
        assert page.form["q"] == words

    def test_finds_nothing_that_one_may_not_see(self, rounds, lead):
        page = opened(visitor(lead), "assessment-list", q="南京")
        assert page.rows == []
        assert "没有找到评估" in page.text

    def test_is_offered_to_who_has_many(self, rounds, lead, admin, framework):
        assert "q" not in opened(visitor(lead), "assessment-list").form
        for year in range(2020, 2023):
            make_round(rounds[0].city, framework, round=str(year))
        assert "q" in opened(visitor(lead), "assessment-list").form
