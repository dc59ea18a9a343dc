"""What people add to the report is printed, apart from what the tool says; and it bears their marks."""

from dataclasses import replace
from functools import cache

import pytest
from django.utils import translation

from assessment.design import Approval, Design, Mark
from assessment.remark import Remark, Remarks
from assessment.reports import pdf
from assessment.reports.content import build
from assessment.reports.flow import compose
from assessment.reports.pdf import brief
from tests.reports import sample, structure
from tests.reports.paper import pages_of, words_of


@cache
def dressed():
    return pdf.render(sample.content("dressed"))


def printed(**given):
    return pdf.render(build(sample.framework(), sample.assessment(), **given))


@cache
def document():
    return structure.read(dressed())


# Own words


def test_the_executive_summary_is_a_chapter_under_its_writers_name():
    own = pages_of(dressed())[3]
    assert "宋知远" in own
    assert "2026年10月12日" in own
    assert "数据底座已有基础，制度与考核仍是短板" in own


def test_short_own_words_take_no_page_of_their_own():
    summary, own = pages_of(dressed())[2:4]
    assert "一、一页摘要" in summary
    assert "二、总体评述" in own
    assert "三、评估方法" in own


@pytest.mark.parametrize("kind", ["dressed", "full"])
def test_chapters_stand_in_one_order_in_every_form(kind):
    content = sample.content(kind)
    with translation.override("zh-hans"):
        composed = [chapter.heading.text for chapter in compose(content)]
    headings = [node.text for node in structure.read(pdf.render(content)).root.all("H1")]
    assert headings[1:] == composed


def test_without_own_words_there_is_no_such_chapter():
    assert "宋知远" not in words_of(printed())
    assert len(pages_of(printed())) < len(pages_of(dressed()))


def test_a_list_in_own_words_is_a_list_to_who_does_not_see_it():
    items = [node.text for node in document().root.all("LI")]
    assert any("先定规则，再建平台" in item for item in items)
    assert any("会商台账不全" in item for item in items)


def test_what_is_reworded_stands_instead_of_the_steps_and_what_is_added_beside_them():
    content = sample.content("dressed")
    said = words_of(dressed())
    first, second = content.improvements[:2]
    assert "先试点两区" in said
    assert first.actions[0].text not in said
    assert "与省级平台同步改造" in said
    assert second.actions[0].text in said


def test_owner_and_day_stand_at_the_gap_and_in_the_list_and_in_the_brief():
    cells = [node.text for node in document().root.all("TD")]
    assert cells.count("市数据局，2027年3月31日前") == 2
    assert "2027年3月31日前" in words_of(brief.render(sample.content("dressed")))


def test_a_link_in_own_words_leads_to_the_web_alone():
    uris = {str(link.A.URI) for page in document().pdf.pages for link in page.get("/Annots", []) if "/A" in link}
    assert "https://www.example.gov.cn/1" in uris


@pytest.mark.parametrize(
    "text", [*sample.HOSTILE, "长" * 20_000, "- [x](javascript:alert(1))\n- ![](file:///etc/passwd)"]
)
def test_whatever_is_written_is_text(text):
    places = [("summary", ""), ("dimension", "T1"), ("added", "T1.1"), ("reworded", "T2.1")]
    data = printed(remarks=Remarks(tuple(Remark(*place, text, text, None) for place in places)))
    made = structure.read(data)
    assert made.unmarked == []
    assert not any(
        "/JS" in link or "javascript" in str(link) for page in made.pdf.pages for link in page.get("/Annots", [])
    )


# Marks and lines


def test_the_cover_bears_lines_marks_and_the_table_of_approval():
    cover = pages_of(dressed())[0]
    for text in (
        "内部资料注意保存",
        "杭数评〔2026〕7号",
        "杭州市数据资源管理局",
        "某某城市规划咨询有限公司",
        "编制",
        "审核",
        "批准",
    ):
        assert text in cover
    logos = [node.alt for node in document().root.all("Figure") if "标识" in node.alt or "Logo" in node.alt]
    assert len(logos) == 2


def test_the_classification_stands_on_every_page():
    assert all("内部资料注意保存" in page for page in pages_of(dressed()))


def test_a_draft_says_so_across_every_page_to_the_eye_alone():
    large = [[shown for shown in page if shown.size > 100] for page in document().shown]
    assert all(len(found) == 1 for found in large)
    assert all(shown.number is None for found in large for shown in found)


def test_a_final_report_has_no_watermark():
    data = pdf.render(replace(sample.content("dressed"), draft=False))
    assert not any(shown.size > 100 for page in structure.read(data).shown for shown in page)


def test_headings_and_links_take_the_colours_of_the_mark_and_pictures_keep_theirs():
    code = b"".join(page.Contents.read_bytes() for page in document().pdf.pages)
    own = b"".join(page.Contents.read_bytes() for page in structure.read(printed()).pdf.pages)
    assert b"0.231 0.165 0.353 rg" in code and b"0.231 0.165 0.353 rg" not in own
    assert code.count(b"0.071 0.208 0.357") < own.count(b"0.071 0.208 0.357")
    assert b"0.071 0.208 0.357" in code


def test_no_line_of_the_design_is_too_long_for_its_page():
    long = "很长的名称" * 60
    design = Design(
        Mark(long), Mark(long), classification=long, document_number=long, approvals=(Approval(long, long),) * 6
    )
    assert len(pages_of(printed(design=design))) == len(pages_of(printed()))
