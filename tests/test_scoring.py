"""The score, rule by rule; the numbers are worked out here by hand, not by the code."""

from dataclasses import replace
from math import copysign, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.answers import level_of
from assessment.outline import Criterion, Evidence, Framework, Response
from assessment.scoring import balance_of, level_by_score, score, shown
from tests.factories import (
    BASES,
    EXAMPLE_THREE,
    EXAMPLE_TWO,
    LEVELS,
    NA,
    cases,
    make_assessment,
    make_balance,
    make_criteria,
    make_framework,
    make_lens,
    make_scale,
    make_transition,
)


def geometric(a, b, shift=0.05):
    """Points of two sides that weigh the same; L = 5, so that a quarter of a level is 0.05."""
    return 100 * (sqrt((a + shift) * (b + shift)) - shift)


def one_dimension(dimension):
    return make_framework(make_lens("X", dimension))


def transition(*weights, key=()):
    """A framework of one dimension D with criteria D.1, D.2 …"""
    codes = [f"D.{n}" for n, _ in enumerate(weights, start=1)]
    return one_dimension(make_transition("D", make_criteria(*codes, weights=weights, key=key)))


def balance(first=1, second=1, weights=(1, 1), key=()):
    """A framework of one balance D with criteria D.A1 …, D.B1 …"""
    a, b = (
        make_criteria(*(f"D.{side}{n + 1}" for n in range(size)), key=key)
        for side, size in (("A", first), ("B", second))
    )
    return one_dimension(make_balance("D", a, b, weights))


def scores(framework, answers, basis="effective"):
    return score(framework, make_assessment(answers), basis)


def dimension(framework, answers, basis="effective"):
    return scores(framework, answers, basis).dimensions["D"]


# What a response says (rules 1 and 2)


@pytest.mark.parametrize(
    ("fields", "own", "effective"),
    [
        ({}, None, None),
        ({"level": 0}, 0, 0),
        ({"level": 3}, 3, 3),
        ({"level": 3, "verified_level": 1}, 3, 1),
        ({"level": 3, "verified_level": 0}, 3, 0),
        ({"verified_level": 2}, None, 2),
        ({"not_applicable": "no port"}, None, None),
        ({"not_applicable": "no port", "verified_level": 2}, None, 2),
        ({"not_applicable": "no port", "level": 4}, None, None),  # never in a file; the reason wins
    ],
)
def test_a_verified_level_counts_in_the_effective_basis_only(fields, own, effective):
    response = Response("D.1", **fields)
    assert level_of(response, "self") == own
    assert level_of(response, "effective") == effective


def test_the_basis_is_effective_unless_asked_otherwise():
    result = score(transition(1), make_assessment({"D.1": {"level": 5, "verified_level": 1}}))
    assert (result.basis, result.overall.score) == ("effective", 20)


def test_an_unknown_basis_is_refused():
    with pytest.raises(ValueError, match="self, effective"):
        scores(transition(1), {"D.1": 1}, basis="Effective")


def test_scores_name_their_framework_and_basis():
    result = scores(transition(1), {}, "self")
    assert (result.framework, result.version, result.basis) == ("small-city", "2024.1", "self")


def test_a_criterion_without_response_is_blank():
    assert scores(transition(1, 1), {"D.1": 2}) == scores(transition(1, 1), {"D.1": 2, "D.2": {}})


def test_a_response_to_a_criterion_that_the_framework_lacks_says_nothing():
    answers = {"D.1": 2, "D.9": {"level": 5, "evidence": (Evidence("x"),)}}
    assert scores(transition(1), answers) == scores(transition(1), {"D.1": 2})


def test_an_na_overruled_by_a_reviewer_is_answered_in_effective():
    answers = {"D.1": 5, "D.2": {"not_applicable": "no port", "verified_level": 1}}
    own, effective = (dimension(transition(1, 1), answers, basis) for basis in ("self", "effective"))
    assert (own.score, own.na, own.coverage, own.strict) == (100, 0.5, 1, 50)
    assert (effective.score, effective.na, effective.coverage, effective.strict) == (60, 0, 1, 60)


