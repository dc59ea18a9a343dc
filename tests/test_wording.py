"""What was changed in a text, so that a person reads it at a glance."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.wording import marked

TEXTS = st.text(alphabet="的数据按季月公布，。；\n two words, 12%", max_size=60)


def seen(before: str, after: str) -> str:
    signs = {"kept": "%s", "deleted": "[-%s-]", "inserted": "[+%s+]"}
    return "".join(signs[kind] % text for kind, text in marked(before, after))


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("每季度公布一次", "每月公布一次", "每[-季度-][+月+]公布一次"),
        ("抽查两个部门，均照办。", "抽查三个以上部门，均照办。", "抽查[-两-][+三+]个[+以上+]部门，均照办。"),
        ("达标率90%", "达标率95.5%", "达标率[-90-][+95.5+]%"),
        ("第一句。第二句不变。", "第二句不变。第三句。", "[-第一句。-]第二句不变。[+第三句。+]"),
        ("a city-wide rule in force", "a provincial rule in force", "a [-city-wide-][+provincial+] rule in force"),
        ("one two three four", "one 2 3 four", "one [-two three-][+2 3+] four"),
        ("", "新的", "[+新的+]"),
        ("旧的", "", "[-旧的-]"),
    ],
)
def test_chinese_is_marked_by_signs_and_other_writing_by_words(before, after, wanted):
    assert seen(before, after) == wanted


def test_a_single_sign_that_stayed_between_two_replaced_ones_is_replaced_with_them():
    assert seen("由甲的乙负责办理", "由丙的丁负责办理") == "由[-甲的乙-][+丙的丁+]负责办理"


def test_a_sentence_of_which_nearly_nothing_stayed_is_replaced_whole():
    before, after = "只定了牵头人而什么也没做。", "全市规则有文号、正在执行。"
    assert seen(before, after) == f"[-{before}-][+{after}+]"


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off(before, after):
    segments = marked(before, after)
    assert "".join(text for kind, text in segments if kind != "inserted") == before
    assert "".join(text for kind, text in segments if kind != "deleted") == after


@given(TEXTS, TEXTS)
def test_neighbours_are_of_different_kinds_and_none_is_empty(before, after):
    segments = marked(before, after)
    assert all(text for _kind, text in segments)
    assert all(one.kind != other.kind for one, other in pairwise(segments))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert {kind for kind, _text in marked(text, text)} <= {"kept"}


def test_very_long_texts_that_share_nothing_are_replaced_whole():
    before, after = "甲" * 5000, "乙" * 5000
    assert [kind for kind, _text in marked(before, after)] == ["deleted", "inserted"]
