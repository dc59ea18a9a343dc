"""Gaps, rule by rule, and the score document; the numbers are worked out here by hand, not by the code."""

import json
from dataclasses import replace
from math import copysign, sqrt

import pytest
from hypothesis import given

from assessment.gaps import evaluate
from assessment.outline import Evidence
from tests.factories import (
    BASES,
    EXAMPLE_THREE,
    EXAMPLE_TWO,
    NA,
    cases,
    make_assessment,
    make_balance,
    make_criteria,
    make_framework,
    make_lens,
    make_transition,
)


def transition(*codes, key=(), targets=None, weights=None):
    dimension = make_transition("D", make_criteria(*codes, key=key, weights=weights))
    return make_framework(make_lens("X", dimension), targets=targets)


def gaps(framework, answers, basis="effective", target="2027"):
    return evaluate(framework, make_assessment(answers, target=target), basis).gaps


def targets(framework, answers, target="2027"):
    return {gap.criterion: gap.target for gap in gaps(framework, answers, target=target)}


# Targets (rule 14)


@pytest.mark.parametrize(
    ("profile", "key", "own", "target"),
    [
        ({"default": 3}, False, None, 3),
        ({"default": 3}, True, None, 3),
        ({"default": 3, "key": 4}, True, None, 4),
        ({"default": 3, "key": 4}, False, None, 3),
        ({"default": 3, "key": 4, "a": 5}, True, None, 5),
        ({"default": 3, "key": 4, "a": 5}, True, 2, 2),
        ({"key": 4, "a": 2}, False, None, 2),
        ({}, False, 1, 1),
        ({}, True, None, None),
        ({"key": 4}, False, None, None),
        ({"default": 3, "a": 0}, False, None, None),  # a target of 0 is a target, and reached
        ({"default": 3}, False, 0, None),
    ],
)
def test_the_nearest_target_counts(profile, key, own, target):
    framework = transition("a", key=["a"] if key else (), targets=profile)
    answer = {"level": 0} if own is None else {"level": 0, "target": own}
    assert targets(framework, {"a": answer}) == ({} if target is None else {"a": target})


@pytest.mark.parametrize("code", ["", "2035"])
def test_without_a_profile_only_own_targets_count(code):
    answers = {"a": 0, "b": {"level": 0, "target": 2}}
    assert targets(transition("a", "b"), answers, target=code) == {"b": 2}


# Gaps (rule 15)


@pytest.mark.parametrize("level", [3, 4, 5])
def test_a_target_reached_or_passed_is_no_gap(level):
    assert gaps(transition("a"), {"a": level}) == ()


def test_only_answered_criteria_have_gaps():
    answers = {"a": 1, "b": NA | {"target": 5}, "c": {"target": 5}}
    assert targets(transition("a", "b", "c", "d"), answers) == {"a": 3}


def test_gaps_follow_the_basis():
    answers = {
        "a": {"level": 3, "verified_level": 1},
        "b": {"level": 1, "verified_level": 3},
        "c": {"verified_level": 0},
    }
    own, effective = (gaps(transition("a", "b", "c"), answers, basis) for basis in ("self", "effective"))
    assert {gap.criterion: gap.level for gap in own} == {"b": 1}
    assert {gap.criterion: gap.level for gap in effective} == {"a": 1, "c": 0}


@pytest.mark.parametrize(
    ("gap", "key", "severity"),
    [
        (1, False, "minor"),
        (1, True, "minor"),
        (2, False, "major"),
        (2, True, "critical"),
        (3, False, "critical"),
        (3, True, "critical"),
        (5, False, "critical"),
    ],
)
def test_severity_is_by_gap_and_stricter_for_key_criteria(gap, key, severity):
    (only,) = gaps(transition("a", key=["a"] if key else ()), {"a": {"level": 5 - gap, "target": 5}})
    assert (only.level, only.target, only.gap, only.severity) == (5 - gap, 5, gap, severity)


# Gains (rule 16)


def test_the_gain_is_the_overall_rise_if_this_gap_alone_is_closed():
    heavy = make_lens("X", make_transition("D", make_criteria("a", "b", weights=[1, 3])), weight=3)
    light = make_lens("Y", make_transition("E", make_criteria("c")))
    result = gaps(make_framework(heavy, light, targets={"default": 5}), {"a": 0, "b": 5, "c": 0})
    assert {gap.criterion: gap.gain for gap in result} == pytest.approx({"a": 100 * 3 / 4 / 4, "c": 25})


