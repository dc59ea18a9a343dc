"""What a golden set's figures are, and how its answers follow the criteria from version to version."""

from dataclasses import replace

import pytest
from hypothesis import given

from assessment import bench
from assessment.bench import Figure, Golden, digest, figures, followed, run
from assessment.scoring import score, shown
from tests.editing import inserted, next_version, with_criterion, without
from tests.factories import EXAMPLE_TWO, cases, make_assessment, make_criteria, make_framework, make_lens

FRAMEWORK = make_framework()


def golden(answers=EXAMPLE_TWO, framework=FRAMEWORK):
    """The answers with what the framework makes of them, accepted."""
    return Golden("青禾市", answers, figures(framework, answers))


def new_one(code, *replaced, **changes):
    (criterion,) = make_criteria(code)
    return replace(criterion, replaces=replaced, **changes)


def test_figures_are_those_of_the_worked_example_as_they_are_shown():
    found = figures(FRAMEWORK, EXAMPLE_TWO)
    assert found["overall"] == {"score": 39.8, "level": 2}
    assert found["lenses"] == {"T": {"score": 66.7, "level": 3}, "P": {"score": 13.0, "level": 1}}
    assert found["dimensions"] == {"T1": {"score": 66.7, "level": 2}, "P1": {"score": 13.0, "level": 1}}


@given(cases())
def test_figures_are_the_scores_that_everybody_else_computes(case):
    framework, given = case
    answers = {code: answer["level"] for code, answer in given.items() if "level" in answer}
    answers |= {code: bench.NA for code, answer in given.items() if "not_applicable" in answer}
    plain = {code: {"not_applicable": "无"} if answer == bench.NA else answer for code, answer in answers.items()}
    scores, found = score(framework, make_assessment(plain), "self"), figures(framework, answers)
    for code, scored in scores.dimensions.items():
        wanted = None if scored.score is None else shown(scored.score)
        assert found["dimensions"][code] == {"score": wanted, "level": scored.level}
    assert found["overall"]["level"] == scores.overall.level


def test_what_was_accepted_and_is_still_so_does_not_differ():
    result = run(FRAMEWORK, golden())
    assert (result.differences, result.lost, result.blank) == ((), (), ())
    assert [row.code for row in result.rows] == ["", "T", "P", "T1", "P1"]


def test_a_figure_that_is_not_what_was_accepted_is_told_with_its_change():
    heavier = with_criterion(FRAMEWORK, "T1.1", weight=8)
    changes = {row.code: row.change for row in run(heavier, golden()).differences}
    assert changes == {"": -16.3, "T": -32.7, "T1": -32.7}


def test_a_level_alone_may_differ():
    unkeyed = with_criterion(FRAMEWORK, "T1.1", key=False)
    (row,) = run(unkeyed, golden()).differences
    assert (row.expected, row.now, row.change) == (Figure(66.7, 2), Figure(66.7, 3), 0.0)


def test_a_part_that_came_or_went_differs():
    lens, _other = FRAMEWORK.lenses
    result = run(replace(FRAMEWORK, lenses=(lens, make_lens("Q"))), golden())
    told = {row.code: (row.expected is None, row.now is None) for row in result.differences}
    assert told == {"": (False, False), "Q": (True, False), "P": (False, True), "P1": (False, True)}


# Figures that somebody typed


def typed(overall=None, **dimensions):
    return Golden("青禾市", EXAMPLE_TWO, {"typed": True, "overall": overall or {}, "dimensions": dimensions})


def test_of_typed_figures_only_what_was_typed_is_compared():
    assert run(FRAMEWORK, typed({"score": 39.8}, T1={"level": 2})).differences == ()
    (overall, t1) = run(FRAMEWORK, typed({"score": 45}, T1={"level": 3})).differences
    assert (overall.change, overall.score_differs, overall.level_differs) == (-5.2, True, False)
    assert (t1.expected, t1.score_differs, t1.level_differs) == (Figure(None, 3), False, True)


