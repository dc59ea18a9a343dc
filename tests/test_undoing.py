"""Edits taken back on top of what came after them: value by value, member by member, and nothing left dangling."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import elements
from assessment.dangling import faults, new_faults
from assessment.undoing import ChangedAgain, taken_back
from tests.records import some_framework

SMALL = elements.take_apart(some_framework())


class Draft:
    """Elements with their edits, as a record keeps them."""

    def __init__(self, whole=SMALL):
        self.now, self.edits = whole, []

    def edit(self, change):
        change = elements.with_only_facets(change, self.now)
        changes = {
            name: {"before": self.now.get(name), "after": element}
            for name, element in change.items()
            if self.now.get(name) != element
        }
        self.now = elements.applied(self.now, change)
        self.edits.append(json.loads(json.dumps(changes)))
        return self

    def write(self, name, **values):
        given = {path.replace("__", "."): value for path, value in values.items()}
        return self.edit({name: elements.with_values(self.now[name], given)})

    def remove(self, name):
        return self.edit(elements.removing(self.now, name))

    def add(self, parent, name, **given):
        new = elements.blank(elements.kind_of(name), elements.code_of(name).partition("#")[2] or name.partition(":")[2])
        if elements.kind_of(name) == "passage":
            new = elements.blank("passage", elements.code_of(name))
        return self.edit(elements.adding(self.now, parent, name, new | given))

    def recode(self, name, code):
        new = {f"criterion:{code}": self.now[name] | {"code": code}}
        return self.edit(elements.replacing(self.now, [name], new))

    def undo(self, number):
        wanted, again = taken_back(self.now, self.edits[number - 1])
        assert again == []
        assert new_faults(self.now, wanted) == []
        return self.edit(wanted)

    def hindrances(self, number):
        wanted, again = taken_back(self.now, self.edits[number - 1])
        return again or new_faults(self.now, wanted)

    def criteria(self, facet="facet:T1"):
        return self.now[facet]["criteria"]


class TestValues:
    def test_another_field_of_the_same_element_is_not_in_the_way(self):
        draft = Draft().write("criterion:T1.2", title__en="One").write("criterion:T1.2", owner__en="Somebody").undo(1)
        assert draft.now["criterion:T1.2"] == elements.with_values(SMALL["criterion:T1.2"], {"owner.en": "Somebody"})

    def test_the_same_field_changed_again_is_named(self):
        draft = Draft().write("criterion:T1.2", title__en="One").write("criterion:T1.2", title__en="Two")
        assert draft.hindrances(1) == [ChangedAgain("criterion:T1.2", "title.en")]
        assert draft.undo(2).undo(1).now == SMALL

    def test_a_citation_and_a_target_among_others_are_taken_back_alone(self):
        cite = {"source": "doc-1", "passage": "二", "role": "basis"}
        draft = Draft().write("criterion:T1.1", cites=[]).write("criterion:T1.1", cites=[cite])
        assert draft.hindrances(1) == [ChangedAgain("criterion:T1.1", "cites", "doc-1#二")]
        draft = (
            Draft()
            .write("target:2027", levels={"default": 3, "T1.2": 5})
            .write("target:2027", levels={"default": 3, "T1.2": 5, "T1.3": 1})
        )
        assert draft.undo(1).now["target:2027"]["levels"] == SMALL["target:2027"]["levels"] | {"T1.3": 1}

    def test_what_is_as_it_was_already_is_not_in_the_way(self):
        draft = Draft().write("criterion:T1.2", weight=2, title__en="One").write("criterion:T1.2", weight=1)
        assert draft.undo(1).now == SMALL


class TestMembers:
    def test_a_removed_criterion_comes_back_to_its_neighbours(self):
        draft = Draft().remove("criterion:T1.2").recode("criterion:T1.1", "T1.9").add("facet:T1", "criterion:T1.10")
        assert draft.undo(1).criteria() == ["T1.9", "T1.2", "T1.3", "T1.10"]

    def test_undoing_it_again_takes_it_away_whatever_was_added(self):
        draft = Draft().remove("criterion:T1.2").undo(1).add("facet:T1", "criterion:T1.10").undo(2)
        assert draft.criteria() == ["T1.1", "T1.3", "T1.10"]

    def test_what_moved_goes_back_and_what_moved_again_is_named(self):
        draft = Draft().edit(elements.moving(SMALL, "criterion:T1.3", "facet:T1", 0))
        draft.add("facet:T1", "criterion:T1.10")
        assert draft.undo(1).criteria() == ["T1.1", "T1.2", "T1.3", "T1.10"]
        draft = Draft().edit(elements.moving(SMALL, "criterion:T1.3", "facet:P1.A", 0))
        draft.edit(elements.moving(draft.now, "criterion:T1.3", "facet:P1.B", 0))
        assert [fault.rule for fault in draft.hindrances(1)] == ["twice"]

    def test_an_added_criterion_that_was_worked_on_stays_and_its_fields_are_named(self):
        draft = Draft().add("facet:T1", "criterion:T1.10").write("criterion:T1.10", title__en="Work")
        assert draft.hindrances(1) == [ChangedAgain("criterion:T1.10", "title.en")]


class TestWhatWouldDangle:
    def test_a_passage_that_is_cited_is_not_taken_back(self):
        cite = {"source": "doc-1", "passage": "三", "role": "basis"}
        draft = Draft().add("source:doc-1", "passage:doc-1#三").write("criterion:T1.2", cites=[cite])
        (fault,) = draft.hindrances(1)
        assert (fault.rule, fault.name, fault.other) == ("citation", "criterion:T1.2", "doc-1#三")

    def test_a_citation_of_what_is_gone_is_not_brought_back(self):
        draft = Draft().write("criterion:T1.1", cites=[]).write("dimension:T1", cites=[]).remove("passage:doc-1#一")
        assert [fault.name for fault in draft.hindrances(1)] == ["criterion:T1.1"]

    def test_a_code_that_another_bears_by_now_is_named(self):
        draft = Draft().remove("criterion:T1.2").add("framework", "lens:T1.2")
        assert [(fault.rule, fault.other) for fault in draft.hindrances(1)] == [("code", "T1.2")]
        draft = Draft().remove("criterion:T1.2").add("facet:P1.A", "criterion:T1.2")
        assert draft.hindrances(1) != []

    def test_a_target_for_a_criterion_that_is_gone(self):
        draft = Draft().write("target:2027", levels={"T1.2": 4}).write("target:2027", levels={})
        draft.remove("criterion:T1.2")
        assert [(fault.rule, fault.other) for fault in draft.hindrances(2)] == [("target", "T1.2")]

    def test_a_criterion_whose_dimension_is_gone(self):
        draft = Draft().remove("criterion:T1.2").remove("dimension:T1")
        assert draft.hindrances(1) == [ChangedAgain("facet:T1")]

    def test_levels_do_not_stand_above_the_scale(self):
        higher = Draft().edit(elements.raising(SMALL, elements.blank("level", "0")))
        higher.write("criterion:T1.2", levels__6__descriptor__en="Best")
        assert [(fault.rule, fault.other) for fault in higher.hindrances(1)] == [("level", "6")]

    def test_a_level_below_another_stays(self):
        draft = Draft().write("criterion:T1.1", effort=3)
        for _time in range(2):
            draft.edit(elements.raising(draft.now, elements.blank("level", "0")))
        assert [fault.rule for fault in draft.hindrances(2)] == ["scale"]


@st.composite
def some_edits(draw, whole):
    """One edit that the desk could make of a draft."""

    def one_of(*kinds):
        return draw(st.sampled_from([name for name in whole if elements.kind_of(name) in kinds] or [""]))

    def add(parent, kind):
        code = draw(st.sampled_from("甲乙丙丁"))
        name = elements.child_name(kind, elements.code_of(parent), code)
        if not parent or name in whole or (kind != "passage" and any(elements.code_of(each) == code for each in whole)):
            return {}
        place = draw(st.integers(0, 3))
        highest = len(whole["framework"]["scale"]) - 1
        new = elements.blank(kind, elements.code_of(name), highest)
        if kind == "dimension":
            new = new | {"facets": [code]}
            sides = {f"facet:{code}": elements.blank("facet", code)}
            return elements.adding(whole, parent, name, new, place) | sides
        return elements.adding(whole, parent, name, new, place)

    def remove():
        name = one_of("criterion", "passage", "source", "dimension", "lens", "target")
        return elements.removing(whole, name) if name else {}

    def move():
        name = one_of("criterion", "passage", "dimension", "source")
        if not name:
            return {}
        home, _key = elements.parent_of(whole, name)
        parent = home if elements.kind_of(name) == "passage" else one_of(elements.kind_of(home))
        return elements.moving(whole, name, parent, draw(st.integers(0, 4)))

    def cite():
        name, passage = one_of("criterion", "dimension"), one_of("passage")
        if not (name and passage):
            return {}
        source, _mark, id_ = elements.code_of(passage).partition("#")
        left = [each for each in whole[name]["cites"] if (each["source"], each["passage"]) != (source, id_)]
        cites = (
            left
            if len(left) < len(whole[name]["cites"])
            else [*left, {"source": source, "passage": id_, "role": "basis"}]
        )
        return {name: whole[name] | {"cites": cites}}

    def write():
        name = one_of("criterion", "dimension", "facet", "lens", "source", "passage")
        if not name:
            return {}
        path = {"source": "title", "passage": "locator", "criterion": "title"}.get(elements.kind_of(name), "name")
        return {name: elements.with_values(whole[name], {f"{path}.en": draw(st.sampled_from(["", "A", "B"]))})}

    def aim():
        name, criterion = one_of("target"), one_of("criterion")
        if not (name and criterion):
            return {}
        return {
            name: whole[name]
            | {"levels": whole[name]["levels"] | {elements.code_of(criterion): draw(st.integers(0, 2))}}
        }

    def recode():
        name, code = one_of("criterion"), draw(st.sampled_from("甲乙丙丁"))
        if not name or any(elements.code_of(each) == code for each in whole):
            return {}
        return elements.replacing(whole, [name], {f"criterion:{code}": whole[name] | {"code": code}})

    def scale():
        if draw(st.booleans()) and len(whole["framework"]["scale"]) < 10:
            return elements.raising(whole, elements.blank("level", "0"))
        return elements.lowering(whole) if len(whole["framework"]["scale"]) > 4 else {}

    kinds = ["criterion", "dimension", "passage", "source", "lens", "target"]
    parents = {"criterion": "facet", "dimension": "lens", "passage": "source"}
    makers = [remove, move, cite, write, aim, recode, scale]
    makers += [lambda kind=kind: add(one_of(parents.get(kind, "framework")), kind) for kind in kinds]
    return draw(st.sampled_from(makers))()


class TestRandomly:
    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_edits_and_undoings_in_any_order_leave_a_whole_framework(self, data):
        draft = Draft()
        for _step in range(data.draw(st.integers(1, 12))):
            if draft.edits and data.draw(st.booleans()):
                changes = data.draw(st.sampled_from(draft.edits))
                change, again = taken_back(draft.now, changes)
                if again or not change or new_faults(draft.now, change):
                    continue
            else:
                change = data.draw(some_edits(draft.now))
            draft.edit(change)
            assert faults(draft.now) == set()
            framework = elements.put_together(draft.now)
            assert elements.take_apart(framework) == draft.now

    @settings(max_examples=50, deadline=None)
    @given(st.data())
    def test_undone_from_the_last_to_the_first_everything_is_as_it_was(self, data):
        draft = Draft()
        for _step in range(data.draw(st.integers(1, 8))):
            draft.edit(data.draw(some_edits(draft.now)))
        for number in range(len(draft.edits), 0, -1):
            draft.edit(taken_back(draft.now, draft.edits[number - 1])[0])
        assert draft.now == SMALL
