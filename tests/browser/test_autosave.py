"""Nothing typed is lost, whatever happens to the browser, the network, the session or a colleague."""

import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread
from playwright.sync_api import Error, expect

from assessment.models import Assignment
from tests.browser.conftest import CHROMIUM
from tests.demo import PASSWORD, demo_round, load_demo

TEXT = "市数据局有运营办法，抽查两个部门均已执行。"
SAVED, RETRYING = "已保存", "未保存，将自动重试"


def answer(code="T6.1"):
    row = demo_round().responses.filter(criterion__code=code).first()
    return row and row.outline()


def until(found, seconds=20):
    """Waits for something to become true outside of the page."""
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def there(site, dimension="T6"):
    return f"{site}/assessments/{demo_round().pk}/dimensions/{dimension}/"


def state(page, code="T6.1"):
    return page.locator(f"[id='{code}'] [data-state]")


def rationale(page, code="T6.1"):
    return page.locator(f"[name='{code}-rationale']")


def told(page, code="T6.1"):
    return page.locator(f"[id='{code}'] [data-told-here]")


@pytest.fixture
def someone(browser, site, watched, sign_in):
    """A person's own browser, at T6."""
    opened = []

    def enter(who, dimension="T6", is_watched=True):
        context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        opened.append(context)
        sign_in(context, who)
        page = watched(context.new_page()) if is_watched else context.new_page()
        page.goto(there(site, dimension))
        return page

    yield enter
    for context in opened:
        context.close()


REFUSED = '<div data-told="invalid" data-wrong="rationale"><div class="card-note" data-note><p>过长</p></div></div>'


