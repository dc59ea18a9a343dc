"""A new city's first round, from the invitation to the frozen result, by five people: with a return, a conflict, an
offline workbook and a lost network on the way; the log tells the story, and next year's round starts from it."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessment.models import Assessment, City, Event, Freeze
from assessment.models.response import Version
from tests.demo import PASSWORD

CITY, NAME = "990400", "沐川市"
NEW_PASSWORD = "muchuan-2026-pingce"
REASON = "会商台账只有标题，请补充抽查结果。"
THEIRS, MINE = "市数据局写的说明。", "牵头人写的说明。"


@pytest.fixture
def people(browser, site, watched):
    """Opens a browser of one's own for each person."""
    contexts = []

    def person(is_watched=True):
        context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        return watched(page) if is_watched else page

    yield person
    for context in contexts:
        context.close()


def record(round_="2026"):
    return Assessment.objects.get(city__code=CITY, round=round_)


def there(site, *parts, round_="2026"):
    return "/".join([site, "assessments", str(record(round_).pk), *parts, ""])


def press(button):
    """Presses a button that leads to another page, and waits for that page: whatever comes next is asked of it."""
    with button.page.expect_navigation():
        button.click()


def press_each(page, buttons):
    """Presses one after the other, each on the page that the last one led to, until none is left."""
    for left in reversed(range(page.locator(buttons).count())):
        press(page.locator(buttons).first)
        expect(page.locator(buttons)).to_have_count(left)


def signed_in(page, site, who):
    page.goto(site)
    page.locator("[name='login']").fill(who)
    page.locator("[name='password']").fill(PASSWORD)
    press(page.get_by_role("button", name="登录"))
    return page


def invited(host, guest, site, username, name, role, department=""):
    """The host makes a link, the guest makes an account with it."""
    host.goto(f"{site}/cities/{CITY}/invitations/add/")
    host.locator("[name='role']").select_option(role)
    if department:
        host.locator("[name='department']").select_option(label=department)
    if role == "consultant":
        host.locator("[name='ends_on']").fill((timezone.localdate() + timedelta(days=400)).isoformat())
    host.locator("[name='name']").fill(name)
    press(host.get_by_role("button", name="生成链接"))
    guest.goto(host.locator("#link-1").input_value())
    guest.locator("[name='username']").fill(username)
    guest.locator("[name='name']").fill(name)
    guest.locator("[name='password1']").fill(NEW_PASSWORD)
    guest.locator("[name='password2']").fill(NEW_PASSWORD)
    press(guest.locator("main form button[type='submit'], main form input[type='submit']"))
    expect(guest.locator(".masthead-user")).to_contain_text(name)
    return guest


def choose(page, code, level):
    page.locator(f"label[for='id_{code}-level-{level}']").click()


def is_saved(page, code):
    expect(page.locator(f"[id='{code}'] [data-state]")).to_contain_text("已保存")


def answer_dimension(page, site, dimension, level):
    page.goto(there(site, "dimensions", dimension))
    codes = [c.code for c in record().asked if c.code.startswith(dimension)]
    for code in codes:
        choose(page, code, level)
    expect(page.locator("#save-state")).to_have_text("已全部保存")


def hand_in_everything(page, site):
    page.goto(f"{site}/tasks/")
    press_each(page, "form[action*='/hand-in/'] button")


