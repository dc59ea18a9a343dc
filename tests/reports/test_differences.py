"""What is said of differences, as a policy person reads it."""

from dataclasses import replace
from typing import get_args

import pytest
from django.utils.translation import override

from assessment.comparing import Difference, Kind, compare
from assessment.forms.element import labelled
from assessment.outline import Citation, Text
from assessment.places import Place
from assessment.reports.differences import said, told
from assessment.reports.differences.naming import field_of
from assessment.reports.differences.sentences import SENTENCES
from tests.editing import inserted, next_version, rich_framework, with_criteria, with_criterion, without
from tests.factories import make_criteria, text
from tests.test_comparing import changed_dimension, with_levels

OLD = rich_framework()
NEW = next_version(OLD)


def sentences(new, language="zh-hans"):
    with override(language):
        return [said(difference) for difference in compare(OLD, new)]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("criterion", "title"),
        ("criterion", "statement"),
        ("criterion", "guidance"),
        ("criterion", "measure"),
        ("criterion", "owner"),
        ("criterion", "carry"),
        ("criterion", "replaces"),
        ("level", "threshold"),
        ("source", "issuers"),
        ("source", "issued"),
        ("passage", "quote"),
        ("passage", "locator"),
    ],
)
def test_a_field_is_called_what_the_editor_calls_it(kind, path):
    with override("zh-hans"):
        assert field_of(Difference("changed", Place(kind, "x"), path)) == labelled(kind, path)


def named(code, title, *replaced):
    (criterion,) = make_criteria(code)
    return replace(criterion, title=text(title), replaces=replaced)


def test_a_split():
    parts = named("T1.2a", "数据供给", "T1.2"), named("T1.2b", "数据流通", "T1.2")
    assert sentences(inserted(without(NEW, "T1.2"), "T1", *parts, at=1)) == [
        "T1.2（评估项T1.2）拆分为T1.2a（数据供给）、T1.2b（数据流通），占总得分由16.7%变为25.0%"
    ]


def test_a_merger_as_a_new_criterion():
    new = inserted(without(NEW, "T1.2", "T1.3"), "T1", named("T1.5", "数据流通", "T1.2", "T1.3"))
    assert sentences(new) == ["T1.2（评估项T1.2）、T1.3（评估项T1.3）合并为T1.5（数据流通），占总得分由33.3%变为25.0%"]


def test_a_merger_into_one_of_them():
    new = with_criterion(without(NEW, "T1.3"), "T1.2", replaces=("T1.3",))
    assert sentences(new) == ["T1.3（评估项T1.3）并入T1.2（评估项T1.2），占总得分由33.3%变为25.0%"]


def test_a_regrouping():
    parts = named("T1.8", "供给", "T1.2", "T1.3"), named("T1.9", "流通", "T1.2", "T1.3")
    assert sentences(inserted(without(NEW, "T1.2", "T1.3"), "T1", *parts)) == [
        "T1.2（评估项T1.2）、T1.3（评估项T1.3）重组为T1.8（供给）、T1.9（流通），仍占总得分33.3%"
    ]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("T1.3", "T1.3（评估项T1.3）由T1（维度T1）移到P1.A（侧面A）"),
        ("P1.A3", "T1.3（评估项T1.3）由T1（维度T1）移到P1.A（侧面A），编号改为P1.A3"),
    ],
)
def test_a_move(code, wanted):
    moved = replace(OLD.criteria["T1.3"], code=code, replaces=() if code == "T1.3" else ("T1.3",))
    assert sentences(inserted(without(NEW, "T1.3"), "P1.A", moved)) == [wanted]


def test_a_move_in_english():
    moved = replace(OLD.criteria["T1.3"], code="P1.A3", replaces=("T1.3",))
    assert sentences(inserted(without(NEW, "T1.3"), "P1.A", moved), "en") == [
        "T1.3 (评估项T1.3) moved from T1 (维度T1) to P1.A (侧面A) and now has the code P1.A3"
    ]


def with_descriptor(words):
    levels = OLD.criteria["T1.2"].levels
    return with_criterion(NEW, "T1.2", levels=(*levels[:3], replace(levels[3], descriptor=text(words)), *levels[4:]))


