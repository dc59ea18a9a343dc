"""Golden sets of a draft: added, changed, accepted, removed; and carried into the next version."""

import pytest
from django.db import DatabaseError, transaction

from assessment import actions, bench
from assessment.bench import Golden
from assessment.models import GoldenSet
from tests.editing import with_criterion, without
from tests.factories import EXAMPLE_TWO, make_framework
from tests.records import store

pytestmark = [pytest.mark.database, pytest.mark.django_db]
FRAMEWORK = make_framework()


@pytest.fixture
def draft():
    return store(FRAMEWORK, publish=False)


@pytest.fixture
def golden(draft, criteria_admin):
    return actions.add_golden_set(draft, "青禾市", EXAMPLE_TWO, by=criteria_admin)


def edit(draft, framework=None):
    actions.load_framework(framework or with_criterion(FRAMEWORK, "T1.1", weight=8))
    draft.refresh_from_db()


def seen(golden):
    return bench.digest(bench.figures(golden.framework.outline(), golden.answers))


def accept(golden, by):
    actions.accept_golden_set(golden, seen=seen(golden), by=by)


def test_what_the_answers_come_to_is_accepted_with_them(draft, golden, criteria_admin):
    assert golden.expected["overall"] == {"score": 39.8, "level": 2}
    assert golden.accepted_by == criteria_admin
    assert actions.differing(draft) == []


def test_an_edit_of_the_criteria_makes_it_differ_until_it_is_accepted(draft, golden, criteria_admin):
    edit(draft)
    assert actions.differing(draft) == [("青禾市", 3)]
    accept(golden, criteria_admin)
    assert actions.differing(draft) == []
    golden.refresh_from_db()
    assert golden.expected["overall"]["score"] == 23.5


def test_what_was_not_seen_is_not_accepted(draft, golden, criteria_admin):
    before = seen(golden)
    edit(draft)
    with pytest.raises(actions.Overtaken):
        actions.accept_golden_set(golden, seen=before, by=criteria_admin)
    assert actions.differing(draft) == [("青禾市", 3)]


def test_changed_answers_differ_until_they_are_accepted(draft, golden, criteria_admin):
    answers = EXAMPLE_TWO | {"T1.1": 5}
    actions.change_golden_set(golden, "青禾新城", answers, seen=bench.digest(golden.answers), by=criteria_admin)
    assert actions.differing(draft) == [("青禾新城", 3)]
    accept(golden, criteria_admin)
    assert actions.differing(draft) == []


def test_typed_figures_are_what_the_draft_must_give_until_its_own_are_accepted(draft, golden, criteria_admin, admin):
    typed = {"typed": True, "overall": {"score": 50.0}, "dimensions": {"T1": {"level": 2}}}
    actions.expect_golden_set(golden, typed, seen=bench.digest(golden.expected), by=admin)
    assert (golden.expected, golden.accepted_by) == (typed, admin)
    assert actions.differing(draft) == [("青禾市", 1)]
    accept(golden, criteria_admin)
    assert actions.differing(draft) == []


def test_typed_figures_go_into_a_copy(draft, golden, criteria_admin):
    typed = {"typed": True, "overall": {"level": 2}, "dimensions": {}}
    actions.expect_golden_set(golden, typed, seen=bench.digest(golden.expected), by=criteria_admin)
    actions.publish(draft)
    assert actions.copy_as_draft(draft).golden_sets.get().expected == typed


def test_typed_figures_that_somebody_else_changed_are_not_written_over(golden, criteria_admin):
    mine = bench.digest(golden.expected)
    first, late = ({"typed": True, "overall": {"score": score}, "dimensions": {}} for score in (50.0, 60.0))
    actions.expect_golden_set(golden, first, seen=mine, by=criteria_admin)
    with pytest.raises(actions.Overtaken):
        actions.expect_golden_set(golden, late, seen=mine, by=criteria_admin)
    golden.refresh_from_db()
    assert golden.expected["overall"] == {"score": 50.0}


def test_answers_that_somebody_else_changed_are_not_written_over(golden, criteria_admin):
    mine = bench.digest(golden.answers)
    actions.change_golden_set(golden, "青禾市", {"T1.1": 1}, seen=mine, by=criteria_admin)
    with pytest.raises(actions.Overtaken):
        actions.change_golden_set(golden, "青禾市", {"T1.1": 2}, seen=mine, by=criteria_admin)
    golden.refresh_from_db()
    assert golden.answers == {"T1.1": 1}


def test_two_sets_do_not_bear_one_name(draft, golden, criteria_admin):
    with pytest.raises(actions.Refused):
        actions.add_golden_set(draft, "青禾市", {}, by=criteria_admin)
    other = actions.add_golden_set(draft, "澜溪市", {}, by=criteria_admin)
    with pytest.raises(actions.Refused):
        actions.change_golden_set(other, "青禾市", {}, seen=bench.digest({}), by=criteria_admin)


def test_a_set_is_removed(draft, golden, criteria_admin):
    actions.remove_golden_set(golden, by=criteria_admin)
    assert draft.golden_sets.count() == 0


def test_once_published_nothing_of_it_changes(draft, golden, criteria_admin):
    actions.publish(draft)
    for verb in (
        lambda: actions.add_golden_set(draft, "澜溪市", {}, by=criteria_admin),
        lambda: accept(golden, criteria_admin),
        lambda: actions.change_golden_set(golden, "甲", {}, seen=bench.digest(golden.answers), by=criteria_admin),
        lambda: actions.remove_golden_set(golden, by=criteria_admin),
        lambda: actions.expect_golden_set(golden, {}, seen=bench.digest(golden.expected), by=criteria_admin),
        lambda: actions.load_golden_sets(draft, []),
    ):
        with pytest.raises(actions.Refused):
            verb()
    with pytest.raises(DatabaseError), transaction.atomic():
        GoldenSet.objects.update(name="改了")


def test_a_copy_has_the_sets_with_what_was_accepted_and_by_whom(draft, golden, criteria_admin):
    actions.publish(draft)
    copied = actions.copy_as_draft(draft).golden_sets.get()
    assert (copied.name, copied.answers, copied.expected) == (golden.name, golden.answers, golden.expected)
    assert (copied.accepted_by, copied.accepted_at) == (criteria_admin, golden.accepted_at)


def test_a_changed_copy_shows_what_differs(draft, golden):
    actions.publish(draft)
    copied = actions.copy_as_draft(draft)
    assert actions.differing(copied) == []
    actions.load_framework(with_criterion(copied.outline(), "T1.1", weight=8))
    assert actions.differing(copied) == [("青禾市", 3)]


def test_answers_go_into_a_copy_by_the_codes_of_the_version_that_is_copied(draft, golden):
    """What it replaced itself is no longer known to the one after it."""
    edit(draft, with_criterion(without(FRAMEWORK, "T1.2"), "T1.3", code="T1.7", replaces=("T1.3",)))
    copied = actions.copy_as_draft(draft).golden_sets.get()
    assert copied.answers["T1.7"] == EXAMPLE_TWO["T1.3"]
    assert "T1.3" not in copied.answers


def test_sets_of_a_file_keep_the_figures_that_it_expects_and_come_once(draft):
    given = [Golden("青禾市", EXAMPLE_TWO, {"overall": {"score": 1, "level": 0}})]
    for _time in (1, 2):
        actions.load_golden_sets(draft, given)
    assert [stored.expected["overall"]["score"] for stored in draft.golden_sets.all()] == [1]
    assert actions.differing(draft) == [("青禾市", 5)]
