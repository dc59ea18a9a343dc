"""A round's life: what each verb does from each state, what it leaves in the log, and what stands in its way."""

from datetime import date

import pytest

from assessment import access, actions
from assessment.models import Assessment, Event, Freeze, Migration, Response
from assessment.outline import Evidence
from assessment.outline import Response as Answer
from tests.factories import NA, make_assessment, make_framework
from tests.migrations import store_next
from tests.records import assign, make_round, make_user, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ALL = dict.fromkeys(["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"], 2)
STATES = [str(state) for state in Assessment.State]


@pytest.fixture
def reach(city, framework, lead, reviewer):
    """Brings a new round of the city to a state by the steps that lead there."""

    def reach(state, answers=ALL, **fields):
        record = actions.create_round(Assessment(city=city, framework=framework, round="2026", **fields), by=lead)
        make_round(city, framework, answers)
        steps = [
            lambda: actions.open_round(record, by=lead),
            lambda: actions.submit(record, by=lead),
            lambda: actions.begin_review(record, by=reviewer),
            lambda: actions.approve(record, by=reviewer),
        ]
        for step in steps[: 1 if state in ("moved", "undone") else STATES.index(state)]:
            step()
        if state in ("moved", "undone"):
            record = gone_on(record, state, lead)
        record.refresh_from_db()
        assert record.state == state
        return record

    return reach


def gone_on(record, state, lead):
    """The round that moved to another version, or the copy that was given up again."""
    migration = actions.migrate_round(record, store(make_framework(version="2025.1")), by=lead)
    if state == "undone":
        actions.undo_migration(migration, by=lead)
    return migration.source if state == "moved" else migration.copy


def as_copy(record, by):
    """Whatever state the round is in: the migration by which it came, as if it had come by one."""
    if record.is_undone:
        return record.migration
    source = Assessment.objects.create(
        city=record.city, framework=store(make_framework(version="2023.1")), round="2026"
    )
    Assessment.objects.filter(pk=source.pk).update(state="moved")
    return Migration.objects.create(source=source, copy=record, was="open", by=by)


def returned(record, by, code=None, reason="补充佐证"):
    criterion = record.framework.criteria.filter(code=code).first()
    return record.returns.create(criterion=criterion, reason=reason, returned_by=by)


# Each verb: what it calls, from which states, where it leads (None: it stays), its event (None: none)
VERBS = {
    "edit_round": (lambda r, by: actions.edit_round(r, {"title": "新"}, by=by), {"draft", "open"}, None, "edited"),
    "set_targets": (lambda r, by: actions.set_targets(r, {"T1.1": 4}, by=by), {"draft", "open"}, None, None),
    "answer": (lambda r, by: actions.answer(r, Answer("T1.1", level=5), by=by, seen=1), {"draft", "open"}, None, None),
    "confirm": (lambda r, by: actions.confirm(r, ["T1.1"], by=by), {"draft", "open"}, None, None),
    "restore": (lambda r, by: actions.restore(r, "T1.1", 0, by=by), {"draft", "open"}, None, "restored"),
    "import": (
        lambda r, by: actions.import_assessment(make_assessment({"T1.1": 5}), r.framework, r.city, by=by),
        {"draft", "open"},
        None,
        "imported",
    ),
    "open_round": (lambda r, by: actions.open_round(r, by=by), {"draft"}, "open", "opened"),
    "submit": (lambda r, by: actions.submit(r, by=by), {"open"}, "submitted", "submitted"),
    "withdraw": (lambda r, by: actions.withdraw(r, "漏填", by=by), {"submitted"}, "open", "withdrawn"),
    "begin_review": (lambda r, by: actions.begin_review(r, by=by), {"submitted"}, "under_review", "review_begun"),
    "verify": (lambda r, by: actions.verify(r, "T1.1", 1, "理由", by=by), {"under_review"}, None, "verified"),
    "return whole": (
        lambda r, by: actions.return_for_revision(r, {"": "重报"}, by=by),
        {"under_review"},
        "open",
        "returned",
    ),
    "return one": (
        lambda r, by: actions.return_for_revision(r, {"T1.1": "补充"}, by=by),
        {"under_review"},
        "open",
        "returned",
    ),
    "settle": (lambda r, by: actions.settle(returned(r, by), "已补", by=by), {"open"}, None, "settled"),
    "approve": (lambda r, by: actions.approve(r, by=by), {"under_review"}, "approved", "approved"),
    "reopen": (lambda r, by: actions.reopen(r, "更正", by=by), {"approved"}, "open", "reopened"),
    "migrate_round": (
        lambda r, by: actions.migrate_round(r, store(make_framework(version="2026.1")), by=by),
        {"draft", "open"},
        "moved",
        "migrated",
    ),
    "undo_migration": (
        lambda r, by: actions.undo_migration(as_copy(r, by), by=by),
        {"draft", "open"},
        "undone",
        "migration_undone",
    ),
}
# An import finds no round that was given up: it makes a new one.
TABLE = [(verb, state) for verb in VERBS for state in STATES if (verb, state) != ("import", "undone")]


