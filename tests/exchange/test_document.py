"""What a file must be before anyone asks what it says."""

import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.exchange.document import Document, FileError, Problem
from assessment.exchange.parsing import MAX_BYTES, MAX_DEPTH, read
from tests.exchange.samples import places, write


def refusal(folder, content) -> FileError:
    with pytest.raises(FileError) as caught:
        read(write(folder, content)).check()
    return caught.value


REFUSED = {
    "an anchor": ("a: 1\nb: &x 2\n", "b", 2),
    "an alias": ("a: [1, *x]\n", "a[1]", 1),
    "a tag": ("a: 1\nb: !!python/object:os.system x\n", "b", 2),
    "a local tag": ("a: !t x\n", "a", 1),
    "the tag that says nothing": ("a: ! x\n", "a", 1),
    "a standard tag": ("a: !!str x\n", "a", 1),
    "a duplicate key": ("a: 1\nb: 2\na: 3\n", "a", 3),
    "a nested duplicate key": ("a:\n- b: 1\n  c: {d: 1,\n  d: 2}\n", "a[0].c.d", 4),
    "a number as a key": ("a: 1\n2: b\n", "", 2),
    "yes as a key": ("a:\n  yes: b\n", "a", 2),
    "null as a key": ("~: b\n", "", 1),
    "a list as a key": ("? [a]\n: b\n", "", 1),
    "a merge key": ("a: {}\n<<: {b: 1}\n", "", 2),
    "two documents": ("a: 1\n---\nb: 2\n", "", 2),
    "broken YAML": ("a: 1\nb: [\n", "", 3),
    "a tab as indentation": ("a:\n\tb: 1\n", "", 2),
    "NUL": ("a: b\0c\n", "", 1),
    "a control character": ("城市: 甲\n乙: b\x07c\n", "", 2),
    "half a character in an escape": ('a: 1\nb: "\\ud800"\n', "", 2),
    "nested too deep": ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "", 1),
    "nested without end": ("[" * 1_000_000, "", 1),
    "a number without end": ("a: " + "1:" * 1_000_000 + "1\n", "a", 1),
    "a huge hexadecimal": ("a: 0x" + "f" * 5_000 + "\n", "a", 1),
    "JSON with a duplicate key": ('{"a": 1,\n"a": 2}', "a", 0),
    "JSON with a nested duplicate key": ('{"a": [{"b": 1, "b": 2}]}', "a[0].b", 0),
    "JSON nested too deep": ('{"a":' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}", "", 0),
    "JSON nested without end": ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "", 0),
}


@pytest.mark.parametrize(("content", "path", "line"), REFUSED.values(), ids=REFUSED)
def test_what_misleads_is_refused_with_its_place(tmp_path, content, path, line):
    assert places(refusal(tmp_path, content)) == [(path, line)]


BROKEN = {
    "a: [1, 2\nb: 3": "第2列，缺少逗号或右方括号",
    "a: {b: 1\nc: 2": "第2列，缺少逗号或右花括号",
    "a: b: c": "第5列，此处又出现冒号",
    "a:\n  - 1\n b: 2": "第2列，此处应为键名",
    'a: "x\nb: 1': "第5列，缺少右引号",
    "a: @x": "第4列，值不能以该字符开头",
    "a: 1\nb\nc: 2": "第1列，键名之后缺少冒号",
    'a: "\\q"': "第5列，反斜杠之后的转义无法识别",
    "- a\nb: 1": "第1列，此处应为列表的短横线",
    "a: ]": "第4列，此处应为值",
    "a: - b": "第4列，此处不能开始列表",
    '{"a": 1} x': "第10列，值已结束，其后还有内容",
    "城市: 甲\x07": "第6列，含有控制字符",
    "%X y\na: 1": "从第3列起无法读取",
}


@pytest.mark.parametrize(("content", "words"), BROKEN.items(), ids=BROKEN)
def test_broken_writing_is_told_in_our_own_words_with_its_column(tmp_path, content, words):
    (problem,) = refusal(tmp_path, content).problems
    assert words in problem.message
    assert not re.search("[A-Za-z]", problem.message.replace("YAML", "").replace("JSON", ""))


def test_an_aliases_bomb_is_refused_before_it_grows(tmp_path):
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise("abcdefghi"))
    assert places(refusal(tmp_path, bomb))[:3] == [("a", 1), ("b", 2), ("b[0]", 2)]


def test_all_that_is_wrong_with_the_writing_is_listed_at_once(tmp_path):
    content = "a: &x 1\nb: !t 2\nc: {d: 1, d: 2}\ne:\n- &y 3\n"
    assert places(refusal(tmp_path, content)) == [("a", 1), ("b", 2), ("c.d", 3), ("e[0]", 5)]


