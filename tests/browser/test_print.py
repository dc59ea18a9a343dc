"""The questionnaire and the report's page on paper, as Chromium prints them: nothing torn, nothing blank, nothing lost."""

import re
import subprocess
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from assessment.models import Assessment
from tests.demo import demo_round

A4 = (595, 842)
A4_BETWEEN_MARGINS = 658  # pixels


@pytest.fixture
def printed(site, lead_page):
    """The pages' words, without blanks, of the questionnaire at this query."""

    def pages(query):
        lead_page.goto(f"{site}/assessments/{demo_round().pk}/print/?{query}")
        assert lead_page.locator("[data-print]").is_visible()
        return words_on(lead_page)

    return pages


def words_on(page):
    paper = page.pdf(prefer_css_page_size=True)
    sheets = PdfReader(BytesIO(paper)).pages
    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in sheets} == {A4}
    words = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    return [plain(page) for page in words.removesuffix("\f").split("\f")]


def asked(record: Assessment):
    return [(plain(f"{c.code}{c.title}"), [plain(str(d.descriptor)) for d in c.levels]) for c in record.asked]


def plain(words):
    return re.sub(r"\s", "", words)


@pytest.mark.parametrize("query", ["holder=all&blank=1", "holder=all"])
def test_every_question_stands_on_one_page_with_its_levels(printed, query):
    pages = printed(query)
    for heading, descriptors in asked(demo_round()):
        (page,) = [page for page in pages if heading in page]
        assert all(words in page[page.index(heading) :] for words in descriptors), heading


@pytest.mark.parametrize("query", ["holder=all&blank=1", "holder=all"])
def test_no_page_is_blank_and_the_last_is_for_signatures(printed, query):
    pages = printed(query)
    assert min(len(page) for page in pages) > 60
    assert [number for number, page in enumerate(pages, start=1) if "签字盖章页" in page] == [len(pages)]
    for words in ("云川市", "2026", "市数据局", "市发展改革委", "牵头单位", "负责人签字", "盖章", "本工具为自评参考"):
        assert words in pages[-1]


def test_a_departments_answers_end_without_signatures(printed):
    department = demo_round().city.departments.get(name="市城市管理局")
    pages = printed(f"holder=department-{department.pk}")
    assert "签字盖章页" not in "".join(pages)
    assert min(len(page) for page in pages) > 60
    assert "修改密码" not in "".join(pages) and "事件日志" not in "".join(pages)


@pytest.mark.parametrize(
    ("language", "first", "last", "summary", "end"),
    [
        ("zh-hans", "目录", "附录四", "一、一页摘要", "复核情况"),
        ("en", "Contents", "D.Abouttheframework", "1.One-pagesummary", "Review"),
    ],
)
def test_the_report_has_its_cover_and_its_summary_on_one_page_each(
    site, lead_page, language, first, last, summary, end
):
    lead_page.goto(f"{site}/assessments/{demo_round().pk}/report.html?language={language}")
    cover, page, *rest = words_on(lead_page)
    assert first in cover
    assert last in cover
    assert page.startswith(summary)
    assert end in page
    assert end not in rest[0]


def test_the_report_repeats_a_gaps_head_on_the_next_page_and_keeps_its_figures_in_a_row(site, lead_page):
    lead_page.goto(f"{site}/assessments/{demo_round().pk}/report.html")
    pages = words_on(lead_page)
    heads = [set(re.findall(r"([TP]\d\.[AB]?\d)(?:严重|明显|轻微)差\d级", page)) for page in pages]
    assert any(earlier & later for earlier, later in pairwise(heads))
    again = [page for page in pages if re.match(r"[TP]\d\.[AB]?\d(?:严重|明显|轻微)差\d级", page)]
    assert again
    assert not any(
        re.search(r"[TP]\d\.[AB]?\d(?:严重|明显|轻微)差\d级提升\S*未复核[0-5✓]*\d+/\d+$", page) for page in pages
    )
    lead_page.set_viewport_size({"width": A4_BETWEEN_MARGINS, "height": 900})
    lead_page.emulate_media(media="print")
    tops = lead_page.locator(".figures > div").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) > 3
    assert len(set(tops)) == 1