@pytest.mark.parametrize(("verb", "state"), TABLE, ids=[f"{verb} of a {state} round" for verb, state in TABLE])
def test_each_verb_is_for_its_states_alone(reach, reviewer, verb, state):
    act, states, leads_to, event = VERBS[verb]
    record = reach(state)
    log, versions = record.events.count(), record.versions.count()
    if state in states:
        act(record, reviewer)
        record.refresh_from_db()
        assert record.state == (leads_to or state)
        newest = list(record.events.order_by("-pk")[: record.events.count() - log])
        assert [(e.verb, e.by) for e in newest] == ([(event, reviewer)] if event else [])
    else:
        with pytest.raises(actions.WrongState) as caught:
            act(record, reviewer)
        record.refresh_from_db()
        assert str(caught.value)
        assert (record.state, record.events.count(), record.versions.count()) == (state, log, versions)


def test_every_transition_stands_in_the_table():
    from assessment.actions.assessment import TRANSITIONS

    covered = {verb.split()[0].replace("return", "return_for_revision") for verb in VERBS}
    assert set(TRANSITIONS) <= covered


def test_an_import_finds_no_copy_that_was_given_up(reach):
    undone = reach("undone")
    record, outcome = actions.import_assessment(
        make_assessment({"T1.1": 5}, version="2025.1"), undone.framework, undone.city
    )
    assert outcome == "created" and record != undone
    undone.refresh_from_db()
    assert undone.is_undone and undone.outline().responses[0].level == 2


# Submitting


def kinds(record):
    return [(found.kind, found.code) for found in actions.obstacles(record)]


def test_submitting_names_what_is_unanswered_in_framework_order(reach, lead):
    answers = {code: 2 for code in ALL if code not in ("P1.B2", "T1.2")}
    record = reach("open", answers | {"P1.A1": {"verified_level": 3}})
    with pytest.raises(actions.InTheWay) as caught:
        actions.submit(record, by=lead)
    assert [(o.kind, o.code) for o in caught.value.obstacles] == [
        ("unanswered", code) for code in ("T1.2", "P1.A1", "P1.B2")
    ]
    record.refresh_from_db()
    assert record.is_open and not Event.objects.filter(verb="submitted").exists()


def test_not_applicable_with_a_reason_is_answered_and_with_blanks_is_not(reach, lead):
    record = reach("open", ALL | {"T1.2": NA})
    assert kinds(record) == []
    record.responses.filter(criterion__code="T1.3").update(level=None, not_applicable=" \n")
    assert kinds(record) == [("unreasoned", "T1.3")]
    with pytest.raises(actions.InTheWay):
        actions.submit(record, by=lead)


def test_a_return_is_not_settled_by_what_does_not_apply_without_a_reason(reach, lead, reviewer):
    record = reach("open")
    item = returned(record, reviewer, "T1.3")
    record.responses.filter(criterion__code="T1.3").update(level=None, not_applicable=" ")
    with pytest.raises(actions.Refused, match=r"T1\.3"):
        actions.settle(item, "已改", by=lead)


def test_open_returns_stand_in_the_way_until_they_are_settled(reach, lead, reviewer):
    record = reach("under_review")
    actions.return_for_revision(record, {"": "重报", "T1.2": "补充"}, by=reviewer)
    assert kinds(record) == [("returned", ""), ("returned", "T1.2")]
    for item in record.returns.all():
        actions.settle(item, "已改", by=lead)
    assert kinds(record) == []
    actions.submit(record, by=lead)
    assert [(item.settled_by, item.reply) for item in record.returns.all()] == [(lead, "已改")] * 2


