"""No accepted value ever vanishes: random interleavings of two people's saves, and the past at any moment."""

from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assessment import actions, merging
from assessment.models import Assessment, City, User, Version
from assessment.models.response import spelled
from assessment.outline import Evidence, Response
from assessment.reports import history
from assessment.reports.history import Proof, brought, edited, last_values, steps
from tests.factories import NA
from tests.records import make_round, make_user, some_framework, store

pytestmark = pytest.mark.database
CODES = ["T1.1", "T1.2"]
NOON = timezone.make_aware(timezone.datetime(2026, 11, 1, 12))


def level_or_not(choice):
    return {"level": choice} if isinstance(choice, int) else choice or {"level": None}


TEXTS = st.text(st.sampled_from("甲乙丙丁 \n"), max_size=6)
PIECES = st.lists(st.sampled_from([Evidence("通知"), Evidence("台账", reference="1号")]), unique=True).map(tuple)
ANSWERS = st.builds(
    lambda choice, target, rationale, evidence: {
        "target": target,
        "rationale": rationale,
        "evidence": evidence,
        **level_or_not(choice),
    },
    st.one_of(st.none(), st.integers(0, 5), st.just(NA)),
    st.one_of(st.none(), st.integers(0, 5)),
    TEXTS,
    PIECES,
)
# Who, on which criterion, with what; and whether they look at the page anew before they write.
SAVES = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(CODES), ANSWERS, st.booleans()), max_size=12)


class TestInterleavedSaves(TestCase):
    """Two people with a page each save in any order, with whatever version they last saw."""

    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(SAVES)
    def test_every_accepted_value_is_kept_for_ever(self, saves):
        framework = store(some_framework())
        record = make_round(City.objects.create(code="330100", name="杭州市"), framework)
        people = [make_user("first", "甲"), make_user("second", "乙")]
        seen = {(who, code): 0 for who in (0, 1) for code in CODES}
        pages = {(who, code): Response(code) for who in (0, 1) for code in CODES}
        accepted, then = [], []
        for hour, (who, code, answer, looks) in enumerate(saves):
            moment = NOON + timedelta(hours=hour)
            key = (who, code)
            if looks:
                row = actions.row_of(record, code)
                seen[key], pages[key] = row.version, row.outline()
            wanted = replace(Response(code), **answer)
            with patch("django.utils.timezone.now", return_value=moment):
                done = actions.answer(record, wanted, by=people[who], seen=seen[key])
            accepted += _accepted(pages[key], wanted, done, code)
            seen[key], pages[key] = done.response.version, done.response.outline()
            then.append((moment, _stored(record)))
        self.check_history(record, accepted)
        self.check_past(record, then)

    def check_history(self, record, accepted):
        for code in CODES:
            versions = list(record.versions.filter(criterion__code=code).select_related("criterion"))
            assert [version.number for version in versions] == list(range(1, len(versions) + 1))
            row = actions.row_of(record, code)
            assert row.version == len(versions)
            if versions:
                assert merging.same(versions[-1].outline(), row.outline())
            kept = [version.outline() for version in versions]
            for _code, names, value in [item for item in accepted if item[0] == code]:
                assert any(_holds(old, names, value) for old in kept), (names, value)

    def check_past(self, record, then):
        assert _as_of(record, NOON - timedelta(seconds=1)) == {}
        for moment, stored in then:
            for late in (timedelta(0), timedelta(minutes=59)):
                assert _as_of(record, moment + late) == stored


def _value(answer, names):
    return tuple(merging.plain(v) if isinstance(v := getattr(answer, name), str) else v for name in names)


def _holds(answer, names, value):
    return value in answer.evidence if names == ("evidence",) else _value(answer, names) == value


def _accepted(page, wanted, done, code):
    """What the person changed and was not told to be in conflict; a cleared field is a value too."""
    pieces = [(code, ("evidence",), piece) for piece in wanted.evidence if piece not in page.evidence]
    return pieces + [
        (code, names, _value(wanted, names))
        for field, names in merging.FIELDS.items()
        if field not in done.conflicts and _value(page, names) != _value(wanted, names)
    ]


def _stored(record):
    return {row.criterion.code: row.outline() for row in record.responses.select_related("criterion") if row.version}


def _as_of(record, moment):
    return {v.criterion.code: v.outline() for v in record.versions.as_of(moment).select_related("criterion")}


