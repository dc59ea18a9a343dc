"""The main job, end to end: answer a dimension, watch the score move, take away a report that says the same."""

import json
import re

from playwright.sync_api import expect

from assessment.reports import content
from assessment.reports.words import points
from tests.demo import PASSWORD, demo_round
from tests.reports import structure


def test_the_lead_answers_a_dimension_and_takes_the_report_home(site, page, watched, tmp_path):
    watched(page).goto(site)
    page.get_by_label("用户名").fill("lead")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="云川市2026年度自评", exact=True).click()
    page.get_by_role("link", name="T6 运营模式").click()
    before = numbers(page)

    for number, level in enumerate((3, 2, 3, 1, 2), start=1):
        page.locator(f"label[for='id_T6.{number}-level-{level}']").click()
        page.locator(f"[name='T6.{number}-rationale']").fill(f"云川市第{number}项的事实。")
    page.locator("[name='T6.1-evidence-0-title']").fill("云川市运营办法")
    page.locator("[name='T6.1-evidence-0-reference']").fill("云川数发〔2026〕9号")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#save-state")).to_have_text("已全部保存")
    expect(page.locator("#standing")).to_contain_text("5 / 5")

    after = numbers(page)
    assert before["dimension"] == [None, 0.0, 100.0]
    assert after["dimension"][0] == after["dimension"][1] == after["dimension"][2]
    assert width(after["overall"]) < width(before["overall"])
    assert after["overall"][0] != before["overall"][0]

    page.locator("nav.trail a").last.click()
    page.get_by_role("link", name="结果", exact=True).click()
    overall = page.locator("#overall-score").inner_text()
    assert float(overall) == after["overall"][0]
    gaps = [cell.split()[0] for cell in page.locator("table.gaps tbody th").all_inner_texts()]
    document = downloaded(page, "得分文件（JSON）", tmp_path / "score.json").read_text()
    assert points(json.loads(document)["overall"]["score"]) == overall
    assert [gap["criterion"] for gap in json.loads(document)["gaps"]] == gaps

    report = text_of(downloaded(page, "PDF", tmp_path / "report.pdf"))
    check_report(report, overall, gaps)


def numbers(page):
    """[score, low, high] of the dimension and of the whole, as the page's head says them."""
    cells = page.locator("dl.mini dd").all_inner_texts()

    def read(cell):
        return [None if part == "—" else float(part) for part in re.findall(r"—|\d+\.\d", cell)]

    return {"dimension": read(cells[0]), "overall": read(cells[-1])}


def width(standing):
    return standing[2] - standing[1]


def downloaded(page, link, path):
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    download.value.save_as(path)
    return path


def text_of(path):
    """The PDF's words in reading order, squeezed, as its lines break anywhere."""
    return squeezed(structure.read(path.read_bytes()).root.text)


def check_report(text, overall, gaps):
    record = demo_round()
    report = content.build(record.framework.outline(), record.outline(), draft=True)
    assert "云川市" in text
    assert "云川数发〔2026〕9号" in text
    assert f"总得分{overall}" in text
    for section in report.sections:
        assert squeezed(f"{section.code} {section.name}") in text
    assert [gap.code for gap in report.improvements] == gaps
    titles = {reference.number: squeezed(reference.title) for reference in report.references}
    passages = by_gap(text, report.improvements)
    for gap in report.improvements:
        assert any(all(mark in passage for mark in cited(gap)) for passage in passages[gap.code]), gap.code
        for cite in gap.cites:
            assert any(titles[cite.number] in entry for entry in after(text, f"[{cite.number}]")), cite


def by_gap(text, gaps):
    """What stands between a gap's heading and the next one's, for each time it is headed."""
    headings = {squeezed(f"{gap.code} {gap.title}"): gap.code for gap in gaps}
    pieces = re.split("(" + "|".join(map(re.escape, sorted(headings, key=len, reverse=True))) + ")", text)
    found = {code: [] for code in headings.values()}
    for heading, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        found[headings[heading]].append(piece)
    return found


def cited(gap):
    """[n] with the beginning of the place, which may run over the end of a page."""
    return [f"[{cite.number}]{squeezed(cite.text)[:10]}" for cite in gap.cites]


def after(text, mark, length=300):
    return [text[place.end() : place.end() + length] for place in re.finditer(re.escape(mark), text)]


def squeezed(words):
    """Without spaces and without marks that change when they stand inside of others."""
    return re.sub(r"[\s《》〈〉“”‘’]", "", words)