def test_a_blank_filled_by_a_reviewer_is_answered_in_effective():
    answers = {"D.1": 5, "D.2": {"verified_level": 1}}
    own, effective = (dimension(transition(1, 1), answers, basis) for basis in ("self", "effective"))
    assert (own.score, own.coverage, own.low) == (100, 0.5, 50)
    assert (effective.score, effective.coverage, effective.low) == (60, 1, 60)


# From levels to scores (rules 3 to 7)


def test_a_transition_is_the_weighted_mean_of_its_criteria():
    assert dimension(transition(2, 1, 1), {"D.1": 1, "D.2": 2, "D.3": 5}).score == pytest.approx(100 * 9 / 20)


def test_a_plain_dimension_is_scored_like_a_transition():
    plain = one_dimension(make_transition("D", make_criteria("D.1", "D.2", weights=[3, 1]), kind="plain"))
    assert dimension(plain, {"D.1": 1, "D.2": 5}).score == pytest.approx(40)


def test_the_weight_of_blank_and_na_criteria_goes_to_their_siblings():
    assert dimension(transition(2, 1, 7, 9), {"D.1": 1, "D.2": 4, "D.4": NA}).score == pytest.approx(40)


def test_levels_count_by_the_highest_of_the_scale():
    three = make_framework(make_lens("X", make_transition("D", make_criteria("D.1"))), thresholds=[20, 50, 80])
    assert dimension(three, {"D.1": 1}).score == pytest.approx(100 / 3)


@pytest.mark.parametrize("level", range(6))
def test_all_criteria_at_one_level_give_that_level_everywhere(level):
    result = scores(make_framework(), dict.fromkeys(make_framework().criteria, level))
    scored = [result.overall, *result.lenses.values(), *result.dimensions.values()]
    assert {one.level for one in scored} == {level}
    assert [one.score for one in scored] == pytest.approx([20 * level] * 5)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (5, 0, 17.912878474779),  # the most that a side at zero leaves
        (0, 5, 17.912878474779),
        (0, 0, 0),
        (5, 5, 100),
        (3, 3, 60),
        (4, 2, 56.846584384265),
        (1, 0, 6.180339887499),
    ],
)
def test_a_balance_is_the_shifted_geometric_mean_of_its_sides(a, b, expected):
    assert dimension(balance(), {"D.A1": a, "D.B1": b}).score == pytest.approx(expected, abs=1e-9)


def test_facet_weights_are_exponents_in_a_balance():
    expected = 100 * (0.85 ** (3 / 4) * 0.25 ** (1 / 4) - 0.05)
    assert dimension(balance(weights=(3, 1)), {"D.A1": 4, "D.B1": 1}).score == pytest.approx(expected)


def test_the_shift_is_a_quarter_of_a_level_of_the_scale():
    two = make_framework(make_lens("X", *balance().dimensions), thresholds=[25, 75])
    assert dimension(two, {"D.A1": 2, "D.B1": 1}).score == pytest.approx(geometric(1, 0.5, shift=0.125))


@pytest.mark.parametrize("level", range(6))
def test_equal_sides_are_held_at_their_common_value_to_the_last_bit(level):
    assert dimension(balance(weights=(0.3, 1.7)), {"D.A1": level, "D.B1": level}).score == 100 * (level / 5)


def test_with_one_side_blank_the_other_is_the_provisional_value():
    result = dimension(balance(2, 1), {"D.A1": 4, "D.A2": 5})
    assert result.score == pytest.approx(90)
    assert (result.level, result.level_by_score, result.capped_by) == (None, 5, ())


def test_a_balance_with_a_side_not_applicable_is_not_ratable():
    result = dimension(balance(), {"D.A1": 4, "D.B1": NA})
    assert (result.score, result.low, result.high) == (None, None, None)
    assert (result.level, result.level_by_score, result.capped_by) == (None, None, ())
    assert (result.coverage, result.na) == (1, 0.5)


def test_a_transition_all_not_applicable_is_not_ratable():
    result = dimension(transition(1, 1), {"D.1": NA, "D.2": NA})
    assert (result.score, result.low, result.high, result.strict) == (None, None, None, 0)
    assert (result.coverage, result.na) == (None, 1)