class TestSaving:
    def test_what_was_refused_for_another_fields_sake_waits_until_something_changes(self, someone):
        page, sent = someone("lead"), []

        def refuse(route):
            sent.append(route.request)
            route.fulfill(status=422, content_type="text/html", body=REFUSED)

        page.route("**/save/", refuse)
        page.locator("label[for='id_T6.1-level-3']").click()
        expect(told(page)).to_contain_text("过长")
        page.wait_for_timeout(3000)
        assert len(sent) == 1 and answer() is None
        page.unroute("**/save/")
        rationale(page).fill(TEXT)
        expect(state(page)).to_contain_text(SAVED)
        assert (answer().level, answer().rationale) == (3, TEXT)

    def test_a_stored_text_that_is_too_long_keeps_no_level_out(self, site, someone):
        someone("lead").locator("label[for='id_T6.1-level-1']").click()
        until(answer)
        demo_round().responses.filter(criterion__code="T6.1").update(rationale="长" * 20_003)
        page = someone("lead")
        page.locator("label[for='id_T6.1-level-3']").click()
        expect(state(page)).to_contain_text(SAVED)
        assert (answer().level, len(answer().rationale)) == (3, 20_003)

    def test_every_field_saves_itself_and_says_so(self, someone):
        page = someone("lead")
        expect(state(page)).to_have_text("未改动")
        page.locator("label[for='id_T6.1-level-3']").click()
        rationale(page).press_sequentially(TEXT)
        page.locator("[name='T6.1-target']").select_option("4")
        page.locator("[name='T6.1-evidence-0-title']").fill("运营办法")
        expect(state(page)).to_contain_text(SAVED)
        expect(page.locator("#save-state")).to_have_text("已全部保存")
        stored = answer()
        assert (stored.level, stored.rationale, stored.target) == (3, TEXT, 4)
        assert [piece.title for piece in stored.evidence] == ["运营办法"]

    def test_what_is_typed_before_the_script_arrives_is_saved(self, site, someone):
        page, held = someone("lead"), []
        page.route("**/answer*.js", lambda route: held.append(route))
        page.goto(there(site), wait_until="commit")
        page.locator("label[for='id_T6.1-level-3']").click()
        rationale(page).fill(TEXT)
        page.locator("[name='T6.1-target']").select_option("4")
        page.locator("[name='T6.1-evidence-0-title']").fill("运营办法")
        assert answer() is None
        (script,) = held
        script.continue_()
        expect(state(page)).to_contain_text(SAVED)
        expect(page.locator("#save-state")).to_have_text("已全部保存")
        stored = answer()
        assert (stored.level, stored.rationale, stored.target) == (3, TEXT, 4)
        assert [piece.title for piece in stored.evidence] == ["运营办法"]

    def test_the_browser_puts_nothing_back_by_itself(self, site, someone):
        page = someone("lead")
        page.evaluate("document.querySelector('[name=\"T6.2-rationale\"]').value = '浏览器里的旧字'")
        page.goto(site)
        page.go_back()
        expect(state(page, "T6.2")).to_have_text("未改动")
        expect(rationale(page, "T6.2")).to_have_value("")

    def test_the_figures_at_the_head_follow(self, someone):
        page = someone("lead")
        expect(page.locator("#standing")).to_contain_text("0 / 5")
        page.locator("label[for='id_T6.1-level-3']").click()
        expect(page.locator("#standing")).to_contain_text("1 / 5")

    def test_not_applicable_waits_for_its_reason_without_alarm(self, someone):
        page = someone("lead")
        page.locator("label[for='id_T6.1-level-na']").click()
        expect(told(page)).to_contain_text("请说明")
        expect(page.get_by_role("alert")).to_have_count(0)
        rationale(page).fill("这里照样保存")
        until(lambda: answer() and answer().rationale == "这里照样保存")
        page.locator("[name='T6.1-not_applicable']").fill("本市没有这一事项")
        expect(state(page)).to_contain_text(SAVED)
        expect(told(page)).to_be_empty()
        assert answer().not_applicable == "本市没有这一事项"

    def test_going_on_at_once_loses_nothing_and_asks_nothing(self, someone, site):
        page = someone("lead")
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        rationale(page).press_sequentially("还没等到保存")
        page.goto(f"{site}/")
        until(lambda: answer() and answer().rationale == "还没等到保存")
        page.wait_for_timeout(1500)
        expect(page.locator("#drafts")).to_be_hidden()

    def test_a_file_becomes_evidence_beside_what_was_typed(self, someone, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        page = someone("lead")
        rationale(page).fill("先写的")
        pdf = {
            "name": "办法.pdf",
            "mimeType": "application/pdf",
            "buffer": b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
        }
        page.locator("[id='file-T6.1-input']").set_input_files(pdf)
        page.locator("button[form='file-T6.1']").click()
        expect(page.locator("[name='T6.1-evidence-0-title']")).to_have_value("办法.pdf")
        page.locator("[name='T6.1-evidence-0-title']").fill("运营办法")
        expect(page.locator("#save-state")).to_have_text("已全部保存")
        until(lambda: [piece.title for piece in answer().evidence] == ["运营办法"])
        assert answer().rationale == "先写的"
        assert demo_round().responses.get(criterion__code="T6.1").evidence.get().file.name == "办法.pdf"

    def test_confirming_needs_one_press(self, someone, site):
        demo_round().responses.filter(criterion__code__startswith="T1").update(is_unconfirmed=True)
        page = someone("lead", "T1")
        card = page.locator("[id='T1.1']")
        card.get_by_role("button", name="仍然如此").click()
        expect(card.get_by_text("待确认")).to_have_count(0)
        assert not demo_round().responses.get(criterion__code="T1.1").is_unconfirmed
        page.get_by_role("button", name="全部确认").click()
        expect(page.get_by_text("待确认")).to_have_count(0)
        assert not demo_round().responses.filter(criterion__code__startswith="T1", is_unconfirmed=True)


class TestTwoBrowsersOnOneAnswer:
    @pytest.fixture
    def both(self, someone):
        mine, theirs = someone("lead"), someone("contributor")
        rationale(theirs).fill("同事写的")
        expect(state(theirs)).to_contain_text(SAVED)
        rationale(mine).fill("我写的")
        expect(state(mine)).to_have_text("等待您选择")
        return mine

    def test_both_texts_stand_side_by_side_and_none_is_lost(self, both):
        expect(told(both)).to_contain_text("同事写的")
        expect(told(both)).to_contain_text("我写的")
        expect(told(both)).to_contain_text("林晓棠")
        expect(rationale(both)).to_have_value("我写的")
        assert answer().rationale == "同事写的"

    @pytest.mark.parametrize(
        ("button", "text"),
        [("用对方的", "同事写的"), ("保留我的", "我写的"), ("合并两段", "同事写的\n我写的")],
    )
    def test_who_picks_decides(self, both, button, text):
        told(both).get_by_role("button", name=button).click()
        expect(rationale(both)).to_have_value(text)
        expect(told(both)).to_be_empty()
        until(lambda: answer().rationale == text)
        both.reload()
        expect(rationale(both)).to_have_value(text)
        expect(told(both)).to_be_empty()

    def test_what_is_not_decided_stays_so_over_a_reload(self, both):
        both.reload()
        expect(rationale(both)).to_have_value("我写的")
        expect(told(both)).to_contain_text("同事写的")
        expect(state(both)).to_have_text("等待您选择")
        assert answer().rationale == "同事写的"

    def test_different_fields_are_put_together(self, someone):
        mine, theirs = someone("lead"), someone("contributor")
        theirs.locator("label[for='id_T6.2-level-2']").click()
        expect(state(theirs, "T6.2")).to_contain_text(SAVED)
        rationale(mine, "T6.2").fill("我写的")
        expect(state(mine, "T6.2")).to_contain_text(SAVED)
        expect(mine.locator("[id='id_T6.2-level-2']")).to_be_checked()
        expect(told(mine, "T6.2")).to_contain_text("林晓棠")
        assert (answer("T6.2").level, answer("T6.2").rationale) == (2, "我写的")


DECIDING = "等待您选择"


def question(page, field="rationale"):
    return told(page).locator(f"[data-conflict='{field}']")


def decide(page, button, field="rationale"):
    question(page, field).get_by_role("button", name=button).click()


def history(code="T6.1"):
    versions = demo_round().versions.filter(criterion__code=code).order_by("number")
    return [version.outline() for version in versions.select_related("criterion")]


class TestWhileADecisionIsAwaited:
    """Two wrote the rationale; the page asks whose stands. Everything else on the card saves itself meanwhile."""

    @pytest.fixture
    def asked(self, someone):
        """(mine, theirs): my page with the question, their page beside it."""
        mine, theirs = someone("lead"), someone("contributor")
        rationale(theirs).fill("同事写的")
        expect(state(theirs)).to_contain_text(SAVED)
        rationale(mine).fill("我写的")
        expect(question(mine)).to_be_visible()
        return mine, theirs

    def fill_in_the_rest(self, page):
        page.locator("label[for='id_T6.1-level-3']").click()
        page.locator("[name='T6.1-target']").select_option("4")
        page.locator("[name='T6.1-evidence-0-title']").fill("运营办法")
        until(lambda: page.wait_for_timeout(50) or [piece.title for piece in answer().evidence] == ["运营办法"])

    def test_the_other_fields_are_saved_and_both_texts_stay_in_view(self, asked):
        mine, _theirs = asked
        self.fill_in_the_rest(mine)
        expect(state(mine)).to_contain_text(SAVED)
        expect(state(mine)).to_contain_text(DECIDING)
        expect(question(mine)).to_contain_text("同事写的")
        expect(question(mine)).to_contain_text("我写的")
        expect(rationale(mine)).to_have_value("我写的")
        stored = answer()
        assert (stored.level, stored.target, stored.rationale) == (3, 4, "同事写的")

    @pytest.mark.parametrize(
        ("button", "text"),
        [("用对方的", "同事写的"), ("保留我的", "我写的"), ("合并两段", "同事写的\n我写的")],
    )
    def test_the_decision_comes_on_top_of_them(self, asked, button, text):
        mine, _theirs = asked
        self.fill_in_the_rest(mine)
        decide(mine, button)
        expect(told(mine)).to_be_empty()
        expect(rationale(mine)).to_have_value(text)
        until(lambda: mine.wait_for_timeout(50) or answer().rationale == text)
        stored, told_by_history = answer(), history()
        assert (stored.level, stored.target, [piece.title for piece in stored.evidence]) == (3, 4, ["运营办法"])
        assert told_by_history[0].rationale == "同事写的"
        assert told_by_history[-1] == stored
        assert {version.rationale for version in told_by_history} == {"同事写的", text}

    def test_a_reload_asks_again_and_loses_nothing(self, asked):
        mine, _theirs = asked
        self.fill_in_the_rest(mine)
        mine.reload()
        expect(question(mine)).to_contain_text("同事写的")
        expect(rationale(mine)).to_have_value("我写的")
        expect(mine.locator("[name='T6.1-target']")).to_have_value("4")
        expect(mine.locator("[name='T6.1-evidence-0-title']")).to_have_value("运营办法")
        expect(mine.locator("[data-conflict]")).to_have_count(1)
        decide(mine, "保留我的")
        until(lambda: mine.wait_for_timeout(50) or answer().rationale == "我写的")
        assert (answer().level, answer().target) == (3, 4)

    def test_what_a_colleague_writes_meanwhile_is_asked_about_anew(self, asked):
        mine, theirs = asked
        rationale(theirs).fill("同事又写的")
        until(lambda: theirs.wait_for_timeout(50) or answer().rationale == "同事又写的")
        mine.locator("[name='T6.1-target']").select_option("4")
        expect(question(mine)).to_contain_text("同事又写的")
        expect(rationale(mine)).to_have_value("我写的")
        decide(mine, "合并两段")
        until(lambda: mine.wait_for_timeout(50) or answer().rationale == "同事又写的\n我写的")
        assert answer().target == 4

    def test_on_another_page_the_rest_is_sent_and_the_question_waits(self, someone, site):
        mine, theirs = someone("lead", is_watched=False), someone("contributor")
        rationale(theirs).fill("同事写的")
        expect(state(theirs)).to_contain_text(SAVED)
        rationale(mine).fill("我写的")
        expect(question(mine)).to_be_visible()
        mine.route("**/save/", lambda route: route.abort())
        mine.locator("[name='T6.1-target']").select_option("4")
        expect(state(mine)).to_have_text(RETRYING)
        mine.unroute("**/save/")
        mine.goto(f"{site}/")
        until(lambda: mine.wait_for_timeout(50) or answer().target == 4)
        expect(mine.locator("#drafts")).to_contain_text("还没有保存的应答：1项")
        mine.locator("#drafts a").click()
        expect(question(mine)).to_contain_text("同事写的")
        expect(rationale(mine)).to_have_value("我写的")
        assert answer().rationale == "同事写的"

    def test_a_choice_between_outdated_texts_is_asked_about_anew(self, asked):
        mine, theirs = asked
        rationale(theirs).fill("同事又写的")
        until(lambda: theirs.wait_for_timeout(50) or answer().rationale == "同事又写的")
        decide(mine, "保留我的")
        expect(question(mine)).to_contain_text("同事又写的")
        assert answer().rationale == "同事又写的"

    def test_a_second_question_stands_beside_the_first(self, asked):
        mine, theirs = asked
        theirs.locator("[name='T6.1-target']").select_option("2")
        until(lambda: theirs.wait_for_timeout(50) or answer().target == 2)
        mine.locator("[name='T6.1-target']").select_option("4")
        expect(question(mine, "target")).to_contain_text("2级")
        expect(question(mine)).to_contain_text("同事写的")
        decide(mine, "保留我的", "target")
        until(lambda: mine.wait_for_timeout(50) or answer().target == 4)
        expect(question(mine)).to_contain_text("我写的")
        assert answer().rationale == "同事写的"
        decide(mine, "保留我的")
        until(lambda: mine.wait_for_timeout(50) or answer().rationale == "我写的")
        assert answer().target == 4

    @pytest.mark.parametrize("is_reloaded", [False, True])
    def test_what_is_typed_while_the_question_is_under_way_is_not_asked_about(self, someone, is_reloaded):
        """The level goes out with the text, and is changed again before the page hears of the colleague."""
        mine, theirs = someone("lead"), someone("contributor")
        rationale(theirs).fill("同事写的")
        expect(state(theirs)).to_contain_text(SAVED)
        held = []
        mine.route("**/save/", lambda route: held.append(route), times=1)
        rationale(mine).fill("我写的")
        mine.locator("label[for='id_T6.1-level-3']").click()
        until(lambda: mine.wait_for_timeout(50) or held)
        mine.locator("label[for='id_T6.1-level-4']").click()
        held[0].continue_()
        expect(question(mine)).to_be_visible()
        if is_reloaded:
            mine.reload()
            expect(question(mine)).to_be_visible()
        until(lambda: mine.wait_for_timeout(50) or answer().level == 4)
        expect(question(mine, "choice")).to_have_count(0)
        assert answer().rationale == "同事写的"


class CutOff(ThreadedWSGIServer):
    """Hangs up on everybody when it stops, as a server does that is gone."""

    daemon_threads = False

    def __init__(self, *args, **options):
        self.callers = []
        super().__init__(*args, **options | {"allow_reuse_address": True})

    def get_request(self):
        caller, address = super().get_request()
        self.callers.append(caller)
        return caller, address

    def server_close(self):
        for caller in self.callers:
            with suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)
        super().server_close()