ENCODINGS = {"GBK": "gbk", "UTF-16": "utf-16", "UTF-16 without a mark": "utf-16-le", "Big5": "big5"}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_other_encodings_are_refused(tmp_path, encoding):
    assert refusal(tmp_path, "a: 1\nb: 城市\n".encode(encoding)).problems


def test_a_wrong_encoding_is_told_with_the_line_of_the_first_bad_byte(tmp_path):
    assert places(refusal(tmp_path, b"a: 1\nb: 2\nc: \xb3\xc7\xca\xd0\n")) == [("", 3)]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert read(write(tmp_path, "\ufeffa: 城市\n")).value == {"a": "城市"}


def test_windows_line_ends_do_no_harm(tmp_path):
    document = read(write(tmp_path, "a: 1\r\nb: 二\r\n"))
    assert (document.value, document.line_of("b")) == ({"a": 1, "b": "二"}, 2)


def test_a_folder_a_missing_file_and_an_impossible_name_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere.yaml", f"{tmp_path}/a\0b", tmp_path / ("x" * 300)):
        with pytest.raises(FileError) as caught:
            read(path)
        assert places(caught.value) == [("", 0)]
        assert caught.value.problems[0].file == str(path)


def test_five_mebibytes_are_read_and_one_byte_more_is_not(tmp_path):
    most = b"a: 1\n#" + b"x" * (MAX_BYTES - 6)
    assert read(write(tmp_path, most)).value == {"a": 1}
    assert places(refusal(tmp_path, most + b"x")) == [("", 0)]


def test_the_deepest_nesting_that_is_allowed_is_read_alike_from_yaml_and_json(tmp_path):
    deepest = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert read(write(tmp_path, f"a: {deepest}")).value == read(write(tmp_path, f'{{"a": {deepest}}}')).value


def test_json_is_read_with_its_own_escapes(tmp_path):
    value = {"a": "城\ud83d\ude00\t", "b": [1, 2.5, True, None], "c": {"d": "/"}}
    content = '{"a": "\\u57ce\\ud83d\\ude00\\t", "b": [1, 2.5, true, null], "c": {"d": "\\/"}}'
    assert read(write(tmp_path, content)).value == json.loads(content) == value | {"a": "城😀\t"}


def test_yaml_in_braces_is_read_too(tmp_path):
    assert read(write(tmp_path, "{a: 1, b: [二]}")).value == {"a": 1, "b": ["二"]}


@pytest.mark.parametrize("content", ["", "# nothing\n", "---\n", "null\n"], ids=["empty", "comment", "mark", "null"])
def test_an_empty_file_says_nothing(tmp_path, content):
    assert read(write(tmp_path, content)).value is None


def test_dates_that_do_not_exist_stay_text(tmp_path):
    assert read(write(tmp_path, "a: 2026-02-30\n")).value == {"a": "2026-02-30"}


def test_a_path_without_a_line_of_its_own_has_its_parents():
    document = Document("f", lines={"": 1, "a": 2, "a[0].b": 3})
    lines = [document.line_of(path) for path in ("a[0].b.c", "a[1].x", "z", "a]", "a.", "")]
    assert lines == [3, 2, 1, 1, 2, 1]


@given(st.text(max_size=20))
def test_every_path_has_a_line(path):
    assert Document("f").line_of(path) == 0


@given(st.text(), st.text(), st.text())
def test_a_problem_is_one_printable_line(file, path, message):
    line = str(Problem(file, 3, path, message))
    assert line.splitlines() == [line]
    line.encode()


def test_a_problem_names_file_line_path_and_expectation():
    line = str(Problem("f.yaml", 3, "a[0].b", "expected\n  this"))
    for part in ("f.yaml", "3", "a[0].b", "expected this"):
        assert part in line


def test_a_problem_in_a_workbook_names_its_sheet_and_cell():
    line = str(Problem("f.xlsx", 0, "a[0].b", "expected this", "表一", "B2"))
    assert all(part in line for part in ("f.xlsx", "表一", "B2", "expected this"))
    assert "a[0].b" not in line


STRUCTURES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(st.binary(max_size=200) | st.text("ab:-[]{}&*!|>'\"#%@ \n\t,?~0123.", max_size=60).map(str.encode))
def test_no_bytes_make_the_reader_fail_otherwise(tmp_path_factory, content):
    path = write(tmp_path_factory.getbasetemp(), content, "random.yaml")
    try:
        read(path)
    except FileError as error:
        assert error.problems


@given(STRUCTURES)
def test_json_says_the_same_as_json(tmp_path_factory, value):
    path = write(tmp_path_factory.getbasetemp(), json.dumps({"top": value}), "random.json")
    assert json.dumps(read(path).value) == json.dumps({"top": value})
