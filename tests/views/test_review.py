"""Review: verifying levels, returning, approving, and the frozen results."""

import hashlib
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import actions
from assessment.models import Assessment, Event
from assessment.outline import Evidence
from assessment.outline import Response as Answer
from tests.factories import NA
from tests.records import approved, framework_of, make_member, make_round, store
from tests.views.pages import opened, read, sent, visitor

pytestmark = pytest.mark.django_db
ANSWERS = dict.fromkeys(["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"], 2) | {
    "T1.1": {"level": 3, "rationale": "办法已印发", "evidence": (Evidence("管理办法", reference="12号"),)},
    "T1.3": NA,
}


@pytest.fixture
def record(city, framework, lead, reviewer):
    """Under review."""
    record = make_round(city, framework, ANSWERS)
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    record.refresh_from_db()
    return record


def posted(user, view, *args, **fields):
    return read(visitor(user).post(reverse(view, args=args), fields, follow=True), view)


def state_of(record):
    record.refresh_from_db()
    return record.state


def verified(record):
    rows = record.responses.exclude(verified_level=None).values_list(
        "criterion__code", "verified_level", "verified_reason"
    )
    return {code: (level, reason) for code, level, reason in rows}


class TestBeginning:
    def test_is_the_reviewers_and_leads_to_the_list(self, city, framework, lead, reviewer):
        record = make_round(city, framework, ANSWERS)
        actions.submit(record, by=lead)
        page = posted(reviewer, "review-begin", record.pk)
        assert page.response.redirect_chain == [(reverse("review-detail", args=[record.pk]), 302)]
        assert state_of(record) == "under_review"

    def test_of_an_open_round_is_refused(self, city, framework, reviewer):
        record = make_round(city, framework, ANSWERS)
        assert "填报中" in posted(reviewer, "review-begin", record.pk).text
        assert state_of(record) == "open"


class TestTheList:
    def page(self, record, user, **query):
        return opened(visitor(user), "review-detail", record.pk, **query)

    def codes(self, page):
        return [cell.split()[0] for row in page.rows for cell in row if cell[:3] in ("T1.", "P1.")]

    def test_shows_levels_difference_and_evidence_of_every_criterion(self, record, reviewer):
        actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
        actions.verify(record, "T1.3", 0, "应当适用", by=reviewer)
        page = self.page(record, reviewer)
        assert len(self.codes(page)) == 7
        assert page.row("T1.1")[2:] == ["3", "1", "−2", "1"]
        assert page.row("T1.2")[2:] == ["2", "—", "—", "0"]
        assert page.row("T1.3")[2:] == ["不适用", "0", "不一致", "0"]
        assert "7项中已复核2项" in page.text

    def test_shows_both_scores_of_each_dimension_with_the_difference(self, record, reviewer):
        assert "差值 −" not in self.page(record, reviewer).text
        actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
        assert "自评 50.0 复核 30.0 差值 −20.0" in self.page(record, reviewer).text

    @pytest.mark.parametrize(
        ("show", "codes"),
        [
            ("unseen", ["T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B2"]),
            ("na", ["T1.3"]),
            ("unproven", ["T1.2", "P1.A1", "P1.A2", "P1.B1", "P1.B2"]),
            ("differing", ["T1.1"]),
            ("nonsense", ["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"]),
        ],
    )
    def test_can_be_narrowed(self, record, reviewer, show, codes):
        actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
        actions.verify(record, "P1.B1", 2, "属实", by=reviewer)
        assert self.codes(self.page(record, reviewer, show=show)) == codes

    def test_calls_unproven_what_the_reports_annex_counts(self, city, framework, reviewer):
        record = make_round(city, framework, {"T1.1": 0, "T1.2": 2, "P1.A1": 1}, round="2027")
        assert self.codes(self.page(record, reviewer, show="unproven")) == ["T1.2", "P1.A1"]
        annex = opened(visitor(reviewer), "assessment-annex", record.pk)
        assert "1级及以上的2项中，有2项未列佐证材料" in annex.text

    def test_types_no_space_between_two_sentences(self, record, reviewer):
        actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
        page = opened(visitor(reviewer), "assessment-results", record.pk)
        assert "即为复核发现。1项自评与复核不同。" in page.text

    def test_says_when_nothing_fits(self, record, reviewer):
        assert "没有符合条件" in self.page(record, reviewer, show="differing").text

    def test_is_read_by_others_without_anything_to_tick_or_approve(self, record, lead, viewer):
        for user in (lead, viewer):
            page = self.page(record, user)
            assert page.status == 200
            assert "criterion" not in [given.get("name") for tag, given in page.reader.tags if tag == "input"]
            assert reverse("assessment-approve", args=[record.pk]) not in page.links

    def test_leaves_out_what_the_round_does_not_ask(self, record, reviewer):
        Assessment.objects.update(scope=["T1"])
        assert self.codes(self.page(record, reviewer)) == ["T1.1", "T1.2", "T1.3"]
        assert visitor(reviewer).get(reverse("dimension-review", args=[record.pk, "P1"])).status_code == 404


