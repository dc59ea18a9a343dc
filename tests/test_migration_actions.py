"""A round goes on in a copy on another version, nothing of it is lost, and it comes back as it was."""

from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from assessment import access, actions
from assessment.exchange.answers import read_answers, write_answers
from assessment.models import Assessment, Comment, Event, Evidence, Migration, Response, Version
from assessment.models.immutable.rules import ADDED_TO, OVER
from assessment.outline import Evidence as Piece
from assessment.outline import Response as Answer
from tests.exchange.samples import write
from tests.factories import NA, make_framework
from tests.files import PDF
from tests.migrations import FATES, next_version, some_migrations, store_next
from tests.records import approved, assign, framework_of, make_round, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PIECE = Piece("办法", reference="1号")
NUMBERS = count()  # examples share one transaction: each has its own framework
ANSWERS = {
    "T1.1": {"level": 3, "target": 5, "rationale": "有", "evidence": (PIECE,)},
    "T1.2": 2,
    "T1.3": NA,
    "P1.A1": {"level": 4, "rationale": "甲"},
    "P1.A2": {"level": 1, "rationale": "乙"},
    "P1.B1": {"level": 5, "rationale": "不再问"},
    "P1.B2": 0,
}


@pytest.fixture
def following(framework):
    return store_next()


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, ANSWERS)


def moved(record, framework, by, **options):
    return actions.migrate_round(record, framework, by=by, **options)


def exported(record):
    return write_answers(Assessment.objects.get(pk=record.pk).outline())


def state_of(record):
    return Assessment.objects.get(pk=record.pk).state


def put(record, code, by, **fields):
    """Answers the criterion as somebody does who sees what is stored."""
    row = actions.row_of(record, code)
    return actions.answer(record, Answer(code, **fields), by=by, seen=row.version)


# The copy


def test_the_copy_is_the_same_round_on_the_other_version(record, following, lead):
    last = make_round(record.city, record.framework, round="2025")
    given = {"title": "题目", "as_of": date(2026, 9, 30), "due_on": date(2026, 12, 1), "previous": last}
    Assessment.objects.filter(pk=record.pk).update(**given)
    copy = moved(record, following, lead).copy
    assert {name: getattr(copy, name) for name in given} == given
    assert (copy.city, copy.round, copy.framework, copy.state) == (record.city, "2026", following, "open")
    assert copy.target == following.targets.get(code="2027")


def test_a_draft_goes_on_as_a_draft(city, framework, following, lead):
    draft = actions.create_round(Assessment(city=city, framework=framework, round="2027"), by=lead)
    migration = moved(draft, following, lead)
    assert (migration.copy.state, migration.was, state_of(draft)) == ("draft", "draft", "moved")


def test_a_profile_that_the_version_lacks_is_left_behind(record, lead):
    assert moved(record, store_next(targets=()), lead).copy.target is None


def test_answers_go_over_as_the_plan_says_and_doubtful_ones_are_marked(record, following, lead):
    copy = moved(record, following, lead).copy
    assert list(copy.outline().responses) == [
        Answer("T1.1", 3, 5, "有", (PIECE,)),
        Answer("T1.2", 2),
        Answer("T1.9", **NA),
        Answer("P1.A3", 1, rationale="P1.A1 甲\nP1.A2 乙"),
        Answer("P1.B2", 0),
    ]
    assert set(copy.responses.filter(is_unconfirmed=True).values_list("criterion__code", flat=True)) == {
        "T1.2",
        "P1.A3",
    }
    versions = copy.versions.select_related("criterion")
    assert {(v.cause, v.number, v.by) for v in versions} == {("migrated", 1, lead)}
    assert {v.criterion.code for v in versions if v.is_unconfirmed} == {"T1.2", "P1.A3"}


def test_what_nobody_had_confirmed_is_still_to_be_confirmed(record, following, lead):
    later = actions.create_round(
        Assessment(city=record.city, framework=record.framework, round="2027", previous=record), by=lead
    )
    copy = moved(later, following, lead).copy
    assert copy.responses.filter(is_unconfirmed=True).count() == copy.responses.count() == 5


