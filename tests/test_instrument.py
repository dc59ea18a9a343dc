"""The imagined cities by which the criteria were tested (docs/instrument.md tells how)."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from assessment.exchange.framework import read_framework

CASES = Path(__file__).with_name("instrument.yaml")


@pytest.fixture(scope="module")
def situations():
    cities = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return [{**situation, "city": city["city"]} for city in cities for situation in city["situations"]]


@pytest.fixture(scope="module")
def shipped():
    return read_framework(settings.BASE_DIR / "fixtures" / "frameworks" / "cn-city-digital-2024.1.yaml")


def test_twenty_cities_cover_every_criterion_once(situations, shipped):
    assert len({situation["city"] for situation in situations}) == 20
    assert sorted(situation["criterion"] for situation in situations) == sorted(shipped.criteria)


def test_every_level_occurs_equally_often(situations):
    assert Counter(situation["intended"] for situation in situations) == dict.fromkeys(range(6), 10)


def test_two_blind_readers_choose_the_same_level_in_nine_of_ten(situations):
    same = [situation for situation in situations if len(set(situation["readers"])) == 1]
    right = [situation for situation in same if situation["readers"][0] == situation["intended"]]
    assert len(right) >= 0.9 * len(situations)


def test_no_description_gives_its_level_away(situations, shipped):
    names = [str(level.name) for level in shipped.scale] + ["级"]
    assert [
        s["criterion"] for s in situations if any(f"{n}{name}" in s["text"] for n in "012345" for name in names)
    ] == []


def test_the_document_tells_what_the_cases_say(situations):
    table = (settings.BASE_DIR / "docs" / "instrument.md").read_text(encoding="utf-8")
    for s in situations:
        assert f"| {s['city']} | {s['criterion']} " in table
        assert f"| {s['intended']} | {s['readers'][0]} | {s['readers'][1]} |" in table
