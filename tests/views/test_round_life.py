"""A round's life on its pages: what comes next for whom, submitting, withdrawing, settling, own targets."""

from datetime import UTC, datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.dateformat import format as date_format

from assessment import actions
from assessment.models import Assessment, Event
from tests.factories import NA
from tests.records import approved, assign, framework_of, make_round, store
from tests.views.pages import opened, read, sent, visitor

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys(["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"], 2)


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, ALL)


def posted(user, view, *args, **fields):
    return read(visitor(user).post(reverse(view, args=args), fields, follow=True), view)


def state_of(record):
    record.refresh_from_db()
    return record.state


def card(record, code):
    return f"{reverse('dimension-answer', args=[record.pk, code.split('.')[0]])}#{code}"


def targets(page):
    return [given.get("action") for tag, given in page.reader.tags if tag == "form"]


def current(page):
    """The rooms that are marked, without the report's language, which is chosen within one."""
    marked = [given for tag, given in page.reader.tags if "aria-current" in given]
    return [(given["href"], given["aria-current"]) for given in marked if not given["href"].startswith("?language=")]


def test_the_rooms_of_a_round_mark_where_one_is(record, lead):
    for view in ("assessment-detail", "assessment-results", "assessment-targets", "board-detail", "evidence-list"):
        address = reverse(view, args=[record.pk])
        assert current(opened(visitor(lead), address)) == [(address, "page")]
    assert current(opened(visitor(lead), "dimension-answer", record.pk, "T1")) == [(record.get_absolute_url(), "true")]


class TestWhatComesNext:
    def overview(self, record, user):
        return opened(visitor(user), "assessment-detail", record.pk)

    def test_is_for_a_lead_to_go_on_at_the_first_open_criterion(self, city, framework, lead):
        record = make_round(city, framework, {code: 2 for code in ALL if code not in ("T1.3", "P1.B1")})
        page = self.overview(record, lead)
        assert "待您处理：未作答2项。" in page.text
        assert card(record, "T1.3") in page.links

    def test_is_to_confirm_what_was_copied(self, record, lead):
        record.responses.filter(criterion__code="P1.A2").update(is_unconfirmed=True)
        page = self.overview(record, lead)
        assert "待确认1项" in page.text
        assert card(record, "P1.A2") in page.links

    def test_is_to_submit_once_all_is_answered(self, record, lead):
        page = self.overview(record, lead)
        assert "已全部作答" in page.text
        assert page.links.count(reverse("assessment-submit", args=[record.pk])) == 2

    def test_is_for_a_contributor_what_is_assigned_to_them(self, city, framework, contributor):
        record = make_round(city, framework, {"T1.1": 2})
        assert "没有待您处理的事项" in self.overview(record, contributor).text
        assign(record, contributor, "P1")
        page = self.overview(record, contributor)
        assert "未作答4项" in page.text
        assert card(record, "P1.A1") in page.links

    @pytest.mark.parametrize("who", ["reviewer", "viewer", "consultant", "admin"])
    def test_is_for_others_to_wait_while_it_is_filled_in(self, request, record, who):
        assert "正在填报" in self.overview(record, request.getfixturevalue(who)).text

    def test_of_a_submitted_round_is_to_begin_the_review(self, record, lead, reviewer, viewer):
        actions.submit(record, by=lead)
        begin, withdraw = (reverse(view, args=[record.pk]) for view in ("review-begin", "assessment-withdraw"))
        assert begin in targets(self.overview(record, reviewer))
        assert withdraw in targets(self.overview(record, lead))
        assert not {begin, withdraw} & set(targets(self.overview(record, viewer)))

    def test_of_a_round_under_review_is_to_go_on_reviewing(self, record, lead, reviewer):
        actions.submit(record, by=lead)
        actions.begin_review(record, by=reviewer)
        actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
        for user, words in ((reviewer, "请您复核：7项中已复核1项"), (lead, "7项中已复核1项")):
            page = self.overview(record, user)
            assert words in page.text
            assert reverse("review-detail", args=[record.pk]) in page.links

    def test_of_a_final_round_is_its_frozen_result(self, record, viewer, reviewer, lead):
        approved(record)
        page = self.overview(record, viewer)
        assert "本轮评估已定稿：第1版" in page.text and "some_reviewer" in page.text
        assert reverse("freeze-detail", args=[record.pk, 1]) in page.links
        reopen = reverse("assessment-reopen", args=[record.pk])
        assert [reopen in targets(self.overview(record, user)) for user in (reviewer, lead)] == [True, False]

    def test_of_a_final_round_tells_the_day_as_it_was_here(self, record, viewer):
        evening = datetime.combine(datetime.now(UTC) + timedelta(days=1), time(23), UTC)
        with patch("django.utils.timezone.now", return_value=evening):
            approved(record)
        assert date_format(evening + timedelta(hours=8), "Y年n月j日") in self.overview(record, viewer).text