def test_a_balance_with_a_side_half_na_half_blank_is_ratable():
    result = dimension(balance(1, 2), {"D.A1": 4, "D.B1": NA})
    assert result.score == pytest.approx(80)
    assert (result.low, result.high) == pytest.approx((geometric(0.8, 0), geometric(0.8, 1)))
    assert result.strict == pytest.approx(geometric(0.8, 0))


def test_a_dimension_that_is_not_ratable_leaves_its_lens_weight_included():
    unratable = make_balance("D", make_criteria("D.A1"), make_criteria("D.B1"), weight=9)
    other = make_transition("E", make_criteria("E.1"))
    result = scores(make_framework(make_lens("X", unratable, other)), {"D.A1": 5, "D.B1": NA, "E.1": 1})
    assert result.lenses["X"].score == result.overall.score == pytest.approx(20)
    assert result.lenses["X"].strict == pytest.approx((9 * geometric(1, 0) + 20) / 10)


def test_a_lens_is_the_weighted_mean_of_its_scored_dimensions():
    x, y, z = (
        make_transition(code, make_criteria(f"{code}.1"), weight) for code, weight in (("X", 3), ("Y", 1), ("Z", 5))
    )
    result = scores(make_framework(make_lens("L", x, y, z)), {"X.1": 1, "Y.1": 5})
    assert result.lenses["L"].score == pytest.approx(40)


def test_the_overall_score_is_the_weighted_mean_of_the_scored_lenses():
    x, y, z = (
        make_lens(f"L{code}", make_transition(code, make_criteria(f"{code}.1")), weight=weight)
        for code, weight in (("X", 3), ("Y", 1), ("Z", 5))
    )
    result = scores(make_framework(x, y, z), {"X.1": 1, "Y.1": 5})
    assert result.overall.score == pytest.approx(40)
    assert result.lenses["LZ"].score is None


def test_only_ratios_between_siblings_matter_even_at_the_ends_of_what_a_double_holds():
    huge, tiny = (transition(2 * unit, unit) for unit in (8e307, 5e-324))
    answers = {"D.1": 1, "D.2": 4}
    assert dimension(huge, answers).score == dimension(tiny, answers).score == pytest.approx(40)
    assert dimension(transition(1e308, 1e-308), {"D.2": 3}).score == pytest.approx(60)


# Bounds and strict (rule 8)


def test_bounds_put_every_blank_at_the_bottom_and_at_the_top():
    result = dimension(transition(2, 1, 1, 1), {"D.1": 2, "D.2": 3, "D.4": NA})
    assert (result.low, result.score, result.high) == pytest.approx((35, 140 / 3, 60))


def test_rounding_lifts_no_score_above_its_bounds():
    result = dimension(transition(3, 2, 1e-17), {"D.1": 3, "D.2": 0})
    assert result.low <= result.score <= result.high  # by the last bit 36.00000000000001 > 36.0


def test_without_blanks_the_bounds_are_the_score_exactly():
    overall = scores(make_framework(), {**dict.fromkeys(make_framework().criteria, 3), "T1.3": NA}).overall
    assert overall.low == overall.score == overall.high


def test_nothing_answered_has_no_score_but_bounds_from_bottom_to_top():
    overall = scores(make_framework(), {}).overall
    assert (overall.score, overall.low, overall.high, overall.strict) == (None, 0, 100, None)
    assert (overall.level, overall.coverage, overall.na, overall.evidence) == (None, 0, 0, None)


def test_strict_is_the_score_where_nothing_is_na():
    overall = scores(make_framework(), {"T1.1": 4, "P1.A1": 2, "P1.B2": 5}).overall
    assert overall.strict == overall.score


def test_strict_puts_na_at_the_bottom_and_leaves_blanks_out():
    assert dimension(transition(2, 1, 1, 9), {"D.1": 4, "D.2": 2, "D.3": NA}).strict == pytest.approx(50)


def test_strict_rates_a_dimension_that_is_not_ratable():
    assert dimension(balance(), {"D.A1": 5, "D.B1": NA}).strict == pytest.approx(geometric(1, 0))
    assert dimension(balance(), {"D.A1": NA}).strict == 0


