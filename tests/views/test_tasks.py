"""我的任务: what is mine, due when, what came back and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.models import Assessment, Comment, Department, Membership
from tests.factories import NA
from tests.records import PASSWORD, assign, framework_of, make_member, make_round, make_user, store
from tests.views.pages import opened, sent, visitor

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, {"T1.1": 2, "T1.2": NA}, title="杭州第一轮")


@pytest.fixture
def given(record, contributor):
    assign(record, contributor, "T1")
    return record.assignments.get()


def tasks(user):
    return opened(visitor(user), "task-list")


def codes(page):
    return [row[0].split()[0] for row in page.rows[1:]]


class TestWhatIsMine:
    def test_stands_there_with_round_city_day_and_progress(self, given, contributor):
        given.due_on = timezone.localdate()
        given.save()
        page = tasks(contributor)
        assert {"杭州第一轮", "杭州市"} <= set(page.text.split())
        assert page.row("T1")[2:4] == ["2 / 3", "填报中"]
        assert "已逾期" not in page.text

    def test_says_what_is_overdue(self, given, contributor):
        given.due_on = YESTERDAY
        given.save()
        assert tasks(contributor).row("T1")[1].endswith("已逾期")

    def test_goes_on_at_the_first_open_card(self, given, contributor, record):
        address = reverse("dimension-answer", args=[record.pk, "T1"])
        assert f"{address}#T1.3" in tasks(contributor).links

    def test_counts_what_is_not_confirmed(self, given, contributor, record):
        record.responses.filter(criterion__code="T1.1").update(is_unconfirmed=True)
        assert "待确认1项" in tasks(contributor).row("T1")[2]

    def test_includes_what_ones_department_has(self, record, city):
        department = Department.objects.create(city=city, name="市数据局")
        member = make_member("lin", "林", city, Membership.Role.CONTRIBUTOR, department=department)
        record.assignments.create(dimension=record.framework.dimensions.get(code="P1"), department=department)
        assert codes(tasks(member)) == ["P1"]

    def test_is_not_what_others_have(self, given, city, lead, stranger):
        other = make_member("other", "别人", city, Membership.Role.CONTRIBUTOR)
        for user in (other, lead, stranger):
            assert "杭州第一轮" not in tasks(user).text

    @pytest.mark.parametrize("state", ["draft", "submitted", "under_review"])
    def test_is_there_while_the_round_is_open(self, given, contributor, state):
        Assessment.objects.update(state=state)
        assert "目前没有您的任务" in tasks(contributor).text

    def test_ends_with_the_role(self, given, contributor):
        Membership.objects.filter(user=contributor).update(ends_on=YESTERDAY)
        assert "杭州第一轮" not in tasks(contributor).text

    def test_ends_with_the_right_to_answer(self, given, contributor):
        Membership.objects.filter(user=contributor).update(role=Membership.Role.VIEWER)
        assert "杭州第一轮" not in tasks(contributor).text

    def test_is_handed_in_and_taken_back_here(self, given, contributor, record):
        record.responses.create(criterion=record.framework.criteria.get(code="T1.3"), level=1)
        client = visitor(contributor)
        assert "T1已报送" in client.post(reverse("part-hand-in", args=[given.pk]), follow=True).content.decode()
        assert tasks(contributor).row("T1")[3].startswith("已报送 填报人")
        client.post(reverse("part-take-back", args=[given.pk]))
        assert tasks(contributor).row("T1")[3] == "填报中"


class TestWhatCameBack:
    def test_from_the_lead_says_why(self, given, contributor):
        given.reason = "请补文号"
        given.save()
        assert "牵头人退回 请补文号" in tasks(contributor).text

    def test_from_the_reviewer_says_why_and_where(self, given, contributor, record, reviewer):
        for code, reason in (("T1.2", "说明不足"), ("P1.A1", "不是我的")):
            criterion = record.framework.criteria.get(code=code)
            record.returns.create(criterion=criterion, reason=reason, returned_by=reviewer)
        page = tasks(contributor)
        assert "复核人退回 T1.2 说明不足" in page.text
        assert "不是我的" not in page.text
        assert page.links.count(f"{reverse('dimension-answer', args=[record.pk, 'T1'])}#T1.2") == 2

    def test_is_gone_once_it_is_settled(self, given, contributor, record, reviewer):
        criterion = record.framework.criteria.get(code="T1.2")
        record.returns.create(
            criterion=criterion, reason="说明不足", returned_by=reviewer, settled_by=reviewer, settled_at=timezone.now()
        )
        assert "说明不足" not in tasks(contributor).text

    def test_whole_says_so(self, given, contributor, record, reviewer):
        record.returns.create(reason="口径有误", returned_by=reviewer)
        assert "复核人将整轮评估退回" in tasks(contributor).text
        assert "口径有误" in tasks(contributor).text


class TestMentions:
    def comment(self, record, author, user, **fields):
        made = Comment.objects.create(
            assessment=record, criterion=record.framework.criteria.get(code="T1.1"), written_by=author, **fields
        )
        made.mentions.add(user)
        return made

    def test_stand_there_until_they_are_resolved(self, record, contributor, lead):
        made = self.comment(record, lead, contributor, text="请看这里")
        page = tasks(contributor)
        assert "请看这里" in page.text
        assert any("T1.1" in link or "T1#" in link for link in page.links)
        made.resolved_at = timezone.now()
        made.save()
        assert "请看这里" not in tasks(contributor).text

    def test_in_a_thread_that_is_resolved_are_gone(self, record, contributor, lead):
        head = Comment.objects.create(
            assessment=record,
            criterion=record.framework.criteria.get(code="T1.1"),
            written_by=lead,
            text="问题",
            resolved_at=timezone.now(),
        )
        self.comment(record, lead, contributor, text="请看这里", parent=head)
        assert "请看这里" not in tasks(contributor).text

    def test_of_others_are_not_mine(self, record, contributor, lead, reviewer):
        self.comment(record, lead, reviewer, text="请看这里")
        assert "请看这里" not in tasks(contributor).text

    def test_in_private_notes_are_for_reviewers(self, record, contributor, lead, reviewer):
        made = self.comment(record, reviewer, contributor, text="内部意见", is_private=True)
        made.mentions.add(reviewer)
        assert "内部意见" not in tasks(contributor).text
        assert "内部意见" in tasks(reviewer).text

    def test_are_read_by_those_alone_who_may_see_the_round(self, record, contributor, lead):
        self.comment(record, lead, contributor, text="请看这里")
        Membership.objects.filter(user=contributor).delete()
        assert "请看这里" not in tasks(contributor).text


class TestTheWayThere:
    @pytest.mark.parametrize(
        ("who", "linked"),
        [("lead", True), ("contributor", True), ("reviewer", False), ("viewer", False), ("auditor", False)],
    )
    def test_stands_in_the_menu_of_those_who_write(self, request, assessment, who, linked):
        page = opened(visitor(request.getfixturevalue(who)), "framework-list")
        assert (reverse("task-list") in page.links) is linked

    def landed(self, user):
        client = visitor()
        page = sent(client, opened(client, "account_login"), {"login": user.username, "password": PASSWORD})
        return page.response.redirect_chain[-1][0]

    def test_leads_contributors_home(self, contributor):
        assert self.landed(contributor) == reverse("task-list")

    def test_leads_others_to_the_rounds(self, lead, contributor, city):
        assert self.landed(lead) == reverse("assessment-list")
        Membership.objects.create(user=contributor, city=city, role=Membership.Role.REVIEWER)
        assert self.landed(contributor) == reverse("assessment-list")
        assert self.landed(make_user("nobody")) == reverse("assessment-list")

    def test_is_told_to_those_who_have_nothing(self, lead, contributor):
        assert "分工" in tasks(lead).text
        assert "牵头人把任务分配给您" in tasks(contributor).text


def test_asks_the_database_as_often_for_many_rounds_parts_and_criteria(city, framework, contributor, lead, reviewer):
    client = visitor(contributor)

    def queries():
        opened(client, "task-list")
        with CaptureQueriesContext(connection) as counted:
            assert opened(client, "task-list").status == 200
        return len(counted)

    def more(framework, rounds):
        for name in rounds:
            record = make_round(city, framework, round=name)
            assign(record, contributor)
            for criterion in record.framework.criteria.all()[:5]:
                record.returns.create(criterion=criterion, reason="补充", returned_by=reviewer)
                made = Comment.objects.create(assessment=record, criterion=criterion, written_by=lead, text="请看")
                made.mentions.add(contributor)

    more(framework, ["一"])
    few = queries()
    large = store(framework_of(40, code="large"))
    more(framework, ["二", "三", "四"])
    more(large, ["五", "六"])
    assert queries() == few <= 20
