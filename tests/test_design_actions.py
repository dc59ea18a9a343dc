"""How reports look: what changes is stored and logged, and no colour is taken that cannot be read."""

import pytest

from assessment import access, actions
from assessment.actions import Refused, WrongState
from assessment.models import Assessment, Event, Mark, Membership
from assessment.reports.gathering import design_of
from tests.records import approved

pytestmark = [pytest.mark.database, pytest.mark.django_db]
GREEN = "#1f5f3f"


@pytest.fixture
def mark(consultant):
    return actions.change_mark(Mark(user=consultant), {"organisation": "某咨询", "deep": GREEN}, by=consultant)


def test_a_design_changes_what_is_given_and_nothing_else(assessment, lead, mark):
    actions.change_design(assessment, {"classification": "内部资料"}, by=lead)
    actions.change_design(assessment, {"consultant": mark, "colours": "consultant"}, by=lead)
    look = design_of(assessment)
    assert (look.classification, look.consultant.organisation, look.deep) == ("内部资料", "某咨询", GREEN)
    events = Event.objects.filter(verb="design_changed").order_by("pk")
    assert [event.details["changed"] for event in events] == ["密级或性质标注", "顾问标识、配色"]


def test_a_design_changes_after_approval_too(assessment, lead):
    approved(assessment)
    actions.change_design(assessment, {"document_number": "1号"}, by=lead)
    assert design_of(assessment).document_number == "1号"


@pytest.mark.parametrize("state", ["moved", "undone"])
def test_a_design_of_a_round_that_is_only_read_stays(assessment, lead, state):
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    with pytest.raises(WrongState):
        actions.change_design(assessment, {"document_number": "1号"}, by=lead)


def test_nothing_new_is_no_event(assessment, lead):
    for _time in range(2):
        actions.change_design(assessment, {"classification": "内部资料"}, by=lead)
    assert Event.objects.filter(verb="design_changed").count() == 1


@pytest.mark.parametrize(
    ("colour", "words"),
    [
        ("#ffff00", "对比度为1.0，至少需要4.5"),
        ("#777777", "对比度为4.4，至少需要4.5"),
        ("navy", "六位"),
        ("#12345", "六位"),
        ("#12355b;}", "六位"),
        ('"><script>', "六位"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_with_what_was_measured(consultant, colour, words):
    with pytest.raises(Refused, match=words):
        actions.change_mark(Mark(user=consultant), {"accent": colour}, by=consultant)
    assert not Mark.objects.exists()


def test_the_marks_to_choose_from_are_those_of_the_citys_consultants_today(assessment, consultant, mark, stranger):
    Mark.objects.create(user=stranger, organisation="别处的")
    assert list(access.consultants_marks(assessment)) == [mark]
    Membership.objects.filter(user=consultant).delete()
    assert list(access.consultants_marks(assessment)) == []


def test_a_mark_that_was_chosen_can_stay_when_its_consultant_left(assessment, consultant, lead, mark):
    actions.change_design(assessment, {"consultant": mark}, by=lead)
    Membership.objects.filter(user=consultant).delete()
    assert list(access.consultants_marks(assessment)) == [mark]