class TestADimension:
    def page(self, record, user, code="T1"):
        return opened(visitor(user), "dimension-review", record.pk, code)

    def test_shows_the_answer_with_descriptor_rationale_and_evidence(self, record, reviewer):
        page = self.page(record, reviewer)
        for words in ("等级3的表现", "办法已印发", "管理办法 · 12号", NA["not_applicable"], "未提供"):
            assert words in page.text
        assert {"T1.1-level", "T1.1-reason", "T1.2-level"} <= set(page.form)

    def test_saves_what_was_changed_with_its_reason(self, record, reviewer):
        page = sent(
            visitor(reviewer), self.page(record, reviewer), {"T1.1-level": "1", "T1.1-reason": " 证据\r\n不足 "}
        )
        assert "已保存1项复核等级" in page.text
        assert verified(record) == {"T1.1": (1, "证据\n不足")}
        assert Event.objects.filter(verb="verified").count() == 1
        assert Event.objects.filter(verb="verified").count() == 1

    def test_leaves_alone_a_level_that_came_without_a_reason_from_a_file(self, city, framework, lead, reviewer):
        record = make_round(city, framework, ANSWERS | {"T1.2": {"level": 2, "verified_level": 1}})
        actions.submit(record, by=lead)
        actions.begin_review(record, by=reviewer)
        page = sent(visitor(reviewer), self.page(record, reviewer), {"T1.1-level": "1", "T1.1-reason": "证据不足"})
        assert page.status == 200
        assert verified(record) == {"T1.1": (1, "证据不足"), "T1.2": (1, "")}

    def test_takes_a_level_back(self, record, reviewer):
        actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
        sent(visitor(reviewer), self.page(record, reviewer), {"T1.1-level": "", "T1.1-reason": ""})
        assert verified(record) == {}

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"T1.1-level": "1"}, "请填写复核等级的理由"),
            ({"T1.1-reason": "只有理由"}, "请选择复核等级"),
            ({"T1.1-level": "9", "T1.1-reason": "理由"}, "T1.1"),
        ],
    )
    def test_refuses_one_card_saves_the_others_and_keeps_what_was_typed(self, record, reviewer, typed, words):
        sound = {"T1.2-level": "1", "T1.2-reason": "偏高", "mark": "T1.3"}
        page = sent(visitor(reviewer), self.page(record, reviewer), typed | sound)
        assert page.status == 422
        assert words in page.text
        assert verified(record) == {"T1.2": (1, "偏高")}
        assert page.form["T1.1-reason"] == typed.get("T1.1-reason", "")
        assert page.form["mark"] == "T1.3"

    def test_lets_nobody_overwrite_another_reviewers_level_unseen(self, record, reviewer, city):
        page = self.page(record, reviewer)
        other = make_member("second", "复核二", city, "reviewer")
        actions.verify(record, "T1.1", 2, "部分属实", by=other)
        page = sent(visitor(reviewer), page, {"T1.1-level": "1", "T1.1-reason": "证据不足"})
        assert page.status == 422
        assert "复核二" in page.text and "部分属实" in page.text
        assert verified(record) == {"T1.1": (2, "部分属实")}
        assert page.form["T1.1-reason"] == "证据不足"
        sent(visitor(reviewer), page)
        assert verified(record) == {"T1.1": (1, "证据不足")}

    def test_of_two_saves_at_one_moment_the_second_is_refused(self, record, reviewer, city):
        other = make_member("second", "复核二", city, "reviewer")
        actions.verify(record, "T1.1", 2, "部分属实", by=other, shown=(None, ""))
        with pytest.raises(actions.Overtaken):
            actions.verify(record, "T1.1", 1, "证据不足", by=reviewer, shown=(None, ""))
        assert verified(record) == {"T1.1": (2, "部分属实")}

    def test_leaves_alone_what_another_reviewer_set_meanwhile_elsewhere(self, record, reviewer, city):
        page = self.page(record, reviewer)
        other = make_member("second", "复核二", city, "reviewer")
        actions.verify(record, "T1.1", 2, "部分属实", by=other)
        assert sent(visitor(reviewer), page, {"T1.2-level": "1", "T1.2-reason": "偏高"}).status == 200
        assert verified(record) == {"T1.1": (2, "部分属实"), "T1.2": (1, "偏高")}

    @pytest.mark.parametrize("seen", ["", "x", "-1", "99", "9" * 5000, "②"])
    def test_takes_no_harm_from_a_version_that_never_was(self, record, reviewer, seen):
        fields = {"T1.2-level": "1", "T1.2-reason": "偏高", "T1.2-seen": seen}
        assert visitor(reviewer).post(reverse("dimension-review", args=[record.pk, "T1"]), fields).status_code == 302
        assert verified(record) == {"T1.2": (1, "偏高")}

    def test_has_no_form_for_ones_own_answers_and_says_why(self, city, framework, lead, reviewer):
        record = make_round(city, framework, ANSWERS)
        actions.answer(record, Answer("T1.2", level=4), by=reviewer, seen=1)
        actions.submit(record, by=lead)
        actions.begin_review(record, by=reviewer)
        page = self.page(record, reviewer)
        assert "T1.2-level" not in page.form and "T1.1-level" in page.form
        assert "您本人参与了此项作答" in page.text
        sent(visitor(reviewer), page, {"T1.2-level": "4", "T1.2-reason": "属实"})
        assert verified(record) == {}

    def test_is_read_only_for_others_and_outside_the_review(self, record, lead, reviewer):
        assert "T1.1-level" not in self.page(record, lead).form
        actions.approve(record, by=reviewer)
        assert "T1.1-level" not in self.page(record, reviewer).form

    def test_keeps_what_was_typed_when_the_review_ended_meanwhile(self, record, reviewer):
        page = self.page(record, reviewer)
        actions.return_for_revision(record, {"": "重报"}, by=reviewer)
        page = sent(visitor(reviewer), page, {"T1.1-level": "1", "T1.1-reason": "证据不足"})
        assert page.status == 422
        assert page.form["T1.1-reason"] == "证据不足"
        assert verified(record) == {}

    def test_leads_onward_and_to_the_reasons_of_what_was_marked(self, record, reviewer):
        client = visitor(reviewer)
        address = reverse("dimension-review", args=[record.pk, "T1"])
        assert client.post(address, {"continue": "1"}).url == reverse("dimension-review", args=[record.pk, "P1"])
        last = reverse("dimension-review", args=[record.pk, "P1"])
        assert client.post(last, {"continue": "1"}).url == reverse("review-detail", args=[record.pk])
        marked = client.post(address, {"return": "1", "mark": ["T1.1", "T1.3"]})
        assert marked.url == reverse("assessment-return", args=[record.pk]) + "?criterion=T1.1&criterion=T1.3"

    def test_asks_the_database_at_most_fifteen_times_whatever_there_is(self, city, lead, reviewer):
        def queries(count):
            framework = store(framework_of(count, version=f"of-{count}"))
            codes = list(framework.outline().criteria)
            record = make_round(
                city, framework, {code: {"level": 2, "evidence": (Evidence("办法"),)} for code in codes}
            )
            actions.submit(record, by=lead)
            actions.begin_review(record, by=reviewer)
            for code in codes[:2]:
                actions.verify(record, code, 1, "偏高", by=reviewer)
            client, counts = visitor(reviewer), []
            for view, *rest in (("dimension-review", "X1"), ("review-detail",)):
                opened(client, view, record.pk, *rest)
                with CaptureQueriesContext(connection) as counted:
                    opened(client, view, record.pk, *rest)
                counts.append(len(counted))
            return counts

        many = queries(30)
        assert many == queries(3)
        assert max(many) <= 15


