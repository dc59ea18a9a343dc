"""The quality annex as a page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.outline import Evidence
from tests.factories import NA
from tests.records import framework_of, make_round, store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
ANSWERS = {
    "T1.1": {"level": 3, "verified_level": 2, "rationale": "有", "target": 1},
    "T1.2": {"level": 5},
    "T1.3": NA,
    "P1.A1": 0,
}


@pytest.fixture
def annex(city, framework, viewer):
    return opened(visitor(viewer), "assessment-annex", make_round(city, framework, ANSWERS).pk)


def test_it_tells_what_is_worth_a_second_look_and_why(annex):
    assert annex.row("目标低于现状等级")[1] == "T1.1 评估项T1.1 关键项（2级） 目标1级"
    assert "可能尚未更新" in annex.row("目标低于现状等级")[2]
    assert annex.row("等级高而无说明和佐证")[1] == "T1.2 评估项T1.2（5级）"


def test_it_lists_claims_what_was_set_aside_and_what_reviewers_saw_otherwise(annex):
    assert "1级及以上的2项中，有2项未列佐证材料。" in annex.text
    assert annex.row("T1.3 ") == ["T1.3 评估项T1.3", NA["not_applicable"]]
    assert annex.rows[-1][1:] == ["3", "2", "−1"]
    assert annex.row("T1 ")[1:] == ["1", "0", "0", "1", "−1.00"]


def test_its_criteria_lead_to_their_answers(annex):
    number = annex.address.split("/")[2]
    assert f"{reverse('dimension-answer', args=[number, 'T1'])}#T1.2" in annex.links


def test_of_an_empty_round_every_part_says_so_in_one_line(assessment, viewer):
    page = opened(visitor(viewer), "assessment-annex", assessment.pk)
    for words in ("均列有佐证材料", "未发现前后不一致之处", "没有填报不适用的评估项", "尚无复核等级"):
        assert words in page.text


def test_hostile_text_stays_text(city, framework, viewer):
    words = '<img src=x onerror="alert(1)">\u202e' * 100
    same = {"level": 1, "rationale": words, "evidence": (Evidence(words[:300], "javascript:alert(1)"),)}
    record = make_round(city, framework, {"T1.1": same, "T1.2": same | {"level": 5}, "T1.3": {"not_applicable": words}})
    page = opened(visitor(viewer), "assessment-annex", record.pk)
    assert page.status == 200
    assert "<img" not in page.html
    assert not [link for link in page.links if link.startswith("javascript")]


def test_it_asks_no_more_for_thirty_criteria_than_for_three(city, viewer):
    def queries(count):
        record = make_round(city, store(framework_of(count, version=f"of-{count}")), dict.fromkeys(["X1.1", "X1.2"], 4))
        with CaptureQueriesContext(connection) as counted:
            opened(visitor(viewer), "assessment-annex", record.pk)
        return len(counted)

    assert queries(30) == queries(3)
