from dataclasses import replace
from io import BytesIO, TextIOWrapper

import pytest
from django.core.management import call_command

from assessment.exchange.framework import read_framework, write_framework
from assessment.models import Framework
from tests.commands.running import run
from tests.exchange.samples import FRAMEWORK, write
from tests.factories import make_framework, text
from tests.records import store

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.mark.parametrize("publish", [[], ["--publish"]], ids=["draft", "published"])
def test_export_import_export_gives_the_same_bytes(tmp_path, publish):
    run("load_framework", write(tmp_path, FRAMEWORK), *publish)
    first = run("export_framework", "small", "1")
    assert (first.code, first.err) == (0, "")
    path = write(tmp_path, first.out, "exported.yaml")
    assert write_framework(read_framework(path)) == first.out
    assert run("load_framework", path).code == 0
    assert run("export_framework", "small", "1").out == first.out


def test_a_workbook_is_loaded_again_and_gives_the_same_bytes(tmp_path):
    run("load_framework", write(tmp_path, FRAMEWORK))
    first, again = tmp_path / "first.xlsx", tmp_path / "again.xlsx"
    assert run("export_framework", "small", "1", "--output", first).code == 0
    Framework.objects.all().delete()
    assert run("load_framework", first, "--publish").code == 0
    assert run("export_framework", "small", "1", "--output", again).code == 0
    assert first.read_bytes() == again.read_bytes()


def test_a_workbook_and_a_file_say_the_same(tmp_path):
    run("load_framework", write(tmp_path, FRAMEWORK))
    book = tmp_path / "book"
    assert run("export_framework", "small", "1", "--format", "xlsx", "--output", book).code == 0
    assert write_framework(read_framework(book)) == run("export_framework", "small", "1").out


def test_yaml_goes_into_a_file_too(framework, tmp_path):
    out = tmp_path / "out.YML"
    done = run("export_framework", framework.code, framework.version, "--output", out)
    assert (done.code, done.out) == (0, "")
    assert out.read_text(encoding="utf-8") == write_framework(framework.outline())


REFUSED = {
    "a workbook on stdout": ("2024.1", ["--format", "xlsx"]),
    "an ending that says nothing": ("2024.1", ["--output", "{}/out.txt"]),
    "an unknown version": ("9", ["--output", "{}/out.xlsx"]),
    "a folder that is not there": ("2024.1", ["--output", "{}/nowhere/out.xlsx"]),
}


@pytest.mark.parametrize(("version", "options"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_written_is_told_in_one_line_and_leaves_all_as_it_was(framework, tmp_path, version, options):
    kept = [tmp_path / "out.txt", tmp_path / "out.xlsx"]
    for path in kept:
        path.write_text("as it was")
    done = run("export_framework", framework.code, version, *(option.format(tmp_path) for option in options))
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)
    assert sorted(tmp_path.iterdir()) == kept
    assert [path.read_text() for path in kept] == ["as it was"] * 2


def test_a_text_too_long_for_a_cell_is_told_with_its_place_and_leaves_the_file_as_it_was(tmp_path):
    record = store(replace(make_framework(), about=text("😀" * 17_000)))
    out = tmp_path / "out.xlsx"
    out.write_text("as it was")
    done = run("export_framework", record.code, record.version, "--output", out)
    assert (done.code, len(done.lines)) == (2, 1)
    assert "B5" in done.err
    assert out.read_text() == "as it was"


@pytest.mark.parametrize(("code", "version"), [("small-city", "9"), ("nothing", "2024.1"), ("", ""), ("'", "--")])
def test_an_unknown_version_is_refused(framework, code, version):
    done = run("export_framework", "--", code, version)
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_it_comes_out_as_utf8_whatever_the_terminal_speaks(framework, encoding):
    terminal = TextIOWrapper(BytesIO(), encoding=encoding)
    call_command("export_framework", framework.code, framework.version, stdout=terminal)
    terminal.flush()
    assert terminal.buffer.getvalue().decode("utf-8") == write_framework(framework.outline())
