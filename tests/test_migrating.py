"""What becomes of each answer on another version, row by row in plain words; and why the score is another one."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given

from assessment.lineage import forebears
from assessment.migrating import Difference, Row, Since, Split, counterparts, migrate, rewording, since, why
from assessment.outline import LONGEST_TEXT, Criterion, Evidence, LevelDescriptor, Response, Text
from assessment.scoring import score
from tests.factories import (
    NA,
    cases,
    make_assessment,
    make_criteria,
    make_framework,
    make_scale,
    make_transition,
    small_lenses,
    text,
)
from tests.migrations import some_migrations

LAW, LEDGER = Evidence("办法", reference="1号"), Evidence("台账")
OLD = make_framework()
NEXT = {"version": "2025.1"}


def a_dimension(*criteria, code="T1"):
    """The framework with these criteria in its first dimension."""
    lens, other = small_lenses()
    return make_framework(replace(lens, dimensions=(make_transition(code, criteria),)), other, **NEXT)


def but(code, **fields):
    """The old criterion, changed; under another code where `code=…` says so."""
    return replace(OLD.criteria[code], **fields)


def made(code, *replaces, **fields):
    (criterion,) = make_criteria(code)
    return replace(criterion, replaces=replaces, **fields)


def moved(new, answers, **options):
    return migrate(OLD, new, make_assessment(answers).responses, **options)


def row(plan, code):
    return next(row for row in plan.rows if row.new and row.new.criterion == code)


def left(plan):
    return [row.old[0].criterion for row in plan.rows if row.fate == "removed"]


T1, T2, T3 = (OLD.criteria[code] for code in ("T1.1", "T1.2", "T1.3"))
WORDED = {"title": text("另一种说法")}
# What the author of the new version did: its criteria in T1, the code looked at, its fate, its level, to be confirmed.
# The old answers: T1.1 at level 3, T1.2 at level 1, T1.3 not applicable.
ANSWERS = {"T1.1": 3, "T1.2": 1, "T1.3": NA}
DEEDS = {
    "nothing": ([T1, T2, T3], "T1.2", "carried", 1, False),
    "another weight": ([T1, replace(T2, weight=4, key=True), T3], "T1.2", "carried", 1, False),
    "other words": ([T1, replace(T2, **WORDED), T3], "T1.2", "reworded", 1, True),
    "another code": ([T1, replace(T2, code="T1.9", replaces=("T1.2",)), T3], "T1.9", "renamed", 1, False),
    "another code, other words": (
        [T1, replace(T2, code="T1.9", replaces=("T1.2",), **WORDED), T3],
        "T1.9",
        "renamed",
        1,
        True,
    ),
    "two of one": ([T1, made("T1.4", "T1.2"), made("T1.5", "T1.2"), T3], "T1.5", "split", 1, True),
    "a part taken out": ([T1, T2, made("T1.4", "T1.2"), T3], "T1.2", "split", 1, True),
    "one of two": ([made("T1.4", "T1.1", "T1.2"), T3], "T1.4", "merged", 1, True),
    "one of two, the higher": ([made("T1.4", "T1.1", "T1.2", carry="highest"), T3], "T1.4", "merged", 3, True),
    "one of two, anew": ([made("T1.4", "T1.1", "T1.2", carry="blank"), T3], "T1.4", "merged", None, False),
    "one of two, one of which does not apply": ([T1, made("T1.4", "T1.2", "T1.3")], "T1.4", "merged", 1, True),
    "a neighbour taken in": ([replace(T1, replaces=("T1.2",)), T3], "T1.1", "merged", 1, True),
    "one more": ([T1, T2, T3, made("T1.4")], "T1.4", "new", None, False),
    "one code for another": (
        [replace(T2, code="T1.1", replaces=("T1.2",)), replace(T1, code="T1.2", replaces=("T1.1",)), T3],
        "T1.1",
        "renamed",
        1,
        False,
    ),
    "a code that never was": ([T1, replace(T2, replaces=("T7.7",)), T3], "T1.2", "carried", 1, False),
}


@pytest.mark.parametrize(("criteria", "code", "fate", "level", "must_confirm"), DEEDS.values(), ids=DEEDS)
def test_what_the_author_did_decides_what_becomes_of_an_answer(criteria, code, fate, level, must_confirm):
    found = row(moved(a_dimension(*criteria), ANSWERS), code)
    assert (found.fate, found.new.level, found.must_confirm) == (fate, level, must_confirm)


def test_a_criterion_in_another_dimension_is_moved():
    new = a_dimension(T1, T2, T3, code="T9")
    found = row(moved(new, ANSWERS), "T1.1")
    assert (found.fate, found.new.level, found.must_confirm) == ("moved", 3, False)


def test_what_nothing_takes_over_is_left_behind_with_its_answer():
    plan = moved(a_dimension(T1, T3), ANSWERS)
    assert left(plan) == ["T1.2"]
    assert plan.rows[-1] == Row("removed", (Response("T1.2", level=1),), None)


def test_an_answer_goes_over_whole_but_for_what_a_reviewer_verified():
    answer = Response("T1.2", 2, 4, "有", (LAW,), verified_level=1)
    plan = migrate(OLD, a_dimension(T1, replace(T2, code="T1.9", replaces=("T1.2",)), T3), [answer])
    assert plan.answers == [Response("T1.9", 2, 4, "有", (LAW,))]


def test_merged_answers_stand_one_below_the_other_and_evidence_once():
    answers = {
        "T1.1": {"level": 3, "target": 5, "rationale": "有办法", "evidence": (LAW, LEDGER)},
        "T1.2": {"level": 1, "target": 4, "rationale": "有台账", "evidence": (LEDGER,)},
        "T1.3": NA | {"rationale": "见函"},
    }
    plan = moved(a_dimension(made("T1.4", "T1.3", "T1.2", "T1.1")), answers, excused="不适用：{}".format)
    words = "T1.1 有办法\nT1.2 有台账\nT1.3 不适用：本市无此事项\n见函"
    assert plan.answers == [Response("T1.4", 1, 4, words, (LAW, LEDGER))]


def test_merged_answers_do_not_apply_only_where_none_does():
    plan = moved(a_dimension(made("T1.4", "T1.1", "T1.2"), T3), {"T1.1": NA, "T1.2": {"not_applicable": "停办"}})
    assert plan.answers == [Response("T1.4", not_applicable="T1.1 本市无此事项\nT1.2 停办")]
    half = moved(a_dimension(made("T1.4", "T1.1", "T1.2"), T3), {"T1.1": NA})
    assert half.answers == [Response("T1.4", rationale="T1.1 N/A: 本市无此事项")]


def test_on_another_scale_the_words_go_over_and_levels_do_not():
    new = replace(make_framework(*small_lenses(), **NEXT), scale=make_scale((30, 60, 90)))
    plan = moved(new, {"T1.1": {"level": 3, "target": 4, "rationale": "有"}, "T1.2": NA, "T1.3": 2})
    assert {found.fate for found in plan.rows} == {"rescaled"}
    assert plan.answers == [Response("T1.1", rationale="有"), Response("T1.2", **NA)]
    assert plan.unconfirmed == {"T1.1", "T1.2"}


def test_what_nobody_had_confirmed_is_still_to_be_confirmed():
    assert moved(a_dimension(T1, T2, T3), ANSWERS, unconfirmed={"T1.1"}).unconfirmed == {"T1.1"}


def test_a_level_that_its_author_wants_anew_is_blank_and_its_words_are_to_be_confirmed():
    new = a_dimension(T1, replace(T2, replaces=("T1.2",), carry="blank"), T3)
    found = row(moved(new, {"T1.2": {"level": 2, "rationale": "有"}}), "T1.2")
    assert (found.new, found.must_confirm) == (Response("T1.2", rationale="有"), True)


def test_a_round_that_skips_a_version_goes_through_it():
    between = a_dimension(T1, made("T1.8", "T1.2"), T3)
    new = replace(a_dimension(T1, made("T1.8"), T3), version="2026.1")
    assert left(moved(new, ANSWERS)) == ["T1.2"]
    plan = moved(new, ANSWERS, through=[between])
    assert (row(plan, "T1.8").old, left(plan)) == ((Response("T1.2", level=1),), [])


MERGED = {"T1.1": {"level": 3, "target": 4}, "T1.2": {"level": 1, "target": 5}}


@pytest.mark.parametrize(
    ("carry", "level", "target"), [("lowest", 1, 4), ("highest", 3, 5), ("blank", None, None)], ids=str
)
def test_the_rule_of_a_version_that_is_skipped_is_followed(carry, level, target):
    between = a_dimension(made("T1.4", "T1.1", "T1.2", carry=carry), T3)
    new = replace(a_dimension(made("T1.4"), T3), version="2026.1")
    found = row(moved(new, MERGED, through=[between]), "T1.4")
    assert (found.fate, found.carry, found.new.level, found.new.target) == ("merged", carry, level, target)
    assert Row.read(found.document()).carry == carry


def test_rules_of_several_versions_are_followed_one_after_the_other():
    between = a_dimension(made("T1.4", "T1.1", "T1.2", carry="highest"), T3)
    new = replace(a_dimension(made("T1.5", "T1.4", "T1.3")), version="2026.1")
    found = row(moved(new, MERGED | {"T1.3": {"level": 2, "rationale": "丙"}}, through=[between]), "T1.5")
    assert ([answer.criterion for answer in found.old], found.new.level) == (["T1.1", "T1.2", "T1.3"], 2)
    assert found.new.rationale == "T1.3 丙"


def test_a_level_that_was_to_be_chosen_anew_on_the_way_is_nobodys_counterpart():
    between = a_dimension(T1, replace(T2, replaces=("T1.2",), carry="blank"), T3)
    new = replace(a_dimension(T1, T2, T3), version="2026.1")
    assert "T1.2" in counterparts(OLD, new) and "T1.2" not in counterparts(OLD, new, through=[between])
    assert row(moved(new, ANSWERS, through=[between]), "T1.2").new.level is None


def test_a_scale_that_was_another_one_on_the_way_takes_levels_along_no_more():
    between = replace(make_framework(*small_lenses(), **NEXT), scale=make_scale((30, 60, 90)))
    new = replace(OLD, version="2026.1")
    assert row(moved(new, ANSWERS, through=[between]), "T1.1").fate == "rescaled"
    assert counterparts(OLD, new, through=[between]) == {}


def test_a_round_that_goes_back_takes_along_what_was_split():
    new = a_dimension(T1, made("T1.4", "T1.2"), made("T1.5", "T1.2"), T3)
    answers = make_assessment({"T1.4": 3, "T1.5": 2}).responses
    found = row(migrate(new, OLD, answers), "T1.2")
    assert (found.fate, found.new.level, found.must_confirm) == ("merged", 2, True)


# What is too long


def test_texts_that_are_too_long_together_are_cut_and_say_so():
    answers = {"T1.1": {"rationale": "长" * 20_000}, "T1.2": {"rationale": "短"}, "T1.3": {"rationale": "长" * 15_000}}
    plan = moved(a_dimension(made("T1.4", "T1.1", "T1.2", "T1.3")), answers, cut="……（已截）")
    words = plan.answers[0].rationale
    assert len(words) <= LONGEST_TEXT and words.count("……（已截）") == 2 and "\nT1.2 短\n" in words
    assert [len(line) for line in words.split("\n")] == [9995, 6, 9995]


def test_reasons_that_are_too_long_together_are_cut_too():
    answers = {code: {"not_applicable": "无" * 15_000} for code in ("T1.1", "T1.2")}
    (found,) = moved(a_dimension(made("T1.4", "T1.1", "T1.2"), T3), answers).answers
    assert 19_990 < len(found.not_applicable) <= LONGEST_TEXT and not found.rationale


# What counts as other words


DESCRIBED = Criterion(
    "X", text("标题"), text("问题"), levels=(LevelDescriptor(0, text("无")), LevelDescriptor(1, text("有"), text("文")))
)
CHANGES = {
    "title": {"title": text("别的")},
    "statement": {"statement": text("别的")},
    "guidance": {"guidance": text("别的")},
    "measure": {"measure": text("别的")},
    "levels": {"levels": (LevelDescriptor(0, text("没有")), DESCRIBED.levels[1])},
}


@pytest.mark.parametrize(("part", "fields"), CHANGES.items(), ids=CHANGES)
def test_other_words_are_named(part, fields):
    assert rewording(DESCRIBED, replace(DESCRIBED, **fields)) == (part,)


@pytest.mark.parametrize("levels", [DESCRIBED.levels[:1], (DESCRIBED.levels[0], LevelDescriptor(1, text("有")))])
def test_levels_and_their_evidence_count_as_words(levels):
    assert rewording(DESCRIBED, replace(DESCRIBED, levels=levels)) == ("levels",)


HARMLESS = {
    "weight and effort": {"weight": 3, "effort": 9, "key": True},
    "who answers, clauses, tags": {"owner": text("数据局"), "tags": ("甲",)},
    "examples": {"suffices": text("盖章文件"), "falls_short": text("口头说明")},
    "the way to the next level": {"levels": tuple(replace(x, next=text("印发")) for x in DESCRIBED.levels)},
    "a translation": {"title": Text({"zh-hans": "标题", "en": "Title"})},
    "blanks at the end": {"statement": text("问题 \n")},
}


@pytest.mark.parametrize("fields", HARMLESS.values(), ids=HARMLESS)
def test_what_nobody_answers_by_is_no_other_wording(fields):
    assert rewording(DESCRIBED, replace(DESCRIBED, **fields)) == ()


def test_texts_without_a_common_language_differ():
    assert rewording(DESCRIBED, replace(DESCRIBED, title=Text({"en": "Title"}))) == ("title",)


# Why the score is another one


def after(new, answers):
    return replace(make_assessment(answers), version=new.version)


def test_another_weight_is_a_change_of_the_criteria():
    new = a_dimension(replace(T1, weight=3), T2, T3)
    answers = {"T1.1": 5, "T1.2": 0, "T1.3": 1}
    split = why(OLD, new, make_assessment(answers), after(new, answers))
    assert split.overall == Difference(before=40, middle=40, after=64)
    assert (split.overall.answers, split.overall.criteria, split.overall.whole) == (0, 24, 24)
    assert split.dimensions["T1"] == split.overall


def test_what_people_answer_anew_is_a_change_of_the_answers():
    new = a_dimension(replace(T1, weight=3), T2, T3)
    split = why(OLD, new, make_assessment({"T1.1": 5, "T1.2": 0}), after(new, {"T1.1": 5, "T1.2": 5}))
    assert split.overall == Difference(before=50, middle=100, after=100)
    assert (split.overall.answers, split.overall.criteria) == (50, 0)


def test_a_level_is_put_back_under_its_old_code():
    new = a_dimension(T1, replace(T2, code="T1.9", replaces=("T1.2",)), T3)
    split = why(OLD, new, make_assessment({"T1.2": 0}), after(new, {"T1.9": 5}))
    assert split.overall == Difference(before=0, middle=100, after=100)


def test_where_criteria_were_split_or_merged_the_old_answers_stay():
    new = a_dimension(made("T1.4", "T1.1", "T1.2"), T3)
    split = why(OLD, new, make_assessment({"T1.1": 5, "T1.2": 0}), after(new, {"T1.4": 5}))
    assert split.overall == Difference(before=50, middle=50, after=100)


def test_on_another_scale_all_is_a_change_of_the_criteria():
    new = replace(make_framework(*small_lenses(), **NEXT), scale=make_scale((30, 60, 90)))
    assert counterparts(OLD, new) == {}
    split = why(OLD, new, make_assessment({"T1.1": 5}), after(new, {"T1.1": 0}))
    assert split.overall == Difference(before=100, middle=100, after=0)


def test_what_reviewers_verified_blurs_nothing():
    before = make_assessment({"T1.1": {"level": 5, "verified_level": 0}})
    assert why(OLD, a_dimension(T1, T2, T3), before, make_assessment({"T1.1": 5})).overall == Difference(100, 100, 100)


def test_since_the_move_all_that_comes_later_is_due_to_the_answers():
    new = a_dimension(made("T1.4", "T1.1", "T1.2"), T3)
    before = make_assessment({"T1.1": 5, "T1.2": 0})
    then = why(OLD, new, before, after(new, {"T1.4": 0}))
    assert (then.overall.answers, then.overall.criteria) == (0, -50)
    now = since(Split.read(then.document()), new, after(new, {"T1.4": 4}))
    assert now.overall == Since(before=50, middle=0, after=80)
    assert (now.overall.whole, now.overall.answers, now.overall.criteria) == (30, 80, -50)
    assert now.dimensions["T1"] == now.overall


def test_where_there_was_no_score_before_nothing_is_split():
    for found in (Difference(None, 40, 40), Since(None, None, 40), Difference(40, 50, None)):
        assert (found.whole, found.answers, found.criteria) == (None, None, None)


def test_differences_add_up_as_printed():
    found = Difference(before=10.04, middle=10.06, after=20.16)
    assert (found.answers, found.criteria, found.whole) == (0.1, 10.1, 10.2)


def test_without_a_score_there_is_no_difference():
    found = why(OLD, a_dimension(T1, T2, T3), make_assessment({}), make_assessment({})).overall
    assert (found.whole, found.answers, found.criteria) == (None, None, None)


def test_only_dimensions_of_both_versions_are_compared():
    split = why(OLD, a_dimension(T1, code="T9"), make_assessment(ANSWERS), make_assessment({}))
    assert list(split.dimensions) == ["P1"]


# Whatever an author does


@given(some_migrations())
def test_no_answer_is_lost_and_every_new_criterion_has_one_row(migration):
    old, new, before = migration
    plan = migrate(old, new, before.responses)
    assert [row.new.criterion for row in plan.rows if row.new] == list(new.criteria)
    assert {answer.criterion for row in plan.rows for answer in row.old} == set(old.criteria)
    stored = {answer.criterion: answer for answer in before.responses}
    assert all(stored[answer.criterion] == answer for row in plan.rows for answer in row.old)
    gone = Counter(answer.criterion for row in plan.rows if row.new is None for answer in row.old)
    kept = {answer.criterion for row in plan.rows if row.new for answer in row.old}
    assert set(gone.values()) <= {1} and kept.isdisjoint(gone)


@given(some_migrations())
def test_what_goes_over_is_an_answer_of_the_new_version(migration):
    old, new, before = migration
    for found in migrate(old, new, before.responses).answers:
        assert (found.level or 0) <= new.highest and (found.target or 0) <= new.highest
        assert not (found.not_applicable and found.level is not None)
        assert found.verified_level is None


@given(some_migrations())
def test_every_word_and_piece_of_evidence_goes_over(migration):
    old, new, before = migration
    for found in migrate(old, new, before.responses).rows:
        words = [part for answer in found.old for part in (answer.rationale, answer.not_applicable) if part]
        if found.new:
            assert all(part in found.new.rationale + found.new.not_applicable for part in words)
            assert {piece for answer in found.old for piece in answer.evidence} == set(found.new.evidence)


@given(cases())
def test_a_version_that_changed_nothing_changes_nothing(case):
    old, answers = case
    before = make_assessment(answers)
    plan = migrate(old, replace(old, version="2025.1"), before.responses)
    assert {row.fate for row in plan.rows} == {"carried"} and not plan.unconfirmed
    wanted = [replace(answer, verified_level=None) for answer in before.responses]
    assert plan.answers == [answer for answer in wanted if answer != Response(answer.criterion)]
    split = why(old, old, before, make_assessment({a.criterion: _fields(a) for a in plan.answers}))
    for found in (split.overall, *split.dimensions.values()):
        assert {found.whole, found.answers, found.criteria} <= {0, None}


def _fields(answer):
    return {name: value for name, value in vars(answer).items() if name != "criterion"}


@given(some_migrations())
def test_the_split_begins_and_ends_with_the_scores_and_adds_up(migration):
    old, new, before = migration
    answers = {answer.criterion: _fields(answer) for answer in migrate(old, new, before.responses).answers}
    found = why(old, new, before, make_assessment(answers)).overall
    assert found.before == score(old, before, "self").overall.score
    assert found.after == score(new, make_assessment(answers), "self").overall.score
    if None not in (found.before, found.middle, found.after):
        assert round(found.answers + found.criteria, 1) == found.whole


@given(some_migrations())
def test_right_after_the_move_no_answer_has_changed(migration):
    """What the migration itself makes of an answer is never taken for somebody's new answer."""
    old, new, before = migration
    answers = {answer.criterion: _fields(answer) for answer in migrate(old, new, before.responses).answers}
    assert why(old, new, before, make_assessment(answers)).overall.answers in (0, None)


