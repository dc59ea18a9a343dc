"""One spelling: what YAML reads differently is quoted, long lines stay whole, nothing is shared."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assessment.exchange.parsing import read
from assessment.exchange.writing import dump, spell
from assessment.outline import Text, without_empty
from tests.exchange.samples import ANY_TEXT, TRICKY, write


@pytest.mark.parametrize("text", TRICKY, ids=ascii)
def test_a_tricky_text_comes_back_as_itself(tmp_path, text):
    assert read(write(tmp_path, dump({"a": text, "b": [text]}))).value == {"a": text, "b": [text]}


@given(st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3))
def test_every_text_and_key_comes_back_as_itself(tmp_path_factory, value):
    assert read(write(tmp_path_factory.getbasetemp(), dump(value), "written.yaml")).value == value


def test_other_yaml_readers_understand_it_too():
    value = {"version": "2024.1", "on": "yes", "day": date(2026, 9, 30), "text": "一行\n二行"}
    assert yaml.safe_load(dump(value)) == value


def test_chinese_stays_readable_and_long_lines_stay_whole():
    assert dump({"名": "城市 " * 200 + "终"}) == f"名: {'城市 ' * 200}终\n"


def test_several_lines_are_a_block():
    assert dump({"a": "一\n二"}) == "a: |-\n  一\n  二\n"


def test_nothing_is_an_alias():
    shared = ["一"]
    assert dump({"a": shared, "b": shared}) == "a:\n- 一\nb:\n- 一\n"


def test_a_text_in_the_own_language_alone_is_a_plain_string():
    assert spell(Text({"zh-hans": "名"}), "zh-hans") == "名"
    assert spell(Text(), "zh-hans") == ""
    assert spell(Text({"zh-hans": "名", "en": "Name"}), "zh-hans") == {"zh-hans": "名", "en": "Name"}


def test_what_is_empty_is_left_out_and_zero_and_false_stay():
    day = date(2026, 1, 1)
    value = {"a": "", "b": [], "c": {}, "d": None, "e": 0, "f": False, "g": day, "h": 0.0}
    assert without_empty(value) == {"e": 0, "f": False, "g": day, "h": 0.0}
