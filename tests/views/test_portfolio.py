"""The desk over many cities, and the report over those that are chosen on it."""

import io
import re
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessment.models import Assessment, City, Mark, Membership, ReportFile, Response, Role
from assessment.models.report import Design
from assessment.reports import portfolio
from assessment.reports.words import points
from assessment.scoring import score
from tests.batches import LEVELS, make_rounds
from tests.factories import make_framework
from tests.migrations import store_next
from tests.records import approved, make_member, make_round, store
from tests.views.pages import opened, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def rounds(consultant, framework, assessment):
    """Three cities beside 杭州, of which nothing is answered."""
    return make_rounds(consultant, framework, 3)


@pytest.fixture
def desk(rounds, consultant):
    return lambda **query: opened(visitor(consultant), "portfolio-list", **query)


def codes(page):
    return re.findall(r"\d{6}(?= · )", page.text)


def chosen(rounds, **more):
    return {"round": [record.pk for record in rounds], "language": "zh-hans"} | more


class TestTheDesk:
    def test_marks_a_level_that_a_key_criterion_holds_down_and_says_so_below(self, desk):
        page = desk()
        assert page.spoken.count("按得分为3级，受关键项T1.1限制") == 3
        assert "▼ 按得分本应更高，受关键项限制。" in page.text
        Response.objects.filter(criterion__code="T1.1").update(level=4)
        assert "▼" not in desk().text

    @pytest.mark.parametrize("role", [Role.CONSULTANT, Role.REVIEWER, Role.LEAD])
    def test_is_there_for_who_looks_after_several_cities(self, framework, city, role):
        user = make_member("many", "多城", city, role)
        make_rounds(user, framework, 1, role)
        page = opened(visitor(user), "assessment-list")
        assert reverse("portfolio-list") in page.links
        assert opened(visitor(user), "portfolio-list").status == 200

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
    def test_is_not_there_for_who_only_reads_or_fills_in(self, framework, city, role):
        user = make_member("many", "多城", city, role)
        make_rounds(user, framework, 2, role)
        assert reverse("portfolio-list") not in opened(visitor(user), "assessment-list").links
        assert opened(visitor(user), "portfolio-list").status == 404

    def test_is_not_there_for_one_city_nor_for_strangers(self, rounds, lead, stranger, auditor):
        assert {opened(visitor(user), "portfolio-list").status for user in (lead, stranger, auditor)} == {404}

    def test_is_not_there_once_the_engagements_ended(self, rounds, consultant, desk):
        Membership.objects.filter(user=consultant).update(ends_on=timezone.localdate() - timedelta(days=1))
        assert desk().status == 404

    def test_shows_superusers_every_city(self, rounds, admin):
        assert len(codes(opened(visitor(admin), "portfolio-list"))) == 4

    def test_shows_the_cities_of_the_person_alone_by_code(self, desk, framework, stranger):
        make_round(City.objects.get(code="320100"), framework, LEVELS)
        assert codes(desk()) == ["330100", "510100", "510101", "510102"]
        assert "南京" not in desk().html

    def test_prints_the_scores_of_the_results(self, desk, rounds, framework):
        scores = score(framework.outline(), rounds[0].outline())
        row = next(row for row in desk().rows if any("510100" in cell for cell in row))
        assert row[2].startswith(points(scores.overall.score))
        assert row[3].startswith(points(scores.dimensions["T1"].score))
        assert f"{scores.dimensions['T1'].level}级" in row[3]
        assert "tone-" in desk().html

    def test_says_what_is_ready(self, desk, rounds, reviewer):
        record = rounds[0]
        record.due_on = timezone.localdate() - timedelta(days=1)
        record.save()
        record.responses.filter(criterion__code="T1.1").update(verified_level=1)
        record.returns.create(criterion=None, reason="补充", returned_by=reviewer)
        page = desk(q="510100")
        assert "作答率 100.0%" in page.text
        assert "复核 14.3%" in page.text
        assert "已逾期" in page.text
        assert "1处退回" in page.text
        assert "今天" in page.text

    def test_tells_how_long_ago_something_happened(self, rounds, framework):
        from assessment.templatetags.portfolio import ago

        now = timezone.now()
        assert ago(now).startswith("今天")
        assert ago(now - timedelta(days=1)) == "昨天"
        assert ago(now - timedelta(days=9)) == "9天前"
        assert "年" in ago(now - timedelta(days=99))
        assert ago(None) == "—"

    def test_shows_of_each_city_the_newest_round_that_has_begun(self, desk, rounds, framework):
        city = rounds[0].city
        make_round(city, framework, LEVELS, round="2027")
        draft = make_round(city, framework, round="2028")
        Assessment.objects.filter(pk=draft.pk).update(state="draft")
        page = desk(q="510100")
        assert "2027" in page.text
        assert "2028" not in page.text
        assert len(codes(page)) == 1

    def test_shows_one_framework_at_a_time(self, desk, rounds, framework):
        assert 'for="id_framework"' not in desk().html
        other = store(make_framework(code="other", name=framework.outline().name))
        make_round(rounds[0].city, other, LEVELS)
        assert len(codes(desk())) == 4
        assert codes(desk(framework=other.pk)) == ["510100"]

    def test_shows_the_newest_round_of_each_city_in_whatever_version(self, desk, rounds, framework):
        assert 'for="id_version"' not in desk().html
        make_round(rounds[0].city, store_next(), {"T1.1": 3}, round="2027")
        page = desk()
        assert codes(page) == ["330100", "510100", "510101", "510102"]
        assert page.row("蜀510100市")[1].endswith("510100 · 2027 · 2025.1")
        assert page.row("蜀510101市")[1].endswith("510101 · 2026 · 2024.1")
        assert 'for="id_framework"' not in page.html

    def test_offers_the_versions_of_the_framework_that_is_shown(self, desk, rounds, framework):
        other = store(make_framework(code="other", version="1.0"))
        make_round(rounds[0].city, other, LEVELS)
        newer = store(make_framework(code="other", version="2.0"))
        make_round(rounds[1].city, newer, LEVELS)
        assert 'for="id_version"' not in desk().html
        assert 'value="1.0"' in desk(framework=newer.pk).html
        assert codes(desk(framework=newer.pk, version="1.0")) == ["510100"]
        assert len(codes(desk(version="1.0"))) == 4

    def test_says_of_a_version_that_is_asked_for_which_round_is_newer(self, desk, rounds, framework):
        newer = make_round(rounds[0].city, store_next(), {"T1.1": 3}, round="2027")
        page = desk(version="2024.1")
        assert "另有更新一轮：2027（2025.1）" in page.row("蜀510100市")[1]
        assert "更新一轮" not in page.row("蜀510101市")[1]
        assert reverse("assessment-results", args=[newer.pk]) in page.links
        assert codes(desk(version="2025.1")) == ["510100"]

    def test_marks_a_dimension_that_a_version_lacks(self, desk, rounds, framework):
        lens = make_framework().lenses[0]
        make_round(rounds[0].city, store(make_framework(lens, version="2025.1")), {"T1.1": 3}, round="2027")
        page = desk()
        heads = next(row for row in page.rows if "T1" in row)
        assert page.row("蜀510100市")[heads.index("P1")] == "本版本不设"
        assert page.row("蜀510101市")[heads.index("P1")] != "本版本不设"

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "hz"}, ["330100"]),
            ({"q": "杭州"}, ["330100"]),
            ({"q": "5101"}, ["510100", "510101", "510102"]),
            ({"q": "没有"}, []),
            ({"state": "approved"}, ["510101"]),
            ({"province": "浙江省"}, ["330100"]),
            ({"province": "浙江省", "state": "approved"}, []),
            ({"state": "<b>", "province": "x", "sort": "drop table", "framework": "x", "page": "x"}, None),
        ],
    )
    def test_is_searched(self, desk, rounds, query, found):
        City.objects.filter(code="330100").update(province="浙江省")
        approved(rounds[1])
        page = desk(**query)
        assert page.status == 200
        assert codes(page) == (["330100", "510100", "510101", "510102"] if found is None else found)

    @pytest.mark.parametrize("words", ["市" * 20_000, "\u202e<script>alert(1)</script>", "' OR 1=1 --", "%"])
    def test_takes_any_words(self, desk, words):
        page = desk(q=words)
        assert page.status == 200
        assert "<script>alert" not in page.html

    def test_is_sorted_by_score_when_asked(self, desk, rounds, framework):
        rounds[2].responses.update(level=5)
        assert codes(desk(sort="-score"))[0] == "510102"
        assert codes(desk(sort="score"))[-2:] == ["510102", "330100"]
        assert codes(desk(sort="-score"))[-1] == "330100"
        assert "按得分排列" in desk(sort="score").text
        assert "按行政区划代码排列" in desk().text

    def test_shows_hostile_names_as_text(self, desk, rounds):
        City.objects.filter(code="510100").update(name="<img src=x onerror=alert(1)>")
        assert "<img" not in desk().html

    def test_asks_the_database_as_often_for_many_cities_as_for_few(self, rounds, consultant, framework):
        client = visitor(consultant)

        def queries():
            with CaptureQueriesContext(connection) as asked:
                opened(client, "portfolio-list")
            return len(asked)

        queries()
        before = queries()
        make_rounds(consultant, framework, 12)
        assert queries() == before
        assert before <= 16

    def test_of_fifty_cities_comes_at_once(self, desk, consultant, framework):
        make_rounds(consultant, framework, 47)
        desk()
        began = time.process_time()
        assert len(codes(desk())) == 51
        assert time.process_time() - began < 1


