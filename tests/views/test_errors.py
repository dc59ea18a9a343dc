"""Pages for when something is wrong, and what every page owes to safety."""

import re

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.test import Client
from django.urls import reverse

from tests.demo import addresses, load_demo
from tests.views.pages import opened, read, visitor

pytestmark = pytest.mark.django_db
BROKEN = {400: BadRequest(), 403: PermissionDenied(), 500: RuntimeError("boom")}


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.DEBUG = False


def is_ours(page):
    """The site's own look, in Chinese, with a way out."""
    return (
        "城市全域数字化转型自评" in page.text
        and 'lang="zh-CN"' in page.html
        and reverse("assessment-list") in page.links
    )


@pytest.mark.parametrize("status", BROKEN)
@pytest.mark.parametrize("who", [None, "lead"])
def test_what_goes_wrong_has_a_page_with_a_way_out(request, monkeypatch, status, who):
    def fail(*args, **kwargs):
        raise BROKEN[status]

    client = visitor(request.getfixturevalue(who) if who else None)
    client.raise_request_exception = False
    if who:
        monkeypatch.setattr("assessment.access.assessments", fail)
        address = reverse("assessment-list")
    else:
        monkeypatch.setattr("allauth.account.views.LoginView.get", fail)
        address = reverse("account_login")
    page = read(client.get(address), address)
    assert page.status == status
    assert is_ours(page)
    assert "boom" not in page.html
    assert "Traceback" not in page.html


@pytest.mark.parametrize("who", [None, "lead"])
@pytest.mark.parametrize("address", ["/no-such-page/", "/assessments/999/", "/static/no-such-file.css"])
def test_what_is_not_there_has_a_page_with_a_way_out(request, who, address):
    page = opened(visitor(request.getfixturevalue(who) if who else None), address)
    assert is_ours(page)
    assert page.status == 404 or (not who and address.startswith("/assessments/"))


def test_a_form_that_was_open_for_too_long_says_what_to_do(assessment, lead):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    address = reverse("dimension-answer", args=[assessment.pk, "T1"])
    page = read(client.post(address, {"T1.1-level": "3"}), address)
    assert page.status == 403
    assert is_ours(page)
    assert "返回" in page.text


def test_another_host_is_refused_with_a_page(lead):
    client = visitor(lead)
    page = read(client.get("/", headers={"host": "example.com"}), "/")
    assert page.status == 400
    assert "城市全域数字化转型自评" in page.text


@pytest.mark.parametrize("address", ["/cities/%00/members/", "/?q=%00", "/frameworks/small-city/%00/"])
def test_an_address_with_a_null_character_leads_nowhere(lead, address):
    assert visitor(lead).get(address).status_code == 404


# Safety, over every page of the demo


@pytest.fixture
def demo_pages(django_user_model):
    load_demo()
    people = {user.username: user for user in django_user_model.objects.all()}
    return {name: opened(visitor(people.get(who)), there) for name, (who, there) in addresses().items()}


def test_every_page_keeps_to_the_rules(demo_pages):
    for name, page in demo_pages.items():
        policy = page.response["Content-Security-Policy"]
        assert "default-src 'self'" in policy, name
        assert "unsafe" not in policy, name
        assert page.response["X-Frame-Options"] == "DENY", name
        assert page.response["X-Content-Type-Options"] == "nosniff", name
        assert not inline(page), name
        assert not outside(page), name
        if not name.startswith("admin"):
            assert '<meta name="renderer" content="webkit">' in page.html, name
            assert len(re.findall("<h1[ >]", page.html)) == 1, name


def inline(page):
    """Scripts and styles in the page itself, which the policy would not let run: all but a style that it names."""
    policy = page.response["Content-Security-Policy"]
    return [
        (tag, given)
        for tag, given in page.reader.tags
        if (tag == "style" and f"'nonce-{given.get('nonce')}'" not in policy)
        or "style" in given
        or any(name.startswith("on") for name in given)
        or (tag == "script" and "src" not in given and given.get("type") not in ("application/json", "text/template"))
    ]


def outside(page):
    """What a browser would fetch from elsewhere."""
    fetched = [
        given.get("src") or (given.get("href") if tag == "link" else None) or ""
        for tag, given in page.reader.tags
        if tag in ("link", "script", "img", "iframe", "source", "use", "image")
    ]
    return [address for address in fetched if re.match(r"(\w+:)?//", address)]


def test_downloads_and_errors_keep_to_the_policy_too(assessment, lead):
    client = visitor(lead)
    for address in ("/no-such-page/", reverse("report-download", args=[assessment.pk])):
        assert "default-src 'self'" in client.get(address)["Content-Security-Policy"]
