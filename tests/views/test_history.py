"""The history page of one answer, restoring from it, and the round as it was."""

from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment import actions
from assessment.models import Event
from assessment.outline import Evidence, Response
from tests.factories import EXAMPLE_TWO, NA
from tests.records import approved, assign, make_round
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
MORNING = timezone.make_aware(datetime(2026, 11, 1, 9))
SCRIPT = "<script>alert(1)</script>"


def save(record, by, hour=0, code="T1.1", **answer):
    row = actions.row_of(record, code)
    wanted = replace(row.outline(), **answer)
    with patch("django.utils.timezone.now", return_value=MORNING + timedelta(hours=hour)):
        return actions.answer(record, wanted, by=by, seen=row.version)


@pytest.fixture
def told(assessment, lead, contributor):
    """Three saves by two people, an hour between them."""
    save(assessment, lead, 0, level=2, rationale="按季度通报一次")
    save(assessment, contributor, 1, rationale="按月通报一次", evidence=(Evidence("通报", url="https://example.cn/a"),))
    save(assessment, lead, 2, level=4, target=5)
    return assessment


def restore(client, record, code="T1.1", **given):
    return client.post(reverse("response-restore", args=[record.pk, code]), given, follow=True)


def queries_of(client, *address, **query):
    opened(client, *address, **query)
    with CaptureQueriesContext(connection) as queries:
        opened(client, *address, **query)
    return len(queries)


class TestTheHistoryOfAnAnswer:
    def test_tells_the_last_value_of_every_field_by_whom_and_when(self, told, viewer):
        page = opened(visitor(viewer), "criterion-detail", told.pk, "T1.1")
        assert page.row("等级")[1:] == ["4 等级4", "牵头人 填报", "2026-11-01 11:00"]
        assert page.row("本项目标")[1:] == ["5 等级5", "牵头人 填报", "2026-11-01 11:00"]
        assert page.row("说明")[1:] == ["按月通报一次", "填报人 填报", "2026-11-01 10:00"]
        assert page.row("复核等级")[1:] == ["—", "—", "—"]

    def test_tells_all_versions_newest_first_with_what_each_changed(self, told, viewer):
        page = opened(visitor(viewer), "criterion-detail", told.pk, "T1.1")
        places = [page.text.index(words) for words in ("第3版 当前", "第2版 2026", "第1版 2026")]
        assert places == sorted(places)
        assert "<del>季度</del><ins>月</ins>" in page.html
        assert "https://example.cn/a" in page.links

    def test_names_a_reason_a_confirmation_and_a_verified_level(self, city, framework, lead, reviewer):
        record = make_round(city, framework, EXAMPLE_TWO | {"T1.2": NA})
        actions.submit(record, by=lead)
        actions.begin_review(record, by=reviewer)
        actions.verify(record, "T1.1", 0, "材料不足", by=reviewer)
        page = opened(visitor(lead), "criterion-detail", record.pk, "T1.1")
        assert page.row("复核等级")[1] == "0 等级0 材料不足"
        assert "本市无此事项" in opened(visitor(lead), "criterion-detail", record.pk, "T1.2").row("等级")[1]

    def test_says_how_to_begin_where_nothing_was_saved(self, assessment, viewer):
        assert "尚未保存过" in opened(visitor(viewer), "criterion-detail", assessment.pk, "T1.1").text

    def test_folds_long_texts(self, assessment, lead):
        save(assessment, lead, rationale="长" * 400)
        page = opened(visitor(lead), "criterion-detail", assessment.pk, "T1.1")
        assert "fold" in page.html
        assert "长" * 400 in page.text

    def test_never_takes_what_people_write_for_markup(self, assessment, lead):
        pieces = (Evidence(SCRIPT, SCRIPT, SCRIPT), Evidence("甲", url="javascript:alert(1)"))
        save(assessment, lead, 0, level=1, rationale=SCRIPT, evidence=pieces)
        save(assessment, lead, 1, level=None, not_applicable=SCRIPT, evidence=())
        save(assessment, lead, 2, rationale=f"{SCRIPT}。", evidence=pieces)
        for address in (("criterion-detail", assessment.pk, "T1.1"), ("evidence-list", assessment.pk)):
            page = opened(visitor(lead), *address)
            assert SCRIPT not in page.html
            assert not [link for link in page.links if link.startswith("javascript")]
        later = (MORNING + timedelta(hours=3)).isoformat()
        assert SCRIPT not in opened(visitor(lead), "assessment-as-of", assessment.pk, on=later).html

    def test_reaches_every_version_of_a_long_history(self, assessment, lead):
        for number in range(60):
            save(assessment, lead, number / 10, rationale=f"第{number}次")
        first = opened(visitor(lead), "criterion-detail", assessment.pk, "T1.1")
        second = opened(visitor(lead), "criterion-detail", assessment.pk, "T1.1", page=2)
        shown = [given["id"] for page in (first, second) for _tag, given in page.reader.tags if "id" in given]
        assert {f"version-{number}" for number in range(1, 61)} <= set(shown)
        assert "?page=2#history" in first.links

    def test_asks_the_database_no_more_for_thirty_versions_than_for_three(self, told, lead):
        few = queries_of(visitor(lead), "criterion-detail", told.pk, "T1.1")
        for number in range(30):
            save(told, lead, 3 + number / 10, rationale=f"第{number}次")
        assert queries_of(visitor(lead), "criterion-detail", told.pk, "T1.1") == few
        assert few <= 20

    def test_a_criterion_that_is_not_asked_is_not_there(self, assessment, lead):
        assert visitor(lead).get(reverse("criterion-detail", args=[assessment.pk, "Z9.9"])).status_code == 404
        type(assessment).objects.filter(pk=assessment.pk).update(scope=["P1"])
        assert visitor(lead).get(reverse("criterion-detail", args=[assessment.pk, "T1.1"])).status_code == 404


