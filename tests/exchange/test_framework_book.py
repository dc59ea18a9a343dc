"""A framework's workbook comes back as it went out, whoever saved it meanwhile; what is wrong in it has its cell."""

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from itertools import count

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart

from assessment.exchange.document import FileError
from assessment.exchange.framework import read_framework, read_framework_file, write_framework_book
from assessment.exchange.framework.workbook import layout
from assessment.outline import Citation, Text
from tests.exchange.samples import FRAMEWORK, frameworks, write
from tests.exchange.test_workbook import part, repacked
from tests.factories import make_criteria, make_framework, make_lens, make_transition, text
from tests.test_fixtures import FILES


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture(scope="module")
def framework(tmp_path_factory):
    return read_framework(write(tmp_path_factory.mktemp("sample"), FRAMEWORK))


def came_back(data):
    return read_framework_file("book.xlsx", data)


def after(framework, change):
    """The workbook after a person did something to it and saved it."""
    book = load_workbook(BytesIO(write_framework_book(framework)))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def typed(framework, sheet, cell, value):
    return after(framework, lambda book: setattr(book[sheet][cell], "value", value))


def wrongs(data):
    with pytest.raises(FileError) as caught:
        came_back(data)
    return [(problem.sheet, problem.cell, problem.message) for problem in caught.value.problems]


def places(data):
    return [(sheet, cell) for sheet, cell, _message in wrongs(data)]


def cell_of(sheet, heading, row):
    """The cell of a row below this heading."""
    found = [cell for line in sheet.iter_rows(max_row=2) for cell in line if cell.value == heading]
    return sheet.cell(row, found[0].column)


def with_texts(framework, words):
    """The framework with these words wherever a text may stand."""
    first = framework.criteria["T1.1"]
    levels = tuple(replace(level, descriptor=words, evidence=words, next=words) for level in first.levels)
    everywhere = {"title": words, "guidance": words, "measure": words, "suffices": words, "falls_short": words}
    changed = replace(first, **everywhere, statement=words, owner=words, levels=levels)
    lens, *others = framework.lenses
    (dimension,) = lens.dimensions
    facet = replace(dimension.facets[0], criteria=(changed,))
    lens = replace(lens, dimensions=(replace(dimension, start=words, facets=(facet,)),))
    return replace(framework, lenses=(lens, *others), about=words)


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "'quoted", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.y")', "#N/A", "TRUE"]
HOSTILE += ["\t=1", "007", "1e5", "2026-01-02", "一\n\n二\n", "a\r\nb\rc", "_x0041_ _x000D_ _x005F_", '"', '<b>&amp;"']
HOSTILE += [" 前后空格 ", "😀", "长" * 20_000]


class TestComesBack:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_every_shipped_framework_with_the_same_bytes(self, path):
        framework = read_framework(path)
        data = write_framework_book(framework)
        assert came_back(data) == framework
        assert write_framework_book(came_back(data)) == data

    @given(frameworks())
    @settings(max_examples=30)
    def test_any_framework_with_the_same_bytes(self, framework):
        data = write_framework_book(framework)
        assert came_back(data) == framework
        assert write_framework_book(came_back(data)) == data

    @pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words[:12]))
    def test_any_text(self, framework, words):
        changed = with_texts(framework, Text({"zh-hans": words, "en": words}))
        assert came_back(write_framework_book(changed)) == changed

    @pytest.mark.parametrize("effort", [4, (4,), 2**53 + 1, 10**40, (10**40,)])
    def test_any_effort(self, effort):
        (criterion,) = make_criteria("X1.1", highest=1)
        lens = make_lens("X", make_transition("X1", (replace(criterion, effort=effort),), kind="plain"))
        wanted = replace(make_framework(lens), scale=make_framework(lens).scale[:2], targets=())
        assert came_back(write_framework_book(wanted)) == wanted

    @pytest.mark.parametrize("levels", [2, 3, 10])
    def test_any_scale(self, levels):
        criteria = make_criteria("X1.1", highest=levels - 1)
        lens = make_lens("X", make_transition("X1", criteria, kind="plain"))
        framework = make_framework(lens, thresholds=range(1, levels), targets={"default": 1})
        assert came_back(write_framework_book(framework)) == framework

    def test_codes_that_other_headings_and_sheets_bear(self):
        codes = ["Code", "Name", "Framework", "Structure", "框架"]
        dimensions = [make_transition(f"d-{code}", make_criteria(code)) for code in codes]
        dimensions += [make_transition(code, make_criteria(f"{code}.1")) for code in ("X" * 40 + "a", "X" * 40 + "b")]
        framework = make_framework(make_lens("X", *dimensions), targets={"Code": 3, "Name": 2})
        assert came_back(write_framework_book(framework)) == framework

    def test_in_another_language_than_it_went_out(self, framework):
        with override("zh-hans"):
            data = write_framework_book(framework)
        assert came_back(data) == framework

    def test_saved_by_another_program(self, framework):
        assert came_back(after(framework, lambda book: None)) == framework

    def test_saved_as_office_programs_save(self, framework):
        assert came_back(as_office_saves(write_framework_book(framework))) == framework


