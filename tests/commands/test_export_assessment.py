import pytest

from assessment.models import Assessment
from tests.commands.running import run
from tests.exchange.samples import ANSWERS, FRAMEWORK, write

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_export_import_export_gives_the_same_bytes(tmp_path, city):
    run("load_framework", write(tmp_path, FRAMEWORK), "--publish")
    run("import_assessment", write(tmp_path, ANSWERS))
    (pk,) = Assessment.objects.values_list("pk", flat=True)
    first = run("export_assessment", pk)
    assert (first.code, first.err) == (0, "")
    assert run("import_assessment", write(tmp_path, first.out)).code == 0
    assert run("export_assessment", pk).out == first.out


@pytest.mark.parametrize("pk", [0, 999, 10**30])
def test_an_unknown_id_is_refused(assessment, pk):
    done = run("export_assessment", pk)
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)