class TestRestoring:
    def test_a_version_makes_it_the_answer_again_and_keeps_what_it_replaces(self, told, lead):
        response = restore(visitor(lead), told, number="1")
        assert "已恢复第1版的内容，记为第4版" in response.content.decode()
        row = actions.row_of(told, "T1.1")
        assert (row.level, row.target, row.rationale, row.version) == (2, None, "按季度通报一次", 4)
        assert told.versions.get(number=3).outline().level == 4
        assert told.versions.get(number=4).cause == "restored"
        assert Event.objects.get(verb="restored").by == lead

    @pytest.mark.parametrize(
        ("field", "wanted"),
        [("choice", (2, 5, "按月通报一次", 1)), ("rationale", (4, 5, "按季度通报一次", 1))]
        + [("target", (4, None, "按月通报一次", 1)), ("evidence", (4, 5, "按月通报一次", 0))],
    )
    def test_one_field_leaves_the_others(self, told, lead, field, wanted):
        restore(visitor(lead), told, number="1", field=field)
        row = actions.row_of(told, "T1.1")
        assert (row.level, row.target, row.rationale, row.evidence.count()) == wanted

    def test_each_version_but_the_last_offers_it_to_who_may_answer(self, told, lead, contributor, viewer):
        target = reverse("response-restore", args=[told.pk, "T1.1"])

        def offered(user):
            page = opened(visitor(user), "criterion-detail", told.pk, "T1.1")
            return [given.get("action") for tag, given in page.reader.tags if tag == "form"].count(target)

        assert [offered(user) for user in (lead, contributor, viewer)] == [2, 0, 0]
        assign(told, contributor, "T1")
        assert offered(contributor) == 2

    def test_is_for_those_alone_who_may_answer_the_criterion_now(self, told, contributor, viewer, reviewer, stranger):
        people = (contributor, viewer, reviewer, stranger)
        assert {restore(visitor(user), told, number="1").status_code for user in people} == {404}
        assign(told, contributor, "P1")
        assert restore(visitor(contributor), told, number="1").status_code == 404
        assert told.versions.filter(criterion__code="T1.1").count() == 3

    def test_ends_when_the_round_is_submitted(self, told, lead):
        record = approved(told)
        assert restore(visitor(lead), record, number="1").status_code == 404

    @pytest.mark.parametrize(
        "given", [{}, {"number": "x"}, {"number": "9" * 30}, {"number": "²"}, {"number": "1", "field": "verified"}]
    )
    def test_what_no_button_sends_is_not_there(self, told, lead, given):
        assert restore(visitor(lead), told, **given).status_code == 404

    def test_a_version_that_never_was_is_refused_with_words(self, told, lead):
        assert "页面已过期" in restore(visitor(lead), told, number="77").content.decode()
        assert told.versions.count() == 3