def test_evidence_stays_tied_to_its_file(record, following, lead):
    actions.add_file(record, "T1.2", "台账.pdf", PDF, media_type="application/pdf", by=lead)
    copy = moved(record, following, lead).copy
    (piece,) = copy.responses.get(criterion__code="T1.2").evidence.all()
    assert piece.file == record.city.files.get()


def test_what_was_verified_stays_behind(record, following, lead, reviewer):
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    actions.verify(record, "T1.1", 1, "证据不足", by=reviewer)
    actions.return_for_revision(record, {"": "换标准"}, by=reviewer)
    actions.settle(record.returns.get(), by=lead)
    copy = moved(record, following, lead).copy
    assert not copy.responses.exclude(verified_level=None).exists()
    assert record.responses.get(criterion__code="T1.1").verified_level == 1


def test_the_plan_and_the_scores_are_kept(record, following, lead):
    migration = Migration.objects.get(pk=moved(record, following, lead).pk)
    told = {(row.get("new") or row["old"][0])["criterion"]: row["fate"] for row in migration.plan}
    assert told == FATES
    overall = migration.scores["overall"]
    assert overall["before"] == overall["middle"] != overall["after"]
    assert (migration.by, migration.was, migration.undone_at) == (lead, "open", None)


def test_both_rounds_tell_in_the_log(record, following, lead):
    copy = moved(record, following, lead).copy
    log = Event.objects.filter(verb="migrated").order_by("pk")
    assert [event.assessment for event in log] == [record, copy]
    assert log[0].details == {"way": "moved_out", "before": "2024.1", "version": "2025.1", "answers": "5"}
    assert [dict(event.particulars)["方向"] for event in log] == ["迁出，此后只读", "迁入，在此继续"]


def test_a_round_that_skips_a_version_goes_through_it(record):
    """What was renamed in the version between bears its new name in the one after, and says nothing of the old one."""
    between, after = store(next_version(), publish=False), store(next_version("2026.1"), publish=False)
    after.criteria.update(replaces=[])
    for version, before in ((between, record.framework), (after, between)):
        version.previous = before
        version.save()
        actions.publish(version)
    plan = actions.preview_migration(record, after).plan
    assert {(row.new or row.old[0]).criterion: row.fate for row in plan.rows} == FATES


def test_texts_that_are_too_long_together_are_cut_so_that_the_copy_can_be_exported_and_read_again(
    city, framework, following, lead, tmp_path
):
    long = {code: {"level": 2, "rationale": "长" * 20_000} for code in ("P1.A1", "P1.A2")}
    record = make_round(city, framework, long)
    copy = moved(record, following, lead).copy
    words = copy.responses.get(criterion__code="P1.A3").rationale
    assert words.count("（已截短，全文见迁移前的轮次）") == 2
    path = write(tmp_path, exported(copy))
    assert read_answers(path, following.outline()).responses == copy.outline().responses


# The scope


@pytest.mark.parametrize(("scope", "wanted"), [([], []), (["T1"], ["T1"]), (["T1", "P1"], [])])
def test_a_scope_goes_over_by_code(city, framework, following, lead, scope, wanted):
    draft = actions.create_round(Assessment(city=city, framework=framework, round="2027", scope=scope), by=lead)
    assert moved(draft, following, lead).copy.scope == wanted


# Whose turn


def holders(record):
    return {(item.part.code, str(item.holder), item.state) for item in record.assignments.whole()}


def test_parts_stay_with_their_holders(record, following, lead, contributor):
    assign(record, contributor, "T1")
    for code in ("T1.3", "P1.A1", "P1.B1"):
        record.assignments.create(criterion=record.framework.criteria.get(code=code), user=lead)
    copy = moved(record, following, lead).copy
    assert holders(copy) == {
        (code, str(who), "open") for code, who in (("T1", contributor), ("T1.9", lead), ("P1.A3", lead))
    }


