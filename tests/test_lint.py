"""Lint: a clean framework, one fault put into it, and that fault found once, by its rule, at its place."""

import dataclasses
import gc
import time
from dataclasses import is_dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.exchange.framework import read_framework
from assessment.lint import RULES, lint
from assessment.management.commands.check_citations import SHIPPED
from assessment.outline import Citation, LevelDescriptor, Passage, Source, TargetProfile, Text
from assessment.quoting import Check
from tests.factories import make_criteria, make_framework, make_lens, make_transition, some_frameworks, text

BASIS = (Citation("law", "1"),)
STANDS = Check("law#1", "stands", edition="2024", sha256="a" * 64)


def mapped(value, change):
    """The outline with every part, text and list in it changed, the innermost first."""
    if is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return change(replace(value, **{name: mapped(getattr(value, name), change) for name in names}))
    if isinstance(value, tuple):
        return change(tuple(mapped(item, change) for item in value))
    return change(value)


def bilingual(framework):
    return mapped(framework, lambda v: Text(v | {"en": f"EN {v}"}) if isinstance(v, Text) and v else v)


def with_part(framework, code, /, **fields):
    """The framework with these fields of the part of this code, or of the passage of this id."""

    def change(value):
        is_named = code in (getattr(value, "code", ""), getattr(value, "id", ""))
        return replace(value, **fields) if is_named and all(hasattr(value, name) for name in fields) else value

    return mapped(framework, change)


def clean():
    """A framework in which there is nothing to find: two lenses, a transition and a balance, one source."""
    passages = (
        Passage("1", text("第一条"), "verbatim", quote=text("按季公开")),
        Passage("2", text("第二条"), "title-only"),
    )
    framework = make_framework(sources=(Source("law", text("办法"), passages=passages),))
    for code in framework.criteria:
        example = {"suffices": text("台账"), "falls_short": text("照片")}
        framework = with_part(framework, code, cites=BASIS, **example)
    return bilingual(with_part(framework, "T1.2", cites=(*BASIS, Citation("law", "2"))))


CLEAN = clean()
T1_1 = CLEAN.criteria["T1.1"]


def described(zh="", en="", at=2, base=CLEAN):
    """The clean framework with other words at one level of T1.1."""
    steps = base.criteria["T1.1"].levels
    old = next(step for step in steps if step.level == at).descriptor
    words = Text({"zh-hans": zh or old["zh-hans"], "en": en or old["en"]})
    return with_part(base, "T1.1", levels=tuple(replace(s, descriptor=words) if s.level == at else s for s in steps))


def with_target(**levels):
    return replace(CLEAN, targets=(TargetProfile("2027", CLEAN.targets[0].name, levels),))


def with_thresholds(*thresholds):
    steps = (replace(step, threshold=t) for step, t in zip(CLEAN.scale, thresholds, strict=True))
    return replace(CLEAN, scale=tuple(steps))


def with_texts_of(language):
    """The clean framework in one language, its name in both."""
    alone = mapped(CLEAN, lambda v: Text({language: v[language]}) if isinstance(v, Text) and v else v)
    return replace(alone, name=CLEAN.name)


def with_criterion(more):
    (t1,) = CLEAN.lenses[0].dimensions
    return with_part(CLEAN, "T1", facets=(replace(t1.facets[0], criteria=(*t1.criteria, more)),))


def without(code):
    return mapped(CLEAN, lambda v: tuple(x for x in v if getattr(x, "code", "") != code) if isinstance(v, tuple) else v)


def with_level_named(level, name):
    return replace(CLEAN, scale=tuple(replace(s, name=name) if s.level == level else s for s in CLEAN.scale))


SIDE = CLEAN.lenses[1].dimensions[0].facets[0]
ONE_SIDE = CLEAN.lenses[1].dimensions[0].facets[:1]
ONE_LEVEL = replace(
    mapped(CLEAN, lambda v: replace(v, levels=v.levels[:1]) if hasattr(v, "statement") else v),
    scale=CLEAN.scale[:1],
    targets=(),
)
SIX = LevelDescriptor(6, Text({"zh-hans": "新等级", "en": "New"}))
NEW = replace(
    T1_1, code="T1.9", title=Text({"zh-hans": "新", "en": "New"}), statement=Text({"zh-hans": "新", "en": "N"})
)