class TestTheRoundAsItWas:
    def test_shows_answers_and_score_of_that_moment(self, told, viewer):
        page = opened(visitor(viewer), "assessment-as-of", told.pk, on="2026-11-01T10:30")
        assert page.status == 200
        row = page.row("T1.1 ")
        assert row[1] == "2 等级2"
        assert "按月通报一次" in row[3]
        assert row[4] == "2026-11-01 10:00 填报人"
        assert page.row("T1 维度")[1] == "40.0"
        assert "历史状态" in page.text
        assert page.row("P1.A1")[1] == "—"

    def test_a_day_means_its_end(self, told, viewer):
        page = opened(visitor(viewer), "assessment-as-of", told.pk, on="2026-11-01")
        assert page.row("T1.1 ")[1] == "4 等级4"

    def test_a_moment_may_name_its_own_zone(self, told, viewer):
        for on, level in (("2026-11-01T02:30:00+00:00", "2 等级2"), ("2026-11-01T11:00:00+08:00", "4 等级4")):
            assert opened(visitor(viewer), "assessment-as-of", told.pk, on=on).row("T1.1 ")[1] == level

    def test_before_the_first_save_there_is_nothing(self, told, viewer):
        page = opened(visitor(viewer), "assessment-as-of", told.pk, on="2026-10-31")
        assert page.status == 200
        assert "该时刻尚无任何应答" in page.text
        assert not page.rows

    @pytest.mark.parametrize("on", ["昨天", "2026-13-01", "2026-11-01T25:00", "0001-01-01", "9999-12-31", "", "x" * 99])
    def test_what_is_no_moment_is_said(self, told, viewer, on):
        page = opened(visitor(viewer), "assessment-as-of", told.pk, on=on)
        assert page.status == 422
        assert not page.rows
        assert 'role="alert"' in page.html

    def test_the_future_is_not_known(self, told, viewer):
        ahead = (timezone.now() + timedelta(days=2)).date().isoformat()
        assert "尚未到来" in opened(visitor(viewer), "assessment-as-of", told.pk, on=ahead).text

    def test_today_is_as_far_as_it_has_come(self, assessment, lead, viewer):
        actions.answer(assessment, Response("T1.1", level=1), by=lead, seen=0)
        today = timezone.localdate().isoformat()
        assert opened(visitor(viewer), "assessment-as-of", assessment.pk, on=today).row("T1.1 ")[1] == "1 等级1"

    def test_offers_the_days_on_which_something_was_saved(self, told, viewer):
        page = opened(visitor(viewer), "assessment-as-of", told.pk)
        assert "?on=2026-11-01" in page.links
        assert "保存3次" in page.text

    def test_changes_nothing_and_offers_nothing_to_change(self, told, lead):
        page = opened(visitor(lead), "assessment-as-of", told.pk, on="2026-11-01")
        assert [given.get("method") for tag, given in page.reader.tags if tag == "form"] == ["post", "get"]
        assert actions.row_of(told, "T1.1").version == 3

    def test_an_approved_round_shows_its_past_too(self, told, reviewer):
        record = approved(told)
        page = opened(visitor(reviewer), "assessment-as-of", record.pk, on="2026-11-01T09:00")
        assert page.row("T1.1 ")[1] == "2 等级2"

    def test_asks_the_database_no_more_for_many_answers_than_for_one(self, told, lead):
        few = queries_of(visitor(lead), "assessment-as-of", told.pk, on="2026-11-02")
        for number, code in enumerate(EXAMPLE_TWO):
            save(told, lead, 3 + number / 10, code=code, level=1, evidence=(Evidence("甲"), Evidence("乙")))
        assert queries_of(visitor(lead), "assessment-as-of", told.pk, on="2026-11-02") == few
        assert few <= 20