def test_a_new_city_goes_through_its_first_round(people, site):
    City.objects.create(code=CITY, name=NAME)
    administrator = signed_in(people(), site, "admin")
    lead = invited(administrator, people(), site, "mc-lead", "许知远", "lead")
    staff = {}
    for department in ("市数据局", "市住建局"):
        lead.goto(f"{site}/cities/{CITY}/departments/add/")
        lead.locator("[name='name']").fill(department)
        press(lead.get_by_role("button", name="保存"))
    # This one's network gets lost, which the browser logs as an error.
    staff["data"] = invited(lead, people(is_watched=False), site, "mc-data", "钟毓", "contributor", "市数据局")
    staff["housing"] = invited(lead, people(), site, "mc-housing", "贺兰舟", "contributor", "市住建局")
    reviewer = invited(lead, people(), site, "mc-reviewer", "邵清和", "reviewer")
    consultant = invited(lead, people(), site, "mc-consultant", "温如玉", "consultant")

    open_a_round(lead, site, "2026")
    assign(lead, site)
    conflict(lead, staff["data"], site)
    lost_network(staff["data"], site)
    for dimension in ("T1", "T2", "T3", "T4", "T5", "T6"):
        answer_dimension(staff["data"], site, dimension, 3)
    offline_workbook(staff["housing"], site)
    for person in staff.values():
        hand_in_everything(person, site)
    accept_everything(lead, site)

    submit(lead, site)
    send_back(reviewer, site)
    revise(staff["data"], site)
    submit(lead, site)
    verify_and_approve(reviewer, site)
    read_the_result(consultant, site)
    the_log_tells_the_story(lead, site)
    next_year(lead, site)


def open_a_round(lead, site, name, previous=False):
    lead.goto(f"{site}/assessments/open/")
    lead.locator("[name='framework']").select_option(label="城市全域数字化转型成熟度自评框架 2024.1")
    lead.locator("[name='round']").fill(name)
    if previous:
        lead.locator("[name='previous']").select_option(value=str(record("2026").pk))
    press(lead.locator("[name='open']"))
    expect(lead.locator(".state").first).to_have_text("填报中")


def assign(lead, site):
    lead.goto(there(site, "assignments"))
    for dimension in record().framework.outline().dimensions:
        department = "市数据局" if dimension.code.startswith("T") else "市住建局"
        lead.locator(f"[name='holder-{dimension.code}']").select_option(label=department)
    press(lead.get_by_role("button", name="保存", exact=True))
    expect(lead.get_by_role("status").first).to_be_visible()
    assert record().assignments.count() == 11


def conflict(lead, contributor, site):
    """Both write the rationale of T1.1; the second sees both texts and keeps both."""
    for page in (lead, contributor):
        page.goto(there(site, "dimensions", "T1"))
    contributor.locator("[name='T1.1-rationale']").fill(THEIRS)
    is_saved(contributor, "T1.1")
    lead.locator("[name='T1.1-rationale']").fill(MINE)
    panel = lead.locator("[id='T1.1'] [data-conflict='rationale']")
    expect(panel).to_contain_text(THEIRS)
    expect(panel).to_contain_text(MINE)
    panel.get_by_role("button", name="合并两段").click()
    is_saved(lead, "T1.1")
    stored = record().responses.get(criterion__code="T1.1").rationale
    assert THEIRS in stored and MINE in stored


def lost_network(contributor, site):
    """What is typed without a network is sent when it is back."""
    contributor.goto(there(site, "dimensions", "T2"))
    contributor.context.set_offline(True)
    contributor.locator("[name='T2.1-rationale']").fill("断网时写的说明。")
    expect(contributor.locator("[id='T2.1'] [data-state]")).to_have_text("未保存，将自动重试")
    contributor.context.set_offline(False)
    expect(contributor.locator("[id='T2.1'] [data-state]")).to_contain_text("已保存", timeout=30_000)
    assert record().responses.get(criterion__code="T2.1").rationale == "断网时写的说明。"


def offline_workbook(contributor, site):
    """The five priorities are answered in a workbook, away from any network."""
    contributor.goto(there(site, "pack"))
    with contributor.expect_download() as download:
        contributor.locator("a[href*='pack.xlsx']").first.click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    count = fill_in(book)
    filled = io.BytesIO()
    book.save(filled)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = {"name": "市住建局.xlsx", "mimeType": kind, "buffer": filled.getvalue()}
    contributor.locator("input[type='file']").set_input_files(file)
    press(contributor.locator("main form[enctype] [type='submit']"))
    expect(contributor.locator("main")).to_contain_text("尚未写入")
    press(contributor.locator("form[action$='/pack/apply/'] button[type='submit']"))
    expect(contributor.get_by_role("status").first).to_be_visible()
    assert Version.objects.filter(assessment=record(), cause="pack").count() == count == 30


