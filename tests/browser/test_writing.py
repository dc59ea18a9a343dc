"""Writing for a report, with a script at hand: seen as it is typed, phrases at the cursor, nothing left behind."""

import pytest
from playwright.sync_api import expect

from assessment.models import Phrase
from tests.demo import demo_round


@pytest.fixture
def desk(page, watched, sign_in, context, demo_pages):
    """The consultant at a recommendation that is not written yet."""
    sign_in(context, "consultant")
    watched(page).goto(demo_pages["recommendation, none"][1])
    return page


def box(desk):
    return desk.get_by_label("正文")


def preview(desk):
    return desk.locator("#preview")


def test_what_is_typed_is_shown_as_the_report_prints_it_and_is_added(desk):
    box(desk).fill("先做**一件**：\n\n- 定规则")
    expect(preview(desk).locator("strong")).to_have_text("一件")
    expect(preview(desk).locator("li")).to_have_text("定规则")
    expect(desk.get_by_label("补充")).to_be_checked()
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("已保存为第1版")
    assert demo_round().remarks.get(code="P1.A3").text == "先做**一件**：\n\n- 定规则"


def test_a_phrase_is_found_and_goes_in_at_the_cursor(desk):
    box(desk).fill("头尾")
    box(desk).evaluate("box => box.setSelectionRange(1, 1)")
    desk.get_by_label("查找常用语").fill("佐证")
    expect(desk.locator("#offers li")).to_have_count(1)
    with desk.expect_response(lambda answer: answer.url.endswith("/use/")):
        desk.get_by_role("button", name="插入").click()
    phrase = Phrase.objects.get(title__contains="佐证")
    expect(box(desk)).to_have_value(f"头{phrase.text}尾")
    expect(preview(desk)).to_contain_text(phrase.text[:10])
    assert phrase.used == 1
    assert not demo_round().remarks.filter(code="P1.A3").exists()


def test_a_phrase_behind_what_is_typed_is_a_paragraph_of_its_own(desk):
    box(desk).fill("已写的")
    desk.get_by_label("查找常用语").fill("佐证")
    expect(desk.locator("#offers li")).to_have_count(1)
    desk.get_by_role("button", name="插入").click()
    phrase = Phrase.objects.get(title__contains="佐证")
    expect(box(desk)).to_have_value(f"已写的\n\n{phrase.text}")


def test_leaving_what_came_back_unsaved_is_asked_about_too(desk):
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    box(desk).fill("没有保存")
    desk.get_by_role("button", name="预览", exact=True).click()
    expect(box(desk)).to_have_value("没有保存")
    box(desk).focus()
    desk.get_by_role("heading", level=1).click()  # a page that nobody touched may be left without a question
    desk.get_by_role("link", name="结果").click(no_wait_after=True)
    desk.wait_for_timeout(500)
    assert asked == ["beforeunload"]


def test_leaving_with_something_typed_is_asked_about(desk):
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    box(desk).press_sequentially("没有保存")
    desk.get_by_role("link", name="结果").click(no_wait_after=True)
    desk.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(box(desk)).to_have_value("没有保存")
