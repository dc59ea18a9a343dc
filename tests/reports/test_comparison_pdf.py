"""The comparison on paper: its chapters, its numbers, and nothing that a user typed breaks it."""

from dataclasses import replace
from functools import cache

import pytest

from assessment.outline import City
from assessment.remark import Remark, Remarks
from assessment.reports import pdf
from assessment.reports.comparison import Round, compare
from assessment.reports.words import points
from tests.factories import EXAMPLE_TWO, make_assessment
from tests.migrations import next_version, reweighted
from tests.records import some_framework
from tests.reports import sample
from tests.reports.paper import greys, leaves_the_margins, pages_of, words_of

CHAPTERS = [
    "变化概要",
    "维度",
    "提升的评估项",
    "下降的评估项",
    "其他评估项",
    "新增和改动的评估项",
    "差距的消除和新增",
    "对比方法",
]
WORDS = Remarks((Remark("summary", "", "整体**向好**。\n\n1. 先补制度\n2. <b>后补台账</b>", "张三"),))


@cache
def compared(kind="one version"):
    shipped = sample.framework()
    if kind == "two versions":
        after = make_assessment({"T1.1": 3, "T1.2": 2, "T1.9": 4, "P1.A3": 4, "P1.B2": 1, "P1.B3": 2}, version="2025.1")
        return compare(Round(some_framework(), make_assessment(EXAMPLE_TWO)), Round(next_version(), after))
    if kind == "other weights":
        after = make_assessment(EXAMPLE_TWO, version="2025.1")
        return compare(Round(some_framework(), make_assessment(EXAMPLE_TWO)), Round(reweighted(), after))
    if kind == "hostile":
        bad = replace(sample.hostile(), round=sample.HOSTILE[2] * 4)
        remarks = Remarks((Remark("summary", "", "\n\n".join([*sample.HOSTILE, "长" * 20_000]), sample.HOSTILE[0]),))
        return compare(Round(shipped, bad), Round(shipped, replace(bad, city=City("1", "甲\x00<b>"))), remarks=remarks)
    empty = Round(shipped, sample.assessment(responses=[]))
    if kind == "empty":
        return compare(empty, empty)
    before = replace(sample.partial(), round="2025")
    return compare(Round(shipped, before), Round(shipped, sample.assessment(3)), remarks=WORDS)


@cache
def printed(kind="one version"):
    return pdf.render_comparison(compared(kind))


def test_it_has_its_chapters_in_order():
    text = "".join(pages_of(printed())[2:])
    places = [text.index(chapter) for chapter in CHAPTERS]
    assert places == sorted(places)


def test_the_cover_names_both_rounds():
    cover = pages_of(printed())[0]
    for words in ("杭州市", "两轮评估对比", "2025", "2026", "2024.1", "草稿"):
        assert words in cover


def test_every_score_is_printed():
    text = words_of(printed())
    for movement in compared().dimensions:
        before, after = points(movement.before.score), points(movement.after.score)
        assert f"{movement.code}{movement.name}{before}{after}".replace(" ", "") in text


def test_every_criterion_that_rose_or_fell_is_listed():
    text = words_of(printed())
    for item in compared().of("improved", "fell"):
        assert f"{item.last.code}{item.last.title}".replace(" ", "") in text


def test_between_two_versions_the_difference_is_taken_apart():
    text = words_of(printed("two versions"))
    assert "其中作答变化+3.3，评估项变化+11.7。" in text
    assert "P1.A1、P1.A2→P1.A3" in text


def test_what_counts_otherwise_is_listed_with_old_and_new():
    text = words_of(printed("other weights"))
    assert "T1.2评估项T1.2权重1316.7%→30.0%" in text
    assert "T1.1评估项T1.1关键项是否" in text


def test_what_stayed_is_listed_by_code_with_its_level():
    assert "T1.1（1）、T1.2（5）、T1.3（4）" in words_of(printed("other weights"))


def test_the_authors_words_stand_in_the_summary_as_they_were_meant():
    summary = pages_of(printed())[2]
    assert "整体向好。" in summary
    assert "2.<b>后补台账</b>" in summary
    assert "张三" in summary


@pytest.mark.parametrize("kind", ["one version", "two versions", "other weights", "empty", "hostile"])
def test_nothing_leaves_the_margins(kind):
    assert not [rows for rows in list(greys(printed(kind)))[1:] if leaves_the_margins(rows)]


def test_the_same_comparison_gives_the_same_bytes():
    assert pdf.render_comparison(compared()) == printed()