class TestReturning:
    def page(self, record, user, **query):
        return opened(visitor(user), "assessment-return", record.pk, **query)

    def reasons(self, record):
        return {item.criterion.code if item.criterion else "": item.reason for item in record.returns.all()}

    def test_collects_the_reasons_of_several_and_sends_them_together(self, record, reviewer):
        page = self.page(record, reviewer, criterion=["T1.1", "P1.A1"])
        assert {"reason-T1.1", "reason-P1.A1", "whole"} <= set(page.form)
        page = sent(
            visitor(reviewer), page, {"reason-T1.1": "缺文号", "reason-P1.A1": "偏高", "reason-P1.B2": "另一项"}
        )
        assert "已连同理由退回" in page.text
        assert self.reasons(record) == {"T1.1": "缺文号", "P1.A1": "偏高", "P1.B2": "另一项"}
        assert state_of(record) == "open" and record.is_narrowed
        assert Event.objects.filter(verb="returned").count() == 3

    def test_returns_the_whole_round_with_one_reason(self, record, reviewer):
        sent(visitor(reviewer), self.page(record, reviewer), {"scope": "whole", "whole": "整体重报"})
        assert self.reasons(record) == {"": "整体重报"}
        assert state_of(record) == "open" and not record.is_narrowed

    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"scope": "whole"},
            {"scope": "whole", "reason-T1.1": "缺"},
            {"criterion": ["T1.1", "T1.2"], "reason-T1.1": "缺"},
            {"reason-T1.1": "   "},
            {"scope": "other", "reason-T1.1": "缺"},
        ],
    )
    def test_is_refused_without_a_reason_for_each_and_leaves_nothing_behind(self, record, reviewer, typed):
        page = sent(visitor(reviewer), self.page(record, reviewer), typed)
        assert page.status == 422
        assert page.form["reason-T1.1"].strip() == typed.get("reason-T1.1", "").strip()
        assert state_of(record) == "under_review" and not record.returns.exists()
        assert not Event.objects.filter(verb="returned").exists()

    def test_keeps_what_was_typed_when_the_round_is_no_longer_under_review(self, record, reviewer):
        page = self.page(record, reviewer, criterion="T1.1")
        actions.approve(record, by=reviewer)
        page = sent(visitor(reviewer), page, {"reason-T1.1": "缺文号"})
        assert page.status == 422
        assert page.form["reason-T1.1"] == "缺文号"
        assert not record.returns.exists()