def test_a_part_that_needs_nothing_stays_handed_in_and_another_is_open_again(record, following, lead, contributor):
    assign(record, contributor, "T1", "P1")
    record.assignments.create(criterion=record.framework.criteria.get(code="T1.1"), user=lead)
    record.assignments.update(state="accepted", handed_in_by=contributor, handed_in_at=timezone.now())
    copy = moved(record, following, lead).copy
    assert {(code, state) for code, _who, state in holders(copy)} == {
        ("T1.1", "accepted"),
        ("T1", "open"),
        ("P1", "open"),
    }
    assert copy.assignments.get(criterion__code="T1.1").handed_in_by == contributor
    assert copy.assignments.get(dimension__code="T1").handed_in_at is None


# Nobody reviews their own


def test_who_answered_before_the_move_does_not_verify_it_after(record, following, lead, reviewer):
    put(record, "P1.A1", reviewer, level=2)
    copy = moved(record, following, lead).copy
    assert actions.authored(copy, reviewer) == {"P1.A3"}
    assert actions.authors(copy, "P1.A3") == {reviewer.pk}
    assert actions.authored(copy, lead) == set()  # who moved the round gave none of its answers
    again = moved(copy, store_next("2026.1"), lead).copy
    assert actions.authored(again, reviewer) == {"P1.A3"}


# The round itself


def test_the_round_stays_as_it_was_and_takes_nothing_more(record, following, lead, contributor):
    before, versions = exported(record), record.versions.count()
    moved(record, following, lead)
    assert (exported(record), record.versions.count(), state_of(record)) == (before, versions, "moved")
    with pytest.raises(actions.WrongState):
        actions.comment(Assessment.objects.get(pk=record.pk), "T1.1", "一句", by=contributor)
    assert access.answerable(Assessment.objects.get(pk=record.pk), access.seat_in(lead, record.city)) == set()


def test_its_threads_can_still_be_settled(record, following, lead, contributor):
    thread = actions.comment(record, "T1.1", "请补充", by=lead, mentions=[contributor])
    copy = moved(record, following, lead).copy
    assert list(access.mentions(contributor)) == [thread] and not copy.comments.exists()
    actions.resolve(thread, by=lead)
    assert not access.mentions(contributor).exists()


def test_its_history_goes_on_telling(record, following, lead):
    put(record, "T1.2", lead, level=5)
    moved(record, following, lead)
    latest = record.versions.as_of(timezone.now()).select_related("criterion")
    assert {version.criterion.code: version.answer.get("level") for version in latest}["T1.2"] == 5


@pytest.mark.parametrize("state", ["moved", "undone"])
def test_the_database_locks_the_answers_too(record, following, lead, state):
    migration = moved(record, following, lead)
    if state == "undone":
        actions.undo_migration(migration, by=lead)
    locked = Assessment.objects.get(state=state)
    row = locked.responses.order_by("pk").first()
    attacks = [
        lambda: Response.objects.filter(pk=row.pk).update(level=0),
        lambda: Response.objects.filter(pk=row.pk)._raw_delete("default"),
        lambda: Evidence.objects.create(response=row, title="后补"),
        lambda: Version.objects.create(assessment=locked, criterion=row.criterion, number=9, answer={}, cause="saved"),
    ]
    for attack in attacks:
        with pytest.raises(IntegrityError, match=f"{OVER}|{ADDED_TO}"), transaction.atomic():
            attack()


@pytest.mark.parametrize("column", [{"title": "x"}, {"round": "x"}, {"state": "approved"}, {"state": "submitted"}])
def test_the_database_lets_a_round_that_moved_come_back_as_it_was_alone(record, following, lead, column):
    moved(record, following, lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=record.pk).update(**column)


# What stands in the way


def test_a_submitted_round_is_withdrawn_first(record, following, lead, reviewer):
    actions.submit(record, by=lead)
    with pytest.raises(actions.WrongState, match="撤回"):
        moved(record, following, lead)
    actions.begin_review(record, by=reviewer)
    with pytest.raises(actions.WrongState, match="复核"):
        moved(record, following, lead)


def test_what_was_approved_never_moves_not_even_when_it_is_open_again(city, framework, following, lead, reviewer):
    record = approved(make_round(city, framework, ANSWERS))
    with pytest.raises(actions.WrongState, match="新一轮"):
        moved(record, following, lead)
    actions.reopen(record, "更正", by=reviewer)
    with pytest.raises(actions.WrongState, match="新一轮"):
        moved(record, following, lead)


