"""The quality annex: what it finds, what it leaves alone, and how it says so."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from assessment.outline import Citation, Evidence
from assessment.reports import annex as told
from assessment.reports import content, pdf
from assessment.reports.content.facts import Contradiction, Rule
from tests.factories import NA, make_assessment, make_scale
from tests.records import some_framework
from tests.reports import sample
from tests.reports.paper import words_of

LAW, LEDGER = Evidence("办法", reference="1号"), Evidence("台账", as_of=date(2026, 10, 1))
DAY = date(2026, 9, 30)
FRAMEWORK = some_framework()
LONG = "抽查两个部门，台账完整率为八成，有两件超过时限未办结。"


def annex_of(answers, framework=FRAMEWORK, **fields):
    return content.build(framework, make_assessment(answers, **fields)).annex


def found(answers, **fields):
    """By rule, the codes of each contradiction."""
    return [(item.rule, [c.code for c in item.criteria]) for item in annex_of(answers, **fields).contradictions]


def codes(items):
    return [item.code for item in items]


class TestClaims:
    def test_of_level_one_and_more_without_evidence_are_listed(self):
        annex = annex_of({"T1.1": 1, "T1.2": {"level": 2, "evidence": (LAW,)}, "T1.3": 0, "P1.A1": NA})
        assert codes(annex.unproven) == ["T1.1"]
        assert annex.claimed == 2

    def test_what_a_reviewer_raised_counts_as_claimed(self):
        assert codes(annex_of({"T1.1": {"level": 0, "verified_level": 1}}).unproven) == ["T1.1"]


class TestContradictions:
    @pytest.mark.parametrize(
        ("answer", "rule"),
        [
            ({"level": 2, "evidence": (LEDGER,)}, "late"),
            (NA | {"verified_level": 2}, "overruled"),
            ({"level": 3, "target": 2, "rationale": "有"}, "target_below"),
            ({"level": 4}, "bare"),
            ({"level": 5, "rationale": "  \n"}, "bare"),
        ],
    )
    def test_in_one_answer(self, answer, rule):
        assert found({"T1.2": answer}, as_of=DAY) == [(rule, ["T1.2"])]

    @pytest.mark.parametrize(
        "answer",
        [
            {"level": 2, "evidence": (Evidence("台账", as_of=DAY),)},
            {"level": 2, "evidence": (LAW,)},
            NA,
            {"level": 3, "target": 3, "rationale": "有"},
            {"level": 5, "evidence": (LAW,)},
            {"level": 4, "rationale": "有"},
            {"level": 3},
            {},
        ],
    )
    def test_not_in_an_answer_that_fits_together(self, answer):
        assert found({"T1.2": answer}, as_of=DAY) == []

    def test_not_where_the_round_has_no_day(self):
        assert found({"T1.2": {"level": 2, "evidence": (LEDGER,)}}) == []

    def test_not_where_the_city_has_passed_what_the_profile_asks(self):
        assert found({"T1.2": {"level": 4, "rationale": "有"}}) == []

    def test_between_criteria_on_one_clause_that_are_three_levels_apart(self):
        framework = citing("T1.1", "T1.2", "P1.B1")
        annex = annex_of({"T1.1": 0, "T1.2": {"level": 3}, "P1.B1": 1}, framework)
        (item,) = annex.contradictions
        assert (item.rule, codes(item.criteria), item.about) == ("same_clause", ["T1.1", "T1.2"], "1号 第一条")
        assert item.number == 1
        assert annex_of({"T1.1": 1, "T1.2": 3, "P1.B1": 1}, framework).contradictions == ()

    def test_not_between_criteria_that_are_merely_filed_under_a_clause(self):
        framework = citing("T1.1", "T1.2", role="assigned", passage="二")
        assert annex_of({"T1.1": 0, "T1.2": 3}, framework).contradictions == ()

    def test_between_criteria_that_name_the_same_evidence(self):
        spaced = Evidence("办法 ", reference=" 1号")
        answers = {"T1.1": {"level": 3, "evidence": (LAW,)}, "T1.2": {"level": 0, "evidence": (spaced, spaced)}}
        assert found(answers) == [("same_evidence", ["T1.1", "T1.2"])]
        assert found(answers | {"T1.2": {"level": 1, "evidence": (LAW,)}}) == []
        assert found(answers | {"T1.2": {"level": 0, "evidence": (Evidence("办法", reference="2号"),)}}) == []

    def test_between_criteria_that_say_the_same_at_length(self):
        answers = {"T1.1": {"level": 1, "rationale": LONG}, "P1.A1": {"level": 1, "rationale": f" {LONG}\n"}}
        assert found(answers) == [("same_rationale", ["T1.1", "P1.A1"])]
        assert found({code: {"level": 1, "rationale": "同上"} for code in answers}) == []

    def test_on_a_scale_of_one_step_level_nought_is_not_high(self):
        framework = replace(FRAMEWORK, scale=make_scale((50,)))
        assert [item.rule for item in annex_of({"T1.1": 0, "T1.2": 1}, framework).contradictions] == ["bare"]

    def test_each_has_a_name_and_a_reason_in_chinese_that_accuses_nobody(self):
        with translation.override("zh-hans"):
            for rule in Rule.__args__:
                assert not told.rule(rule).isascii()
                assert not told.why(rule).isascii()
                assert not {"错误", "虚假", "违规", "弄虚作假"} & set(told.why(rule))


def citing(*codes, role="basis", passage="一"):
    """The framework in which these criteria rest on one passage, and no others on any."""

    def of(criterion):
        cites = (Citation("doc-1", passage, role),) if criterion.code in codes else ()
        return replace(criterion, cites=cites)

    lenses = tuple(
        replace(
            lens,
            dimensions=tuple(
                replace(d, cites=(), facets=tuple(replace(f, criteria=tuple(map(of, f.criteria))) for f in d.facets))
                for d in lens.dimensions
            ),
        )
        for lens in FRAMEWORK.lenses
    )
    return replace(FRAMEWORK, lenses=lenses)


class TestSetAside:
    def test_comes_with_its_reason_unless_a_reviewer_overruled_it(self):
        annex = annex_of({"T1.1": NA, "T1.2": NA | {"verified_level": 1}})
        assert [(item.criterion.code, item.reason) for item in annex.excused] == [("T1.1", NA["not_applicable"])]


class TestTwoTracks:
    ANSWERS = {
        "T1.1": {"level": 3, "verified_level": 1},
        "T1.2": {"level": 1, "verified_level": 2},
        "T1.3": {"level": 2, "verified_level": 2},
        "P1.A1": NA | {"verified_level": 1},
        "P1.B1": 2,
    }

    def test_are_compared_in_both_directions_and_on_the_mean(self):
        annex = annex_of(self.ANSWERS)
        overall = annex.overall
        assert (overall.verified, overall.equal, overall.higher, overall.lower, overall.filled) == (4, 1, 1, 1, 1)
        assert overall.mean == pytest.approx(-1 / 3)
        assert [(item.criterion.code, item.difference) for item in annex.differing] == [("T1.1", -2), ("T1.2", 1)]

    def test_one_for_a_blank_differs_from_none(self):
        given = content.build(FRAMEWORK, make_assessment({"T1.1": 3, "T1.2": {"level": None, "verified_level": 2}}))
        assert (given.summary.verified, given.summary.differing) == (1, 0)

    def test_are_compared_dimension_by_dimension(self):
        assert [(d.code, d.verified, d.mean) for d in annex_of(self.ANSWERS).dimensions] == [
            ("T1", 3, pytest.approx(-1 / 3)),
            ("P1", 1, None),
        ]

    def test_of_a_round_that_nobody_reviewed_are_one(self):
        annex = annex_of({"T1.1": 1})
        assert (annex.overall.verified, annex.overall.mean, annex.dimensions, annex.differing) == (0, None, (), ())


ANNEX = (
    "未列佐证的评估项",
    "宜再核对之处",
    "填报不适用的评估项",
    "自评等级与复核等级",
    "平均差−1.00级",
    "复核与自评不同的评估项",
)


class TestOnPaper:
    def test_it_stands_before_the_references_with_all_its_parts(self):
        text = words_of(pdf.render(sample.content("partial")))
        start = text.index("质量附录", text.index("优先改进清单", 2000))
        for words in ANNEX:
            assert words in text[start:]
        assert text.index("填报不适用的评估项") < text.rindex("按在本报告中首次引用的先后编号")

    def test_empty_parts_say_so_in_one_line(self):
        text = words_of(pdf.render(sample.content("empty")))
        for words in (
            "1级及以上的评估项均列有佐证材料。",
            "未发现前后不一致之处。",
            "没有填报不适用的评估项。",
            "尚无复核等级，全部按自评等级计算。",
        ):
            assert words in text


def test_a_clause_is_named_whole_and_what_is_longer_than_any_is_cut():
    clause = "发改数据〔2024〕660号 Part III (8): Build and improve digital infrastructure"
    assert told.found(Contradiction("same_clause", (), clause)) == clause
    assert told.found(Contradiction("same_rationale", (), "词" * 500)).endswith("…”")