def test_a_typed_dimension_that_went_differs_and_one_that_came_does_not():
    lens, _other = FRAMEWORK.lenses
    changed = replace(FRAMEWORK, lenses=(lens, make_lens("Q")))
    assert [row.code for row in run(changed, typed(T1={"level": 2}, P1={"level": 1})).differences] == ["P1"]


# Answers that follow the criteria


def test_answers_go_by_their_codes():
    assert followed(FRAMEWORK, EXAMPLE_TWO) == EXAMPLE_TWO


def test_the_parts_of_a_split_take_its_answer():
    new = inserted(without(FRAMEWORK, "T1.2"), "T1", new_one("T1.2a", "T1.2"), new_one("T1.2b", "T1.2"))
    answers = followed(new, EXAMPLE_TWO)
    assert (answers["T1.2a"], answers["T1.2b"]) == (5, 5)
    assert run(new, golden()).lost == ()


def test_a_part_split_off_takes_the_answer_until_it_has_its_own():
    new = inserted(FRAMEWORK, "T1", new_one("T1.4", "T1.2"))
    assert followed(new, {"T1.2": 3}) == {"T1.2": 3, "T1.4": 3}
    assert followed(new, {"T1.2": 3, "T1.4": 1}) == {"T1.2": 3, "T1.4": 1}


@pytest.mark.parametrize(("carry", "wanted"), [("lowest", 4), ("highest", 5), ("blank", None)])
def test_of_several_the_level_is_taken_that_carry_says(carry, wanted):
    new = inserted(without(FRAMEWORK, "T1.2", "T1.3"), "T1", new_one("T1.5", "T1.2", "T1.3", carry=carry))
    assert followed(new, EXAMPLE_TWO).get("T1.5") == wanted


def test_what_took_another_in_counts_with_it():
    new = with_criterion(without(FRAMEWORK, "T1.1"), "T1.2", replaces=("T1.1",))
    assert followed(new, EXAMPLE_TWO)["T1.2"] == 1


def test_what_does_not_apply_counts_only_where_nothing_else_does():
    new = inserted(without(FRAMEWORK, "T1.2", "T1.3"), "T1", new_one("T1.5", "T1.2", "T1.3"))
    assert followed(new, {"T1.2": "na", "T1.3": 2})["T1.5"] == 2
    assert followed(new, {"T1.2": "na", "T1.3": "na"})["T1.5"] == "na"


def test_answers_that_nothing_takes_over_and_criteria_without_one_are_told():
    new = inserted(without(FRAMEWORK, "T1.2"), "T1", new_one("T1.9"))
    result = run(new, golden())
    assert (result.lost, result.blank) == (("T1.2",), ("T1.9",))


def test_a_level_above_the_scale_is_no_answer():
    shorter = make_framework(thresholds=(30, 70))
    assert "T1.2" in run(shorter, golden()).blank
    assert followed(shorter, EXAMPLE_TWO)["T1.1"] == 1


def test_figures_are_known_again_by_their_digest():
    found = figures(FRAMEWORK, EXAMPLE_TWO)
    assert digest(found) == digest(figures(next_version(FRAMEWORK), dict(reversed(EXAMPLE_TWO.items()))))
    assert digest(found) != digest(figures(FRAMEWORK, EXAMPLE_TWO | {"T1.1": 2}))


@pytest.mark.parametrize(
    "unfinished",
    [
        replace(FRAMEWORK, scale=()),
        replace(FRAMEWORK, scale=FRAMEWORK.scale[:1]),
        replace(FRAMEWORK, lenses=()),
        make_framework(make_lens("T", replace(FRAMEWORK.dimensions[0], facets=()))),
        make_framework(make_lens("P", replace(FRAMEWORK.dimensions[1], facets=FRAMEWORK.dimensions[1].facets[:1]))),
        without(FRAMEWORK, *FRAMEWORK.criteria),
    ],
)
def test_an_unfinished_draft_has_no_figures_and_so_differs(unfinished):
    result = run(unfinished, golden())
    assert result.now["overall"] == {"score": None, "level": None}
    assert Figure(39.8, 2) in [row.expected for row in result.differences]
