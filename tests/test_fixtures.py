"""Every shipped framework is whole, cites what it rests on, and stands in the one spelling that export gives."""

import re
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from assessment.bench import run
from assessment.exchange.framework import read_framework, write_framework
from assessment.exchange.golden import read_golden_sets

FILES = sorted((Path(__file__).parents[1] / "fixtures/frameworks").glob("*.yaml"))
GOLDEN = sorted((Path(__file__).parents[1] / "fixtures/golden").glob("*.yaml"))
KEYS = ["T1.1", "T2.1", "T3.2", "T4.2", "T5.1", "T6.1"]
KEYS += ["P1.A1", "P1.B1", "P2.A1", "P2.B2", "P3.A1", "P3.B1", "P4.A2", "P4.B1", "P5.B1"]
GUIDANCE = "ndrc-2024-660"
SAFEGUARDS = "五"  # 保障措施: its clauses bear no numbers


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def shipped(request):
    return read_framework(request.param)


def the(stem):
    (path,) = [path for path in FILES if path.stem == stem]
    return read_framework(path)


@pytest.fixture(scope="module")
def chinese():
    return the("cn-city-digital-2024.1")


@pytest.fixture(scope="module")
def dcmm():
    return the("dcmm-self-check-1.0")


@pytest.fixture(scope="module")
def lite():
    return the("ssc-maturity-lite-1.0")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_bytes_are_those_that_export_gives(path):
    assert write_framework(read_framework(path)) == path.read_text(encoding="utf-8")


def test_its_file_is_named_after_its_code_and_version(shipped):
    assert f"{shipped.code}-{shipped.version}" in {path.stem for path in FILES}


def test_no_descriptor_is_empty_and_no_two_are_equal(shipped):
    found = Counter(str(level.descriptor).strip() for c in shipped.criteria.values() for level in c.levels)
    assert "" not in found
    assert [text for text, count in found.items() if count > 1] == []
    assert found.total() == len(shipped.criteria) * (shipped.highest + 1)


def test_no_two_criteria_ask_the_same(shipped):
    for asked in ("title", "statement", "guidance", "measure"):
        found = Counter(str(getattr(criterion, asked)).strip() for criterion in shipped.criteria.values())
        assert "" not in found
        assert found.most_common(1)[0][1] == 1


def test_every_level_but_the_lowest_says_which_evidence_suffices(shipped):
    for criterion in shipped.criteria.values():
        assert [bool(level.evidence) for level in criterion.levels] == [False] + [True] * shipped.highest, (
            criterion.code
        )


def test_every_level_but_the_highest_says_how_to_reach_the_next(shipped):
    for criterion in shipped.criteria.values():
        assert [bool(level.next) for level in criterion.levels] == [True] * shipped.highest + [False], criterion.code


def test_every_criterion_says_who_answers(shipped):
    assert [c.code for c in shipped.criteria.values() if not c.owner] == []


def test_whatever_leads_to_the_next_level_has_an_actor(shipped):
    steps = [level.next.to("zh-hans") for c in shipped.criteria.values() for level in c.levels if level.next]
    assert [step for step in steps if not step.startswith("由")] == []


def test_every_measure_says_what_it_is_divided_by(shipped):
    assert [c.code for c in shipped.criteria.values() if "分母" not in c.measure.to("zh-hans")] == []


def test_a_descriptor_is_one_or_two_sentences(shipped):
    told = [level.descriptor.to("zh-hans") for c in shipped.criteria.values() for level in c.levels]
    assert [words for words in told if not 1 <= words.count("。") <= 2] == []


def test_the_highest_level_looks_back_two_years(shipped):
    highest = [c.levels[-1].descriptor.to("zh-hans") for c in shipped.criteria.values()]
    assert [words for words in highest if "24个月" not in words] == []


def test_every_target_profile_asks_for_levels_of_the_scale(shipped):
    for profile in shipped.targets:
        asked = {profile.level_for(criterion) for criterion in shipped.criteria.values()}
        assert asked <= set(range(1, shipped.highest + 1))


def test_the_tags_of_a_crosswalk_are_its_items(shipped):
    known = {f"{group}:{name}" for group, names in shipped.crosswalks.items() for name in names}
    assert {tag for c in shipped.criteria.values() for tag in c.tags} <= known
    assert {key for names in shipped.crosswalks.values() for key in names.values()} <= shipped.passages.keys()


