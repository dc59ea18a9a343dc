"""What a consultant hands over, from end to end: branded, in own words, for five cities in three forms, followed, verified."""

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from assessment import tasks
from assessment.models import Batch, Design
from tests.commands.running import run
from tests.demo import demo_round
from tests.reports import structure

OWN = "云川市应先立规则，再建平台。"


@pytest.fixture
def consultant(page, context, watched, sign_in, site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    Batch.objects.all().delete()
    sign_in(context, "consultant")
    return watched(page)


@pytest.fixture
def logo(tmp_path):
    file, picture = tmp_path / "logo.png", Image.new("RGBA", (400, 160), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((40, 40, 200, 120), fill="#3b2f63")
    picture.save(file)
    return file


def test_a_report_from_its_mark_to_its_verification(consultant, site, logo, tmp_path):
    brand(consultant, site, logo)
    comment(consultant, site)
    files = batch(consultant, site)

    report = next(data for name, data in files.items() if name.startswith("云川市") and name.endswith(".pdf"))
    follow(report)
    read_word(next(data for name, data in files.items() if name.startswith("云川市") and name.endswith(".docx")))

    check(consultant, site, tmp_path, report, "由本工具生成，未经改动")
    check(consultant, site, tmp_path, report.replace(b"/Producer (", b"/producer (", 1), "文件已被改动")
    verify(tmp_path)


def brand(page, site, logo):
    """Their own mark, then a report that bears it."""
    page.goto(f"{site}/mark/")
    page.get_by_label("单位名称").fill("衡舟数字治理咨询")
    page.locator("input[type=file]").set_input_files(logo)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".mark-logo").first).to_be_visible()
    page.goto(f"{site}/assessments/{demo_round().pk}/report/design/")
    page.get_by_label("密级或性质标注").fill("内部资料")
    page.get_by_label("顾问标识的颜色").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("已")


def comment(page, site):
    page.goto(f"{site}/assessments/{demo_round().pk}/report/summary/")
    page.get_by_label("正文").fill(OWN)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已保存")


def batch(page, site) -> dict[str, bytes]:
    """Five cities, three forms, one ZIP."""
    page.goto(f"{site}/portfolio/")
    page.get_by_label("选择本页全部城市").check()
    for form in ("Word", "Excel"):
        page.get_by_label(form, exact=True).check()
    page.get_by_role("button", name="批量生成报告").click()
    ordered = Batch.objects.get()
    tasks.work(ordered.pk, ordered.task)
    expect(page.get_by_text("已处理15 / 15份")).to_be_visible()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载压缩包").click()
    with zipfile.ZipFile(fetched.value.path()) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names)) == 15
        return {name: archive.read(name) for name in names}


def follow(report: bytes):
    """From a citation in the text to its clause, and from there back to the place that cites it."""
    document = structure.read(report)
    assert any(OWN in node.text for node in document.root.walk())
    places = document.pdf.Root.Names.Dests
    names = {}
    for leaf in places.Kids:
        pairs = list(leaf.Names)
        names |= {str(pairs[at]): pairs[at + 1] for at in range(0, len(pairs), 2)}
    links = [(at, link) for at, page in enumerate(document.pdf.pages) for link in page.get("/Annots", [])]
    at, cited = next((at, link) for at, link in links if str(link.get("/Dest", "")).startswith("ref:"))
    clause = names[str(cited.Dest)]
    there = document.page_of(clause[0])
    assert there > at
    back = [
        names[str(link.Dest)]
        for page, link in links
        if page == there and str(link.get("/Dest", "")).startswith("cite:")
    ]
    assert at in {document.page_of(place[0]) for place in back}


def read_word(report: bytes):
    document = docx.Document(BytesIO(report))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert OWN in said + cells
    assert any(paragraph.style.name == "Heading 1" for paragraph in document.paragraphs)


def check(page, site, folder: Path, report: bytes, expected: str):
    file = folder / "received.pdf"
    file.write_bytes(report)
    page.goto(f"{site}/reports/check/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="核验").click()
    expect(page.locator("#verdict")).to_contain_text(expected)


def verify(folder: Path):
    """The bundle is computed anew; a byte altered in it is named."""
    whole = folder / "bundle.zip"
    assert run("report_bundle", demo_round().pk, "--output", whole).code == 0
    done = run("verify_bundle", whole)
    assert (done.code, "一致" in done.out) == (0, True)
    data = bytearray(whole.read_bytes())
    place = data.index(b"level: ", data.index(b"answers.yaml")) + len("level: ")
    data[place] = ord("5") if data[place] != ord("5") else ord("4")
    altered = folder / "altered.zip"
    altered.write_bytes(data)
    done = run("verify_bundle", altered)
    assert done.code != 0
    assert "answers.yaml" in done.out + done.err
    assert default_storage.exists(Batch.objects.get().file.name)


def test_what_was_wrong_with_a_password_is_said_no_more_once_the_file_is_given_out(consultant, site):
    consultant.goto(f"{site}/assessments/{demo_round().pk}/reports/locked/")
    button = consultant.get_by_role("button", name="下载加密的PDF")
    consultant.locator("input[name=password]").fill("data-2026")
    consultant.locator("input[name=again]").fill("data-2027")
    button.click()
    expect(consultant.locator(".errors")).to_be_visible()
    for name in ("password", "again"):
        consultant.locator(f"input[name={name}]").fill("data-2026")
    with consultant.expect_download() as fetched:
        button.click()
    assert fetched.value.suggested_filename.endswith("差距报告-加密.pdf")
    expect(consultant.locator(".errors, .invalid-feedback, .is-invalid")).to_have_count(0)


def test_the_heads_of_the_table_of_approval_stand_over_their_columns(consultant, site):
    approvals = [["编制", "张三", "2026-11-20"], ["批准", "", ""]]
    Design.objects.update_or_create(assessment=demo_round(), defaults={"approvals": approvals})
    consultant.goto(f"{site}/assessments/{demo_round().pk}/report.html")
    starts = """row => [...row.children].map(cell => {
      const range = document.createRange(); range.selectNodeContents(cell); return Math.round(range.getBoundingClientRect().left);
    })"""
    rows = consultant.locator(".report-head .approvals tr")
    assert rows.nth(0).evaluate(starts) == rows.nth(1).evaluate(starts)