def as_office_saves(data):
    """Strings in a table of their own, and whole numbers with a point."""
    strings, number = [], count()

    def shared(found):
        strings.append(f"<si>{found[2]}</si>")
        return f'<c{found[1]} t="s"><v>{next(number)}</v></c>'

    parts = {}
    for name in [name for name in zipfile.ZipFile(BytesIO(data)).namelist() if name.startswith("xl/worksheets/")]:
        xml = re.sub(r'<c([^>]*?) t="inlineStr"><is>(.*?)</is></c>', shared, part(data, name), flags=re.DOTALL)
        parts[name] = re.sub(r'(<c [^>]*t="n"[^>]*><v>\d+)(</v>)', r"\1.0\2", xml)
    space, kind = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "application/vnd.openxmlformats-officedocument",
    )
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space}">{"".join(strings)}</sst>'
    named = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.spreadsheetml.sharedStrings+xml"/></Types>'
    parts["[Content_Types].xml"] = part(data, "[Content_Types].xml").replace("</Types>", named)
    assert len(strings) > 100
    return repacked(data, parts)


class TestWhatGoesOut:
    def test_a_sheet_for_each_dimension_and_for_what_they_rest_on(self, framework):
        names = load_workbook(BytesIO(write_framework_book(framework))).sheetnames
        assert names == [
            "Instructions",
            "Framework",
            "Scale",
            "Structure",
            "T1 统筹",
            "P1 两侧",
            "Sources",
            "Targets",
            "Crosswalks",
        ]

    def test_a_row_a_criterion_and_a_column_for_each_field_level_and_language(self, framework):
        sheet = load_workbook(BytesIO(write_framework_book(framework)))["T1 统筹"]
        headings = [cell.value for cell in sheet[2]]
        for level in range(3):
            for language in ("zh-hans", "en"):
                assert f"Level {level}: description（{language}）" in headings
        assert [row[0].value for row in sheet.iter_rows(min_row=3)] == ["T1.1"]
        assert cell_of(sheet, "Level 1: description（zh-hans）", 3).value == "有"
        assert "Facet" not in headings

    def test_no_formula_and_no_link_anywhere(self, framework):
        data = write_framework_book(with_texts(framework, text('=HYPERLINK("http://x.y")')))
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                xml = archive.read(name).decode()
                assert not re.search(r"<f[ >/]|<hyperlink|externalLink", xml), name

    def test_what_is_chosen_is_offered_and_headings_stay_in_sight(self, framework):
        sheet = load_workbook(BytesIO(write_framework_book(framework)))["P1 两侧"]
        offers = {str(offer.sqref)[0]: offer.formula1 for offer in sheet.data_validations.dataValidation}
        assert offers["B"] == '"P1.A,P1.B"'
        assert '"Yes,No"' in offers.values()
        assert sheet.freeze_panes == "B3"
        assert sheet.print_title_rows == "$2:$2"

    def test_translations_fold_away(self, framework):
        sheet = load_workbook(BytesIO(write_framework_book(framework)))["T1 统筹"]
        folding = [sheet.column_dimensions[cell.column_letter].outlineLevel for cell in sheet[2]]
        assert folding == [1 if cell.value.endswith("（en）") else 0 for cell in sheet[2]]
        assert sheet.sheet_format.outlineLevelCol == 1

    def test_a_text_too_long_for_a_cell_is_told_with_its_cell_and_never_cut(self, framework):
        with pytest.raises(FileError) as caught:
            write_framework_book(replace(framework, about=text("😀" * 17_000)))
        (problem,) = caught.value.problems
        assert (problem.sheet, problem.cell) == ("Framework", "B6")
        assert "32767" in problem.message

    def test_more_dimensions_than_a_workbook_can_bring_back_are_told(self):
        dimensions = [make_transition(f"D{n}", make_criteria(f"D{n}.1")) for n in range(320)]
        with pytest.raises(FileError, match="more than a workbook can be"):
            write_framework_book(make_framework(make_lens("X", *dimensions)))


