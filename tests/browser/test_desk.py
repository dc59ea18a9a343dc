"""The criteria desk, as a policy person goes through it: draft, change, check, correct, publish, move a round, move it back."""

import re

import pytest
from playwright.sync_api import expect

from assessment.models import Assessment, Framework
from tests.demo import demo_round

NEXT = "/frameworks/cn-city-digital/2026.1"


@pytest.fixture
def desk(page, watched, sign_in, context, site):
    """The criteria administrator at the list of frameworks."""
    sign_in(context, "criteria-admin")
    watched(page).goto(f"{site}/frameworks/")
    return page


def begin(desk):
    row = desk.get_by_role("row").filter(has=desk.get_by_role("link", name="2024.1", exact=True))
    row.get_by_role("link", name="以此新建版本").click()
    desk.get_by_label("版本").fill("2026.1")
    desk.get_by_role("button", name="复制为草稿").click()
    expect(desk).to_have_url(re.compile(f"{NEXT}/edit/$"))


def saved(desk):
    expect(desk.locator("#element-state")).to_contain_text(re.compile(r"已保存 \d\d:\d\d"))


def opened(desk, site, kind, code):
    desk.goto(f"{site}{NEXT}/edit/{kind}/{code}/")


def field(desk, path):
    return desk.locator(f"#element [name='{path}']")


def draft():
    return Framework.objects.get(version="2026.1")


def test_a_new_version_from_draft_to_publication_and_a_round_moved_and_moved_back(
    desk, site, browser, watched, sign_in
):
    begin(desk)

    # A weight: it saves itself, and its share of the whole follows.
    desk.locator(".desk-tree").get_by_text("T1 统筹机制").click()
    opened(desk, site, "criterion", "T1.2")
    expect(desk.locator(".desk-element h1")).to_contain_text("T1.2")
    field(desk, "weight").fill("2")
    saved(desk)
    assert draft().outline().criteria["T1.2"].weight == 2
    opened(desk, site, "criterion", "T1.5")
    field(desk, "weight").fill("0.05")  # so little that it hardly counts: a warning
    saved(desk)
    opened(desk, site, "criterion", "T1.2")

    # An error: seen at once beside the editor, corrected, gone.
    before = field(desk, "levels.3.descriptor.zh-hans").input_value()
    same = field(desk, "levels.2.descriptor.zh-hans").input_value()
    field(desk, "levels.3.descriptor.zh-hans").fill(same)
    expect(desk.locator("#findings")).to_contain_text("2")
    expect(desk.locator("#findings .findings-error")).to_be_visible()
    field(desk, "levels.3.descriptor.zh-hans").fill(before)
    expect(desk.locator("#findings .findings-error")).to_have_count(0)

    # A split.
    opened(desk, site, "criterion", "T1.3")
    desk.get_by_text("拆分", exact=True).first.click()
    desk.get_by_label("新评估项的编号，每行一个").fill("T1.6\nT1.7")
    desk.get_by_role("button", name="拆分").click()
    expect(desk.locator(".desk-element h1")).to_contain_text("T1.6")
    for code, title in (("T1.6", "一张蓝图"), ("T1.7", "年度计划")):
        opened(desk, site, "criterion", code)
        field(desk, "title.zh-hans").fill(title)
        saved(desk)

    # A clause.
    opened(desk, site, "source", "shan-2024")
    desk.get_by_text("新增条款", exact=True).click()
    adding = desk.locator("form", has=desk.get_by_role("button", name="新增", exact=True))
    adding.get_by_label("条款编号").fill("3.新")
    adding.get_by_label("名称").fill("第三部分新增段")
    adding.get_by_role("button", name="新增", exact=True).click()
    expect(desk.locator(".desk-element h1")).to_contain_text("第三部分新增段")

    # An edit taken back.
    desk.get_by_role("link", name="改动记录", exact=True).click()
    expect(desk.locator(".edits > li").first).to_contain_text("新增")
    desk.locator(".edits > li").first.get_by_role("button", name="撤销").click()
    expect(desk.locator(".notice-success")).to_contain_text("已撤销")
    assert "shan-2024#3.新" not in draft().outline().passages

    # The golden sets tell what the weight did; what is right is accepted.
    desk.goto(f"{site}{NEXT}/bench/")
    while desk.get_by_role("button", name="接受新结果").count():
        desk.get_by_role("button", name="接受新结果").first.click()
        desk.wait_for_load_state()

    # Publishing asks for a reason for every warning.
    desk.get_by_role("link", name="发布", exact=True).click()
    expect(desk.get_by_role("heading", name="错误")).to_contain_text("0")
    desk.get_by_role("button", name="发布2026.1").click()
    expect(desk.locator(".notice-error")).to_contain_text("理由")
    for reason in desk.locator("[name^='reason ']").all():
        reason.fill("本版保留，下一版处理。")
    desk.get_by_role("button", name="发布2026.1").click()
    expect(desk.locator(".notice-success")).to_contain_text("已发布")
    assert draft().is_published

    move_and_back(browser, watched, sign_in, site)


