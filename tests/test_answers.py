"""Answers: merged, never overwritten, kept in every version, restored, confirmed, verified."""

from functools import partial
from itertools import count

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment import actions
from assessment.merging import same
from assessment.models import Assessment, City, Event, Evidence, Response, StoredFile
from assessment.outline import Evidence as Piece
from assessment.outline import Response as Answer
from tests.factories import NA
from tests.records import approved, framework_of, make_round, make_user, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ALL = dict.fromkeys(["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"], 2)
LAW, LEDGER, PHOTO = Piece("办法", "https://example.org/", "1号"), Piece("台账"), Piece("照片")


def said(**fields):
    return Answer("T1.1", **fields)


def history(record, code="T1.1"):
    return [
        (version.number, version.outline(), version.cause) for version in record.versions.filter(criterion__code=code)
    ]


def now(record, code="T1.1"):
    return record.responses.get(criterion__code=code).outline()


@pytest.fixture
def answered(assessment, lead):
    """T1.1 in version 1."""
    base = said(level=1, target=3, rationale="有", evidence=(LAW, LEDGER))
    actions.answer(assessment, base, by=lead, seen=0)
    return base


def other(base, **fields):
    return Answer(**(vars(base) | fields))


# Saving


def test_an_answer_is_saved_whole_with_who_gave_it_and_as_its_first_version(assessment, lead):
    wanted = said(level=2, target=4, rationale="有", evidence=(LAW, LEDGER))
    done = actions.answer(assessment, wanted, by=lead, seen=0)
    response = Response.objects.get()
    assert (response.outline(), response.saved_by, response.version) == (wanted, lead, 1)
    assert (done.response, done.changed, done.conflicts, done.theirs) == (response, True, (), Answer("T1.1"))
    version = assessment.versions.get()
    assert (version.outline(), version.by, version.cause, version.at) == (wanted, lead, "saved", response.saved_at)


def test_each_save_is_a_version_more_and_all_stay(assessment, lead, contributor):
    for number, by in enumerate([lead, contributor, lead]):
        actions.answer(assessment, said(level=number), by=by, seen=number)
    assert history(assessment) == [(n + 1, said(level=n), "saved") for n in range(3)]
    assert list(assessment.versions.values_list("by", flat=True)) == [lead.pk, contributor.pk, lead.pk]


@pytest.mark.parametrize("change", [{}, {"rationale": " 有\r\n"}, {"verified_level": 5}])
def test_where_nothing_changed_nothing_is_saved(assessment, answered, contributor, change):
    done = actions.answer(assessment, other(answered, **change), by=contributor, seen=1)
    assert not done.changed
    assert [number for number, *_rest in history(assessment)] == [1]
    assert Response.objects.get().saved_by.username == "lead"


def test_a_blank_answer_to_a_blank_one_leaves_no_trace(assessment, lead):
    assert not actions.answer(assessment, said(), by=lead, seen=0).changed
    assert not Response.objects.exists() and not assessment.versions.exists()


def test_not_applicable_takes_the_place_of_the_level_and_the_evidence_can_go(assessment, answered, lead):
    actions.answer(assessment, Answer("T1.1", **NA), by=lead, seen=1)
    assert now(assessment) == Answer("T1.1", **NA)
    assert not Evidence.objects.exists()


def test_saving_keeps_the_reviewers_level(assessment, answered, lead):
    Response.objects.update(verified_level=1)
    actions.answer(assessment, other(answered, level=4, verified_level=5), by=lead, seen=1)
    assert (now(assessment).level, now(assessment).verified_level) == (4, 1)


def test_an_answer_that_fails_leaves_the_last_one_and_no_version(assessment, answered, lead):
    with pytest.raises(IntegrityError):
        actions.answer(assessment, other(answered, not_applicable="也不适用"), by=lead, seen=1)
    assert now(assessment) == answered
    assert len(history(assessment)) == 1


