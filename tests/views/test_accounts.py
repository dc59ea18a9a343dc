"""Signing in and out, and one's own password."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessment.models import Event
from tests.records import PASSWORD, make_user
from tests.views.pages import opened, sent, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget_failures():
    """Failed attempts are counted in the cache."""
    cache.clear()
    yield
    cache.clear()


def sign_in(name, password, **query):
    client = visitor()
    return client, sent(client, opened(client, "account_login", **query), {"login": name, "password": password})


def test_signing_in_by_user_name_leads_home(lead):
    client, page = sign_in("lead", PASSWORD)
    assert page.response.redirect_chain[-1][0] == reverse("assessment-list")
    assert "牵头人，您已登录。" in page.text
    assert opened(client, "assessment-list").status == 200


def test_signing_in_leads_to_the_page_that_was_asked_for(assessment, lead):
    client = visitor()
    asked = opened(client, "assessment-detail", assessment.pk)
    assert "登录" in asked.text
    page = sent(client, opened(client, asked.response.redirect_chain[-1][0]), {"login": "lead", "password": PASSWORD})
    assert page.response.redirect_chain[-1][0] == assessment.get_absolute_url()


@pytest.mark.parametrize("outside", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_signing_in_never_leads_out_of_the_house(lead, outside):
    client = visitor()
    response = client.post(reverse("account_login"), {"login": "lead", "password": PASSWORD, "next": outside})
    assert response.status_code in (302, 400)
    assert response.headers.get("Location", "/").startswith("/")
    assert not response.headers.get("Location", "/").startswith("//")


@pytest.mark.parametrize(("name", "password"), [("lead", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_stays_out_and_is_told(lead, name, password):
    client, page = sign_in(name, password)
    assert page.status == 200
    assert client.get(reverse("assessment-list")).status_code == 302
    assert "用户名" in page.text


def test_the_answer_does_not_tell_whether_there_is_such_a_name(lead):
    words = [sign_in(name, "wrong")[1].text.replace(name, "") for name in ("lead", "nobody")]
    assert words[0] == words[1]


def test_who_keeps_guessing_is_stopped(lead):
    for _attempt in range(12):
        _client, page = sign_in("lead", "wrong")
    assert "登录失败次数过多" in page.text
    client, _page = sign_in("lead", PASSWORD)
    assert client.get(reverse("assessment-list")).status_code == 302


def test_a_disabled_account_is_told_whom_to_ask(lead):
    lead.is_active = False
    lead.save()
    client, page = sign_in("lead", PASSWORD)
    assert client.get(reverse("assessment-list")).status_code == 302
    assert "停用" in page.text


def test_nobody_signs_up(db):
    for address in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"):
        assert visitor().get(address).status_code == 404


def test_signing_out_takes_a_click(lead):
    client = visitor(lead)
    page = opened(client, "account_logout")
    assert page.status == 200
    assert opened(client, "assessment-list").status == 200
    after = sent(client, page)
    assert after.response.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert client.get(reverse("assessment-list")).status_code == 302


def test_the_password_is_changed_by_who_knows_it(lead):
    client = visitor(lead)
    new = {"oldpassword": PASSWORD, "password1": "another-long-password", "password2": "another-long-password"}
    page = sent(client, opened(client, "account_change_password"), new)
    assert page.status == 200
    lead.refresh_from_db()
    assert lead.check_password("another-long-password")


@pytest.mark.parametrize("weak", ["12345678", "password", "lead", "x"])
def test_a_weak_password_is_refused(lead, weak):
    client = visitor(lead)
    sent(
        client,
        opened(client, "account_change_password"),
        {"oldpassword": PASSWORD, "password1": weak, "password2": weak},
    )
    lead.refresh_from_db()
    assert lead.check_password(PASSWORD)


def test_the_menu_leads_to_the_admin_only_for_staff(lead, criteria_admin):
    assert reverse("admin:index") not in opened(visitor(lead), "assessment-list").links
    assert reverse("admin:index") in opened(visitor(criteria_admin), "assessment-list").links


def test_a_user_without_a_name_is_called_by_the_user_name(db):
    assert "zhang3" in opened(visitor(make_user("zhang3")), "assessment-list").text


def logged():
    return [(event.verb, event.person, event.target, event.origin) for event in Event.objects.order_by("pk")]


class TestTheLog:
    def test_says_who_signed_in_and_out_and_from_where(self, lead):
        client, _page = sign_in("lead", PASSWORD)
        sent(client, opened(client, "account_logout"))
        assert logged() == [
            ("signed_in", "牵头人（lead）", "", "127.0.0.1"),
            ("signed_out", "牵头人（lead）", "", "127.0.0.1"),
        ]

    @pytest.mark.parametrize("name", ["lead", "nobody"])
    def test_says_who_could_not_sign_in(self, lead, name):
        sign_in(name, "wrong")
        assert logged() == [("sign_in_failed", "", name, "127.0.0.1")]

    def test_holds_no_password(self, lead):
        sign_in("lead", "a-wrong-password")
        client, _page = sign_in("lead", PASSWORD)
        change_password(client, "another-long-password")
        written = str(list(Event.objects.values()))
        assert [word for word in (PASSWORD, "a-wrong-password", "another-long-password") if word in written] == []

    def test_says_who_changed_the_password(self, lead):
        change_password(visitor(lead), "another-long-password")
        assert logged() == [("password_changed", "牵头人（lead）", "lead", "127.0.0.1")]

    def test_says_nothing_where_nothing_was_changed(self, lead):
        change_password(visitor(lead), "12345678")
        assert logged() == []


def change_password(client, password):
    new = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    return sent(client, opened(client, "account_change_password"), new)


def test_a_disabled_account_is_out_at_once(lead):
    client = visitor(lead)
    assert client.get(reverse("framework-list")).status_code == 200
    type(lead).objects.update(is_active=False)
    response = client.get(reverse("framework-list"))
    assert (response.status_code, response.url.startswith(reverse("account_login"))) == (302, True)