def test_strict_can_lie_above_the_score_of_a_lens_that_an_unratable_dimension_left():
    left = make_balance("D", make_criteria("D.A1"), make_criteria("D.B1"))
    zero = make_transition("E", make_criteria("E.1"))
    lens = scores(make_framework(make_lens("X", left, zero)), {"D.A1": 5, "D.B1": NA, "E.1": 0}).lenses["X"]
    assert (lens.score, lens.strict) == pytest.approx((0, geometric(1, 0) / 2))


# Shares (rule 9)


def test_shares_count_criteria_and_ignore_weights():
    result = dimension(transition(9, 1, 1, 1), {"D.1": 2, "D.4": NA})
    assert (result.coverage, result.na) == (pytest.approx(1 / 3), 0.25)


def test_shares_of_the_whole_count_dimensions_that_are_not_ratable():
    result = scores(make_framework(), {"T1.1": 1, "P1.A1": 1, "P1.B1": NA, "P1.B2": NA})
    assert result.dimensions["P1"].score is None
    assert (result.overall.coverage, result.overall.na) == pytest.approx((2 / 5, 2 / 7))
    assert (result.lenses["P"].coverage, result.lenses["P"].na) == (0.5, 0.5)


def test_coverage_is_null_when_nothing_is_applicable():
    overall = scores(transition(1), {"D.1": NA}).overall
    assert (overall.coverage, overall.na) == (None, 1)


def test_the_evidence_share_is_of_criteria_answered_at_level_1_or_higher():
    some = (Evidence("数政发〔2025〕1号"),)
    answers = {"D.1": {"level": 0, "evidence": some}, "D.2": {"level": 1, "evidence": some}, "D.3": 5, "D.4": 2}
    assert scores(transition(1, 1, 1, 1, 1), answers).overall.evidence == pytest.approx(1 / 3)


@pytest.mark.parametrize(("basis", "share"), [("self", None), ("effective", 1)])
def test_the_evidence_share_follows_the_basis(basis, share):
    answers = {"D.1": {"level": 0, "verified_level": 1, "evidence": (Evidence("x"),)}}
    assert scores(transition(1), answers, basis).overall.evidence == share


# From scores to maturity levels (rules 10 to 13)


@pytest.mark.parametrize(
    ("x", "printed"),
    [
        (47.25, 47.3),
        (47.25 - 1e-12, 47.3),  # a half that arithmetic has just missed
        (0.15, 0.2),
        (-2.25, -2.3),
        (2.25, 2.3),
        (49.96, 50.0),
        (49.949, 49.9),
        (49.95, 50.0),
        (0.0, 0.0),
        (-0.04, 0.0),
        (-0.05, -0.1),
        (100.0, 100.0),
        (1.005, 1.0),
    ],
)
def test_shown_rounds_half_away_from_zero(x, printed):
    assert shown(x) == printed


@pytest.mark.parametrize(
    ("points", "level"),
    [(0, 0), (9.94, 0), (9.95, 1), (29.9, 1), (30, 2), (49.94, 2), (49.96, 3), (70, 4), (89.949, 4), (90, 5), (100, 5)],
)
def test_the_level_by_score_is_judged_as_printed(points, level):
    assert level_by_score(make_scale(), points) == level


def test_thresholds_with_decimals_are_reached_when_printed():
    assert level_by_score(make_scale([0.3, 33.3, 66.7]), 66.66) == 3


def test_a_level_needs_two_thirds_answered_and_na_counts_as_unanswered():
    framework = transition(1, 1, 1)
    assert dimension(framework, {"D.1": 5, "D.2": 5}).level == 5
    assert dimension(framework, {"D.1": 5, "D.2": NA, "D.3": NA}).level is None
    assert dimension(framework, {"D.1": 5, "D.2": NA, "D.3": NA}).level_by_score == 5


def test_lens_and_overall_need_two_thirds_of_their_own_criteria():
    result = scores(make_framework(), {"T1.1": 1, "T1.2": 1, "T1.3": 1, "P1.A1": 1})
    assert (result.lenses["T"].level, result.lenses["P"].level, result.overall.level) == (1, None, None)


def test_a_balance_with_an_unanswered_side_has_no_level_however_much_is_answered():
    result = dimension(balance(5, 1, key=["D.A1"]), {f"D.A{n}": 5 for n in range(1, 6)} | {"D.A1": 0})
    assert (result.level, result.level_by_score, result.capped_by) == (None, 4, ())


