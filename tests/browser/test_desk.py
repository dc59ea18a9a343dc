"""The criteria desk, as a policy person goes through it: draft, change, check, correct, publish, move a round, move it back."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from assessment import actions, elements
from assessment.models import Assessment, Framework, User
from assessment.places import shares
from assessment.reports import words
from tests.demo import demo_round

NEXT = "/frameworks/cn-city-digital/2026.1"
# Every save takes its time; how many begun and ended stands at the page.
SLOWLY = """
    const count = (what) => { const all = document.documentElement.dataset; all[what] = Number(all[what] || 0) + 1; };
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (body) {
      if (!body) { return send.call(this); }
      count("begun");
      this.addEventListener("load", () => { count("ended"); });
      setTimeout(() => send.call(this, body), 1500);
    };
"""


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
    expect(desk.locator("#element-state")).to_contain_text(re.compile(r"已保存\d\d:\d\d"))


def opened(desk, site, kind, code):
    desk.goto(f"{site}{NEXT}/edit/{kind}/{code}/")


def field(desk, path):
    return desk.locator(f"#element [name='{path}']")


def title():
    return str(draft().outline().criteria["T1.2"].title)


def asked_before_leaving(desk):
    """The kinds of the dialogs that the browser opens; each is dismissed."""
    found = []

    def dismiss(dialog):
        found.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", dismiss)
    return found


def counted(desk, what):
    expect(desk.locator(f"html[data-{what}='1']")).to_be_attached()


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
    share_of = shares(draft().outline())
    for code in ("T1", "T1.1", "T1.2"):
        expect(desk.locator(f"[data-share-of='{code}']")).to_have_text(words.share(share_of[code]))
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
    adding.get_by_label("位置").fill("第三部分新增段")
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
    with desk.expect_event("dialog"):
        desk.get_by_role("link", name="取消").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    expect(box).to_have_value(chosen)
    desk.locator(".savebar").get_by_role("button").click()
    expect(desk.locator(".notice-success")).to_contain_text("已保存")
    assert asked == ["beforeunload"]


def test_dimensions_are_sorted_too_and_a_criterion_is_dragged_onto_another_side(desk, site):
    begin(desk)
    opened(desk, site, "criterion", "P1.A1")
    desk.locator(".desk-tree a[href$='/dimension/T2/']").focus()
    with desk.expect_response(re.compile("/move/")) as answer:
        desk.keyboard.press("Alt+ArrowUp")
    assert answer.value.status == 204
    assert [dimension.code for dimension in draft().outline().dimensions][:2] == ["T2", "T1"]

    facets = {facet.code: facet for d in draft().outline().dimensions for facet in d.facets}
    before = [criterion.code for criterion in facets["P1.B"].criteria]
    field(desk, "owner.zh-hans").fill("移动前所写")
    with desk.expect_response(re.compile("/move/")):
        desk.locator(".desk-tree a[href$='/criterion/P1.A1/']").drag_to(
            desk.locator(".desk-tree summary", has=desk.locator("a[href$='/facet/P1.B/']"))
        )
    desk.wait_for_url(re.compile("P1.A1"))
    facets = {facet.code: facet for d in draft().outline().dimensions for facet in d.facets}
    assert [criterion.code for criterion in facets["P1.B"].criteria] == [*before, "P1.A1"]
    expect(field(desk, "owner.zh-hans")).to_have_value("移动前所写")


def test_what_is_typed_while_a_save_is_under_way_is_saved_before_the_page_is_left(desk, site):
    begin(desk)
    desk.add_init_script(SLOWLY)
    opened(desk, site, "criterion", "T1.2")
    dialogs = asked_before_leaving(desk)
    field(desk, "title.zh-hans").fill("甲")
    counted(desk, "begun")
    desk.wait_for_timeout(1000)
    field(desk, "title.zh-hans").fill("甲乙")
    counted(desk, "ended")
    desk.locator(".desk-tree a", has_text="T1.3").click()
    desk.wait_for_url(re.compile("T1.3"))
    assert (title(), dialogs) == ("甲乙", [])


def test_links_and_buttons_save_first(desk, site):
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    dialogs = asked_before_leaving(desk)
    field(desk, "title.zh-hans").fill("先写后移")
    desk.get_by_role("button", name="下移").click()
    expect(desk.locator(".notice-success")).to_be_visible()
    assert list(draft().outline().criteria)[:3] == ["T1.1", "T1.3", "T1.2"]
    field(desk, "title.zh-hans").fill("先写后走")
    desk.locator(".desk-tree a", has_text="T1.4").click()
    desk.wait_for_url(re.compile("T1.4"))
    assert (title(), dialogs) == ("先写后走", [])


def test_where_saving_fails_the_page_stays_and_says_so(page, context, sign_in, site):
    sign_in(context, "criteria-admin")
    page.goto(f"{site}/frameworks/")
    begin(page)
    opened(page, site, "criterion", "T1.2")
    dialogs = asked_before_leaving(page)
    page.route("**/edit/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    field(page, "title.zh-hans").fill("断网时写的")
    page.locator(".desk-tree a", has_text="T1.3").click()
    expect(page.locator("#element-state")).to_contain_text("没有离开本页")
    assert dialogs == []
    page.locator(".desk-tree a", has_text="T1.3").click()
    page.wait_for_timeout(500)
    assert dialogs == ["beforeunload"]
    assert "T1.2" in unquote(page.url)
    page.unroute("**/edit/**")
    saved(page)
    assert title() == "断网时写的"


def test_what_is_wrong_stands_at_its_field_and_the_bar_leads_there(desk, site):
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    field(desk, "weight").fill("0")
    state = desk.locator("#element-state")
    expect(state).to_contain_text("尚未保存：权重")
    expect(field(desk, "weight")).to_have_attribute("aria-invalid", "true")
    expect(field(desk, "weight")).to_have_accessible_description(re.compile("大于0"))
    desk.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    state.get_by_role("link").click()
    expect(field(desk, "weight")).to_be_focused()
    expect(field(desk, "weight")).to_be_in_viewport()
    expect(state).to_be_in_viewport()
    expect(desk.locator("#id_weight_error")).to_be_in_viewport()
    field(desk, "weight").fill("2")
    saved(desk)
    expect(field(desk, "weight")).not_to_have_attribute("aria-invalid", "true")
    expect(desk.locator("#id_weight_error")).to_be_empty()


def test_findings_are_counted_in_the_bar_that_leads_to_them(desk, site):
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    field(desk, "levels.3.descriptor.zh-hans").fill(field(desk, "levels.2.descriptor.zh-hans").input_value())
    found = desk.locator("#element-findings")
    expect(found).to_contain_text("错误1")
    expect(found).to_be_in_viewport()
    found.click()
    expect(desk.locator("#findings .findings-error")).to_be_in_viewport()
    desk.locator("#findings .findings-error a").first.click()
    expect(desk.locator("[name^='levels.'][name$='descriptor.zh-hans']:focus")).to_be_in_viewport()


def test_six_levels_stand_in_one_view_with_all_languages_side_by_side(desk, site):
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    for shown, count in (("等级描述", 2), ("三项并列", 6)):
        desk.get_by_role("button", name=shown).click()
        desk.locator(".desk-levels").evaluate("each => each.scrollIntoView({behavior: 'instant'})")
        boxes = [
            [box.bounding_box() for box in desk.locator(f"[name^='levels.{level}.']").all() if box.is_visible()]
            for level in range(6)
        ]
        assert [len(row) for row in boxes] == [count] * 6
        assert all(len({box["y"] for box in row}) == 1 for row in boxes)
        assert boxes[0][0]["y"] >= desk.locator(".desk-bar").bounding_box()["height"]
        assert max(box["y"] + box["height"] for box in boxes[5]) <= 900
    desk.reload()
    expect(desk.get_by_role("button", name="三项并列")).to_have_attribute("aria-pressed", "true")


def test_the_tree_shows_where_one_is_with_each_share_in_its_line(desk, site):
    begin(desk)
    desk.set_viewport_size({"width": 1440, "height": 500})
    opened(desk, site, "criterion", "P5.B2")
    expect(desk.locator(".desk-tree [aria-current]")).to_be_in_viewport(ratio=1)
    for line in desk.locator(".desk-tree .tree-line:has(.tree-share):visible").all():
        name, share = line.locator("a").bounding_box(), line.locator(".tree-share").bounding_box()
        assert share["x"] >= name["x"] + name["width"] and abs(share["y"] - name["y"]) < 8


def test_a_sentence_typed_with_pauses_is_undone_at_once(desk, site):
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    before = field(desk, "owner.zh-hans").input_value()
    for words_so_far in ("市", "市数据", "市数据局"):
        with desk.expect_response(lambda answer: answer.request.method == "POST"):
            field(desk, "owner.zh-hans").fill(words_so_far)
        saved(desk)
    desk.goto(f"{site}{NEXT}/edits/")
    expect(desk.locator(".edits > li")).to_have_count(1)
    desk.get_by_role("button", name="撤销").click()
    expect(desk.locator(".edits > li")).to_have_count(2)
    assert draft().outline().criteria["T1.2"].owner["zh-hans"] == before


def test_the_editor_fits_a_phone(desk, site):
    begin(desk)
    desk.set_viewport_size({"width": 390, "height": 844})
    opened(desk, site, "criterion", "T1.2")
    expect(desk.locator("#findings > *").first).to_contain_text("错误0")
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    desk.get_by_role("button", name="三项并列").click()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    expect(desk.locator(".desk-bar")).to_be_in_viewport()


def test_an_element_taken_away_meanwhile_is_said_and_not_sent_again(page, context, sign_in, site):
    sign_in(context, "criteria-admin")
    page.goto(f"{site}/frameworks/")
    desk = page  # not watched: a request that fails is logged
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    admin = User.objects.get(username="admin")
    actions.rearrange(draft(), lambda now: elements.removing(now, "criterion:T1.2"), by=admin, cause="removed")
    posts = []
    desk.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    field(desk, "title.zh-hans").fill("写到一半")
    expect(desk.locator("#element-state")).to_contain_text("已删除评估项 T1.2")
    expect(desk.locator("#element-gone")).to_contain_text("没有保存")
    expect(field(desk, "title.zh-hans")).to_have_value("写到一半")
    desk.wait_for_timeout(5000)
    assert len(posts) == 1


def test_what_others_ticked_meanwhile_stays_ticked(desk, site, browser, watched, sign_in):
    begin(desk)
    opened(desk, site, "criterion", "T1.2")
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    sign_in(context, "admin")
    other = watched(context.new_page())
    opened(other, site, "criterion", "T1.2")
    was_key = draft().outline().criteria["T1.2"].key
    field(other, "key").set_checked(not was_key)
    other.locator("[name=cites]:checked").first.uncheck()
    field(other, "effort").fill("1, 2, 3, 4, 5")
    saved(other)
    context.close()
    theirs = draft().outline().criteria["T1.2"]

    for title in ("第一次", "第二次"):
        with desk.expect_response(lambda answer: answer.request.method == "POST"):
            field(desk, "title.zh-hans").fill(title)
        saved(desk)
    mine = draft().outline().criteria["T1.2"]
    assert (mine.key, mine.cites, mine.effort) == (not was_key, theirs.cites, (1, 2, 3, 4, 5))
    assert str(mine.title) == "第二次"


def test_typing_over_what_another_saved_meanwhile_is_asked_about(desk, site):
    begin(desk)
    desk.add_init_script(SLOWLY)
    opened(desk, site, "criterion", "T1.2")
    admin = User.objects.get(username="admin")
    actions.save_element(draft(), "criterion:T1.2", {"owner.zh-hans": "他人所写"}, by=admin, seen=draft().edits)
    field(desk, "title.zh-hans").fill("甲")
    counted(desk, "begun")
    field(desk, "owner.zh-hans").fill("我所写")
    expect(desk.locator("#element-state")).to_contain_text("等待您选择")
    assert str(draft().outline().criteria["T1.2"].owner) == "他人所写"
    box = desk.locator("[id='id_owner.zh-hans_error']")
    expect(box).to_contain_text("他人所写")
    box.get_by_label("我的").check()
    saved(desk)
    assert str(draft().outline().criteria["T1.2"].owner) == "我所写"
