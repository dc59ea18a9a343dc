"""The register of reports, and whether a file is one of them: who learns what."""

import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment import actions
from assessment.exchange import bundle, upload
from assessment.exchange.answers import answers_digest
from assessment.exchange.framework import digest
from assessment.models import Assessment, Event, ReportFile, StoredFile
from assessment.reports import pdf
from assessment.reports.gathering import gather
from assessment.reports.manifest import embedded
from tests.commands.bundling import files_of, small_bundle
from tests.commands.running import run
from tests.factories import EXAMPLE_TWO
from tests.records import make_round
from tests.views.pages import opened, read, visitor

pytestmark = pytest.mark.django_db
OURS, ALTERED, UNKNOWN = "由本工具生成，未经改动", "清单与登记的某次报告相同，但文件已被改动", "登记中没有这个文件"
OFFERED = 7  # kinds of reports


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, EXAMPLE_TWO)


@pytest.fixture
def report(record, lead):
    """A PDF that the lead downloaded."""
    return visitor(lead).get(reverse("report-download", args=[record.pk])).content


def gathered(record):
    outline = record.outline()
    return gather(record, digest=digest(record.framework.outline()), answers_digest=answers_digest(outline))


def check(user, data, name="report.pdf"):
    response = visitor(user).post(reverse("report-check"), {"file": SimpleUploadedFile(name, data)})
    return read(response, reverse("report-check"))


@pytest.mark.parametrize("view", ["assessment-compare", "assessment-annex", "report-page", "request-detail"])
def test_what_there_is_to_be_had_leads_back_to_the_list_of_it(record, lead, view):
    trail = opened(visitor(lead), view, record.pk).html.split('class="trail"')[1].split("</nav>")[0]
    assert f'<a href="{reverse("report-list", args=[record.pk])}">报告</a>' in trail


def entered(page):
    """The rows of the register, which stand below those of what there is to be had."""
    return page.rows[OFFERED + 2 :]


def altered(data, old=b"/Producer (city", new=b"/Producer (town"):
    assert old in data
    return data.replace(old, new, 1)


class TestTheRegister:
    def test_lists_each_report_newest_first(self, record, lead, report):
        visitor(lead).get(reverse("report-download", args=[record.pk]), {"language": "en"})
        rows = entered(opened(visitor(lead), "report-list", record.pk))
        assert [row[2] for row in rows] == ["差距报告 · PDF · 英文", "差距报告 · PDF · 中文"]
        assert rows[1][1] == "牵头人"
        assert rows[1][4] == hashlib.sha256(report).hexdigest()
        assert rows[1][5] == ReportFile.objects.last().content_sha256[:12]

    def test_is_read_by_all_who_read_the_round(self, record, report, viewer, stranger):
        assert opened(visitor(viewer), "report-list", record.pk).status == 200
        assert opened(visitor(stranger), "report-list", record.pk).status == 404

    def test_says_how_to_begin(self, record, viewer):
        page = opened(visitor(viewer), "report-list", record.pk)
        assert "尚未生成报告" in page.text
        assert entered(page) == []
        assert reverse("report-download", args=[record.pk]) in page.links

    def test_lists_nothing_of_other_rounds(self, record, report, lead, city, framework):
        other = make_round(city, framework, round="2027")
        assert entered(opened(visitor(lead), "report-list", other.pk)) == []

    def test_names_what_a_command_made_and_a_bundle(self, record, lead, tmp_path):
        run("report_bundle", record.pk, "--output", tmp_path / "x.zip", "--basis", "self")
        assert entered(opened(visitor(lead), "report-list", record.pk))[0][1:3] == [
            "命令行",
            "差距报告 · 数据包 · 中文 · 仅用自评等级",
        ]

    def test_calls_each_report_as_the_page_does(self, record, lead):
        kinds = {"brief": "一页简报", "slides": "汇报简报（六页）", "gap": "差距报告"}
        forms = {"docx": "Word", "xlsx": "Excel", "pdf": "PDF"}
        for kind, form in zip(kinds, forms, strict=True):
            given = {"kind": kind, "form": form, "content_sha256": "0" * 64}
            actions.register_report(record, kind.encode(), by=lead, **given)
        page = opened(visitor(lead), "report-list", record.pk)
        assert {row[2] for row in entered(page)} == {
            "一页简报 · Word · 中文",
            "汇报简报（六页） · Excel · 中文",
            "差距报告 · PDF · 中文",
        }
        for name in kinds.values():
            assert page.row(name)

    def test_says_which_words_the_other_language_lacks(self, record, lead, viewer):
        for code, language in (("T1.1", "zh-hans"), ("P1.B1", "zh-hans"), ("P1.B1", "en")):
            said = {"seen": {"added": 0}, "language": language, "by": lead}
            actions.write_remark(record, code, {"added": "再加一步"}, **said)
        page = opened(visitor(lead), "report-list", record.pk)
        assert "中文 ：已编写2处" in page.text
        assert "英文 ：已编写1处" in page.text
        assert "1处只有中文" in page.text
        address = f"{reverse('recommendation-write', args=[record.pk, 'T1.1'])}?language=en"
        assert address in page.links
        theirs = opened(visitor(viewer), "report-list", record.pk)
        assert "1处只有中文" in theirs.text and address not in theirs.links

    def test_has_pages_and_asks_no_more_for_many(self, record, lead):
        def made(count):
            for number in range(count):
                actions.register_report(record, b"%d" % number, form="pdf", content_sha256="0" * 64, by=lead)

        def queries(**query):
            with CaptureQueriesContext(connection) as counted:
                page = opened(visitor(lead), "report-list", record.pk, **query)
            return page, len(counted)

        made(2)
        _page, few = queries()
        made(70)
        page, many = queries()
        assert (len(entered(page)), few) == (50, many)
        assert len(entered(queries(page=2)[0])) == 22
        assert queries(page="x")[0].status == 200

    def test_keeps_the_manifest(self, report):
        entry = ReportFile.objects.get()
        assert entry.manifest["content_sha256"] == entry.content_sha256
        assert entry.manifest["figures"]["overall"]["level"] == 2