@pytest.mark.parametrize(
    ("key_level", "level", "capped_by"),
    [(0, 1, ("D.1",)), (1, 2, ("D.1",)), (2, 3, ("D.1",)), (3, 4, ("D.1",)), (4, 5, ()), (5, 5, ())],
)
def test_a_key_criterion_caps_the_level_at_one_above_itself(key_level, level, capped_by):
    result = dimension(transition(1, 99, key=["D.1"]), {"D.1": key_level, "D.2": 5})
    assert (result.level, result.level_by_score, result.capped_by) == (level, 5, capped_by)


def test_all_key_criteria_at_the_lowest_level_are_named_in_code_order():
    criteria = make_criteria("b", "a", "B", "c", "d", key=["b", "a", "B", "c"])
    result = dimension(one_dimension(make_transition("D", criteria)), {"b": 1, "a": 1, "B": 1, "c": 5, "d": 5})
    assert (result.score, result.level, result.capped_by) == (pytest.approx(52), 2, ("B", "a", "b"))


def test_key_criteria_above_the_lowest_are_not_named():
    result = dimension(transition(1, 1, 9, key=["D.1", "D.2"]), {"D.1": 1, "D.2": 2, "D.3": 5})
    assert (result.level, result.level_by_score, result.capped_by) == (2, 4, ("D.1",))


def test_a_blank_key_criterion_caps_like_level_0():
    result = dimension(transition(1, 1, 1, key=["D.3"]), {"D.1": 4, "D.2": 4})
    assert (result.level, result.level_by_score, result.capped_by) == (1, 4, ("D.3",))


def test_an_na_key_criterion_caps_nothing():
    result = dimension(transition(1, 1, 1, key=["D.3"]), {"D.1": 4, "D.2": 4, "D.3": NA})
    assert (result.level, result.capped_by) == (4, ())


def test_a_key_criterion_verified_lower_caps_in_the_effective_basis_only():
    answers = {"D.1": {"level": 4, "verified_level": 1}, "D.2": 5, "D.3": 5}
    own, effective = (dimension(transition(1, 1, 1, key=["D.1"]), answers, basis) for basis in ("self", "effective"))
    assert (own.level, own.capped_by) == (5, ())
    assert (effective.level, effective.capped_by) == (2, ("D.1",))


def test_key_criteria_of_either_side_cap_a_balance():
    result = dimension(balance(2, 2, key=["D.A1", "D.B2"]), {"D.A1": 5, "D.A2": 5, "D.B1": 5, "D.B2": 1})
    assert (result.level, result.level_by_score, result.capped_by) == (2, 4, ("D.B2",))


def test_lens_and_overall_levels_are_not_capped():
    result = scores(transition(1, 1, 1, key=["D.1"]), {"D.1": 0, "D.2": 5, "D.3": 5})
    assert (result.dimensions["D"].level, result.lenses["X"].level, result.overall.level) == (1, 3, 3)


@pytest.mark.parametrize(
    ("a", "b", "tilt", "word"),
    [
        ((3, 3), (3, 3), 0, "balanced"),
        ((3, 4), (3, 3), 10, "balanced"),
        ((3, 3), (4, 3), -10, "balanced"),
        ((4, 4), (3, 3), 20, "leaning"),
        ((3, 3), (4, 4), -20, "leaning"),
        ((5, 4), (3, 3), 30, "lopsided"),
        ((0, 0), (5, 5), -100, "lopsided"),
    ],
)
def test_the_tilt_is_the_first_side_less_the_second(a, b, tilt, word):
    answers = {"D.A1": a[0], "D.A2": a[1], "D.B1": b[0], "D.B2": b[1]}
    result = dimension(balance(2, 2, weights=(1, 7)), answers)
    assert (result.tilt, result.balance) == (pytest.approx(tilt), word)


@pytest.mark.parametrize(
    ("tilt", "word"),
    [(10.04, "balanced"), (-10.04, "balanced"), (10.05, "leaning"), (25.04, "leaning"), (-25.05, "lopsided")],
)
def test_the_tilt_is_judged_as_printed(tilt, word):
    assert balance_of(tilt) == word


