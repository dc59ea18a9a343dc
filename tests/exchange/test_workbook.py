"""The offline workbook goes out and comes back unchanged; a hostile one never gets far."""

import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from assessment.exchange.workbook import Pack, Slip, Unreadable, read_workbook, write_workbook
from assessment.exchange.workbook.layout import columns
from assessment.outline import Evidence, Response
from tests.factories import make_criteria, make_framework, make_lens, make_transition, text
from tests.records import some_framework

FRAMEWORK = some_framework()
CODES = tuple(FRAMEWORK.criteria)
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "'quoted",
    "#N/A",
    "007",
    "😀 笑",
    "一\n\n二",
    "_x0041_ _x000D_",
]
HOSTILE += ['<b>&amp;</b>"', '=HYPERLINK("http://x.y")', "\t=1", "TRUE", "2026-01-02", "长" * 20_000]


def make_pack(answers=(), *, framework=FRAMEWORK, codes=CODES, **fields):
    given = {code: Response(code) for code in codes} | {answer.criterion: answer for answer in answers}
    slip = Slip(7, framework.code, framework.version, "all", dict.fromkeys(codes, 1))
    fields = {"writable": frozenset(codes), "due_on": date(2026, 11, 30)} | fields
    return Pack(framework, slip, "杭州市", "杭州市 2026", "2026", "市数据局", answers=given, **fields)


def written(*answers, **fields):
    return write_workbook(make_pack(answers, **fields))


def changed(data, change):
    """The workbook after a person did something to it and saved it."""
    book = load_workbook(BytesIO(data))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def place(book, code, key):
    """The cell of a criterion's row under this key."""
    for sheet in book.worksheets:
        keys = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=3):
            if key in keys and row[0].value == code:
                return row[keys.index(key)]
    raise LookupError(code, key)


def typed(code="T1.1", **values):
    """The workbook in which a person typed these values into a criterion's row."""

    def change(book):
        for key, value in values.items():
            place(book, code, key.replace("__", "-")).value = value

    return changed(written(), change)


def came_back(data, framework=FRAMEWORK):
    with override("zh-hans"):
        return read_workbook(data, framework, 7)


def wrongs(data):
    return [(problem.sheet, problem.cell, problem.message) for problem in came_back(data).problems]