@pytest.mark.parametrize("state", ["submitted", "under_review", "approved"])
def test_a_round_that_is_given_away_takes_no_answers(city, framework, lead, state):
    record = make_round(city, framework, ALL)
    if state == "approved":
        approved(record)
    else:
        Assessment.objects.filter(pk=record.pk).update(state=state)
    attempts = [
        partial(actions.answer, record, said(level=5), by=lead, seen=1),
        partial(actions.confirm, record, ["T1.1"], by=lead),
        partial(actions.restore, record, "T1.1", 0, by=lead),
    ]
    for attempt in attempts:
        with pytest.raises(actions.WrongState):
            attempt()
    assert history(record) == [(1, said(level=2), "imported")]


# Two at a time


def test_what_two_changed_in_different_fields_is_put_together(assessment, answered, lead, contributor):
    actions.answer(assessment, other(answered, level=2), by=contributor, seen=1)
    done = actions.answer(assessment, other(answered, rationale="新", target=5), by=lead, seen=1)
    assert (done.conflicts, done.changed, done.by) == ((), True, contributor)
    assert now(assessment) == other(answered, level=2, rationale="新", target=5)
    assert len(history(assessment)) == 3


def test_where_both_changed_a_field_theirs_stays_and_the_rest_is_saved(assessment, answered, lead, contributor):
    theirs = other(answered, level=2)
    actions.answer(assessment, theirs, by=contributor, seen=1)
    done = actions.answer(assessment, other(answered, level=4, rationale="新"), by=lead, seen=1)
    assert (done.conflicts, done.theirs, done.by, done.changed) == (("choice",), theirs, contributor, True)
    assert now(assessment) == other(theirs, rationale="新")


def test_a_conflict_alone_saves_nothing_and_saving_knowingly_replaces(assessment, answered, lead, contributor):
    actions.answer(assessment, other(answered, level=2), by=contributor, seen=1)
    mine = other(answered, level=4)
    assert not actions.answer(assessment, mine, by=lead, seen=1).changed
    assert len(history(assessment)) == 2
    assert actions.answer(assessment, mine, by=lead, seen=2).conflicts == ()
    assert now(assessment) == mine
    assert history(assessment)[1][1] == other(answered, level=2)


def test_two_who_say_the_same_do_not_disturb_each_other(assessment, lead, contributor):
    actions.answer(assessment, said(level=2), by=contributor, seen=0)
    done = actions.answer(assessment, said(level=2), by=lead, seen=0)
    assert (done.changed, done.conflicts, done.response.saved_by) == (False, (), contributor)


def test_evidence_that_two_add_is_kept_from_both(assessment, answered, lead, contributor):
    actions.answer(assessment, other(answered, evidence=(LAW, LEDGER, PHOTO)), by=contributor, seen=1)
    actions.answer(assessment, other(answered, evidence=(LEDGER, Piece("纪要"))), by=lead, seen=1)
    assert now(assessment).evidence == (LEDGER, PHOTO, Piece("纪要"))


def test_a_first_answer_to_what_somebody_answered_meanwhile_is_merged(assessment, answered, lead):
    done = actions.answer(assessment, said(level=5, rationale="有"), by=lead, seen=0)
    assert done.conflicts == ("choice",)
    assert now(assessment) == answered


@pytest.mark.parametrize("seen", [2, 99, 10**9 - 1])
def test_a_version_that_never_was_is_refused(assessment, answered, lead, seen):
    with pytest.raises(actions.Refused):
        actions.answer(assessment, other(answered, level=5), by=lead, seen=seen)
    with pytest.raises(actions.Refused):
        actions.answer(assessment, Answer("T1.2", level=5), by=lead, seen=seen)
    assert now(assessment) == answered
    assert not assessment.responses.filter(criterion__code="T1.2").exists()


def test_each_round_and_each_criterion_counts_its_own_versions(city, framework, lead, assessment, answered):
    next_round = make_round(city, framework, round="2027")
    with pytest.raises(actions.Refused):
        actions.answer(next_round, said(level=5), by=lead, seen=1)
    actions.answer(next_round, said(level=5), by=lead, seen=0)
    actions.answer(assessment, Answer("T1.2", level=5), by=lead, seen=0)
    assert set(Response.objects.values_list("version", flat=True)) == {1}


# Whatever comes in which order