# Rule, place, the framework with the fault, and what it is compared with.
FAULTS = [
    ("nothing-inside", "framework", replace(CLEAN, lenses=()), {}),
    ("nothing-inside", "lens:X", replace(CLEAN, lenses=(*CLEAN.lenses, bilingual(make_lens("X")))), {}),
    ("nothing-inside", "facet:P1.B", with_part(CLEAN, "P1.B", criteria=()), {}),
    ("sides-wrong", "dimension:P1 facets", with_part(CLEAN, "P1", facets=ONE_SIDE), {}),
    ("code-repeated", "criterion:P1.A", with_part(CLEAN, "P1.A1", code="P1.A"), {}),
    ("code-repeated", "passage:law#1", with_part(CLEAN, "law", passages=CLEAN.sources[0].passages + CLEAN.sources[0].passages[:1]), {}),
    ("text-missing", "criterion:T1.1 title zh-hans", with_part(CLEAN, "T1.1", title=Text({"en": "Title"})), {}),
    ("text-missing", "criterion:T1.1 owner zh-hans", with_part(CLEAN, "T1.1", owner=Text({"en": "Owner"})), {}),
    ("text-missing", "passage:law#2 locator zh-hans", with_part(CLEAN, "2", locator=Text()), {}),
    ("pole-missing", "dimension:T1 start zh-hans", with_part(CLEAN, "T1", start=Text()), {}),
    ("scale-wrong", "framework scale", ONE_LEVEL, {}),
    ("threshold-wrong", "level:3 threshold", with_thresholds(None, 10, 30, 30, 70, 90), {}),
    ("threshold-wrong", "level:5 threshold", with_thresholds(None, 10, 30, 50, 70, 101), {}),
    ("threshold-wrong", "level:0 threshold", with_thresholds(0, 10, 30, 50, 70, 90), {}),
    ("level-missing", "criterion:T1.1 levels.3", with_part(CLEAN, "T1.1", levels=(*T1_1.levels[:3], *T1_1.levels[4:])), {}),
    ("level-above-scale", "criterion:T1.1 levels.6", with_part(CLEAN, "T1.1", levels=(*T1_1.levels, SIX)), {}),
    ("descriptor-missing", "criterion:T1.1 levels.2.descriptor zh-hans", described(zh=" "), {}),
    ("descriptors-equal", "criterion:T1.1 levels.4.descriptor zh-hans", described("等级1的表现。", at=4), {}),
    ("descriptors-equal", "criterion:T1.1 levels.1.descriptor en", described(en="en  等级0的表现", at=1), {}),
    ("target-above-scale", "target:2027 levels.key", with_target(default=3, key=6), {}),
    ("target-unknown", "target:2027 levels.T9.9", with_target(**{"T9.9": 3}), {}),
    ("citation-unknown", "criterion:T1.1 cites.law#9", with_part(CLEAN, "T1.1", cites=(*BASIS, Citation("law", "9"))), {}),
    ("quote-forbidden", "passage:law#2 quote", with_part(CLEAN, "2", quote=text("原文")), {}),
    ("quote-differs", "passage:law#1 quote", CLEAN, {"checks": [replace(STANDS, verdict="differs")]}),
    ("weight-wrong", "dimension:T1 weight", with_part(CLEAN, "T1", weight=0), {}),
    ("replaced-unknown", "criterion:T1.1 replaces.T0", with_part(CLEAN, "T1.1", replaces=("T0",)), {"previous": CLEAN}),
    ("golden-changed", "golden:甲市", CLEAN, {"golden": {"甲市": 2, "乙市": 0}}),
    ("descriptors-alike", "criterion:T1.1 levels.3.descriptor zh-hans", described("已全面建成制度", at=3, base=described("已基本建成制度")), {}),
    ("descriptors-alike", "criterion:T1.1 levels.3.descriptor en", described(en="It is fully in place", at=3, base=described(en="It is largely in place.")), {}),
    ("criterion-uncited", "criterion:T1.1 cites", with_part(CLEAN, "T1.1", cites=()), {}),
    ("clause-uncovered", "passage:law#2", with_part(CLEAN, "T1.2", cites=BASIS), {}),
    ("quote-unchecked", "passage:law#1 quote", CLEAN, {"checks": [replace(STANDS, passage="law#2")]}),
    ("source-unchecked", "source:law", CLEAN, {"checks": [replace(STANDS, verdict="unchecked", sha256="")]}),
    ("name-repeated", "facet:P1.B name zh-hans", with_part(CLEAN, "P1.B", name=SIDE.name), {}),
    ("name-repeated", "facet:P1.B name en", with_part(CLEAN, "P1.B", name=Text({"zh-hans": "另一侧", "en": SIDE.name["en"].lower()})), {}),
    ("name-repeated", "criterion:T1.3 title zh-hans", with_part(CLEAN, "T1.3", title=T1_1.title), {}),
    ("name-repeated", "lens:P name zh-hans", with_part(CLEAN, "P", name=CLEAN.lenses[0].name), {}),
    ("name-repeated", "level:2 name zh-hans", with_level_named(2, CLEAN.scale[1].name), {}),
    ("weight-idle", "criterion:T1.2 weight", with_part(CLEAN, "T1.2", weight=0.06), {}),
    ("weight-idle", "facet:P1.A weight", with_part(CLEAN, "P1.A", weight=0.05), {}),
    ("weight-idle", "lens:T weight", with_part(CLEAN, "T", weight=0.05), {}),
    ("code-vanished", "criterion:T1.3", without("T1.3"), {"previous": CLEAN}),
    ("replaced-kept", "criterion:T1.9 replaces.T1.1", with_criterion(replace(NEW, replaces=("T1.1",))), {"previous": CLEAN}),
    ("untranslated", "criterion:T1.1 title en", with_part(CLEAN, "T1.1", title=text("题"), statement=text("句")), {}),
    ("untranslated", "framework en", with_texts_of("zh-hans"), {}),
    ("examples-missing", "dimension:T1 examples", with_part(with_part(CLEAN, "T1.1", suffices=Text()), "T1.3", falls_short=Text()), {}),
]  # fmt: skip


