"""The test bench, as a criteria admin works with it and everybody else reads it."""

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import actions
from tests.demo import load_shipped_framework
from tests.editing import next_version, with_criterion, without
from tests.factories import EXAMPLE_TWO, make_framework
from tests.records import framework_of, store
from tests.views.pages import opened, read, sent, visitor

pytestmark = pytest.mark.django_db
FRAMEWORK = make_framework()


@pytest.fixture
def draft():
    return store(FRAMEWORK, publish=False)


@pytest.fixture
def golden(draft, criteria_admin):
    return actions.add_golden_set(draft, "青禾市", EXAMPLE_TWO, by=criteria_admin)


def address(view, record, *rest):
    return reverse(view, args=[record.code, record.version, *rest])


def bench_of(user, record):
    return opened(visitor(user), "bench-detail", record.code, record.version)


def test_what_is_as_accepted_says_so(draft, golden, criteria_admin):
    page = bench_of(criteria_admin, draft)
    assert "与已接受的一致" in page.text
    assert page.row("T1") == ["T1 维度T1", "66.7", "66.7", "=", "2", "2"]
    assert address("bench-accept", draft, golden.pk) not in page.html


def test_what_an_edit_does_is_shown_figure_by_figure_with_its_sign(draft, golden, criteria_admin):
    actions.load_framework(with_criterion(FRAMEWORK, "T1.1", weight=8))
    page = bench_of(criteria_admin, draft)
    assert "3处不同" in page.text
    assert page.row("总体") == ["总体", "39.8", "23.5", "−16.3", "2", "≠ 1"]
    assert page.row("T1") == ["T1 维度T1", "66.7", "34.0", "−32.7", "2", "2"]


def test_the_new_figures_are_accepted_as_they_were_seen(draft, golden, criteria_admin):
    actions.load_framework(with_criterion(FRAMEWORK, "T1.1", weight=8))
    client, there = visitor(criteria_admin), address("bench-accept", draft, golden.pk)
    page = bench_of(criteria_admin, draft)
    after = read(client.post(there, {"seen": page.form["seen"]}, follow=True), there)
    assert "已接受“青禾市”的新结果" in after.text
    assert "与已接受的一致" in after.text


def test_figures_that_changed_meanwhile_are_not_accepted(draft, golden, criteria_admin):
    there = address("bench-accept", draft, golden.pk)
    answer = read(visitor(criteria_admin).post(there, {"seen": "0"}, follow=True), there)
    assert "请重新查看结果" in answer.text


def test_answers_that_nothing_takes_over_and_dimensions_that_went_are_named(draft, golden, criteria_admin):
    lens, _other = FRAMEWORK.lenses
    actions.load_framework(type(FRAMEWORK)(**vars(without(FRAMEWORK, "T1.2")) | {"lenses": (lens,)}))
    page = bench_of(criteria_admin, draft)
    assert "没有评估项接替这些应答：P1.A1、P1.A2、P1.B1、P1.B2" in page.text
    assert page.row("P1")[0] == "P1 已不存在"


def test_what_is_published_is_read_by_all_and_changed_by_nobody(draft, golden, criteria_admin, viewer):
    actions.publish(draft)
    page = bench_of(viewer, draft)
    assert "青禾市" in page.text
    for words in ("修改应答", "新增基准样本", "确认删除"):
        assert words not in page.text
    client = visitor(criteria_admin)
    for view, rest in (("bench-add", ()), ("bench-edit", (golden.pk,)), ("bench-expect", (golden.pk,))):
        assert client.get(address(view, draft, *rest)).status_code == 404
    for view in ("bench-accept", "bench-expect", "bench-remove"):
        assert client.post(address(view, draft, golden.pk)).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "lead", "auditor", "system_admin"])
def test_a_draft_s_bench_is_for_those_who_edit_it(request, draft, golden, who):
    client = visitor(request.getfixturevalue(who))
    for view, rest in (
        ("bench-detail", ()),
        ("bench-add", ()),
        *((v, (golden.pk,)) for v in ("bench-edit", "bench-expect")),
    ):
        assert client.get(address(view, draft, *rest)).status_code == 404
    for view in ("bench-edit", "bench-expect", "bench-accept", "bench-remove"):
        assert client.post(address(view, draft, golden.pk)).status_code == 404
    assert draft.golden_sets.get().name == "青禾市"


def test_a_set_of_another_version_is_not_found(draft, golden, criteria_admin):
    other = store(next_version(FRAMEWORK), publish=False)
    assert visitor(criteria_admin).get(address("bench-edit", other, golden.pk)).status_code == 404
    assert visitor(criteria_admin).post(address("bench-remove", other, golden.pk)).status_code == 404


