"""The report as a page and as files of several kinds; the evidence that is to be asked for."""

import json
import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from assessment import actions
from assessment.models import Event, Mark, ReportFile
from assessment.outline import Evidence
from assessment.reports.words import points
from tests.factories import EXAMPLE_TWO, NA
from tests.records import framework_of, make_round, store
from tests.reports import sample
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
MARKUP = '<script>alert(1)</script> & "引号" \u202e红'


@pytest.fixture
def record(city, framework):
    answers = EXAMPLE_TWO | {"T1.2": NA, "P1.A1": {"level": 3, "verified_level": 2}, "P1.B2": {}}
    return make_round(city, framework, answers, as_of=date(2026, 9, 30))


class TestDownloads:
    @pytest.mark.parametrize("form", FORMS)
    def test_come_in_each_form_by_its_own_address_and_enter_the_register(self, record, lead, form):
        address = reverse("report-download", args=[record.pk, form])
        assert address.endswith(f"/report.{form}")
        response = visitor(lead).get(address)
        assert response["Content-Type"] == FORMS[form]
        assert response["Content-Disposition"].startswith(f'attachment; filename="report-{record.pk}.{form}"')
        entry = ReportFile.objects.get()
        assert (entry.kind, entry.form, entry.language, entry.by, entry.size) == (
            "gap",
            form,
            "zh-hans",
            lead,
            len(response.content),
        )

    def test_in_all_forms_say_the_same(self, record, lead):
        for form in FORMS:
            visitor(lead).get(reverse("report-download", args=[record.pk, form]))
        assert len({entry.content_sha256 for entry in ReportFile.objects.all()}) == 1

    @pytest.mark.parametrize("form", ["docx", "xlsx"])
    def test_come_in_english_too(self, record, lead, form):
        response = visitor(lead).get(reverse("report-download", args=[record.pk, form]), {"language": "en"})
        file = BytesIO(response.content)
        facts = Document(file).core_properties if form == "docx" else load_workbook(file).properties
        assert "gap report on" in facts.title
        assert ReportFile.objects.get().language == "en"

    @pytest.mark.parametrize("form", ["doc", "exe", "PDF", "docx.exe"])
    def test_in_a_form_that_is_not_known_are_not_there(self, record, lead, form):
        assert visitor(lead).get(f"/assessments/{record.pk}/report.{form}").status_code == 404
        assert not ReportFile.objects.exists()

    def test_without_fonts_lead_back(self, record, lead, settings, tmp_path):
        settings.FONT_CACHE = tmp_path
        page = opened(visitor(lead), "report-download", record.pk, "docx")
        assert page.status == 503
        assert record.get_absolute_url() in page.links

    def test_are_offered_on_the_results_page_in_both_languages(self, record, lead):
        page = opened(visitor(lead), "assessment-results", record.pk)
        assert {reverse("report-download", args=[record.pk, form]) for form in FORMS} <= set(page.links)
        english = opened(visitor(lead), "assessment-results", record.pk, language="en")
        assert f"{reverse('report-download', args=[record.pk, 'docx'])}?language=en" in english.links


class TestThePage:
    def test_says_what_the_score_document_says(self, record, lead):
        page = opened(visitor(lead), "report-page", record.pk)
        document = visitor(lead).get(reverse("score-download", args=[record.pk])).json()
        for code, dimension in document["dimensions"].items():
            row = next(row for row in page.rows if row and row[0].startswith(f"{code} ") and len(row) == 7)
            assert row[1] == points(dimension["score"])
        ranked = [row for row in page.rows if len(row) == 6 and row[0].isdigit()]
        assert [int(row[0]) for row in ranked] == [gap["rank"] for gap in document["gaps"]]

    def test_is_in_the_language_that_is_asked_for(self, record, lead):
        chinese = opened(visitor(lead), "report-page", record.pk)
        english = opened(visitor(lead), "report-page", record.pk, language="en")
        assert 'data-watermark="草稿"' in chinese.html
        assert 'data-watermark="Draft"' in english.html
        assert "一、一页摘要" in chinese.text
        assert "1. One-page summary" in english.text
        assert 'lang="en"' in english.html
        assert "?language=en" in chinese.links

    def test_shows_what_is_typed_as_text(self, city, framework, lead):
        answers = {code: {"level": 1, "rationale": MARKUP} for code in framework.outline().criteria}
        page = opened(visitor(lead), "report-page", make_round(city, framework, answers).pk)
        assert "<script>alert(1)" not in page.html
        assert '<script>alert(1)</script> & "引号" 红' in page.text
        assert "\u202e" not in page.html

    def test_bears_what_the_cover_bears(self, record, lead):
        mark = Mark.objects.create(user=lead, organisation="甲咨询", logo=sample.logo("teal"), deep="#3b2a5a")
        look = {
            "classification": "内部资料",
            "document_number": "〔2026〕7号",
            "consultant": mark,
            "colours": "consultant",
        }
        actions.change_design(record, look | {"approvals": [["审核", "张三", "2026-09-01"]]}, by=lead)
        page = opened(visitor(lead), "report-page", record.pk)
        for words in ("草稿", "内部资料", "〔2026〕7号", "编制单位", "甲咨询", "审核", "张三", "2026年9月1日"):
            assert words in page.text
        assert 'src="data:image/png;base64,' in page.html
        assert re.search(r'<style nonce="\S+">\.report-page { --navy: #3b2a5a;', page.html)

    def test_of_an_empty_round_is_there_too(self, assessment, lead):
        assert "尚无得分" in opened(visitor(lead), "report-page", assessment.pk).text

    def test_asks_the_database_no_more_for_thirty_criteria_than_for_three(self, city, lead):
        assert _queries(city, lead, "report-page", 30) == _queries(city, lead, "report-page", 3)