def found(framework, **compared):
    return [(finding.rule, str(finding.place)) for finding in lint(framework, **compared)]


def test_a_clean_framework_has_nothing_to_find():
    assert found(CLEAN, previous=CLEAN, checks=[STANDS], golden={"甲市": 0}) == []


@pytest.mark.parametrize(("rule", "place", "framework", "compared"), FAULTS, ids=[f"{f[0]} {f[1]}" for f in FAULTS])
def test_a_fault_is_named_once_by_its_rule_at_its_place(rule, place, framework, compared):
    assert found(framework, **compared) == [(rule, place)]


def test_every_rule_has_its_fault():
    assert {rule for rule, _severity, _find in RULES} == {fault[0] for fault in FAULTS}


class TestTheKeyOfAFinding:
    def test_says_rule_and_place_and_stays_when_figures_change(self):
        (finding,) = lint(with_part(CLEAN, "T1.2", weight=0.06))
        (lighter,) = lint(with_part(CLEAN, "T1.2", weight=0.01))
        assert finding.key == lighter.key == "weight-idle criterion:T1.2 weight"

    def test_is_another_where_the_same_rule_is_broken_elsewhere(self):
        findings = lint(replace(CLEAN, lenses=()), previous=CLEAN)
        assert len({finding.key for finding in findings}) == len(findings) > 1


class TestLevelsToldApartByDegreeAlone:
    @pytest.mark.parametrize(
        ("lower", "upper"),
        [
            ("部门之间较好协同", "部门之间协同良好"),
            ("建立了比较完善的制度", "进一步建立了完善的制度"),
            ("多数部门按目录共享数据", "绝大多数部门按目录共享数据"),
            ("有效推进、显著改善", "深入推进，明显改善"),
        ],
    )
    def test_are_named_in_chinese(self, lower, upper):
        framework = described(upper, at=3, base=described(lower))
        assert found(framework) == [("descriptors-alike", "criterion:T1.1 levels.3.descriptor zh-hans")]

    @pytest.mark.parametrize(
        ("lower", "upper"),
        [
            ("一个部门按目录共享数据", "两个部门按目录共享数据"),
            ("按年报出，覆盖率1.5倍", "按年报出，覆盖率15倍"),
            ("覆盖率≥80%", "覆盖率<80%"),
        ],
    )
    def test_are_not_named_where_something_can_be_looked_at(self, lower, upper):
        assert found(described(upper, at=3, base=described(lower))) == []

    def test_are_named_only_among_neighbours(self):
        assert found(described("已全面建成制度", at=4, base=described("已基本建成制度"))) == []

    def test_are_not_looked_for_in_a_language_without_a_list(self):
        steps = [replace(s, descriptor=Text(s.descriptor | {"fr": f"peu {'très ' * s.level}"})) for s in T1_1.levels]
        assert found(with_part(CLEAN, "T1.1", levels=tuple(steps))) == []