@pytest.mark.parametrize("view", ["bench-detail", "bench-edit", "bench-expect", "framework-edit", "edit-list"])
def test_the_desk_s_pages_alone_bring_its_style_sheet(draft, golden, criteria_admin, view):
    rest = (golden.pk,) if view in ("bench-edit", "bench-expect") else ()
    assert "assessment/desk.css" in opened(visitor(criteria_admin), view, draft.code, draft.version, *rest).html
    assert "assessment/desk.css" not in opened(visitor(criteria_admin), "framework-list").html


def test_accepting_and_removing_are_never_done_by_a_link(draft, golden, criteria_admin):
    for view in ("bench-accept", "bench-remove"):
        assert visitor(criteria_admin).get(address(view, draft, golden.pk)).status_code == 405


def test_a_set_is_removed(draft, golden, criteria_admin):
    there = address("bench-remove", draft, golden.pk)
    page = read(visitor(criteria_admin).post(there, follow=True), there)
    assert "已删除“青禾市”" in page.text
    assert "还没有基准样本" in page.text


class TestAdding:
    @pytest.fixture
    def client(self, criteria_admin):
        return visitor(criteria_admin)

    def add(self, client, draft, **given):
        there = address("bench-add", draft)
        return read(client.post(there, given, follow=True), there)

    def test_with_a_name_alone_one_begins_with_no_answers(self, client, draft):
        page = self.add(client, draft, name="澜溪市")
        assert "澜溪市的应答" in page.text
        assert draft.golden_sets.get().answers == {}

    def test_another_set_s_answers_may_be_copied(self, client, draft, golden):
        self.add(client, draft, name="澜溪市", copied=golden.pk)
        assert draft.golden_sets.get(name="澜溪市").answers == EXAMPLE_TWO

    def test_an_answers_file_may_be_the_beginning_and_gives_the_name(self, client, draft):
        self.add(client, draft, file=answers_file())
        stored = draft.golden_sets.get()
        assert (stored.name, stored.answers) == ("杭州市 2026", {"T1.1": 3})
        assert stored.expected["dimensions"]["T1"]["score"] == 60.0

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({}, "请填写城市名称"),
            ({"name": "青禾市"}, "已有同名的基准样本"),
            ({"name": "甲", "copied": "99999"}, "选择一个有效的选项"),
        ],
    )
    def test_what_is_wrong_is_said(self, client, draft, golden, given, words):
        page = self.add(client, draft, **given)
        assert page.status == 422
        assert words in page.text

    def test_a_bad_file_is_refused_with_its_line(self, client, draft):
        page = self.add(client, draft, name="甲", file=answers_file(criterion="X9"))
        assert page.status == 422
        assert "responses[0].criterion" in page.text
        assert draft.golden_sets.count() == 0

    def test_only_one_beginning_is_taken(self, client, draft, golden):
        page = self.add(client, draft, name="甲", copied=golden.pk, file=answers_file())
        assert "起点只能选一种" in page.text


def answers_file(criterion="T1.1"):
    head = {"city": {"code": "330100", "name": "杭州市"}, "round": "2026"}
    head |= {"framework": "small-city", "version": "2024.1"}
    content = {"assessment": head, "responses": [{"criterion": criterion, "level": 3}]}
    return SimpleUploadedFile("answers.yaml", yaml.safe_dump(content, allow_unicode=True).encode())


class TestChangingAnswers:
    def edit(self, user, draft, golden, **changes):
        client = visitor(user)
        page = opened(client, "bench-edit", draft.code, draft.version, golden.pk)
        return page, sent(client, page, changes)

    def test_levels_are_chosen_criterion_by_criterion(self, draft, golden, criteria_admin):
        changes = {"answer-T1.1": "5", "answer-T1.2": "", "answer-T1.3": "na"}
        before, after = self.edit(criteria_admin, draft, golden, **changes)
        assert before.form["answer-T1.1"] == "1"
        assert "应答已保存" in after.text
        golden.refresh_from_db()
        wanted = EXAMPLE_TWO | {"T1.1": 5, "T1.3": "na"}
        del wanted["T1.2"]
        assert golden.answers == wanted

    def test_answers_of_the_version_before_are_filled_in(self, draft, golden, criteria_admin):
        actions.load_framework(with_criterion(FRAMEWORK, "T1.3", code="T1.7", replaces=("T1.3",)))
        page, _after = self.edit(criteria_admin, draft, golden)
        assert page.form["answer-T1.7"] == "4"

    def test_what_somebody_else_saved_meanwhile_is_kept(self, draft, golden, criteria_admin):
        client = visitor(criteria_admin)
        page = opened(client, "bench-edit", draft.code, draft.version, golden.pk)
        sent(client, page, {"answer-T1.1": "2"})
        late = sent(client, page, {"answer-T1.1": "3"})
        assert late.status == 422
        assert "请重新查看" in late.text
        assert draft.golden_sets.get().answers["T1.1"] == 2

    def test_a_level_that_the_scale_lacks_is_refused(self, draft, golden, criteria_admin):
        _page, after = self.edit(criteria_admin, draft, golden, **{"answer-T1.1": "7"})
        assert after.status == 422
        assert '<a href="#id_answer-T1.1">' in after.html

    def test_a_name_is_never_markup(self, draft, golden, criteria_admin):
        self.edit(criteria_admin, draft, golden, name="<i>市</i>")
        assert "<i>市" not in bench_of(criteria_admin, draft).html