def _queries(city, lead, view, count):
    framework = store(framework_of(count, version=f"of-{count}"))
    record = make_round(city, framework, {code: {"level": 2} for code in framework.outline().criteria})
    with CaptureQueriesContext(connection) as counted:
        assert opened(visitor(lead), view, record.pk).status == 200
    return len(counted)


class TestWhatIsAskedFor:
    @pytest.fixture
    def record(self, city, framework):
        answers = {code: {"level": 2} for code in framework.outline().criteria}
        answers["T1.1"] = {"level": 2, "evidence": (Evidence("办法"),)}
        return make_round(city, framework, answers)

    def test_is_listed_without_what_has_evidence(self, record, lead):
        page = opened(visitor(lead), "request-detail", record.pk)
        listed = {row[0].split()[0] for row in page.rows if len(row) == 3 and row[1].isdigit()}
        assert listed == set(record.framework.outline().criteria) - {"T1.1"}

    def test_stands_under_the_department_that_has_it_in_hand(self, record, lead, city):
        office = city.departments.create(name="市财政局")
        record.assignments.create(criterion=record.framework.criteria.get(code="T1.2"), department=office)
        page = opened(visitor(lead), "request-detail", record.pk)
        assert "市财政局" in page.text
        sheet = load_workbook(BytesIO(self.download(record, lead, "xlsx").content)).worksheets[0]
        assert {row[1].value: row[0].value for row in sheet.iter_rows(min_row=4)}["T1.2"] == "市财政局"

    @pytest.mark.parametrize(("form", "called"), [("docx", "Word"), ("xlsx", "Excel")])
    def test_is_taken_away_as_a_file_that_the_register_knows(self, record, lead, form, called):
        response = self.download(record, lead, form)
        assert response["Content-Type"] == FORMS[form]
        entry = ReportFile.objects.get()
        assert (entry.kind, entry.form, entry.assessment) == ("request", form, record)
        assert Event.objects.get(target=f"待补佐证清单 · {called}").by == lead

    @pytest.mark.parametrize("form", ["pdf", "json", "exe"])
    def test_comes_in_no_other_form(self, record, lead, form):
        assert self.download(record, lead, form).status_code == 404

    def test_is_nothing_where_nothing_is_answered(self, assessment, lead):
        page = opened(visitor(lead), "request-detail", assessment.pk)
        assert "没有待补的佐证" in page.text
        assert assessment.get_absolute_url() in page.links

    def test_asks_the_database_no_more_for_thirty_criteria_than_for_three(self, city, lead):
        assert _queries(city, lead, "request-detail", 30) == _queries(city, lead, "request-detail", 3)

    @staticmethod
    def download(record, user, form):
        return visitor(user).get(reverse("request-download", args=[record.pk, form]))


def test_the_json_of_a_round_is_its_score_document_with_the_content(record, lead):
    told = json.loads(visitor(lead).get(reverse("report-download", args=[record.pk, "json"])).content)
    content = told.pop("content")
    assert told == visitor(lead).get(reverse("score-download", args=[record.pk])).json()
    assert content["cover"]["city"] == "杭州市"
