"""Verbs over several records: what they do, and that they do nothing when they refuse."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError

from assessment import actions
from assessment.models import City, Evidence, Framework, Response
from assessment.outline import Evidence as EvidenceOutline
from assessment.outline import Response as ResponseOutline
from tests.factories import NA, make_assessment, make_framework, text
from tests.records import framework_of, make_round, some_framework, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ALL = dict.fromkeys(["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"], 2)


def changed(framework):
    return replace(framework, name=text("改了"))


# Loading a framework


def test_a_new_version_is_created_as_a_draft():
    assert actions.load_framework(some_framework()) == "created"
    assert Framework.objects.get().is_draft


def test_the_same_draft_is_unchanged_and_another_is_updated():
    store(some_framework(), publish=False)
    assert actions.load_framework(some_framework()) == "unchanged"
    assert actions.load_framework(changed(some_framework())) == "updated"
    assert Framework.objects.get().outline() == changed(some_framework())


def test_an_update_keeps_the_frameworks_row_and_nothing_of_its_old_parts():
    record = store(some_framework(), publish=False)
    wanted = framework_of(2)
    actions.load_framework(wanted)
    assert Framework.objects.get(pk=record.pk).outline() == wanted


def test_publishing_on_loading_is_for_good():
    assert actions.load_framework(some_framework(), should_publish=True) == "created"
    record = Framework.objects.get()
    assert (record.state, record.published_at is None) == ("published", False)
    assert actions.load_framework(some_framework(), should_publish=True) == "unchanged"
    with pytest.raises(actions.Refused):
        actions.load_framework(changed(some_framework()))
    assert record.outline() == some_framework()


def test_a_draft_is_published_as_it_stands():
    store(some_framework(), publish=False)
    assert actions.load_framework(some_framework(), should_publish=True) == "updated"
    assert not Framework.objects.get().is_draft


def test_a_retired_version_is_unchanged_or_refused_as_a_published_one_is(framework):
    Framework.objects.update(state=Framework.State.RETIRED)
    assert actions.load_framework(some_framework(), should_publish=True) == "unchanged"
    with pytest.raises(actions.Refused):
        actions.load_framework(changed(some_framework()))
    assert Framework.objects.get().state == Framework.State.RETIRED


def test_a_draft_that_a_round_uses_is_refused_and_stays(city):
    make_round(city, store(some_framework(), publish=False), ALL)
    with pytest.raises(actions.Refused):
        actions.load_framework(changed(some_framework()))
    assert Framework.objects.get().outline() == some_framework()
    assert Response.objects.count() == len(ALL)


def test_two_versions_stand_side_by_side(framework):
    assert actions.load_framework(some_framework(version="2025.1")) == "created"
    assert Framework.objects.count() == 2


def test_a_copy_is_a_draft_of_the_same_content_under_a_version_of_its_own(framework):
    first, second = actions.copy_as_draft(framework), actions.copy_as_draft(framework)
    assert first.is_draft and second.is_draft
    assert len({framework.version, first.version, second.version}) == 3
    assert replace(first.outline(), version=framework.version) == framework.outline()


def test_a_retired_framework_keeps_its_rounds_and_its_content(city, framework):
    record, before = make_round(city, framework, ALL), framework.outline()
    actions.retire(framework)
    assert Framework.objects.get().state == Framework.State.RETIRED
    assert (framework.outline(), len(record.outline().responses)) == (before, len(ALL))


# Importing a round


def test_a_round_is_created_and_comes_back_as_it_was(city, framework):
    evidence = (EvidenceOutline("办法", "https://example.org/", "1号", date(2026, 1, 2)), EvidenceOutline("台账"))
    wanted = make_assessment(
        {
            "T1.1": {"level": 2, "target": 3, "rationale": "有", "evidence": evidence},
            "T1.2": NA | {"verified_level": 1},
        },
        title="第一轮",
        as_of=date(2026, 9, 30),
    )
    record, outcome = actions.import_assessment(wanted, framework, city)
    assert (outcome, record.outline()) == ("created", wanted)


def test_a_round_is_replaced_whole(city, framework):
    first = make_round(city, framework, ALL, title="旧")
    record, outcome = actions.import_assessment(make_assessment({"T1.1": 5}, target=""), framework, city)
    assert (outcome, record.pk) == ("updated", first.pk)
    assert record.outline() == make_assessment({"T1.1": 5}, target="")


def test_rounds_of_other_names_versions_and_cities_are_left_alone(city, framework):
    later = store(make_framework(version="2025.1"))
    nanjing = City.objects.create(code="320100", name="南京市")
    others = (
        make_round(city, framework, ALL, round="2025"),
        make_round(city, later, ALL),
        make_round(nanjing, framework, ALL),
    )
    _record, outcome = actions.import_assessment(make_assessment({"T1.1": 5}), framework, city)
    assert outcome == "created"
    assert [len(other.outline().responses) for other in others] == [7, 7, 7]


def test_a_final_round_is_refused_and_stays(city, framework):
    record = make_round(city, framework, ALL)
    actions.approve(record)
    with pytest.raises(actions.Refused):
        actions.import_assessment(make_assessment({}), framework, city)
    assert Response.objects.count() == len(ALL)


def test_an_import_that_fails_halfway_leaves_the_round_as_it_was(city, framework):
    record = make_round(city, framework, ALL, title="旧")
    wrong = make_assessment({"T1.1": {"level": 2, "not_applicable": "也不适用"}}, title="新")
    with pytest.raises(IntegrityError):
        actions.import_assessment(wrong, framework, city)
    record.refresh_from_db()
    assert (record.title, record.responses.count()) == ("旧", len(ALL))


# Answering

BLANK = ResponseOutline("T1.1").fingerprint


def test_an_answer_is_saved_whole_with_who_gave_it(assessment, lead):
    evidence = (EvidenceOutline("办法"), EvidenceOutline("台账"))
    wanted = ResponseOutline("T1.1", level=2, target=4, rationale="有", evidence=evidence)
    response = actions.answer(assessment, wanted, by=lead, seen=BLANK)
    assert (response.outline(), response.saved_by) == (wanted, lead)


def test_an_answer_replaces_the_last_one_and_keeps_the_reviewers_level(assessment, lead, contributor):
    first = ResponseOutline("T1.1", level=2, evidence=(EvidenceOutline("办法"),))
    actions.answer(assessment, first, by=lead, seen=BLANK)
    Response.objects.update(verified_level=1)
    second = ResponseOutline("T1.1", not_applicable="本市无此事项")
    actions.answer(assessment, second, by=contributor, seen=first.fingerprint)
    response = Response.objects.get()
    assert response.outline() == ResponseOutline("T1.1", not_applicable="本市无此事项", verified_level=1)
    assert response.saved_by == contributor
    assert not Evidence.objects.exists()


def test_a_final_round_takes_no_answers(city, framework, lead):
    record = make_round(city, framework, ALL)
    actions.approve(record)
    with pytest.raises(actions.Refused):
        actions.answer(record, ResponseOutline("T1.1", level=5), by=lead, seen=BLANK)
    assert not record.responses.filter(level=5).exists()


def test_an_answer_that_fails_leaves_the_last_one(assessment, lead):
    kept = ResponseOutline("T1.1", level=2, evidence=(EvidenceOutline("办法"),))
    actions.answer(assessment, kept, by=lead, seen=BLANK)
    both = ResponseOutline("T1.1", level=2, not_applicable="也不适用")
    with pytest.raises(IntegrityError):
        actions.answer(assessment, both, by=lead, seen=kept.fingerprint)
    assert Response.objects.get().outline() == kept


# Declaring final


def test_a_round_with_a_blank_is_not_final(city, framework):
    for blank in ({}, {"verified_level": 3}, {"rationale": "说明"}):
        record = make_round(city, framework, ALL | {"P1.B2": blank})
        with pytest.raises(actions.Refused):
            actions.approve(record)
        record.refresh_from_db()
        assert record.is_open


def test_a_round_without_a_single_answer_is_not_final(assessment):
    with pytest.raises(actions.Refused):
        actions.approve(assessment)


def test_a_round_is_final_when_all_is_answered_or_set_aside_and_can_be_opened_again(city, framework):
    record = make_round(city, framework, ALL | {"T1.1": 0, "P1.B2": NA})
    actions.approve(record)
    record.refresh_from_db()
    assert not record.is_open
    actions.reopen(record)
    record.refresh_from_db()
    assert record.is_open


def test_an_answer_that_somebody_else_changed_meanwhile_is_not_overwritten(assessment, lead, contributor):
    theirs, mine = ResponseOutline("T1.1", level=2), ResponseOutline("T1.1", level=3)
    actions.answer(assessment, theirs, by=contributor, seen=BLANK)
    with pytest.raises(actions.Overtaken) as caught:
        actions.answer(assessment, mine, by=lead, seen=BLANK)
    assert (caught.value.stored, caught.value.by) == (theirs, contributor)
    assert Response.objects.get().outline() == theirs


def test_two_who_say_the_same_do_not_disturb_each_other(assessment, lead, contributor):
    same = ResponseOutline("T1.1", level=2)
    actions.answer(assessment, same, by=contributor, seen=BLANK)
    assert actions.answer(assessment, same, by=lead, seen=BLANK).outline() == same