class TestApproving:
    def test_says_first_what_freezing_means_and_what_would_be_frozen(self, record, reviewer):
        actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
        page = opened(visitor(reviewer), "assessment-approve", record.pk)
        assert "SHA-256" in page.text and "数据库本身也会拒绝" in page.text
        assert "7项中已复核1项" in page.text
        assert page.row("T1 ")[1:4] == ["50.0", "30.0", "−20.0"]
        assert state_of(record) == "under_review"

    def test_freezes_the_round(self, record, reviewer):
        page = sent(visitor(reviewer), opened(visitor(reviewer), "assessment-approve", record.pk))
        assert "已定稿" in page.text
        assert state_of(record) == "approved"
        assert record.freezes.get().approved_by == reviewer

    def test_of_a_round_that_is_not_under_review_is_not_offered_and_refused(self, city, framework, reviewer):
        record = make_round(city, framework, ANSWERS)
        page = opened(visitor(reviewer), "assessment-approve", record.pk)
        assert "只有在复核期间" in page.text and "_method" not in page.form
        assert "填报中" in posted(reviewer, "assessment-approve", record.pk).text
        assert state_of(record) == "open"

    def test_names_what_the_reviewer_answered(self, city, framework, lead, reviewer):
        record = make_round(city, framework, ANSWERS)
        actions.answer(record, Answer("T1.2", level=4), by=reviewer, seen=1)
        assert "由您本人参与作答：T1.2" in opened(visitor(reviewer), "assessment-approve", record.pk).text