class TestSubmitting:
    def test_shows_first_what_stands_in_the_way_with_a_link_to_each(self, city, framework, lead, reviewer):
        record = make_round(city, framework, {code: 2 for code in ALL if code != "P1.B1"})
        record.responses.filter(criterion__code="T1.2").update(is_unconfirmed=True)
        record.returns.create(criterion=framework.criteria.get(code="T1.3"), reason="缺文号", returned_by=reviewer)
        page = opened(visitor(lead), "assessment-submit", record.pk)
        assert page.status == 200
        for code in ("P1.B1", "T1.2", "T1.3"):
            assert card(record, code) in page.links
        assert "缺文号" in page.text
        assert "" not in [target for target in targets(page) if target is not None]
        assert "提交复核" not in page.text

    def test_is_refused_with_the_list_and_changes_nothing(self, city, framework, lead):
        record = make_round(city, framework, {code: 2 for code in ALL if code != "P1.B1"})
        page = posted(lead, "assessment-submit", record.pk)
        assert page.status == 422
        assert "还有1项需要处理" in page.text
        assert card(record, "P1.B1") in page.links
        assert state_of(record) == "open"

    def test_points_to_what_the_reviewer_will_look_at(self, city, framework, lead, contributor):
        record = make_round(city, framework, ALL | {"T1.1": NA})
        assign(record, contributor, "P1")
        page = opened(visitor(lead), "assessment-submit", record.pk)
        assert card(record, "T1.1") in page.links and NA["not_applicable"] in page.text
        assert "1/3" in page.text and "填报人" in page.text
        assert "提交复核" in page.text

    def test_hands_the_round_to_the_reviewers(self, record, lead):
        page = sent(visitor(lead), opened(visitor(lead), "assessment-submit", record.pk))
        assert "本轮评估已提交" in page.text
        assert state_of(record) == "submitted"
        assert Event.objects.get(verb="submitted").by == lead

    def test_says_of_a_round_that_is_submitted_already_that_it_is(self, record, lead):
        actions.submit(record, by=lead)
        assert "已提交" in opened(visitor(lead), "assessment-submit", record.pk).text
        page = posted(lead, "assessment-submit", record.pk)
        assert page.status == 422 and "现在不能这样操作" in page.text


class TestWithdrawing:
    def test_opens_the_round_again(self, record, lead):
        actions.submit(record, by=lead)
        page = posted(lead, "assessment-withdraw", record.pk, reason="漏填一项")
        assert "已撤回" in page.text
        assert state_of(record) == "open"
        assert Event.objects.get(verb="withdrawn").details == {"reason": "漏填一项"}

    def test_is_over_once_the_review_has_begun(self, record, lead, reviewer):
        actions.submit(record, by=lead)
        actions.begin_review(record, by=reviewer)
        assert "复核中" in posted(lead, "assessment-withdraw", record.pk).text
        assert state_of(record) == "under_review"


class TestReturns:
    @pytest.fixture
    def returned(self, record, lead, reviewer):
        actions.submit(record, by=lead)
        actions.begin_review(record, by=reviewer)
        actions.return_for_revision(record, {"T1.2": "缺文号\n请补", "P1.A1": "等级偏高"}, by=reviewer)
        record.refresh_from_db()
        return record

    def item(self, record, code):
        return record.returns.get(criterion__code=code)

    def test_stand_on_the_overview_with_who_and_why(self, returned, lead):
        page = opened(visitor(lead), "assessment-detail", returned.pk)
        assert "缺文号" in page.text and "等级偏高" in page.text and "复核人" in page.text
        assert {card(returned, "T1.2"), card(returned, "P1.A1")} <= set(page.links)
        assert "其余保持锁定" in page.text

    def test_are_settled_by_the_lead_with_a_reply(self, returned, lead):
        item = self.item(returned, "T1.2")
        page = posted(lead, "return-settle", returned.pk, item.pk, reply="已补文号")
        item.refresh_from_db()
        assert (item.reply, item.settled_by) == ("已补文号", lead)
        assert "缺文号" not in page.text

    def test_are_settled_by_who_may_answer_the_criterion(self, returned, contributor):
        assign(returned, contributor, "T1")
        mine, others = self.item(returned, "T1.2"), self.item(returned, "P1.A1")
        assert posted(contributor, "return-settle", returned.pk, mine.pk).status == 200
        assert posted(contributor, "return-settle", returned.pk, others.pk).status == 404
        assert [item.settled_by for item in (self.item(returned, "T1.2"), self.item(returned, "P1.A1"))] == [
            contributor,
            None,
        ]

    def test_of_another_round_are_not_found_here(self, returned, lead, city, framework):
        other = make_round(city, framework, ALL, round="2027")
        assert posted(lead, "return-settle", other.pk, self.item(returned, "T1.2").pk).status == 404

    def test_lead_back_to_the_card_they_were_settled_on(self, returned, lead):
        item = self.item(returned, "T1.2")
        response = visitor(lead).post(reverse("return-settle", args=[returned.pk, item.pk]), {"back": "card"})
        assert response.url == card(returned, "T1.2")

    def test_keep_the_reply_on_the_screen_when_it_comes_too_late(self, returned, lead):
        item = self.item(returned, "T1.2")
        Assessment.objects.filter(pk=returned.pk).update(state="submitted")
        page = posted(lead, "return-settle", returned.pk, item.pk, reply="已补文号")
        assert "已补文号" in page.text and "填报期间" in page.text
        item.refresh_from_db()
        assert item.settled_by is None

    def test_of_the_whole_round_are_the_leads_to_settle(self, record, lead, contributor, reviewer):
        assign(record, contributor)
        actions.submit(record, by=lead)
        actions.begin_review(record, by=reviewer)
        (item,) = actions.return_for_revision(record, {"": "整体重报"}, by=reviewer)
        page = opened(visitor(lead), "assessment-detail", record.pk)
        assert "整体重报" in page.text and "请按退回理由修改" in page.text
        assert posted(contributor, "return-settle", record.pk, item.pk).status == 404
        assert posted(lead, "return-settle", record.pk, item.pk).status == 200


