"""Bundles from the database and from two files: the same bytes each time, nothing of the round but what the report prints."""

import hashlib
import json
from datetime import date

import pytest

from assessment import remark
from assessment.exchange.answers import answers_digest
from assessment.exchange.framework import digest
from assessment.management.bundling import Origin
from assessment.models import Design, Event, Improvement, Remark, ReportFile
from assessment.reports import document
from assessment.reports.gathering import design_of, gather
from tests.commands.bundling import files_of
from tests.commands.running import run, run_alone
from tests.demo import load_shipped_framework
from tests.exchange.samples import ANSWERS, FRAMEWORK, spoilt, write
from tests.factories import EXAMPLE_TWO
from tests.records import approved, make_round, make_user
from tests.reports import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, EXAMPLE_TWO)


@pytest.fixture
def bundled(tmp_path):
    """The bundle that the command writes, and the command's outcome."""

    def bundled(*arguments, runner=run):
        out = tmp_path / "x.zip"
        done = runner("report_bundle", *arguments, "--output", out)
        assert (done.code, done.out, done.err) == (0, "", "")
        return out.read_bytes()

    return bundled


def manifest_in(data):
    return json.loads(files_of(data)["manifest.json"])


@pytest.mark.database
def test_twice_the_same_round_is_twice_the_same_bytes(bundled, record):
    assert bundled(record.pk) == bundled(record.pk)


@pytest.mark.database
def test_it_holds_what_the_other_commands_give(bundled, record, tmp_path):
    files = files_of(bundled(record.pk))
    assert files["answers.yaml"].decode() == run("export_assessment", record.pk).out
    assert files["framework.yaml"].decode() == run("export_framework", "small-city", "2024.1").out
    assert files["score.json"].decode() == run("score", record.pk).out
    for name, ending in (("content.json", "json"), ("report.pdf", "pdf")):
        run("gap_report", record.pk, "--output", tmp_path / f"report.{ending}")
        assert document_of(files[name]) == document_of((tmp_path / f"report.{ending}").read_bytes()), name


def document_of(data):
    """JSON by its values: a weight of 1 comes from a database as 1.0."""
    return json.loads(data) if data.startswith(b"{") else data


def test_what_it_holds_verifies(bundled, record, tmp_path):
    bundled(approved(record).pk)
    done = run("verify_bundle", tmp_path / "x.zip")
    assert (done.code, done.err) == (0, "")
    assert manifest_in((tmp_path / "x.zip").read_bytes())["draft"] is False


