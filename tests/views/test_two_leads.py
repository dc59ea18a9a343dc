"""Two leads change one page: what one of them changed is kept, and where both changed one field the second is asked."""

import re
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment import actions
from assessment.models import Assessment, Event, Membership
from tests.attacks import ON_SQLITE
from tests.records import make_member
from tests.views.pages import opened, sent, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def other(city):
    return make_member("other_lead", "另一位牵头人", city, Membership.Role.LEAD)


class Pages:
    """Both open the page; the other one sends theirs first."""

    @pytest.fixture
    def both(self, assessment, lead, other):
        def send(theirs, mine):
            pages = [opened(visitor(person), self.view, assessment.pk) for person in (lead, other)]
            assert sent(visitor(other), pages[1], theirs).status == 200
            return sent(visitor(lead), pages[0], mine)

        return send

    @pytest.fixture
    def again(self, lead):
        return partial(sent, visitor(lead))

    def is_asked(self, page, theirs, name="另一位牵头人"):
        return page.status == 422 and bool(re.search(f"{name}[^“]*“{theirs}”", page.text))

    def test_locks_the_round_only_while_it_saves(self, assessment, lead):
        with CaptureQueriesContext(connection) as looked:
            page = opened(visitor(lead), self.view, assessment.pk)
        with CaptureQueriesContext(connection) as saved:
            sent(visitor(lead), page)
        locks = [[q["sql"] for q in found if "FOR UPDATE" in q["sql"]] for found in (looked, saved)]
        assert locks[0] == []
        assert locks[1] or ON_SQLITE


class TestTargets(Pages):
    view = "assessment-targets"

    @pytest.fixture(autouse=True)
    def at_first(self, assessment, lead):
        actions.set_targets(assessment, {"T1.1": 2}, by=lead)

    def stored(self, assessment):
        return dict(assessment.responses.values_list("criterion__code", "target"))

    def test_that_each_set_alone_are_both_kept(self, assessment, both):
        assert both({"T1.1": "3"}, {"T1.2": "4"}).status == 200
        assert self.stored(assessment) == {"T1.1": 3, "T1.2": 4}

    def test_that_both_set_are_asked_about_and_the_rest_is_saved(self, assessment, both):
        page = both({"T1.1": "3"}, {"T1.1": "5", "T1.2": "4"})
        assert self.is_asked(page, "3")
        assert page.form["T1.1"] == "5"
        assert self.stored(assessment) == {"T1.1": 3, "T1.2": 4}

    def test_that_both_set_to_the_same_are_not_asked_about(self, assessment, both):
        assert both({"T1.1": "3"}, {"T1.1": "3"}).status == 200

    def test_that_were_asked_about_replace_theirs_when_sent_again(self, assessment, both, again):
        assert again(both({"T1.1": "3"}, {"T1.1": "5", "T1.2": "4"})).status == 200
        assert self.stored(assessment) == {"T1.1": 5, "T1.2": 4}

    def test_that_were_asked_about_can_be_left_as_theirs(self, assessment, both, again):
        assert again(both({"T1.1": "3"}, {"T1.1": "5"}), {"T1.1": "3"}).status == 200
        assert self.stored(assessment) == {"T1.1": 3}

    def test_are_asked_about_once_more_where_they_were_changed_once_more(self, assessment, both, again, other):
        page = both({"T1.1": "3"}, {"T1.1": "5"})
        actions.set_targets(assessment, {"T1.1": None}, by=other)
        assert self.is_asked(again(page), "—")

    def test_that_i_saved_with_the_question_are_mine_to_change_again(self, assessment, both, again):
        page = both({"T1.1": "3"}, {"T1.1": "5", "T1.2": "4"})
        assert again(page, {"T1.2": "1"}).status == 200
        assert self.stored(assessment) == {"T1.1": 5, "T1.2": 1}

    def test_of_a_page_that_does_not_say_what_it_showed_are_asked_about(self, assessment, lead):
        page = opened(visitor(lead), self.view, assessment.pk)
        page.reader.fields = {"T1.1": "5", "csrfmiddlewaretoken": page.form["csrfmiddlewaretoken"]}
        assert self.is_asked(sent(visitor(lead), page), "2", "牵头人")


