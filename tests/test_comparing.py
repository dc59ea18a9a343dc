"""Every difference between two versions is told, and told once."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import outline
from assessment.comparing import TEXTS, VALUES, compare
from assessment.outline import Citation, Passage, Source, TargetProfile, Text
from assessment.places import shares
from tests.editing import (
    changed_criterion,
    edited,
    inserted,
    next_version,
    rich_framework,
    with_criteria,
    with_criterion,
    without,
)
from tests.factories import cases, make_criteria, make_framework, text

OLD = rich_framework()
NEW = next_version(OLD)


def told(new, old=OLD):
    """What each difference is, and where."""
    return [(difference.kind, difference.place.code) for difference in compare(old, new)]


def only(new, old=OLD):
    (difference,) = compare(old, new)
    return difference


def new_one(code, *replaced, **changes):
    (criterion,) = make_criteria(code)
    return replace(criterion, replaces=replaced, **changes)


def moved(framework, code, new_code):
    return replace(framework.criteria[code], code=new_code, replaces=(code,))


def with_levels(levels, new=NEW):
    return replace(new, targets=(TargetProfile("2027", text("2027目标"), levels),))


# Nothing and everything


@given(cases())
def test_a_framework_does_not_differ_from_itself(case):
    framework, _answers = case
    assert compare(framework, framework) == ()
    assert compare(framework, next_version(framework)) == ()


@given(edited(OLD))
def test_where_no_difference_is_told_there_is_none(new):
    assert (compare(OLD, new) == ()) == (new == OLD)


@given(edited(NEW))
def test_nor_from_version_to_version_but_in_what_was_replaced_before(new):
    def comparable(framework):
        unreplaced = framework
        for code in framework.criteria:
            unreplaced = with_criterion(unreplaced, code, replaces=())
        return replace(unreplaced, version="")

    if compare(OLD, new) == ():
        assert comparable(OLD) == comparable(new)


EDITS = {
    ("reweighted", "T1.2"): lambda new: with_criterion(new, "T1.2", weight=2),
    ("changed", "T1.1"): lambda new: with_criterion(new, "T1.1", effort=2),
    ("worded", "T1.3"): lambda new: with_criterion(new, "T1.3", statement=text("判断别的")),
    ("renamed", "P1.B2"): lambda new: with_criterion(new, "P1.B2", title=text("别名")),
    ("added", "T1.9"): lambda new: inserted(new, "T1", new_one("T1.9")),
    ("removed", "P1.A1"): lambda new: without(new, "P1.A1"),
    ("moved", "T1.8"): lambda new: inserted(without(new, "P1.A2"), "T1", moved(new, "P1.A2", "T1.8")),
    ("split", "P1.B1a"): lambda new: inserted(
        without(new, "P1.B1"), "P1.B", new_one("P1.B1a", "P1.B1"), new_one("P1.B1b", "P1.B1"), at=0
    ),
    ("retargeted", "2027"): lambda new: with_levels({"default": 2, "key": 4}, new),
    ("renamed", "small-city"): lambda new: replace(new, name=text("别名")),
}


@given(st.sets(st.sampled_from(list(EDITS)), min_size=1))
def test_several_edits_are_told_each_by_its_name_and_nothing_else_is(edits):
    new = NEW
    for edit in edits:
        new = EDITS[edit](new)
    assert set(told(new)) == edits


def test_every_field_of_every_part_is_compared_somehow():
    elsewhere = {
        "framework": {"version", "scale", "lenses", "sources", "targets", "crosswalks"},
        "level": {"level"},
        "lens": {"code", "dimensions", "weight"},
        "dimension": {"code", "facets", "weight", "cites"},
        "facet": {"code", "criteria", "weight"},
        "criterion": {"code", "weight", "levels", "cites", "replaces"},
        "descriptor": {"level"},
        "source": {"code", "passages"},
        "passage": {"id"},
        "target": {"code", "levels"},
    }
    names = {"level": "Level", "descriptor": "LevelDescriptor", "target": "TargetProfile"}
    for part, others in elsewhere.items():
        known = {field.name for field in fields(getattr(outline, names.get(part, part.title())))}
        assert known == others | set(TEXTS[part]) | set(VALUES.get(part, ())), part


# Criteria


def test_a_new_and_a_removed_criterion_are_told_with_their_share():
    new = inserted(without(NEW, "T1.2"), "T1", new_one("T1.9"))
    added, removed = compare(OLD, new)
    assert (added.kind, added.place.code, added.shares) == ("added", "T1.9", (0, pytest.approx(1 / 6)))
    assert (removed.kind, removed.place.code, removed.shares) == ("removed", "T1.2", (pytest.approx(1 / 6), 0))


def test_a_split_is_one_difference():
    parts = new_one("T1.2a", "T1.2"), new_one("T1.2b", "T1.2")
    difference = only(inserted(without(NEW, "T1.2"), "T1", *parts, at=1))
    assert difference.kind == "split"
    assert [place.code for place in difference.was] == ["T1.2"]
    assert [place.code for place in difference.became] == ["T1.2a", "T1.2b"]
    assert difference.shares == (pytest.approx(1 / 6), pytest.approx(2 / 8))


def test_a_merger_is_one_difference():
    difference = only(inserted(without(NEW, "T1.2", "T1.3"), "T1", new_one("T1.5", "T1.2", "T1.3")))
    assert difference.kind == "merged"
    assert [place.code for place in difference.was] == ["T1.2", "T1.3"]


def test_what_took_another_in_is_still_compared_with_what_it_was():
    new = with_criterion(without(NEW, "T1.3"), "T1.2", replaces=("T1.3",), weight=2)
    assert told(new) == [("merged", "T1.2"), ("reweighted", "T1.2")]


def told_apart(new, old=OLD):
    """By old and new code what differs between those that were split or merged."""
    pairs = [pair for difference in compare(old, new) for pair in difference.pairs]
    return {(pair.was.code, pair.became.code): {(d.kind, d.field) for d in pair.differences} for pair in pairs}


def alike(code, source, **changes):
    """A new one that says what the old one said, but for what is changed."""
    return replace(OLD.criteria[source], code=code, replaces=(source,), **changes)


def test_parts_of_a_split_are_each_set_against_what_they_came_from():
    parts = alike("T1.2a", "T1.2"), alike("T1.2b", "T1.2", key=True, effort=9, statement=text("另一问"))
    new = inserted(without(NEW, "T1.2"), "T1", *parts)
    wanted = {("changed", "key"), ("changed", "effort"), ("worded", "statement"), ("retargeted", "own")}
    assert told_apart(new) == {("T1.2", "T1.2b"): wanted}  # as a key criterion it has another target


def test_what_took_another_in_is_set_against_both():
    new = with_criterion(without(NEW, "T1.3"), "T1.2", replaces=("T1.3",))
    assert told_apart(new) == {("T1.3", "T1.2"): {("renamed", "title"), ("worded", "statement")}}


def test_a_target_that_a_merged_criterion_loses_is_told():
    old = with_levels({"default": 3, "key": 4, "T1.2": 5}, OLD)
    new = inserted(without(with_levels({"default": 3, "key": 4}), "T1.2", "T1.3"), "T1", alike("T1.5", "T1.2"))
    new = with_criterion(new, "T1.5", replaces=("T1.2", "T1.3"))
    assert told_apart(new, old)["T1.2", "T1.5"] == {("retargeted", "own")}
    (difference,) = compare(old, new)[0].pairs[0].differences
    assert (difference.before, difference.after) == (5, 3)


def test_a_target_of_its_own_for_what_was_split_is_told_where_it_was_split_and_not_again():
    new = inserted(without(NEW, "T1.2"), "T1", alike("T1.2a", "T1.2"), alike("T1.2b", "T1.2"))
    new = with_levels({"default": 3, "key": 4, "T1.2b": 2}, new)
    assert told(new) == [("split", "T1.2a")]
    assert told_apart(new) == {("T1.2", "T1.2b"): {("retargeted", "own")}}


PARTED = inserted(
    without(NEW, "T1.1", "T1.2", "T1.3"),
    "T1",
    alike("T1.4", "T1.1"),
    alike("T1.5", "T1.1"),
    replace(alike("T1.6", "T1.2"), replaces=("T1.2", "T1.3")),
)


@given(changed_criterion(PARTED, ("T1.4", "T1.5", "T1.6")))
def test_whatever_is_changed_in_what_was_split_or_merged_is_told(new):
    assert (compare(OLD, new) == compare(OLD, PARTED)) == (new == PARTED)


def test_a_move_is_one_difference_also_under_another_code():
    difference = only(inserted(without(NEW, "T1.3"), "P1.A", moved(NEW, "T1.3", "P1.A3")))
    assert (difference.kind, difference.before.code, difference.after.code) == ("moved", "T1", "P1.A")
    assert [place.code for place in (*difference.was, *difference.became)] == ["T1.3", "P1.A3"]


def test_another_code_alone_is_one_difference():
    new = with_criterion(NEW, "T1.3", code="T1.7", replaces=("T1.3",))
    assert told(new) == [("recoded", "T1.7")]


def test_a_code_that_is_gone_is_never_guessed_from_the_wording():
    assert told(with_criterion(NEW, "T1.3", code="T1.7")) == [("added", "T1.7"), ("removed", "T1.3")]


def test_another_order_is_told_once_for_its_parent():
    difference = only(with_criteria(NEW, "T1", lambda items: (items[2], items[0], items[1])))
    assert (difference.kind, difference.place.code, difference.field) == ("reordered", "T1", "criterion")
    assert difference.after == ("T1.3", "T1.1", "T1.2")


def test_something_new_in_between_is_no_other_order():
    assert told(inserted(NEW, "T1", new_one("T1.9"), at=1)) == [("added", "T1.9")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": True}, "key"),
        ({"effort": 4}, "effort"),
        ({"tags": ("丙:丁",)}, "tags"),
        ({"carry": "highest"}, "carry"),
    ],
)
def test_a_setting_is_told_with_both_values(changes, field):
    difference = only(with_criterion(with_levels({}), "T1.2", **changes), with_levels({}, OLD))
    assert (difference.kind, difference.field) == ("changed", field)
    assert difference.after == changes[field]


def test_what_a_criterion_replaces_is_told_as_written_where_the_old_version_lacks_the_code():
    assert told(with_criterion(NEW, "T1.1", replaces=("X9",))) == [("changed", "T1.1")]


# Texts


def test_a_text_is_told_with_field_level_language_and_words():
    levels = list(OLD.criteria["T1.2"].levels)
    levels[3] = replace(levels[3], descriptor=text("等级3的不同表现"))
    difference = only(with_criterion(NEW, "T1.2", levels=tuple(levels)))
    assert (difference.kind, difference.field, difference.level) == ("worded", "descriptor", 3)
    assert [tuple(segment) for segment in difference.words][1] == ("inserted", "不同")


def test_each_language_is_told_by_itself():
    new = with_criterion(NEW, "T1.2", statement=Text({"zh-hans": "判断别的", "en": "What is judged"}))
    assert [(d.language, d.before) for d in compare(OLD, new)] == [("zh-hans", "T1.2判断什么"), ("en", "")]


def test_a_title_is_a_name():
    assert told(with_criterion(NEW, "T1.2", title=text("新名"))) == [("renamed", "T1.2")]


# Weights


def test_a_weight_is_told_with_its_share_of_the_whole():
    difference = only(with_criterion(NEW, "T1.2", weight=2))
    assert (difference.before, difference.after) == (1, 2)
    assert difference.shares == (pytest.approx(1 / 6), pytest.approx(2 / 8))


@given(cases())
def test_shares_of_all_criteria_add_up_to_the_whole(case):
    framework, _answers = case
    found = shares(framework)
    assert sum(found[code] for code in framework.criteria) == pytest.approx(1)
    assert sum(found[lens.code] for lens in framework.lenses) == pytest.approx(1)


# Dimensions


def changed_dimension(code, **changes):
    lenses = (
        replace(lens, dimensions=tuple(replace(d, **changes) if d.code == code else d for d in lens.dimensions))
        for lens in NEW.lenses
    )
    return replace(NEW, lenses=tuple(lenses))


def test_a_dimension_that_is_renamed_is_told_once_though_its_only_facet_bears_its_name():
    facets = (replace(NEW.lenses[0].dimensions[0].facets[0], name=text("改名")),)
    assert told(changed_dimension("T1", name=text("改名"), facets=facets)) == [("renamed", "T1")]


def test_a_dimension_that_goes_to_another_lens_takes_its_criteria_with_it():
    lens, other = NEW.lenses
    new = replace(NEW, lenses=(lens, replace(other, dimensions=()), replace(other, code="Q")))
    assert told(new) == [("added", "Q"), ("moved", "P1")]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"weight": 3}, ("reweighted", "T1")),
        ({"kind": "plain"}, ("changed", "T1")),
        ({"start": text("别处")}, ("worded", "T1")),
        ({"cites": ()}, ("uncited", "T1")),
    ],
)
def test_a_dimensions_own_values_are_told(changes, wanted):
    assert told(changed_dimension("T1", **changes)) == [wanted]


def test_a_side_is_told_as_well():
    sides = NEW.lenses[1].dimensions[0].facets
    assert told(changed_dimension("P1", facets=(replace(sides[0], weight=2), sides[1]))) == [("reweighted", "P1.A")]
    assert told(changed_dimension("P1", facets=sides[::-1])) == [("reordered", "P1")]


# Citations and sources


def test_citations_that_come_and_go_are_told_with_the_passage():
    new = with_criterion(NEW, "T1.1", cites=(Citation("doc-1", "二", "assigned"),))
    difference = only(new)
    assert (difference.kind, difference.was[0].code, str(difference.was[0].name)) == (
        "uncited",
        "doc-1#一",
        "1号 第一条",
    )
    assert only(OLD, old=new).kind == "cited"


def test_a_citation_in_another_role_is_the_same_citation():
    new = with_criterion(NEW, "T1.1", cites=(Citation("doc-1", "一"), Citation("doc-1", "二")))
    difference = only(new)
    assert (difference.field, difference.before, difference.after) == ("role", "assigned", "basis")


def test_sources_and_passages_are_told():
    (source,) = NEW.sources
    passages = (replace(source.passages[0], status="second-hand"), Passage("三", text("第三条"), "verbatim"))
    new = replace(NEW, sources=(replace(source, number="2号", passages=passages), Source("doc-2", text("另一份"))))
    wanted = [("added", "doc-2"), ("changed", "doc-1"), ("added", "doc-1#三"), ("removed", "doc-1#二")]
    assert {*wanted, ("changed", "doc-1#一")} <= set(told(new))


# Targets and the scale


def test_a_common_target_is_told_once_with_all_that_it_moves():
    difference = only(with_levels({"default": 4, "key": 4}))
    assert (difference.field, difference.before, difference.after) == ("default", 3, 4)
    assert [place.code for place in difference.became] == ["T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"]


def test_a_target_of_its_own_is_told_with_what_it_means_for_the_criterion():
    difference = only(with_levels({"default": 3, "key": 4, "T1.2": 5}))
    assert (difference.field, difference.before, difference.after) == ("own", 3, 5)
    assert [place.code for place in difference.became] == ["T1.2"]


def test_a_target_that_only_says_what_held_anyway_is_told():
    difference = only(with_levels({"default": 3, "key": 4, "T1.2": 3}))
    assert (difference.before, difference.after) == (3, 3)


def test_a_criterion_that_is_no_longer_key_has_another_target():
    assert told(with_criterion(NEW, "T1.1", key=False)) == [("changed", "T1.1"), ("retargeted", "2027")]


def test_a_target_for_a_new_criterion_is_told():
    new = inserted(with_levels({"default": 3, "key": 4, "T1.9": 2}), "T1", new_one("T1.9"))
    assert told(new) == [("added", "T1.9"), ("retargeted", "2027")]


def test_the_scale_is_told_level_by_level():
    old = make_framework()
    longer = make_framework(thresholds=(10, 30, 55, 70, 90, 95), version="2025.1")
    assert told(longer, old) == [("changed", "3"), ("added", "6")]


def test_the_whole_frameworks_own_words_are_told():
    new = replace(NEW, name=text("别名"), about=Text(), language="en", crosswalks={"甲": {}, "丙": {}})
    assert told(new)[:3] == [("renamed", "small-city"), ("worded", "small-city"), ("changed", "small-city")]
    assert told(new)[3:] == [("changed", "甲"), ("added", "丙")]