def test_every_criterion_cites_something_and_every_citation_resolves(shipped):
    assert [c.code for c in shipped.criteria.values() if not c.cites] == []
    assert [citation.key for _owner, citation in shipped.citations() if citation.key not in shipped.passages] == []


def test_only_official_wording_is_quoted_and_never_at_length(shipped):
    for key, (_source, passage) in shipped.passages.items():
        assert passage.quotable or not passage.quote, key
        assert all(len(quote) <= 60 for quote in passage.quote.values()), key


def test_every_passage_is_told_in_own_words(shipped):
    assert [key for key, (_source, passage) in shipped.passages.items() if not passage.summary] == []


def test_names_and_titles_are_in_english_too(shipped):
    named = [*shipped.lenses, *shipped.dimensions, *shipped.scale, *shipped.targets]
    named += [facet for dimension in shipped.dimensions for facet in dimension.facets]
    assert [item for item in named if not item.name.get("en")] == []
    assert [c.code for c in shipped.criteria.values() if not c.title.get("en")] == []


def test_sixty_criteria_in_six_trends_and_five_priorities(chinese):
    trends = [f"T{trend}.{number}" for trend in range(1, 7) for number in range(1, 6)]
    priorities = [f"P{n}.{side}{number}" for n in range(1, 6) for side in "AB" for number in range(1, 4)]
    assert list(chinese.criteria) == trends + priorities
    kinds = [(dimension.code, dimension.kind) for dimension in chinese.dimensions]
    assert kinds == [(f"T{n}", "transition") for n in range(1, 7)] + [(f"P{n}", "balance") for n in range(1, 6)]


def test_beside_every_criterion_stand_an_example_of_evidence_that_suffices_and_one_that_does_not(chinese):
    for criterion in chinese.criteria.values():
        for example in (criterion.suffices, criterion.falls_short):
            assert 25 <= len(str(example)) <= 70, criterion.code


def test_what_suffices_says_for_which_level(chinese):
    numbers = "".join(str(level) for level in range(1, chinese.highest + 1))
    silent = [c.code for c in chinese.criteria.values() if not re.search(f"[{numbers}]级", str(c.suffices))]
    assert silent == []


def test_no_two_examples_of_evidence_are_alike(chinese):
    examples = [str(example) for c in chinese.criteria.values() for example in (c.suffices, c.falls_short)]
    pairs = {example: {*pairwise(example)} for example in examples}
    assert len(pairs) == len(examples)
    for one, other in combinations(pairs, 2):
        assert len(pairs[one] & pairs[other]) < min(len(pairs[one]), len(pairs[other])) / 2, (one, other)


def test_the_key_criteria_are_those_agreed_and_all_weigh_the_same(chinese):
    assert [c.code for c in chinese.criteria.values() if c.key] == KEYS
    weighted = [*chinese.lenses, *chinese.dimensions, *chinese.criteria.values()]
    weighted += [facet for dimension in chinese.dimensions for facet in dimension.facets]
    assert {item.weight for item in weighted} == {1}


def test_the_scale_has_its_thresholds_halfway(chinese):
    assert [(level.level, level.threshold) for level in chinese.scale] == list(enumerate([None, 10, 30, 50, 70, 90]))
    assert [level.name["zh-hans"] for level in chinese.scale][1:] == [
        "初始级",
        "受管理级",
        "稳健级",
        "量化管理级",
        "优化级",
    ]


def test_the_later_target_never_asks_for_less(chinese):
    sooner, later = chinese.targets
    assert (sooner.code, later.code) == ("2027", "2030")
    assert [c.code for c in chinese.criteria.values() if later.level_for(c) < sooner.level_for(c)] == []


def test_every_clause_of_the_guidance_is_used(chinese):
    cited = {citation.key for criterion in chinese.criteria.values() for citation in criterion.cites}
    clauses = {key for key in chinese.passages if key.startswith(f"{GUIDANCE}#")}
    assert len(clauses) == 15
    assert clauses - cited <= {f"{GUIDANCE}#{SAFEGUARDS}"}


def test_what_this_tool_files_itself_is_filed_under_the_guidance(chinese):
    assigned = {citation.source for _owner, citation in chinese.citations() if citation.role == "assigned"}
    assert assigned == {GUIDANCE}


def test_a_criterion_rests_on_the_guidance_or_is_filed_under_a_clause_of_it(chinese):
    for criterion in chinese.criteria.values():
        roles = Counter(citation.role for citation in criterion.cites if citation.source == GUIDANCE)
        assert bool(roles["basis"]) != bool(roles["assigned"]), criterion.code