class TestTheCheck:
    def test_knows_a_report_as_it_was_made(self, record, report, viewer):
        page = check(viewer, report)
        assert (page.status, OURS in page.text) == (200, True)
        assert str(record) in page.text
        assert "牵头人" in page.text
        assert reverse("report-list", args=[record.pk]) in page.links

    @pytest.mark.parametrize(
        ("query", "row"), [({}, "得分文件 · JSON"), ({"basis": "self"}, "得分文件 · JSON · 仅用自评等级")]
    )
    def test_knows_a_score_document_that_was_taken_from_the_page_of_results(self, record, viewer, query, row):
        page = check(
            viewer, visitor(viewer).get(reverse("score-download", args=[record.pk]), query).content, "得分.json"
        )
        assert OURS in page.text
        assert page.row(str(record))[3] == row

    def test_knows_it_by_its_bytes_whatever_its_name(self, report, viewer):
        assert OURS in check(viewer, report, "别的.txt").text

    @pytest.mark.parametrize("who", ["stranger", "auditor", "criteria_admin", "system_admin"])
    def test_tells_a_stranger_to_the_round_no_more_than_that_it_is_ours(self, request, record, report, who):
        for data in (report, altered(report)):
            page = check(request.getfixturevalue(who), data)
            assert "您无权查看其所属轮次" in page.text
            assert page.rows == []
            assert all(word not in page.html for word in ("杭州", "牵头人", "2026年", record.get_absolute_url()))

    def test_tells_a_draft_round_to_leads_alone(self, record, report, lead, viewer):
        Assessment.objects.filter(pk=record.pk).update(state="draft")
        assert len(check(lead, report).rows) == 2
        assert check(viewer, report).rows == []

    def test_tells_a_superuser_everything(self, report, admin):
        assert len(check(admin, report).rows) == 2

    def test_knows_an_altered_report_by_its_manifest_and_warns(self, record, report, viewer):
        page = check(viewer, altered(report))
        assert ALTERED in page.text
        assert "不要以它为准" in page.text
        assert str(record) in page.text
        assert OURS not in page.text

    def test_knows_a_bundle_and_an_altered_one(self, record, viewer, tmp_path):
        run("report_bundle", record.pk, "--output", tmp_path / "x.zip")
        data = (tmp_path / "x.zip").read_bytes()
        assert OURS in check(viewer, data, "x.zip").text
        place = data.index(files_of(data)["answers.yaml"])
        assert ALTERED in check(viewer, data[:place] + b"#" + data[place + 1 :], "x.zip").text

    @pytest.mark.parametrize(("padding", "told"), [(1_000, ALTERED), (1_200_000, UNKNOWN)])
    def test_reads_no_manifest_of_a_size_that_none_has(self, record, viewer, tmp_path, padding, told):
        run("report_bundle", record.pk, "--output", tmp_path / "x.zip")
        files = files_of((tmp_path / "x.zip").read_bytes())
        files[bundle.MANIFEST] += b" " * padding
        assert told in check(viewer, bundle.pack(files), "x.zip").text

    def test_knows_the_reports_in_a_bundle(self, record, viewer, tmp_path):
        out = tmp_path / "x.zip"
        run("report_bundle", record.pk, "--output", out, "--language", "en", "--basis", "self")
        files = files_of(out.read_bytes())
        for name in ("report.pdf", "content.json"):
            assert OURS in check(viewer, files[name], name).text

    def test_does_not_accuse_a_whole_file_that_was_made_elsewhere(self, record, report, viewer, settings):
        content_sha256 = ReportFile.objects.get().content_sha256
        other = pdf.render(gathered(record), conformance="1B")
        assert embedded(other)[0]["content_sha256"] == content_sha256
        page = check(viewer, other)
        assert "登记的不是这个文件" in page.text
        assert OURS not in page.text
        assert "已被改动" not in page.text
        assert ALTERED in check(viewer, altered(other)).text

    def test_knows_another_form(self, record, viewer):
        data = b'{"any": "form"}'
        actions.register_report(record, data, form="json", content_sha256="0" * 64, by=viewer)
        assert OURS in check(viewer, data, "x.json").text

    def test_a_report_over_many_rounds_is_told_to_who_made_it(self, lead, viewer, admin):
        actions.register_report(None, b"many", form="pdf", kind="portfolio", content_sha256="0" * 64, by=lead)
        assert "多个轮次" in check(lead, b"many").text
        assert "多个轮次" in check(admin, b"many").text
        assert check(viewer, b"many").rows == []

    def test_does_not_know_what_is_not_registered(self, viewer, report):
        assert UNKNOWN in check(viewer, b"something else").text
        page = check(viewer, files_of(small_bundle())["report.pdf"])
        assert UNKNOWN in page.text
        assert "也可能是伪造的" in page.text

    def test_a_manifest_that_names_no_real_hash_claims_nothing(self, report, viewer):
        (entry,) = ReportFile.objects.all()
        for claim in ('""', "null", "[1]", '{"a":1}', '"%s"' % ("é" * 64), '"' + "x" * 64 + '"'):
            data = (
                b"%PDF-<?xpacket begin=<cm:Manifest>"
                + f'{{"content_sha256":{claim}}}'.encode()
                + b"</cm:Manifest><?xpacket end="
            )
            assert UNKNOWN in check(viewer, data).text
        assert entry.content_sha256

    def test_keeps_nothing_of_the_file(self, report, viewer):
        before = Event.objects.count(), ReportFile.objects.count()
        check(viewer, report)
        check(viewer, b"another")
        assert (Event.objects.count(), ReportFile.objects.count()) == before
        assert StoredFile.objects.count() == 0

    def test_refuses_no_file_an_empty_one_and_a_large_one(self, viewer, monkeypatch):
        page = read(visitor(viewer).post(reverse("report-check")), reverse("report-check"))
        assert (page.status, "请选择文件" in page.text) == (422, True)
        assert check(viewer, b"").status == 422
        monkeypatch.setattr("assessment.forms.register.LARGEST", 10)
        page = check(viewer, b"x" * 11)
        assert (page.status, "20 MB" in page.text) == (422, True)
        assert upload.LARGEST == 20 * 2**20

    @pytest.mark.parametrize(
        "data",
        [
            b"%PDF-" + b"<?xpacket begin=" * 100_000,
            b"%PDF-" + b"<?xpacket begin=<cm:Manifest>" + b"[" * 200_000 + b"</cm:Manifest><?xpacket end=",
            b"%PDF-<?xpacket begin=" + b"<cm:Manifest>{}</cm:Manifest>" * 30_000 + b"<?xpacket end=",
            b"PK\3\4" + b"PK\1\2" * 100_000 + b"PK\5\6" + b"\0" * 18,
            b"\0" * 100_000,
            "\u202e文件".encode() * 10_000,
        ],
    )
    def test_hostile_files_are_only_unknown(self, viewer, data):
        assert UNKNOWN in check(viewer, data).text

    def test_a_hostile_name_is_shown_as_text(self, viewer):
        page = check(viewer, b"x", "<script>alert(1)</script>\u202e" + "长" * 3000)
        assert "<script>alert" not in page.html
        assert "\u202e" not in page.html

    def test_asks_the_database_the_same_for_one_and_for_many(self, record, lead, report):
        def queries():
            with CaptureQueriesContext(connection) as counted:
                page = check(lead, report)
            return page, len(counted)

        _page, one = queries()
        for _nth in range(20):
            actions.register_report(record, report, form="pdf", content_sha256="0" * 64, by=lead)
        page, many = queries()
        assert one == many
        assert len(page.rows) == 11

    def test_is_found_at_the_foot_of_every_page(self, viewer):
        assert reverse("report-check") in opened(visitor(viewer), "assessment-list").links

    def test_what_it_says_of_the_manifest_is_what_the_bundle_says(self, record, report, tmp_path):
        run("report_bundle", record.pk, "--output", tmp_path / "x.zip")
        made = json.loads(files_of((tmp_path / "x.zip").read_bytes())["manifest.json"])
        made.pop("files")
        entered = [entry.manifest for entry in ReportFile.objects.filter(form="pdf")]
        assert entered == [made, made]
        assert timezone.now() > ReportFile.objects.first().at