def test_the_manifest_names_what_it_is_about_and_every_file(bundled, record):
    data = bundled(record.pk, "--language", "en", "--basis", "self")
    made, files = manifest_in(data), files_of(data)
    assert (made["language"], made["basis"], made["draft"]) == ("en", "self", True)
    assert (made["city"], made["round"]) == ({"code": "330100", "name": "杭州市"}, "2026")
    assert made["framework"] == {"code": "small-city", "version": "2024.1"}
    assert made["framework_sha256"] == hashlib.sha256(files["framework.yaml"]).hexdigest()
    for name, told in made["files"].items():
        assert told == {"size": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
    assert set(made["files"]) == set(files) - {"manifest.json"}
    figures, scores = made["figures"], json.loads(files["score.json"])
    assert figures["dimensions"]["P1"]["score"] == scores["dimensions"]["P1"]["score"]


def test_what_people_added_comes_along_and_nothing_that_is_not_printed(bundled, record, lead, tmp_path):
    def write_remark(place, code, text):
        Remark.objects.create(assessment=record, place=place, code=code, text=text, by=lead)

    write_remark("summary", "", "**总体**判断")
    write_remark("added", "T1.2", "这一项没有差距，不印")
    write_remark("reworded", "P1.B1", "先做这一步")
    Improvement.objects.create(assessment=record, criterion="P1.B1", owner="市数据局", due_on=date(2027, 3, 1))
    Improvement.objects.create(assessment=record, criterion="T1.2", owner="不印的单位")
    Design.objects.create(assessment=record, classification="内部资料", approvals=[["审核", "某人", "2026-10-01"]])
    data = bundled(record.pk)
    added = files_of(data)["remarks.json"].decode()
    assert all(words in added for words in ("总体", "先做这一步", "市数据局", "内部资料", "2026-10-01"))
    assert "不印" not in added
    assert lead.username not in added.replace(str(lead), "")
    assert run("verify_bundle", tmp_path / "x.zip").code == 0


def test_no_user_name_stands_in_it(bundled, city, framework):
    record = make_round(city, framework, EXAMPLE_TWO)
    make_user("secret-name", "不该出现的人")
    data = bundled(approved(record).pk)
    assert all(name.encode() not in data for name in ("secret-name", "some_lead", "some_reviewer", "不该出现的人"))


def test_it_is_registered_with_its_manifest_and_logged(bundled, record):
    data = bundled(record.pk)
    entry = ReportFile.objects.get(form="zip")
    assert (entry.form, entry.sha256, entry.size) == ("zip", hashlib.sha256(data).hexdigest(), len(data))
    assert entry.content_sha256 == manifest_in(data)["content_sha256"] == entry.manifest["content_sha256"]
    assert Event.objects.filter(verb=Event.Verb.EXPORTED, target="差距报告 · 数据包").count() == 1


def test_the_reports_in_it_are_registered_too(bundled, record):
    files = files_of(bundled(record.pk, "--language", "en", "--basis", "self"))
    for name, form in (("report.pdf", "pdf"), ("content.json", "json")):
        entry = ReportFile.objects.get(form=form)
        assert entry.sha256 == hashlib.sha256(files[name]).hexdigest()
        assert (entry.language, entry.basis, entry.kind) == ("en", "self", "gap")
    assert ReportFile.objects.count() == 3


def test_two_files_need_no_database(bundled, tmp_path):
    files = ["--framework", write(tmp_path, FRAMEWORK, "f.yaml"), "--answers", write(tmp_path, ANSWERS, "a.yaml")]
    alone = bundled(*files, runner=run_alone)
    assert alone == bundled(*files)
    assert ReportFile.objects.count() == 0


def test_the_shipped_framework_gives_the_same_content_from_records_and_from_files(city):
    answers = {r.criterion: r.level for r in sample.assessment().responses if r.level is not None}
    record = make_round(city, load_shipped_framework(), answers)
    framework, assessment = record.framework.outline(), record.outline()
    gathered = gather(record, digest=digest(framework), answers_digest=answers_digest(assessment))
    _scores, recomputed = Origin.of(framework, assessment, design=design_of(record)).recomputed()
    assert document.digest(gathered) == document.digest(recomputed)


def test_what_is_wrong_is_told_and_nothing_is_written(tmp_path, record):
    out = tmp_path / "out.zip"
    wrong = write(tmp_path, spoilt(ANSWERS, "  level: 1", "  level: 9"), "a.yaml")
    framework = write(tmp_path, FRAMEWORK, "f.yaml")
    for arguments in (
        [999],
        [],
        [record.pk, "--framework", framework, "--answers", wrong],
        ["--framework", framework, "--answers", wrong],
    ):
        done = run("report_bundle", *arguments, "--output", out)
        assert (done.code, done.out, len(done.lines)) == (2, "", 1), arguments
    done = run("report_bundle", record.pk, "--output", tmp_path / "out.pdf")
    assert (done.code, len(done.lines)) == (2, 1)
    assert not out.exists()
    assert not (tmp_path / "out.pdf").exists()


def test_missing_fonts_are_told(tmp_path):
    files = ["--framework", write(tmp_path, FRAMEWORK, "f.yaml"), "--answers", write(tmp_path, ANSWERS, "a.yaml")]
    done = run_alone("report_bundle", *files, "--output", tmp_path / "x.zip", FONT_CACHE="/nowhere")
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)


def test_of_remarks_only_those_that_are_printed_count():
    made = remark.Remarks(
        (remark.Remark("dimension", "T1", "b"), remark.Remark("summary", "", "a"), remark.Remark("added", "T1.1", " ")),
        (remark.Improvement("T1.2"), remark.Improvement("T1.1", "甲")),
    )
    kept = made.within({"T1"}, {"T1.1"})
    assert [one.text for one in kept.remarks] == ["a", "b"]
    assert kept.improvements == (remark.Improvement("T1.1", "甲"),)
