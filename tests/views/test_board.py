"""The board: whose turn it is, what is late, and what the lead can do about it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.models import Assessment, Department, Event, Membership
from tests.factories import NA
from tests.records import assign, framework_of, make_member, make_round, store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, {"T1.1": 2, "T1.2": NA, "P1.A1": 3}, title="杭州第一轮")


@pytest.fixture
def department(city):
    return Department.objects.create(city=city, name="市数据局")


@pytest.fixture
def given(record, department):
    return record.assignments.create(
        dimension=record.framework.dimensions.get(code="T1"), department=department, due_on=YESTERDAY
    )


def board(user, record):
    return opened(visitor(user), "board-detail", record.pk)


def targets(page):
    return [given.get("action") for tag, given in page.reader.tags if tag == "form"]


class TestTheTable:
    def test_counts_for_each_holder(self, given, record, lead, reviewer):
        record.responses.filter(criterion__code="T1.1").update(is_unconfirmed=True)
        criterion = record.framework.criteria.get(code="T1.2")
        record.returns.create(criterion=criterion, reason="说明不足", returned_by=reviewer)
        # answered, to be confirmed, returned, parts, overdue, handed in, accepted, first open
        assert board(lead, record).row("市数据局")[1:] == ["2 / 3", "1", "1", "1", "1", "0", "0", "T1.2"]

    def test_has_a_row_for_what_is_nobodys(self, given, record, lead):
        page = board(lead, record)
        assert page.row("未分配")[1:4] == ["1 / 4", "0", "0"]
        assert page.row("未分配")[-1] == "P1.A2"
        assert reverse("assignment-edit", args=[record.pk]) in page.links

    def test_has_none_where_all_is_given(self, record, lead, contributor):
        assign(record, contributor)
        assert "未分配" not in board(lead, record).text

    @pytest.mark.parametrize(("state", "cells"), [("handed_in", ["0", "1", "0"]), ("accepted", ["0", "0", "1"])])
    def test_counts_what_is_handed_in_and_accepted(self, given, record, lead, state, cells):
        record.assignments.update(state=state)
        assert board(lead, record).row("市数据局")[5:8] == cells

    def test_leads_to_the_first_open_card(self, given, record, lead):
        assert f"{reverse('dimension-answer', args=[record.pk, 'T1'])}#T1.3" in board(lead, record).links


class TestButtons:
    @pytest.mark.parametrize(("who", "offered"), [("lead", True), ("reviewer", False), ("consultant", False)])
    def test_are_the_leads_alone(self, request, given, record, who, offered):
        record.assignments.update(state="handed_in")
        page = board(request.getfixturevalue(who), record)
        verbs = {reverse(verb, args=[given.pk]) for verb in ("part-accept", "part-give-back")}
        assert page.status == 200
        assert (verbs <= set(targets(page))) is offered
        assert bool(verbs & set(targets(page))) is offered
        assert (reverse("assignment-edit", args=[record.pk]) in page.links) is offered

    def test_accept(self, given, record, lead):
        record.assignments.update(state="handed_in")
        response = visitor(lead).post(reverse("part-accept", args=[given.pk]), follow=True)
        assert "T1已接收" in response.content.decode()
        assert board(lead, record).row("市数据局")[7] == "1"

    def test_refuse_what_the_holder_took_back_meanwhile(self, given, record, lead):
        response = visitor(lead).post(reverse("part-accept", args=[given.pk]), follow=True)
        assert "T1尚未报送" in response.content.decode()

    def test_are_gone_once_the_round_is_submitted(self, given, record, lead):
        record.assignments.update(state="handed_in")
        Assessment.objects.update(state="submitted")
        assert reverse("part-accept", args=[given.pk]) not in targets(board(lead, record))


class TestReminders:
    def test_name_round_what_is_open_day_and_address(self, given, record, lead):
        text = self.text(board(lead, record))
        for words in (
            "市数据局：",
            "杭州第一轮",
            "T1",
            "未作答1项",
            "已逾期",
            f"http://testserver{reverse('task-list')}",
        ):
            assert words in text
        assert "&" not in text

    def text(self, page):
        start = page.html.index("readonly>") + len("readonly>")
        return page.html[start : page.html.index("</textarea>", start)]

    def test_are_for_the_lead(self, given, record, reviewer):
        assert "readonly" not in board(reviewer, record).html

    def test_are_not_written_to_who_has_handed_in(self, given, record, lead):
        record.assignments.update(state="handed_in")
        assert "readonly" not in board(lead, record).html

    def test_keep_names_as_text(self, given, record, lead, department):
        Department.objects.filter(pk=department.pk).update(name="<i>局</i>")
        assert "&lt;i&gt;局&lt;/i&gt;：" in self.text(board(lead, record))

    @pytest.fixture
    def mailer(self, settings):
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

    @pytest.fixture
    def member(self, city, department):
        user = make_member("lin", "林", city, Membership.Role.CONTRIBUTOR, department=department)
        user.email = "lin@example.cn"
        user.save()
        return user

    def remind(self, lead, record, department):
        address = reverse("board-remind", args=[record.pk])
        return visitor(lead).post(address, {"holder": f"d{department.pk}"}, follow=True).content.decode()

    def test_go_by_mail_where_a_mailer_is_set(self, mailer, member, given, record, lead, department):
        assert reverse("board-remind", args=[record.pk]) in targets(board(lead, record))
        assert "提醒邮件已发往 lin@example.cn" in self.remind(lead, record, department)
        (message,) = mail.outbox
        assert message.to == ["lin@example.cn"]
        assert "T1" in message.body
        assert Event.objects.get(verb="reminded").target == "市数据局"

    def test_offer_no_mail_without_a_mailer(self, settings, member, given, record, lead, department):
        settings.MAILERS = {}
        assert reverse("board-remind", args=[record.pk]) not in targets(board(lead, record))
        assert "无法用邮件联系市数据局" in self.remind(lead, record, department)

    def test_offer_no_mail_without_an_address(self, mailer, given, record, lead):
        assert reverse("board-remind", args=[record.pk]) not in targets(board(lead, record))

    def test_are_sent_to_nobody_who_has_nothing_open(self, mailer, member, given, record, lead, department):
        record.assignments.update(state="accepted")
        assert "没有需要催办的事项" in self.remind(lead, record, department)
        assert mail.outbox == []


def test_asks_the_database_as_often_for_many_holders_parts_and_criteria(city, framework, lead, reviewer, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

    client = visitor(lead)

    def queries(record):
        opened(client, "board-detail", record.pk)
        with CaptureQueriesContext(connection) as counted:
            assert opened(client, "board-detail", record.pk).status == 200
        return len(counted)

    small = make_round(city, framework, round="小")
    assign(small, lead, "T1")
    few = queries(small)
    large = make_round(city, store(framework_of(40, code="large")), round="大")
    for number, criterion in enumerate(large.framework.criteria.all()):
        department = Department.objects.create(city=city, name=f"单位{number}")
        make_member(f"u{number}", f"人{number}", city, Membership.Role.CONTRIBUTOR, department=department)
        large.assignments.create(criterion=criterion, department=department, state="handed_in", handed_in_by=lead)
        large.returns.create(criterion=criterion, reason="补充", returned_by=reviewer)
    assert queries(large) == few <= 20