class TestPeopleWorkInIt:
    def test_a_new_row_is_a_new_criterion(self, framework):
        def add(book):
            sheet = book["T1 统筹"]
            for cell in sheet[3]:
                sheet.cell(4, cell.column).value = cell.value
            sheet["A4"].value = "T1.2"

        criteria = came_back(after(framework, add)).criteria
        assert list(criteria) == ["T1.1", "T1.2", "A1", "B1"]
        assert criteria["T1.2"] == replace(criteria["T1.1"], code="T1.2")

    def test_rows_deleted_and_moved_are_criteria_deleted_and_moved(self):
        lens = make_lens("X", make_transition("X1", make_criteria("X1.1", "X1.2", "X1.3")))
        framework = make_framework(lens)

        def work(book):
            sheet = book["X1 维度X1"]
            sheet.move_range(f"A3:{sheet.cell(3, sheet.max_column).coordinate}", rows=4)
            sheet.delete_rows(4)

        assert list(came_back(after(framework, work)).criteria) == ["X1.3", "X1.1"]

    def test_a_new_column_is_a_new_language(self, framework):
        def translate(book):
            sheet = book["T1 统筹"]
            column = sheet.max_column + 1
            sheet.cell(2, column).value, sheet.cell(3, column).value = "Title (fr)", "Gouvernance"

        assert came_back(after(framework, translate)).criteria["T1.1"].title == {"zh-hans": "甲", "fr": "Gouvernance"}

    def test_columns_may_change_places(self, framework):
        def move(book):
            sheet = book["Scale"]
            for row in sheet.iter_rows(min_row=1):
                values = [cell.value for cell in row]
                for cell, value in zip(row, reversed(values), strict=True):
                    cell.value = value

        assert came_back(after(framework, move)) == framework

    def test_what_is_typed_is_understood(self, framework):
        def work(book):
            sheet = book["T1 统筹"]
            cell_of(sheet, "Weight", 3).value = "2.5"
            cell_of(sheet, "Key criterion", 3).value = True
            cell_of(sheet, "Person-months a level", 3).value = "2, 3"
            cell_of(sheet, "Measure（zh-hans）", 3).value = 95
            cell_of(sheet, "Citations", 3).value = " doc#2 \n (Assigned by this tool)doc#1"
            cell_of(sheet, "Level taken over", 3).value = "Highest"
            cell_of(book["Sources"], "Issued on", 2).value = datetime(2025, 3, 1)
            book["Targets"]["C1"].value = 2030

        changed = came_back(after(framework, work))
        criterion = changed.criteria["T1.1"]
        assert (criterion.weight, criterion.key, criterion.effort, criterion.carry) == (2.5, True, (2, 3), "highest")
        assert criterion.measure == {"zh-hans": "95"}
        assert criterion.cites == (Citation("doc", "2"), Citation("doc", "1", "assigned"))
        assert changed.sources[0].issued == date(2025, 3, 1)
        assert changed.targets[0].code == "2030"

    def test_a_sheet_of_its_own_is_not_needed_for_what_there_is_none_of(self, framework):
        bare = replace(framework, targets=(), crosswalks={})

        def take_away(book):
            del book["Instructions"], book["Targets"], book["Crosswalks"]

        assert came_back(after(bare, take_away)) == bare

    def test_a_target_row_of_a_criterion_that_is_gone_says_nothing(self, framework):
        changed = came_back(typed(framework, "Targets", "A7", "T9.9"))
        assert changed == replace(framework, targets=(replace(framework.targets[0], levels=changed.targets[0].levels),))


def under(sheet, heading, value, row=3):
    """A change: what somebody typed below a heading."""
    return lambda book: setattr(cell_of(book[sheet], heading, row), "value", value)


def headed(sheet, cell, value):
    return lambda book: setattr(book[sheet][cell], "value", value)


T1, P1 = "T1 统筹", "P1 两侧"
DESCRIPTION = "Level 1: description（zh-hans）"

