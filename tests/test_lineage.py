"""Which criterion became which."""

from dataclasses import replace

import pytest

from assessment.lineage import families, forebears
from tests.editing import inserted, next_version, with_criterion, without
from tests.factories import make_criteria, make_framework


@pytest.fixture
def old():
    return make_framework()


def new_one(code, *replaced):
    (criterion,) = make_criteria(code)
    return replace(criterion, replaces=replaced)


def codes(*versions):
    return [([c.code for c in family.old], [c.code for c in family.new]) for family in families(*versions)]


def test_what_keeps_its_code_is_what_it_was(old):
    assert codes(old, next_version(old)) == [([code], [code]) for code in old.criteria]


def test_another_code_is_another_criterion_unless_it_says_what_it_replaces(old):
    plain = next_version(inserted(without(old, "T1.2"), "T1", new_one("T1.9")))
    assert forebears(old, plain)["T1.9"] == ()
    said = next_version(inserted(without(old, "T1.2"), "T1", new_one("T1.9", "T1.2")))
    assert forebears(old, said)["T1.9"] == ("T1.2",)


def test_several_that_replace_one_are_a_split(old):
    new = next_version(inserted(without(old, "T1.2"), "T1", new_one("T1.2a", "T1.2"), new_one("T1.2b", "T1.2"), at=1))
    assert (["T1.2"], ["T1.2a", "T1.2b"]) in codes(old, new)


def test_the_one_that_kept_its_code_belongs_to_the_split(old):
    new = next_version(inserted(old, "T1", new_one("T1.4", "T1.2")))
    assert (["T1.2"], ["T1.2", "T1.4"]) in codes(old, new)


@pytest.mark.parametrize("named", [("T1.3",), ("T1.2", "T1.3")])
def test_one_that_kept_its_code_takes_another_in_whether_or_not_it_names_itself(old, named):
    new = next_version(with_criterion(without(old, "T1.3"), "T1.2", replaces=named))
    assert (["T1.2", "T1.3"], ["T1.2"]) in codes(old, new)


def test_two_that_change_their_codes_are_not_mixed_up(old):
    new = with_criterion(with_criterion(old, "T1.2", replaces=("T1.3",)), "T1.3", replaces=("T1.2",))
    assert codes(old, next_version(new))[1:3] == [(["T1.3"], ["T1.2"]), (["T1.2"], ["T1.3"])]


def test_what_hangs_together_by_several_links_is_one_family(old):
    new = inserted(without(old, "T1.2", "T1.3"), "T1", new_one("T1.8", "T1.2", "T1.3"), new_one("T1.9", "T1.3"))
    assert (["T1.2", "T1.3"], ["T1.8", "T1.9"]) in codes(old, next_version(new))


def test_what_the_old_version_replaced_already_is_no_news(old):
    split = inserted(old, "T1", new_one("T1.4", "T1.2"))
    assert codes(split, next_version(split)) == [([code], [code]) for code in split.criteria]


def test_between_two_states_of_one_version_nothing_replaces_anything(old):
    assert codes(old, inserted(old, "T1", new_one("T1.4", "T1.2")))[3] == ([], ["T1.4"])


def test_looking_back_a_split_is_a_merger(old):
    new = next_version(inserted(without(old, "T1.2"), "T1", new_one("T1.2a", "T1.2"), new_one("T1.2b", "T1.2"), at=1))
    assert (["T1.2a", "T1.2b"], ["T1.2"]) in codes(new, old)


def test_looking_back_what_took_another_in_is_a_split(old):
    new = next_version(with_criterion(without(old, "T1.3"), "T1.2", replaces=("T1.3",)))
    assert codes(new, old)[1] == (["T1.2"], ["T1.2", "T1.3"])


def test_looking_back_two_that_changed_their_codes_are_not_mixed_up(old):
    new = with_criterion(with_criterion(old, "T1.2", replaces=("T1.3",)), "T1.3", replaces=("T1.2",))
    assert codes(next_version(new), old)[1:3] == [(["T1.3"], ["T1.2"]), (["T1.2"], ["T1.3"])]


def test_looking_back_leads_through_the_versions_between(old):
    between = next_version(with_criterion(old, "T1.3", code="T1.9", replaces=("T1.3",)))
    new = next_version(with_criterion(without(between, "T1.2"), "T1.9", replaces=("T1.2",)), "2026.1")
    assert forebears(new, between, old)["T1.3"] == forebears(new, between, old)["T1.2"] == ("T1.9",)


def test_a_draft_of_whatever_name_goes_on_from_the_version_that_it_speaks_of(old):
    assert codes(old, next_version(inserted(old, "T1", new_one("T1.4", "T1.2")), "attempt"))[1] == (
        ["T1.2"],
        ["T1.2", "T1.4"],
    )


def test_every_criterion_of_both_versions_is_told_once(old):
    new = next_version(inserted(without(old, "T1.2", "P1.A1"), "P1.B", new_one("P1.B3", "T1.2"), new_one("P1.B4")))
    found = codes(old, new)
    assert sorted(code for olds, _news in found for code in olds) == sorted(old.criteria)
    assert sorted(code for _olds, news in found for code in news) == sorted(new.criteria)


def test_through_the_versions_between_a_criterion_is_traced_back_to_the_first(old):
    parts = new_one("T1.2a", "T1.2"), new_one("T1.2b", "T1.2")
    between = next_version(inserted(without(old, "T1.2"), "T1", *parts, at=1))
    new = next_version(with_criterion(without(between, "T1.3"), "T1.2b", replaces=("T1.3",)), "2026.1")
    assert forebears(old, between, new)["T1.2b"] == ("T1.2", "T1.3")
    assert (["T1.2", "T1.3"], ["T1.2a", "T1.2b"]) in codes(old, between, new)
