import pytest

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