def test_every_criterion_is_filed_by_carrier_and_by_the_national_plan(chinese):
    for criterion in chinese.criteria.values():
        groups = Counter(tag.split(":")[0] for tag in criterion.tags)
        assert 1 <= groups["carrier"] <= 3, criterion.code
        assert groups["2522"] >= 1, criterion.code
        assert groups.keys() <= chinese.crosswalks.keys(), criterion.code


# 数据管理能力自查


def test_three_criteria_in_each_of_the_eight_domains(dcmm):
    names = ["数据战略", "数据治理", "数据架构", "数据应用", "数据安全", "数据质量", "数据标准", "数据生存周期"]
    assert [dimension.name["zh-hans"] for dimension in dcmm.dimensions] == names
    assert list(dcmm.criteria) == [f"D{n}.{k}" for n in range(1, 9) for k in range(1, 4)]
    assert {dimension.kind for dimension in dcmm.dimensions} == {"plain"}


def test_its_levels_are_named_as_in_the_framework_for_cities(dcmm, chinese):
    assert [level.name for level in dcmm.scale] == [level.name for level in chinese.scale]


def test_level_three_is_a_rule_with_its_number_and_level_four_a_measured_share(dcmm):
    for criterion in dcmm.criteria.values():
        assert "有文号" in criterion.levels[3].descriptor["zh-hans"], criterion.code
        assert "分母" in criterion.levels[4].descriptor["zh-hans"], criterion.code


def test_each_of_its_tags_lies_in_the_domain_of_a_criterion_or_beside_it(dcmm):
    homes = {f"dcmm:{item}": key.split("#")[1] for item, key in dcmm.crosswalks["dcmm"].items()}
    assert len(homes) == 28
    for criterion in dcmm.criteria.values():
        assert dcmm.home[criterion.code].name["zh-hans"] in {homes[tag] for tag in criterion.tags}, criterion.code


@pytest.fixture(scope="module", params=["dcmm-self-check-1.0", "ssc-maturity-lite-1.0"])
def borrowed(request):
    return the(request.param)


def test_what_is_borrowed_is_names_alone_and_never_quoted(borrowed):
    (source,) = borrowed.sources
    assert {passage.status for passage in source.passages} == {"title-only"}
    assert source.issued is None and not any(passage.quote for passage in source.passages)


# Smart sustainable city maturity, lite


def test_three_criteria_in_each_of_its_five_dimensions(lite):
    names = ["Strategy", "ICT infrastructure", "Data", "Services and applications", "Assessment"]
    assert [str(dimension.name) for dimension in lite.dimensions] == names
    assert list(lite.criteria) == [f"{d.code}{k}" for d in lite.dimensions for k in range(1, 4)]
    assert [str(level.name) for level in lite.scale[1:]] == [
        "Planning",
        "Alignment",
        "Development",
        "Integration",
        "Optimization",
    ]


def test_everything_in_it_is_said_in_english_first_and_in_chinese(lite):
    texts = [lite.name, lite.about, *(level.meaning for level in lite.scale)]
    for criterion in lite.criteria.values():
        texts += [criterion.title, criterion.statement, criterion.guidance, criterion.owner, criterion.measure]
        texts += [text for level in criterion.levels for text in (level.descriptor, level.evidence, level.next) if text]
    assert {tuple(text) for text in texts} == {("en", "zh-hans")}


def test_every_tag_is_explained_by_a_passage(chinese):
    explained = {f"{group}:{name}": key for group, names in chinese.crosswalks.items() for name, key in names.items()}
    assert {tag for c in chinese.criteria.values() for tag in c.tags} <= explained.keys()
    assert set(explained.values()) <= chinese.passages.keys()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_sets_come_to_the_figures_that_they_expect(path):
    (file,) = [file for file in FILES if file.stem == path.stem]
    framework = read_framework(file)
    results = [run(framework, golden) for golden in read_golden_sets(path, framework)]
    assert len(results) >= 3
    assert [(result.differences, result.lost) for result in results] == [((), ())] * len(results)


def test_the_chinese_golden_sets_hold_all_that_an_answer_can_be(chinese):
    (path,) = [path for path in GOLDEN if path.stem == "cn-city-digital-2024.1"]
    sets = read_golden_sets(path, chinese)
    assert {answer for golden in sets for answer in golden.answers.values()} == {0, 1, 2, 3, 4, 5, "na"}
    assert any(set(golden.answers) == set(chinese.criteria) for golden in sets)
    assert any(set(golden.answers) < set(chinese.criteria) for golden in sets)
