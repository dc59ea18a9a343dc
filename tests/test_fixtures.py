"""Every shipped framework is whole, cites what it rests on, and stands in the one spelling that export gives."""

import re
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from assessment.exchange.framework import read_framework, write_framework

FILES = sorted((Path(__file__).parents[1] / "fixtures/frameworks").glob("*.yaml"))
KEYS = ["T1.1", "T2.1", "T3.2", "T4.2", "T5.1", "T6.1"]
KEYS += ["P1.A1", "P1.B1", "P2.A1", "P2.B2", "P3.A1", "P3.B1", "P4.A2", "P4.B1", "P5.B1"]
GUIDANCE = "ndrc-2024-660"
SAFEGUARDS = "五"  # 保障措施: its clauses bear no numbers


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def shipped(request):
    return read_framework(request.param)


@pytest.fixture(scope="module")
def chinese():
    (path,) = [path for path in FILES if path.stem == "cn-city-digital-2024.1"]
    return read_framework(path)


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


def test_every_tag_is_explained_by_a_passage(chinese):
    explained = {f"{group}:{name}": key for group, names in chinese.crosswalks.items() for name, key in names.items()}
    assert {tag for c in chinese.criteria.values() for tag in c.tags} <= explained.keys()
    assert set(explained.values()) <= chinese.passages.keys()
