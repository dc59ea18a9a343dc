"""A roster out and in again unchanged; every error with its place; nothing in a cell is ever executed."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from assessment.actions import Entry
from assessment.exchange import roster
from assessment.exchange.roster import read_roster, write_links, write_roster
from assessment.models import Department, Membership, Role, User

HEAD = ["姓名", "用户名（工号或手机号）", "角色", "责任单位", "电子邮箱（选填）", "起", "止"]
GOOD = ["王一", "13800000001", "填报人", "市数据局", "w@example.org", "2026-01-01", "2026-12-31"]
HOSTILE = ["=1+1", '=HYPERLINK("http://x.invalid")', "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"]


@pytest.fixture(autouse=True)
def chinese():
    with override("zh-hans"):
        yield


def workbook(*rows, head=HEAD) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "名单"
    for row in ([head] if head else []) + list(rows):
        sheet.append(row)
    return saved(book)


def saved(book) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def read(*rows, **options):
    return read_roster(workbook(*rows, **options))


def member(name="王一", username="13800000001", role=Role.CONTRIBUTOR, department="市数据局", **days):
    row = Membership(user=User(name=name, username=username), role=role, **days)
    row.department = Department(name=department) if department else None
    return row


def test_a_sound_line_is_read():
    found = read(GOOD)
    assert found.problems == []
    assert found.entries == [
        Entry(
            place="名单!A2",
            name="王一",
            username="13800000001",
            role="contributor",
            department="市数据局",
            email="w@example.org",
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
        )
    ]


def test_numbers_days_and_blanks_are_taken_as_people_type_them():
    found = read([" 王 一 ", 13800000001, "填报人", None, None, datetime(2026, 1, 1), "2026/12/31"], [None] * 7)
    (entry,) = found.entries
    assert (entry.name, entry.username, entry.department, entry.email) == ("王 一", "13800000001", "", "")
    assert (entry.starts_on, entry.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))


def test_columns_may_stand_in_any_order_with_others_between():
    found = read([*reversed(GOOD), "备注"], head=[*reversed(HEAD), "备注"])
    assert found.problems == []
    assert found.entries[0].username == "13800000001"


@pytest.mark.parametrize(
    ("column", "value", "place", "words"),
    [
        (0, None, "名单!A2", "为空"),
        (1, None, "名单!B2", "为空"),
        (1, "张 三", "名单!B2", "用户名"),
        (0, "名" * 101, "名单!A2", "100"),
        (2, "局长", "名单!C2", "收到“局长”"),
        (2, None, "名单!C2", "应为"),
        (4, "没有邮箱", "名单!E2", "有效"),
        (5, "明天", "名单!F2", "收到“明天”"),
        (5, 20260101, "名单!F2", "20260101"),
        (6, "2025-12-31", "名单!G2", "早于"),
        (0, True, "名单!A2", "纯文本"),
        (3, datetime(2026, 1, 1), "名单!D2", "纯文本"),
    ],
)
def test_every_error_has_its_place(column, value, place, words):
    row = list(GOOD)
    row[column] = value
    found = read(GOOD, row)
    assert [entry.place for entry in found.entries] == ["名单!A2"]
    assert [where for where, _message in found.problems] == [place.replace("2", "3")]
    assert words in found.problems[0][1]


def test_all_errors_of_a_list_are_told_at_once():
    found = read([None, "x y", "局长", "", "x", "y", "z"], ["王一", "1", "顾问", "", "", "", ""])
    assert [where for where, _message in found.problems] == [
        "名单!F2",
        "名单!G2",
        "名单!C2",
        "名单!A2",
        "名单!B2",
        "名单!E2",
        "名单!G3",
    ]
    assert found.entries == []


def test_missing_columns_are_named():
    found = read(GOOD[:2], head=HEAD[:2])
    assert len(found.problems) == 1
    assert "角色、责任单位、电子邮箱（选填）、起、止" in found.problems[0][1]


def test_an_empty_sheet_lacks_all_columns():
    assert "姓名" in read(head=None).problems[0][1]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("column", range(7))
def test_what_looks_like_a_formula_comes_in_as_text_or_not_at_all(text, column):
    row = list(GOOD)
    row[column] = text
    found = read(row)
    for entry in found.entries:
        assert not entry.name.startswith("=") and not entry.department.startswith("=")
    if text.strip().startswith("="):
        assert found.entries == []
        assert found.problems[0][0].startswith("名单!")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_goes_out_as_text(text):
    for data in (
        write_roster([member(name=text, username=text, department=text)], [text]),
        write_links([(text, text, text)]),
    ):
        for sheet in load_workbook(BytesIO(data)).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
                assert cell.data_type in ("s", "d")
                assert cell.hyperlink is None
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
        assert not any(b"<f>" in part or b"<hyperlink" in part for part in parts)


def test_what_goes_out_comes_in_unchanged():
    rows = [
        member(starts_on=date(2026, 1, 1)),
        member("王二", "007", Role.CONSULTANT, "", ends_on=date(2026, 12, 31)),
    ]
    found = read_roster(write_roster(rows, ["市数据局"]))
    assert found.problems == []
    assert [(e.name, e.username, e.role, e.department, e.starts_on, e.ends_on) for e in found.entries] == [
        ("王一", "13800000001", "contributor", "市数据局", date(2026, 1, 1), None),
        ("王二", "007", "consultant", "", None, date(2026, 12, 31)),
    ]


def test_the_blank_list_offers_roles_and_departments():
    book = load_workbook(BytesIO(write_roster([], ["市数据局", "市民政局"])))
    choices = {str(rule.sqref).split(":")[0]: rule for rule in book.worksheets[0].data_validations.dataValidation}
    assert choices["C2"].formula1 == '"牵头人,填报人,复核人,顾问,只读"'
    assert choices["D2"].formula1 == '"市数据局,市民政局"'
    assert not choices["D2"].showErrorMessage
    assert "一人一个角色占一行" in book.worksheets[1]["A1"].value


@pytest.mark.parametrize("departments", [["局" * 300], ['市"局"'], ["一,二"]])
def test_departments_that_no_list_can_hold_are_typed(departments):
    rules = load_workbook(BytesIO(write_roster([], departments))).worksheets[0].data_validations.dataValidation
    assert [str(rule.sqref)[0] for rule in rules] == ["C"]


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"hello", b"\xd0\xcf\x11\xe0" + bytes(600), b"PK\x03\x04" + bytes(500)], ids=repr
)
def test_what_is_no_workbook_is_told_apart(data):
    found = read_roster(data)
    assert found.entries == []
    assert len(found.problems) == 1


def test_a_damaged_workbook_is_refused_whole():
    with zipfile.ZipFile(BytesIO(workbook(GOOD))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    for broken in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        file = BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part[: len(part) // 2] if name == broken else part)
        found = read_roster(file.getvalue())
        assert (found.entries, len(found.problems)) == ([], 1)


def test_a_list_without_end_is_cut(monkeypatch):
    monkeypatch.setattr(roster, "MOST_ROWS", 3)
    found = read(*[GOOD] * 9)
    assert len(found.entries) == 3
    assert found.problems == [("名单!5", "超过3行")]
