import json

import pytest

from tests.commands.running import run, run_alone
from tests.exchange.samples import ANSWERS, FRAMEWORK, spoilt, write
from tests.factories import EXAMPLE_THREE, EXAMPLE_TWO
from tests.records import make_round

database = pytest.mark.database
pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path):
    framework, answers = write(tmp_path, FRAMEWORK, "framework.yaml"), write(tmp_path, ANSWERS, "answers.yaml")
    return ["--framework", framework, "--answers", answers]


@database
def test_a_rounds_score_document_is_printed_as_json(city, framework):
    done = run("score", make_round(city, framework, EXAMPLE_TWO).pk)
    document = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert document["overall"]["score"] == pytest.approx(39.847, abs=1e-3)
    assert (document["framework"], document["version"], document["basis"]) == ("small-city", "2024.1", "effective")


@database
def test_the_basis_can_be_the_self_assessment(city, framework):
    pk = make_round(city, framework, EXAMPLE_THREE).pk
    scores = [json.loads(run("score", pk, "--basis", basis).out)["overall"]["score"] for basis in ("self", "effective")]
    assert scores == pytest.approx([35, 30])
    assert json.loads(run("score", pk).out)["basis"] == "effective"


@database
def test_files_and_database_score_alike(tmp_path, city, files):
    run("load_framework", files[1], "--publish")
    pk = run("import_assessment", files[3]).out.split()[0]
    assert run("score", pk).out == run("score", *files).out


@database
@pytest.mark.parametrize("pk", [0, 999, 10**30])
def test_an_unknown_id_is_refused(pk):
    done = run("score", pk)
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)


def test_two_files_need_no_database_and_no_folder_to_write(files):
    done = run_alone("score", *files)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["overall"]["score"] == pytest.approx(75)


def test_mistakes_in_files_are_told_one_a_line(tmp_path, files):
    wrong = write(
        tmp_path, spoilt(spoilt(ANSWERS, "  level: 1", "  level: 9"), 'round: "2026"', "round: 2026"), "wrong.yaml"
    )
    done = run_alone("score", *files[:3], wrong)
    assert (done.code, done.out, len(done.lines)) == (2, "", 2)
    assert all("wrong.yaml" in line for line in done.lines)
    for line, parts in zip(done.lines, [("3", "assessment.round"), ("11", "responses[0].level")], strict=True):
        assert all(part in line for part in parts)


USAGES = {
    "nothing": [],
    "an answers file alone": ["--answers", "a.yaml"],
    "a framework alone": ["--framework", "f.yaml"],
    "an ID and files": ["1", "--framework", "f.yaml", "--answers", "a.yaml"],
    "an ID that is a word": ["one"],
    "an unknown basis": ["1", "--basis", "both"],
    "an unknown option": ["1", "--bases", "self"],
}


@pytest.mark.parametrize("arguments", USAGES.values(), ids=USAGES)
def test_bad_usage_ends_with_2(arguments):
    done = run_alone("score", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_an_unreachable_database_is_told_in_one_line():
    done = run_alone("score", "1")
    assert (done.code != 0, done.out, len(done.lines)) == (True, "", 1)


def test_nothing_but_what_the_document_says_is_printed(files):
    text = run("score", *files).out
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    assert set(json.loads(text)) >= {"framework", "version", "basis", "overall", "lenses", "dimensions", "gaps"}