def move_and_back(browser, watched, sign_in, site):
    """The lead moves the open round to the new version, sees why the score differs, and moves it back."""
    record = demo_round()
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    sign_in(context, "lead")
    page = watched(context.new_page())
    page.goto(f"{site}/assessments/{record.pk}/")
    page.get_by_role("link", name=re.compile("2026.1|迁移")).first.click()
    expect(page.locator("main")).to_contain_text("拆分")
    page.get_by_role("button", name=re.compile("^迁移")).click()
    expect(page.locator("main")).to_contain_text("2026.1")
    copy = Assessment.objects.get(framework__version="2026.1")
    assert copy.responses.filter(criterion__code__in=["T1.6", "T1.7"]).count() == 2
    record.refresh_from_db()
    assert record.is_moved

    page.get_by_role("link", name=re.compile("撤销迁移")).first.click()
    page.get_by_role("button", name=re.compile("撤销迁移")).click()
    expect(page.locator("main")).to_contain_text("2024.1")
    record.refresh_from_db()
    assert record.is_open
    context.close()


def test_two_administrators_in_one_field_lose_nothing(desk, site, browser, watched, sign_in):
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    sign_in(context, "admin")
    other = watched(context.new_page())
    opened(other, site, "criterion", "T1.2")
    field(other, "title.zh-hans").fill("他人的名称")
    field(other, "owner.zh-hans").fill("市委办")
    saved(other)

    field(desk, "title.zh-hans").fill("我的名称")
    expect(desk.locator(".desk-conflict")).to_contain_text("他人的名称")
    expect(field(desk, "owner.zh-hans")).to_have_value("市委办")
    expect(field(desk, "title.zh-hans")).to_have_value("我的名称")
    field(desk, "weight").fill("3")
    expect(desk.locator("#element-state")).to_contain_text("等待")
    assert str(draft().outline().criteria["T1.2"].title) == "他人的名称"

    desk.locator(".desk-conflict").get_by_label("我的").check()
    saved(desk)
    criterion = draft().outline().criteria["T1.2"]
    assert (str(criterion.title), criterion.weight, str(criterion.owner)) == ("我的名称", 3, "市委办")
    context.close()


def test_the_server_gone_while_typing_nothing_is_lost(page, context, sign_in, site):
    sign_in(context, "criteria-admin")
    page.goto(f"{site}/frameworks/")
    desk = page  # not watched: a request that fails is logged
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    desk.route("**/edit/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    field(desk, "title.zh-hans").fill("断网时写的")
    expect(desk.locator("#element-state")).to_contain_text("将自动重试")
    desk.unroute("**/edit/**")
    saved(desk)
    assert str(draft().outline().criteria["T1.2"].title) == "断网时写的"


def test_criteria_are_sorted_by_keyboard_and_by_dragging(desk, site):
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    link = desk.locator(".desk-tree a", has_text="T1.2")
    link.focus()
    with desk.expect_response(re.compile("/move/")) as answer:
        desk.keyboard.press("Alt+ArrowUp")
    assert answer.value.status == 204
    assert list(draft().outline().criteria)[:2] == ["T1.2", "T1.1"]
    with desk.expect_response(re.compile("/move/")):
        desk.locator(".desk-tree li", has_text="T1.4").last.drag_to(desk.locator(".desk-tree li", has_text="T1.2").last)
    assert next(iter(draft().outline().criteria)) == "T1.4"


@pytest.mark.parametrize(("page_of", "control"), [("修改应答", "answer-T1.1"), ("填写应得结果", "level-T1")])
def test_leaving_a_golden_set_with_something_chosen_is_asked_about(desk, site, page_of, control):
    begin(desk)
    desk.goto(f"{site}{NEXT}/bench/")
    desk.get_by_role("link", name=page_of).first.click()
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    box = desk.locator(f"[name='{control}']")
    box.focus()
    box.press("End")  # by hand: a browser asks only where somebody has done something
    chosen = box.input_value()
    desk.get_by_role("link", name="取消").click(no_wait_after=True)
    desk.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(box).to_have_value(chosen)
    desk.locator(".savebar").get_by_role("button").click()
    expect(desk.locator(".notice-success")).to_contain_text("已保存")
    assert asked == ["beforeunload"]
