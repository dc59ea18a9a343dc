"""Framework files: each refusal with its place, and the one spelling in which they are written."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.exchange.document import FileError
from assessment.exchange.framework import read_framework, write_framework
from assessment.outline import Citation
from tests.exchange.samples import FRAMEWORK, frameworks, places, spoilt, write

SHIPPED = Path(__file__).parents[2] / "fixtures/frameworks/cn-city-digital-2024.1.yaml"
T11 = "lenses[0].dimensions[0].criteria[0]"
P1 = "lenses[1].dimensions[0]"
A1 = f"{P1}.facets[0].criteria[0]"
LONG = "长" * 20_001
SAMPLE = json.loads(json.dumps(yaml.safe_load(FRAMEWORK), default=str))


def read_text(folder, content):
    return read_framework(write(folder, content))


def refused(folder, content) -> list[tuple[str, int]]:
    with pytest.raises(FileError) as caught:
        read_text(folder, content)
    return places(caught.value)


# what: (found in the sample once, put in its place, path, line)
REFUSED = {
    "a code with capitals": ("framework: small", "framework: Small", "framework", 1),
    "a code of more than 50": ("framework: small", f"framework: {'a' * 51}", "framework", 1),
    "a code that is a number": ("framework: small", "framework: 12", "framework", 1),
    "no code": ("framework: small\n", "", "framework", 1),
    "a version that is a float": ('version: "1"', "version: 2024.1", "version", 2),
    "a version that is a whole number": ('version: "1"', "version: 1", "version", 2),
    "a version that is a date": ('version: "1"', "version: 2024-01-01", "version", 2),
    "a version with a blank": ('version: "1"', 'version: "1 a"', "version", 2),
    "no language": ("language: zh-hans\n", "", "language", 1),
    "an impossible language": ("language: zh-hans", 'language: "中文 "', "language", 3),
    "no name in the own language": ("{zh-hans: 小框架, en: Small}", "{en: Small}", "name", 4),
    "a name that is empty": ("{zh-hans: 小框架, en: Small}", '""', "name", 4),
    "a name that is blank": ("{zh-hans: 小框架, en: Small}", '"  "', "name", 4),
    "a name in no language": ("{zh-hans: 小框架, en: Small}", '{zh-hans: 名, "?": x}', "name.?", 4),
    "a name that is a list": ("{zh-hans: 小框架, en: Small}", "[小框架]", "name", 4),
    "a translation that is yes": ("en: Small", "en: yes", "name.en", 4),
    "a translation that is empty": ("en: Small", "en: ", "name.en", 4),
    "a name that is no": ("name: 趋势", "name: no", "lenses[0].name", 19),
    "a name that is too long": ("name: 趋势", f"name: {LONG}", "lenses[0].name", 19),
    "a control character by escape": ("name: 趋势", r'name: "\0"', "lenses[0].name", 19),
    "an unknown key": ("language: zh-hans", "language: zh-hans\nauthor: x", "author", 4),
    "an unknown key deep down": ("key: true", "key: true\n      keys: 1", f"{T11}.keys", 33),
    "a scale that is a mapping": ("scale:\n- {level: 0, name: 零}", "scale:\n  {level: 0, name: 零}\nx:", "scale", 5),
    "a level left out of the scale": ("{level: 2, name: 二", "{level: 3, name: 二", "scale[2].level", 8),
    "a level of the scale twice": ("{level: 2, name: 二", "{level: 1, name: 二", "scale[2].level", 8),
    "a threshold at level 0": ("name: 零", "name: 零, threshold: 5", "scale[0].threshold", 6),
    "no threshold": (", threshold: 10", "", "scale[1].threshold", 7),
    "a threshold over 100": ("threshold: 50", "threshold: 101", "scale[2].threshold", 8),
    "a threshold that is not a number": ("threshold: 50", "threshold: .nan", "scale[2].threshold", 8),
    "a threshold that is text": ("threshold: 50", 'threshold: "50"', "scale[2].threshold", 8),
    "thresholds that descend": ("threshold: 50", "threshold: 9", "scale[2].threshold", 8),
    "equal thresholds": ("threshold: 50", "threshold: 10", "scale[2].threshold", 8),
    "a source's code that looks octal": ("code: doc", "code: 010100", "sources[0].code", 10),
    "a date that does not exist": ("2024-05-14", "2024-02-30", "sources[0].issued", 12),
    "a date with a time": ("2024-05-14", "2024-05-14 10:00:00", "sources[0].issued", 12),
    "a date that is a number": ("2024-05-14", "20240514", "sources[0].issued", 12),
    "issuers that are no list": ("issuers: [甲]", "issuers: 甲", "sources[0].issuers", 13),
    "an issuer that is a number": ("issuers: [甲]", "issuers: [甲, 1]", "sources[0].issuers[1]", 13),
    "a passage that is a string": (
        '{id: "2", locator: 第二条, status: title-only}',
        "二",
        "sources[0].passages[1]",
        16,
    ),
    "an unknown status": ("status: title-only", "status: hearsay", "sources[0].passages[1].status", 16),
    "a quotation that is not allowed": ("title-only}", "title-only, quote: 原文}", "sources[0].passages[1].quote", 16),
    "a passage twice": ('{id: "2"', '{id: "1"', "sources[0].passages[1].id", 16),
    "a weight of 0": ("weight: 2", "weight: 0", f"{T11}.weight", 31),
    "a weight below 0": ("weight: 2", "weight: -1", f"{T11}.weight", 31),
    "a weight of infinity": ("weight: 2", "weight: .inf", f"{T11}.weight", 31),
    "a weight that is not a number": ("weight: 2", "weight: .nan", f"{T11}.weight", 31),
    "a weight beyond floats": ("weight: 2", "weight: 1.0e+999", f"{T11}.weight", 31),
    "a weight beyond numbers": ("weight: 2", f"weight: {'9' * 5000}", f"{T11}.weight", 31),
    "a weight that is true": ("weight: 2", "weight: true", f"{T11}.weight", 31),
    "a weight that is text": ("weight: 2", 'weight: "2"', f"{T11}.weight", 31),
    "a key flag that is text": ("key: true", 'key: "true"', f"{T11}.key", 32),
    "a key flag that is 1": ("key: true", "key: 1", f"{T11}.key", 32),
    "an effort of 0": ("effort: [1, 2]", "effort: 0", f"{T11}.effort", 33),
    "an effort of 2.5": ("effort: [1, 2]", "effort: 2.5", f"{T11}.effort", 33),
    "an effort that is true": ("effort: [1, 2]", "effort: true", f"{T11}.effort", 33),
    "an effort with a step too many": ("effort: [1, 2]", "effort: [1, 2, 3]", f"{T11}.effort", 33),
    "an effort with half a step": ("effort: [1, 2]", "effort: [1, 2.0]", f"{T11}.effort", 33),
    "no descriptor for a level": ("      - {level: 2, descriptor: 好}\n", "", f"{T11}.levels", 34),
    "an empty descriptor": ("descriptor: 好", 'descriptor: ""', f"{T11}.levels[2].descriptor", 37),
    "a level of true": ("{level: 0, descriptor: 一}", "{level: false, descriptor: 一}", f"{A1}.levels[0].level", 50),
    "a code that is reserved": ("code: A1", "code: default", f"{A1}.code", 50),
    "a code that is a float": ("code: T1.1", "code: 1.1", f"{T11}.code", 28),
    "a code with a colon": ("code: T1.1", "code: T1:1", f"{T11}.code", 28),
    "a criterion's code twice": ("code: B1", "code: A1", f"{P1}.facets[1].criteria[0].code", 54),
    "a lens that shares a criterion's code": ("code: B1", "code: P", f"{P1}.facets[1].criteria[0].code", 54),
    "a facet's code twice": ("code: P1.B", "code: P1.A", f"{P1}.facets[1].code", 51),
    "no pole": ("    to: 新\n", "", "lenses[0].dimensions[0].to", 21),
    "a balance with a pole": ("kind: balance", "kind: balance\n    from: 旧", f"{P1}.from", 46),
    "criteria straight under a balance": ("kind: balance", "kind: balance\n    criteria: []", f"{P1}.criteria", 46),
    "a citation without a passage": ("cites: [doc#1]", "cites: [doc]", "lenses[0].dimensions[0].cites[0]", 26),
    "a citation of an unknown passage": ("cites: [doc#1]", "cites: [doc#9]", "lenses[0].dimensions[0].cites[0]", 26),
    "a citation twice": ("cites: [doc#1]", "cites: [doc#1, doc#1]", "lenses[0].dimensions[0].cites[1]", 26),
    "an unknown role": ("role: assigned", "role: guessed", f"{T11}.cites[1].role", 38),
    "citations that are no list": ("cites: [doc#1]", "cites: doc#1", "lenses[0].dimensions[0].cites", 26),
    "a tag that is a number": ("tags: [a:b]", "tags: [a:b, 2522]", f"{T11}.tags[1]", 39),
    "no lenses": ("lenses:\n", "lenses: []\nx:\n", "lenses", 17),
    "a target's code that is a number": ('{code: "2027"', "{code: 2027", "targets[0].code", 56),
    "a target above the scale": ("{default: 1", "{default: 3", "targets[0].levels.default", 56),
    "a target below 0": ("{default: 1", "{default: -1", "targets[0].levels.default", 56),
    "a target of 2.5": ("{default: 1", "{default: 2.5", "targets[0].levels.default", 56),
    "a target that is true": ("{default: 1", "{default: true", "targets[0].levels.default", 56),
    "a target for an unknown criterion": ("T1.1: 1}}", "T9: 1}}", "targets[0].levels.T9", 56),
    "crosswalks that are a list": ("crosswalks:\n  a: {b: doc#1}", "crosswalks: [a]", "crosswalks", 57),
    "a crosswalk with a date": ("{b: doc#1}", "{b: [x, 2024-01-01]}", "crosswalks.a.b[1]", 58),
    "a crosswalk with infinity": ("{b: doc#1}", "{b: .inf}", "crosswalks.a.b", 58),
    "a crosswalk with NUL": ("{b: doc#1}", r'{b: "\0"}', "crosswalks.a.b", 58),
    "a crosswalk with NUL in a key": ("{b: doc#1}", r'{"\0": b}', "crosswalks.a.\0", 58),
}


@pytest.mark.parametrize(("old", "new", "path", "line"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_framework_file_is_refused_with_path_and_line(tmp_path, old, new, path, line):
    assert (path, line) in refused(tmp_path, spoilt(FRAMEWORK, old, new))


@pytest.mark.parametrize(
    "name", ["a version that is a float", "a weight of 0", "a date that does not exist", "a name that is no"]
)
def test_one_mistake_is_one_problem(tmp_path, name):
    old, new, path, line = REFUSED[name]
    assert refused(tmp_path, spoilt(FRAMEWORK, old, new)) == [(path, line)]


def test_a_number_in_quotes_is_told_to_lose_them(tmp_path):
    path = write(tmp_path, spoilt(FRAMEWORK, "weight: 2", 'weight: "2"'))
    with pytest.raises(FileError) as caught:
        read_framework(path)
    assert "不加引号" in caught.value.problems[0].message


def test_all_mistakes_are_listed_at_once_in_the_order_of_the_file(tmp_path):
    content = FRAMEWORK
    for name in ("a weight of 0", "a version that is a float", "a facet's code twice", "a target below 0"):
        content = spoilt(content, *REFUSED[name][:2])
    found = refused(tmp_path, content)
    assert [line for _path, line in found] == [2, 31, 51, 56]


SHAPES = {"nothing": "", "a list": "- a\n", "a word": "a\n", "a number": "1\n", "a date": "2026-01-01\n"}


@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_a_file_that_is_no_mapping_is_refused_once(tmp_path, content):
    assert [path for path, _line in refused(tmp_path, content)] == [""]


def test_a_balance_has_exactly_two_facets(tmp_path):
    value = copy.deepcopy(SAMPLE)
    facets = value["lenses"][1]["dimensions"][0]["facets"]
    third = json.loads(json.dumps(facets[0]).replace("A1", "C1").replace("P1.A", "P1.C"))
    for wrong in ([facets[0]], [*facets, third]):
        value["lenses"][1]["dimensions"][0]["facets"] = wrong
        assert refused(tmp_path, json.dumps(value)) == [(f"{P1}.facets", 0)]


def test_a_scale_has_two_to_ten_levels(tmp_path):
    one = spoilt(FRAMEWORK, "- {level: 1, name: 一, threshold: 10}\n- {level: 2, name: 二, threshold: 50}\n", "")
    assert ("scale", 5) in refused(tmp_path, one)
    eleven = "".join(f"- {{level: {n}, name: 级, threshold: {n * 9}}}\n" for n in range(3, 11))
    assert ("scale", 5) in refused(tmp_path, spoilt(FRAMEWORK, "sources:\n", f"{eleven}sources:\n"))


def test_half_characters_are_refused_from_json(tmp_path):
    content = json.dumps(SAMPLE | {"about": "\ud800"})
    assert refused(tmp_path, content) == [("about", 0)]


def test_json_is_read_as_yaml_is(tmp_path):
    assert read_text(tmp_path, json.dumps(SAMPLE)) == read_text(tmp_path, FRAMEWORK)


def test_the_sample_is_read_as_it_stands(tmp_path):
    framework = read_text(tmp_path, FRAMEWORK)
    first, balance = framework.criteria["T1.1"], framework.dimensions[1]
    assert (first.weight, first.key, first.effort, first.tags) == (2, True, (1, 2), ("a:b",))
    assert first.cites == (Citation("doc", "1"), Citation("doc", "2", "assigned"))
    assert [facet.code for facet in balance.facets] == ["P1.A", "P1.B"]
    assert (balance.weight, framework.criteria["A1"].effort, framework.criteria["A1"].key) == (1, 3, False)
    assert framework.sources[0].issued == date(2024, 5, 14)
    assert framework.targets[0].levels == {"default": 1, "key": 2, "T1.1": 1}


def test_a_plain_dimension_has_one_facet_of_its_own_code(tmp_path):
    framework = read_text(tmp_path, spoilt(FRAMEWORK, "kind: transition\n    from: 旧\n    to: 新", "kind: plain"))
    (facet,) = framework.dimensions[0].facets
    assert (facet.code, framework.dimensions[0].start) == ("T1", {})


def test_the_own_language_comes_first_and_the_others_by_name(tmp_path):
    turned = spoilt(FRAMEWORK, "{zh-hans: 小框架, en: Small}", "{fr: Petit, en: Small, zh-hans: 小框架}")
    assert list(read_text(tmp_path, turned).name) == ["zh-hans", "en", "fr"]


def test_what_says_nothing_may_be_empty_or_left_out(tmp_path):
    spare = FRAMEWORK.split("targets:")[0] + "targets:\ncrosswalks:\nabout:\n"
    framework = read_text(tmp_path, spare)
    assert (framework.targets, framework.crosswalks, framework.about) == ((), {}, {})
    assert write_framework(framework).endswith("六\n")


@given(frameworks())
@settings(max_examples=50)
def test_export_import_export_gives_the_same_framework_and_the_same_bytes(tmp_path_factory, framework):
    written = write_framework(framework)
    read = read_framework(write(tmp_path_factory.getbasetemp(), written, "framework.yaml"))
    assert read == framework
    assert write_framework(read) == written


SPOILERS = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1,
        2.5,
        10**400,
        float("nan"),
        float("inf"),
        "",
        " ",
        "a#b",
        "\0",
        "\ud800",
        [],
        {},
        [[]],
        [{}],
    ]
    + [{"": {}}, {"a]": 1}, {"zh-hans": 1}, {"\n": "x"}, "default", "key", "2024-13-01"]
)


def paths_into(value, here=()):
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here] + [path for key, child in children for path in paths_into(child, (*here, key))]


def with_spoilt(value, path, spoiler):
    if not path:
        return spoiler
    copy = value.copy()
    copy[path[0]] = with_spoilt(value[path[0]], path[1:], spoiler)
    return copy


@given(st.lists(st.tuples(st.sampled_from(paths_into(SAMPLE)[1:]), SPOILERS), min_size=1, max_size=3))
@settings(max_examples=300)
def test_a_spoilt_framework_is_read_or_refused_and_never_crashes(tmp_path_factory, spoilers):
    value = SAMPLE
    for path, spoiler in spoilers:
        if path in paths_into(value):
            value = with_spoilt(value, path, spoiler)
    read_or_refuse(write(tmp_path_factory.getbasetemp(), json.dumps(value), "spoilt.json"))


def read_or_refuse(path):
    """What is read can be written; what is refused says why."""
    try:
        write_framework(read_framework(path))
    except FileError as error:
        assert error.problems


FLIPS = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 255)), min_size=1, max_size=4)


def flipped(content: bytes, flips) -> bytes:
    changed = bytearray(content)
    for place, byte in flips:
        changed[place % len(changed)] = byte
    return bytes(changed)


@given(FLIPS)
@settings(max_examples=300)
def test_flipped_bytes_in_a_small_framework_never_crash_the_reader(tmp_path_factory, flips):
    read_or_refuse(write(tmp_path_factory.getbasetemp(), flipped(FRAMEWORK.encode(), flips), "flipped.yaml"))


@given(FLIPS)
@settings(max_examples=8)
def test_flipped_bytes_in_the_shipped_framework_never_crash_the_reader(tmp_path_factory, flips):
    read_or_refuse(write(tmp_path_factory.getbasetemp(), flipped(SHIPPED.read_bytes(), flips), "flipped.yaml"))