class TestReopening:
    def test_needs_a_reason(self, record, reviewer):
        actions.approve(record, by=reviewer)
        assert "请填写重新开放的理由" in posted(reviewer, "assessment-reopen", record.pk, reason=" ").text
        assert state_of(record) == "approved"

    def test_begins_the_next_revision_and_keeps_the_frozen_result(self, record, reviewer):
        actions.approve(record, by=reviewer)
        page = posted(reviewer, "assessment-reopen", record.pk, reason="更正")
        assert "第2版" in page.text
        assert (state_of(record), record.revision, record.freezes.count()) == ("open", 2, 1)
        assert Event.objects.get(verb="reopened").details["reason"] == "更正"


class TestFrozenResults:
    @pytest.fixture
    def frozen(self, record, reviewer):
        actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
        actions.approve(record, by=reviewer)
        record.refresh_from_db()
        return record

    def test_are_listed_with_who_when_and_their_digests(self, frozen, viewer):
        page = opened(visitor(viewer), "freeze-list", frozen.pk)
        freeze = frozen.freezes.get()
        assert freeze.answers_sha256 in page.text and freeze.score_sha256 in page.text and "复核人" in page.text
        assert reverse("freeze-detail", args=[frozen.pk, 1]) in page.links

    def test_of_a_round_that_was_never_approved_say_so(self, city, framework, viewer):
        record = make_round(city, framework)
        assert "尚无定稿结果" in opened(visitor(viewer), "freeze-list", record.pk).text

    def test_show_what_was_frozen_and_not_what_came_after(self, frozen, viewer, reviewer, lead):
        actions.reopen(frozen, "更正", by=reviewer)
        actions.answer(frozen, Answer("T1.1", level=5, rationale="新说明"), by=lead, seen=2)
        page = opened(visitor(viewer), "freeze-detail", frozen.pk, 1)
        assert "办法已印发" in page.text and "新说明" not in page.text
        assert page.row("T1 ")[1:4] == ["50.0", "30.0", "−20.0"]
        assert page.text.count("✓ 一致") == 3

    def test_say_when_a_stored_document_no_longer_matches(self, frozen, viewer, monkeypatch):
        monkeypatch.setattr(actions, "digest", lambda text: "0" * 64)
        page = opened(visitor(viewer), "freeze-detail", frozen.pk, 1)
        assert page.text.count("✗ 不一致") == 2

    @pytest.mark.parametrize("document", ["answers", "score"])
    def test_are_taken_away_byte_for_byte(self, frozen, viewer, document):
        response = visitor(viewer).get(reverse("freeze-download", args=[frozen.pk, 1, document]))
        freeze = frozen.freezes.get()
        assert response.content.decode() == getattr(freeze, document)
        assert hashlib.sha256(response.content).hexdigest() == getattr(freeze, f"{document}_sha256")
        assert response["Content-Type"] == "application/json"
        assert response["Content-Disposition"].startswith("attachment")
        assert json.loads(response.content)
        event = Event.objects.get(verb="exported")
        assert (event.by, event.assessment, document in event.target) == (viewer, frozen, True)

    def test_are_not_found_where_there_are_none(self, frozen, viewer, stranger):
        for user, number, document in ((viewer, 2, "answers"), (viewer, 1, "passwords"), (stranger, 1, "answers")):
            address = reverse("freeze-download", args=[frozen.pk, number, document])
            assert visitor(user).get(address).status_code == 404
        for user, number in ((viewer, 2), (stranger, 1)):
            assert visitor(user).get(reverse("freeze-detail", args=[frozen.pk, number])).status_code == 404

    def test_of_every_revision_stay(self, frozen, viewer, reviewer):
        actions.reopen(frozen, "更正", by=reviewer)
        approved(frozen)
        page = opened(visitor(viewer), "freeze-list", frozen.pk)
        assert "第2版" in page.text and "第1版" in page.text

    def test_ask_the_database_no_more_for_thirty_criteria_than_for_three(self, city, viewer):
        def queries(count):
            framework = store(framework_of(count, version=f"of-{count}"))
            answers = {code: {"level": 2, "evidence": (Evidence("办法"),)} for code in framework.outline().criteria}
            record = approved(make_round(city, framework, answers))
            opened(visitor(viewer), "freeze-detail", record.pk, 1)
            with CaptureQueriesContext(connection) as counted:
                opened(visitor(viewer), "freeze-detail", record.pk, 1)
            return len(counted)

        assert queries(30) == queries(3)