# what: (what was done, what is said of it, and the heading below which it stands or its sheet and cell)
WRONG = {
    "a formula": (under(T1, "Title（zh-hans）", "=1+1"), "formula", (T1, "Title（zh-hans）")),
    "a formula for a level": (under("Scale", "Level", "=1"), "formula", ("Scale", "Level")),
    "a link as a formula": (under(T1, DESCRIPTION, '=HYPERLINK("http://x.y")'), "formula", (T1, DESCRIPTION)),
    "a formula in the instructions": (headed("Instructions", "D9", "=1"), "formula", ("Instructions", "D9")),
    "a formula as a heading": (headed(T1, "BZ2", "=1"), "formula", (T1, "BZ2")),
    "an error value": (under(T1, "Weight", "#DIV/0!"), "error value", (T1, "Weight")),
    "no title": (under(T1, "Title（zh-hans）", None), "is missing", (T1, "Title（zh-hans）")),
    "blanks for a title": (under(T1, "Title（zh-hans）", "  "), "is missing", (T1, "Title（zh-hans）")),
    "a title in another language alone": (
        lambda book: (under(T1, "Title（zh-hans）", None)(book), under(T1, "Title（en）", "A")(book)),
        "no text in the framework's language",
        (T1, "Title（zh-hans）"),
    ),
    "no description of a level": (under(T1, DESCRIPTION, None), "is missing", (T1, DESCRIPTION)),
    "a text that is true": (under(T1, DESCRIPTION, True), "expected text", (T1, DESCRIPTION)),
    "a text that is a date": (under(T1, DESCRIPTION, datetime(2026, 1, 2)), "expected text", (T1, DESCRIPTION)),
    "a text that is a fraction": (under(T1, DESCRIPTION, 0.95), "expected text", (T1, DESCRIPTION)),
    "a text beyond its limit": (under(T1, DESCRIPTION, "长" * 20_001), "longer than 20000", (T1, DESCRIPTION)),
    "a control character": (under(T1, DESCRIPTION, "a_x0007_b"), "control characters", (T1, DESCRIPTION)),
    "a weight of 0": (under(T1, "Weight", 0), "greater than 0", (T1, "Weight")),
    "a weight that is true": (under(T1, "Weight", True), "greater than 0", (T1, "Weight")),
    "a weight in words": (under(T1, "Weight", "twice"), "greater than 0", (T1, "Weight")),
    "a weight beyond numbers": (under(T1, "Weight", "1e999"), "greater than 0", (T1, "Weight")),
    "a weight of 300 digits": (under(T1, "Weight", "9" * 300), "greater than 0", (T1, "Weight")),
    "an effort of half a month": (under(T1, "Person-months a level", 0.5), "whole number", (T1, "Person-months a level")),
    "an effort with a step too many": (
        under(T1, "Person-months a level", "1、2、3"),
        "list of 2",
        (T1, "Person-months a level"),
    ),
    "a key that is perhaps": (under(T1, "Key criterion", "perhaps"), "one of Yes、No", (T1, "Key criterion")),
    "a carry that is unknown": (under(T1, "Level taken over", "most"), "one of", (T1, "Level taken over")),
    "a code with blanks": (under(P1, "Code", "A .1"), "expected a code", (P1, "Code")),
    "a code that is a fraction": (under(P1, "Code", 1.1), "expected text", (P1, "Code")),
    "no code": (under(P1, "Code", None), "is missing", (P1, "Code")),
    "a citation of nothing": (under(T1, "Citations", "doc#9"), "doc#9", (T1, "Citations")),
    "a citation without a passage": (under(T1, "Citations", "doc"), "SOURCE#PASSAGE", (T1, "Citations")),
    "a citation in an unknown role": (under(T1, "Citations", "(x) doc#1"), "(x) doc#1", (T1, "Citations")),
    "replaced twice": (under(T1, "Replaces", "A\nA"), "named twice", (T1, "Replaces")),
    "no facet": (under(P1, "Facet", None), "name one of the facets", (P1, "Facet")),
    "an unknown facet": (under(P1, "Facet", "P1.C"), "name one of the facets", (P1, "Facet")),
    "a level of the scale that is true": (under("Scale", "Level", True, 2), "whole number", ("Scale", "A2")),
    "a level of the scale in words": (under("Scale", "Level", "two", 4), "whole number", ("Scale", "A4")),
    "a threshold too low": (under("Scale", "Threshold", 5, 4), "must ascend", ("Scale", "D4")),
    "an unknown kind": (under("Structure", "Kind", "trend", 3), "one of Transition、Balance、Plain", ("Structure", "E3")),
    "a pole of a balance": (under("Structure", "Old pole（zh-hans）", "x", 5), "transition", ("Structure", "F5")),
    "no pole": (under("Structure", "New pole（zh-hans）", None, 3), "is missing", ("Structure", "H3")),
    "no sheet": (
        lambda book: (under("Structure", "Sheet of its criteria", None, 5)(book), book.remove(book[P1])),
        "is missing",
        ("Structure", "L5"),
    ),
    "what a row of this kind has not": (under("Structure", "Kind", "Plain", 2), "of this kind", ("Structure", "E2")),
    "an unknown kind of row": (under("Structure", "Row", "Sheet", 4), "one of Lens", ("Structure", "A4")),
    "an unknown status": (under("Sources", "Status", "seen", 3), "one of Verbatim", ("Sources", "M3")),
    "a quotation that is not allowed": (under("Sources", "Quotation（zh-hans）", "x", 4), "not be quoted", ("Sources", "N4")),
    "a day that is none": (under("Sources", "Issued on", "2026-02-30", 2), "a date such as", ("Sources", "G2")),
    "a day that is a number": (under("Sources", "Issued on", 45000, 2), "a date such as", ("Sources", "G2")),
    "a target above the scale": (headed("Targets", "C4", 3), "from 0 to 2", ("Targets", "C4")),
    "a target that is true": (headed("Targets", "C5", True), "from 0 to 2", ("Targets", "C5")),
    "a target of no criterion": (headed("Targets", "A6", "T9"), "T9", ("Targets", "C6")),
    "no version": (headed("Framework", "B2", None), "is missing", ("Framework", "B2")),
    "a version that is a fraction": (headed("Framework", "B2", 2024.1), "expected text", ("Framework", "B2")),
    "a language that is none": (headed("Framework", "B3", "中文"), "zh-hans", ("Framework", "B3")),
    "a second framework": (headed("Framework", "C1", "other"), "one framework", ("Framework", "C1")),
    "JSON that says something twice": (headed("Crosswalks", "C2", '{"a": 1, "a": 2}'), "duplicate", ("Crosswalks", "C2")),
    "an unknown column": (headed(T1, "BZ2", "Notes"), "no column is called “Notes”", (T1, "BZ2")),
    "a heading without its language": (headed(T1, "BZ2", "Title"), "Title（zh-hans）", (T1, "BZ2")),
    "a heading in no language": (headed(T1, "BZ2", "Title（?）"), "no column is called", (T1, "BZ2")),
    "a heading twice": (headed(T1, "BZ2", "Code"), "stands in A2 already", (T1, "BZ2")),
    "a level beyond the scale": (headed(T1, "BZ2", "Level 3: description（en）"), "ends at level 2", (T1, "BZ2")),
    "a value without a heading": (headed(T1, "BZ3", "a note"), "has no heading", (T1, "BZ3")),
    "merged cells": (lambda book: book[T1].merge_cells("B3:B4"), "merged here (B3:B4)", (T1, "B3")),
    "an unknown sheet": (lambda book: book.create_sheet("Notes"), "names this sheet", ("Notes", "A1")),
    "a hidden sheet": (
        lambda book: setattr(book.create_sheet("Notes"), "sheet_state", "veryHidden"),
        "names this sheet",
        ("Notes", "A1"),
    ),
    "a sheet of a chart": (lambda book: book.create_chartsheet("Chart").add_chart(BarChart()), "no sheet of cells", ("Chart", "A1")),
    "a cell far away": (headed(T1, "A30000", "x"), "at most", (T1, "A30000")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_once_with_sheet_cell_and_reason(framework, name):
    change, words, (sheet, where) = WRONG[name]
    data = after(framework, change)
    opened = load_workbook(BytesIO(data))
    cell = where if re.fullmatch(r"[A-Z]+\d+", where) else cell_of(opened[sheet], where, 3).coordinate
    (found,) = wrongs(data)
    assert found[:2] == (sheet, cell)
    assert words in found[2]


class TestErrors:
    def test_all_are_told_at_once_in_the_order_of_sheets_rows_and_columns(self, framework):
        names = ["no description of a level", "a weight of 0", "no pole", "a target above the scale", "a formula"]
        names += ["an unknown sheet"]
        data = after(framework, lambda book: [WRONG[name][0](book) for name in names])
        assert places(data) == [
            ("Structure", "H3"),
            (T1, "B3"),
            (T1, "H3"),
            (T1, "U3"),
            ("Targets", "C4"),
            ("Notes", "A1"),
        ]

    def test_a_code_that_stands_twice_names_both_cells(self, framework):
        (found,) = wrongs(after(framework, under(P1, "Code", "T1.1", 4)))
        assert found[:2] == (P1, "A4")
        assert f"{T1}!A3" in found[2]

    def test_passages_targets_and_languages_twice_name_both_too(self, framework):
        def work(book):
            cell_of(book["Sources"], "Code", 4).value = "1"
            book["Targets"]["D1"].value, book["Targets"]["D2"].value = "2027", "x"

        found = wrongs(after(framework, work))
        assert [place[:2] for place in found] == [("Sources", "B4"), ("Targets", "D1")]
        assert "Sources!B3" in found[0][2] and "Targets!C1" in found[1][2]

    def test_a_column_that_is_missing_is_told_once_and_not_in_every_row(self, framework):
        def take_away(book):
            for sheet, heading in ((T1, DESCRIPTION), (P1, "Code")):
                cell_of(book[sheet], heading, 2).value = None
                for row in range(3, book[sheet].max_row + 1):
                    cell_of_row = book[sheet].cell(row, 1 if heading == "Code" else 21)
                    cell_of_row.value = None

        found = wrongs(after(framework, take_away))
        assert [(sheet, message) for sheet, _cell, message in found] == [
            (T1, f"these columns are missing: {DESCRIPTION}"),
            (P1, "these columns are missing: Code"),
        ]

    def test_a_level_more_on_the_scale_asks_for_its_columns(self, framework):
        def add(book):
            for column, value in enumerate([3, "三", None, 80], start=1):
                book["Scale"].cell(5, column).value = value

        found = [(sheet, message) for sheet, _cell, message in wrongs(after(framework, add))]
        assert found == [
            (T1, "these columns are missing: Level 3: description（zh-hans）"),
            (T1, "Person-months a level: expected a whole number from 1, or a list of 3 of them, got “1、2”"),
            (P1, "these columns are missing: Level 3: description（zh-hans）"),
        ]

    def test_missing_sheets_and_headings(self, framework):
        def take_away(book):
            del book["Scale"]
            book["Structure"].delete_rows(1)

        found = wrongs(after(framework, take_away))
        assert found[0] == ("", "", "these sheets are missing: Scale")
        assert any(place[:2] == ("Structure", "A1") and "no headings stand here" in place[2] for place in found)

    def test_a_sheet_that_was_renamed_is_missed_where_it_is_named_and_found_where_it_stands(self, framework):
        found = wrongs(after(framework, lambda book: setattr(book[P1], "title", "P1")))
        assert [place[:2] for place in found] == [("Structure", "L5"), ("P1", "A1")]
        assert P1 in found[0][2]

    def test_rows_before_what_they_belong_to(self, framework):
        def turn(book):
            cell_of(book["Structure"], "Row", 2).value = "Dimension"
            cell_of(book["Sources"], "Row", 2).value = "Passage"

        found = [place[:2] for place in wrongs(after(framework, turn)) if "stands before" in place[2]]
        assert found[:2] == [("Structure", "B2"), ("Structure", "B3")]
        assert ("Sources", "B2") in found

    def test_two_dimensions_on_one_sheet_and_a_balance_without_its_facets(self, framework):
        def work(book):
            cell_of(book["Structure"], "Sheet of its criteria", 5).value = T1
            book["Structure"].delete_rows(7)

        found = wrongs(after(framework, work))
        assert [place[:2] for place in found] == [("Structure", "B5"), ("Structure", "L5"), (P1, "A1")]
        assert "exactly two facets, got 1" in found[0][2]
        assert "named in L3 already" in found[1][2]

    def test_facets_where_there_are_none(self, framework):
        found = wrongs(after(framework, under("Structure", "Kind", "Plain", 5)))
        assert [place[:2] for place in found] == [("Structure", "B6"), ("Structure", "B7"), (P1, "B3"), (P1, "B4")]
        assert all("only a balance has facets" in place[2] for place in found)

    def test_crosswalks_that_say_something_twice_or_nothing(self, framework):
        def work(book):
            for row, values in enumerate([("a", "b", "x"), ("a", None, "y"), (None, "c", "z"), ("d", "e", None)], 3):
                for column, value in enumerate(values, start=1):
                    book["Crosswalks"].cell(row, column).value = value

        found = wrongs(after(framework, work))
        assert [place[:2] for place in found] == [("Crosswalks", f"A{row}") for row in (3, 4, 5, 6)]
        assert "stands in A2 already" in found[0][2]


def bomb():
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 50_000_000)
    return stream.getvalue()


UNREADABLE = {
    "cut off": (lambda data: data[:-200], "no .xlsx workbook"),
    "only begins like one": (lambda data: b"PK\x03\x04" + b"x" * 100, "no .xlsx workbook"),
    "a broken sheet": (lambda data: repacked(data, {"xl/worksheets/sheet2.xml": "<worksheet"}), "no .xlsx workbook"),
    "no workbook in it": (lambda data: repacked(data, without=["xl/workbook.xml"]), "no .xlsx workbook"),
    "too large": (lambda data: b"PK" + bytes(5 * 1024 * 1024), "larger than 5 MB"),
    "a bomb": (lambda data: bomb(), "unpacks to more"),
    "with a password": (lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
    "macros": (lambda data: repacked(data, {"xl/vbaProject.bin": b"\x01"}), "macros"),
    "references to other workbooks": (
        lambda data: repacked(data, {"xl/externalLinks/externalLink1.xml": "<a/>"}),
        "links to other workbooks",
    ),
    "an embedded object": (lambda data: repacked(data, {"xl/embeddings/a.bin": b"\x01"}), "embedded objects"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_must_not_be_looked_into_is_refused_as_a_whole(framework, name):
    spoil, words = UNREADABLE[name]
    (found,) = wrongs(spoil(write_framework_book(framework)))
    assert found[:2] == ("", "")
    assert words in found[2]


def test_another_workbook_is_told_what_it_lacks():
    stream = BytesIO()
    Workbook().save(stream)
    found = wrongs(stream.getvalue())
    assert found[0] == ("", "", "these sheets are missing: Framework、Scale、Structure")


def test_what_is_in_a_file_counts_and_not_its_name(framework, tmp_path):
    named = write(tmp_path, write_framework_book(framework), "framework.yaml")
    assert read_framework(named) == framework


SHEETS = ["Framework", "Scale", "Structure", T1, P1, "Sources", "Targets", "Crosswalks"]
SPOILERS = [
    None,
    True,
    0,
    -1,
    2.5,
    1e308,
    "",
    " ",
    "=1",
    "a#b",
    "（",
    '"',
    "[",
    "Code",
    "Facet",
    "balance",
    "T1",
    "\u2028",
]
SPOILERS += ["\n", "1、", "9" * 200, date(1900, 1, 1), datetime(2026, 1, 2, 3, 4), "Title（fr）", "{}", "null"]
SPOILT = st.tuples(st.sampled_from(SHEETS), st.integers(1, 8), st.integers(1, 30), st.sampled_from(SPOILERS))


@given(st.lists(SPOILT, min_size=1, max_size=4), st.sets(st.sampled_from(SHEETS), max_size=1))
@settings(max_examples=120)
def test_a_spoilt_workbook_is_read_or_refused_and_never_crashes(framework, spoilt, gone):
    def spoil(book):
        for sheet, row, column, value in spoilt:
            book[sheet].cell(row, column).value = value
        for sheet in gone:
            del book[sheet]

    data = after(framework, spoil)
    try:
        write_framework_book(came_back(data))
    except FileError as error:
        assert error.problems
        assert all(str(problem) for problem in error.problems)


def known_by(words):
    """How many different things are called by these words, and how many things there are."""
    return len({layout.plain(word) for word in words}), len(words)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_two_headings_choices_or_sheets_are_called_alike(language):
    with override(language):
        for sheet in [*layout.SHEETS.values(), layout.CRITERIA]:
            called, there = known_by([heading.base for heading in layout.bare_headings(sheet)])
            assert called == there
            for column in sheet.columns:
                called, there = known_by([str(label) for label in column.choices.values()])
                assert called == there
        called, there = known_by([str(sheet.title) for sheet in layout.SHEETS.values()])
        assert called == there
