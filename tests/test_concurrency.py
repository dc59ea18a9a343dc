"""Many hands at once: every accepted value is in the history, numbers have no gaps, and nobody is turned away."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from sqlite3 import connect

import pytest
from django.db import connection, connections

from assessment import actions
from assessment.models import Assessment, Version
from assessment.outline import Evidence, Response
from tests.attacks import ON_SQLITE
from tests.records import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
HANDS, SAVES = 8, 6
CRITERIA = ["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"]


@pytest.fixture
def apart(tmp_path, assessment, lead):
    """Runs work in a connection of its own. SQLite's test database lies in memory: here it is a file, as in life."""
    path = tmp_path / "db.sqlite3"
    if ON_SQLITE:
        connection.ensure_connection()
        with closing(connect(path)) as copy:
            connection.connection.backup(copy)

    def working(work, *given):
        if ON_SQLITE:
            connections["default"] = connections.create_connection("default")
            connections["default"].settings_dict = connection.settings_dict | {"NAME": str(path)}
        try:
            return work(*given)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(HANDS) as pool:
        yield lambda work, *given: pool.submit(working, work, *given)


def in_turn(record, person, codes):
    """Saves as a page does that looks at what is stored after each save; what it had accepted."""
    accepted = []
    for turn in range(SAVES):
        code = codes[turn % len(codes)]
        row = record.responses.filter(criterion__code=code).select_related("criterion").first()
        seen, shown = (row.version, row.outline()) if row else (0, Response(code))
        words = f"{person.username} 第{turn}次"
        pieces = (*shown.evidence, Evidence(words))
        mine = Response(code, level=turn % 6, rationale=words, evidence=pieces)
        done = actions.answer(record, mine, by=person, seen=seen)
        assert done.response.outline().criterion == code
        accepted.append((code, words, "rationale" in done.conflicts))
    return accepted


def contest(apart, record, codes_of):
    people = apart(lambda: [make_user(f"人{number}") for number in range(HANDS)]).result()
    at_work = [apart(in_turn, record, person, codes_of(number)) for number, person in enumerate(people)]
    accepted = [given for work in at_work for given in work.result(timeout=120)]
    versions = apart(lambda: list(Version.objects.select_related("criterion").order_by("pk"))).result()
    responses = apart(lambda: dict(record.responses.values_list("criterion__code", "version"))).result()
    return accepted, versions, responses


def numbers(versions, code):
    return [version.number for version in versions if version.criterion.code == code]


@pytest.mark.parametrize(
    "codes_of",
    [lambda number: [CRITERIA[number % len(CRITERIA)]], lambda number: ["T1.1"], lambda number: CRITERIA],
    ids=["each on another", "all on the same", "all on all"],
)
def test_many_hands_lose_nothing(apart, assessment, codes_of):
    accepted, versions, responses = contest(apart, assessment, codes_of)
    assert len(accepted) == HANDS * SAVES
    for code, last in responses.items():
        assert numbers(versions, code) == list(range(1, last + 1))
    for code, words, is_in_conflict in accepted:
        mine = [version.outline() for version in versions if version.criterion.code == code]
        assert any(Evidence(words) in answer.evidence for answer in mine)
        assert is_in_conflict or any(answer.rationale == words for answer in mine)
    for code in responses:
        everything = {Evidence(words) for where, words, _conflict in accepted if where == code}
        final = [version.outline() for version in versions if version.criterion.code == code][-1]
        assert everything == set(final.evidence)


def test_a_round_is_submitted_once_and_takes_no_answer_afterwards(apart, assessment, lead):
    """While some still write, several press the button: one succeeds, and history ends there."""

    def filled(code):
        return actions.answer(assessment, Response(code, level=2), by=lead, seen=0).changed

    def submitted():
        try:
            actions.submit(assessment, by=lead)
        except actions.Refused as error:
            return type(error).__name__
        return "submitted"

    def written(number):
        try:
            seen = assessment.responses.get(criterion__code="T1.1").version
            return actions.answer(assessment, Response("T1.1", level=2, rationale=str(number)), by=lead, seen=seen)
        except actions.WrongState:
            return None

    for code in CRITERIA:
        assert apart(filled, code).result()
    work = [apart(submitted if number % 2 else written, *([] if number % 2 else [number])) for number in range(HANDS)]
    ended = [job.result(timeout=60) for job in work]
    assert sorted(how for how in ended[1::2]) == ["WrongState"] * 3 + ["submitted"]
    state, versions = apart(
        lambda: (Assessment.objects.get().state, Version.objects.filter(criterion__code="T1.1").count())
    ).result()
    assert state == "submitted"
    assert versions == 1 + sum(bool(done and done.changed) for done in ended[::2])


def test_copies_of_a_framework_that_are_made_at_once_have_a_name_each(apart, framework):
    work = [apart(actions.copy_as_draft, framework) for _number in range(HANDS)]
    assert len({job.result(timeout=60).version for job in work}) == HANDS
