from io import BytesIO

import pytest
from openpyxl import load_workbook

from assessment import actions
from assessment.exchange.framework import read_framework_file, write_framework_book
from assessment.models import Framework
from tests.commands.running import run
from tests.exchange.samples import FRAMEWORK, spoilt, write
from tests.test_fixtures import FILES

pytestmark = [pytest.mark.database, pytest.mark.django_db]
CHANGED = spoilt(FRAMEWORK, "title: 甲", "title: 改了")
OTHER = spoilt(FRAMEWORK, "framework: small", "framework: other")


def states():
    return dict(Framework.objects.values_list("code", "state"))


def test_a_draft_is_loaded_told_in_a_line_and_loaded_again_unchanged(tmp_path):
    path = write(tmp_path, FRAMEWORK)
    first, second = run("load_framework", path), run("load_framework", path)
    assert (first.code, first.err, second.code, second.err) == (0, "", 0, "")
    assert first.out.startswith("small 1: ")
    assert first.out.count("\n") == 1
    assert first.out != second.out
    assert states() == {"small": "draft"}


def test_a_changed_draft_is_updated(tmp_path):
    run("load_framework", write(tmp_path, FRAMEWORK))
    assert run("load_framework", write(tmp_path, CHANGED)).code == 0
    assert str(Framework.objects.get().outline().criteria["T1.1"].title) == "改了"


def test_a_published_version_is_unchanged_with_exit_0_and_changed_with_exit_2(tmp_path):
    path = write(tmp_path, FRAMEWORK)
    assert run("load_framework", path, "--publish").code == 0
    again, other = run("load_framework", path), run("load_framework", write(tmp_path, CHANGED, "changed.yaml"))
    assert (again.code, again.err) == (0, "")
    assert (other.code, other.out, len(other.lines)) == (2, "", 1)
    assert "changed.yaml" in other.err
    assert str(Framework.objects.get().outline().criteria["T1.1"].title) == "甲"
    assert states() == {"small": "published"}


def test_several_files_are_loaded_in_their_order(tmp_path):
    done = run("load_framework", write(tmp_path, OTHER, "b.yaml"), write(tmp_path, FRAMEWORK, "a.yaml"), "--publish")
    assert [line.split()[0] for line in done.out.splitlines()] == ["other", "small"]
    assert states() == {"small": "published", "other": "published"}


def test_one_refused_file_keeps_all_out(tmp_path):
    run("load_framework", write(tmp_path, FRAMEWORK), "--publish")
    done = run("load_framework", write(tmp_path, OTHER, "good.yaml"), write(tmp_path, CHANGED, "bad.yaml"))
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)
    assert states() == {"small": "published"}


def test_the_mistakes_of_all_files_are_told_one_a_line_and_nothing_is_written(tmp_path):
    first = write(
        tmp_path, spoilt(spoilt(FRAMEWORK, "weight: 2", "weight: 0"), 'version: "1"', "version: 1.0"), "a.yaml"
    )
    second = write(tmp_path, spoilt(OTHER, "{default: 1", "{default: 9"), "b.yaml")
    done = run("load_framework", first, second, tmp_path / "nowhere.yaml", write(tmp_path, FRAMEWORK, "good.yaml"))
    assert (done.code, done.out) == (2, "")
    expected = [
        ("a.yaml", " 2 ", "version"),
        ("a.yaml", " 31 ", "lenses[0].dimensions[0].criteria[0].weight"),
        ("b.yaml", " 56 ", "targets[0].levels.default"),
        ("nowhere.yaml", "", ""),
    ]
    assert len(done.lines) == len(expected)
    for line, parts in zip(done.lines, expected, strict=True):
        assert all(part.strip() in line for part in parts), line
    assert states() == {}


def test_a_workbook_is_loaded_beside_a_file(tmp_path):
    book = write(tmp_path, workbook(), "other.xlsx")
    done = run("load_framework", book, write(tmp_path, FRAMEWORK), "--publish")
    assert (done.code, done.err) == (0, "")
    assert states() == {"small": "published", "other": "published"}


def test_the_mistakes_of_a_workbook_are_told_one_a_line_with_sheet_and_cell(tmp_path):
    def spoil(book):
        book["T1 统筹"]["A3"].value = "T1 1"
        book.worksheets[2]["A4"].value = "=1+1"

    done = run("load_framework", write(tmp_path, workbook(spoil), "other.xlsx"), write(tmp_path, FRAMEWORK))
    assert (done.code, done.out) == (2, "")
    assert [line for line in done.lines if "other.xlsx" in line] == done.lines
    assert any("A4" in line for line in done.lines)
    assert any("T1 统筹" in line and "A3" in line for line in done.lines)
    assert states() == {}


def workbook(change=lambda book: None):
    """The other framework as a workbook that somebody changed."""
    book = load_workbook(BytesIO(write_framework_book(read_framework_file("other", OTHER.encode()))))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_folder_is_refused(tmp_path):
    done = run("load_framework", tmp_path)
    assert (done.code, len(done.lines)) == (2, 1)
    assert str(tmp_path) in done.err


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_shipped_framework_is_loaded_and_exported_to_the_same_bytes(path):
    assert run("load_framework", path, "--publish").code == 0
    record = Framework.objects.get()
    assert run("export_framework", record.code, record.version).out == path.read_text()


def later(version, *changes):
    text = spoilt(FRAMEWORK, 'version: "1"', f'version: "{version}"')
    for change in changes:
        text = spoilt(text, *change)
    return text


def test_a_further_version_goes_on_from_the_one_published_last(tmp_path):
    run("load_framework", write(tmp_path, FRAMEWORK))
    first = Framework.objects.get()
    actions.add_golden_set(first, "甲市", {}, by=None)
    run("load_framework", write(tmp_path, FRAMEWORK), "--publish")
    assert run("load_framework", write(tmp_path, later("2", ("title: 甲", "title: 改了")))).code == 0
    draft = Framework.objects.get(version="2")
    assert (draft.previous, draft.golden_sets.get().name) == (first, "甲市")


@pytest.mark.parametrize(
    ("version", "changes", "words"),
    [("0.9", [("title: 甲", "title: 改了")], "版本号须高于最近发布的1"), ("2", [], "没有变化")],
)
def test_what_is_no_higher_version_or_says_nothing_else_is_not_published(tmp_path, version, changes, words):
    run("load_framework", write(tmp_path, FRAMEWORK), "--publish")
    done = run("load_framework", write(tmp_path, later(version, *changes), "other.yaml"), "--publish")
    assert (done.code, done.out, len(done.lines)) == (2, "", 1) and words in done.err
    assert Framework.objects.count() == 1