class TestTypingWhatAnswersMustComeTo:
    def expect(self, user, draft, golden, **changes):
        client = visitor(user)
        page = opened(client, "bench-expect", draft.code, draft.version, golden.pk)
        return page, sent(client, page, changes)

    def test_shows_what_the_draft_gives_and_then_the_difference(self, draft, golden, criteria_admin):
        changes = {"score-": "45", "level-": "2", "level-T1": "3"}
        before, after = self.expect(criteria_admin, draft, golden, **changes)
        assert "39.8" in before.text
        assert "应得结果由" in after.text and "2处不同" in after.text
        assert after.row("总体") == ["总体", "45.0", "39.8", "−5.2", "2", "2"]
        assert after.row("T1") == ["T1 维度T1", "—", "66.7", "", "3", "≠ 2"]
        assert after.row("P1") == ["P1 维度P1", "—", "13.0", "", "—", "1"]

    def test_is_met_when_the_draft_gives_it(self, draft, golden, criteria_admin):
        _before, after = self.expect(criteria_admin, draft, golden, **{"score-": "39.8"})
        assert "与应得结果一致" in after.text
        page = opened(visitor(criteria_admin), "bench-expect", draft.code, draft.version, golden.pk)
        assert page.form["score-"] == "39.8"

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({}, "请填写总体或某一维度的得分或等级"),
            ({"score-": "101"}, "小于或等于"),
            ({"score-T1": "很高"}, "数"),
            ({"level-T1": "7"}, "选择一个有效的选项"),
            ({"score-": "50", "seen": "0"}, "请重新查看"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_nothing(self, draft, golden, criteria_admin, changes, words):
        _before, after = self.expect(criteria_admin, draft, golden, **changes)
        assert after.status == 422
        assert words in after.text
        assert "typed" not in draft.golden_sets.get().expected


def test_a_set_without_answers_says_so_and_is_not_called_accepted(draft, criteria_admin):
    actions.add_golden_set(draft, "澜溪市", {}, by=criteria_admin)
    page = bench_of(criteria_admin, draft)
    assert "尚无应答" in page.text
    for words in ("与已接受的一致", "接受，", "未作答的评估项"):
        assert words not in page.text


def test_the_shipped_framework_comes_with_its_golden_sets(viewer):
    shipped = load_shipped_framework()
    assert actions.differing(shipped) == []
    assert shipped.golden_sets.count() == 3
    assert address("bench-detail", shipped) in opened(visitor(viewer), "framework-detail", *id_of(shipped)).links
    assert "与已接受的一致" in bench_of(viewer, shipped).text


def id_of(record):
    return record.code, record.version


def test_queries_do_not_grow_with_sets_or_criteria(criteria_admin):
    def queries(count):
        record = store(framework_of(count, code=f"of-{count}"), publish=False)
        for number in range(count):
            actions.add_golden_set(record, f"市{number}", {"X1.1": 2}, by=criteria_admin)
        client = visitor(criteria_admin)
        with CaptureQueriesContext(connection) as captured:
            client.get(address("bench-detail", record))
        return len(captured)

    assert queries(2) == queries(9)


@pytest.mark.parametrize(
    ("view", "action", "fields"),
    [
        ("bench-edit", "change_golden_set", {}),
        ("bench-expect", "expect_golden_set", {"score-": "45"}),
        ("bench-accept", "accept_golden_set", {}),
    ],
)
def test_a_set_that_somebody_removes_at_the_same_moment_is_not_found(
    draft, golden, criteria_admin, meanwhile, view, action, fields
):
    client, there = visitor(criteria_admin), address(view, draft, golden.pk)
    form = {} if view == "bench-accept" else read(client.get(there), there).form
    meanwhile(actions, action, golden.delete)
    assert client.post(there, form | fields).status_code == 404