def repacked(data, parts=(), *, without=()):
    """The file with parts of the archive added, replaced or taken out."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in dict(parts) and name not in without:
                new.writestr(name, old.read(name))
        for name, content in dict(parts).items():
            new.writestr(name, content)
    return stream.getvalue()


def part(data, name):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name).decode()


class TestComesBack:
    @pytest.mark.parametrize("words", HOSTILE, ids=lambda words: words[:12])
    def test_every_text_is_what_it_was(self, words):
        line = " ".join(words.split())[:200]
        piece = Evidence(line, reference=line, url="https://x.y/?a=1&b=2", as_of=date(2026, 2, 28))
        answers = [
            Response("T1.1", level=3, target=5, rationale=words, evidence=(piece,) * 4),
            Response("T1.2", not_applicable=words),
        ]
        returned = came_back(written(*answers))
        assert returned.problems == []
        stripped = [replace(a, rationale=a.rationale.strip(), not_applicable=a.not_applicable.strip()) for a in answers]
        assert [returned.answers[code] for code in ("T1.1", "T1.2")] == stripped

    @settings(max_examples=25)
    @given(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=60),
        st.sampled_from([None, 0, 5]),
        st.sampled_from([None, 0, 5]),
    )
    def test_any_answer_is_what_it_was(self, words, level, target):
        answer = Response("P1.A2", level=level, target=target, rationale=words.strip())
        returned = came_back(written(answer))
        assert returned.problems == []
        assert returned.answers["P1.A2"] == answer

    def test_all_criteria_come_back_also_the_blank_ones(self):
        returned = came_back(written())
        assert tuple(returned.answers) == CODES
        assert set(returned.answers.values()) == {Response(code) for code in CODES}
        assert returned.slip.versions == dict.fromkeys(CODES, 1)

    def test_what_was_written_in_chinese_is_read_on_an_english_page(self):
        with override("zh-hans"):
            data = written(Response("T1.1", not_applicable="无"), Response("T1.2", level=2))
        with override("en"):
            returned = read_workbook(data, FRAMEWORK, 7)
        assert returned.answers["T1.1"].not_applicable == "无"
        assert returned.answers["T1.2"].level == 2

    def test_sorted_rows_moved_sheets_and_a_sheet_of_notes_do_no_harm(self):
        def shuffle(book):
            sheet = book.worksheets[1]
            rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
            for number, row in enumerate(reversed(rows), start=3):
                for position, value in enumerate(row, start=1):
                    sheet.cell(number, position).value = value
            book.move_sheet(sheet, 1)
            book.create_sheet("我的笔记")["A1"] = "=1+1"

        answers = [Response("T1.1", level=1), Response("T1.3", level=3, rationale="有")]
        returned = came_back(changed(written(*answers), shuffle))
        assert returned.problems == []
        assert [returned.answers["T1.1"], returned.answers["T1.3"]] == answers

    def test_what_people_type_is_understood(self):
        data = typed(level=4, target="2 等级2", rationale=12, evidence__1__title="a", evidence__1__as_of="2026年3月1日")
        assert came_back(data).answers["T1.1"] == Response(
            "T1.1", level=4, target=2, rationale="12", evidence=(Evidence("a", as_of=date(2026, 3, 1)),)
        )
        data = typed(evidence__2__title="乙", evidence__2__as_of=datetime(2026, 3, 1))
        assert came_back(data).answers["T1.1"].evidence == (Evidence("乙", as_of=date(2026, 3, 1)),)


@pytest.fixture(scope="module")
def data():
    pieces = tuple(Evidence(f"=材料{n}", url="http://x.y") for n in range(5))
    answers = [Response("T1.1", rationale=HOSTILE[0]), Response("T1.2", evidence=pieces)]
    with override("zh-hans"):
        return written(*answers, last={"T1.1": Response("T1.1", level=2)}, writable=frozenset(CODES) - {"T1.3"})


@pytest.fixture(scope="module")
def book(data):
    return load_workbook(BytesIO(data))


class TestSheets:
    def test_instructions_come_first_then_a_sheet_a_dimension(self, book):
        assert book.sheetnames == ["填写说明", "T1 维度T1", "P1 维度P1", "_pack"]
        words = [cell.value for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
        assert {"杭州市", "2026", "市数据局", "2026年11月30日", "0 等级0"} <= set(words)
        assert book["_pack"].sheet_state == "veryHidden"

    def test_no_formula_no_link_no_password_anywhere(self, data):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert len(sheets) == 4
        for xml in sheets:
            assert "<f>" not in xml and "<f " not in xml and "hyperlink " not in xml
            assert '<sheetProtection sheet="1"' in xml.replace('selectLockedCells="0" selectUnlockedCells="0" ', "")
            assert "hashValue" not in xml and "password" not in xml
        assert "lockStructure" in part(data, "xl/workbook.xml")

    def test_dangerous_texts_are_strings_with_a_quote_prefix(self, book):
        for code, key in (("T1.1", "rationale"), ("T1.2", "evidence-5-title")):
            cell = place(book, code, key)
            assert cell.data_type == "s" and cell.quotePrefix and cell.hyperlink is None

    def test_only_the_answers_of_open_criteria_are_unlocked(self, book):
        keys = [column.key for column in columns(FRAMEWORK, 6)]
        open_keys = [key for key in keys if not place(book, "T1.1", key).protection.locked]
        assert open_keys == keys[keys.index("level") :]
        assert all(place(book, "T1.3", key).protection.locked for key in keys)

    def test_levels_are_chosen_from_a_list(self, book):
        sheet = book.worksheets[1]
        lists = [offer.formula1 for offer in sheet.data_validations.dataValidation if offer.type == "list"]
        levels = ",".join(f"{n} 等级{n}" for n in range(6))
        assert lists == [f'"{levels},不适用"', f'"{levels}"']
        assert place(book, "T1.1", "last").value == "2 等级2"

    def test_every_descriptor_is_there_and_more_evidence_gets_more_columns(self, book):
        assert [place(book, "T1.1", f"level-{n}").value for n in range(6)] == [f"等级{n}的表现" for n in range(6)]
        assert place(book, "T1.2", "evidence-5-title").value == "=材料4"
        assert place(book, "T1.2", "evidence-6-title").value is None

    def test_it_prints_on_a4_landscape_with_its_headings(self, book):
        sheet = book.worksheets[1]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.print_title_rows, sheet.print_title_cols) == ("$2:$2", "$A:$B")
        assert sheet.freeze_panes == "C3"

    def test_a_long_or_forbidden_name_still_names_a_sheet(self):
        dimensions = [
            replace(make_transition(code, make_criteria(f"{code}.1")), name=text("数据[开放]*共享/？:" + "长" * 40))
            for code in ("X" * 40 + "a", "X" * 40 + "b")
        ]
        framework = make_framework(make_lens("X", *dimensions))
        data = written(framework=framework, codes=tuple(framework.criteria))
        names = load_workbook(BytesIO(data)).sheetnames
        assert len(names) == 4 and all(len(name) <= 31 for name in names)
        assert not set("".join(names)) & set("[]:*?/\\")
        assert tuple(came_back(data, framework).answers) == tuple(framework.criteria)

    def test_level_names_that_a_list_cannot_hold_give_bare_numbers(self):
        scale = tuple(replace(step, name=text(f"甲,乙{step.level}")) for step in FRAMEWORK.scale)
        framework = replace(FRAMEWORK, scale=scale)
        data = written(Response("T1.1", level=3), framework=framework)
        offers = load_workbook(BytesIO(data)).worksheets[1].data_validations.dataValidation
        assert offers[0].formula1.startswith('"0,1,2,3,4,5,')
        assert came_back(data, framework).answers["T1.1"].level == 3


class TestWrongCells:
    @pytest.mark.parametrize(
        ("values", "key", "message"),
        [
            ({"level": "6"}, "level", "“6”不在等级范围内：0至5"),
            ({"level": "很高"}, "level", "“很高”不在等级范围内：0至5"),
            ({"level": "3 等级4"}, "level", "“3 等级4”不在等级范围内：0至5"),
            ({"level": 2.5}, "level", "“2.5”不在等级范围内：0至5"),
            ({"target": "不适用"}, "target", "“不适用”不在等级范围内：0至5"),
            ({"level": "=1+2"}, "level", "含有公式，请改填其结果"),
            ({"rationale": "=A1"}, "rationale", "含有公式，请改填其结果"),
            ({"level": "不适用"}, "not_applicable", "请说明本项为何不适用于本市"),
            ({"level": 3, "not_applicable": "无"}, "not_applicable", "既选了等级又写了不适用的理由，请只留其一"),
            ({"not_applicable": "无"}, "level", "写了理由，但未选“不适用”"),
            ({"rationale": "长" * 20_001}, "rationale", "超过20000个字符"),
            ({"evidence__1__title": "长" * 201}, "evidence-1-title", "超过200个字符"),
            ({"evidence__1__reference": "1号"}, "evidence-1-title", "请写明佐证材料的名称"),
            ({"evidence__1__title": "a", "evidence__1__as_of": "2026-02-30"}, "evidence-1-as_of", "“2026-02-30”不是日期，请按2026-09-30的格式填写"),
            ({"evidence__1__title": "a", "evidence__1__as_of": "去年"}, "evidence-1-as_of", "“去年”不是日期，请按2026-09-30的格式填写"),
            ({"evidence__1__title": "a", "evidence__1__url": "javascript:alert(1)"}, "evidence-1-url", "网址须以http://或https://开头"),
        ],
    )  # fmt: skip
    def test_each_is_named_with_sheet_cell_and_reason(self, values, key, message):
        data = typed(**values)
        cell = place(load_workbook(BytesIO(data)), "T1.1", key)
        assert wrongs(data) == [("T1 维度T1", cell.coordinate, message)]
        answers = came_back(data).answers
        assert "T1.1" not in answers and "T1.2" in answers

    def test_a_cached_result_of_a_formula_is_never_an_answer(self):
        data = typed(level=3)
        cell = place(load_workbook(BytesIO(data)), "T1.1", "level").coordinate
        sheet = part(data, "xl/worksheets/sheet2.xml")
        start = sheet.index(f'<c r="{cell}"')
        value = sheet.index("<v>3</v>", start)
        forged = sheet[:value] + "<f>1+2</f>" + sheet[value:]
        assert wrongs(repacked(data, {"xl/worksheets/sheet2.xml": forged})) == [
            ("T1 维度T1", cell, "含有公式，请改填其结果")
        ]

    def test_a_code_that_is_unknown_missing_or_there_twice(self):
        unknown = changed(written(), lambda book: setattr(place(book, "T1.3", "code"), "value", "Z9"))
        assert [wrong[1:] for wrong in wrongs(unknown)] == [
            ("", "缺少以下评估项的行：T1.3"),
            ("A5", "没有编号为“Z9”的评估项"),
        ]
        twice = changed(written(), lambda book: setattr(place(book, "T1.3", "code"), "value", "T1.1"))
        assert ("A5", "T1.1在此重复出现") in [wrong[1:] for wrong in wrongs(twice)]
        assert "T1.1" not in came_back(twice).answers

        def empty(book):
            place(book, "T1.3", "level").value = 3
            place(book, "T1.3", "code").value = None

        assert ("A5", "本行缺少评估项编号") in [wrong[1:] for wrong in wrongs(changed(written(), empty))]

    def test_a_criterion_that_was_not_in_the_workbook(self):
        data = written(codes=("T1.1", "T1.2"))
        data = changed(data, lambda book: setattr(place(book, "T1.2", "code"), "value", "T1.3"))
        assert ("T1 维度T1", "A4", "T1.3不在这份工作簿的填报范围内") in wrongs(data)

    def test_a_missing_sheet(self):
        data = changed(written(), lambda book: book.remove(book.worksheets[2]))
        assert wrongs(data) == [("", "", "缺少以下评估项的行：P1.A1, P1.A2, P1.B1, P1.B2")]
        assert "T1.1" in came_back(data).answers

    def test_merged_cells_never_clear_an_answer(self):
        def merge(book):
            cell = place(book, "T1.1", "rationale")
            book.worksheets[1].merge_cells(start_row=3, end_row=4, start_column=cell.column, end_column=cell.column)

        data = changed(written(Response("T1.2", rationale="有")), merge)
        assert [wrong[1:] for wrong in wrongs(data)] == [
            ("A3", "本行有合并单元格，请取消合并"),
            ("A4", "本行有合并单元格，请取消合并"),
        ]
        assert came_back(data).answers.keys() == set(CODES) - {"T1.1", "T1.2"}


def bomb():
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 50_000_000)
    return stream.getvalue()


def bomb_that_lies():
    """Its directory says that the large part has 100 bytes."""
    data = bytearray(bomb())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    return bytes(data)


def many_elements():
    return repacked(written(), {"xl/worksheets/sheet2.xml": "<worksheet>" + "<c/>" * 600_000 + "</worksheet>"})


def many_parts():
    return repacked(written(), {f"xl/{n}.xml": "<a/>" for n in range(400)})


def with_doctype(name):
    laugh = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    return lambda: repacked(written(), {name: laugh + part(written(), name).partition("?>")[2]})


def other_workbook():
    stream = BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


def slip_of(**fields):
    pack = make_pack()
    return lambda: write_workbook(replace(pack, slip=replace(pack.slip, **fields)))


def forged_slip():
    return changed(
        written(), lambda book: setattr(book["_pack"]["A1"], "value", book["_pack"]["A1"].value[:-3] + "abc")
    )


def encrypted_parts():
    data = bytearray(written())
    start = data.rindex(b"PK\x01\x02")
    data[start + 8] |= 1
    return bytes(data)


REFUSED = {
    "empty": (lambda: b"", "不是.xlsx工作簿"),
    "only begins like an archive": (lambda: b"PK\x03\x04" + b"x" * 100, "不是.xlsx工作簿"),
    "text": (lambda: "城市".encode(), "不是.xlsx工作簿"),
    "cut off": (lambda: written()[:-200], "不是.xlsx工作簿"),
    "a broken part": (lambda: repacked(written(), {"xl/workbook.xml": "<a>"}), "不是.xlsx工作簿"),
    "a part that says nothing": (lambda: repacked(written(), {"xl/workbook.xml": "<a/>"}), "隐藏工作表"),
    "no workbook part": (
        lambda: repacked(written(), without=["xl/styles.xml", "xl/workbook.xml"]),
        "不是.xlsx工作簿",
    ),
    "entities in the workbook": (with_doctype("xl/workbook.xml"), "不是.xlsx工作簿"),
    "entities in a sheet": (with_doctype("xl/worksheets/sheet2.xml"), "不是.xlsx工作簿"),
    "too large": (lambda: bytes(5 * 1024 * 1024 + 1), "超过5 MB"),
    "a bomb": (bomb, "解压后过大"),
    "a bomb that lies": (bomb_that_lies, "不是.xlsx工作簿"),
    "too many elements": (many_elements, "解压后过大"),
    "too many parts": (many_parts, "解压后过大"),
    "with a password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "已加密"),
    "encrypted parts": (encrypted_parts, "已加密"),
    "macros": (lambda: repacked(written(), {"xl/vbaProject.bin": b"\x01"}), "含有宏"),
    "links": (lambda: repacked(written(), {"xl/externalLinks/externalLink1.xml": "<a/>"}), "指向其他工作簿的链接"),
    "objects": (lambda: repacked(written(), {"xl/embeddings/a.bin": b"\x01"}), "嵌入对象"),
    "another workbook": (other_workbook, "隐藏工作表"),
    "a forged slip": (forged_slip, "隐藏工作表"),
    "another round": (slip_of(assessment=8), "属于另一轮次"),
    "another version": (slip_of(version="2023.1"), "small-city 2023.1"),
    "another framework": (slip_of(framework="other"), "other 2024.1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_workbook_of_this_round_is_refused_whole(name):
    make, message = REFUSED[name]
    with override("zh-hans"):
        data = make()
        with pytest.raises(Unreadable, match=message):
            read_workbook(data, FRAMEWORK, 7)


def test_a_macro_workbook_under_another_name_is_refused():
    data = written()
    types = (
        part(data, "[Content_Types].xml")
        .replace("spreadsheetml.sheet.main", "x")
        .replace("vnd.openxmlformats-officedocument.x", "vnd.ms-excel.sheet.macroEnabled.main")
    )
    with override("zh-hans"), pytest.raises(Unreadable, match="含有宏"):
        read_workbook(repacked(data, {"[Content_Types].xml": types}), FRAMEWORK, 7)


def test_a_link_that_excel_made_of_an_address_does_no_harm():
    def link(book):
        cell = place(book, "T1.1", "evidence-1-url")
        cell.value = "https://x.y/"
        cell.hyperlink = "https://x.y/"
        place(book, "T1.1", "evidence-1-title").value = "网页"

    assert came_back(changed(written(), link)).answers["T1.1"].evidence == (Evidence("网页", "https://x.y/"),)