def test_gains_in_a_balance_do_not_add_up_but_at_target_does():
    framework = make_framework(make_lens("X", make_balance("D", make_criteria("a"), make_criteria("b"))))
    result = evaluate(framework, make_assessment({"a": 0, "b": 0}))
    alone = 100 * (sqrt(0.65 * 0.05) - 0.05)
    assert [gap.gain for gap in result.gaps] == pytest.approx([alone, alone])
    assert result.at_target == pytest.approx(60)


def test_a_blank_sibling_stays_out_of_the_gain():
    (gap,) = gaps(transition("a", "b"), {"a": 1})
    assert gap.gain == pytest.approx(40)


def test_the_gain_is_zero_in_a_dimension_that_is_not_ratable():
    left = make_balance("D", make_criteria("a"), make_criteria("b"))
    other = make_transition("E", make_criteria("c"))
    result = evaluate(make_framework(make_lens("X", left, other)), make_assessment({"a": 1, "b": NA, "c": 3}))
    assert [(gap.criterion, gap.gap, gap.gain) for gap in result.gaps] == [("a", 2, 0)]
    assert result.at_target == result.scores.overall.score


def test_gains_are_null_without_an_overall_score_and_ranked_all_the_same():
    dimension = make_balance("D", make_criteria("a", "b", "c", key=["c"]), make_criteria("d"))
    result = evaluate(make_framework(make_lens("X", dimension)), make_assessment({"a": 2, "b": 1, "c": 2, "d": NA}))
    assert [(gap.criterion, gap.gain, gap.rank) for gap in result.gaps] == [
        ("c", None, 1),
        ("b", None, 2),
        ("a", None, 3),
    ]
    assert result.at_target is None


def test_without_gaps_at_target_is_the_score():
    result = evaluate(make_framework(), make_assessment(dict.fromkeys(make_framework().criteria, 4)))
    assert (result.gaps, result.at_target) == ((), result.scores.overall.score)


# Ranks (rule 17)


def test_more_gain_goes_first():
    result = gaps(transition("a", "b", weights=[1, 2]), {"a": 1, "b": 1})
    assert [(gap.criterion, gap.rank) for gap in result] == [("b", 1), ("a", 2)]


def test_at_equal_gain_the_wider_gap_goes_first_then_the_key_criterion_then_framework_order():
    framework = transition("z", "y", "x", "w", weights=[2, 2, 1, 2], key=["w"], targets={"default": 2})
    result = gaps(framework, {"z": 1, "y": 1, "x": 0, "w": 1})
    assert [(gap.criterion, gap.rank) for gap in result] == [("x", 1), ("w", 2), ("z", 3), ("y", 4)]


def test_rounding_errors_decide_no_rank():
    framework = transition("a", "b", "c", weights=[9, 9, 1], targets={"a": 3, "b": 1})
    first, second = gaps(framework, {"a": 2, "b": 0, "c": 2})
    assert (first.criterion, second.criterion) == ("a", "b")
    assert 0 < second.gain - first.gain < 1e-9  # both are 900 / 95


# The worked examples; the tolerance is that of the figures printed in the contract


def test_example_two():
    result = evaluate(make_framework(), make_assessment(EXAMPLE_TWO))
    rows = [(gap.criterion, gap.level, gap.target, gap.gap, gap.severity, gap.rank) for gap in result.gaps]
    assert rows == [
        ("P1.B1", 0, 3, 3, "critical", 1),
        ("P1.B2", 0, 3, 3, "critical", 2),
        ("T1.1", 1, 4, 3, "critical", 3),
    ]
    assert [gap.gain for gap in result.gaps] == pytest.approx([14.835, 14.835, 10.0], abs=5e-4)
    assert result.at_target == pytest.approx(73.333, abs=5e-4)


def test_example_three():
    result = gaps(make_framework(), EXAMPLE_THREE)
    assert [gap.criterion for gap in result] == ["P1.A1", "P1.A2", "T1.1", "T1.2"]
    assert [gap.gain for gap in result] == pytest.approx([15, 10, 5, 5])
    assert [gap.gap for gap in result] == [3, 2, 1, 1]


# The score document