class TestParticulars(Pages):
    view = "assessment-edit"

    def stored(self, assessment):
        assessment.refresh_from_db()
        return assessment.title, str(assessment.due_on)

    def test_that_both_change_are_asked_about_and_the_rest_is_saved(self, assessment, both, again):
        page = both({"title": "对方的标题"}, {"title": "我的标题", "due_on": "2026-12-18"})
        assert self.is_asked(page, "对方的标题")
        assert page.form["title"] == "我的标题"
        assert self.stored(assessment) == ("对方的标题", "2026-12-18")
        assert again(page).status == 200
        assert self.stored(assessment) == ("我的标题", "2026-12-18")

    def test_of_every_kind_are_shown_as_people_read_them(self, assessment, framework, both):
        profile = framework.targets.get(code="2027")
        Assessment.objects.update(due_on="2026-11-30", target=profile)
        page = both({"due_on": "2026-12-01", "target": ""}, {"due_on": "2026-12-18"})
        assert self.is_asked(page, "2026-12-01")
        Assessment.objects.update(due_on="2026-11-30", target=None)
        page = both({"target": profile.pk, "due_on": ""}, {"due_on": "2026-12-18"})
        assert self.is_asked(page, "—")
        assert page.form["target"] == str(profile.pk)

    def test_that_a_colleague_changed_are_shown_when_asked(self, both):
        page = both({"title": "对方的标题", "as_of": "2026-09-30"}, {"title": "我的标题"})
        assert page.form["as_of"] == "2026-09-30"

    def test_leave_an_event_of_what_was_saved_alone(self, both, lead):
        both({"title": "对方的标题"}, {"title": "我的标题", "due_on": "2026-12-18"})
        assert "题" not in Event.objects.filter(verb="edited", by=lead).get().details["changed"]


class TestAssignments(Pages):
    view = "assignment-edit"

    @pytest.fixture
    def departments(self, city):
        return [city.departments.create(name=name) for name in ("市数据局", "市司法局", "市民政局")]

    @pytest.fixture
    def keys(self, departments):
        return [f"d{department.pk}" for department in departments]

    @pytest.fixture
    def given(self, assessment, departments, lead):
        actions.assign(assessment, {"T1": (departments[2], None)}, by=lead)

    def stored(self, assessment):
        parts = assessment.assignments.whole()
        return {part.part.code: (str(part.holder), str(part.due_on or "")) for part in parts}

    def test_that_both_give_are_asked_about_and_the_rest_is_saved(self, assessment, keys, both, again):
        page = both({"holder-T1": keys[0]}, {"holder-T1": keys[1], "holder-P1": keys[1]})
        assert self.is_asked(page, "市数据局")
        assert page.form["holder-T1"] == keys[1]
        assert self.stored(assessment) == {"T1": ("市数据局", ""), "P1": ("市司法局", "")}
        assert again(page).status == 200
        assert self.stored(assessment)["T1"] == ("市司法局", "")

    def test_of_single_criteria_are_asked_about_too(self, assessment, keys, both):
        assert self.is_asked(both({"split-T1.2": keys[0]}, {"split-T1.2": keys[1]}), "市数据局")
        assert self.stored(assessment) == {"T1.2": ("市数据局", "")}

    def test_keep_the_day_of_the_one_and_the_holder_of_the_other(self, assessment, given, keys, both):
        assert both({"due-T1": "2026-12-01"}, {"holder-T1": keys[0]}).status == 200
        assert self.stored(assessment) == {"T1": ("市数据局", "2026-12-01")}

    def test_with_two_days_are_asked_about(self, assessment, given, both):
        assert self.is_asked(both({"due-T1": "2026-12-01"}, {"due-T1": "2026-12-02"}), "2026-12-01")
        assert self.stored(assessment) == {"T1": ("市民政局", "2026-12-01")}

    def test_name_the_other_also_where_the_day_beside_it_is_mine(self, assessment, given, keys, both):
        page = both({"holder-T1": keys[0]}, {"holder-T1": keys[1], "due-T1": "2026-12-02"})
        assert self.is_asked(page, "市数据局")
        assert self.stored(assessment) == {"T1": ("市数据局", "2026-12-02")}

    def test_that_the_other_takes_back_are_asked_about(self, assessment, given, keys, both):
        assert self.is_asked(both({"holder-T1": ""}, {"holder-T1": keys[0]}), "未分配")
        assert self.stored(assessment) == {}

    def test_that_the_other_takes_back_get_no_day(self, assessment, given, both):
        page = both({"holder-T1": ""}, {"due-T1": "2026-12-02"})
        assert (page.status, "请选择责任方" in page.text) == (422, True)

    def test_of_all_that_is_left_leave_what_the_other_gave(self, assessment, keys, both):
        assert both({"holder-T1": keys[0]}, {"everything-else": keys[1]}).status == 200
        assert self.stored(assessment) == {"T1": ("市数据局", ""), "P1": ("市司法局", "")}