class Tower:
    """A server that can be stopped, and started again at the same address."""

    def __init__(self):
        self.port, self.thread = 0, None
        self.start()

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def start(self):
        self.thread = LiveServerThread("localhost", StaticFilesHandler, port=self.port)
        self.thread.server_class = CutOff
        self.thread.daemon = True
        self.thread.start()
        self.thread.is_ready.wait()
        self.port = self.thread.port

    def stop(self):
        self.thread.terminate()


@pytest.fixture
def tower(transactional_db):
    load_demo()
    tower = Tower()
    yield tower
    tower.stop()


def sign_in_by_hand(page, site, who="lead"):
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("用户名").fill(who)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{site}/**")


class TestServerGone:
    def test_what_is_typed_meanwhile_is_saved_when_it_is_back(self, tower, page):
        sign_in_by_hand(page, tower.url)
        page.goto(there(tower.url))
        tower.stop()
        rationale(page).press_sequentially("断网时写的")
        rationale(page, "T6.2").press_sequentially("第二项")
        expect(state(page)).to_have_text(RETRYING)
        expect(page.locator("#save-state")).to_contain_text(RETRYING)
        rationale(page).press_sequentially("，接着写")
        tower.start()
        expect(state(page)).to_contain_text(SAVED, timeout=20_000)
        expect(state(page, "T6.2")).to_contain_text(SAVED, timeout=20_000)
        assert (answer().rationale, answer("T6.2").rationale) == ("断网时写的，接着写", "第二项")

    def test_it_survives_a_reload_and_never_overwrites_what_is_newer(self, someone, site):
        page = someone("lead", is_watched=False)
        page.route("**/save/", lambda route: route.abort())
        rationale(page).fill("断网时写的")
        expect(state(page)).to_have_text(RETRYING)
        colleague = someone("contributor")
        rationale(colleague).fill("同事写的")
        expect(state(colleague)).to_contain_text(SAVED)
        page.unroute("**/save/")
        page.goto(there(site))
        expect(rationale(page)).to_have_value("断网时写的")
        expect(told(page)).to_contain_text("同事写的")
        assert answer().rationale == "同事写的"

    def test_a_store_that_opens_only_at_the_second_try_gives_back_what_it_keeps(self, someone, site):
        page = someone("lead", is_watched=False)
        page.route("**/save/", lambda route: route.abort())
        rationale(page).fill("断网时写的")
        expect(state(page)).to_have_text(RETRYING)
        page.add_init_script(BUSY_AT_FIRST)
        page.goto(there(site))
        expect(rationale(page)).to_have_value("断网时写的")

    def test_a_lost_answer_is_no_conflict_with_oneself(self, someone):
        page = someone("lead", is_watched=False)
        page.route("**/save/", arrives_but_is_not_heard)
        rationale(page).press_sequentially("写了一")
        until(lambda: page.wait_for_timeout(50) or (answer() and answer().rationale == "写了一"))
        expect(state(page)).to_have_text(RETRYING)
        page.unroute("**/save/")
        rationale(page).press_sequentially("半")
        expect(state(page)).to_contain_text(SAVED)
        assert answer().rationale == "写了一半"

    def test_any_page_says_what_is_unsent_and_where(self, someone, site):
        page = someone("lead", is_watched=False)
        page.route("**/save/", lambda route: route.fulfill(status=502, body="Bad Gateway"))
        rationale(page).fill("断网时写的")
        expect(state(page)).to_have_text(RETRYING)
        page.goto(f"{site}/")
        expect(page.locator("#drafts")).to_contain_text("还没有保存的应答：1项")
        page.unroute("**/save/")
        page.locator("#drafts a").click()
        expect(rationale(page)).to_have_value("断网时写的")
        expect(state(page)).to_contain_text(SAVED)

    def test_any_page_sends_what_is_left_over(self, someone, site):
        page = someone("lead", is_watched=False)
        page.route("**/save/", lambda route: route.abort())
        rationale(page).fill("断网时写的")
        expect(state(page)).to_have_text(RETRYING)
        page.unroute("**/save/")
        page.goto(f"{site}/")
        until(lambda: answer() and answer().rationale == "断网时写的")


