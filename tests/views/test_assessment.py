"""Home, opening a round, the overview."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import actions
from assessment.models import Assessment, TargetProfile
from tests.factories import EXAMPLE_TWO, NA, make_framework
from tests.records import make_round, store
from tests.views.pages import opened, sent, visitor

pytestmark = pytest.mark.django_db


def queries_of(client, view, *args):
    """A second visit's: the first one puts together what is kept from then on."""
    opened(client, view, *args)
    with CaptureQueriesContext(connection) as queries:
        opened(client, view, *args)
    return len(queries)


class TestHome:
    def test_shows_progress_score_and_bounds(self, city, framework, lead):
        make_round(city, framework, {"T1.1": 3, "T1.2": 3, "T1.3": NA}, title="杭州第一轮")
        row = opened(visitor(lead), "assessment-list").row("杭州第一轮")
        assert row[1] == "填报中"
        assert row[2] == "3 / 7"
        assert row[3] == "60.0 30.0–80.0"
        assert row[4] == "—"

    def test_shows_no_bounds_where_nothing_is_left(self, city, framework, lead):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        actions.approve(record)
        row = opened(visitor(lead), "assessment-list").row("杭州市 2026")
        assert row[1:5] == ["定稿", "7 / 7", "40.0", "2"]

    def test_tells_a_lead_without_rounds_how_to_begin(self, lead):
        page = opened(visitor(lead), "assessment-list")
        assert "还没有评估" in page.text
        assert page.links.count(reverse("assessment-open")) == 2

    def test_tells_others_without_rounds_whom_to_ask(self, contributor):
        page = opened(visitor(contributor), "assessment-list")
        assert "牵头人" in page.text
        assert reverse("assessment-open") not in page.links

    def test_asks_the_database_no_more_for_twelve_rounds_than_for_two(self, city, framework, lead):
        def rounds(numbers):
            for number in numbers:
                make_round(city, framework, EXAMPLE_TWO, round=f"轮次{number}")
            return queries_of(visitor(lead), "assessment-list")

        few = rounds(range(2))
        assert rounds(range(2, 12)) == few

    def test_turns_pages_where_there_are_many(self, city, framework, lead):
        for number in range(51):
            make_round(city, framework, round=f"轮次{number}")
        page = opened(visitor(lead), "assessment-list")
        assert "?page=2" in page.links
        assert "1 / 2" in page.text
        assert len(opened(visitor(lead), "assessment-list", page=2).rows) == 2


@pytest.fixture
def wanted(city, framework):
    target = TargetProfile.objects.get(framework=framework)
    return {"city": city.pk, "framework": framework.pk, "round": "2027", "target": target.pk, "as_of": "2027-06-30"}


class TestOpeningARound:
    def test_leads_to_its_overview(self, lead, wanted):
        page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted)
        record = Assessment.objects.get()
        assert page.response.redirect_chain == [(record.get_absolute_url(), 302)]
        assert (record.round, record.target.code, f"{record.as_of}") == ("2027", "2027", "2027-06-30")
        assert "本轮评估已开始" in page.text

    def test_offers_the_only_city_and_framework_at_once(self, lead, city, framework):
        form = opened(visitor(lead), "assessment-open").form
        assert (form["city"], form["framework"]) == (str(city.pk), str(framework.pk))

    def test_wants_a_name(self, lead, wanted):
        page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"round": ""})
        assert page.status == 422
        assert "这个字段是必填项" in page.text
        assert page.form["as_of"] == "2027-06-30"
        assert not Assessment.objects.exists()

    def test_refuses_the_profile_of_another_framework(self, lead, wanted):
        foreign = store(make_framework(version="2025.1")).targets.get()
        page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"target": foreign.pk})
        assert page.status == 422
        assert "这个目标画像属于另一个框架" in page.text

    def test_refuses_a_second_round_of_the_same_name(self, lead, wanted, city, framework):
        make_round(city, framework, round="2027")
        page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted)
        assert page.status == 422
        assert "该市用这个框架已有同名轮次" in page.text
        assert Assessment.objects.count() == 1

    def test_refuses_a_city_of_others(self, lead, stranger, wanted):
        theirs = stranger.memberships.get().city
        page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"city": theirs.pk})
        assert page.status == 422
        assert not Assessment.objects.exists()

    @pytest.mark.parametrize("state", ["draft", "retired"])
    def test_refuses_a_framework_that_is_not_published(self, lead, wanted, state):
        other = store(make_framework(version="2025.1"), publish=state == "retired")
        if state == "retired":
            actions.retire(other)
        page = sent(
            visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"framework": other.pk, "target": ""}
        )
        assert page.status == 422
        assert not Assessment.objects.exists()