def fill_in(book):
    """Chooses level 2 in every row of every dimension's sheet; row 1, hidden, names the columns."""
    count = 0
    for sheet in book.worksheets:
        columns = {cell.value: cell.column for cell in sheet[1]}
        if sheet.sheet_state == "visible" and "level" in columns:
            for row in range(3, sheet.max_row + 1):
                sheet.cell(row, columns["level"]).value = 2
                count += 1
    return count


def accept_everything(lead, site):
    lead.goto(there(site, "board"))
    press_each(lead, "form[action*='/accept/'] button")
    assert set(record().assignments.values_list("state", flat=True)) == {"accepted"}


def submit(lead, site):
    lead.goto(there(site, "submit"))
    press(lead.locator("main form button[type='submit']"))
    expect(lead.locator(".state").first).to_have_text("已提交")


def send_back(reviewer, site):
    reviewer.goto(there(site, "review"))
    press(reviewer.get_by_role("button", name="开始复核"))
    reviewer.goto(there(site, "review"))
    reviewer.locator("[id='mark-T1.1']").check()
    press(reviewer.get_by_role("button", name="为勾选项填写退回理由"))
    reviewer.locator("textarea[name*='T1.1']").fill(REASON)
    press(reviewer.get_by_role("button", name="退回修改"))
    expect(reviewer.locator(".state").first).to_have_text("填报中")


def revise(contributor, site):
    contributor.goto(f"{site}/tasks/")
    expect(contributor.locator("main")).to_contain_text(REASON)
    contributor.goto(there(site, "dimensions", "T1"))
    expect(contributor.locator("[name='T1.2-rationale']")).to_be_disabled()
    choose(contributor, "T1.1", 2)
    is_saved(contributor, "T1.1")
    contributor.locator("[name='reply']").fill("已补充抽查结果。")
    press(contributor.locator("button[form^='settle-']"))
    assert not record().returns.filter(settled_at=None).exists()


def verify_and_approve(reviewer, site):
    reviewer.goto(there(site, "review"))
    press(reviewer.get_by_role("button", name="开始复核"))
    reviewer.goto(there(site, "review", "T2"))
    reviewer.locator("[name='T2.1-level']").select_option("2")
    reviewer.locator("[name='T2.1-reason']").fill("抽查一个部门，未见台账。")
    press(reviewer.get_by_role("button", name="保存", exact=True))
    expect(reviewer.get_by_role("status").first).to_be_visible()
    reviewer.goto(there(site, "approve"))
    press(reviewer.locator("main form button[type='submit']"))
    expect(reviewer.locator(".state").first).to_have_text("定稿")
    assert Freeze.objects.get(assessment=record()).revision == 1


def read_the_result(consultant, site):
    consultant.goto(there(site, "results"))
    expect(consultant.locator("#overall-score")).to_be_visible()
    with consultant.expect_download(timeout=60_000) as download:
        consultant.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def the_log_tells_the_story(lead, site):
    lead.goto(f"{site}/events/?assessment={record().pk}")
    for words in ("开启填报", "提交本轮评估", "退回修改", "办结退回意见", "填写复核等级", "批准并定稿"):
        expect(lead.locator("main")).to_contain_text(words)
    told = list(Event.objects.filter(assessment=record()).order_by("pk").values_list("verb", flat=True))
    turns = ["created", "opened", "submitted", "review_begun", "returned", "settled", "submitted", "review_begun"]
    turns += ["verified", "approved"]
    assert [verb for verb in told if verb in turns] == turns


def next_year(lead, site):
    open_a_round(lead, site, "2027", previous=True)
    begun = record("2027")
    assert begun.responses.filter(is_unconfirmed=True).count() == 60
    assert begun.responses.get(criterion__code="T2.1").verified_level is None
    lead.goto(there(site, "dimensions", "T1", round_="2027"))
    expect(lead.locator("[id='T1.1']")).to_contain_text("上轮")
    expect(lead.locator("[id='T1.1']")).to_contain_text("待确认")