def test_level_0_is_kept_as_such():
    assert version(1, Response("T1.1", level=0, target=0)).outline() == Response("T1.1", level=0, target=0)


# What a version changed


def version(number, answer, cause="saved", reason="", **more):
    criterion = type("Criterion", (), {"code": answer.criterion})
    made = Version(number=number, answer=spelled(answer, verified_reason=reason), cause=cause, **more)
    made._state.fields_cache["criterion"] = criterion
    return made


FIRST = Response("T1.1", level=2, rationale="按季度通报一次", evidence=(Evidence("通知"),))
SECOND = replace(FIRST, level=3, rationale="按月通报一次", evidence=(Evidence("台账"),))


def test_each_version_tells_what_it_changed_against_the_one_before():
    first, second = steps([version(1, FIRST), version(2, SECOND)], "T1.1")
    assert [change.field for change in first.changes] == ["choice", "rationale", "evidence"]
    assert [change.field for change in second.changes] == ["choice", "rationale", "evidence"]
    choice, rationale, evidence = second.changes
    assert (choice.before.level, choice.after.level) == (2, 3)
    assert (rationale.edit.removed, rationale.edit.added) == ("季度", "月")
    assert (evidence.removed, evidence.added) == ((Evidence("通知"),), (Evidence("台账"),))


def test_a_confirmation_changes_nothing_but_is_a_version():
    assert steps([version(1, FIRST), version(2, FIRST, "confirmed")], "T1.1")[1].changes == ()


def test_a_verified_level_and_its_reason_are_told_and_not_had_back():
    verified = replace(FIRST, verified_level=1)
    made = steps([version(1, FIRST), version(2, verified, reason="无据"), version(3, verified, reason="查无")], "T1.1")
    assert [[change.field for change in step.changes] for step in made[1:]] == [["verified"], ["verified"]]
    assert made[1].restorable == ()


def test_the_last_value_of_each_field_is_by_whom_gave_it():
    made = steps([version(1, FIRST), version(2, replace(FIRST, level=3)), version(3, SECOND)], "T1.1")
    last = last_values(made)
    numbers = {field: step.version.number if step else None for field, step in last.items()}
    assert numbers == {"choice": 2, "target": None, "rationale": 3, "evidence": 3, "verified": None}


def test_a_long_text_shows_what_changed_with_a_little_around_it():
    edit = edited("甲" * 500 + "旧" + "乙" * 500, "甲" * 500 + "新" + "乙" * 500)
    assert (edit.removed, edit.added) == ("旧", "新")
    assert edit.head == "…" + "甲" * 40
    assert edit.tail == "乙" * 40 + "…"


@given(TEXTS, TEXTS)
def test_an_edit_leads_from_one_text_to_the_other(before, after):
    edit = edited(before, after)
    if edit:
        assert edit.head + edit.removed + edit.tail == before
        assert edit.head + edit.added + edit.tail == after
    else:
        assert not before or not after or (before[0] != after[0] and before[-1] != after[-1])


def test_who_brought_a_piece_is_who_added_it_last_and_not_who_saved_last():
    notice, ledger = {"title": "通知", "as_of": "2026-01-01"}, {"title": "台账"}
    proofs = [
        Proof("T1.1", "甲", NOON, [notice]),
        Proof("T1.1", "乙", NOON, [notice, ledger]),
        Proof("T1.1", "丙", NOON, None),
        Proof("T1.1", "丁", NOON, [ledger]),
        Proof("T1.2", "戊", NOON, [notice]),
    ]
    found = brought(proofs)
    assert {key: proof.by for key, proof in found.items()} == {
        ("T1.1", ("台账", "", "", "")): "丁",
        ("T1.2", ("通知", "", "", "2026-01-01")): "戊",
    }
    assert history.piece(Evidence("通知", as_of=date(2026, 1, 1))) == ("通知", "", "", "2026-01-01")


@pytest.mark.django_db
def test_the_past_of_one_round_is_not_that_of_another(city, framework):
    one, other = (make_round(city, framework, {"T1.1": level}, round=str(level)) for level in (1, 2))
    assert _as_of(one, timezone.now())["T1.1"].level == 1
    assert _as_of(other, timezone.now())["T1.1"].level == 2
    assert Assessment.objects.count() == 2
    assert User.objects.count() == 0
