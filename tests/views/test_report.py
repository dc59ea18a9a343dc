"""Results and downloads: one calculation, and the same numbers wherever they are read."""

import json
from datetime import date
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.outline import Evidence
from assessment.reports.words import points
from tests.commands.running import run
from tests.factories import EXAMPLE_TWO, NA
from tests.records import approved, framework_of, make_round, store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
MIXED = EXAMPLE_TWO | {"T1.2": NA, "P1.A1": {"level": 3, "verified_level": 2}, "P1.B2": {}}


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, MIXED, as_of=date(2026, 9, 30))


@pytest.fixture
def results(record, lead):
    return opened(visitor(lead), "assessment-results", record.pk)


def document_of(record, user, **query):
    return visitor(user).get(reverse("score-download", args=[record.pk]), query).json()


class TestTheNumbers:
    def test_are_those_of_the_score_document(self, record, lead, results):
        document = document_of(record, lead)
        overall = document["overall"]
        row = results.row("总体")
        assert row[2] == points(overall["score"])
        assert row[4] == f"{points(overall['low'])}–{points(overall['high'])}"
        assert row[5] == points(overall["strict"])
        assert points(overall["at_target"]) in results.text
        for code, dimension in document["dimensions"].items():
            row = results.row(f"{code} ")
            assert row[2] == points(dimension["score"])
            assert row[4] == f"{points(dimension['low'])}–{points(dimension['high'])}"

    def test_are_those_of_the_command(self, record, lead):
        outcome = run("score", record.pk)
        assert json.loads(outcome.out) == document_of(record, lead)

    def test_differ_by_basis_where_the_reviewer_differs(self, record, lead, results):
        effective, own = document_of(record, lead), document_of(record, lead, basis="self")
        assert (effective["basis"], own["basis"]) == ("effective", "self")
        assert effective["dimensions"]["P1"]["score"] != own["dimensions"]["P1"]["score"]
        scores = [document["dimensions"]["P1"]["score"] for document in (own, effective)]
        assert results.row("P1 ")[1:4] == [
            points(scores[0]),
            points(scores[1]),
            points(scores[1] - scores[0]).replace("-", "−"),
        ]
        assert results.row("T1 ")[3] == "0.0"
        assert "1项" in results.text

    def test_rank_gaps_as_the_document_does(self, record, lead, results):
        ranked = [
            (gap["criterion"], str(gap["level"]), str(gap["target"])) for gap in document_of(record, lead)["gaps"]
        ]
        shown = [row for row in results.rows if len(row) == 7 and row[0].isdigit()]
        assert [(row[1].split()[0], row[2], row[3]) for row in shown] == ranked
        assert [row[0] for row in shown] == [str(number) for number in range(1, len(ranked) + 1)]


class TestTheResults:
    def test_show_strict_where_something_is_not_applicable(self, results):
        assert "从严得分" in results.text
        assert results.row("T1 ")[5] != ""
        assert results.row("P1 ")[5] == ""

    def test_show_no_strict_elsewhere(self, city, framework, lead):
        record = make_round(city, framework, EXAMPLE_TWO)
        assert len(opened(visitor(lead), "assessment-results", record.pk).row("T1 ")) == 5

    def test_show_one_track_alone_while_nothing_is_verified(self, city, framework, lead):
        record = make_round(city, framework, EXAMPLE_TWO)
        page = opened(visitor(lead), "assessment-results", record.pk)
        assert "尚未复核" in page.text
        assert "差值" not in page.text

    def test_name_what_caps_a_level_and_lead_there(self, city, framework, lead):
        record = make_round(city, framework, EXAMPLE_TWO)
        page = opened(visitor(lead), "assessment-results", record.pk)
        assert "限制等级的关键项" in page.text
        assert "T1.1 评估项T1.1（1级）" in page.text
        assert f"{reverse('dimension-answer', args=[record.pk, 'T1'])}#T1.1" in page.links
        assert page.row("T1 ")[3:5] == ["3", "2▼受限"]

    @pytest.mark.parametrize("view", ["assessment-results", "report-page"])
    def test_say_why_there_is_no_gap(self, city, framework, lead, view):
        def said(round_, answers):
            record = make_round(city, framework, answers, target="", round=round_)
            return opened(visitor(lead), view, record.pk).text

        codes = framework.outline().criteria
        assert "没有差距：本轮未选目标画像" in said("2026", dict.fromkeys(codes, 5))
        assert "已答评估项均已达到目标。" in said("2027", {code: {"level": 5, "target": 5} for code in codes})
        assert "尚未作答" in said("2028", {})

    def test_name_no_cap_where_there_is_none(self, city, framework, lead):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 5))
        assert "限制等级的关键项" not in opened(visitor(lead), "assessment-results", record.pk).text

    def test_cite_the_clause_of_a_gap_and_mark_what_was_assigned(self, results):
        row = next(row for row in results.rows if len(row) == 7 and row[1].startswith("T1.1"))
        assert "条款" in row[-1]
        assert "1号 第一条" in row[-1]
        assert "原文" in row[-1]
        assert "本工具归入" in row[-1]

    def test_link_every_cell_of_the_heat_map_to_its_answer(self, record, framework, results):
        for criterion in framework.outline().criteria:
            code = criterion.split(".")[0]
            assert f"{reverse('dimension-answer', args=[record.pk, code])}#{criterion}" in results.links

    def test_give_each_picture_its_numbers_in_a_table(self, results):
        assert results.row("T1 ")[1] in results.text
        assert results.row("P1 维度P1")[1:6:2]

    def test_of_a_final_round_are_no_draft(self, city, framework, lead):
        record = make_round(city, framework, dict.fromkeys(framework.outline().criteria, 2))
        assert "草稿" in opened(visitor(lead), "assessment-results", record.pk).text
        approved(record)
        assert "草稿" not in opened(visitor(lead), "assessment-results", record.pk).text

    def test_of_an_empty_round_say_how_to_begin(self, assessment, lead):
        page = opened(visitor(lead), "assessment-results", assessment.pk)
        assert page.status == 200
        assert assessment.get_absolute_url() in page.links
        assert page.text.count("尚未作答") == 2
        assert "均已达到目标" not in page.text

    def test_ask_the_database_no_more_for_thirty_criteria_than_for_three(self, city, lead):
        def queries(count):
            framework = store(framework_of(count, version=f"of-{count}"))
            answers = {code: {"level": 2, "evidence": (Evidence("办法"),)} for code in framework.outline().criteria}
            record = make_round(city, framework, answers)
            with CaptureQueriesContext(connection) as counted:
                opened(visitor(lead), "assessment-results", record.pk)
            return len(counted)

        assert queries(30) == queries(3)