FIELDS = {
    "choice": [{"level": 1, "not_applicable": ""}, {"level": 2, "not_applicable": ""}, {"level": None, **NA}],
    "target": [{"target": 3}, {"target": None}, {"target": 5}],
    "rationale": [{"rationale": "甲"}, {"rationale": "乙"}, {"rationale": ""}],
    "evidence": [{"evidence": ()}, {"evidence": (LAW,)}, {"evidence": (LAW, LEDGER)}, {"evidence": (PHOTO, LAW)}],
}
CHANGES = st.sampled_from([(field, value) for field, values in FIELDS.items() for value in values])
# Who saves, what they changed, and whether they look at the answer afterwards.
SAVES = st.lists(st.tuples(st.integers(0, 2), CHANGES, st.booleans()), min_size=1, max_size=8)
rounds = count(3000)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])  # a round an example
@given(SAVES)
def test_no_accepted_value_ever_vanishes_from_history(people_and_place, saves):
    city, framework, people = people_and_place
    record = make_round(city, framework, round=str(next(rounds)))
    on_screen = {person: (0, said()) for person in people}
    for who, (field, change), looks in saves:
        person = people[who]
        seen, shown = on_screen[person]
        mine = other(shown, **change)
        before = history(record)
        done = actions.answer(record, mine, by=person, seen=seen)
        after = history(record)
        assert after[: len(before)] == before
        assert len(after) == len(before) + done.changed
        assert [number for number, *_rest in after] == list(range(1, len(after) + 1))
        if after:
            assert same(after[-1][1], now(record))
        if field not in done.conflicts and field != "evidence" and mine != shown:
            assert all(getattr(now(record), name) == value for name, value in change.items())
        if looks and not done.conflicts:
            on_screen[person] = (done.response.version, done.response.outline())


@pytest.fixture
def people_and_place(city, framework):
    return city, framework, [make_user(name) for name in ("甲", "乙", "丙")]


# Evidence and files


@pytest.fixture
def stored(city, lead):
    return StoredFile.objects.create(
        city=city, sha256="ab" * 32, name="办法.pdf", size=3, media_type="application/pdf", uploaded_by=lead
    )


def test_a_mark_in_the_reference_ties_a_piece_to_its_file(assessment, lead, stored):
    tied = Piece("办法", reference=stored.mark)
    actions.answer(assessment, said(level=1, evidence=(tied, LEDGER)), by=lead, seen=0)
    assert [piece.file for piece in Evidence.objects.all()] == [stored, None]
    actions.answer(assessment, said(level=2, evidence=(LEDGER, tied)), by=lead, seen=1)
    assert [piece.file for piece in Evidence.objects.all()] == [None, stored]


def test_a_mark_that_no_file_of_the_city_bears_ties_nothing(assessment, lead, stored):
    elsewhere = City.objects.create(code="440100", name="广州市")
    StoredFile.objects.update(city=elsewhere)
    pieces = (Piece("办法", reference=stored.mark), Piece("别的", reference="SHA-256:0123456789abcdef"))
    actions.answer(assessment, said(level=1, evidence=pieces), by=lead, seen=0)
    assert [piece.file for piece in Evidence.objects.all()] == [None, None]
    assert now(assessment).evidence == pieces


def test_an_import_ties_files_by_their_mark_too(city, framework, stored):
    make_round(city, framework, {"T1.1": {"level": 1, "evidence": (Piece("办法", reference=stored.mark),)}})
    assert Evidence.objects.get().file == stored


def test_a_restored_piece_is_tied_to_its_file_again(assessment, lead, stored):
    actions.answer(assessment, said(level=1, evidence=(Piece("办法", reference=stored.mark),)), by=lead, seen=0)
    actions.answer(assessment, said(level=1), by=lead, seen=1)
    actions.restore(assessment, "T1.1", 1, by=lead)
    assert Evidence.objects.get().file == stored


# Restoring


@pytest.fixture
def twice(assessment, answered, contributor):
    """T1.1 in version 2, all of it changed."""
    later = said(level=4, target=5, rationale="新", evidence=(PHOTO,))
    actions.answer(assessment, later, by=contributor, seen=1)
    return answered, later


