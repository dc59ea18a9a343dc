"""What the report says, before any format."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.utils import translation

from assessment.exchange.framework import read_framework
from assessment.gaps import evaluate
from assessment.lint.draft import translatable
from assessment.outline import Citation, Passage, Response, Source, Text
from assessment.reports import prose
from assessment.reports.content import build
from assessment.reports.content.citing import References, kind_of
from assessment.reports.words import points
from tests.factories import EXAMPLE_TWO, make_assessment, make_criteria, make_framework, make_lens, make_transition
from tests.frameworks import one_question, ten_levels
from tests.reports import sample


@pytest.fixture(params=["full", "partial", "empty", "highest"])
def content(request):
    return sample.content(request.param)


def test_every_number_is_the_evaluations(content):
    made = {"full": sample.assessment, "partial": sample.partial}.get(content_kind(content))
    if made is None:
        return
    evaluation = evaluate(sample.framework(), made())
    assert content.summary.overall.score == evaluation.scores.overall.score
    assert content.summary.at_target == evaluation.at_target
    assert [gap.gain for gap in content.improvements] == [gap.gain for gap in evaluation.gaps]
    assert [s.standing.score for s in content.sections] == [d.score for d in evaluation.scores.dimensions.values()]


def content_kind(content):
    return next(kind for kind in ("full", "partial", "empty", "highest") if sample.content(kind) is content)


def test_all_criteria_are_answered_blank_or_not_applicable(content):
    summary = content.summary
    assert summary.answered + summary.blank + summary.na == len(content.answers) == 60


def test_references_are_numbered_in_the_order_of_first_citing(content):
    met = [cite.number for gap in content.summary.gaps for cite in gap.cites]
    for section in content.sections:
        met += [cite.number for cite in section.cites]
        met += [cite.number for answer in section.answers for cite in answer.cites]
    assert list(dict.fromkeys(met)) == [reference.number for reference in content.references]
    assert [reference.number for reference in content.references] == list(range(1, len(content.references) + 1))


def test_a_gap_has_every_step_from_its_level_to_its_target():
    for gap in sample.content().improvements:
        assert [(a.start, a.end) for a in gap.actions] == [(k, k + 1) for k in range(gap.level, gap.target)]
        assert all(action.text for action in gap.actions)
        assert gap.now
        assert gap.then
        assert gap.now != gap.then


def test_improvements_come_in_the_order_of_gain():
    gains = [gap.gain for gap in sample.content().improvements]
    assert [round(gain, 9) for gain in gains] == sorted((round(gain, 9) for gain in gains), reverse=True)


def test_no_citation_that_is_only_filed_under_a_clause_bears_a_quotation(content):
    cites = [cite for answer in content.answers for cite in answer.cites]
    assert [cite for cite in cites if cite.role == "assigned"]
    assert not [cite for cite in cites if cite.role == "assigned" and cite.quote]


def test_nothing_is_quoted_that_was_not_read(content):
    assert not [r for r in content.references if r.quote and r.status in ("second-hand", "title-only")]


def test_the_article_is_a_reading_and_the_guidance_a_clause():
    kinds = {source.code: kind_of(source) for source in sample.framework().sources}
    assert kinds["shan-2024"] == "reading"
    assert {kind for code, kind in kinds.items() if code != "shan-2024"} == {"clause"}


def test_criteria_on_the_article_alone_are_named():
    framework = sample.framework()
    expected = {
        criterion.code
        for criterion in framework.criteria.values()
        if all(cite.source == "shan-2024" for cite in criterion.cites if cite.role == "basis")
    }
    assert set(sample.content().method.reading_only) == expected
    assert expected


def test_what_the_criteria_hardly_touch_of_another_document_is_named():
    (thin,) = sample.content().method.thin
    assert thin.title == "数字中国建设整体布局规划"
    assert thin.items[0] == ("国际环境", 0)
    assert {name for name, _count in thin.items} == {"国际环境", "文化", "生态文明"}


SHIPPED = settings.BASE_DIR / "fixtures/frameworks"


@pytest.mark.parametrize("stem", ["cn-city-digital-2024.1", "dcmm-self-check-1.0", "ssc-maturity-lite-1.0"])
@pytest.mark.parametrize("to", ["zh-hans", "en"])
def test_texts_that_are_printed_in_another_language_than_the_report_s_are_owned_up_to(stem, to):
    framework = read_framework(SHIPPED / f"{stem}.yaml")
    with translation.override(to):
        content = build(framework, make_assessment({}, version=framework.version), language=to)
        said = [text for text in prose.caveats(content) if "in Simplified Chinese" in text or "按框架主语言" in text]
    assert bool(said) == ((stem, to) == ("dcmm-self-check-1.0", "en"))
    if said:
        lacking = sum(not text.get(to) for _place, text in translatable(framework))
        assert f" {lacking} do not exist" in said[0] and lacking > 400


def test_a_chinese_report_says_so_of_english_texts():
    framework = replace(sample.framework(), language="en", about=Text({"en": "Only English."}))
    with translation.override("zh-hans"):
        (said, *_others) = prose.caveats(build(framework, sample.assessment()))
    assert "1条" in said and "英语" in said


def test_where_each_reference_is_cited(content):
    for reference in content.references:
        for code in reference.cited_by:
            if "." in code:
                answer = next(answer for answer in content.answers if answer.code == code)
                assert reference.number in [cite.number for cite in answer.cites]


def test_the_matrix_calls_a_clause_by_its_place():
    heads = [column.short for column in sample.content().matrix.columns]
    assert heads[:4] == ["引言", "一、总体要求", "二、（一）", "二、（二）"]
    assert heads[-1] == "发展和安全并重"
    heads = [column.short for column in sample.english().matrix.columns]
    assert "strategy" in heads and "ICT infrastructure" in heads


def test_the_matrix_says_the_same_as_the_framework():
    content, framework = sample.content(), sample.framework()
    marked = {
        (row.code, column.key)
        for row in content.matrix.rows
        for column, mark in zip(content.matrix.columns, row.marks, strict=True)
        if mark
    }
    assert marked == {(c.code, cite.key) for c in framework.criteria.values() for cite in c.cites}


def test_the_worked_example_is_the_citys_own():
    example = sample.content().method.example
    section = next(section for section in sample.content().sections if section.code == example.code)
    assert example.own
    assert example.score == section.standing.score
    assert not sample.content("empty").method.example.own


def plain_only(**fields):
    return make_framework(make_lens("D", make_transition("D1", make_criteria("D1.1", "D1.2"), kind="plain")), **fields)


def test_without_balances_the_example_is_a_dimension_of_one_side():
    content = build(plain_only(), make_assessment({"D1.1": 1, "D1.2": 4}))
    example = content.method.example
    assert (example.own, len(example.sides), example.score) == (True, 1, 50.0)
    assert not content.method.has_balances


def test_the_book_s_example_is_on_the_frameworks_own_scale():
    answerless = build(make_framework(), make_assessment({})).method.example
    assert points(answerless.score) == "40.4"  # docs/scoring.md, example one
    short = build(one_question(), make_assessment({})).method.example
    assert {level for side in short.sides for _weight, level in side.terms} <= {0, 1}
    assert len(short.sides) == 1


def test_dimensions_are_grouped_by_lens_and_kind():
    groups = build(ten_levels(), make_assessment({})).groups
    assert [(group.lens.code, group.kind) for group in groups] == [
        ("A", "transition"),
        ("A", "plain"),
        ("B", "balance"),
        ("C", "plain"),
    ]
    assert [section.code for group in groups for section in group.sections] == ["A1", "A2", "B1", "C1"]


def test_every_dimension_has_the_picture_of_its_kind():
    for section in build(ten_levels(), make_assessment({})).sections:
        pictures = {"transition": section.journey, "balance": section.balance, "plain": section.ruler}
        assert [kind for kind, picture in pictures.items() if picture] == [section.kind]


def test_a_crosswalk_of_another_form_says_nothing():
    framework = replace(sample.framework(), crosswalks={"other": ["甲", "乙"], "empty": {}, "odd": {"甲": 3}})
    titles = [thin.title for thin in build(framework, sample.assessment()).method.thin]
    assert titles == ["odd"]


def test_a_capped_dimension_names_the_criteria_that_hold_it():
    framework = sample.framework()
    levels = [Response(c.code, 0 if c.code == "T1.1" else 4) for c in framework.criteria.values()]
    content = build(framework, sample.assessment(responses=levels))
    cap = next(cap for cap in content.summary.caps if cap.code == "T1")
    assert (cap.level_by_score, cap.level, [key.code for key in cap.by]) == (3, 1, ["T1.1"])


def test_self_and_effective_levels_stand_side_by_side():
    answer = next(
        a for a in sample.content().answers if a.verified_level is not None and a.verified_level != a.self_level
    )
    assert answer.level == answer.verified_level
    own = build(sample.framework(), sample.assessment(), "self")
    assert next(a for a in own.answers if a.code == answer.code).level == answer.self_level


def test_strengths_are_the_dimensions_of_the_highest_levels():
    content = sample.content()
    levels = sorted((section.standing.level or 0 for section in content.sections), reverse=True)
    assert [strength.level for strength in content.summary.strengths] == levels[:3]


def test_a_framework_without_sources_or_texts_has_a_report_too():
    content = build(make_framework(), make_assessment(EXAMPLE_TWO))
    assert content.references == ()
    assert content.matrix.columns == ()


def test_a_passage_cited_only_by_filing_is_never_quoted():
    passage = Passage("四.十", Text({"zh-hans": "四、（十）"}), "verbatim", Text({"zh-hans": "原文"}))
    source = Source("s", Text({"zh-hans": "意见"}), passages=(passage,))
    plain = sample.framework()
    first = replace(plain.dimensions[0].criteria[0], cites=(Citation("s", "四.十", "assigned"),))
    facet = replace(plain.dimensions[0].facets[0], criteria=(first,))
    dimension = replace(plain.dimensions[0], facets=(facet,), cites=())
    lens = replace(plain.lenses[0], dimensions=(dimension,))
    references = References(replace(plain, sources=(source,), lenses=(lens,)), "zh-hans")
    assert references.cite(first.cites)[0].quote == ""
    assert references.all()[0].quote == ""
