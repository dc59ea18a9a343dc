import json
import os

import pytest

from tests.commands.running import run, run_alone
from tests.exchange.samples import ANSWERS, FRAMEWORK, spoilt, write
from tests.factories import EXAMPLE_TWO
from tests.records import make_round

database = pytest.mark.database
pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path):
    framework, answers = write(tmp_path, FRAMEWORK, "framework.yaml"), write(tmp_path, ANSWERS, "answers.yaml")
    return ["--framework", framework, "--answers", answers]


@pytest.fixture
def out(tmp_path):
    """A folder of its own, to see that nothing else is left in it."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def left(folder):
    return sorted(path.name for path in folder.iterdir())


@database
def test_json_is_the_score_document_with_the_content(city, framework, out):
    pk = make_round(city, framework, EXAMPLE_TWO).pk
    done = run("gap_report", pk, "--output", out / "report.json")
    assert (done.code, done.out, done.err) == (0, "", "")
    made = json.loads((out / "report.json").read_text())
    assert made.pop("content")["cover"]["city"] == "杭州市"
    assert made == json.loads(run("score", pk).out)


@database
@pytest.mark.parametrize("pk", [999, 10**30])
def test_an_unknown_id_is_refused_and_no_file_is_made(out, pk):
    done = run("gap_report", pk, "--output", out / "report.json")
    assert (done.code, len(done.lines), left(out)) == (2, 1, [])


def test_two_files_need_no_database_and_no_folder_to_write(files, out):
    done = run_alone("gap_report", *files, "--output", out / "report.json")
    assert (done.code, done.out, done.err, left(out)) == (0, "", "", ["report.json"])
    assert json.loads((out / "report.json").read_text())["framework"] == "small"


def test_a_pdf_needs_no_database_and_no_folder_to_write(files, out):
    done = run_alone("gap_report", *files, "--output", out / "report.pdf")
    assert (done.code, done.out, done.err, left(out)) == (0, "", "", ["report.pdf"])
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_word_and_workbook_need_no_database_either(files, out, form):
    done = run_alone("gap_report", *files, "--output", out / f"report.{form}")
    assert (done.code, done.out, done.err, left(out)) == (0, "", "", [f"report.{form}"])
    assert (out / f"report.{form}").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx", "json"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_form_is_written_in_every_language(files, out, form, language):
    done = run("gap_report", *files, "--output", out / "report", "--format", form, "--language", language)
    assert (done.code, done.out, left(out)) == (0, "", ["report"])


def test_missing_fonts_are_told_and_no_file_is_made(files, out):
    done = run_alone("gap_report", *files, "--output", out / "report.pdf", FONT_CACHE=str(out / "nowhere"))
    assert (done.code, done.out, len(done.lines), left(out)) == (2, "", 1, [])


def test_the_format_can_be_named_against_the_ending(files, out):
    assert run("gap_report", *files, "--output", out / "report.txt", "--format", "json").code == 0
    assert json.loads((out / "report.txt").read_text())["version"] == "1"


def test_an_ending_in_capitals_counts(files, out):
    assert run("gap_report", *files, "--output", out / "REPORT.JSON").code == 0
    assert left(out) == ["REPORT.JSON"]


@pytest.mark.parametrize("name", ["report", "report.txt", "report.", ".json"])
def test_an_ending_that_says_nothing_is_refused(files, out, name):
    done = run("gap_report", *files, "--output", out / name)
    assert (done.code, len(done.lines), left(out)) == (2, 1, [])


def test_a_mistake_leaves_the_file_as_it_was(tmp_path, files, out):
    (out / "report.json").write_text("as it was")
    wrong = write(tmp_path, spoilt(ANSWERS, "  level: 1", "  level: 9"), "wrong.yaml")
    done = run("gap_report", *files[:3], wrong, "--output", out / "report.json")
    assert (done.code, len(done.lines), left(out)) == (2, 1, ["report.json"])
    assert (out / "report.json").read_text() == "as it was"


def test_a_file_that_is_there_is_replaced_whole(files, out):
    (out / "report.json").write_text("x" * 1_000_000)
    assert run("gap_report", *files, "--output", out / "report.json").code == 0
    assert json.loads((out / "report.json").read_text())
    assert left(out) == ["report.json"]


def test_a_new_file_has_the_rights_that_any_new_file_has(files, out):
    run("gap_report", *files, "--output", out / "report.json")
    (out / "other").touch()
    assert (out / "report.json").stat().st_mode == (out / "other").stat().st_mode


def test_a_link_is_followed_and_stays_a_link(files, out, tmp_path):
    (out / "report.json").symlink_to(tmp_path / "elsewhere.json")
    assert run("gap_report", *files, "--output", out / "report.json").code == 0
    assert (out / "report.json").is_symlink()
    assert json.loads((tmp_path / "elsewhere.json").read_text())


def test_a_long_chinese_name_is_written(files, out):
    name = f"{'报' * 83}.json"
    assert run("gap_report", *files, "--output", out / name).code == 0
    assert left(out) == [name]


def test_what_cannot_be_written_is_refused_in_one_line(files, out):
    (out / "folder.json").mkdir()
    os.mkfifo(out / "pipe.json")
    for path in (
        out / "nowhere/report.json",
        out / "folder.json",
        out / "pipe.json",
        "/proc/report.json",
        f"{out}/{'x' * 300}.json",
    ):
        done = run("gap_report", *files, "--output", path)
        assert (done.code, done.out, len(done.lines)) == (2, "", 1), path
    assert left(out) == ["folder.json", "pipe.json"]


USAGES = {
    "no output": ["1"],
    "neither ID nor files": ["--output", "x.json"],
    "an answers file alone": ["--output", "x.json", "--answers", "a.yaml"],
    "an ID and files": ["1", "--output", "x.json", "--framework", "f.yaml", "--answers", "a.yaml"],
    "an unknown format": ["1", "--output", "x.json", "--format", "odt"],
    "an unknown language": ["1", "--output", "x.json", "--language", "fr"],
}


@pytest.mark.parametrize("arguments", USAGES.values(), ids=USAGES)
def test_bad_usage_ends_with_2(arguments):
    done = run_alone("gap_report", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err