def named(response):
    """What a browser calls the file."""
    return unquote(response["Content-Disposition"].partition("filename*=UTF-8''")[2])


class TestDownloads:
    def test_the_report_is_a_pdf_with_a_name(self, record, lead):
        response = visitor(lead).get(reverse("report-download", args=[record.pk]))
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith(
            f'attachment; filename="report-{record.pk}.pdf"; filename*=UTF-8'
        )
        assert "%E6%9D%AD%E5%B7%9E%E5%B8%82-2026-" in response["Content-Disposition"]
        assert response.content.startswith(b"%PDF-")

    @pytest.mark.parametrize(
        ("form", "chinese", "english"),
        [
            ("pdf", "差距报告.pdf", "gap report.pdf"),
            ("docx", "差距报告.docx", "gap report.docx"),
            ("brief", "一页简报.pdf", "One-page brief.pdf"),
            ("slides", "汇报简报（六页）.pdf", "Six pages for a meeting.pdf"),
        ],
    )
    def test_are_named_in_their_own_language(self, record, lead, form, chinese, english):
        address = reverse("report-download", args=[record.pk, form])
        names = [named(visitor(lead).get(address + query)) for query in ("", "?language=en")]
        assert names == [f"杭州市-2026-{chinese}", f"杭州市-2026-{english}"]

    @pytest.mark.parametrize(("query", "name"), [("", "待补佐证清单"), ("?language=en", "evidence to be asked for")])
    def test_the_list_of_evidence_is_named_in_its_language(self, record, lead, query, name):
        response = visitor(lead).get(reverse("request-download", args=[record.pk, "xlsx"]) + query)
        assert named(response) == f"杭州市-2026-{name}.xlsx"

    def test_the_document_is_json_without_escapes(self, record, lead):
        response = visitor(lead).get(reverse("score-download", args=[record.pk]))
        assert response["Content-Type"] == "application/json"
        assert response["Content-Disposition"].startswith("attachment; ")
        assert named(response) == "杭州市-2026-得分.json"
        assert json.loads(response.content)["framework"] == "small-city"

    @pytest.mark.parametrize("view", ["report-download", "score-download"])
    def test_names_hold_whatever_the_round_is_called(self, city, framework, lead, view):
        record = make_round(city, framework, round='甲"乙\r\n丙/..; x=1')
        response = visitor(lead).get(reverse(view, args=[record.pk]))
        assert response.status_code == 200
        assert "\n" not in response["Content-Disposition"]
        assert "甲" not in response["Content-Disposition"]

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_without_fonts_the_page_says_so_and_leads_back(self, record, lead, settings, tmp_path, language):
        settings.FONT_CACHE = tmp_path
        page = opened(visitor(lead), f"{reverse('report-download', args=[record.pk])}?language={language}")
        assert page.status == 503
        assert "字体缺失或已损坏" in page.text
        assert "prepare_fonts" in page.text
        assert record.get_absolute_url() in page.links

    def test_of_an_empty_round_are_made_too(self, assessment, lead):
        client = visitor(lead)
        assert client.get(reverse("report-download", args=[assessment.pk])).content.startswith(b"%PDF-")
        assert document_of(assessment, lead)["overall"]["score"] is None