BUSY_AT_FIRST = """(() => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function () {
    IDBFactory.prototype.open = open;
    const request = { error: new Error("busy") };
    setTimeout(() => request.onerror());
    return request;
  };
})()"""


def arrives_but_is_not_heard(route):
    route.fetch()
    route.abort()


class TestBrowserKilled:
    def test_in_mid_typing_keeps_the_text_and_saves_it(self, tower, playwright, tmp_path):
        page = started(playwright, tmp_path)
        sign_in_by_hand(page, tower.url)
        page.goto(there(tower.url))
        tower.stop()
        rationale(page).press_sequentially(TEXT)
        cookies = page.context.cookies()
        until(lambda: TEXT in page.evaluate("async () => JSON.stringify(await window.drafts.all())"))
        kill(tmp_path)

        page = started(playwright, tmp_path)
        page.context.add_cookies(cookies)
        with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
            page.goto(there(tower.url))
        tower.start()
        page = page.context.new_page()
        page.goto(there(tower.url))
        expect(rationale(page)).to_have_value(TEXT)
        expect(state(page)).to_contain_text(SAVED)
        assert answer().rationale == TEXT
        page.context.close()


def started(playwright, folder):
    """A page of a browser that keeps what it stores in this folder."""
    options = {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu"], "locale": "zh-CN"}
    return playwright.chromium.launch_persistent_context(str(folder), **options).pages[0]


def kill(folder):
    """SIGKILL to the browser of this folder and to all its children, at once."""
    parents = {int(path.name): status(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    doomed = {number for number in parents if f"--user-data-dir={folder}" in command(number)}
    while more := {number for number, parent in parents.items() if parent in doomed} - doomed:
        doomed |= more
    for number in doomed:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    until(lambda: not any(map(command, doomed)))


def status(path):
    """The parent's number; none for a process that is gone by now."""
    with suppress(OSError):
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    return None


def command(number):
    with suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


class TestSessionExpired:
    @pytest.fixture
    def expired(self, someone):
        page = someone("lead")
        Session.objects.all().delete()
        rationale(page).fill("登录过期时写的")
        expect(page.get_by_role("dialog")).to_be_visible()
        return page

    def test_one_signs_in_in_place_and_the_change_goes_through(self, expired):
        expect(expired.get_by_label("用户名")).to_have_value("lead")
        expired.get_by_label("密码").fill(PASSWORD)
        expired.get_by_role("button", name="登录").click()
        expect(state(expired)).to_contain_text(SAVED)
        assert answer().rationale == "登录过期时写的"
        rationale(expired, "T6.2").fill("接着写")
        expect(state(expired, "T6.2")).to_contain_text(SAVED)

    def test_a_wrong_password_is_told_and_the_text_stays(self, expired):
        expired.get_by_label("密码").fill("wrong")
        expired.get_by_role("button", name="登录").click()
        expect(expired.get_by_role("dialog").get_by_role("alert")).not_to_be_empty()
        expired.keyboard.press("Escape")
        expect(rationale(expired)).to_have_value("登录过期时写的")
        expect(state(expired)).to_have_text("未保存，请重新登录")
        assert answer() is None


class TestAccounts:
    @pytest.fixture
    def unsent(self, someone):
        """The lead's page with text that does not get through."""
        page = someone("lead", is_watched=False)
        page.route("**/save/", lambda route: route.abort())
        rationale(page).fill("牵头人写的")
        expect(state(page)).to_have_text(RETRYING)
        return page

    def test_signing_out_with_unsent_text_asks_first(self, unsent, site):
        asked = []
        unsent.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        unsent.get_by_role("button", name="退出").click()
        until(lambda: unsent.wait_for_timeout(50) or asked)
        assert "还没有保存的应答：1项" in asked[0]
        assert unsent.url == there(site)
        expect(rationale(unsent)).to_have_value("牵头人写的")

    def test_signing_out_with_nothing_unsent_asks_nothing(self, someone, site):
        page = someone("lead")
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        rationale(page).fill("马上退出")
        page.get_by_role("button", name="退出").click()
        page.wait_for_url(f"{site}/accounts/login/**")
        assert answer().rationale == "马上退出"

    def test_another_account_on_the_same_computer_sees_nothing_of_it(self, unsent, site, sign_in):
        sign_in(unsent.context, "contributor")
        unsent.unroute("**/save/")
        unsent.goto(there(site))
        unsent.wait_for_timeout(1500)
        expect(rationale(unsent)).to_have_value("")
        expect(unsent.locator("#drafts")).to_be_hidden()
        assert answer() is None
        sign_in(unsent.context, "lead")
        unsent.goto(there(site))
        expect(rationale(unsent)).to_have_value("牵头人写的")
        expect(state(unsent)).to_contain_text(SAVED)

    def test_a_page_left_open_saves_nothing_for_another_account(self, someone, sign_in):
        page = someone("lead")
        sign_in(page.context, "contributor")
        rationale(page).fill("牵头人写的")
        expect(told(page)).to_contain_text("现在登录的是林晓棠")
        expect(rationale(page)).to_have_value("牵头人写的")
        assert answer() is None

    def test_a_part_handed_in_meanwhile_keeps_what_was_typed(self, someone, site):
        page = someone("contributor")
        demo_round().assignments.update(state=Assignment.State.HANDED_IN)
        rationale(page).fill("晚了一步")
        expect(told(page)).to_contain_text("已不能作答")
        expect(rationale(page)).to_have_value("晚了一步")
        page.goto(there(site))
        expect(told(page)).to_contain_text("晚了一步")
        page.get_by_role("button", name="放弃这些内容").click()
        expect(told(page)).to_be_empty()
        assert answer() is None
