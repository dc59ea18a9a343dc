"""Two rounds compared: the small example by hand, and what holds for any two."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import gaps
from assessment.migrating import why
from assessment.outline import Evidence
from assessment.remark import Remark, Remarks
from assessment.reports import document
from assessment.reports.comparison import Round, compare
from assessment.reports.comparison import words as told
from assessment.scoring import shown
from tests.factories import ANSWERS, BASES, EXAMPLE_TWO, NA, cases, make_assessment, make_framework, make_scale
from tests.migrations import next_version, reweighted, some_migrations
from tests.records import some_framework

LAW, LEDGER = Evidence("办法", reference="1号"), Evidence("台账", as_of=date(2026, 3, 1))
OLD, NEW = some_framework(), next_version()
# T1.1 rises, T1.2 falls and was reworded, T1.3 is called T1.9; P1.A1 and P1.A2 are one; P1.B1 went, P1.B3 came.
AFTER = {"T1.1": 3, "T1.2": 2, "T1.9": 4, "P1.A3": 4, "P1.B2": 1, "P1.B3": 2}


def same_version(before, after, **options):
    """The small framework twice."""
    rounds = make_assessment(before, round="2025"), make_assessment(after)
    return compare(*(Round(OLD, each) for each in rounds), **options)


@pytest.fixture(scope="module")
def two_versions():
    after = make_assessment(AFTER, version="2025.1")
    return compare(Round(OLD, make_assessment(EXAMPLE_TWO, round="2025")), Round(NEW, after))


def item(comparison, code):
    return next(item for item in comparison.criteria if item.last.code == code)


def figures(movement):
    before, after = (shown(side.score) for side in (movement.before, movement.after))
    return before, after, movement.parts.whole, movement.parts.answers, movement.parts.criteria


class TestTheSmallExample:
    # T1: (1+5+4)/15, then (3+2+4)/15; P1: the shifted geometric mean of 0.6 and 0, then of 0.8 and 0.3; between the two
    # of 0.6 and 0.1, as P1.B2 alone is put back.
    def test_tells_each_score_and_what_the_difference_is_made_of(self, two_versions):
        t1, p1 = two_versions.dimensions
        assert figures(t1) == (66.7, 60.0, -6.7, -6.7, 0.0)
        assert figures(p1) == (13.0, 49.5, 36.5, 13.2, 23.3)
        assert figures(two_versions.overall) == (39.8, 54.8, 15.0, 3.3, 11.7)
        assert [lens.code for lens in two_versions.lenses] == ["T", "P"]
        assert figures(two_versions.lenses[1]) == figures(p1)

    def test_tells_what_became_of_each_criterion(self, two_versions):
        changes = {each.last.code: each.change for each in two_versions.criteria}
        assert changes == {
            "T1.1": "improved",
            "T1.2": "fell",
            "T1.9": "unchanged",
            "P1.A3": "regrouped",
            "P1.B2": "improved",
            "P1.B3": "added",
            "P1.B1": "removed",
        }
        assert [each.last.code for each in two_versions.rewordings] == ["T1.2"]
        assert item(two_versions, "T1.2").changed == ("statement",)
        assert item(two_versions, "T1.2").steps == -3
        assert item(two_versions, "P1.A3").steps is None
        assert told.origin(item(two_versions, "T1.9")) == "T1.3 → T1.9"
        assert told.origin(item(two_versions, "P1.A3")) == "P1.A1、P1.A2 → P1.A3"

    def test_tells_which_gaps_closed_opened_stayed_or_went(self, two_versions):
        fates = {each.last.code: each.gap for each in two_versions.criteria}
        assert fates == {
            "T1.1": "kept",
            "T1.2": "opened",
            "T1.9": "",
            "P1.A3": "",
            "P1.B2": "kept",
            "P1.B3": "opened",
            "P1.B1": "dropped",
        }

    def test_tells_new_levels_and_what_key_criteria_hold_down(self, two_versions):
        assert [told.new_level(movement) for movement in two_versions.dimensions] == ["2→3", "1→2"]
        (cap,) = two_versions.caps
        assert (cap.fate, cap.last.code, [key.code for key in cap.last.by]) == ("gone", "T1", ["T1.1"])


class TestOnOneVersion:
    def test_all_of_a_difference_comes_from_answers(self):
        comparison = same_version(EXAMPLE_TWO, EXAMPLE_TWO | {"T1.1": 4})
        assert comparison.is_same_version
        assert comparison.overall.parts.whole == comparison.overall.parts.answers
        assert comparison.overall.parts.criteria == 0.0

    def test_a_criterion_that_begins_blank_on_its_version_is_compared_like_any_other(self):
        lens, other = OLD.lenses
        t1 = lens.dimensions[0]
        first, *rest = t1.criteria
        blank = replace(first, carry="blank", replaces=("T0.1",))
        facet = replace(t1.facets[0], criteria=(blank, *rest))
        framework = replace(OLD, lenses=(replace(lens, dimensions=(replace(t1, facets=(facet,)),)), other))
        rounds = (Round(framework, make_assessment(EXAMPLE_TWO | {"T1.1": level})) for level in (1, 4))
        comparison = compare(*rounds)
        assert item(comparison, "T1.1").change == "improved"
        assert comparison.overall.parts.criteria == 0.0

    @pytest.mark.parametrize(
        ("before", "after", "change", "gap"),
        [
            (1, 3, "improved", "closed"),
            (1, 2, "improved", "kept"),
            (4, 2, "fell", "opened"),
            (2, 2, "unchanged", "kept"),
            (3, 3, "unchanged", ""),
            ({}, 2, "answered", "opened"),
            (NA, 3, "applies", ""),
            (2, {}, "unanswered", "dropped"),
            (2, NA, "excused", "dropped"),
            ({}, {}, "unchanged", ""),
            ({"level": 2}, {"level": 2, "target": 1}, "unchanged", "dropped"),
            ({"level": 2, "target": 5}, {"level": 4, "target": 4}, "improved", "dropped"),
            ({"level": 3, "verified_level": 1}, 3, "improved", "closed"),
        ],
    )
    def test_each_fate_of_an_answer(self, before, after, change, gap):
        comparison = same_version({"T1.2": before}, {"T1.2": after})
        found = item(comparison, "T1.2")
        assert (found.change, found.gap) == (change, gap)

    def test_evidence_gained_is_what_was_not_named_before(self):
        before = EXAMPLE_TWO | {"T1.2": {"level": 5, "evidence": (LAW,)}}
        after = EXAMPLE_TWO | {
            "T1.2": {"level": 5, "evidence": (LAW, LEDGER)},
            "T1.3": {"level": 4, "evidence": (LAW,)},
        }
        comparison = same_version(before, after)
        assert item(comparison, "T1.2").gained == (LEDGER,)
        assert item(comparison, "T1.3").gained == (LAW,)
        proof = comparison.proof
        assert (proof.before, proof.after, proof.gained) == (1, 3, 1)
        assert proof.share_before < proof.share_after

    def test_in_the_basis_of_one_s_own_levels_what_was_verified_plays_no_part(self):
        before = EXAMPLE_TWO | {"T1.2": {"level": 5, "verified_level": 1}}
        comparison = same_version(before, EXAMPLE_TWO, basis="self")
        assert item(comparison, "T1.2").change == "unchanged"
        assert comparison.overall.parts.whole == 0.0


class TestWhatCountsOtherwise:
    @pytest.fixture
    def comparison(self):
        after = make_assessment(EXAMPLE_TWO, version="2025.1")
        return compare(Round(OLD, make_assessment(EXAMPLE_TWO, round="2025")), Round(reweighted(), after))

    def test_is_told_with_what_it_was_and_is_and_its_share(self, comparison):
        found = {(s.code, s.setting): (s.before, s.after) for s in comparison.shifts}
        assert found == {
            ("T1.2", "weight"): (1, 3),
            ("T1.1", "key"): (True, False),
            ("3", "threshold"): (50, 65),
        }
        (weight,) = [s for s in comparison.shifts if s.setting == "weight"]
        with translation.override("zh-hans"):
            assert told.shares(weight) == "16.7%→30.0%"

    def test_explains_a_difference_that_no_answer_makes(self, comparison):
        assert comparison.overall.parts.answers == 0.0
        assert comparison.overall.parts.criteria > 0
        assert {each.change for each in comparison.criteria} == {"unchanged"}

    def test_leaves_the_unchanged_criteria_by_name(self, comparison):
        with translation.override("zh-hans"):
            rows = dict(told.still(comparison))
        assert rows["T1 维度T1"] == "T1.1（1）、T1.2（5）、T1.3（4）"

    def test_tells_what_stands_elsewhere_now(self):
        lens, other = OLD.lenses
        t1, p1 = lens.dimensions[0], other.dimensions[0]
        moved, *rest = t1.criteria
        first, second = p1.facets
        sides = (replace(first, criteria=(*first.criteria, moved)), second)
        lenses = (
            replace(lens, dimensions=(replace(t1, facets=(replace(t1.facets[0], criteria=tuple(rest)),)),)),
            replace(other, dimensions=(replace(p1, facets=sides),)),
        )
        new = replace(OLD, lenses=lenses, version="2025.1")
        rounds = Round(OLD, make_assessment(EXAMPLE_TWO)), Round(new, make_assessment(EXAMPLE_TWO, version="2025.1"))
        (shift,) = compare(*rounds).shifts
        assert (shift.code, shift.setting, shift.before[:3]) == ("T1.1", "place", "T1 ")

    def test_is_nothing_on_one_version(self):
        assert same_version(EXAMPLE_TWO, EXAMPLE_TWO | {"T1.1": 4}).shifts == ()


def test_a_level_that_one_round_lacks_is_said_in_words():
    movement = same_version({}, EXAMPLE_TWO).overall
    with translation.override("zh-hans"):
        assert told.new_level(movement) == f"无等级→{movement.after.level}"
        assert told.new_level(same_version({}, {}).overall) == "—"


def test_on_another_scale_levels_are_not_compared_and_no_gap_counts_as_closed():
    other = replace(OLD, version="2025.1", scale=make_scale((30, 60, 90)))
    rounds = Round(OLD, make_assessment({"T1.2": 2})), Round(other, make_assessment({"T1.2": 3}, version="2025.1"))
    found = item(compare(*rounds), "T1.2")
    assert (found.change, found.gap, found.steps) == ("incomparable", "dropped", None)


def test_empty_rounds_have_no_difference_and_say_so():
    comparison = same_version({}, {})
    assert comparison.overall.parts.whole is None
    assert told.verdict(comparison) == told.verdict(same_version({}, EXAMPLE_TWO))


def test_a_reader_is_warned_where_more_is_answered_in_one_round():
    fewer = {code: level for code, level in EXAMPLE_TWO.items() if code != "T1.3"}
    with translation.override("zh-hans"):
        assert "作答率由100.0%变为85.7%" in told.verdict(same_version(EXAMPLE_TWO, fewer))
        assert "作答率" not in told.verdict(same_version(EXAMPLE_TWO, EXAMPLE_TWO))


def test_the_authors_words_on_the_whole_are_told_and_no_others():
    words = Remarks((Remark("summary", "", "先看**数据**", "张三"), Remark("dimension", "T1", "另一处")))
    said = same_version(EXAMPLE_TWO, EXAMPLE_TWO, remarks=words).words
    assert said and said.by == "张三"
    assert [block.text for block in said.blocks] == ["先看数据"]
    assert same_version(EXAMPLE_TWO, EXAMPLE_TWO).words is None


def test_the_document_has_both_score_documents_and_all_that_is_said(two_versions):
    told_in_json = document.document(two_versions)
    rounds = Round(OLD, make_assessment(EXAMPLE_TWO)), Round(NEW, make_assessment(AFTER, version="2025.1"))
    for name, each in zip(("before", "after"), rounds, strict=True):
        assert told_in_json[name] == gaps.evaluate(each.framework, each.assessment).document()
    assert told_in_json["content"]["overall"]["parts"]["criteria"] == 11.7
    assert document.render(two_versions).endswith(b"}\n")


# Any two rounds


@st.composite
def some_rounds(draw):
    old, new, before = draw(some_migrations())
    answers = {code: draw(ANSWERS) for code in new.criteria}
    within = {code: {name: _on(value, new.highest) for name, value in a.items()} for code, a in answers.items()}
    after = make_assessment(within, version=new.version)
    return Round(old, before), Round(new, after), draw(BASES)


def _on(value, highest):
    return min(value, highest) if isinstance(value, int) else value


@settings(max_examples=80)
@given(some_rounds())
def test_what_answers_and_criteria_make_adds_up_to_the_difference(case):
    before, after, basis = case
    comparison = compare(before, after, basis)
    for movement in (comparison.overall, *comparison.lenses, *comparison.dimensions):
        parts = movement.parts
        if None not in (parts.whole, parts.answers, parts.criteria):
            assert round(parts.answers + parts.criteria, 1) == parts.whole
        if movement.before and movement.after and None not in (movement.before.score, movement.after.score):
            assert parts.whole == round(shown(movement.after.score) - shown(movement.before.score), 1)


@settings(max_examples=80)
@given(some_rounds())
def test_the_split_is_that_of_a_migration(case):
    before, after, _basis = case
    split = why(before.framework, after.framework, before.assessment, after.assessment)
    parts = compare(before, after, "self").overall.parts
    assert (parts.whole, parts.answers, parts.criteria) == (
        split.overall.whole,
        split.overall.answers,
        split.overall.criteria,
    )


@settings(max_examples=80)
@given(some_rounds())
def test_every_criterion_of_both_rounds_and_every_gap_is_told_once(case):
    before, after, basis = case
    comparison = compare(before, after, basis)
    for round_, side in ((before, "before"), (after, "after")):
        sides = [one for each in comparison.criteria for one in getattr(each, side)]
        assert sorted(one.code for one in sides) == sorted(round_.framework.criteria)
        found = gaps.evaluate(round_.framework, round_.assessment, basis).gaps
        assert {one.code: one.gap for one in sides if one.gap} == {gap.criterion: gap.gap for gap in found}


@settings(max_examples=80)
@given(cases(), BASES)
def test_a_round_beside_itself_is_unchanged_in_everything(case, basis):
    framework, answers = case
    same = Round(framework, make_assessment(answers))
    comparison = compare(same, same, basis)
    assert {each.change for each in comparison.criteria} == {"unchanged"}
    assert {each.gap for each in comparison.criteria} <= {"", "kept"}
    for movement in (comparison.overall, *comparison.lenses, *comparison.dimensions):
        assert movement.before == movement.after
        assert {movement.parts.whole, movement.parts.answers, movement.parts.criteria} <= {0.0, None}
    assert {cap.fate for cap in comparison.caps} <= {"kept"}
    assert comparison.proof.gained == 0


def test_rounds_on_a_framework_of_one_lens_are_compared_too():
    framework = make_framework(make_framework().lenses[0])
    same = Round(framework, make_assessment({"T1.1": 1}))
    assert len(compare(same, same).lenses) == 1