@pytest.mark.parametrize("reasons", [{"": "重报"}, {"T1.2": "补充"}])
def test_returns_are_settled_first(record, following, lead, reviewer, reasons):
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    actions.return_for_revision(record, reasons, by=reviewer)
    with pytest.raises(actions.Refused, match="办结"):
        moved(record, following, lead)


def test_after_single_returns_a_round_is_submitted_first(record, following, lead, reviewer):
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    actions.return_for_revision(record, {"T1.2": "补充"}, by=reviewer)
    actions.settle(record.returns.get(), by=lead)
    with pytest.raises(actions.Refused):
        moved(record, following, lead)
    actions.submit(record, by=lead)
    actions.withdraw(record, by=lead)
    assert moved(record, following, lead).copy.is_open


@pytest.mark.parametrize("kind", ["draft", "retired", "another framework", "its own"])
def test_a_round_moves_to_a_published_version_of_its_own_framework_alone(record, lead, kind):
    targets = {
        "draft": lambda: store(make_framework(version="2025.1"), publish=False),
        "retired": lambda: store(make_framework(version="2025.1")),
        "another framework": lambda: store(make_framework(code="other-city")),
        "its own": lambda: record.framework,
    }
    target = targets[kind]()
    if kind == "retired":
        actions.retire(target)
    with pytest.raises(actions.Refused):
        moved(record, target, lead)
    assert state_of(record) == "open" and Assessment.objects.count() == 1


def test_a_round_of_that_name_on_that_version_stands_in_the_way(record, following, lead):
    make_round(record.city, following)
    with pytest.raises(actions.Refused, match="2026"):
        moved(record, following, lead)


def test_it_does_not_move_back_to_where_it_came_from(record, following, lead):
    copy = moved(record, following, lead).copy
    with pytest.raises(actions.Refused, match="2026"):
        moved(copy, record.framework, lead)


def test_what_was_saved_after_the_preview_is_looked_at_first(record, following, lead):
    shown = actions.preview_migration(record, following).digest
    put(record, "T1.2", lead, level=4)
    with pytest.raises(actions.Overtaken):
        moved(record, following, lead, shown=shown)
    assert moved(record, following, lead, shown=actions.preview_migration(record, following).digest).copy.is_open


# And back


def test_undoing_brings_the_round_back_as_it_was(record, following, lead):
    before = exported(record)
    migration = moved(record, following, lead)
    assert exported(record) == before
    put(migration.copy, "T1.1", lead, level=0)
    actions.undo_migration(migration, by=lead)
    assert (exported(record), state_of(record), state_of(migration.copy)) == (before, "open", "undone")
    migration.refresh_from_db()
    assert migration.undone_by == lead and migration.undone_at
    put(record, "T1.1", lead, level=5)
    assert record.responses.get(criterion__code="T1.1").level == 5


def test_what_was_typed_since_is_told_and_stays_in_the_copy(record, following, lead, contributor):
    migration = moved(record, following, lead)
    assert actions.changed_since(migration) == []
    put(migration.copy, "P1.B3", contributor, level=4)
    actions.confirm(migration.copy, ["T1.2"], by=lead)
    told = [(version.criterion.code, version.by, version.cause) for version in actions.changed_since(migration)]
    assert told == [("P1.B3", contributor, "saved"), ("T1.2", lead, "confirmed")]
    actions.undo_migration(migration, by=lead)
    assert migration.copy.responses.get(criterion__code="P1.B3").level == 4
    with pytest.raises(actions.WrongState):
        put(migration.copy, "P1.B3", contributor, level=1)


def test_what_was_saved_while_the_person_read_is_looked_at_first(record, following, lead):
    migration = moved(record, following, lead)
    put(migration.copy, "P1.B3", lead, level=4)
    with pytest.raises(actions.Overtaken):
        actions.undo_migration(migration, by=lead, shown=0)
    actions.undo_migration(migration, by=lead, shown=1)