def test_the_document_has_the_keys_of_the_contract_in_its_order():
    document = evaluate(make_framework(), make_assessment(EXAMPLE_TWO)).document()
    figures = ["score", "low", "high", "strict"]
    dimension = [*figures, "level", "level_by_score", "capped_by", "coverage", "na"]
    assert list(document) == ["framework", "version", "basis", "overall", "lenses", "dimensions", "gaps"]
    assert list(document["overall"]) == [*figures, "at_target", "level", "coverage", "na", "evidence"]
    assert list(document["lenses"]["T"]) == [*figures, "level", "coverage", "na"]
    assert list(document["dimensions"]["T1"]) == dimension
    assert list(document["dimensions"]["P1"]) == [*dimension, "facets", "tilt", "balance"]
    assert list(document["gaps"][0]) == ["criterion", "level", "target", "gap", "gain", "severity", "rank"]


def test_the_document_says_what_the_scores_say():
    answers = {"T1.1": {"level": 3, "evidence": (Evidence("x"),)}, "T1.2": 3, "T1.3": NA, "P1.A1": 5, "P1.B1": 0}
    document = evaluate(make_framework(), make_assessment(answers), "self").document()
    assert document["basis"] == "self"
    assert document["overall"]["evidence"] == pytest.approx(1 / 3)
    assert document["overall"]["na"] == 1 / 7
    assert document["dimensions"]["T1"]["strict"] == pytest.approx(40)
    assert document["dimensions"]["P1"]["facets"] == {"P1.A": 100, "P1.B": 0}
    assert document["dimensions"]["P1"]["tilt"] == 100
    assert list(document["lenses"]) == ["T", "P"]


def test_capped_by_is_a_list_in_the_document():
    document = evaluate(make_framework(), make_assessment(EXAMPLE_TWO)).document()
    assert document["dimensions"]["T1"]["capped_by"] == ["T1.1"]
    assert document["dimensions"]["P1"]["capped_by"] == []


# Properties


def numbers_in(document):
    if isinstance(document, dict | list):
        for one in document.values() if isinstance(document, dict) else document:
            yield from numbers_in(one)
    elif isinstance(document, float):
        yield document


def evaluated(case, basis):
    framework, answers = case
    return evaluate(framework, make_assessment(answers), basis)


@given(cases(), BASES)
def test_the_document_survives_json_and_has_no_minus_zero(case, basis):
    document = evaluated(case, basis).document()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert not any(number == 0 and copysign(1, number) < 0 for number in numbers_in(document))


@given(cases(), BASES)
def test_scores_and_gains_are_floats_in_the_document_and_levels_whole(case, basis):
    document = evaluated(case, basis).document()
    for one in [document["overall"], *document["lenses"].values(), *document["dimensions"].values()]:
        assert {type(one[name]) for name in ("score", "low", "high", "strict", "coverage", "na")} <= {float, type(None)}
        assert type(one["level"]) in (int, type(None))


@given(cases(), BASES)
def test_gaps_are_ranked_from_1_to_n_with_falling_gain(case, basis):
    result = evaluated(case, basis).gaps
    assert [gap.rank for gap in result] == list(range(1, len(result) + 1))
    gains = [round(gap.gain, 9) for gap in result if gap.gain is not None]
    assert gains == sorted(gains, reverse=True)


@given(cases(), BASES)
def test_every_gap_is_at_least_one_and_gains_at_least_nothing(case, basis):
    for gap in evaluated(case, basis).gaps:
        assert gap.gap == gap.target - gap.level >= 1
        assert gap.gain is None or gap.gain >= 0


@given(cases(), BASES)
def test_each_gain_is_the_difference_that_the_raised_answer_makes(case, basis):
    framework, answers = case
    result = evaluated(case, basis)
    for gap in result.gaps:
        raised = {**answers[gap.criterion], "level": gap.target, "verified_level": gap.target, "not_applicable": ""}
        then = evaluated((framework, answers | {gap.criterion: raised}), basis).scores.overall.score
        if gap.gain is not None:
            assert gap.gain == pytest.approx(then - result.scores.overall.score, abs=1e-9)


@given(cases(), BASES)
def test_at_target_lies_at_or_above_every_single_gain(case, basis):
    result = evaluated(case, basis)
    for gap in result.gaps:
        if gap.gain is not None:
            assert result.at_target >= result.scores.overall.score + gap.gain - 1e-9


@given(cases())
def test_the_order_of_responses_does_not_matter(case):
    framework, answers = case
    assessment = make_assessment(answers)
    backwards = replace(assessment, responses=assessment.responses[::-1])
    assert evaluate(framework, assessment).document() == evaluate(framework, backwards).document()
