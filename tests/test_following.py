"""What people added to a round's reports: it goes on with the round into its copy, and only the look into the next year."""

from dataclasses import replace
from datetime import date

import pytest

from assessment import actions
from assessment.models import Assessment, Mark
from tests.migrations import next_version, store_next
from tests.records import make_round, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, {"T1.1": 3, "T1.2": 2, "P1.A1": 4, "P1.B1": 1})


def write(record, by, place, code, text, report="gap", language="zh-hans"):
    seen = {
        key: row.number for key, row in actions.latest_remarks(record, code, [place], language, report).items() if row
    }
    return actions.write_remark(record, code, {place: text}, seen=seen, language=language, by=by, report=report)


def words(record):
    return {(row.report, row.place, row.code, row.language): row.text for row in record.remarks.all()}


def moved(record, by):
    return actions.migrate_round(record, store_next(), by=by).copy


class TestIntoTheCopy:
    def test_go_the_words_that_count_by_who_wrote_them_and_when(self, record, lead, consultant):
        write(record, lead, "summary", "", "初稿")
        write(record, consultant, "summary", "", "定稿")
        write(record, consultant, "summary", "", "In short", language="en")
        write(record, consultant, "summary", "", "比上年", report="comparison")
        write(record, lead, "dimension", "T1", "收回的话")
        write(record, lead, "dimension", "T1", "")
        written = {(row.by, row.at) for row in record.remarks.newest().exclude(text="")}
        copy = moved(record, lead)
        assert words(copy) == {
            ("gap", "summary", "", "zh-hans"): "定稿",
            ("gap", "summary", "", "en"): "In short",
            ("comparison", "summary", "", "zh-hans"): "比上年",
        }
        assert {(row.by, row.at) for row in copy.remarks.all()} == written
        assert {(row.by, row.number) for row in copy.remarks.all()} == {(consultant, 1)}
        assert record.remarks.count() == 6

    def test_they_follow_what_their_criterion_became(self, record, lead):
        for code in ("T1.1", "T1.3", "P1.A2", "P1.B1"):
            write(record, lead, "added", code, f"原{code}")
        write(record, lead, "reworded", "P1.A1", "改写")
        write(record, lead, "dimension", "P1", "维度的话")
        assert words(moved(record, lead)) == {
            ("gap", "added", "T1.1", "zh-hans"): "原T1.1",
            ("gap", "added", "T1.9", "zh-hans"): "原T1.3",  # renamed
            ("gap", "reworded", "P1.A3", "zh-hans"): "改写",  # of two that were merged the first
            ("gap", "dimension", "P1", "zh-hans"): "维度的话",
        }

    def test_a_dimension_that_takes_another_ones_criteria_bears_its_words(self, record, lead):
        write(record, lead, "dimension", "P1", "维度的话")
        following = next_version()
        first, second = following.lenses
        (dimension,) = second.dimensions
        renamed = replace(second, dimensions=(replace(dimension, code="P9"),))
        target = store(replace(following, lenses=(first, renamed)))
        copy = actions.migrate_round(record, target, by=lead).copy
        assert words(copy) == {("gap", "dimension", "P9", "zh-hans"): "维度的话"}

    def test_go_owners_and_days(self, record, lead):
        given = {
            "T1.3": ("市数据局", date(2027, 6, 30)),
            "P1.A2": ("市大数据中心", None),
            "P1.B1": ("市发展改革委", None),
        }
        actions.set_improvements(record, given, by=lead)
        copy = moved(record, lead)
        assert {row.criterion: (row.owner, row.due_on) for row in copy.improvements.all()} == {
            "T1.9": ("市数据局", date(2027, 6, 30)),
            "P1.A3": ("市大数据中心", None),
        }
        assert record.improvements.count() == 3

    def test_goes_the_look(self, record, lead, consultant):
        mark = Mark.objects.create(user=consultant, organisation="甲咨询")
        look = {"consultant": mark, "document_number": "〔2026〕1号", "approvals": [["审核", "张三", "2026-09-01"]]}
        actions.change_design(record, look, by=lead)
        copy = moved(record, lead)
        assert copy.design.outline() == record.design.outline()
        assert copy.design.pk != record.design.pk

    def test_comes_nothing_where_nothing_was_added(self, record, lead):
        copy = moved(record, lead)
        assert not copy.remarks.exists() and not copy.improvements.exists() and not hasattr(copy, "design")


def test_the_next_round_only_looks_alike(record, framework, lead):
    write(record, lead, "summary", "", "当年的话")
    actions.set_improvements(record, {"T1.1": ("市数据局", None)}, by=lead)
    look = {
        "classification": "内部资料",
        "document_number": "〔2026〕1号",
        "approvals": [["审核", "张三", "2026-09-01"]],
    }
    actions.change_design(record, look, by=lead)
    following = Assessment(city=record.city, framework=framework, round="2027", previous=record)
    following = actions.create_round(following, by=lead)
    assert not following.remarks.exists() and not following.improvements.exists()
    assert following.design.classification == "内部资料"
    assert (following.design.document_number, following.design.approvals) == ("", [["审核", "张三", ""]])
    assert record.design.document_number == "〔2026〕1号"
