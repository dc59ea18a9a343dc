"""Golden sets from files: all that is wrong is said at once, with its place."""

import json
from dataclasses import replace

import pytest

from assessment.exchange.document import FileError
from assessment.exchange.golden import golden_answers, read_golden_sets
from assessment.exchange.parsing import parsed
from tests.editing import inserted, without
from tests.factories import make_criteria, make_framework

FRAMEWORK = make_framework()
FIGURE = {"score": 40, "level": 2}
SOUND = {
    "framework": "small-city",
    "version": "2024.1",
    "golden_sets": [
        {
            "name": "青禾市",
            "answers": {"T1.1": 2, "T1.2": "na"},
            "expected": {"overall": FIGURE, "lenses": {"T": FIGURE}, "dimensions": {"T1": {}}},
        }
    ],
}


def written(tmp_path, **changes):
    path = tmp_path / "golden.json"
    path.write_text(json.dumps(SOUND | changes), encoding="utf-8")
    return path


def problems(path):
    with pytest.raises(FileError) as raised:
        read_golden_sets(path, FRAMEWORK)
    return str(raised.value)


def test_a_set_is_read_with_the_figures_that_it_expects(tmp_path):
    (golden,) = read_golden_sets(written(tmp_path), FRAMEWORK)
    assert (golden.name, golden.answers) == ("青禾市", {"T1.1": 2, "T1.2": "na"})
    assert golden.expected["lenses"]["T"] == FIGURE
    assert golden.expected["dimensions"]["T1"] == {"score": None, "level": None}


@pytest.mark.parametrize(("key", "value"), [("framework", "other"), ("version", "2025.1")])
def test_a_file_for_another_version_is_refused(tmp_path, key, value):
    assert f" {key}：" in problems(written(tmp_path, **{key: value}))


@pytest.mark.parametrize("answer", [6, -1, 2.5, True, "high", None])
def test_an_answer_that_is_no_level_is_refused_with_its_place(tmp_path, answer):
    sets = [SOUND["golden_sets"][0] | {"answers": {"T1.1": answer}}]
    assert "golden_sets[0].answers.T1.1" in problems(written(tmp_path, golden_sets=sets))


def test_unknown_codes_and_keys_are_refused(tmp_path):
    expected = {"overall": FIGURE | {"mark": 1}, "lenses": {"Q": FIGURE}, "dimensions": {}}
    sets = [{"name": "甲", "answers": {"X1": 1}, "expected": expected, "city": "乙"}]
    told = problems(written(tmp_path, golden_sets=sets))
    for place in ("answers.X1", "expected.overall.mark", "expected.lenses.Q", "golden_sets[0].city"):
        assert place in told


# An answers file


def document(framework="small-city", version="2024.1", responses=()):
    head = {"city": {"code": "330100", "name": "杭州市"}, "round": "2026", "framework": framework, "version": version}
    return parsed("a.json", json.dumps({"assessment": head, "responses": list(responses)}).encode())


def test_an_answers_file_gives_name_and_answers_verified_levels_first():
    responses = [
        {"criterion": "T1.1", "level": 2, "verified_level": 1},
        {"criterion": "T1.2", "not_applicable": "无"},
        {"criterion": "T1.3"},
    ]
    assert golden_answers(document(responses=responses), FRAMEWORK) == ("杭州市 2026", {"T1.1": 1, "T1.2": "na"})


def test_answers_to_criteria_of_the_version_before_are_taken_where_something_replaces_them():
    (criterion,) = make_criteria("T1.9")
    new = inserted(without(FRAMEWORK, "T1.2"), "T1", replace(criterion, replaces=("T1.2",)))
    _name, answers = golden_answers(document(responses=[{"criterion": "T1.2", "level": 4}]), new)
    assert answers == {"T1.2": 4}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"framework": "other"}, "assessment.framework"),
        ({"responses": [{"criterion": "X9", "level": 1}]}, "responses[0].criterion"),
        ({"responses": [{"criterion": "T1.1", "level": 9}]}, "responses[0].level"),
        ({"responses": [{"criterion": "T1.1", "level": "很高"}]}, "responses[0].level"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(given, place):
    with pytest.raises(FileError, match=place.replace("[", r"\[")):
        golden_answers(document(**given), FRAMEWORK)


def test_a_file_that_is_no_yaml_is_refused():
    with pytest.raises(FileError):
        parsed("a.yaml", b"\xff\xfe")