def test_a_tilt_of_a_quarter_is_still_leaning():
    result = dimension(
        balance(4, 4), {f"D.{side}{n}": 3 for side in "AB" for n in range(1, 5)} | {"D.A1": 5, "D.B1": 0}
    )
    assert (result.tilt, result.balance) == (pytest.approx(25), "leaning")


@pytest.mark.parametrize(
    ("answers", "facets"),
    [
        ({"D.A1": 2}, {"D.A": 40, "D.B": None}),
        ({"D.B1": 0}, {"D.A": None, "D.B": 0}),
        ({"D.A1": 2, "D.B1": NA}, {"D.A": 40, "D.B": None}),  # not ratable
        ({"D.A1": NA, "D.B1": NA}, {"D.A": None, "D.B": None}),
        ({}, {"D.A": None, "D.B": None}),
    ],
)
def test_without_both_sides_there_are_facets_but_no_tilt(answers, facets):
    result = dimension(balance(), answers)
    assert (result.facets, result.tilt, result.balance) == (facets, None, None)


def test_only_a_balance_has_facets_and_tilt():
    result = dimension(transition(1), {"D.1": 2})
    assert (result.facets, result.tilt, result.balance) == (None, None, None)


# The worked examples of the contract; the tolerance is that of the figures printed there


def example_one(levels_a, levels_b, key=()):
    a = make_criteria("P1.A1", "P1.A2", "P1.A3")
    b = make_criteria("P1.B1", "P1.B2", "P1.B3", weights=[2, 1, 1], key=key)
    answers = {c.code: level for c, level in zip(a + b, levels_a + levels_b, strict=True) if level is not None}
    return scores(one_dimension(make_balance("P1", a, b)), answers).dimensions["P1"]


def test_example_one():
    result = example_one((4, 3, 2), (1, 2, None), key=["P1.B1"])
    assert (result.score, result.low, result.high) == pytest.approx((40.369, 35.311, 52.009), abs=5e-4)
    assert result.facets == pytest.approx({"P1.A": 60, "P1.B": 26.6667}, abs=5e-5)
    assert (result.tilt, result.balance) == (pytest.approx(33.3, abs=0.05), "lopsided")
    assert (result.level, result.level_by_score, result.capped_by) == (2, 2, ())
    assert (result.coverage, result.strict) == (5 / 6, result.score)


def test_example_one_with_the_key_criterion_at_0():
    result = example_one((4, 3, 2), (0, 2, None), key=["P1.B1"])
    assert result.score == pytest.approx(29.521, abs=5e-4)
    assert (result.level, result.level_by_score, result.capped_by) == (1, 1, ())


def test_example_one_with_all_others_at_4():
    result = example_one((4, 4, 4), (1, 4, 4), key=["P1.B1"])
    assert result.score == pytest.approx(63.374, abs=5e-4)
    assert (result.level, result.level_by_score, result.capped_by) == (2, 3, ("P1.B1",))


def test_example_two():
    result = scores(make_framework(), EXAMPLE_TWO)
    t1, p1 = result.dimensions["T1"], result.dimensions["P1"]
    assert (t1.score, p1.score, result.overall.score) == pytest.approx((66.667, 13.028, 39.847), abs=5e-4)
    assert (t1.level, t1.level_by_score, t1.capped_by) == (2, 3, ("T1.1",))
    assert (p1.level, result.overall.level) == (1, 2)


def test_example_three_as_the_city_sees_itself():
    result = scores(make_framework(), EXAMPLE_THREE, "self")
    t1, p1, overall = result.dimensions["T1"], result.dimensions["P1"], result.overall
    assert (t1.score, t1.level) == (pytest.approx(60), 3)
    assert (p1.score, p1.level, p1.level_by_score, p1.tilt) == (pytest.approx(10), None, 1, None)
    assert (p1.low, p1.high) == pytest.approx((3.660, 34.686), abs=5e-4)
    assert (overall.score, overall.low, overall.high) == pytest.approx((35, 31.830, 47.343), abs=5e-4)
    assert (t1.strict, overall.strict) == pytest.approx((40, 25))
    assert (overall.coverage, overall.na, overall.level) == (4 / 6, 1 / 7, None)


