"""A framework is taken apart, edited element by element, merged and put together again."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import elements
from assessment.outline import Text
from tests.factories import some_frameworks
from tests.records import some_framework

SMALL = elements.take_apart(some_framework())


def edited(edit):
    return elements.put_together(elements.applied(SMALL, edit))


@given(some_frameworks())
def test_what_is_taken_apart_and_stored_as_json_is_put_together_the_same(framework):
    stored = json.loads(json.dumps(elements.take_apart(framework)))
    assert elements.put_together(stored) == framework


def test_own_language_comes_first_when_it_is_put_together():
    framework = replace(some_framework(), name=Text({"zh-hans": "框架", "en": "Framework"}))
    stored = elements.take_apart(framework) | {"framework": {**elements.take_apart(framework)["framework"]}}
    stored["framework"]["name"] = {"en": "Framework", "zh-hans": "框架"}
    assert list(elements.put_together(stored).name) == ["zh-hans", "en"]


def test_an_element_that_is_listed_and_missing_is_named():
    with pytest.raises(KeyError, match=r"criterion:T1\.2"):
        edited({"criterion:T1.2": None})


class TestMerging:
    OLD = SMALL["criterion:T1.1"]

    def changed(self, **values):
        return elements.with_values(self.OLD, {path.replace("__", "."): value for path, value in values.items()})

    def test_two_fields_of_two_people_both_stay(self):
        mine, theirs = self.changed(weight=2), self.changed(title__en="Ours")
        merged, conflicts = elements.merge(self.OLD, mine, theirs)
        assert (merged["weight"], merged["title"]["en"], conflicts) == (2, "Ours", ())

    def test_two_languages_of_one_text_are_two_fields(self):
        key = "zh-hans"
        mine = elements.with_values(self.OLD, {f"statement.{key}": "甲"})
        merged, conflicts = elements.merge(self.OLD, mine, self.changed(statement__en="B"))
        assert (merged["statement"], conflicts) == ({key: "甲", "en": "B"}, ())

    def test_where_both_changed_one_field_theirs_stays_and_the_field_is_named(self):
        mine, theirs = self.changed(levels__2__next__en="mine"), self.changed(levels__2__next__en="theirs")
        merged, conflicts = elements.merge(self.OLD, mine, theirs)
        assert conflicts == ("levels.2.next.en",)
        assert merged == theirs

    def test_the_same_change_by_both_is_no_conflict(self):
        assert elements.merge(self.OLD, self.changed(weight=3), self.changed(weight=3))[1] == ()

    @given(st.data())
    def test_nothing_but_conflicts_is_lost(self, data):
        paths = [*elements.flattened(self.OLD), "title.en", "levels.4.evidence.en"]
        texts = [path for path in paths if path.split(".")[-1] in ("zh-hans", "en")]
        words = st.dictionaries(st.sampled_from(texts), st.sampled_from(["", "甲", "乙"]), max_size=5)
        ours, yours = data.draw(words), data.draw(words)
        mine, theirs = elements.with_values(self.OLD, ours), elements.with_values(self.OLD, yours)
        merged, conflicts = elements.merge(self.OLD, mine, theirs)
        now, old = elements.flattened(merged), elements.flattened(self.OLD)
        for path, value in ours.items():
            if path not in conflicts and (value or None) != old.get(path):
                assert now.get(path) == (value or None)
        for path in conflicts:
            assert now.get(path) == elements.flattened(theirs).get(path)


class TestStructure:
    def test_a_new_criterion_stands_where_it_is_put(self):
        new = elements.blank("criterion", "T1.9", title={"zh-hans": "新"})
        framework = edited(elements.adding(SMALL, "facet:T1", "criterion:T1.9", new, 1))
        assert [c.code for c in framework.dimensions[0].criteria] == ["T1.1", "T1.9", "T1.2", "T1.3"]

    def test_what_is_removed_goes_with_all_below_it_and_with_what_points_to_it(self):
        framework = edited(elements.removing(SMALL, "source:doc-1"))
        assert framework.sources == ()
        assert list(framework.citations()) == []

    def test_a_removed_criterion_leaves_the_target_profiles(self):
        profile = SMALL["target:2027"] | {"levels": {"T1.1": 4, "default": 3}}
        with_target = SMALL | {"target:2027": profile}
        edit = elements.removing(with_target, "criterion:T1.1")
        assert elements.put_together(elements.applied(with_target, edit)).targets[0].levels == {"default": 3}

    def test_a_criterion_moves_within_its_facet_and_to_another(self):
        within = edited(elements.moving(SMALL, "criterion:T1.3", "facet:T1", 0))
        assert [c.code for c in within.dimensions[0].criteria] == ["T1.3", "T1.1", "T1.2"]
        over = edited(elements.moving(SMALL, "criterion:T1.3", "facet:P1.B", 1))
        assert [c.code for c in over.dimensions[1].facets[1].criteria] == ["P1.B1", "T1.3", "P1.B2"]

    def test_a_split_stands_where_the_old_one_stood(self):
        new = {f"criterion:T1.2{x}": elements.blank("criterion", f"T1.2{x}", replaces=["T1.2"]) for x in "ab"}
        framework = edited(elements.replacing(SMALL, ["criterion:T1.2"], new))
        assert [c.code for c in framework.dimensions[0].criteria] == ["T1.1", "T1.2a", "T1.2b", "T1.3"]

    def test_a_merge_takes_its_old_ones_from_wherever_they_stood(self):
        new = {"criterion:T1.8": elements.blank("criterion", "T1.8", replaces=["T1.3", "P1.A1"])}
        framework = edited(elements.replacing(SMALL, ["criterion:T1.3", "criterion:P1.A1"], new))
        assert list(framework.criteria) == ["T1.1", "T1.2", "T1.8", "P1.A2", "P1.B1", "P1.B2"]

    def test_a_target_set_for_what_was_merged_is_set_for_what_stands_in_its_place(self):
        profile = SMALL["target:2027"] | {"levels": {"T1.3": 4, "P1.A1": 2, "default": 3}}
        new = {"criterion:T1.8": elements.blank("criterion", "T1.8", replaces=["T1.3", "P1.A1"])}
        edit = elements.replacing(SMALL | {"target:2027": profile}, ["criterion:T1.3", "criterion:P1.A1"], new)
        assert edit["target:2027"]["levels"] == {"T1.8": 4, "default": 3}

    def test_efforts_by_step_follow_the_scale(self):
        name = "criterion:T1.2"
        whole = SMALL | {name: SMALL[name] | {"effort": [1, 2, 3, 4, 6]}}
        higher = elements.applied(whole, elements.raising(whole, elements.blank("level", "0")))
        assert higher[name]["effort"] == [1, 2, 3, 4, 6, 6]
        assert (higher["framework"]["scale"][-1], higher["level:6"]["level"]) == (6, 6)
        assert elements.applied(higher, elements.lowering(higher)) == whole

    def test_the_only_facet_bears_its_dimensions_name(self):
        renamed = SMALL["dimension:T1"] | {"name": {"zh-hans": "新名"}}
        framework = edited(elements.with_only_facets({"dimension:T1": renamed}, SMALL))
        assert framework.dimensions[0].facets[0].name == {"zh-hans": "新名"}
