"""Whoever leaves a page with something typed and not saved is asked first."""

import pytest
from playwright.sync_api import expect

from assessment.models import Phrase, User
from tests.demo import CITY, demo_round

ELSEWHERE = "/reports/check/"


@pytest.fixture
def pages(site):
    """Those of a consultant: what is typed where."""
    there = f"/assessments/{demo_round().pk}/report"
    phrase = Phrase.objects.create(user=User.objects.get(username="consultant"), title="先建台账", text="先建台账。")
    return {
        f"{there}/summary/": "textarea[name=text]",
        f"{there}/improvements/": "input[name^=owner-]",
        f"{there}/design/": "input[name=document_number]",
        "/mark/": "input[name=organisation]",
        "/phrases/add/": "textarea[name=text]",
        f"/phrases/{phrase.pk}/": "input[name=title]",
    }


def leave(page, site) -> list[str]:
    """Goes elsewhere, whatever is asked; the kinds of what was asked."""
    asked = []

    def agree(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    page.goto(site + ELSEWHERE)
    page.remove_listener("dialog", agree)
    return asked


def test_what_is_typed_is_not_left_behind_without_asking(page, context, watched, sign_in, site, pages):
    sign_in(context, "consultant")
    watched(page)
    for address, box in pages.items():
        page.goto(site + address)
        assert leave(page, site) == [], address
        page.goto(site + address)
        page.locator(box).first.press_sequentially("字")
        assert leave(page, site) == ["beforeunload"], address


def test_the_citys_mark_asks_too(lead_page, site):
    lead_page.goto(f"{site}/cities/{CITY}/mark/")
    lead_page.locator("input[name=organisation]").press_sequentially("字")
    assert leave(lead_page, site) == ["beforeunload"]


def test_what_came_back_unsaved_counts_as_typed_and_what_is_saved_does_not(lead_page, site):
    lead_page.goto(f"{site}/assessments/{demo_round().pk}/report/improvements/")
    owner, due = (lead_page.locator(f"input[name^={name}-]").first for name in ("owner", "due"))
    owner.press_sequentially("数据局")
    due.fill("1990-01-01")
    lead_page.get_by_role("button", name="保存").click()
    expect(lead_page.locator(".errors")).to_be_visible()
    lead_page.mouse.click(5, 5)  # a page that nobody has touched never asks
    assert leave(lead_page, site) == ["beforeunload"]
    lead_page.goto(f"{site}/assessments/{demo_round().pk}/report/improvements/")
    owner.press_sequentially("数据局")
    lead_page.get_by_role("button", name="保存").click()
    expect(lead_page.get_by_role("status").first).to_contain_text("已保存")
    assert leave(lead_page, site) == []
