"""Answers files: each refusal with its place, and the one spelling in which they are written."""

import json
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.exchange.answers import named_framework, read_answers, write_answers
from assessment.exchange.document import FileError
from assessment.exchange.framework import read_framework
from assessment.exchange.parsing import read
from assessment.outline import City, Evidence, Response
from tests.exchange.samples import ANSWERS, FRAMEWORK, assessments, places, spoilt, write
from tests.exchange.test_framework import FLIPS, SPOILERS, flipped, paths_into, with_spoilt
from tests.factories import make_framework


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return read_framework(write(tmp_path_factory.mktemp("small"), FRAMEWORK))


def refused(folder, content, framework) -> list[tuple[str, int]]:
    with pytest.raises(FileError) as caught:
        read_answers(write(folder, content), framework)
    return places(caught.value)


FIRST, SECOND = "responses[0]", "responses[1]"
HEAD = "assessment"
# what: (found in the sample once, put in its place, path, line)
REFUSED = {
    "no city": ('  city: {code: "330100", name: 杭州市}\n', "", f"{HEAD}.city", 1),
    "a city's code that is a number": ('code: "330100"', "code: 330100", f"{HEAD}.city.code", 2),
    "a city's code that looks octal": ('code: "330100"', "code: 010100", f"{HEAD}.city.code", 2),
    "a city's code that begins with 0": ('code: "330100"', 'code: "030100"', f"{HEAD}.city.code", 2),
    "a city's code of five digits": ('code: "330100"', 'code: "33010"', f"{HEAD}.city.code", 2),
    "a city's code in full-width digits": ('code: "330100"', 'code: "３３０１００"', f"{HEAD}.city.code", 2),
    "a city's code with a line end": ('code: "330100"', r'code: "330100\n"', f"{HEAD}.city.code", 2),
    "no name of the city": (", name: 杭州市", "", f"{HEAD}.city.name", 2),
    "a round that is a number": ('round: "2026"', "round: 2026", f"{HEAD}.round", 3),
    "a round that is a date": ('round: "2026"', "round: 2026-01-01", f"{HEAD}.round", 3),
    "a round that is blank": ('round: "2026"', 'round: " "', f"{HEAD}.round", 3),
    "a round that is too long": ('round: "2026"', f"round: {'轮' * 201}", f"{HEAD}.round", 3),
    "another framework": ("framework: small", "framework: other", f"{HEAD}.framework", 4),
    "another version": ('version: "1"', 'version: "2"', f"{HEAD}.version", 5),
    "a version that is a number": ('version: "1"', "version: 1", f"{HEAD}.version", 5),
    "a target that is a number": ('target: "2027"', "target: 2027", f"{HEAD}.target", 6),
    "an unknown target": ('target: "2027"', 'target: "2031"', f"{HEAD}.target", 6),
    "a title that is true": ("title: 第一轮", "title: yes", f"{HEAD}.title", 7),
    "a day that does not exist": ("2026-09-30", "2026-09-31", f"{HEAD}.as_of", 8),
    "a day with a time": ("2026-09-30", "2026-09-30T10:00:00Z", f"{HEAD}.as_of", 8),
    "a day in words": ("2026-09-30", "九月", f"{HEAD}.as_of", 8),
    "an unknown key at the top": ("responses:\n", "answers: []\nresponses:\n", "answers", 9),
    "an unknown key in the head": ("title: 第一轮", "titel: 第一轮", f"{HEAD}.titel", 7),
    "an unknown key in a response": ("rationale: 有文件", "reason: 有文件", f"{FIRST}.reason", 13),
    "an unknown key in evidence": ("reference: 1号", "number: 1号", f"{FIRST}.evidence[0].number", 15),
    "no criterion": ("- criterion: A1\n", "- rationale: 甲\n", f"{SECOND}.criterion", 16),
    "an unknown criterion": ("criterion: A1", "criterion: A9", f"{SECOND}.criterion", 16),
    "a criterion that is a float": ("criterion: A1", "criterion: 1.1", f"{SECOND}.criterion", 16),
    "a criterion that is answered twice": ("criterion: A1", "criterion: T1.1", f"{SECOND}.criterion", 16),
    "a level of true": ("  level: 1", "  level: true", f"{FIRST}.level", 11),
    "a level of 2.5": ("  level: 1", "  level: 2.5", f"{FIRST}.level", 11),
    "a level of 2.0": ("  level: 1", "  level: 2.0", f"{FIRST}.level", 11),
    "a level that is text": ("  level: 1", '  level: "1"', f"{FIRST}.level", 11),
    "a level below 0": ("  level: 1", "  level: -1", f"{FIRST}.level", 11),
    "a level above the scale": ("  level: 1", "  level: 3", f"{FIRST}.level", 11),
    "a huge level": ("  level: 1", f"  level: {'9' * 5000}", f"{FIRST}.level", 11),
    "a level that is a list": ("  level: 1", "  level: [1]", f"{FIRST}.level", 11),
    "a target below 0": ("  target: 2\n", "  target: -1\n", f"{FIRST}.target", 12),
    "a target above the scale": ("  target: 2\n", "  target: 3\n", f"{FIRST}.target", 12),
    "a target that is true": ("  target: 2\n", "  target: true\n", f"{FIRST}.target", 12),
    "a rationale that is a number": ("rationale: 有文件", "rationale: 12", f"{FIRST}.rationale", 13),
    "a rationale with NUL": ("rationale: 有文件", r'rationale: "\0"', f"{FIRST}.rationale", 13),
    "evidence that is no list": ("evidence:\n  - {", "evidence:\n    {", f"{FIRST}.evidence", 14),
    "evidence without a title": ("{title: 办法, ", "{", f"{FIRST}.evidence[0].title", 15),
    "evidence that is a word": ("evidence:\n", "evidence:\n  - 办法\n", f"{FIRST}.evidence[0]", 15),
    "evidence of a day that is none": ("2026-06-30", "六月", f"{FIRST}.evidence[0].as_of", 15),
    "an address that is too long": ("https://example.org/", "x" * 2001, f"{FIRST}.evidence[0].url", 15),
    "not applicable without a reason": (
        "not_applicable: 本市无此事项",
        "not_applicable:",
        f"{SECOND}.not_applicable",
        17,
    ),
    "not applicable for a blank reason": (
        "not_applicable: 本市无此事项",
        'not_applicable: " "',
        f"{SECOND}.not_applicable",
        17,
    ),
    "not applicable that is true": (
        "not_applicable: 本市无此事项",
        "not_applicable: true",
        f"{SECOND}.not_applicable",
        17,
    ),
    "not applicable beside a level": ("  verified_level: 2", "  level: 1", f"{SECOND}.not_applicable", 17),
    "not applicable beside level 0": ("  verified_level: 2", "  level: 0", f"{SECOND}.not_applicable", 17),
    "a verified level above the scale": ("verified_level: 2", "verified_level: 3", f"{SECOND}.verified_level", 18),
}


