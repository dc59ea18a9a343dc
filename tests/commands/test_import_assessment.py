import pytest

from assessment.models import Assessment, City, Framework, Response
from tests.commands.running import run
from tests.exchange.samples import ANSWERS, FRAMEWORK, spoilt, write
from tests.records import approved

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def small(tmp_path, city):
    run("load_framework", write(tmp_path, FRAMEWORK, "framework.yaml"), "--publish")


def refused(folder, content):
    """Exit 2, nothing on stdout and nothing written; the lines on stderr."""
    before = list(Response.objects.order_by("pk").values())
    done = run("import_assessment", write(folder, content, "wrong.yaml"))
    assert (done.code, done.out) == (2, "")
    assert list(Response.objects.order_by("pk").values()) == before
    assert all("wrong.yaml" in line for line in done.lines)
    return done.lines


def test_a_round_is_created_and_told_with_its_id(tmp_path):
    done = run("import_assessment", write(tmp_path, ANSWERS))
    assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
    assert done.out.split()[0] == str(Assessment.objects.get().pk)


def test_the_same_round_is_replaced_and_another_is_added(tmp_path):
    run("import_assessment", write(tmp_path, ANSWERS))
    assert run("import_assessment", write(tmp_path, spoilt(ANSWERS, "  level: 1", "  level: 2"))).code == 0
    assert Response.objects.get(criterion__code="T1.1").level == 2
    run("import_assessment", write(tmp_path, spoilt(ANSWERS, 'round: "2026"', 'round: "2027"')))
    assert sorted(Assessment.objects.values_list("round", flat=True)) == ["2026", "2027"]


def test_mistakes_are_told_one_a_line_and_nothing_is_written(tmp_path):
    run("import_assessment", write(tmp_path, ANSWERS))
    wrong = spoilt(spoilt(ANSWERS, "  level: 1", "  level: true"), 'round: "2026"', "round: 2026")
    lines = refused(tmp_path, wrong)
    assert [part in line for line, part in zip(lines, ["assessment.round", "responses[0].level"], strict=True)] == [
        True
    ] * 2
    assert Assessment.objects.count() == 1


def test_an_unknown_city_is_refused(tmp_path):
    City.objects.all().delete()
    assert len(refused(tmp_path, ANSWERS)) == 1


def test_a_city_of_another_name_is_refused(tmp_path):
    assert len(refused(tmp_path, spoilt(ANSWERS, "杭州市", "杭洲市"))) == 1


@pytest.mark.parametrize("old", ["framework: small", 'version: "1"'])
def test_an_unknown_framework_or_version_is_refused(tmp_path, old):
    assert len(refused(tmp_path, spoilt(ANSWERS, old, f'{old.split(":")[0]}: "9"'))) == 1


def test_a_draft_takes_no_rounds(tmp_path):
    run("load_framework", write(tmp_path, spoilt(FRAMEWORK, 'version: "1"', 'version: "2"')))
    assert len(refused(tmp_path, spoilt(ANSWERS, 'version: "1"', 'version: "2"'))) == 1
    assert Framework.objects.count() == 2


def test_a_final_round_is_refused(tmp_path):
    everything = ANSWERS + "- {criterion: B1, level: 0}\n"
    run("import_assessment", write(tmp_path, everything))
    approved(Assessment.objects.get())
    assert len(refused(tmp_path, ANSWERS)) == 1
    assert Response.objects.count() == 3


@pytest.mark.parametrize("content", ["", "- a\n", "a: [\n", "a: &x 1\n", "assessment: {}\n", "assessment: []\n"])
def test_what_is_no_answers_file_is_refused(tmp_path, content):
    assert refused(tmp_path, content)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere.yaml"):
        done = run("import_assessment", path)
        assert (done.code, done.out, len(done.lines)) == (2, "", 1)
