"""A workbook that comes back: three-way, all or nothing, and again without effect."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from assessment import access, actions
from assessment.actions.response import write
from assessment.models import Event, Version
from assessment.outline import Evidence, Response
from tests.records import approved, assign

pytestmark = [pytest.mark.django_db, pytest.mark.database]
A, B = Evidence("甲"), Evidence("乙")


@pytest.fixture(autouse=True)
def chinese():
    with override("zh-hans"):
        yield


def save(record, code, by, **fields):
    seen = record.responses.filter(criterion__code=code).values_list("version", flat=True).first() or 0
    return actions.answer(record, Response(code, **fields), by=by, seen=seen)


def stored(record, code):
    row = record.responses.get(criterion__code=code)
    return replace(row.outline(), verified_level=None)


def take_away(record):
    return actions.answers_with_versions(record, [criterion.code for criterion in record.asked])


def bring_back(record, filled, versions, by, picks=None):
    changes = actions.compare_pack(record, filled, versions)
    seen = {code: change.row.version for code, change in changes.items()}
    return actions.apply_pack(record, filled, versions, seen=seen, picks=picks or {}, by=by)


def kinds(record, filled, versions):
    return {code: change.kind for code, change in actions.compare_pack(record, filled, versions).items()}


# field, base, the workbook's, what is stored: the kind, and what holds without a pick
TABLE = [
    ({}, {}, {}, "unchanged", {}),
    ({}, {"level": 1}, {}, "new", {"level": 1}),
    ({"level": 1}, {"level": 1}, {"level": 2}, "unchanged", {"level": 2}),
    ({"level": 1}, {"level": 2}, {"level": 1}, "changed", {"level": 2}),
    ({"level": 1}, {"level": 2}, {"level": 2}, "unchanged", {"level": 2}),
    ({"level": 1}, {"level": 2}, {"level": 3}, "conflicting", {"level": 3}),
    ({"level": 1}, {}, {"level": 1}, "changed", {}),
    ({"level": 1}, {}, {"level": 2}, "conflicting", {"level": 2}),
    ({"level": 1}, {"not_applicable": "无"}, {"level": 2}, "conflicting", {"level": 2}),
    ({"level": 1}, {"level": 2}, {"level": 1, "rationale": "有"}, "changed", {"level": 2, "rationale": "有"}),
    ({"rationale": "甲"}, {"rationale": "乙"}, {"rationale": "丙"}, "conflicting", {"rationale": "丙"}),
    ({"target": 3}, {"target": 4}, {"target": 5}, "conflicting", {"target": 5}),
    ({"level": 1}, {"level": 1, "evidence": (A,)}, {"level": 1, "evidence": (B,)}, "changed", {"level": 1, "evidence": (B, A)}),
    ({"level": 1, "evidence": (A,)}, {"level": 1}, {"level": 1, "evidence": (A, B)}, "changed", {"level": 1, "evidence": (B,)}),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(TABLE)))
def test_what_changed_on_which_side_decides(assessment, lead, number):
    base, mine, theirs, kind, holds = TABLE[number]
    save(assessment, "T1.1", lead, **base)
    _answers, versions = take_away(assessment)
    save(assessment, "T1.1", lead, **theirs)
    (change,) = actions.compare_pack(assessment, {"T1.1": Response("T1.1", **mine)}, versions).values()
    assert change.kind == kind
    assert change.merged == Response("T1.1", **holds)


@pytest.mark.parametrize(("pick", "level"), [("mine", 2), ("theirs", 3)])
def test_in_a_conflict_the_person_decides(assessment, lead, contributor, pick, level):
    save(assessment, "T1.1", lead, level=1, rationale="甲")
    _answers, versions = take_away(assessment)
    save(assessment, "T1.1", lead, level=3, rationale="甲")
    filled = {"T1.1": Response("T1.1", level=2, rationale="乙")}
    with pytest.raises(actions.PickMissing, match=r"T1\.1"):
        bring_back(assessment, filled, versions, lead)
    bring_back(assessment, filled, versions, lead, {"T1.1": {"choice": pick}})
    assert stored(assessment, "T1.1") == Response("T1.1", level=level, rationale="乙")


def test_applying_writes_versions_and_one_event(assessment, lead, contributor):
    assign(assessment, contributor)
    save(assessment, "T1.2", lead, level=1)
    answers, versions = take_away(assessment)
    answers |= {"T1.1": Response("T1.1", level=3), "T1.2": Response("T1.2", level=2, evidence=(A,))}
    counts = bring_back(assessment, answers, versions, contributor)
    assert counts == {"new": 1, "changed": 1, "conflicting": 0}
    assert (stored(assessment, "T1.1").level, stored(assessment, "T1.2").evidence) == (3, (A,))
    made = assessment.versions.filter(cause=Version.Cause.PACK)
    assert sorted(made.values_list("criterion__code", "by")) == [("T1.1", contributor.pk), ("T1.2", contributor.pk)]
    event = Event.objects.get(verb=Event.Verb.IMPORTED, by=contributor)
    assert (event.details["new"], event.details["changed"]) == ("1", "1")


def test_the_same_workbook_again_does_nothing(assessment, lead):
    save(assessment, "T1.2", lead, level=1)
    answers, versions = take_away(assessment)
    save(assessment, "T1.2", lead, level=4)
    answers |= {"T1.1": Response("T1.1", level=3, evidence=(A, B)), "T1.2": Response("T1.2", level=2)}
    picks = {"T1.2": {"choice": "mine"}}
    bring_back(assessment, answers, versions, lead, picks)
    before = assessment.versions.count(), Event.objects.count()
    assert set(kinds(assessment, answers, versions).values()) == {"unchanged"}
    assert sum(bring_back(assessment, answers, versions, lead, picks).values()) == 0
    assert (assessment.versions.count(), Event.objects.count()) == before


def test_what_was_saved_after_the_preview_stops_it(assessment, lead):
    answers, versions = take_away(assessment)
    answers["T1.1"] = Response("T1.1", level=3)
    save(assessment, "T1.1", lead, level=1)
    seen = dict.fromkeys(answers, 0)
    with pytest.raises(actions.Overtaken):
        actions.apply_pack(assessment, answers, versions, seen=seen, picks={}, by=lead)
    assert stored(assessment, "T1.1").level == 1


def test_what_fails_half_way_leaves_nothing(assessment, lead, monkeypatch):
    answers, versions = take_away(assessment)
    answers |= {code: Response(code, level=3, evidence=(A,)) for code in answers}

    def fail(*given, **more):
        raise RuntimeError

    monkeypatch.setattr(Event.objects, "record", fail)
    with pytest.raises(RuntimeError):
        bring_back(assessment, answers, versions, lead)
    assert not assessment.responses.exists() and not assessment.versions.exists()


def test_one_answer_that_is_not_theirs_stops_all(assessment, contributor):
    assign(assessment, contributor, "T1")
    answers, versions = take_away(assessment)
    answers |= {"T1.1": Response("T1.1", level=3), "P1.A1": Response("P1.A1", level=3)}
    with pytest.raises(actions.Refused, match=r"P1\.A1 目前不由您填写"):
        bring_back(assessment, answers, versions, contributor)
    assert not assessment.responses.exists()


def test_what_is_unchanged_is_not_refused(assessment, contributor):
    assign(assessment, contributor, "T1")
    answers, versions = take_away(assessment)
    answers["T1.1"] = Response("T1.1", level=3)
    assert bring_back(assessment, answers, versions, contributor)["new"] == 1


def test_a_part_that_was_handed_in_is_closed(assessment, contributor):
    assign(assessment, contributor)
    assessment.assignments.update(state="handed_in")
    answers, versions = take_away(assessment)
    answers["T1.1"] = Response("T1.1", level=3)
    with pytest.raises(actions.Refused, match=r"T1\.1"):
        bring_back(assessment, answers, versions, contributor)


def test_a_round_that_is_not_open_takes_nothing(assessment, lead):
    answers, versions = take_away(assessment)
    answers["T1.1"] = Response("T1.1", level=3)
    with pytest.raises(actions.Refused, match="“定稿”"):
        bring_back(approved(assessment), answers, versions, lead)


def test_a_version_that_never_was_is_refused(assessment, lead):
    answers, versions = take_away(assessment)
    with pytest.raises(actions.Refused, match="已不存在"):
        actions.compare_pack(assessment, answers, versions | {"T1.1": 5})


def test_what_a_reviewer_verified_stays(assessment, lead, reviewer):
    save(assessment, "T1.1", lead, level=3)
    row = assessment.responses.get(criterion__code="T1.1")
    write(assessment, [(row, replace(row.outline(), verified_level=2))], by=reviewer, cause=Version.Cause.VERIFIED)
    _answers, versions = take_away(assessment)
    bring_back(assessment, {"T1.1": Response("T1.1", level=4)}, versions, lead)
    assert assessment.responses.get(criterion__code="T1.1").verified_level == 2


def test_the_number_of_queries_does_not_grow(assessment, lead, django_assert_max_num_queries):
    for code in ("T1.1", "T1.2"):
        save(assessment, code, lead, level=1)
    answers, versions = take_away(assessment)
    for code in ("T1.1", "T1.2", "P1.A1"):
        save(assessment, code, lead, level=2)
    answers = {code: Response(code, level=3) for code in answers}
    picks = {code: {"choice": "mine"} for code in answers}
    with django_assert_max_num_queries(24):
        bring_back(assessment, answers, versions, lead, picks)


class TestShares:
    def test_a_lead_takes_every_part_and_the_whole(self, assessment, lead, contributor):
        department = assessment.city.departments.create(name="市数据局")
        assign(assessment, contributor, "P1")
        assessment.assignments.create(dimension=assessment.framework.dimensions.get(code="T1"), department=department)
        criterion = assessment.framework.criteria.get(code="T1.3")
        assessment.assignments.create(criterion=criterion, user=contributor)
        shares = actions.shares(assessment, access.seat_in(lead, assessment.city))
        assert [(share.key, len(share.codes)) for share in shares] == [
            ("all", 7),
            (f"user-{contributor.pk}", 5),
            (f"department-{department.pk}", 2),
        ]

    def test_a_contributor_takes_their_own(self, assessment, contributor):
        assign(assessment, contributor, "P1")
        shares = actions.shares(assessment, access.seat_in(contributor, assessment.city))
        assert [share.codes for share in shares] == [("P1.A1", "P1.A2", "P1.B1", "P1.B2")]