def test_a_round_asks_only_what_is_in_its_scope(reach, lead):
    record = reach("open", {"T1.1": 2, "T1.2": 2}, scope=["T1"])
    assert [criterion.code for criterion in record.asked] == ["T1.1", "T1.2", "T1.3"]
    assert kinds(record) == [("unanswered", "T1.3")]
    assert access.answerable(record, access.seat_in(lead, record.city)) == {"T1.1", "T1.2", "T1.3"}


def notes(record):
    return [(found.kind, found.code, found.note) for found in actions.to_look_at(record)]


def test_the_reviewer_is_pointed_to_key_criteria_and_dimensions_that_do_not_apply(reach):
    record = reach("open", ALL | {"T1.1": NA, "P1.A1": NA})
    assert notes(record) == [
        ("key_not_applicable", "T1.1", NA["not_applicable"]),
        ("much_not_applicable", "T1", "1/3"),
    ]  # P1: one of four is no more than a quarter


def test_the_reviewer_is_pointed_to_parts_that_the_lead_has_not_accepted(reach, contributor):
    record = reach("open")
    assign(record, contributor, "T1", "P1")
    record.assignments.filter(dimension__code="P1").update(state="accepted")
    assert [(kind, code) for kind, code, _note in notes(record)] == [("not_accepted", "T1")]


def test_nothing_outside_the_scope_is_pointed_to(reach, contributor):
    record = reach("open", {"T1.1": NA, "T1.2": NA, "P1.A1": 2}, scope=["P1"])
    assign(record, contributor, "T1")
    assert notes(record) == []


# Returning


def test_a_return_leaves_one_event_a_criterion_with_its_reason(reach, reviewer):
    record = reach("under_review")
    made = actions.return_for_revision(record, {"T1.1": " 缺文号 ", "P1.B2": "等级偏高"}, by=reviewer)
    log = Event.objects.filter(verb="returned").order_by("pk")
    assert [(e.target, e.details["reason"], e.by) for e in log] == [
        ("T1.1", "缺文号", reviewer),
        ("P1.B2", "等级偏高", reviewer),
    ]
    assert [(item.criterion.code, item.reason) for item in made] == [("T1.1", "缺文号"), ("P1.B2", "等级偏高")]


@pytest.mark.parametrize("reasons", [{}, {"T1.1": ""}, {"T1.1": "  "}, {"": "", "T1.1": "缺"}])
def test_a_return_without_a_reason_is_refused_whole(reach, reviewer, reasons):
    record = reach("under_review")
    with pytest.raises(actions.ReasonMissing):
        actions.return_for_revision(record, reasons, by=reviewer)
    record.refresh_from_db()
    assert record.is_under_review and not record.returns.exists()


@pytest.mark.parametrize("code", ["X9", "P1.A1"])
def test_only_what_the_round_asks_is_returned(reach, reviewer, code):
    record = reach("under_review", scope=["T1"])
    with pytest.raises(actions.Refused):
        actions.return_for_revision(record, {code: "缺", "T1.1": "缺"}, by=reviewer)
    assert not record.returns.exists()


def may_answer(record, user):
    return access.answerable(record, access.seat_in(user, record.city))


def test_single_returns_lock_the_others_until_they_are_settled(reach, lead, contributor, reviewer):
    record = reach("under_review")
    assign(record, contributor, "T1")
    actions.return_for_revision(record, {"T1.2": "补充", "P1.A1": "补充"}, by=reviewer)
    record.refresh_from_db()
    assert (may_answer(record, lead), may_answer(record, contributor)) == ({"T1.2", "P1.A1"}, {"T1.2"})
    actions.settle(record.returns.get(criterion__code="T1.2"), by=contributor)
    assert (may_answer(record, lead), may_answer(record, contributor)) == ({"P1.A1"}, set())


def test_a_whole_return_opens_everything_again(reach, lead, reviewer):
    record = reach("under_review")
    actions.return_for_revision(record, {"": "重报", "T1.2": "补充"}, by=reviewer)
    record.refresh_from_db()
    assert may_answer(record, lead) == set(ALL)


def test_a_round_submitted_again_is_no_longer_narrowed(reach, lead, reviewer):
    record = reach("under_review")
    actions.return_for_revision(record, {"T1.2": "补充"}, by=reviewer)
    actions.settle(record.returns.get(), by=lead)
    actions.submit(record, by=lead)
    actions.withdraw(record, by=lead)
    record.refresh_from_db()
    assert may_answer(record, lead) == set(ALL)