def test_an_earlier_version_is_restored_whole_and_the_later_one_stays(assessment, twice, lead):
    first, second = twice
    row = actions.restore(assessment, "T1.1", 1, by=lead)
    assert (now(assessment), row.saved_by) == (first, lead)
    assert history(assessment) == [(1, first, "saved"), (2, second, "saved"), (3, first, "restored")]
    event = Event.objects.get(verb="restored")
    assert (event.by, event.target, event.details) == (lead, "T1.1", {"version": "1"})


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        (["rationale"], {"rationale": "有"}),
        (["level"], {"level": 1}),
        (["not_applicable"], {"level": 1}),
        (["evidence", "target"], {"evidence": (LAW, LEDGER), "target": 3}),
    ],
)
def test_single_fields_of_an_earlier_version_are_restored(assessment, twice, lead, fields, changed):
    actions.restore(assessment, "T1.1", 1, by=lead, fields=fields)
    assert now(assessment) == other(twice[1], **changed)


def test_level_and_not_applicable_are_restored_as_the_one_choice_they_are(assessment, twice, lead):
    actions.answer(assessment, other(twice[1], level=None, **NA), by=lead, seen=2)
    actions.restore(assessment, "T1.1", 2, by=lead, fields=["level"])
    assert (now(assessment).level, now(assessment).not_applicable) == (4, "")


def test_the_blank_answer_is_restored_too(assessment, twice, lead):
    actions.restore(assessment, "T1.1", 0, by=lead)
    assert now(assessment) == said()


def test_restoring_what_is_there_already_leaves_no_trace(assessment, twice, lead):
    actions.restore(assessment, "T1.1", 2, by=lead)
    assert len(history(assessment)) == 2
    assert not Event.objects.filter(verb="restored").exists()


def test_restoring_keeps_the_reviewers_level(assessment, twice, lead):
    Response.objects.update(verified_level=2)
    actions.restore(assessment, "T1.1", 1, by=lead)
    assert now(assessment).verified_level == 2


def test_a_version_that_never_was_is_not_restored(assessment, twice, lead):
    for number in (3, 99):
        with pytest.raises(actions.Refused):
            actions.restore(assessment, "T1.1", number, by=lead)
    assert now(assessment) == twice[1]


# Copied from last round, and confirmed


@pytest.fixture
def following(city, framework, lead):
    """Next year's round, begun from an approved one."""
    last = approved(make_round(city, framework, ALL | {"T1.1": {"level": 3, "rationale": "有"}, "P1.B2": NA}))
    record = Assessment(city=city, framework=framework, round="2027", previous=last)
    actions.open_round(actions.create_round(record, by=lead), by=lead)
    record.refresh_from_db()
    return record


def unconfirmed(record):
    return set(record.responses.filter(is_unconfirmed=True).values_list("criterion__code", flat=True))


def test_last_rounds_answers_are_copied_and_wait_to_be_confirmed(following):
    assert unconfirmed(following) == set(ALL)
    assert history(following) == [(1, said(level=3, rationale="有"), "carried")]
    assert following.versions.first().is_unconfirmed


def test_what_still_holds_is_confirmed_and_nothing_else(following, contributor):
    assert actions.confirm(following, ["T1.1", "P1.B2"], by=contributor) == 2
    assert unconfirmed(following) == set(ALL) - {"T1.1", "P1.B2"}
    assert [cause for *_rest, cause in history(following)] == ["carried", "confirmed"]
    assert following.responses.get(criterion__code="T1.1").saved_by == contributor
    assert actions.confirm(following, ["T1.1"], by=contributor) == 0
    assert len(history(following)) == 2


def test_saving_confirms_and_setting_a_target_does_not(following, lead):
    actions.set_targets(following, {"T1.1": 5, "T1.2": 5}, by=lead)
    assert {"T1.1", "T1.2"} <= unconfirmed(following)
    actions.answer(following, said(level=4, target=5, rationale="有"), by=lead, seen=2)
    assert "T1.1" not in unconfirmed(following)


def test_an_answer_that_was_saved_unchanged_still_waits(following, lead):
    actions.answer(following, said(level=3, rationale="有"), by=lead, seen=1)
    assert "T1.1" in unconfirmed(following)


# Reviewing


@pytest.fixture
def reviewed(city, framework, lead, reviewer):
    record = make_round(city, framework, ALL)
    actions.answer(record, said(level=3), by=lead, seen=1)
    actions.submit(record, by=lead)
    actions.begin_review(record, by=reviewer)
    return record


