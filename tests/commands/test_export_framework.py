from io import BytesIO, TextIOWrapper

import pytest
from django.core.management import call_command

from assessment.exchange.framework import read_framework, write_framework
from tests.commands.running import run
from tests.exchange.samples import FRAMEWORK, write

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