def test_a_return_is_settled_once_and_only_when_its_criterion_is_answered(reach, lead, reviewer):
    record = reach("under_review")
    (item,) = actions.return_for_revision(record, {"T1.2": "补充"}, by=reviewer)
    actions.answer(record, Answer("T1.2"), by=lead, seen=1)
    with pytest.raises(actions.Refused, match=r"T1\.2"):
        actions.settle(item, by=lead)
    actions.answer(record, Answer("T1.2", level=1), by=lead, seen=2)
    for reply in ("已改", "再说一次"):
        actions.settle(item, reply, by=lead)
    item.refresh_from_db()
    assert (item.reply, Event.objects.filter(verb="settled").count()) == ("已改", 1)


# Verifying


def test_a_verified_level_needs_a_reason_and_lies_on_the_scale(reach, reviewer):
    record = reach("under_review")
    with pytest.raises(actions.ReasonMissing):
        actions.verify(record, "T1.1", 1, " ", by=reviewer)
    with pytest.raises(actions.Refused):
        actions.verify(record, "T1.1", 6, "理由", by=reviewer)
    assert record.responses.filter(verified_level=None).count() == len(ALL)


def test_nobody_verifies_what_they_answered(reach, lead, reviewer, city):
    record = reach("open")
    actions.answer(record, Answer("T1.1", level=4), by=reviewer, seen=1)
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    with pytest.raises(actions.OwnAnswer):
        actions.verify(record, "T1.1", 1, "理由", by=reviewer)
    actions.verify(record, "T1.2", 1, "理由", by=reviewer)
    assert actions.authored(record, reviewer) == {"T1.1"}
    assert actions.authors(record, "T1.1") == {reviewer.pk}


def test_a_verified_level_is_kept_with_who_and_why_and_can_be_taken_back(reach, reviewer):
    record = reach("under_review")
    row = actions.verify(record, "T1.1", 1, " 证据不足 ", by=reviewer)
    assert (row.verified_level, row.verified_reason, row.verified_by, row.level) == (1, "证据不足", reviewer, 2)
    row = actions.verify(record, "T1.1", None, "", by=reviewer)
    row = Response.objects.get(pk=row.pk)
    assert (row.verified_level, row.verified_reason, row.verified_by) == (None, "", None)
    assert [v.answer.get("verified_level") for v in record.versions.filter(criterion__code="T1.1")] == [None, 1, None]


# Approving and opening again


def test_approving_counts_revisions_and_reopening_begins_the_next(reach, lead, reviewer):
    record = reach("approved")
    actions.reopen(record, "更正", by=reviewer)
    record.refresh_from_db()
    assert (record.revision, record.freezes.count()) == (2, 1)
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    actions.approve(record, by=reviewer)
    assert list(record.freezes.values_list("revision", flat=True)) == [2, 1]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_reopening_needs_a_reason(reach, reviewer, reason):
    record = reach("approved")
    with pytest.raises(actions.ReasonMissing):
        actions.reopen(record, reason, by=reviewer)
    assert Assessment.objects.get().is_approved


# A round's particulars and targets


def test_particulars_are_changed_with_one_event_that_names_them(reach, lead):
    record = reach("open")
    actions.edit_round(record, {"title": "新标题", "due_on": date(2026, 12, 1)}, by=lead)
    record.refresh_from_db()
    assert (record.title, record.due_on) == ("新标题", date(2026, 12, 1))
    event = Event.objects.get(verb="edited")
    assert "title" in event.details["changed"] or "标题" in event.details["changed"]
    actions.edit_round(record, {}, by=lead)
    assert Event.objects.filter(verb="edited").count() == 1


def test_targets_are_set_and_taken_back_and_stay_in_history(reach, lead):
    record = reach("open")
    assert actions.set_targets(record, {"T1.1": 4, "T1.2": None, "T1.3": 5}, by=lead) == 2
    assert actions.set_targets(record, {"T1.1": 4, "T1.3": None}, by=lead) == 1
    assert dict(record.responses.exclude(target=None).values_list("criterion__code", "target")) == {"T1.1": 4}
    assert record.versions.filter(cause="target").count() == 3


def test_a_target_leaves_an_answer_to_be_confirmed(reach, city, framework, lead):
    reach("approved")
    record = next_round(city, framework, lead)
    actions.set_targets(record, {"T1.1": 5}, by=lead)
    assert record.responses.filter(is_unconfirmed=True).count() == len(ALL)


# From last round


