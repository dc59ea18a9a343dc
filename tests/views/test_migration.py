"""Moving a round on its pages: what is shown before, who may, where both rounds lead afterwards, and the way back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment import actions
from assessment.models import Assessment, Role
from assessment.outline import Response
from tests.editing import with_criterion
from tests.factories import NA
from tests.migrations import FATES, next_version, store_next
from tests.records import approved, framework_of, make_round, store
from tests.views.pages import opened, read, sent, visitor

pytestmark = pytest.mark.django_db
ANSWERS = {
    "T1.1": 3,
    "T1.2": 2,
    "T1.3": NA,
    "P1.A1": {"level": 4, "rationale": "甲"},
    "P1.A2": 1,
    "P1.B1": 5,
    "P1.B2": 0,
}


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, ANSWERS)


@pytest.fixture
def following(framework):
    return store_next()


@pytest.fixture
def migration(record, following, lead):
    return actions.migrate_round(record, following, by=lead)


def preview(record, user, **query):
    return opened(visitor(user), "assessment-migrate", record.pk, **query)


def posted(user, view, *args, **fields):
    return read(visitor(user).post(reverse(view, args=args), fields, follow=True), view)


def asking_anew(framework):
    """What was merged is to be answered anew."""
    return with_criterion(framework, "P1.A3", carry="blank")


def states():
    return sorted(Assessment.objects.values_list("state", flat=True))


class TestTheWayThere:
    def test_begins_on_the_leads_overview_of_a_round_that_is_filled_in(self, record, following, lead, contributor):
        address = reverse("assessment-migrate", args=[record.pk]) + "?to=2025.1"
        page = opened(visitor(lead), "assessment-detail", record.pk)
        assert "已有新版本2025.1" in page.text and address in page.links
        assert address not in opened(visitor(contributor), "assessment-detail", record.pk).links
        actions.submit(record, by=lead)
        assert address not in opened(visitor(lead), "assessment-detail", record.pk).links

    def test_does_not_lead_to_an_older_version(self, city, following, lead):
        record = make_round(city, following)
        assert "已有新版本" not in opened(visitor(lead), "assessment-detail", record.pk).text
        assert "迁移到2024.1版" in preview(record, lead).text

    def test_ends_where_there_is_no_other_version(self, record, lead):
        page = preview(record, lead)
        assert (page.status, "没有其他已发布的版本" in page.text) == (200, True)

    def test_offers_all_published_versions_the_latest_first(self, record, following, lead):
        store_next("2025.2")
        page = preview(record, lead)
        assert "迁移到2025.2版" in page.text and page.form["to"] == "2025.2"
        assert "迁移到2025.1版" in preview(record, lead, to="2025.1").text
        assert preview(record, lead, to="2031.1").status == 404


class TestThePreview:
    def test_shows_every_answer_with_what_becomes_of_it(self, record, following, lead):
        page = preview(record, lead)
        words = {"T1.1": "未改动", "T1.2": "表述有改动", "T1.3": "编号有改动", "P1.A1": "合并", "P1.B1": "不再使用"}
        for code, fate in words.items():
            assert fate in page.row(code)[2], code
        assert page.row("T1.3")[:2] == ["T1.3 评估项T1.3 不适用", "T1.9 评估项T1.3 不适用"]
        assert page.row("P1.A1")[0] == "P1.A1 评估项P1.A1 4 等级4 P1.A2 评估项P1.A2 1 等级1"
        assert page.row("P1.A1")[1] == "P1.A3 评估项P1.A3 1 等级1"
        assert "取最低等级" in page.row("P1.A1")[2] and "待确认" in page.row("P1.A1")[2]
        assert "改动：判断内容" in page.row("T1.2")[2]
        assert "原轮次" in page.row("P1.B1")[2]

    def test_shows_the_score_before_and_after_and_why(self, record, following, lead):
        overall = actions.preview_migration(record, following).split.overall
        row = preview(record, lead).row("总得分")
        assert row[1:3] == [f"{overall.before:.1f}", f"{overall.after:.1f}"]
        assert row[4] == "0.0" and row[5] == row[3] != "0.0"

    @pytest.mark.parametrize(
        ("show", "codes"),
        [("confirm", ["T1.2", "P1.A1"]), ("blank", ["—"]), ("removed", ["P1.B1"]), ("renamed", ["T1.3"])],
    )
    def test_is_filtered(self, record, following, lead, show, codes):
        page = preview(record, lead, show=show)
        shown = [row[0].split()[0] for row in page.rows if len(row) == 3 and row[2] != "去向"]
        assert shown == codes

    def test_counts_what_is_to_be_done(self, record, following, lead):
        text = preview(record, lead).text
        for words in ("待确认 2 评估项有改动", "待填报 1 新增", "不再使用 1 可在原轮次中查阅"):
            assert words in text
        for fate in set(FATES.values()):
            assert f"show={fate}#answers" in " ".join(preview(record, lead).links)

    def test_tells_the_rule_of_the_version_in_which_it_was_merged(self, record, lead):
        between = with_criterion(next_version(), "P1.A3", carry="highest")
        after = with_criterion(next_version("2026.1"), "P1.A3", replaces=())
        store(after, previous=store(between, previous=record.framework))
        page = preview(record, lead, to="2026.1")
        assert page.row("P1.A1")[1].endswith("4 等级4") and "取最高等级" in page.row("P1.A1")[2]

    def test_leads_to_what_changed_in_the_framework(self, record, following, lead):
        there = reverse("comparison-detail", args=[following.code, "2025.1"]) + "?with=2024.1"
        assert there in preview(record, lead).links
        page = opened(visitor(lead), there)
        assert (page.status, "2024.1到2025.1的变化" in page.text) == (200, True)

    def test_writes_nothing(self, record, following, lead):
        preview(record, lead)
        assert states() == ["open"]

    def test_says_what_to_do_first_where_the_round_cannot_move(self, record, following, lead):
        actions.submit(record, by=lead)
        page = preview(record, lead)
        assert "请先撤回提交" in page.text and "shown" not in page.form
        assert "T1.3" in page.row("T1.3")[0]

    def test_sends_a_final_round_on_to_a_new_one(self, city, framework, following, lead):
        assert "开启新一轮" in preview(approved(make_round(city, framework, ANSWERS)), lead).text

    def test_says_which_profile_is_lost(self, record, lead):
        store_next(targets=())
        assert "没有目标画像“2027目标”" in preview(record, lead).text


class TestMoving:
    def test_leads_to_the_copy_that_says_where_it_came_from(self, record, following, lead):
        page = sent(visitor(lead), preview(record, lead))
        copy = Assessment.objects.get(framework=following)
        assert page.status == 200 and "有2项应答待确认" in page.text
        for address in (
            record.get_absolute_url(),
            reverse("migration-detail", args=[copy.pk]),
            reverse("migration-undo", args=[copy.pk]),
        ):
            assert address in page.links
        assert states() == ["moved", "open"]

    def test_counts_a_blank_answer_as_one_to_be_answered(self, record, lead):
        store(asking_anew(next_version()))
        page = preview(record, lead)
        assert "待确认" not in page.row("P1.A1")[2]
        moved = sent(visitor(lead), page)
        assert "1项应答待确认" in moved.text
        copy = Assessment.objects.get(state="open")
        assert "待确认" not in opened(visitor(lead), "dimension-answer", copy.pk, "P1").text

    def test_is_asked_again_where_an_answer_was_saved_meanwhile(self, record, following, lead):
        page = preview(record, lead)
        actions.answer(record, Response("T1.1", level=5), by=lead, seen=1)
        again = sent(visitor(lead), page)
        assert again.status == 422 and states() == ["open"]
        assert "5 等级5" in again.row("T1.1")[0]
        assert sent(visitor(lead), again).status == 200 and states() == ["moved", "open"]

    @pytest.mark.parametrize("fields", [{}, {"to": "2025.1"}, {"to": "2025.1", "shown": "x"}])
    def test_needs_what_the_page_sends(self, record, following, lead, fields):
        assert posted(lead, "assessment-migrate", record.pk, **fields).status == 422
        assert states() == ["open"]

    def test_is_refused_once_the_round_is_submitted(self, record, following, lead):
        page = preview(record, lead)
        actions.submit(record, by=lead)
        again = sent(visitor(lead), page)
        assert (again.status, states()) == (422, ["submitted"]) and "请先撤回提交" in again.text


class TestBothRounds:
    def test_the_round_before_leads_on_and_is_only_read(self, migration, lead, viewer):
        source, copy = migration.source, migration.copy
        for user in (lead, viewer):
            page = opened(visitor(user), "assessment-detail", source.pk)
            assert "已于" in page.text and "迁移到2025.1版" in page.text
            assert copy.get_absolute_url() in page.links
        page = opened(visitor(lead), "dimension-answer", source.pk, "T1")
        assert "这些应答仅供查阅" in page.text and "T1.1-level" not in page.form
        assert visitor(lead).post(reverse("response-save", args=[source.pk, "T1.1"])).status_code == 404

    @pytest.mark.parametrize(
        "view",
        ["assessment-results", "assessment-submit", "assessment-targets", "review-detail", "board-detail"]
        + ["assignment-edit", "evidence-list", "assessment-as-of", "pack-upload", "assessment-migrate"],
    )
    def test_every_room_of_both_opens(self, migration, lead, view):
        actions.undo_migration(migration, by=lead)
        again = actions.migrate_round(migration.source, migration.copy.framework, by=lead)
        for record in (again.source, again.copy, migration.copy):
            assert opened(visitor(lead), view, record.pk).status == 200

    def test_the_round_before_is_read_as_it_was(self, migration, viewer):
        page = opened(visitor(viewer), "assessment-as-of", migration.source.pk, on=timezone.localdate().isoformat())
        assert "P1.B1" in page.text and page.status == 200

    def test_a_card_shows_what_was_answered_before(self, migration, lead):
        page = opened(visitor(lead), "dimension-answer", migration.copy.pk, "P1")
        assert "迁移前 P1.A1 4级 迁移前 P1.A2 1级" in page.text
        assert "自另一版本带入（合并）" in page.text
        page = opened(visitor(lead), "dimension-answer", migration.copy.pk, "T1")
        assert "迁移前 T1.3 不适用" in page.text and "自另一版本带入（表述有改动）" in page.text
        assert page.text.count("仍然如此请确认") == 1  # T1.2: its words; T1.1 and T1.9 hold

    def test_a_card_that_waits_shows_what_was_changed(self, migration, lead):
        page = opened(visitor(lead), "dimension-answer", migration.copy.pk, "T1")
        assert page.text.count("查看改动") == 1 and "<ins>" in page.html
        actions.confirm(migration.copy, ["T1.2"], by=lead)
        assert "查看改动" not in opened(visitor(lead), "dimension-answer", migration.copy.pk, "T1").text

    def test_after_two_moves_the_first_round_leads_to_the_last(self, migration, lead):
        last = actions.migrate_round(migration.copy, store_next("2026.1"), by=lead).copy
        page = opened(visitor(lead), "assessment-detail", migration.source.pk)
        assert last.get_absolute_url() in page.links and migration.copy.get_absolute_url() not in page.links

    def test_submitting_counts_what_is_to_be_confirmed(self, migration, lead):
        page = opened(visitor(lead), "assessment-submit", migration.copy.pk)
        assert "带入的应答，待确认 2" in page.text and "未作答 1" in page.text

    def test_a_criterion_leads_to_its_comments_of_before(self, record, following, lead, contributor):
        actions.comment(record, "P1.A1", "请补充", by=contributor)
        copy = actions.migrate_round(record, following, by=lead).copy
        page = opened(visitor(contributor), "criterion-detail", copy.pk, "P1.A3")
        assert reverse("criterion-detail", args=[record.pk, "P1.A1"]) in page.links
        assert "意见1条" in page.text and "请补充" not in page.text
        before = opened(visitor(contributor), "criterion-detail", record.pk, "P1.A1")
        assert "请补充" in before.text and "text" not in before.form

    def test_a_comment_that_comes_too_late_stays_on_the_screen(self, migration, contributor):
        page = posted(contributor, "comment-add", migration.source.pk, "T1.1", text="迟到的意见")
        assert page.status == 422 and "迟到的意见" in page.html
        assert not migration.source.comments.exists()

    def test_the_round_before_is_no_beginning_for_another_one(self, migration, lead):
        page = opened(visitor(lead), "assessment-open")
        assert "小框架 2025.1，填报中" in page.text and "已迁移" not in page.text

    def test_a_copy_that_was_given_up_leaves_its_name_to_others(self, migration, lead):
        city, following = migration.copy.city, migration.copy.framework
        given = {
            "city": city.pk,
            "framework": following.pk,
            "round": "2026",
            "scope": f"{following.pk}:T1",
            "draft": "",
        }
        page = opened(visitor(lead), "assessment-open")
        assert "已有同名轮次" in sent(visitor(lead), page, given).text
        actions.undo_migration(migration, by=lead)
        sent(visitor(lead), page, given | {"previous": ""})
        assert states() == ["draft", "open", "undone"]

    def test_the_list_shows_both_until_the_copy_is_given_up(self, migration, lead):
        page = opened(visitor(lead), "assessment-list")
        assert {migration.source.get_absolute_url(), migration.copy.get_absolute_url()} <= set(page.links)
        assert "已迁移" in page.text
        actions.undo_migration(migration, by=lead)
        assert migration.copy.get_absolute_url() not in opened(visitor(lead), "assessment-list").links


class TestThePlan:
    def plan(self, migration, user):
        return opened(visitor(user), "migration-detail", migration.copy.pk)

    def test_leads_to_each_answer_that_waits(self, migration, lead):
        page = self.plan(migration, lead)
        there = reverse("dimension-answer", args=[migration.copy_id, "T1"])
        assert f"{there}#T1.2" in page.links
        assert 'id="T1.2"' in opened(visitor(lead), there).html

    def test_names_the_columns_of_the_scores_as_their_explanation_does(self, migration, lead):
        text = self.plan(migration, lead).text
        assert "“评估项变化”" in text and "标准改动" not in text

    def test_can_be_read_at_any_time_by_all_who_see_the_round(self, migration, lead, viewer):
        for user in (lead, viewer):
            page = self.plan(migration, user)
            assert "合并" in page.row("P1.A1")[2] and page.row("T1.1")[0] == "T1.1 评估项T1.1 3 等级3"
        actions.undo_migration(migration, by=lead)
        page = self.plan(migration, viewer)
        assert "合并" in page.row("P1.A1")[2] and "迁移已撤销" in page.text

    def test_tells_what_the_answers_since_make_of_the_score(self, migration, lead):
        actions.answer(migration.copy, Response("T1.1", level=5), by=lead, seen=1)
        rows = [row for row in self.plan(migration, lead).rows if row[0] == "总得分"]
        (_name, before, _after, _whole, answers, _criteria), then = rows
        assert answers not in ("0.0", "—") and then[4] == "0.0" and before == then[1]

    def test_counts_what_is_answered_in_a_merged_criterion_as_an_answer(self, migration, lead):
        actions.answer(migration.copy, Response("P1.A3", level=5, rationale="P1.A1 甲"), by=lead, seen=1)
        now, then = [row for row in self.plan(migration, lead).rows if row[0] == "总得分"]
        assert now[5] == then[3] == then[5] and now[4] not in ("0.0", "—")
        page = opened(visitor(lead), "assessment-compare", migration.copy.pk, **{"with": migration.source.pk})
        assert f"其中作答变化{now[4]}，评估项变化{now[5]}" in page.text

    def test_tells_the_words_of_each_old_answer_as_they_were(self, migration, lead):
        for undone in (False, True):
            if undone:
                actions.undo_migration(migration, by=lead)
                actions.answer(migration.source, Response("P1.A1", level=4, rationale="改"), by=lead, seen=1)
            first, second, third = (self.plan(migration, lead).row(code)[2] for code in ("P1.A1", "T1.3", "T1.1"))
            assert "原来的说明与佐证 P1.A1 佐证材料0项 甲" in first and "不适用的理由 本市无此事项" in second
            assert "原来的说明" not in third

    def test_shows_what_was_changed_in_the_words(self, migration, lead):
        page = self.plan(migration, lead)
        assert "查看改动" in page.row("T1.2")[2] and "查看改动" not in page.row("T1.1")[2]
        assert "<ins>" in page.html and "<del>" in page.html and "P1.A1 → P1.A3" in page.text

    def test_is_not_there_for_a_round_that_did_not_move(self, migration, lead):
        assert self.plan_status(migration.source, lead) == 404

    def plan_status(self, record, user):
        return opened(visitor(user), "migration-detail", record.pk).status

    @pytest.mark.parametrize("who", ["stranger", "criteria_admin", "auditor"])
    def test_is_nothing_to_strangers(self, request, migration, who):
        user = request.getfixturevalue(who)
        for view in ("migration-detail", "migration-undo", "assessment-migrate"):
            for record in (migration.source, migration.copy):
                address = reverse(view, args=[record.pk])
                assert visitor(user).get(address).status_code == 404
                assert visitor(user).post(address).status_code == (405 if view == "migration-detail" else 404)


class TestTheWayBack:
    def undo(self, migration, user):
        return opened(visitor(user), "migration-undo", migration.copy.pk)

    def test_is_the_leads_alone(self, request, migration):
        for who in [role for role in Role.values if role != "lead"] + ["admin"]:
            assert self.undo(migration, request.getfixturevalue(who)).status == 404
            assert posted(request.getfixturevalue(who), "migration-undo", migration.copy.pk).status == 404
        assert states() == ["moved", "open"]

    def test_lists_what_was_typed_since(self, migration, lead):
        assert "没有改动过应答" in self.undo(migration, lead).text
        actions.answer(migration.copy, Response("P1.B3", level=4), by=lead, seen=0)
        page = self.undo(migration, lead)
        assert "改动过1项应答" in page.text
        assert page.row("P1.B3")[1] == "4 等级4" and page.row("P1.B3")[2].startswith("牵头人")

    def test_leads_to_the_round_before(self, migration, lead):
        page = sent(visitor(lead), self.undo(migration, lead))
        assert "迁移已撤销" in page.text and states() == ["open", "undone"]
        assert "查看迁移影响" in page.text
        copy = opened(visitor(lead), "assessment-detail", migration.copy.pk)
        assert "本轮在2024.1版上继续" in copy.text and migration.source.get_absolute_url() in copy.links

    def test_is_asked_again_where_something_was_saved_meanwhile(self, migration, lead):
        page = self.undo(migration, lead)
        actions.answer(migration.copy, Response("P1.B3", level=4), by=lead, seen=0)
        again = sent(visitor(lead), page)
        assert again.status == 422 and "P1.B3" in again.row("P1.B3")[0]
        assert states() == ["moved", "open"]
        assert sent(visitor(lead), again).status == 200 and states() == ["open", "undone"]

    @pytest.mark.parametrize("shown", ["", "x", "-1", "9" * 20])
    def test_needs_what_the_page_sends(self, migration, lead, shown):
        assert posted(lead, "migration-undo", migration.copy.pk, shown=shown).status == 422
        assert states() == ["moved", "open"]

    def test_is_closed_once_the_copy_was_submitted(self, migration, lead):
        actions.answer(migration.copy, Response("P1.B3", level=4), by=lead, seen=0)
        actions.confirm(migration.copy, ["T1.2", "P1.A3"], by=lead)
        actions.submit(migration.copy, by=lead)
        actions.withdraw(migration.copy, by=lead)
        assert "不能再撤销迁移" in self.undo(migration, lead).text
        address = reverse("migration-undo", args=[migration.copy.pk])
        for view in ("assessment-detail", "migration-detail"):
            assert address not in opened(visitor(lead), view, migration.copy.pk).links


def test_a_draft_that_moved_is_nobodys_but_the_leads(city, framework, following, lead, contributor):
    draft = actions.create_round(Assessment(city=city, framework=framework, round="2027"), by=lead)
    migration = actions.migrate_round(draft, following, by=lead)
    for record in (draft, migration.copy):
        assert opened(visitor(lead), "assessment-detail", record.pk).status == 200
        assert opened(visitor(contributor), "assessment-detail", record.pk).status == 404
    assert opened(visitor(contributor), "migration-detail", migration.copy.pk).status == 404


def test_what_people_write_never_becomes_markup(city, framework, following, lead):
    record = make_round(
        city, framework, {"T1.3": {"not_applicable": "<b>无</b>"}, "P1.B1": {"rationale": "<script>alert(1)</script>"}}
    )
    pages = [preview(record, lead)]
    copy = actions.migrate_round(record, following, by=lead).copy
    pages += [
        opened(visitor(lead), view, copy.pk) for view in ("migration-detail", "migration-undo", "assessment-detail")
    ]
    assert all("<script>alert" not in page.html and "<b>无" not in page.html for page in pages)


def test_the_pages_ask_the_database_no_more_for_forty_criteria_than_for_three(city, lead):
    def queries(count):
        old, new = (store(framework_of(count, code=f"of-{count}", version=v)) for v in ("2024.1", "2025.1"))
        record = make_round(city, old, dict.fromkeys(old.outline().criteria, 2), round=f"of {count}")
        found = [counted("assessment-migrate", record), counted("assessment-detail", record)]
        copy = actions.migrate_round(record, new, by=lead).copy
        for code in copy.framework.outline().criteria:
            actions.answer(copy, Response(code, level=3), by=lead, seen=1)
        found += [counted(view, copy) for view in ("migration-detail", "migration-undo", "assessment-detail")]
        found += [counted("dimension-answer", copy, "X1"), counted("criterion-detail", copy, "X1.1")]
        return [*found, counted("assessment-detail", record)]

    def counted(view, record, *rest):
        opened(visitor(lead), view, record.pk, *rest)
        client = visitor(lead)
        with CaptureQueriesContext(connection) as found:
            assert opened(client, view, record.pk, *rest).status == 200
        return len(found)

    few = queries(3)
    assert queries(40) == few
    assert max(few) <= 20 and few[5] <= 15, few
