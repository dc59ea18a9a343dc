"""Home, opening a round, the overview."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment import actions
from assessment.models import Assessment, Event, Membership, TargetProfile
from assessment.outline import Evidence
from tests.factories import EXAMPLE_TWO, NA, make_framework
from tests.records import approved, framework_of, make_member, make_round, store
from tests.views.pages import opened, read, sent, visitor

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
        approved(record)
        row = opened(visitor(lead), "assessment-list").row("杭州市 2026")
        assert row[1:5] == ["定稿", "7 / 7", "40.0", "2"]

    def test_shows_both_tracks_where_something_is_verified(self, city, framework, lead):
        make_round(city, framework, EXAMPLE_TWO | {"T1.2": {"level": 5, "verified_level": 2}}, title="已复核")
        make_round(city, framework, EXAMPLE_TWO, round="2027", title="未复核")
        page = opened(visitor(lead), "assessment-list")
        tracks = page.row("已复核")[3]
        assert "自评" in tracks and "复核" in tracks and "差值 −" in tracks
        assert "差值" not in page.row("未复核")[3]

    @pytest.mark.parametrize(("days", "words"), [(-1, "已逾期"), (0, "")])
    def test_shows_the_last_day_and_what_is_overdue(self, assessment, lead, days, words):
        Assessment.objects.update(due_on=timezone.localdate() + timedelta(days))
        row = opened(visitor(lead), "assessment-list").row("杭州市 2026")
        assert f"{timezone.localdate() + timedelta(days):%Y年}" in row[1]
        assert ("已逾期" in row[1]) is bool(words)

    def test_tells_a_lead_without_rounds_how_to_begin(self, lead):
        page = opened(visitor(lead), "assessment-list")
        assert "还没有评估" in page.text
        assert page.links.count(reverse("assessment-open")) == 2

    def test_tells_others_without_rounds_whom_to_ask(self, contributor):
        page = opened(visitor(contributor), "assessment-list")
        assert "牵头人" in page.text
        assert reverse("assessment-open") not in page.links

    def test_tells_who_keeps_the_criteria_where_their_work_is(self, criteria_admin):
        page = opened(visitor(criteria_admin), "assessment-list")
        assert "您负责评估标准" in page.text and "牵头人" not in page.text
        assert page.links.count(reverse("framework-list")) == 2  # above all pages, and here

    def test_leads_who_has_no_part_in_rounds_to_their_own_work(self, auditor, criteria_admin):
        links = opened(visitor(auditor), "assessment-list").links
        assert links.count(reverse("event-list")) == links.count(reverse("admin:index")) == 2
        links = opened(visitor(criteria_admin), "assessment-list").links
        assert (links.count(reverse("event-list")), links.count(reverse("admin:index"))) == (0, 2)

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
        assert record.is_open and record.scope == []
        assert list(Event.objects.filter(assessment=record).order_by("pk").values_list("verb", "by")) == [
            ("created", lead.pk),
            ("opened", lead.pk),
        ]

    def test_offers_the_only_city_and_framework_at_once(self, lead, city, framework):
        form = opened(visitor(lead), "assessment-open").form
        assert (form["city"], form["framework"]) == (str(city.pk), str(framework.pk))

    def test_keeps_a_draft_to_be_opened_later(self, lead, contributor, wanted):
        page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"draft": "1"})
        record = Assessment.objects.get()
        assert record.is_draft
        assert "开启填报" in page.text
        assert "2027" not in opened(visitor(contributor), "assessment-list").text
        release = read(visitor(lead).post(reverse("assessment-release", args=[record.pk]), follow=True), "")
        assert "填报中" in release.text
        assert "2027" in opened(visitor(contributor), "assessment-list").text

    def test_keeps_the_last_day_and_the_dimensions_that_are_asked(self, lead, wanted, framework):
        ticked = {"due_on": "2027-09-30", "scope": [f"{framework.pk}:T1"]}
        sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | ticked)
        record = Assessment.objects.get()
        assert (f"{record.due_on}", record.scope) == ("2027-09-30", ["T1"])
        page = opened(visitor(lead), "assessment-detail", record.pk)
        assert "0 / 3" in page.text
        assert "不在本轮范围内" in page.text
        assert "2027年9月30日" in page.text

    @pytest.mark.parametrize("ticked", [[], ["0:T1"], ["x"]])
    def test_wants_at_least_one_dimension_of_the_framework(self, lead, wanted, ticked):
        page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"scope": ticked})
        assert page.status == 422
        assert not Assessment.objects.exists()

    def test_offers_the_latest_approved_round_to_begin_from(self, lead, wanted, city, framework):
        last = approved(make_round(city, framework, {"T1.1": 4}, round="2025"))
        make_round(city, framework, round="2026")
        page = opened(visitor(lead), "assessment-open")
        assert page.form["previous"] == str(last.pk)
        sent(visitor(lead), page, wanted)
        record = Assessment.objects.get(round="2027")
        assert record.previous == last
        assert record.responses.filter(is_unconfirmed=True).count() == 7
        assert "上一轮 杭州市 2025" in opened(visitor(lead), "assessment-detail", record.pk).text

    def test_begins_blank_where_that_is_wanted(self, lead, wanted, city, framework):
        make_round(city, framework, EXAMPLE_TWO, round="2025")
        sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"previous": ""})
        assert not Assessment.objects.get(round="2027").responses.exists()

    def test_refuses_to_begin_from_another_framework_or_city(self, lead, wanted, city, framework, stranger):
        other = store(make_framework(code="other"))
        foreign = make_round(stranger.memberships.get().city, framework, round="2025")
        for last in (make_round(city, other, target="", round="2025"), foreign):
            page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"previous": last.pk})
            assert page.status == 422
        assert not Assessment.objects.filter(round="2027").exists()

    def test_begins_from_another_version_of_the_same_framework(self, lead, wanted, city, framework):
        last = make_round(city, store(make_framework(version="2023.1")), EXAMPLE_TWO, version="2023.1", round="2025")
        page = opened(visitor(lead), "assessment-open")
        sent(visitor(lead), page, wanted | {"previous": last.pk, "scope": self.all_of(framework)})
        assert Assessment.objects.get(round="2027").responses.count() == 7

    def all_of(self, framework):
        return [f"{framework.pk}:{dimension.code}" for dimension in framework.outline().dimensions]

    def test_wants_a_name(self, lead, wanted):
        page = sent(visitor(lead), opened(visitor(lead), "assessment-open"), wanted | {"round": ""})
        assert page.status == 422
        assert "此项必填" in page.text
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
    def test_asks_the_database_at_most_twenty_times_whatever_there_is(self, city, lead, reviewer):
        def queries(count):
            framework = store(framework_of(count, version=f"of-{count}"))
            codes = list(framework.outline().criteria)
            record = make_round(
                city, framework, {code: {"level": 2, "evidence": (Evidence("办法"),)} for code in codes}
            )
            for code in codes:
                criterion = framework.criteria.get(code=code)
                record.returns.create(criterion=criterion, reason="补充", returned_by=reviewer)
            return queries_of(visitor(lead), "assessment-detail", record.pk)

        assert queries(30) == queries(3) <= 20

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
        assert "受限，按得分为3级" in opened(visitor(lead), "assessment-detail", record.pk).text

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

    def test_leaves_what_a_colleague_changed_meanwhile(self, assessment, lead, city):
        page = opened(visitor(lead), "assessment-edit", assessment.pk)
        colleague = make_member("other_lead", "另一位", city, Membership.Role.LEAD)
        self.save(colleague, assessment, {"title": "同事改的标题"})
        sent(visitor(lead), page, {"due_on": "2026-12-18"})
        assessment.refresh_from_db()
        assert (assessment.title, str(assessment.due_on)) == ("同事改的标题", "2026-12-18")

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

    def test_leaves_one_event_that_names_what_was_changed(self, assessment, lead, typed):
        self.save(lead, assessment, typed | {"due_on": "2026-12-18"})
        event = Event.objects.get(verb="edited")
        assert event.by == lead
        assert event.details["changed"].count(", ") == 2
        self.save(lead, assessment, {})
        assert Event.objects.filter(verb="edited").count() == 1

    def test_changes_nothing_that_it_does_not_show(self, assessment, lead, typed):
        page = opened(visitor(lead), "assessment-edit", assessment.pk)
        assert not {"scope", "previous", "state"} & set(page.form)
        Assessment.objects.filter(pk=assessment.pk).update(scope=["T1"], is_narrowed=True)
        sent(visitor(lead), page, typed)
        assessment.refresh_from_db()
        assert (assessment.title, assessment.scope, assessment.is_narrowed) == ("改过的标题", ["T1"], True)

    def test_ends_when_the_round_is_submitted(self, city, framework, lead):
        record = approved(make_round(city, framework))
        page = opened(visitor(lead), "assessment-edit", record.pk)
        assert page.response.redirect_chain == [(record.get_absolute_url(), 302)]
        assert "提交前" in page.text

    def test_keeps_what_was_typed_when_the_round_was_submitted_meanwhile(self, city, framework, lead, typed):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        page = opened(visitor(lead), "assessment-edit", record.pk)
        actions.submit(record, by=lead)
        page = sent(visitor(lead), page, typed)
        assert page.status == 422
        assert page.form["title"] == "改过的标题"
        assert "已提交" in page.text
        assert not Event.objects.filter(verb="edited").exists()