@given(some_migrations())
def test_the_plan_and_the_split_are_told_and_read_again(migration):
    old, new, before = migration
    plan = migrate(old, new, before.responses)
    for found in plan.rows:
        again = Row.read(found.document())
        assert (again.fate, again.changed, again.must_confirm) == (found.fate, found.changed, found.must_confirm)
        chosen = [(a.criterion, a.level, a.not_applicable) for a in found.old]
        assert [(a.criterion, a.level, a.not_applicable) for a in again.old] == chosen
        assert (again.new is None) == (found.new is None)
    split = why(old, new, before, make_assessment({}))
    assert Split.read(split.document()) == split


@given(some_migrations())
def test_one_goes_to_one_where_two_versions_say_so(migration):
    old, new, _before = migration
    pairs, origins = counterparts(old, new), forebears(old, new)
    assert all(origins[code] == (source,) for source, code in pairs.items())
    assert len(set(pairs.values())) == len(pairs)


def test_a_level_that_was_chosen_anew_once_goes_over_to_the_version_after_like_any_other():
    second = a_dimension(T1, made("T1.4", "T1.2", carry="blank"), T3)
    third = replace(second, version="2026.1")
    answers = make_assessment({"T1.4": 3}, **NEXT)
    assert row(migrate(second, third, answers.responses), "T1.4").new.level == 3
    assert counterparts(second, third)["T1.4"] == "T1.4"
    assert "T1.2" not in counterparts(OLD, third, through=[second])