@pytest.mark.parametrize(("old", "new", "path", "line"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_answers_file_is_refused_with_path_and_line(tmp_path, small, old, new, path, line):
    found = refused(tmp_path, spoilt(ANSWERS, old, new), small)
    assert (path, line) in found


def test_all_mistakes_are_listed_at_once(tmp_path, small):
    content = ANSWERS
    for name in ("a level of true", "a round that is a number", "not applicable without a reason", "an unknown target"):
        content = spoilt(content, *REFUSED[name][:2])
    assert [line for _path, line in refused(tmp_path, content, small)] == [3, 6, 11, 17]


@pytest.mark.parametrize("content", ["", "- a\n", "a\n", "1\n"], ids=["nothing", "a list", "a word", "a number"])
def test_a_file_that_is_no_mapping_is_refused_once(tmp_path, small, content):
    assert [path for path, _line in refused(tmp_path, content, small)] == [""]


def test_the_sample_is_read_as_it_stands(tmp_path, small):
    answers = read_answers(write(tmp_path, ANSWERS), small)
    assert (answers.city, answers.round, answers.target) == (City("330100", "杭州市"), "2026", "2027")
    evidence = Evidence("办法", "https://example.org/", "1号", date(2026, 6, 30))
    assert answers.responses == (
        Response("T1.1", level=1, target=2, rationale="有文件", evidence=(evidence,)),
        Response("A1", not_applicable="本市无此事项", verified_level=2),
    )


def test_responses_are_read_in_the_frameworks_order(tmp_path, small):
    turned = ANSWERS.split("responses:")[0] + "responses:\n- {criterion: B1, level: 0}\n- {criterion: T1.1, level: 2}\n"
    assert [r.criterion for r in read_answers(write(tmp_path, turned), small).responses] == ["T1.1", "B1"]


def test_a_verified_level_may_stand_alone_and_level_0_is_a_level(tmp_path, small):
    content = (
        ANSWERS.split("responses:")[0]
        + "responses:\n- {criterion: T1.1, verified_level: 0}\n- {criterion: A1, level: 0}\n"
    )
    answers = read_answers(write(tmp_path, content), small)
    assert answers.responses == (Response("T1.1", verified_level=0), Response("A1", level=0))
    assert "verified_level: 0" in write_answers(answers)


def test_what_is_optional_may_be_left_out(tmp_path, small):
    spare = 'assessment: {city: {code: "330100", name: 杭州市}, round: "1", framework: small, version: "1"}\nresponses: []\n'
    answers = read_answers(write(tmp_path, spare), small)
    assert (answers.target, answers.title, answers.as_of, answers.responses) == ("", "", None, ())


def test_a_response_that_says_nothing_is_not_written(tmp_path, small):
    content = ANSWERS.split("responses:")[0] + "responses:\n- {criterion: T1.1}\n"
    assert write_answers(read_answers(write(tmp_path, content), small)).endswith("responses: []\n")


def test_json_is_read_as_yaml_is(tmp_path, small):
    value = json.dumps(yaml.safe_load(ANSWERS), default=str)
    assert read_answers(write(tmp_path, value), small) == read_answers(write(tmp_path, ANSWERS), small)


def test_an_answers_file_names_its_framework_before_it_is_read(tmp_path):
    assert named_framework(read(write(tmp_path, ANSWERS))) == ("small", "1")


@pytest.mark.parametrize("content", ["[]", "assessment: x", "assessment: {framework: [x], version: 1.0}", "x: y"])
def test_an_answers_file_that_names_none_is_told_so_later(tmp_path, content):
    assert named_framework(read(write(tmp_path, content))) == ("", "")


def test_answers_are_looked_at_even_where_the_framework_cannot_be_read(tmp_path):
    with pytest.raises(FileError) as caught:
        read_answers(write(tmp_path, spoilt(ANSWERS, "  level: 1", "  level: 10")), None)
    assert places(caught.value) == [(f"{FIRST}.level", 11)]


FACTORY = make_framework()


@given(assessments(FACTORY))
@settings(max_examples=50)
def test_export_import_export_gives_the_same_answers_and_the_same_bytes(tmp_path_factory, assessment):
    written = write_answers(assessment)
    read = read_answers(write(tmp_path_factory.getbasetemp(), written, "answers.yaml"), FACTORY)
    assert read == assessment
    assert write_answers(read) == written


SAMPLE = json.loads(json.dumps(yaml.safe_load(ANSWERS), default=str))


@given(st.lists(st.tuples(st.sampled_from(paths_into(SAMPLE)[1:]), SPOILERS), min_size=1, max_size=3))
@settings(max_examples=300)
def test_spoilt_answers_are_read_or_refused_and_never_crash(tmp_path_factory, small, spoilers):
    value = SAMPLE
    for path, spoiler in spoilers:
        if path in paths_into(value):
            value = with_spoilt(value, path, spoiler)
    read_or_refuse(write(tmp_path_factory.getbasetemp(), json.dumps(value), "spoilt.json"), small)


@given(FLIPS)
@settings(max_examples=300)
def test_flipped_bytes_never_crash_the_reader(tmp_path_factory, small, flips):
    read_or_refuse(write(tmp_path_factory.getbasetemp(), flipped(ANSWERS.encode(), flips), "flipped.yaml"), small)


def read_or_refuse(path, framework):
    try:
        write_answers(read_answers(path, framework))
    except FileError as error:
        assert error.problems
