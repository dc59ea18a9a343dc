"""Who answers what; handing in, accepting, giving back: by whom, and what they are told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.models import Assessment, Assignment, Department, Event, Membership
from tests.factories import NA
from tests.records import make_member, make_round
from tests.views.pages import opened, sent, visitor

pytestmark = pytest.mark.django_db
ANSWERS = {"T1.1": 2, "T1.2": NA, "T1.3": 0}
VERBS = ["part-hand-in", "part-take-back", "part-accept", "part-give-back"]


@pytest.fixture
def department(city):
    return Department.objects.create(city=city, name="市数据局")


@pytest.fixture
def colleague(city, department):
    return make_member("colleague", "同事", city, Membership.Role.CONTRIBUTOR, department=department)


@pytest.fixture
def outsider(city):
    """A contributor of another department."""
    other = Department.objects.create(city=city, name="市司法局")
    return make_member("outsider", "别的单位的人", city, Membership.Role.CONTRIBUTOR, department=other)


@pytest.fixture
def record(city, framework):
    """T1 is answered, P1 is not."""
    return make_round(city, framework, ANSWERS)


@pytest.fixture
def given(record, department):
    return record.assignments.create(dimension=record.framework.dimensions.get(code="T1"), department=department)


def holders(record):
    return {item.part.code: str(item.holder) for item in record.assignments.all()}


def post(user, view, given, **data):
    return visitor(user).post(reverse(view, args=[given.pk]), data, follow=True)


def put(given, state):
    Assignment.objects.filter(pk=given.pk).update(state=state)


class TestWhoAnswersWhat:
    @pytest.fixture
    def page(self, record, lead, department, colleague):
        return opened(visitor(lead), "assignment-edit", record.pk)

    def test_gives_dimensions_and_single_criteria_at_once(self, page, record, lead, department, colleague):
        changes = {"holder-T1": f"d{department.pk}", "due-T1": "2026-12-01", "split-T1.2": f"u{colleague.pk}"}
        answer = sent(visitor(lead), page, changes | {"holder-P1": f"u{lead.pk}"})
        assert "已调整3项分工" in answer.text
        assert holders(record) == {"T1": "市数据局", "T1.2": "同事", "P1": "牵头人"}
        assert {str(item.due_on) for item in record.assignments.filter(department=department)} == {"2026-12-01"}
        assert record.assignments.get(criterion__code="T1.2").due_on.isoformat() == "2026-12-01"

    def test_shows_what_is_given(self, given, lead, record):
        page = opened(visitor(lead), "assignment-edit", record.pk)
        assert page.form["holder-T1"] == f"d{given.department_id}"
        assert page.form["holder-P1"] == ""

    def test_saved_as_it_stands_changes_nothing(self, given, lead, record):
        page = opened(visitor(lead), "assignment-edit", record.pk)
        sent(visitor(lead), page)
        assert holders(record) == {"T1": "市数据局"}
        assert not Event.objects.filter(verb__in=["assigned", "unassigned"]).exists()

    def test_takes_a_part_back(self, given, lead, record):
        page = opened(visitor(lead), "assignment-edit", record.pk)
        sent(visitor(lead), page, {"holder-T1": ""})
        assert holders(record) == {}

    def test_gives_all_that_is_left_to_one(self, given, lead, record, colleague):
        page = opened(visitor(lead), "assignment-edit", record.pk)
        sent(visitor(lead), page, {"everything-else": f"u{colleague.pk}"})
        assert holders(record) == {"T1": "市数据局", "P1": "同事"}

    def test_leaves_what_a_colleague_gave_meanwhile(self, page, record, lead, department):
        record.assignments.create(dimension=record.framework.dimensions.get(code="P1"), department=department)
        sent(visitor(lead), page, {"holder-T1": f"u{lead.pk}"})
        assert holders(record) == {"T1": "牵头人", "P1": "市数据局"}

    def test_moves_the_day_of_the_criteria_that_are_split_off(self, given, lead, record, colleague):
        record.assignments.create(criterion=record.framework.criteria.get(code="T1.2"), user=colleague)
        page = opened(visitor(lead), "assignment-edit", record.pk)
        sent(visitor(lead), page, {"due-T1": "2026-12-24"})
        assert {item.due_on.isoformat() for item in record.assignments.all()} == {"2026-12-24"}

    def test_wants_somebody_for_a_day(self, page, lead, record):
        answer = sent(visitor(lead), page, {"due-P1": "2026-12-24"})
        assert answer.status == 422
        assert "请选择责任方" in answer.text
        assert answer.form["due-P1"] == "2026-12-24"

    @pytest.mark.parametrize("wrong", [{"holder-T1": "u999999"}, {"due-T1": "2026-13-01"}, {"split-T1.1": "x"}])
    def test_writes_nothing_where_something_is_wrong_and_keeps_the_rest(self, page, lead, record, department, wrong):
        answer = sent(visitor(lead), page, {"holder-P1": f"d{department.pk}"} | wrong)
        assert answer.status == 422
        assert answer.form["holder-P1"] == f"d{department.pk}"
        assert holders(record) == {}

    def test_offers_departments_and_writers_of_this_city_alone(self, page, viewer, reviewer, stranger):
        assert {"市数据局", "同事", "牵头人"} <= set(page.text.split())
        assert not {"查看人", "复核人", "外人"} & set(page.text.split())

    def test_keeps_a_holder_who_has_left(self, record, lead, colleague):
        record.assignments.create(dimension=record.framework.dimensions.get(code="T1"), user=colleague)
        Membership.objects.filter(user=colleague).update(ends_on=timezone.localdate() - timedelta(days=1))
        page = opened(visitor(lead), "assignment-edit", record.pk)
        sent(visitor(lead), page, {"holder-P1": f"u{lead.pk}"})
        assert holders(record) == {"T1": "同事", "P1": "牵头人"}

    def test_says_how_to_begin_where_there_is_no_department(self, assessment, lead):
        page = opened(visitor(lead), "assignment-edit", assessment.pk)
        assert "还没有责任单位" in page.text
        assert reverse("member-list", args=[assessment.city.code]) in page.links

    def test_works_in_a_draft_too(self, record, lead, department):
        Assessment.objects.update(state="draft")
        page = opened(visitor(lead), "assignment-edit", record.pk)
        sent(visitor(lead), page, {"holder-T1": f"d{department.pk}"})
        assert holders(record) == {"T1": "市数据局"}

    def test_is_only_read_once_the_round_is_submitted(self, page, record, lead, department):
        Assessment.objects.update(state="submitted")
        assert "holder-T1" not in opened(visitor(lead), "assignment-edit", record.pk).form
        answer = sent(visitor(lead), page, {"holder-T1": f"d{department.pk}"})
        assert answer.status == 422
        assert holders(record) == {}

    def test_shows_only_what_the_round_asks(self, record, lead):
        Assessment.objects.update(scope=["P1"])
        page = opened(visitor(lead), "assignment-edit", record.pk)
        assert ("holder-P1" in page.form, "holder-T1" in page.form) == (True, False)


# who → what each verb gives: of a part of the department, whose member only `colleague` is
WHO = {
    "lead": (200, 404, 200, 200),
    "colleague": (200, 200, 404, 404),
    "outsider": (404, 404, 404, 404),
    "contributor": (404, 404, 404, 404),
    "reviewer": (404, 404, 404, 404),
    "viewer": (404, 404, 404, 404),
    "consultant": (404, 404, 404, 404),
    "admin": (404, 404, 404, 404),
    "auditor": (404, 404, 404, 404),
    "stranger": (404, 404, 404, 404),
}
SUITS = dict(zip(VERBS, ["open", "handed_in", "handed_in", "handed_in"], strict=True))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", WHO)
def test_who_may_do_what_with_a_part(request, given, who, verb):
    put(given, SUITS[verb])
    response = post(request.getfixturevalue(who), verb, given, reason="请补文号")
    assert response.status_code == WHO[who][VERBS.index(verb)]
    given.refresh_from_db()
    assert (given.state != SUITS[verb]) is (response.status_code == 200)


@pytest.mark.parametrize("verb", VERBS)
class TestEveryVerb:
    def test_is_posted_never_followed(self, given, lead, verb):
        assert visitor(lead).get(reverse(verb, args=[given.pk])).status_code == 405

    def test_sends_nobody_at_all_to_sign_in(self, given, verb):
        assert visitor().post(reverse(verb, args=[given.pk])).url.startswith(reverse("account_login"))

    def test_does_not_tell_apart_what_is_not_there(self, given, stranger, verb):
        answers = [visitor(stranger).post(reverse(verb, args=[pk])) for pk in (given.pk, 999_999)]
        assert {response.status_code for response in answers} == {404}

    def test_is_gone_for_a_colleague_whose_time_is_over(self, given, colleague, verb):
        put(given, SUITS[verb])
        Membership.objects.filter(user=colleague).update(ends_on=timezone.localdate() - timedelta(days=1))
        assert post(colleague, verb, given).status_code == 404


class TestHandingIn:
    def test_says_so_and_locks_the_cards(self, given, colleague):
        response = post(colleague, "part-hand-in", given)
        assert "T1已报送" in response.content.decode()
        page = opened(visitor(colleague), "dimension-answer", given.assessment_id, "T1")
        assert "T1.1-level" not in page.form

    def test_names_what_stands_in_the_way_and_links_there(self, record, lead, colleague, department, reviewer):
        given = record.assignments.create(dimension=record.framework.dimensions.get(code="T1"), department=department)
        record.responses.filter(criterion__code="T1.1").update(level=None)
        record.responses.filter(criterion__code="T1.2").update(is_unconfirmed=True)
        criterion = record.framework.criteria.get(code="T1.3")
        record.returns.create(criterion=criterion, reason="请补文号", returned_by=reviewer)
        response = post(colleague, "part-hand-in", given)
        assert response.status_code == 422
        html = response.content.decode()
        for code in ("T1.1", "T1.2", "T1.3"):
            assert f"{reverse('dimension-answer', args=[record.pk, 'T1'])}#{code}" in html
        assert [words for words in ("未作答", "沿用上轮应答，待确认", "请补文号") if words not in html] == []
        given.refresh_from_db()
        assert given.is_open

    def test_twice_is_no_error(self, given, colleague, lead):
        assert [post(user, "part-hand-in", given).status_code for user in (colleague, lead)] == [200, 200]
        assert Event.objects.filter(verb="handed_in").count() == 1

    def test_brings_a_lead_back_to_the_board(self, given, lead):
        assert post(lead, "part-hand-in", given).redirect_chain[-1][0] == reverse(
            "board-detail", args=[given.assessment_id]
        )


class TestGivingBack:
    def test_tells_the_holder_why(self, given, lead, colleague):
        put(given, "handed_in")
        post(lead, "part-give-back", given, reason="请补 <b>文号</b>")
        page = opened(visitor(colleague), "task-list")
        assert "牵头人退回 请补 <b>文号</b>" in page.text

    @pytest.mark.parametrize(("state", "reason"), [("handed_in", " "), ("open", "写了很久的理由")])
    def test_refused_says_why_and_keeps_what_was_typed(self, given, lead, state, reason):
        put(given, state)
        response = visitor(lead).post(reverse("part-give-back", args=[given.pk]), {"reason": reason})
        assert response.status_code == 422
        assert f">{reason.strip()}</textarea>" in response.content.decode()
        assert 'role="alert"' in response.content.decode()
        given.refresh_from_db()
        assert given.state == state