class TestOwnTargets:
    def page(self, record, user):
        return opened(visitor(user), "assessment-targets", record.pk)

    def test_stand_beside_the_profiles_levels(self, city, framework, lead):
        record = make_round(city, framework, {"T1.2": {"level": 1, "target": 5}})
        page = self.page(record, lead)
        assert page.row("T1.1")[1] == "4" and page.row("T1.2")[1] == "3"
        assert (page.form["T1.1"], page.form["T1.2"]) == ("", "5")

    def test_are_saved_where_they_were_changed(self, record, lead):
        page = sent(visitor(lead), self.page(record, lead), {"T1.1": "5", "P1.B2": "0"})
        assert "目标已保存" in page.text
        assert dict(record.responses.exclude(target=None).values_list("criterion__code", "target")) == {
            "T1.1": 5,
            "P1.B2": 0,
        }
        assert record.versions.filter(cause="target").count() == 2

    def test_leave_alone_what_a_colleague_set_meanwhile(self, record, lead):
        page = self.page(record, lead)
        actions.set_targets(record, {"T1.2": 4}, by=lead)
        sent(visitor(lead), page, {"T1.1": "5"})
        assert record.responses.get(criterion__code="T1.2").target == 4

    @pytest.mark.parametrize("value", ["6", "-1", "x"])
    def test_refuse_what_is_not_on_the_scale(self, record, lead, value):
        page = sent(visitor(lead), self.page(record, lead), {"T1.1": value, "T1.2": "3"})
        assert page.status == 422
        assert not record.responses.exclude(target=None).exists()

    def test_can_be_read_and_no_longer_set_once_the_round_is_submitted(self, record, lead):
        page = self.page(record, lead)
        actions.submit(record, by=lead)
        refused = sent(visitor(lead), page, {"T1.1": "5"})
        assert refused.status == 422 and "提交前" in refused.text
        assert not self.page(record, lead).form.get("T1.1")
        assert not record.responses.exclude(target=None).exists()


def test_the_check_page_asks_the_database_no_more_for_thirty_criteria_than_for_three(city, lead):
    def queries(count):
        framework = store(framework_of(count, version=f"of-{count}"))
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, NA))
        for view in ("assessment-submit", "assessment-targets"):
            opened(visitor(lead), view, record.pk)
        with CaptureQueriesContext(connection) as counted:
            for view in ("assessment-submit", "assessment-targets"):
                opened(visitor(lead), view, record.pk)
        return len(counted)

    assert queries(30) == queries(3)


def test_what_people_write_never_becomes_markup(record, lead, reviewer):
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    actions.verify(record, "T1.1", 1, "<b>理由</b>", by=reviewer)
    actions.return_for_revision(record, {"T1.2": "<script>alert(1)</script>"}, by=reviewer)
    pages = [
        opened(visitor(lead), "assessment-detail", record.pk),
        opened(visitor(lead), "assessment-submit", record.pk),
        opened(visitor(lead), "review-detail", record.pk),
        opened(visitor(lead), "dimension-review", record.pk, "T1"),
    ]
    assert all("<script>alert" not in page.html and "<b>理由" not in page.html for page in pages)
    assert "&lt;script&gt;" in pages[0].html and "&lt;b&gt;理由" in pages[3].html