class TestCodesOfTheVersionBefore:
    def test_a_code_that_was_only_renamed_is_told_with_the_new_one(self):
        (finding,) = lint(with_part(CLEAN, "T1.3", code="T1.8"), previous=CLEAN)
        assert (finding.rule, finding.values) == ("code-vanished", {"renamed": "T1.8"})

    def test_what_another_criterion_replaces_has_not_vanished(self):
        assert found(with_part(CLEAN, "T1.3", code="T1.8", replaces=("T1.3",)), previous=CLEAN) == []

    def test_a_split_that_keeps_the_code_names_it_on_both_sides(self):
        split = with_part(with_criterion(replace(NEW, replaces=("T1.1",))), "T1.1", replaces=("T1.1",))
        assert found(split, previous=CLEAN) == []

    def test_without_a_version_before_nothing_is_said_of_codes(self):
        assert found(with_part(CLEAN, "T1.3", code="T1.8", replaces=("T0",))) == []


class TestWhatIsSaidForAll:
    def test_no_citation_anywhere_is_one_finding(self):
        framework = mapped(CLEAN, lambda v: replace(v, cites=()) if hasattr(v, "cites") else v)
        assert found(framework) == [("criterion-uncited", "framework cites")]

    def test_no_example_anywhere_is_one_finding(self):
        bare = {"suffices": Text(), "falls_short": Text()}
        framework = mapped(CLEAN, lambda v: replace(v, **bare) if hasattr(v, "suffices") else v)
        assert found(framework) == [("examples-missing", "framework examples")]

    def test_several_texts_of_one_part_are_counted_together(self):
        (finding,) = lint(with_part(CLEAN, "T1.1", title=text("题"), statement=text("句")))
        assert finding.values == {"count": 2}

    def test_sources_that_no_criterion_cites_are_for_reading_on(self):
        other = bilingual(Source("plan", text("规划"), passages=(Passage("1", text("目标"), "second-hand"),)))
        assert found(replace(CLEAN, sources=(*CLEAN.sources, other))) == []


class TestTheShippedFramework:
    def test_has_nothing_to_put_right(self):
        framework = read_framework(SHIPPED / "cn-city-digital-2024.1.yaml")
        assert found(framework, previous=framework) == []


def test_five_hundred_criteria_are_looked_at_in_half_a_second():
    dimensions = (make_transition(f"X{n}", make_criteria(*(f"X{n}.{m}" for m in range(10)))) for n in range(50))
    framework = bilingual(make_framework(make_lens("X", *dimensions)))
    gc.collect()  # what other tests left behind is not lint's to clear away
    began = time.process_time()
    lint(framework, previous=framework)
    assert time.process_time() - began < 0.5


# Random edits

WORDS = st.dictionaries(st.sampled_from(["zh-hans", "en", "fr", ""]), st.text(max_size=8), max_size=3).map(Text)
BY_TYPE = {
    Text: WORDS,
    str: st.one_of(st.text(max_size=6), st.sampled_from(["T1", "X0", "default", "key", "title-only", "balance"])),
    float: st.floats(),
    int: st.one_of(st.integers(-1, 12), st.floats()),
    bool: st.booleans(),
}


@st.composite
def edited_frameworks(draw):
    """A framework of all kinds, and the same after some parts of it were changed, dropped, doubled or turned round."""
    framework = draw(some_frameworks())
    wanted = draw(st.sets(st.integers(0, 200), max_size=8))
    count = iter(range(100_000))

    def change(value):
        if next(count) not in wanted:
            return value
        if isinstance(value, tuple):
            return draw(st.sampled_from([(), value[1:], value[::-1], value + value[:1]]))
        return draw(BY_TYPE[type(value)]) if type(value) in BY_TYPE else value

    return framework, mapped(framework, change)


@given(edited_frameworks(), st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=2))
def test_no_edit_makes_lint_fail_or_say_a_thing_twice(frameworks, golden):
    framework, edited = frameworks
    checks = [Check(key, "differs", sha256="x") for key in framework.passages]
    findings = lint(edited, previous=framework, checks=checks, golden=golden)
    assert len({finding.key for finding in findings}) == len(findings)
    assert list(findings) == sorted(findings, key=lambda finding: finding.severity)
