"""Two rounds compared, as a person sees them, and what they take away."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from assessment.models import City, Design, Event, Remark, ReportFile
from assessment.outline import Evidence
from tests.factories import EXAMPLE_TWO, NA, make_framework
from tests.migrations import reweighted, store_next
from tests.records import approved, framework_of, make_round, store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db
NOW = EXAMPLE_TWO | {"T1.1": 4, "T1.2": 3, "P1.A1": NA}


@pytest.fixture
def before(city, framework):
    return make_round(city, framework, EXAMPLE_TWO, round="2025", as_of=date(2025, 9, 30))


@pytest.fixture
def record(city, framework, before):
    """The round at hand, which goes on from the one before."""
    record = make_round(city, framework, NOW, round="2026", as_of=date(2026, 9, 30))
    record.previous = before
    record.save()
    return record


def compared(user, record, **query):
    return opened(visitor(user), "assessment-compare", record.pk, **query)


def download(user, record, form="json", **query):
    return visitor(user).get(reverse("comparison-download", args=[record.pk, form]), query)


class TestThePage:
    def test_tells_both_scores_and_the_difference(self, record, viewer):
        page = compared(viewer, record)
        assert page.row("T1 ")[1:] == ["66.7", "73.3", "+6.6 上升", "2→4"]
        assert "差值全部来自作答变化" in page.text

    def test_lists_what_rose_what_fell_and_what_is_no_longer_asked(self, record, viewer):
        page = compared(viewer, record)
        assert page.row("T1.1 ")[1:] == ["1", "4", "4", "提升+3", "差距已消除"]
        assert page.row("T1.2 ")[1:] == ["5", "3", "3", "下降−2", ""]
        assert page.row("P1.A1 ")[1:5] == ["3", "不适用", "3", "改为不适用"]

    def test_puts_the_earlier_round_first_from_wherever_one_comes(self, record, before, viewer):
        for there, other in ((record, before), (before, record)):
            page = compared(viewer, there, **{"with": other.pk})
            assert "从2025到2026的变化" in page.text

    def test_leads_to_the_words_that_it_prints_from_wherever_one_comes(self, record, before, lead):
        for there, other in ((record, before), (before, record)):
            page = compared(lead, there, **{"with": other.pk})
            assert reverse("comparison-write", args=[record.pk]) in page.links
            assert reverse("comparison-write", args=[before.pk]) not in page.links

    def test_takes_the_round_that_this_one_goes_on_from(self, city, framework, record, viewer):
        make_round(city, framework, {}, round="2025补", as_of=date(2026, 3, 1))
        assert "从2025到2026的变化" in compared(viewer, record).text

    def test_else_takes_the_latest_earlier_one(self, city, framework, record, viewer):
        later = make_round(city, framework, {}, round="2027", as_of=date(2027, 9, 30))
        assert "从2026到2027的变化" in compared(viewer, later).text

    def test_between_two_versions_takes_the_difference_apart(self, city, before, viewer):
        new = store_next()
        after = {"T1.1": 3, "T1.2": 2, "T1.9": 4, "P1.A3": 4, "P1.B2": 1, "P1.B3": 2}
        record = make_round(city, new, after, round="2026", as_of=date(2026, 9, 30))
        page = compared(viewer, record)
        assert "其中作答变化+3.3，评估项变化+11.7" in page.text
        assert page.row("总体")[1:6] == ["39.8", "54.8", "+15.0 上升", "+3.3", "+11.7"]
        assert page.row("P1.B1 ")[4] == "取消"
        assert f"{reverse('dimension-answer', args=[before.pk, 'P1'])}#P1.B1" in page.links
        assert f"{reverse('comparison-detail', args=[new.code, new.version])}?with=2024.1" in page.links

    def test_lists_what_counts_otherwise_though_nobody_answered_otherwise(self, city, before, viewer):
        record = make_round(city, store(reweighted()), EXAMPLE_TWO, round="2026", as_of=date(2026, 9, 30))
        rows = [row for row in compared(viewer, record).rows if row and row[0].startswith("T1.2 ")]
        assert rows[-1][1:] == ["权重", "1", "3", "16.7%→30.0%"]
        told = json.loads(download(viewer, record).content)["content"]["shifts"]
        assert {(row["code"], row["before"], row["after"]) for row in told} >= {("T1.2", 1, 3), ("T1.1", True, False)}

    def test_lists_the_criteria_that_kept_their_level_too(self, record, viewer):
        page = compared(viewer, record)
        assert 'id="unchanged"' in page.html
        assert page.row("T1.3 ")[1:5] == ["4", "4", "3", "等级不变"]

    def test_calls_both_parts_of_the_difference_alike_in_sentence_and_table(self, city, before, viewer):
        record = make_round(city, store_next(), {"T1.1": 3}, round="2026", as_of=date(2026, 9, 30))
        heads = [cell for row in compared(viewer, record).rows for cell in row]
        assert {"作答变化", "评估项变化"} <= set(heads)

    def test_links_no_answer_of_a_dimension_that_the_round_does_not_ask(self, record, viewer):
        record.scope = ["T1"]
        record.save()
        links = compared(viewer, record).links
        assert f"{reverse('dimension-answer', args=[record.pk, 'T1'])}#T1.1" in links
        assert not [link for link in links if "dimensions/P1" in link]

    def test_says_so_where_there_is_nothing_to_compare_with(self, before, viewer):
        page = compared(viewer, before)
        assert page.status == 200
        assert "没有可对比的轮次" in page.text
        assert not [link for link in page.links if "comparison." in link]

    def test_is_led_to_from_the_results(self, record, viewer):
        page = opened(visitor(viewer), "assessment-results", record.pk)
        assert reverse("assessment-compare", args=[record.pk]) in page.links
        reports = opened(visitor(viewer), "report-list", record.pk)
        assert {reverse(name, args=[record.pk]) for name in ("assessment-compare", "assessment-annex")} <= set(
            reports.links
        )

    def test_shows_the_words_written_for_the_comparison_and_none_written_for_the_gap_report(self, record, lead):
        for report, text in (("comparison", "**总体**向好"), ("gap", "另一份报告")):
            Remark.objects.create(assessment=record, report=report, place="summary", text=text, by=lead)
        page = compared(lead, record)
        assert "<strong>总体</strong>向好" in page.html
        assert "另一份报告" not in page.text

    def test_of_empty_rounds_tells_that_there_is_no_score(self, city, framework, viewer):
        make_round(city, framework, round="2025")
        record = make_round(city, framework, round="2026")
        assert "尚无总得分" in compared(viewer, record).text

    def test_bears_the_marks_of_the_gap_report_but_not_its_number(self, record, viewer):
        Design.objects.create(assessment=record, classification="内部资料", document_number="云数评〔2026〕8号")
        pages = PdfReader(BytesIO(download(viewer, record, "pdf").content)).pages
        told = "".join(page.extract_text() for page in pages)
        assert "内部资料" in told
        assert "云数评" not in told


class TestWhichRounds:
    @pytest.mark.parametrize("wanted", ["0", "-1", "abc", "²", "999999", "", "1 OR 1=1", "\x00"])
    def test_none_but_the_city_s_own_can_be_asked_for(self, record, viewer, wanted):
        assert compared(viewer, record, **{"with": wanted}).status == 404

    def test_neither_itself_nor_another_city_s_nor_another_framework_s(self, city, framework, record, viewer):
        elsewhere = make_round(City.objects.create(code="330200", name="宁波市"), framework, EXAMPLE_TWO)
        other = make_round(city, store(make_framework(code="another")), EXAMPLE_TWO)
        for there in (record, elsewhere, other):
            assert compared(viewer, record, **{"with": there.pk}).status == 404
            assert download(viewer, record, **{"with": there.pk}).status_code == 404
        assert "宁波" not in compared(viewer, record).html

    def test_a_draft_is_offered_to_leads_alone(self, city, framework, record, lead, viewer):
        draft = make_round(city, framework, round="2027草案")
        type(draft).objects.filter(pk=draft.pk).update(state="draft")
        assert "2027草案" in compared(lead, record).text
        assert "2027草案" not in compared(viewer, record).text
        assert compared(viewer, record, **{"with": draft.pk}).status == 404

    def test_a_stranger_finds_neither_page_nor_file(self, record, stranger):
        assert compared(stranger, record).status == 404
        assert [download(stranger, record, form).status_code for form in ("pdf", "json")] == [404, 404]

    def test_nobody_at_all_is_sent_to_sign_in(self, record):
        response = visitor().get(reverse("comparison-download", args=[record.pk, "pdf"]))
        assert response.status_code == 302


class TestDownloads:
    def test_are_a_pdf_and_json_under_a_name(self, record, before, viewer):
        paper, told = download(viewer, record, "pdf"), download(viewer, record)
        assert paper.content.startswith(b"%PDF-")
        assert f'filename="comparison-{before.pk}-{record.pk}.pdf"' in paper["Content-Disposition"]
        assert "Rounds%20compared.pdf" in download(viewer, record, "pdf", language="en")["Content-Disposition"]
        assert "Rounds%20compared" not in paper["Content-Disposition"]
        assert json.loads(told.content)["content"]["overall"]["parts"]["criteria"] == 0.0
        assert json.loads(told.content)["after"]["overall"]["score"]

    def test_are_entered_in_the_register_under_the_later_round(self, record, before, viewer):
        data = download(viewer, before, "json", **{"with": record.pk}).content
        (entry,) = ReportFile.objects.all()
        assert (entry.kind, entry.form, entry.assessment, entry.by) == ("comparison", "json", record, viewer)
        assert entry.size == len(data)
        assert entry.manifest == {"before": {"round": "2025", "version": "2024.1"}}
        assert Event.objects.filter(verb=Event.Verb.EXPORTED, assessment=record, target__endswith="· JSON").exists()

    def test_are_drafts_until_both_rounds_are_final(self, record, before, viewer):
        said = [json.loads(download(viewer, record).content)["content"]["draft"]]
        for each in (before, record):
            approved(each)
            said.append(json.loads(download(viewer, record).content)["content"]["draft"])
        assert said == [True, True, False]

    def test_come_in_english_too(self, record, viewer):
        words = json.loads(download(viewer, record, language="en").content)["content"]
        assert words["language"] == "en"

    def test_come_in_no_other_form(self, record, viewer):
        assert download(viewer, record, "exe").status_code == 404

    def test_of_a_lone_round_do_not_exist(self, before, viewer):
        assert download(viewer, before).status_code == 404

    def test_without_fonts_the_page_says_so(self, record, viewer, settings, tmp_path):
        settings.FONT_CACHE = tmp_path
        response = download(viewer, record, "pdf")
        assert response.status_code == 503
        assert not ReportFile.objects.exists()


HOSTILE = '<script>alert(1)</script>\u202e=cmd|"x"'


def test_hostile_text_stays_text(city, framework, lead):
    make_round(city, framework, EXAMPLE_TWO, round="2025")
    answers = {
        "T1.1": {"level": 4, "rationale": HOSTILE * 200, "evidence": (Evidence(HOSTILE, "javascript:alert(1)"),)}
    }
    record = make_round(city, framework, EXAMPLE_TWO | answers, round=HOSTILE, title=HOSTILE)
    text = f"{HOSTILE} [链接](javascript:alert(1)) ![图](http://x/y.png)"
    Remark.objects.create(assessment=record, report="comparison", place="summary", text=text, by=lead)
    page = compared(lead, record)
    assert page.status == 200
    assert "<script>alert" not in page.html
    assert not [link for link in page.links if link.startswith("javascript")]
    assert download(lead, record, "pdf").status_code == 200
    assert "\n" not in download(lead, record)["Content-Disposition"]


def test_the_page_asks_no_more_for_thirty_criteria_than_for_three_nor_for_more_rounds(city, viewer):
    def queries(count, rounds):
        framework = store(framework_of(count, code=f"of-{count}-{rounds}"))
        answers = {code: {"level": 2, "evidence": (Evidence("办法"),)} for code in framework.outline().criteria}
        records = [make_round(city, framework, answers, round=str(number)) for number in range(rounds)]
        with CaptureQueriesContext(connection) as counted:
            assert compared(viewer, records[-1]).status == 200
        return len(counted)

    assert queries(3, 2) == queries(30, 2) == queries(3, 6)
