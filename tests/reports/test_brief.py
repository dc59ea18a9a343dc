"""The two briefs say what the report says, on one page and on six."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from assessment.exchange.framework import read_framework
from assessment.outline import Response
from assessment.remark import Remark, Remarks
from assessment.reports import pdf, words
from assessment.reports.content import build
from assessment.reports.pdf import brief, slides
from assessment.reports.prose import first_step, untranslated
from tests.factories import (
    make_assessment,
    make_balance,
    make_criteria,
    make_framework,
    make_lens,
)
from tests.factories import (
    make_transition as make_a_transition,
)
from tests.reports import sample, structure

KINDS = ["full", "partial", "hostile", "empty", "lowest", "highest", "capped"]


def make_transition(code):
    return make_a_transition(code, make_criteria(f"{code}.1"))


def make_plain(code):
    return make_a_transition(code, make_criteria(f"{code}.1"), kind="plain")


def make_scales(code):
    return make_balance(code, make_criteria(f"{code}.A1"), make_criteria(f"{code}.B1"))


def read(data):
    return PdfReader(BytesIO(data))


def text_of(data):
    return "".join("".join(page.extract_text() for page in read(data).pages).split())


@pytest.mark.parametrize("kind", KINDS)
def test_the_brief_is_one_page_and_the_meeting_has_six(kind):
    content = sample.content(kind)
    assert len(read(brief.render(content)).pages) == 1
    pages = read(slides.render(content)).pages
    assert len(pages) == 6
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {(960, 540)}


@pytest.mark.parametrize("form", [brief, slides])
def test_it_names_level_dimensions_and_the_three_gaps_to_close_first(form):
    content = sample.content()
    said = text_of(form.render(content))
    assert words.points(content.summary.overall.score) in said
    assert content.level_name(content.summary.overall.level) in said
    for section in content.sections:
        assert f"{section.code}{section.name}" in said
    for gap in content.improvements[:3]:
        assert f"{gap.code}{gap.title}" in said
    assert content.improvements[3].title not in said
    assert "60项适用项中已答60项" in said
    assert words.disclaimer() in said


@pytest.mark.parametrize("form", [brief, slides])
def test_what_does_not_apply_is_not_counted_as_asked(form):
    content = sample.content("partial")
    s = content.summary
    assert s.na
    assert f"{s.answered + s.blank}项适用项中已答{s.answered}项" in text_of(form.render(content))


@pytest.mark.parametrize("form", [brief, slides])
def test_nothing_answered_is_said_to_be_so(form):
    assert "尚未作答" in text_of(form.render(sample.content("empty")))


@pytest.mark.parametrize("form", [brief, slides, pdf])
def test_without_any_target_none_is_said_to_be_reached(form):
    said = text_of(form.render(build(sample.framework(), replace(sample.assessment(), target=""))))
    assert said.count("没有差距：本轮未选目标画像，也没有逐项填写目标。") == (1 if form is brief else 2)


@pytest.mark.parametrize("form", [brief, slides])
def test_the_same_content_gives_the_same_bytes(form):
    assert form.render(sample.content()) == form.render(sample.content())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_runs_into_the_foot_of_a_page(language):
    content = build(sample.framework(), sample.assessment(), language=language, remarks=sample.remarks())
    assert len(read(brief.render(content)).pages) == 1
    pages = structure.read(slides.render(content)).shown
    assert len(pages) == 6
    said = [shown for page in pages[1:] for shown in page if shown.number is not None]
    assert min(shown.y for shown in said) > slides.SCREEN.bottom - 10


LONG = {"P4.A1": 0, "T5.3": 1, "P1.A3": 1}  # whose levels are told at length


def with_long_gaps(language):
    levels = dict.fromkeys(sample.framework().criteria, 4) | LONG
    answers = sample.assessment(responses=[Response(code, level) for code, level in levels.items()])
    return build(sample.framework(), answers, language=language)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_gap_is_and_should_be_is_told_whole_where_smaller_type_holds_it(language):
    content = with_long_gaps(language)
    assert {gap.code for gap in content.improvements[:3]} == LONG.keys()
    told = "".join(read(slides.render(content)).pages[4].extract_text().split())
    for gap in content.improvements[:3]:
        assert "".join(gap.now.split()) in told
        assert "".join(gap.then.split()) in told


def test_the_ladders_of_the_gaps_stand_at_one_height():
    """Though a title of one line stands beside two of two."""
    page = structure.read(slides.render(with_long_gaps("en"))).shown[4]
    rungs = [shown for shown in page if shown.text.strip() == "5"]
    assert len(rungs) == 3
    assert len({round(shown.y) for shown in rungs}) == 1


@pytest.mark.parametrize(("count", "pages"), [(1, 5), (2, 6), (17, 6), (23, 6), (60, 6)])
@pytest.mark.parametrize("make", [make_transition, make_plain, make_scales])
def test_each_page_of_the_meeting_says_something_however_many_dimensions(make, count, pages):
    framework = make_framework(make_lens("T", *(make(f"T{n}") for n in range(1, count + 1))))
    answers = make_assessment(dict.fromkeys(framework.criteria, 1), framework=framework.code)
    read_back = read(slides.render(build(framework, answers))).pages
    assert len(read_back) == pages
    for page in read_back[2:-2]:
        assert "维度T" in "".join(page.extract_text().split())
    shown = structure.read(slides.render(build(framework, answers))).shown
    assert min(s.y for page in shown[1:] for s in page if s.number is not None) > slides.SCREEN.bottom - 10


@pytest.mark.parametrize(("open_gaps", "title"), [(1, "影响最大的1项差距"), (2, "影响最大的2项差距"), (0, "差距")])
def test_the_page_of_gaps_counts_those_that_there_are(open_gaps, title):
    answers = {"T1.1": 4, "T1.2": 3, "T1.3": 3, "P1.A1": 3, "P1.A2": 3, "P1.B1": 3, "P1.B2": 3}
    low = dict.fromkeys(list(answers)[-open_gaps:] if open_gaps else [], 1)
    content = build(make_framework(), make_assessment(answers | low))
    assert "".join(read(slides.render(content)).pages[-2].extract_text().split()).startswith(title)


def test_a_single_page_is_called_by_its_number():
    assert read(brief.render(sample.content())).page_labels == ["1"]
    assert read(slides.render(sample.content())).page_labels[:2] == ["封面", "2"]


# What to do first


def advised(text, language="zh-hans"):
    """With a person's own words for the gap that weighs most."""
    worst = sample.content().improvements[0].code
    remarks = Remarks((Remark("reworded", worst, text, "宋知远", None),))
    return build(sample.framework(), sample.assessment(), language=language, remarks=remarks)