def with_source(**changes):
    return replace(NEW, sources=(replace(NEW.sources[0], **changes),))


def with_passage(**changes):
    first, second = NEW.sources[0].passages
    return with_source(passages=(replace(first, **changes), second))


def with_threshold(threshold):
    return replace(NEW, scale=(*NEW.scale[:3], replace(NEW.scale[3], threshold=threshold), *NEW.scale[4:]))


CITED, ASSIGNED = Citation("doc-1", "一"), Citation("doc-1", "一", "assigned")
LOWER = {"default": 3, "key": 4}
CASES = {
    "新增评估项T1.4（数据流通），占总得分12.5%": inserted(NEW, "T1", named("T1.4", "数据流通")),
    "删除评估项T1.2（评估项T1.2），原占总得分16.7%": without(NEW, "T1.2"),
    "T1.3（评估项T1.3）的编号改为T1.7": with_criterion(NEW, "T1.3", code="T1.7", replaces=("T1.3",)),
    "T1.2：名称由“评估项T1.2”改为“数据流通”": with_criterion(NEW, "T1.2", title=text("数据流通")),
    "T1.2：新增名称（英文）“Flow”": with_criterion(NEW, "T1.2", title=Text({"zh-hans": "评估项T1.2", "en": "Flow"})),
    "T1.2（评估项T1.2）：3级描述有改动": with_descriptor("别的表现"),
    "T1.2（评估项T1.2）：新增衡量指标": with_criterion(NEW, "T1.2", measure=text("比例")),
    "T1.1（评估项T1.1）：删去怎样评": with_criterion(NEW, "T1.1", guidance=Text()),
    "T1.2（评估项T1.2）：权重由1改为2，占总得分由16.7%变为25.0%": with_criterion(NEW, "T1.2", weight=2),
    "T1.2（评估项T1.2）：每升一级的投入由3人月改为1、2、3、4、5人月": with_criterion(
        NEW, "T1.2", effort=(1, 2, 3, 4, 5)
    ),
    "T1.1（评估项T1.1）：标签由“甲:乙”改为“甲:乙、丙:丁”": with_criterion(NEW, "T1.1", tags=("甲:乙", "丙:丁")),
    "T1.1（评估项T1.1）：多项合并时的等级由“取最低等级”改为“取最高等级”": with_criterion(NEW, "T1.1", carry="highest"),
    "T1.1（评估项T1.1）：承接由“—”改为“X9”": with_criterion(NEW, "T1.1", replaces=("X9",)),
    "T1.2（评估项T1.2）新增依据1号 第一条": with_criterion(NEW, "T1.2", cites=(CITED,)),
    "T1.2（评估项T1.2）由本工具归入1号 第一条": with_criterion(NEW, "T1.2", cites=(ASSIGNED,)),
    "T1.1（评估项T1.1）不再由本工具归入1号 第二条": with_criterion(NEW, "T1.1", cites=(CITED,)),
    "T1（维度T1）引用1号 第一条的方式由“直接依据”改为“本工具归入”": changed_dimension("T1", cites=(ASSIGNED,)),
    "T1（维度T1）去掉依据1号 第一条": changed_dimension("T1", cites=()),
    "T1（维度T1）：类型由“转变”改为“普通”": changed_dimension("T1", kind="plain"),
    "T1（维度T1）：旧的一端有改动": changed_dimension("T1", start=text("别处")),
    "T1（维度T1）：评估项的顺序改为T1.3、T1.2、T1.1": with_criteria(NEW, "T1", lambda items: items[::-1]),
    "目标画像“2027目标”：关键项由4级改为5级，涉及1项：T1.1": with_levels({"default": 3, "key": 5}),
    "目标画像“2027目标”：其余各项由3级改为无，涉及6项：T1.2、T1.3、P1.A1、P1.A2、P1.B1、P1.B2": with_levels({"key": 4}),
    "目标画像“2027目标”：T1.2（评估项T1.2）由3级改为5级": with_levels(LOWER | {"T1.2": 5}),
    "目标画像“2027目标”：T1.2（评估项T1.2）的设定方式有改动，仍为3级": with_levels(LOWER | {"T1.2": 3}),
    "目标画像2027：名称由“2027目标”改为“近期”": replace(NEW, targets=(replace(NEW.targets[0], name=text("近期")),)),
    "删除目标画像“2027目标”": replace(NEW, targets=()),
    "3级：起始得分由“50”改为“55”": with_threshold(55),
    "评估框架：语言由“中文”改为“英文”": replace(NEW, language="en"),
    "《一份文件》：文号由“1号”改为“2号”": with_source(number="2号"),
    "《一份文件》：发文日期由“2024年5月14日”改为“—”": with_source(issued=None),
    "1号 第一条：状态由“原文已通读”改为“原文已摘读”": with_passage(status="excerpt"),
    "1号 第一条：内容概括有改动": with_passage(summary=text("别的大意")),
    "对照“甲”有改动": replace(NEW, crosswalks={"甲": {}}),
    "新增对照“乙”": replace(NEW, crosswalks={**NEW.crosswalks, "乙": {}}),
}


