"""Verbs over several records: what they do, and that they do nothing when they refuse."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from assessment import actions
from assessment.models import City, Event, Framework, Response
from assessment.outline import Evidence as EvidenceOutline
from assessment.outline import spell
from tests.factories import NA, make_assessment, make_framework, text
from tests.records import approved, framework_of, make_round, some_framework, store

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
    assert spell(record.outline()) == spell(make_assessment({"T1.1": 5}, target=""))


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
    approved(record)
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


def test_what_an_import_replaces_stays_in_the_answers_history(city, framework, lead):
    record = make_round(city, framework, {"T1.1": {"level": 1, "rationale": "旧"}, "T1.2": 3, "T1.3": 4})
    wanted = make_assessment({"T1.1": {"level": 2, "rationale": "新"}, "T1.2": 3, "P1.A1": 0})
    actions.import_assessment(wanted, framework, city, by=lead)
    histories = {
        code: [(v.number, v.outline().level, v.by) for v in record.versions.filter(criterion__code=code)]
        for code in ("T1.1", "T1.2", "T1.3", "P1.A1")
    }
    assert histories == {
        "T1.1": [(1, 1, None), (2, 2, lead)],
        "T1.2": [(1, 3, None)],  # unchanged
        "T1.3": [(1, 4, None), (2, None, lead)],  # no longer in the file
        "P1.A1": [(1, 0, lead)],
    }
    assert record.versions.get(criterion__code="T1.1", number=1).outline().rationale == "旧"
    assert set(record.versions.values_list("cause", flat=True)) == {"imported"}


def test_the_same_import_twice_changes_nothing(city, framework):
    record = make_round(city, framework, ALL)
    make_round(city, framework, ALL)
    assert list(record.versions.values_list("number", flat=True)) == [1] * len(ALL)
    assert [event.details for event in Event.objects.filter(verb="imported")] == [{"answers": "0"}, {"answers": "7"}]


def test_an_import_is_refused_once_the_round_is_submitted(city, framework, lead, reviewer):
    record = make_round(city, framework, ALL)
    for step, by in ((actions.submit, lead), (actions.begin_review, reviewer)):
        step(record, by=by)
        with pytest.raises(actions.WrongState):
            actions.import_assessment(make_assessment({}), framework, city)
    assert record.responses.count() == len(ALL)


def queries_of(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


@pytest.mark.parametrize("level", [2, 3])
def test_an_import_takes_as_many_queries_for_7_answers_as_for_60(city, level):
    counts = []
    for number in (7, 60):
        framework = store(framework_of(number, version=f"2024.{number}"))
        evidence = (EvidenceOutline("办法"), EvidenceOutline("台账"))
        answers = {code: {"level": 2, "evidence": evidence} for code in framework.outline().criteria}
        make_round(city, framework, answers, round="known")
        changed = {code: given | {"level": level, "rationale": "改"} for code, given in answers.items()}
        for name in ("new", "known"):
            counts.append((name, queries_of(partial(make_round, city, framework, changed, round=name))))
    assert counts[:2] == counts[2:]


# Publishing, for the log


def test_publishing_and_retiring_are_logged(framework, admin):
    draft = store(some_framework(version="2025.1"), publish=False)
    actions.publish(draft, by=admin)
    actions.retire(draft, by=admin)
    events = Event.objects.filter(target="small-city 2025.1").order_by("pk")
    assert [(event.verb, event.by) for event in events] == [("published", admin), ("retired", admin)]
    assert Event.objects.get(target="small-city 2024.1").who == "服务器上的命令"