STEPS = "1. 两个月内接入省平台；\n2. 先试点两个区。"


@pytest.mark.parametrize("form", [brief, slides, pdf])
def test_the_first_step_is_never_what_only_leads_to_it(form):
    said = text_of(form.render(advised(f"已有可用的省级设施，不必自建：\n\n{STEPS}")))
    assert "不必自建：两个月内接入省平台" in said


@pytest.mark.parametrize(
    ("text", "step", "alone"),
    [
        (f"不必自建：\n\n{STEPS}", "不必自建：两个月内接入省平台。", "两个月内接入省平台。"),
        (f"基础已有。\n\n{STEPS}", "基础已有。两个月内接入省平台。", "两个月内接入省平台。"),
        (STEPS, "两个月内接入省平台。", "两个月内接入省平台。"),
        ("不必自建：\n\n先接入省平台。", "不必自建：先接入省平台。", "先接入省平台。"),
        ("先印发办法。\n\n再试点。", "先印发办法。", "先印发办法。"),
        ("No need to build:\n\n- join the platform", "No need to build: join the platform", "join the platform"),
        ("不必自建：", "不必自建：", "不必自建："),
    ],
)
def test_what_leads_to_a_step_stands_before_it_or_is_left_out(text, step, alone):
    gap = advised(text).improvements[0]
    assert (first_step(gap), first_step(gap, alone=True)) == (step, alone)


def test_what_leads_to_a_step_gives_way_where_there_is_no_room():
    said = text_of(slides.render(advised(f"{'已有可用的省级设施，' * 60}不必自建：\n\n{STEPS}")))
    assert "两个月内接入省平台" in said
    assert "不必自建" not in said


# As the report looks


@pytest.mark.parametrize("form", [brief, slides])
def test_it_bears_the_lines_and_marks_of_the_report(form):
    data = form.render(sample.content("dressed"))
    said, design = text_of(data), sample.design()
    for line in (design.classification, design.document_number, design.city.organisation):
        assert line.replace(" ", "") in said
    assert f"编制单位{design.consultant.organisation}" in said
    assert len(read(data).pages[0].images) == 2
    assert "草稿" in text_of(data).replace("草稿", "", 1)


@pytest.mark.parametrize("form", [brief, slides])
def test_without_marks_there_is_no_room_for_any(form):
    assert not read(form.render(sample.content())).pages[0].images


def test_every_page_for_a_meeting_says_how_confidential_it_is():
    pages = read(slides.render(sample.content("dressed"))).pages
    assert all("内部资料" in page.extract_text() for page in pages)


def test_the_meeting_s_cover_says_what_it_is():
    cover = read(slides.render(sample.content())).pages[0].extract_text()
    assert "会议汇报" in cover
    assert "差距报告" not in cover


# In English


def in_english():
    return build(sample.framework(), sample.assessment(), language="en")


def english_words(form):
    return text_of(form.render(in_english()))


@pytest.mark.parametrize("form", [brief, slides])
def test_poles_first_steps_and_clauses_are_whole_in_english(form):
    content, said = in_english(), english_words(form)
    told = [pole for s in content.sections if s.journey for pole in (s.journey.start, s.journey.end)]
    told += [text for gap in content.improvements[:3] for text in (first_step(gap), gap.cites[0].text)]
    assert [text for text in told if "".join(text.split()) not in said] == []


@pytest.mark.parametrize("form", [brief, slides])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_texts_that_are_not_in_its_language_are_owned_up_to(form, language):
    framework = read_framework(sample.FRAMEWORKS / "dcmm-self-check-1.0.yaml")
    content = build(framework, make_assessment({}, version=framework.version), language=language)
    with translation.override(language):
        owned = untranslated(content)
    assert bool(owned) == (language == "en")
    assert "".join(owned.split()) in (said := text_of(form.render(content)))
    assert ("languageofthisreport" in said, "所用语言的版本" in said) == (language == "en", False)


def test_what_is_now_and_wanted_is_whole_in_chinese():
    said = text_of(slides.render(sample.content()))
    for gap in sample.content().improvements[:3]:
        assert "".join(gap.now.split()) in said
        assert "".join(gap.then.split()) in said
