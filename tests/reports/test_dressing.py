"""What people add to the report is printed, apart from what the tool says; and it bears their marks."""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from assessment.design import Approval, Design, Mark
from assessment.remark import Remark, Remarks
from assessment.reports import fonts, pdf
from assessment.reports.content import build
from assessment.reports.flow import compose
from assessment.reports.pdf import brief, furniture, look, slides
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.finish import FOOT
from assessment.reports.typeset import Setter
from tests.reports import sample, structure
from tests.reports.paper import greys, pages_of, words_of


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


SAID = (
    "首段说明现状，" * 12
    + "\n\n次段另说一事。\n\n1. 先定规则，"
    + "再建平台，" * 20
    + "\n   - 其中之一\n     - 其下之一\n2. 后一条\n\n末段。"
)


def summary_of(said, language="zh-hans"):
    remarks = Remarks((Remark("summary", "", said, "宋知远"),))
    return build(sample.framework(), sample.assessment(), language=language, remarks=remarks)


def summary(said, language="zh-hans"):
    """The lines of an executive summary, by how they begin."""
    made = structure.read(pdf.render(summary_of(said, language)))
    return made, [line for line in made.shown[3] if line.number is not None and line.text.strip()]


def at(lines, words):
    return next(line for line in lines if words in line.text)


def test_a_chinese_paragraph_stands_in_by_two_characters_and_follows_without_air():
    _made, lines = summary(SAID)
    first = at(lines, "首段")
    second = lines[lines.index(first) + 1]
    assert first.x - second.x == pytest.approx(2 * first.size)
    assert at(lines, "次段").x == first.x
    gaps = {
        round(one.y - other.y, 1) for one, other in pairwise([first, second, at(lines, "次段")]) if one.y != other.y
    }
    assert len(gaps) == 1


def test_an_english_paragraph_has_air_before_it():
    _made, lines = summary("One " * 60 + "\n\nTwo " + "two " * 60, "en")
    first = [line for line in lines if "One" in line.text]
    second = at(lines, "Two")
    assert second.x == first[0].x
    assert first[-1].y - second.y > first[0].y - first[1].y + 2


def test_a_list_within_another_stands_in_and_what_is_deeper_counts_as_that():
    made, lines = summary(SAID)
    outer, inner, deeper = (at(lines, words) for words in ("先定规则", "其中之一", "其下之一"))
    assert inner.x > outer.x + inner.size
    assert deeper.x == inner.x
    (item,) = (node for node in made.root.all("LI") if node.all("L"))
    assert "先定规则" in item.text and "后一条" not in item.text
    assert len(item.all("LI")) == 3
    assert [len(node.all("Lbl")) for node in item.all("LI")] == [3, 1, 1]


def test_the_lines_of_an_item_hang_behind_its_mark():
    _made, lines = summary(SAID)
    start = next(line for line in lines if line.text.startswith("1."))
    following = next(line for line in lines if line.y < start.y)
    assert following.x > start.x
    assert "再建平台" in following.text


def test_a_paragraph_as_long_as_one_can_write_is_printed_whole():
    assert words_of(pdf.render(summary_of("一二三四五六七八九十" * 1990 + "末字尾"))).count("末字尾") == 1


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


def test_the_watermark_shows_on_a_page_full_of_own_words_as_on_any_other():
    full, empty = "一行字。\n\n" * 60, "一行字。"

    def pale(said):
        made = pdf.render(replace(summary_of(said), design=sample.design(), draft=True))
        rows = list(greys(made))[2]
        return sum(236 <= grey <= 244 for row in rows for grey in row)

    assert pale(full) > pale(empty) / 2 > 100


def test_a_final_report_has_no_watermark():
    data = pdf.render(replace(sample.content("dressed"), draft=False))
    assert not any(shown.size > 100 for page in structure.read(data).shown for shown in page)


def test_headings_and_links_take_the_colours_of_the_mark_and_pictures_keep_theirs():
    code = b"".join(page.Contents.read_bytes() for page in document().pdf.pages)
    own = b"".join(page.Contents.read_bytes() for page in structure.read(printed()).pdf.pages)
    assert b"0.231 0.165 0.353 rg" in code and b"0.231 0.165 0.353 rg" not in own
    assert code.count(b"0.071 0.208 0.357") < own.count(b"0.071 0.208 0.357")
    assert b"0.071 0.208 0.357" in code


def test_the_longest_names_that_can_be_given_stand_whole_on_the_cover():
    one, other, third = ("长名" + "甲乙丙丁戊己庚辛壬癸" * 10 for _k in range(3))
    design = replace(
        sample.design(),
        city=replace(sample.design().city, organisation=one[:100]),
        consultant=replace(sample.design().consultant, organisation=other[:100]),
        classification=third[:40],
        document_number=third[:60],
        approvals=(Approval(third[:20], third[:40]),) * 6,
    )
    cover = pages_of(printed(design=design))[0]
    assert "…" not in cover
    assert cover.count(one[:100]) == 2
    assert (cover.count(third[:40]), cover.count(third[:20])) == (10, 16)


LONGEST = (
    "长名" + "甲乙丙丁戊己庚辛壬癸" * 10,
    "A department of the city and its offices " * 3,
    "Stadtverwaltungsamt" * 6,
)


def longest(text):
    """With names and lines as long as they may be."""
    given = sample.design()
    city, by = (replace(mark, organisation=text[:100].strip()) for mark in (given.city, given.consultant))
    return replace(given, city=city, consultant=by, classification=text[:40], document_number=text[:60])


@pytest.mark.parametrize("text", LONGEST)
@pytest.mark.parametrize("form", [brief, slides])
def test_the_longest_marks_and_lines_stand_whole_at_the_head_of_what_has_no_cover(form, text):
    first = words_of(form.render(build(sample.framework(), sample.assessment(), design=longest(text))))
    assert first.count("".join(text[:100].split())) == 2
    assert "".join(text[:60].split()) in first


@pytest.mark.parametrize("text", LONGEST)
@pytest.mark.parametrize("size", [8.6, 12])
def test_a_letterhead_of_many_rows_keeps_clear_of_the_edge_and_of_what_follows(size, text):
    book = Book(fonts.load(Path(settings.FONT_CACHE)))
    book.new_page()
    height = furniture.letterhead(book, longest(text), size)
    down = [
        book.sheet.height - float(place) for place in re.findall(r"1 0 0 1 [\d.]+ ([\d.]+) Tm", "".join(book.page.code))
    ]
    assert len(down) > 6
    assert min(down) > 1.9 * size
    assert max(down) < height - 0.6 * size


def test_no_line_of_the_design_is_too_long_for_its_page():
    long = "很长的名称" * 60
    design = Design(
        Mark(long), Mark(long), classification=long, document_number=long, approvals=(Approval(long, long),) * 6
    )
    assert len(pages_of(printed(design=design))) == len(pages_of(printed()))


def test_the_two_ends_of_the_foot_never_meet():
    design = replace(sample.design(), classification="For the steering group and its office only")
    laid = Setter(fonts.load(Path(settings.FONT_CACHE)), latin=True)
    for page in structure.read(printed(design=design, language="en")).shown[1:]:
        left, right = sorted((shown for shown in page if shown.y < look.BOTTOM - 20), key=lambda shown: shown.x)
        assert left.text.startswith("For the steering group")
        assert left.x + laid.width(left.text, FOOT) < right.x