def test_a_reviewer_sets_a_level_with_its_reason_and_takes_it_back(reviewed, lead, reviewer):
    row = actions.verify(reviewed, "T1.1", 2, " 佐证不足 ", by=reviewer)
    assert (row.verified_level, row.verified_reason, row.verified_by) == (2, "佐证不足", reviewer)
    assert (row.level, row.saved_by) == (3, lead)
    row = actions.verify(reviewed, "T1.1", None, "", by=reviewer)
    assert (row.verified_level, row.verified_reason, row.verified_by) == (None, "", None)
    versions = list(reviewed.versions.filter(criterion__code="T1.1", cause="verified"))
    assert [(v.outline().verified_level, v.verified_reason) for v in versions] == [(2, "佐证不足"), (None, "")]
    events = Event.objects.filter(verb="verified").order_by("pk")
    assert [(event.target, event.details) for event in events] == [("T1.1", {"level": "2"}), ("T1.1", {})]


def refused_verdict(record, kind, level, reason, by):
    with pytest.raises(kind) as caught:
        actions.verify(record, "T1.1", level, reason, by=by)
    assert str(caught.value)
    assert now(record).verified_level is None
    assert not Event.objects.filter(verb="verified").exists()
    return caught


def test_nobody_verifies_an_answer_of_their_own(reviewed, lead, reviewer):
    refused_verdict(reviewed, actions.OwnAnswer, 2, "理由", lead)
    refused_verdict(reviewed, actions.OwnAnswer, None, "", lead)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_verified_level_needs_its_reason(reviewed, reviewer, reason):
    refused_verdict(reviewed, actions.ReasonMissing, 2, reason, reviewer)


@pytest.mark.parametrize("level", [6, 9])
def test_a_level_above_the_scale_is_refused(reviewed, reviewer, level):
    refused_verdict(reviewed, actions.Refused, level, "理由", reviewer)


@pytest.mark.parametrize("state", ["draft", "open", "submitted", "approved"])
def test_levels_are_verified_while_under_review_alone(reviewed, reviewer, state):
    if state == "approved":
        actions.approve(reviewed, by=reviewer)
    else:
        Assessment.objects.filter(pk=reviewed.pk).update(state=state)
    refused_verdict(reviewed, actions.WrongState, 2, "理由", reviewer)


def test_who_ever_gave_an_answer_is_its_author_and_who_judged_it_is_not(following, lead, contributor, reviewer, viewer):
    assert actions.authors(following, "T1.1") == set()
    actions.confirm(following, ["T1.1"], by=contributor)
    actions.answer(following, said(level=5), by=viewer, seen=2)
    actions.restore(following, "T1.1", 1, by=lead)
    Assessment.objects.filter(pk=following.pk).update(state="under_review")
    actions.verify(following, "T1.1", 2, "理由", by=reviewer)
    assert actions.authors(following, "T1.1") == {contributor.pk, viewer.pk, lead.pk}
    assert actions.authors(following, "T1.2") == set()


# What it costs


def queries_of(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def test_a_save_takes_as_many_queries_in_a_large_round_with_a_long_history_as_in_a_small_one(city, lead):
    counts = []
    for number in (7, 60):
        framework = store(framework_of(number, version=f"2024.{number}"))
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        for seen in range(1, number // 3):
            actions.answer(record, Answer("X1.1", level=seen % 5, rationale=str(seen)), by=lead, seen=seen)
        wanted = Answer("X1.1", level=5, evidence=(LAW, LEDGER))
        counts.append(queries_of(partial(actions.answer, record, wanted, by=lead, seen=1)))
        counts.append(queries_of(partial(actions.answer, record, Answer("X1.2", level=5), by=lead, seen=1)))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12


def test_confirming_and_setting_targets_take_as_many_queries_for_7_as_for_60(city, lead):
    counts = []
    for number in (7, 60):
        framework = store(framework_of(number, version=f"2024.{number}"))
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        codes = list(framework.outline().criteria)
        record.responses.update(is_unconfirmed=True)
        counts.append(queries_of(partial(actions.confirm, record, codes, by=lead)))
        counts.append(queries_of(partial(actions.set_targets, record, dict.fromkeys(codes, 4), by=lead)))
    assert counts[:2] == counts[2:]
