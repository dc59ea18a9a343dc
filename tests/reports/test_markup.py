"""What somebody writes comes out as it was typed, but for the few marks that the page of writing names."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.reports.markup import blocks, nested

MARKS = "*_-+#>|`~![]()\\&;:/.，：“”。《》 \n\t0123456789ab重点"
PIECES = ["**", "*", "***", "- ", "1. ", "2. ", "  - ", "[网](https://a.cn/x)", "[x](y)", "![](", "&amp;", "\n", "\n\n"]
texts = st.one_of(
    st.text(st.sampled_from(MARKS), max_size=60),
    st.lists(st.sampled_from([*PIECES, "重点：", "100*3*2", " ", "“要素×”"]), max_size=20).map("".join),
)


def printed(text):
    return "".join("".join(block.text for block in blocks(text)).split())


def typed(text):
    return "".join(text.split())


def is_part_in_order(part, whole):
    rest = iter(whole)
    return all(character in rest for character in part)


def bold(text):
    return [span.text for block in blocks(text) for span in block.spans if span.strong]


def numbered(text):
    return [(block.number, block.depth) for block in blocks(text) if block.kind == "numbered"]


class TestAllElseIsPrintedAsTyped:
    @pytest.mark.parametrize(
        "text",
        [
            "每年投入100*3*2万元，折合3*4*5=60人月",
            "编号[1](2)",
            "见[附件](附件一)",
            r"\*不是记号\* \[也不是\]",
            "_甲_ __乙__ *丙* ***丁***",
            '![图](https://a.cn/x.png "题") [x](javascript:alert(1)) [x](https://a.cn "题") [ ](https://a.cn/)',
            "# 标题\n## 二级",
            "> 引用\n| 甲 | 乙 |\n|---|---|\n---\n```\n码\n```",
            "* 甲\n+ 乙\n1) 丙\n007. 丁\n-戊\n1.5 亿",
            "&amp; &#20; <b>粗</b> <!-- 注 --> <https://a.cn>",
            "2 ** 3 与 4 ** 5",
            "2**10",
            "****",
        ],
    )
    def test_whatever_else_markdown_knows(self, text):
        assert printed(text) == typed(text)
        assert bold(text) == []
        assert not any(span.link for block in blocks(text) for span in block.spans)

    @given(st.text(st.characters(exclude_characters="*[-."), max_size=80))
    def test_any_text_without_the_marks(self, text):
        assert printed(text) == typed(text.replace("\r", "\n"))

    @given(texts)
    def test_any_text_loses_marks_alone(self, text):
        shown = printed(text)
        assert is_part_in_order(shown, typed(text))
        links = re.findall(r"\]\(https://a\.cn/x\)", text)
        marks = len(re.findall(r"(?m)^\s*(?:-|\d+\.)\s", text))
        lost = Counter(typed(text)) - Counter(shown)
        assert lost["*"] % 4 == 0
        assert lost["["] == lost["]"] == lost["("] <= len(links)
        assert lost["-"] <= marks and set(lost) <= set("*[]()-.:/0123456789") | set("https://a.cn/x")

    def test_in_the_order_in_which_it_was_typed_over_lines(self):
        assert [block.text for block in blocks("甲\n乙\r\n丙\n\n丁")] == ["甲\n乙\n丙", "丁"]

    def test_a_line_that_stands_in_begins_a_paragraph(self):
        assert [block.text for block in blocks("　　甲\n　　乙\n丙")] == ["甲", "乙\n丙"]


class TestBold:
    def test_is_what_stands_between_two_and_two_asterisks_whatever_comes_next(self):
        assert bold("**重点：**先建台账。**“数据要素×”**行动") == ["重点：", "“数据要素×”"]
        assert bold("第一，**（一）**甲**《办法》**乙") == ["（一）", "《办法》"]
        assert bold("a **b c** d") == ["b c"]

    def test_goes_on_over_a_line_and_into_a_link(self):
        assert bold("**甲\n乙 [网](https://a.cn/x)**丙") == ["甲\n乙 ", "网"]

    def test_without_an_end_is_none(self):
        assert bold("**甲 **乙** 丙**丁** 戊 **") == ["甲 ", " 丙"]
        assert bold("**甲\n\n乙**") == []


class TestLinks:
    def test_lead_to_the_web_and_keep_their_words(self):
        (block,) = blocks("见[公报](HTTPS://www.gov.cn/公报_(一).html)。")
        assert [span.text for span in block.spans] == ["见", "公报", "。"]
        assert block.spans[1].link == "HTTPS://www.gov.cn/%E5%85%AC%E6%8A%A5_(%E4%B8%80).html"


class TestLists:
    def test_bear_the_numbers_that_were_typed(self):
        assert [number for number, _depth in numbered("3. 甲\n5. 乙\n\n2027. 丙")] == [3, 5, 2027]

    def test_count_on_where_the_same_number_was_typed_again(self):
        assert [number for number, _depth in numbered("1. 甲\n1. 乙\n1. 丙")] == [1, 2, 3]

    def test_have_at_most_one_other_within(self):
        text = "1. 甲\n   - 乙\n     - 丙\n   1. 丁\n2. 戊\n　　- 己"
        assert [(block.text, block.depth) for block in blocks(text)] == [
            ("甲", 0),
            ("乙", 1),
            ("丙", 1),
            ("丁", 1),
            ("戊", 0),
            ("己", 1),
        ]
        assert [(head.text, len(within)) for head, within in nested(blocks(text))] == [("甲", 3), ("戊", 1)]

    def test_that_all_stand_in_are_no_deeper(self):
        assert numbered("　　1. 甲\n　　2. 乙") == [(1, 0), (2, 0)]
