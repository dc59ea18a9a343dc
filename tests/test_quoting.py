"""Quotations against texts: what counts, what does not, and where a wrong one comes closest."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.quoting import Segment, check, plain, stands

CLAUSE = "深入推进数字技术与一二三产业深度融合，鼓励平台企业构建多层次产业互联网服务平台。"


class TestWhatDoesNotCount:
    @pytest.mark.parametrize(
        ("quote", "text"),
        [
            ("深度融合，鼓励", "深度融\n  合，\r\n鼓励"),
            ("2027年底，50个以上", "２０２７年底,５０个以上"),
            ("“高效办成一件事”", '"高效办成一件事"'),
            ("数字中国——整体布局", "数字中国―─整体布局"),
            ("政务·数据", "政务・数据"),
            ("一张网", "⼀张网"),
            ("a－b", "a-b"),
            ("the workflow", "the workﬂow"),
            ("infrastructure of a city", "infra-\nstructure\nof a\u00a0city"),
            ("数据要素", "数\u200b据\ufeff要素"),
            ("café", "cafe\u0301"),
        ],
    )
    def test_a_quotation_stands_all_the_same(self, quote, text):
        assert stands(quote, f"前文{text}后文") and stands(text, f"前文{quote}后文")


class TestWhatCounts:
    @pytest.mark.parametrize(
        ("quote", "text"),
        [
            ("一二三产业深度融合。", "一二三产业深度融合，"),
            ("10²", "102"),
            ("第①条", "第1条"),
            ("City", "city"),
            ("5-10", "510"),
            ("深度融合", "深入融合"),
        ],
    )
    def test_another_sign_is_another_text(self, quote, text):
        assert not stands(quote, text)


class TestEllipses:
    @pytest.mark.parametrize("dots", ["……", "…", "………"])
    def test_join_pieces_that_stand_in_this_order(self, dots):
        assert stands(f"深入推进{dots}产业互联网", CLAUSE)

    @pytest.mark.parametrize("quote", ["产业互联网……深入推进", "深入推进……深入推进", "……", "", " \n"])
    def test_do_not_join_what_is_in_another_order_or_nothing(self, quote):
        assert not check(quote, CLAUSE).stands

    def test_may_stand_in_the_text_itself(self):
        assert stands("等等……", "水、电、气等等……")

    def test_leave_each_piece_its_own_difference(self):
        verdict = check("深入推动数字技术……多层级产业互联网", CLAUSE)
        assert [(s.kind, s.words) for s in verdict.difference] == [
            ("kept", "深入推"),
            ("added", "动"),
            ("missing", "进"),
            ("kept", "数字技术"),
            ("kept", "……"),
            ("kept", "多层"),
            ("added", "级"),
            ("missing", "次"),
            ("kept", "产业互联网"),
        ]


class TestTheDifference:
    def test_is_told_where_the_text_comes_closest(self):
        text = f"深入推进。{'别的条款。' * 50}{CLAUSE}{'后面的条款。' * 50}"
        verdict = check("数字技术与一二三产业融合，鼓励龙头企业", text)
        assert [(s.kind, s.words) for s in verdict.difference] == [
            ("kept", "数字技术与一二三产业"),
            ("missing", "深度"),
            ("kept", "融合，鼓励"),
            ("added", "龙头"),
            ("missing", "平台"),
            ("kept", "企业"),
        ]

    def test_goes_by_words_in_latin_writing(self):
        verdict = check(
            "a smart sustainable city is innovative", "Here a smart\nsustainable town is an innovative one."
        )
        assert [(s.kind, s.words.strip()) for s in verdict.difference] == [
            ("kept", "a smart sustainable"),
            ("added", "city"),
            ("missing", "town"),
            ("kept", "is"),
            ("missing", "an"),
            ("kept", "innovative"),
        ]

    def test_is_the_quotation_alone_where_nothing_is_like_it(self):
        assert check("完全不同的话", "abc " * 100).difference == (Segment("added", "完全不同的话"),)

    def test_is_none_where_the_quotation_stands(self):
        assert check("深入推进", CLAUSE).difference == ()


# Properties

SIGNS = st.sampled_from("数据要素城市转型，。、“”（）2027 \nabﬂ－—…Ａ")
TEXTS = st.text(SIGNS, min_size=1, max_size=200)


@given(TEXTS, st.data())
def test_every_part_of_a_text_stands_in_it(text, data):
    begin = data.draw(st.integers(0, len(text) - 1))
    quote = text[begin : data.draw(st.integers(begin + 1, len(text)))]
    assert check(quote, text).stands == bool(plain(quote.replace("…", "")))


@given(TEXTS, st.data())
def test_space_anywhere_changes_nothing(text, data):
    spaced = "".join(sign + data.draw(st.sampled_from(["", " ", "\n", "\u3000"])) for sign in text)
    assert plain(spaced) == plain(text)


@given(TEXTS, st.text(st.sampled_from("数据要素城市转型，。abcXYZ甲乙"), min_size=1, max_size=40))
def test_a_difference_has_the_whole_quotation_in_it_and_a_part_of_the_text(text, quote):
    verdict = check(quote, text)
    mine = "".join(s.words for s in verdict.difference if s.kind != "missing")
    theirs = "".join(s.words for s in verdict.difference if s.kind != "added")
    assert verdict.stands == (plain(quote) in plain(text))
    if not verdict.stands:
        assert plain(mine) == plain(quote)
        assert plain(theirs) in plain(text)


@pytest.mark.parametrize(
    "words",
    [
        "数据要素城市转型发展治理服务平台",
        "".join(map(chr, range(0x4E00, 0x4F00))),
        ["the ", "city ", "of ", "data ", "is ", "digital ", "and ", "its ", "services ", "are ", "smart "],
    ],
    ids=["few signs", "many signs", "words"],
)
def test_a_million_characters_are_compared_in_seconds(words):
    text = "".join(random.Random(1).choices(words, k=1_000_000))[:1_000_000]
    began = time.process_time()
    verdict = check(f"{text[500_000:500_060]}异{text[500_060:500_120]}", text)
    assert time.process_time() - began < 3
    assert any("异" in segment.words for segment in verdict.difference if segment.kind == "added")
    assert sum(len(s.words) for s in verdict.difference if s.kind == "missing") <= 10


def test_a_quotation_as_long_as_a_text_may_be_is_compared_too():
    text = "".join(random.Random(2).choices("数据要素城市转型发展治理服务平台", k=200_000))
    quote = "异".join(text[100_000 + n : 100_000 + n + 400] for n in range(0, 20_000, 400))[:20_000]
    began = time.process_time()
    assert not check(quote, text).stands
    assert time.process_time() - began < 10