class TestTheOverview:
    def test_shows_the_score_its_bounds_and_what_is_left(self, city, framework, lead):
        record = make_round(city, framework, {"T1.1": 3, "T1.2": 3, "T1.3": NA})
        page = opened(visitor(lead), "assessment-detail", record.pk)
        assert "60.0" in page.text
        assert "30.0" in page.text
        assert "80.0" in page.text
        assert f"{reverse('dimension-answer', args=[record.pk, 'P1'])}#P1.A1" in page.links

    def test_draws_each_trend_as_a_journey_and_each_priority_as_a_balance(self, assessment, lead):
        page = opened(visitor(lead), "assessment-detail", assessment.pk)
        pictures = [given for tag, given in page.reader.tags if tag == "svg"]
        assert len(pictures) == 2
        assert "旧" in page.text
        assert "新" in page.text
        assert all("侧面" + side in page.text for side in "AB")

    def test_names_the_level_by_score_of_a_capped_dimension(self, city, framework, lead):
        record = make_round(city, framework, EXAMPLE_TWO)
        assert "受限，按得分为 3 级" in opened(visitor(lead), "assessment-detail", record.pk).text

    def test_tells_when_nothing_is_left(self, city, framework, lead):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        assert "已全部作答" in opened(visitor(lead), "assessment-detail", record.pk).text


class TestEditing:
    @pytest.fixture
    def typed(self, city, framework):
        target = TargetProfile.objects.get(framework=framework, code="2027")
        return {"round": "2026", "title": "改过的标题", "target": target.pk, "as_of": "2026-09-30"}

    def save(self, person, assessment, typed):
        client = visitor(person)
        return sent(client, opened(client, "assessment-edit", assessment.pk), typed)

    def test_changes_title_target_and_day(self, assessment, lead, typed):
        page = self.save(lead, assessment, typed)
        assert "改过的标题" in page.text
        assessment.refresh_from_db()
        assert (assessment.title, assessment.target.code, str(assessment.as_of)) == ("改过的标题", "2027", "2026-09-30")

    def test_keeps_city_and_framework_whatever_is_sent(self, assessment, lead, typed, city, framework):
        other = store(make_framework(version="2025.1"))
        self.save(lead, assessment, typed | {"framework": other.pk, "city": 0})
        assessment.refresh_from_db()
        assert (assessment.city, assessment.framework) == (city, framework)

    def test_refuses_the_name_of_another_round(self, assessment, lead, typed, city, framework):
        make_round(city, framework, round="2025")
        page = self.save(lead, assessment, typed | {"round": "2025"})
        assert page.status == 422
        assessment.refresh_from_db()
        assert assessment.round == "2026"

    @pytest.mark.parametrize("person", ["contributor", "reviewer", "viewer", "consultant", "admin"])
    def test_is_the_leads_alone(self, assessment, person, request):
        client = visitor(request.getfixturevalue(person))
        assert client.get(reverse("assessment-edit", args=[assessment.pk])).status_code == 404

    def test_ends_when_the_round_is_final(self, city, framework, lead):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        actions.approve(record)
        assert visitor(lead).get(reverse("assessment-edit", args=[record.pk])).status_code == 404
