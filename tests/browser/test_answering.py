"""Answering with a script, without one, and by keyboard alone."""

from playwright.sync_api import expect

from assessment import actions, outline
from assessment.models import User
from tests.demo import demo_round

RATIONALE = "市数据局有运营办法，抽查两个部门均已执行。"


def blank_dimension(site):
    return f"{site}/assessments/{demo_round().pk}/dimensions/T6/"


def answer(code):
    return demo_round().responses.get(criterion__code=code).outline()


def test_without_a_script_a_dimension_is_answered_all_the_same(browser, site, watched, sign_in):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 390, "height": 900})
    sign_in(context, "contributor")
    page = watched(context.new_page())
    page.goto(blank_dimension(site))
    page.locator("label[for='id_T6.1-level-3']").click()
    page.locator("[name='T6.1-rationale']").fill(RATIONALE)
    page.locator("[name='T6.1-evidence-0-title']").fill("运营办法")
    page.locator("label[for='id_T6.2-level-na']").click()
    page.locator("[name='T6.2-not_applicable']").fill("本市没有这一事项")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已保存2项")
    expect(page.locator("[name='T6.1-rationale']")).to_have_value(RATIONALE)
    expect(page.locator("[name='T6.1-evidence-1-title']")).to_be_visible()
    assert (answer("T6.1").level, answer("T6.2").not_applicable) == (3, "本市没有这一事项")
    context.close()


def test_without_a_script_nothing_typed_is_lost(browser, site, sign_in):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    sign_in(context, "contributor")
    page = context.new_page()
    page.goto(blank_dimension(site))
    page.locator("label[for='id_T6.1-level-na']").click()
    page.locator("[name='T6.1-rationale']").fill(RATIONALE)
    page.locator("[name='T6.1-evidence-0-as_of']").fill("2026-05-31")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("T6.1")
    expect(page.locator("[name='T6.1-rationale']")).to_have_value(RATIONALE)
    expect(page.locator("[name='T6.1-evidence-0-as_of']")).to_have_value("2026-05-31")
    expect(page.locator("[name='T6.1-not_applicable']")).to_be_visible()
    context.close()


def test_the_keyboard_is_enough(lead_page, site):
    page = lead_page
    page.goto(blank_dimension(site))
    tab_to(page, "document.activeElement.name === 'T6.1-level'")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.value") == "4"
    assert page.evaluate("getComputedStyle(document.activeElement.nextElementSibling).outlineStyle") == "solid"
    tab_to(page, "document.activeElement.matches('.savebar button:not([name])')")
    page.keyboard.press("Enter")
    expect(page.locator("#save-state")).to_have_text("已全部保存")
    assert answer("T6.1").level == 4


def test_without_a_script_two_versions_are_asked_about_field_by_field(browser, site, watched, sign_in):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    sign_in(context, "contributor")
    page = watched(context.new_page())
    page.goto(blank_dimension(site))
    theirs = outline.Response("T6.1", level=2, rationale="牵头人写的")
    actions.answer(demo_round(), theirs, by=User.objects.get(username="lead"), seen=0)
    page.locator("[name='T6.1-rationale']").fill(RATIONALE)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[id='T6.1'] .versions")).to_contain_text("牵头人写的")
    expect(page.locator("[name='T6.1-rationale']")).to_have_value(RATIONALE)
    page.get_by_label("合并两段").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已保存1项")
    assert (answer("T6.1").level, answer("T6.1").rationale) == (2, f"牵头人写的\n{RATIONALE}")
    context.close()


def tab_to(page, there):
    for _press in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    raise AssertionError(f"no Tab leads to {there}")


def test_the_first_tab_skips_to_the_content(lead_page, site):
    lead_page.goto(blank_dimension(site))
    lead_page.keyboard.press("Tab")
    expect(lead_page.locator("a.skip")).to_be_focused()
    lead_page.keyboard.press("Enter")
    assert lead_page.evaluate("document.activeElement.id") == "content"


def test_a_button_adds_rows_for_evidence(lead_page, site):
    page = lead_page
    page.goto(blank_dimension(site))
    card = page.locator("[id='T6.1']")
    card.get_by_role("button", name="再加一条").click()
    expect(page.locator("[name='T6.1-evidence-1-title']")).to_be_focused()
    page.keyboard.type("台账")
    page.locator("[name='T6.1-evidence-0-title']").fill("办法")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#save-state")).to_have_text("已全部保存")
    page.reload()
    expect(page.locator("[name='T6.1-evidence-2-title']")).to_have_value("")
    assert [evidence.title for evidence in answer("T6.1").evidence] == ["办法", "台账"]


def test_the_reason_shows_when_something_is_not_applicable(lead_page, site):
    page = lead_page
    page.goto(blank_dimension(site))
    reason = page.locator("[name='T6.1-not_applicable']")
    expect(reason).to_be_hidden()
    page.locator("label[for='id_T6.1-level-na']").click()
    expect(reason).to_be_visible()