class TestTheReportOverCities:
    @pytest.fixture
    def ask(self, rounds, consultant):
        def asked(form="pdf", client=None, **given):
            return (client or visitor(consultant)).post(
                reverse("portfolio-report", args=[form]), chosen(rounds) | given
            )

        return asked

    def test_is_a_pdf_and_a_workbook_and_in_the_register(self, ask, consultant):
        assert ask("pdf").content.startswith(b"%PDF")
        book = load_workbook(io.BytesIO(ask("xlsx").content))
        assert book.sheetnames == ["汇总", "城市", "得分分布", "共性差距", "缺少佐证"]
        entries = ReportFile.objects.order_by("pk")
        assert [(e.kind, e.form, e.assessment, e.by) for e in entries] == [
            ("portfolio", form, None, consultant) for form in ("pdf", "xlsx")
        ]
        assert entries[0].content_sha256 == entries[1].content_sha256
        assert len(entries[0].manifest["rounds"]) == 3

    def test_bears_the_mark_of_who_makes_it_and_the_lines_of_its_rounds(self, rounds, consultant):
        Mark.objects.create(user=consultant, organisation="云川咨询公司")
        Mark.objects.create(city=rounds[0].city, organisation="别的单位")
        for record, line in zip(rounds, ("内部资料", "", "内部资料"), strict=True):
            Design.objects.create(assessment=record, classification=line)
        design = portfolio.gather(rounds, by=consultant).design
        assert (design.consultant.organisation, design.classification) == ("云川咨询公司", "内部资料")

    def test_is_in_english_when_asked(self, ask):
        book = load_workbook(io.BytesIO(ask("xlsx", language="en").content))
        assert book.sheetnames[:2] == ["Summary", "Cities"]

    def test_is_named_in_its_own_language(self, ask):
        names = [unquote(ask(language=language)["Content-Disposition"]) for language in ("zh-hans", "en")]
        assert "3个城市综合报告.pdf" in names[0]
        assert "Report over 3 cities.pdf" in names[1]

    def test_of_no_city_says_what_to_do(self, ask):
        response = ask(round=[])
        assert response.status_code == 422
        assert "请至少选择一个城市" in response.content.decode()

    def test_of_a_strangers_city_is_refused(self, ask, framework, stranger):
        theirs = make_round(City.objects.get(code="320100"), framework, LEVELS)
        response = ask(round=[theirs.pk])
        assert response.status_code == 422
        assert "重新选择" in response.content.decode()
        assert not ReportFile.objects.exists()

    @pytest.mark.parametrize("pk", ["x", "-1", "9" * 30, "\u202e", "1 OR 1=1"])
    def test_of_nonsense_is_refused(self, ask, pk):
        assert ask(round=[pk]).status_code == 422

    def test_of_two_frameworks_is_refused(self, ask, rounds):
        other = make_round(rounds[0].city, store(make_framework(code="other")), LEVELS)
        response = ask(round=[rounds[0].pk, other.pk])
        assert response.status_code == 422
        assert "同一框架" in response.content.decode()

    def test_of_two_versions_says_which_and_what_to_do(self, ask, rounds):
        other = make_round(rounds[0].city, store_next(), {"T1.1": 3}, round="2027")
        response = ask(round=[rounds[1].pk, other.pk])
        assert response.status_code == 422
        assert "2024.1、2025.1" in response.content.decode()

    def test_of_versions_lists_them_as_numbers(self, ask, rounds):
        tenth, second = (store(make_framework(version=version)) for version in ("2024.10", "2024.2"))
        others = [
            make_round(record.city, version, {"T1.1": 3}, round="2027")
            for record, version in zip(rounds, (tenth, second), strict=False)
        ]
        page = ask(round=[rounds[2].pk, *(other.pk for other in others)]).content.decode()
        assert "2024.1、2024.2、2024.10" in page
        offered = re.findall(r'<option value="(2024[.]\d+)"', page)
        assert offered == ["2024.10", "2024.2", "2024.1"]

    def test_in_a_form_that_is_none_is_not_found(self, ask):
        assert ask("exe").status_code == 404

    def test_is_not_for_strangers(self, ask, stranger, viewer):
        assert {ask(client=visitor(user)).status_code for user in (stranger, viewer)} == {404}

    def test_without_fonts_says_so_on_the_desk(self, ask, settings, tmp_path):
        settings.FONT_CACHE = tmp_path
        response = ask("pdf")
        assert response.status_code == 503
        assert "prepare_fonts" in response.content.decode()
        assert not ReportFile.objects.exists()

    def test_asks_the_database_as_often_for_many_cities_as_for_few(self, ask, rounds, consultant, framework):
        def queries(some):
            with CaptureQueriesContext(connection) as asked:
                ask("xlsx", round=[record.pk for record in some])
            return len(asked)

        ask("xlsx")
        assert queries(rounds[:1]) == queries([*rounds, *make_rounds(consultant, framework, 9)])
