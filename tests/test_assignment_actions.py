"""Parts of a round: given, handed in, accepted, given back; what they comprise and how far they are."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessment import access, actions
from assessment.models import Assignment, Department, Event, Membership
from assessment.outline import Response
from tests.factories import NA
from tests.records import make_member, make_round

pytestmark = [pytest.mark.database, pytest.mark.django_db]
T1, P1 = {"T1.1": 2, "T1.2": NA, "T1.3": 0}, {"P1.A1": 2, "P1.A2": 2, "P1.B1": 2, "P1.B2": 2}
DAY = date(2026, 12, 1)


@pytest.fixture
def department(city, contributor):
    """With the contributor in it."""
    made = Department.objects.create(city=city, name="市数据局")
    Membership.objects.filter(user=contributor).update(department=made)
    return made


@pytest.fixture
def given(assessment, lead, department):
    """T1, given to the department."""
    return give(assessment, "T1", department, lead)


def give(record, code, holder, lead, due_on=None):
    actions.assign(record, {code: (holder, due_on)}, by=lead)
    return record.assignments.get(dimension__code=code)


def fill(record, answers, by):
    for code, level in answers.items():
        given = {"level": level} if isinstance(level, int) else level
        actions.answer(record, Response(code, **given), by=by, seen=0)


def handed_in(given, by):
    fill(given.assessment, T1, by)
    actions.hand_in(given, by=by)
    given.refresh_from_db()
    return given


def told(verb):
    return [(event.target, event.details) for event in Event.objects.filter(verb=verb).order_by("pk")]


class TestAssigning:
    def test_gives_dimensions_and_criteria_to_departments_and_people(self, assessment, lead, department, contributor):
        changed = actions.assign(
            assessment, {"T1": (department, DAY)}, {"T1.2": (contributor, DAY), "P1.A1": (lead, None)}, by=lead
        )
        assert changed == 3
        holders = {code: item.holder for code, item in access.assigned(assessment).items()}
        assert holders == {"T1.1": department, "T1.2": contributor, "T1.3": department, "P1.A1": lead}

    def test_is_one_event_for_each_part_that_changes(self, assessment, lead, department, contributor):
        actions.assign(assessment, {"T1": (department, DAY), "P1": (department, DAY)}, by=lead)
        assert actions.assign(assessment, {"T1": (contributor, DAY), "P1": (department, DAY)}, by=lead) == 1
        assert told("assigned")[2:] == [
            ("T1", {"holder": "填报人", "before": "市数据局", "due_on": "2026-12-01"}),
        ]

    def test_takes_parts_back(self, assessment, lead, given):
        assert actions.assign(assessment, {"T1": (None, None), "P1": (None, None)}, by=lead) == 1
        assert not assessment.assignments.exists()
        assert told("unassigned") == [("T1", {"before": "市数据局"})]

    def test_a_part_that_changes_hands_is_open_again(self, lead, given, contributor):
        handed_in(given, contributor)
        again = give(given.assessment, "T1", lead, lead)
        assert (again.pk, again.state, again.handed_in_by, again.holder) == (given.pk, "open", None, lead)

    def test_a_new_day_alone_opens_nothing(self, lead, given, contributor, department):
        handed_in(given, contributor)
        assert give(given.assessment, "T1", department, lead, DAY).is_handed_in

    def test_begins_in_a_draft_and_ends_with_submitting(self, assessment, lead, department):
        for state, allowed in (("draft", True), ("open", True), ("submitted", False), ("under_review", False)):
            type(assessment).objects.filter(pk=assessment.pk).update(state=state)
            if allowed:
                assert actions.assign(assessment, {"T1": (department, DAY), "P1": (lead, None)}, by=lead) in (2, 0)
            else:
                with pytest.raises(actions.WrongState):
                    actions.assign(assessment, {"T1": (lead, None)}, by=lead)
        assert assessment.assignments.count() == 2


class TestAPart:
    def test_is_a_dimension_without_what_is_split_off(self, assessment, lead, department, contributor):
        actions.assign(assessment, {"T1": (department, None)}, {"T1.2": (contributor, None)}, by=lead)
        found = {part.code: [c.code for c in part.criteria] for part in actions.parts([assessment])}
        assert found == {"T1": ["T1.1", "T1.3"], "T1.2": ["T1.2"], "": ["P1.A1", "P1.A2", "P1.B1", "P1.B2"]}

    def test_counts_what_is_answered_and_what_is_not_confirmed(self, city, framework, lead, department):
        last = make_round(city, framework, T1, round="2025")
        record = actions.create_round(type(last)(city=city, framework=framework, round="2026", previous=last), by=lead)
        give(record, "T1", department, lead)
        part = actions.parts([record])[0]
        assert (part.answered, len(part.unconfirmed), part.is_complete) == (3, 3, False)
        actions.confirm(record, ["T1.1"], by=lead)
        assert actions.parts([record])[0].first_open.code == "T1.2"

    def test_goes_on_where_something_came_back(self, given, reviewer):
        criterion = given.assessment.framework.criteria.get(code="T1.3")
        given.assessment.returns.create(criterion=criterion, reason="依据不足", returned_by=reviewer)
        part = actions.parts([given.assessment])[0]
        assert part.first_open.code == "T1.3"
        assert [item.reason for item in part.returns] == ["依据不足"]

    def test_leaves_out_what_the_round_does_not_ask(self, assessment, lead, department):
        assessment.scope = ["P1"]
        assessment.save()
        actions.assign(assessment, {"T1": (department, None), "P1": (department, None)}, by=lead)
        assert [part.code for part in actions.parts([assessment])] == ["P1"]

    def test_is_overdue_from_the_day_after_until_it_is_handed_in(self, given, contributor):
        given.due_on = timezone.localdate()
        assert not given.is_overdue
        given.due_on -= timedelta(days=1)
        assert given.is_overdue
        given.save()
        assert not handed_in(given, contributor).is_overdue


class TestHoldings:
    def test_add_up_each_holders_parts_and_keep_what_is_nobodys(self, assessment, lead, department):
        actions.assign(
            assessment, {"P1": (department, DAY)}, {"T1.1": (department, DAY), "T1.2": (lead, None)}, by=lead
        )
        fill(assessment, P1, lead)
        rows = actions.holdings(assessment)
        assert [row.holder for row in rows] == [department, lead, None]
        assert [(row.answered, row.criteria, len(row.parts)) for row in rows] == [(4, 5, 2), (0, 1, 1), (0, 1, 1)]
        assert rows[0].first.first_open.code == "T1.1"
        assert rows[2].first.first_open.code == "T1.3"


class TestHandingIn:
    def test_locks_the_part_and_is_told(self, given, contributor):
        handed_in(given, contributor)
        assert (given.state, given.handed_in_by) == ("handed_in", contributor)
        record, seat = access.enter(contributor, given.assessment_id)
        assert access.answerable(record, seat) == set()
        assert told("handed_in") == [("T1", {})]

    def test_waits_for_what_is_not_answered(self, given, contributor):
        fill(given.assessment, {"T1.1": 3}, contributor)
        with pytest.raises(actions.InTheWay) as refused:
            actions.hand_in(given, by=contributor)
        assert [(item.kind, item.code) for item in refused.value.obstacles] == [
            ("unanswered", "T1.2"),
            ("unanswered", "T1.3"),
        ]
        given.refresh_from_db()
        assert given.is_open

    def test_waits_for_what_is_not_confirmed(self, given, contributor):
        fill(given.assessment, T1, contributor)
        given.assessment.responses.filter(criterion__code="T1.2").update(is_unconfirmed=True)
        with pytest.raises(actions.InTheWay) as refused:
            actions.hand_in(given, by=contributor)
        assert [(item.kind, item.code) for item in refused.value.obstacles] == [("unconfirmed", "T1.2")]

    def test_waits_for_open_returns_of_its_own_criteria(self, given, contributor, reviewer):
        fill(given.assessment, T1, contributor)
        criteria = {c.code: c for c in given.assessment.framework.criteria.all()}
        for code in ("T1.3", "P1.A1"):
            given.assessment.returns.create(criterion=criteria[code], reason="补证据", returned_by=reviewer)
        with pytest.raises(actions.InTheWay) as refused:
            actions.hand_in(given, by=contributor)
        assert [(item.code, item.note) for item in refused.value.obstacles] == [("T1.3", "补证据")]

    def test_two_at_once_hand_in_once(self, given, contributor, lead):
        mine, theirs = (Assignment.objects.get(pk=given.pk) for _person in range(2))
        fill(given.assessment, T1, contributor)
        assert actions.hand_in(mine, by=contributor) is True
        assert actions.hand_in(theirs, by=lead) is False
        given.refresh_from_db()
        assert given.handed_in_by == contributor
        assert len(told("handed_in")) == 1

    @pytest.mark.parametrize("state", ["draft", "submitted", "under_review"])
    def test_happens_in_open_rounds_only(self, given, contributor, lead, state):
        fill(given.assessment, T1, contributor)
        type(given.assessment).objects.update(state=state)
        for verb in (actions.hand_in, actions.take_back, actions.accept):
            with pytest.raises(actions.WrongState):
                verb(given, by=lead)
        with pytest.raises(actions.WrongState):
            actions.give_back(given, "理由", by=lead)

    def test_of_a_part_that_was_taken_away_meanwhile_is_refused(self, given, lead, contributor):
        actions.assign(given.assessment, {"T1": (None, None)}, by=lead)
        with pytest.raises(actions.Refused):
            actions.hand_in(given, by=contributor)


class TestTheLeadsLook:
    def test_accepts_once(self, given, contributor, lead):
        handed_in(given, contributor)
        assert [actions.accept(given, by=lead), actions.accept(given, by=lead)] == [True, False]
        given.refresh_from_db()
        assert given.is_accepted
        assert told("accepted") == [("T1", {})]

    def test_gives_back_with_the_reason(self, given, contributor, lead):
        handed_in(given, contributor)
        actions.give_back(given, " 请补文号 ", by=lead)
        given.refresh_from_db()
        assert (given.state, given.reason, given.handed_in_by) == ("open", "请补文号", None)
        assert told("given_back") == [("T1", {"reason": "请补文号"})]

    def test_gives_back_what_was_accepted_too(self, given, contributor, lead):
        handed_in(given, contributor)
        actions.accept(given, by=lead)
        actions.give_back(given, "发现遗漏", by=lead)
        given.refresh_from_db()
        assert given.is_open

    def test_gives_nothing_back_without_a_reason(self, given, contributor, lead):
        handed_in(given, contributor)
        with pytest.raises(actions.ReasonMissing):
            actions.give_back(given, "  ", by=lead)
        given.refresh_from_db()
        assert given.is_handed_in

    def test_needs_a_part_that_was_handed_in(self, given, lead):
        with pytest.raises(actions.WrongState):
            actions.accept(given, by=lead)
        with pytest.raises(actions.WrongState):
            actions.give_back(given, "理由", by=lead)

    def test_forgets_the_reason_once_the_part_is_handed_in_again(self, given, contributor, lead):
        handed_in(given, contributor)
        actions.give_back(given, "请补文号", by=lead)
        actions.hand_in(given, by=contributor)
        given.refresh_from_db()
        assert (given.is_handed_in, given.reason) == (True, "")


class TestTakingBack:
    def test_works_until_the_lead_accepts(self, given, contributor, lead):
        handed_in(given, contributor)
        assert [actions.take_back(given, by=contributor), actions.take_back(given, by=contributor)] == [True, False]
        assert told("taken_back") == [("T1", {})]
        actions.hand_in(given, by=contributor)
        actions.accept(given, by=lead)
        with pytest.raises(actions.WrongState):
            actions.take_back(given, by=contributor)


class TestAReturnByTheReviewer:
    @pytest.fixture
    def accepted(self, assessment, lead, reviewer, department):
        """The whole round handed in, accepted, submitted, under review; T1.3 split off."""
        actions.assign(
            assessment, {"T1": (department, None), "P1": (department, None)}, {"T1.3": (department, None)}, by=lead
        )
        fill(assessment, T1 | P1, lead)
        for given in assessment.assignments.all():
            actions.hand_in(given, by=lead)
            actions.accept(given, by=lead)
        actions.submit(assessment, by=lead)
        actions.begin_review(assessment, by=reviewer)
        return assessment

    def open_parts(self, record):
        return {str(item.part.code) for item in record.assignments.filter(state="open")}

    def test_makes_the_parts_concerned_their_holders_again(self, accepted, reviewer, contributor):
        actions.return_for_revision(accepted, {"T1.1": "证据过期"}, by=reviewer)
        assert self.open_parts(accepted) == {"T1"}
        record, seat = access.enter(contributor, accepted.pk)
        assert access.answerable(record, seat) == {"T1.1"}

    def test_of_the_whole_round_opens_every_part(self, accepted, reviewer):
        actions.return_for_revision(accepted, {"": "口径有误"}, by=reviewer)
        assert self.open_parts(accepted) == {"T1", "P1", "T1.3"}


class TestReminding:
    @pytest.fixture
    def mailer(self, settings):
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

    def test_mails_everybody_who_answers_for_the_holder(self, mailer, city, given, lead, contributor, department):
        contributor.email = "lin@example.cn"
        contributor.save()
        other = make_member("other", "同事", city, "viewer", department=department)
        other.email = "other@example.cn"
        other.save()
        addresses = access.mail_addresses(city)
        assert addresses == {
            f"u{contributor.pk}": ["lin@example.cn"],
            f"d{department.pk}": ["lin@example.cn"],
        }
        actions.remind(given.assessment, department, addresses[f"d{department.pk}"], "请尽快填报", by=lead)
        assert [(message.to, message.body) for message in mail.outbox] == [(["lin@example.cn"], "请尽快填报")]
        assert told("reminded") == [("市数据局", {"to": "lin@example.cn"})]

    def test_is_refused_where_nobody_has_an_address(self, mailer, given, lead, department):
        with pytest.raises(actions.Refused):
            actions.remind(given.assessment, department, [], "请尽快填报", by=lead)
        assert told("reminded") == []

    def test_is_refused_where_no_mailer_is_set(self, settings, given, lead, department):
        settings.MAILERS = {}
        with pytest.raises(actions.Refused):
            actions.remind(given.assessment, department, ["lin@example.cn"], "请尽快填报", by=lead)

    def test_says_when_the_mail_server_is_away(self, settings, given, lead, department):
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": 9},
            }
        }
        with pytest.raises(actions.Refused):
            actions.remind(given.assessment, department, ["lin@example.cn"], "请尽快填报", by=lead)
        assert told("reminded") == []