def test_example_three_as_verified():
    result = scores(make_framework(), EXAMPLE_THREE)
    assert (result.dimensions["T1"].score, result.dimensions["T1"].level) == (pytest.approx(50), 3)
    assert result.overall.score == pytest.approx(30)


# Properties


def everything_in(result):
    return [result.overall, *result.lenses.values(), *result.dimensions.values()]


def times(framework: Framework, factor: float) -> Framework:
    """The framework with the weights of all criteria, sides, dimensions and lenses multiplied."""

    def scaled(one, **fields):
        return replace(one, weight=one.weight * factor, **fields)

    def facet(f):
        return scaled(f, criteria=tuple(scaled(c) for c in f.criteria))

    def dimension(d):
        return scaled(d, facets=tuple(facet(f) for f in d.facets))

    lenses = (scaled(lens, dimensions=tuple(dimension(d) for d in lens.dimensions)) for lens in framework.lenses)
    return replace(framework, lenses=tuple(lenses))


@given(cases(), BASES)
def test_the_score_lies_within_its_bounds(case, basis):
    for one in everything_in(scores(*case, basis)):
        if one.score is not None:
            assert 0 <= one.low <= one.score <= one.high <= 100.0000001


@given(cases(), BASES, st.data())
def test_no_level_raised_lowers_any_score(case, basis, data):
    framework, answers = case
    code = data.draw(st.sampled_from(list(framework.criteria)))
    lower, higher = sorted((data.draw(LEVELS), data.draw(LEVELS)))
    before = scores(framework, answers | {code: lower}, basis)
    after = scores(framework, answers | {code: higher}, basis)
    for one, other in zip(everything_in(before), everything_in(after), strict=True):
        for figure in ("score", "low", "high", "strict"):
            x, y = getattr(one, figure), getattr(other, figure)
            assert (x is None and y is None) or x <= y + 1e-9


@given(cases(), BASES, st.sampled_from([0.125, 3, 7.7, 1e9]))
def test_a_common_factor_on_sibling_weights_changes_nothing(case, basis, factor):
    framework, answers = case
    plain, scaled = scores(framework, answers, basis), scores(times(framework, factor), answers, basis)
    for one, other in zip(everything_in(plain), everything_in(scaled), strict=True):
        assert (one.score, one.low, one.high, one.strict) == pytest.approx(
            (other.score, other.low, other.high, other.strict)
        )


@given(cases(), BASES)
def test_strict_never_exceeds_the_score_of_a_dimension(case, basis):
    for one in scores(*case, basis).dimensions.values():
        if one.score is not None:
            assert one.strict <= one.score + 1e-9


@given(cases(), BASES)
def test_strict_never_exceeds_the_overall_score_where_every_dimension_is_ratable(case, basis):
    result = scores(*case, basis)
    if result.overall.score is not None and all(one.low is not None for one in result.dimensions.values()):
        assert result.overall.strict <= result.overall.score + 1e-9


@given(cases(), BASES)
def test_the_level_is_never_above_the_level_by_score_and_says_why_when_below(case, basis):
    for one in scores(*case, basis).dimensions.values():
        if one.level is None:
            assert one.capped_by == ()
        else:
            assert one.level <= one.level_by_score
            assert (one.level < one.level_by_score) == bool(one.capped_by)


@given(cases())
def test_without_verified_levels_both_bases_agree(case):
    framework, answers = case
    plain = {code: {k: v for k, v in a.items() if k != "verified_level"} for code, a in answers.items()}
    assert everything_in(scores(framework, plain, "self")) == everything_in(scores(framework, plain, "effective"))


@given(st.floats(-1000, 1000))
def test_shown_is_never_minus_zero_and_within_half_a_tenth(x):
    printed = shown(x)
    assert abs(printed - x) <= 0.05 + 1e-9
    assert printed != 0 or copysign(1, printed) == 1
    assert shown(-x) == -printed


@settings(max_examples=20)
@given(st.integers(0, 5))
def test_a_criterion_alone_is_the_whole(level):
    framework = one_dimension(make_transition("D", [Criterion("D.1", "", "")]))
    assert scores(framework, {"D.1": level}).overall.score == 20 * level