def next_round(city, framework, lead, **fields):
    last = Assessment.objects.get(round="2026")
    return actions.create_round(
        Assessment(city=city, framework=framework, round="2027", previous=last, **fields), by=lead
    )


@pytest.fixture
def last(reach, reviewer):
    evidence = (Evidence("办法", reference="1号"),)
    record = reach(
        "under_review", ALL | {"T1.1": {"level": 3, "target": 4, "rationale": "有", "evidence": evidence}, "T1.2": NA}
    )
    actions.verify(record, "T1.1", 2, "证据不足", by=reviewer)
    actions.approve(record, by=reviewer)
    return record


def test_answers_of_last_round_are_copied_to_be_confirmed_and_nothing_verified_with_them(last, city, framework, lead):
    record = next_round(city, framework, lead)
    row = record.responses.get(criterion__code="T1.1")
    assert row.outline() == Answer("T1.1", 3, 4, "有", (Evidence("办法", reference="1号"),))
    assert (row.verified_reason, row.verified_by, row.is_unconfirmed) == ("", None, True)
    assert record.responses.get(criterion__code="T1.2").not_applicable == NA["not_applicable"]
    assert set(record.versions.values_list("cause", "number")) == {("carried", 1)}
    assert [e.verb for e in Event.objects.filter(assessment=record)] == ["created"]


def test_what_is_unconfirmed_stands_in_the_way_until_it_is_confirmed_or_changed(last, city, framework, lead):
    record = next_round(city, framework, lead)
    actions.open_round(record, by=lead)
    assert kinds(record) == [("unconfirmed", code) for code in ALL]
    actions.answer(record, Answer("T1.3", level=3), by=lead, seen=1)
    assert actions.confirm(record, set(ALL), by=lead) == len(ALL) - 1
    assert kinds(record) == []
    assert actions.confirm(record, set(ALL), by=lead) == 0


def test_who_copied_a_round_is_not_thereby_its_author(last, city, framework, lead):
    record = next_round(city, framework, lead)
    assert actions.authored(record, lead) == set()
    actions.open_round(record, by=lead)
    actions.confirm(record, ["T1.1"], by=lead)
    assert actions.authored(record, lead) == {"T1.1"}


def test_the_last_round_stays_as_it_was(last, city, framework, lead):
    before = last.outline()
    record = next_round(city, framework, lead)
    actions.answer(record, Answer("T1.1", level=0), by=lead, seen=1)
    assert last.outline() == before


def test_only_what_is_asked_is_copied_and_levels_only_to_the_same_scale(last, city, lead):
    smaller = store(make_framework(version="2025.1", thresholds=(50, 90)))
    record = next_round(city, smaller, lead, scope=["T1"])
    answers = [Answer("T1.1", rationale="有", evidence=(Evidence("办法", reference="1号"),)), Answer("T1.2", **NA)]
    assert list(record.outline().responses) == answers


def test_a_round_on_the_next_version_begins_with_what_it_takes_over(last, city, lead):
    record = next_round(city, store_next(), lead)
    levels = {"T1.1": 3, "T1.2": None, "T1.9": 2, "P1.A3": 2, "P1.B2": 2}
    assert {row.criterion: row.level for row in record.outline().responses} == levels
    assert record.responses.filter(is_unconfirmed=True).count() == len(levels)


def test_a_round_from_nothing_begins_blank(city, framework, lead):
    record = actions.create_round(Assessment(city=city, framework=framework, round="2027"), by=lead)
    assert record.is_draft and not record.responses.exists()


def test_a_draft_is_seen_by_leads_alone(city, framework, lead, contributor, reviewer):
    actions.create_round(Assessment(city=city, framework=framework, round="2027"), by=lead)
    seen = {user.username: Assessment.objects.visible_to(user).exists() for user in (lead, contributor, reviewer)}
    assert seen == {"lead": True, "contributor": False, "reviewer": False}


def test_an_approval_that_fails_freezes_nothing(reach, reviewer, monkeypatch):
    record = reach("under_review")
    monkeypatch.setattr("assessment.actions.assessment.move", lambda *_args, **_given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.approve(record, by=reviewer)
    assert not Freeze.objects.exists()
    assert Assessment.objects.get().is_under_review


def test_who_acts_is_named_as_they_were_called_then(reach, lead):
    record = reach("open")
    someone = make_user("someone", "旧名")
    actions.submit(record, by=someone)
    someone.name = "新名"
    someone.save()
    assert Event.objects.get(verb="submitted").person == "旧名（someone）"