def test_a_copy_that_was_submitted_once_stays(record, following, lead):
    migration = moved(record, following, lead)
    put(migration.copy, "P1.B3", lead, level=1)
    actions.confirm(migration.copy, ["T1.2", "P1.A3"], by=lead)
    actions.submit(migration.copy, by=lead)
    for _time in range(2):
        with pytest.raises(actions.WrongState):
            actions.undo_migration(migration, by=lead)
        if state_of(migration.copy) == "submitted":
            actions.withdraw(migration.copy, by=lead)


def test_a_copy_that_moved_on_itself_comes_back_first(record, following, lead):
    first = moved(record, following, lead)
    second = moved(first.copy, store_next("2026.1"), lead)
    with pytest.raises(actions.WrongState):
        actions.undo_migration(first, by=lead)
    for migration in (second, first):
        actions.undo_migration(migration, by=lead)
    assert state_of(record) == "open"


def test_it_is_undone_once(record, following, lead):
    migration = moved(record, following, lead)
    actions.undo_migration(migration, by=lead)
    with pytest.raises(actions.WrongState):
        actions.undo_migration(migration, by=lead)


def test_after_that_it_can_move_again(record, following, lead):
    actions.undo_migration(moved(record, following, lead), by=lead)
    put(record, "T1.2", lead, level=5)
    again = moved(record, following, lead)
    assert again.copy.responses.get(criterion__code="T1.2").level == 5
    assert sorted(Assessment.objects.values_list("state", flat=True)) == ["moved", "open", "undone"]
    actions.undo_migration(again, by=lead)
    assert state_of(record) == "open"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])  # a framework an example
@given(some_migrations())
def test_whatever_the_author_did_nothing_is_lost_and_undoing_restores_every_byte(city, lead, migration):
    number = next(NUMBERS)
    old, new = (store(replace(version, code=f"random-{number}")) for version in migration[:2])
    record, _outcome = actions.import_assessment(replace(migration[2], framework=old.code), old, city)
    before = exported(record)
    move = moved(record, new, lead)
    told = {answer["criterion"] for row in move.plan for answer in row["old"]}
    assert told == set(old.outline().criteria)
    assert {answer.criterion for answer in move.copy.outline().responses} <= set(new.outline().criteria)
    assert exported(record) == before
    actions.undo_migration(move, by=lead)
    assert (exported(record), state_of(record)) == (before, "open")


# Who sees what


def test_a_copy_that_was_given_up_is_in_no_list(record, following, lead, contributor):
    migration = moved(record, following, lead)
    assign(migration.copy, contributor)
    actions.comment(migration.copy, "T1.1", "请补充", by=lead, mentions=[contributor])
    assert set(access.assessments(contributor)) == {record, migration.copy}
    assert list(access.own_rounds(contributor)) == [migration.copy]
    actions.undo_migration(migration, by=lead)
    assert list(access.assessments(contributor)) == [record]
    assert not access.own_rounds(contributor).exists() and not access.mentions(contributor).exists()
    assert Comment.objects.count() == 1
    assert access.assessment(contributor, migration.copy.pk) == migration.copy


def seen(user, *records):
    return [Assessment.objects.visible_to(user).filter(pk=record.pk).exists() for record in records]


def test_what_was_a_draft_stays_with_the_leads(city, framework, following, lead, contributor, admin):
    draft = actions.create_round(Assessment(city=city, framework=framework, round="2027"), by=lead)
    migration = moved(draft, following, lead)
    for undo in (False, True):
        if undo:
            actions.undo_migration(migration, by=lead)
        assert seen(lead, draft, migration.copy) == seen(admin, draft, migration.copy) == [True, True]
        assert seen(contributor, draft, migration.copy) == [False, False]


# Cost


def test_moving_three_hundred_criteria_asks_the_database_no_more_than_ten(city, lead, contributor):
    def queries(count):
        old, new = (store(framework_of(count, code=f"of-{count}", version=v)) for v in ("2024.1", "2025.1"))
        answers = {code: {"level": 2, "evidence": (PIECE,)} for code in old.outline().criteria}
        record = make_round(city, old, answers, round=f"of {count}")
        assign(record, contributor)
        new.outline()
        with CaptureQueriesContext(connection) as counted:
            migration = moved(record, new, lead)
            actions.undo_migration(migration, by=lead)
        return len(counted)

    assert queries(300) == queries(10) <= 60