@pytest.mark.parametrize("wanted", CASES)
def test_one_difference_is_one_sentence(wanted):
    assert sentences(CASES[wanted]) == [wanted]


def test_a_criterion_that_is_no_longer_key_says_what_that_means_for_its_target():
    assert sentences(with_criterion(NEW, "T1.1", key=False)) == [
        "T1.1（评估项T1.1）不再是关键项",
        "目标画像“2027目标”：T1.1（评估项T1.1）由4级改为3级",
    ]


def test_there_is_a_sentence_for_every_kind():
    assert set(SENTENCES) == set(get_args(Kind))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_differences_are_grouped_by_dimension_in_the_new_order_and_counted(language):
    new = with_criterion(with_threshold(55), "T1.2", weight=2, title=text("数据流通"))
    new = with_criterion(new, "P1.A1", weight=3)
    with override(language):
        comparison = told(OLD, new)
    assert [group.key for group in comparison.groups] == ["framework", "dimension-T1", "dimension-P1"]
    assert [len(group.items) for group in comparison.groups] == [1, 2, 1]
    assert [count for _name, count in comparison.counts] == [1, 2, 1]
    assert comparison.total == 4


def test_every_criterion_whose_share_moved_is_listed_though_its_own_weight_stayed():
    listed = {
        share.code: (share.before, share.after) for share in told(OLD, with_criterion(NEW, "T1.2", weight=2)).shares
    }
    assert listed == {"T1.1": ("16.7%", "12.5%"), "T1.2": ("16.7%", "25.0%"), "T1.3": ("16.7%", "12.5%")}


def test_a_long_passage_that_stayed_is_cut():
    long = f"第一句说了{'很多' * 40}。"
    old = with_criterion(OLD, "T1.2", statement=text(f"{long}甲"))
    new = with_criterion(NEW, "T1.2", statement=text(f"{long}乙"))
    (group,) = told(old, new).groups
    kept = group.items[0].words[0].text
    assert kept.startswith("第一句") and kept.endswith("很多。") and "…" in kept and len(kept) < len(long)


def test_no_word_is_cut_in_the_middle():
    long = " ".join(["prototyping", "crosswalks"] * 8)
    old = with_criterion(OLD, "T1.2", statement=text(f"{long} before"))
    new = with_criterion(NEW, "T1.2", statement=text(f"{long} after"))
    (item,) = [item for group in told(old, new).groups for item in group.items]
    kept = item.words[0].text
    assert "…" in kept and set(kept.replace("…", " ").split()) == {"prototyping", "crosswalks"}


def test_what_differs_between_one_and_the_parts_of_it_is_told_part_by_part():
    part = replace(OLD.criteria["T1.2"], code="T1.8", replaces=("T1.2",), statement=text("另一问"), key=True)
    (item,) = [item for group in told(OLD, inserted(NEW, "T1", part)).groups for item in group.items]
    (pair,) = item.pairs
    assert (pair.was, pair.became) == ("T1.2", "T1.8")
    assert [inner.label for inner in pair.items] == ["表述", "设置", "目标"]
    assert all("T1.8" in inner.sentence for inner in pair.items)


def test_what_is_the_same_is_told_as_nothing():
    comparison = told(OLD, NEW)
    assert (comparison.groups, comparison.counts, comparison.shares, comparison.total) == ((), (), (), 0)
