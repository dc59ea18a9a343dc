"""A form that is not sound says so at its top, with a link to each field, and again at the field."""

import pytest

from tests.records import PASSWORD
from tests.views.pages import opened, sent, visitor

pytestmark = pytest.mark.django_db


def summary(page):
    """What stands above the form: its words, and the fields that it leads to."""
    _before, found, rest = page.html.partition('<section class="notice notice-error errors"')
    html = rest.partition("</section>")[0] if found else ""
    return html, [link.removeprefix("#") for link in page.links if link.startswith("#id_") and f'"{link}"' in html]


def ids(page):
    return {given["id"] for _tag, given in page.reader.tags if "id" in given}


def test_opening_a_round_leads_to_every_field_that_is_wrong(lead, framework):
    page = opened(visitor(lead), "assessment-open")
    assert summary(page) == ("", [])
    page = sent(visitor(lead), page, {"round": "", "due_on": "morgen", "scope": []})
    html, fields = summary(page)
    assert 'role="alert"' in html
    assert fields == ["id_round", "id_due_on", "id_scope_0_0"]
    assert set(fields) <= ids(page)


def test_an_invitation_repeats_the_message_at_the_field(lead, city):
    page = opened(visitor(lead), "invitation-add", city.code)
    page = sent(visitor(lead), page, {"role": "consultant"})
    html, fields = summary(page)
    assert fields == ["id_ends_on"]
    assert "截止日：" in html
    assert page.text.count("请填写顾问") == 2


def test_what_is_about_no_field_stands_there_once(lead):
    page = opened(visitor(), "account_login")
    page = sent(visitor(), page, {"login": lead.username, "password": PASSWORD + "!"})
    html, fields = summary(page)
    assert fields == []
    assert "<li>" in html
    assert page.html.count('role="alert"') == 1


def test_what_was_typed_is_never_markup(lead, city):
    page = opened(visitor(lead), "department-add", city.code)
    sent(visitor(lead), page, {"name": "市数据局"})
    page = sent(visitor(lead), page, {"name": "<b>" + "长" * 300})
    assert summary(page)[1] == ["id_name"]
    assert "<b>" not in page.html.replace("&lt;b&gt;", "")
