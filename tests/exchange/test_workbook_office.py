"""The offline workbook in an office program that is not Excel: LibreOffice opens it, saves it, and nothing is lost."""

import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.utils.translation import override
from openpyxl import load_workbook

from assessment.exchange.framework import read_framework
from assessment.exchange.workbook import write_workbook
from assessment.exchange.workbook.layout import SLIP_SHEET, unescape
from assessment.outline import Evidence, Response
from tests.exchange.test_workbook import HOSTILE, came_back, changed, make_pack, place

SECONDS = 120  # a loaded machine is slow, not wrong


@pytest.fixture(scope="session")
def framework():
    return read_framework(settings.BASE_DIR / "fixtures" / "frameworks" / "cn-city-digital-2024.1.yaml")


@pytest.fixture(scope="session")
def given(framework):
    """Every kind of answer: hostile texts, evidence, what does not apply, what is blank."""
    proof = Evidence("办法", "https://example.cn/?a=1&b=2", "杭数〔2026〕1号", date(2026, 2, 28))
    codes = list(framework.criteria)
    texts = zip(codes[1:], HOSTILE, strict=False)
    answers = [Response(code, level=3, target=5, rationale=words, evidence=(proof,)) for code, words in texts]
    return [*answers, Response(codes[-1], not_applicable="本市无此事项")]


@pytest.fixture(scope="session")
def sent(framework, given):
    """The whole shipped questionnaire; its second half is somebody else's to answer."""
    codes = tuple(framework.criteria)
    with override("zh-hans"):
        return write_workbook(make_pack(given, framework=framework, codes=codes, writable=frozenset(codes[:30])))


@pytest.fixture(scope="session")
def resaved(sent, tmp_path_factory):
    """The same after LibreOffice has opened and saved it, once for all tests here, in a profile of its own."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "pack.xlsx").write_bytes(sent)
    command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "saved", folder / "pack.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return (folder / "saved" / "pack.xlsx").read_bytes()


@pytest.fixture(scope="session")
def sheets(sent, resaved):
    """Each sheet as it was sent, and as it was saved."""
    before, after = (load_workbook(BytesIO(data)) for data in (sent, resaved))
    assert after.sheetnames == before.sheetnames
    assert len(before.sheetnames) == 13
    return list(zip(before, after, strict=True))


def cells(sheet):
    return {cell.coordinate: cell for row in sheet.iter_rows() for cell in row}


def meant(cell):
    """The value as people see it: LibreOffice writes without the escapes of the format what it read with them."""
    return unescape(cell.value) if isinstance(cell.value, str) else cell.value


def test_every_text_and_every_day_is_what_it_was(sheets):
    for before, after in sheets:
        assert after.dimensions == before.dimensions
        old, new = cells(before), cells(after)
        assert {at: meant(cell) for at, cell in new.items()} == {at: meant(cell) for at, cell in old.items()}
        assert "f" not in {cell.data_type for cell in new.values()}


def test_the_lists_to_choose_from_are_there(sheets):
    for before, after in sheets:
        old, new = (
            {(str(v.sqref), v.type, v.formula1, v.error) for v in sheet.data_validations.dataValidation}
            for sheet in (before, after)
        )
        assert new == old
        assert len(new) == (0 if before in (sheets[0][0], sheets[-1][0]) else 3)


def test_what_was_locked_is_locked_and_what_was_hidden_is_hidden(sheets):
    for before, after in sheets:
        assert after.protection.sheet
        locks = [{at for at, cell in cells(sheet).items() if cell.protection.locked} for sheet in (before, after)]
        assert locks[0] == locks[1]
        assert after.row_dimensions[1].hidden == before.row_dimensions[1].hidden
    assert [after.title for _before, after in sheets if after.sheet_state != "visible"] == [SLIP_SHEET]


def test_comes_back_unchanged(sent, resaved, framework):
    assert came_back(resaved, framework) == came_back(sent, framework)
    assert came_back(resaved, framework).problems == []


def test_what_is_filled_in_there_is_the_one_change(sent, resaved, framework):
    def fill_in(book):
        place(book, "T1.1", "level").value = "2 受管理级"
        place(book, "T1.1", "rationale").value = "有制度，有台账。"

    returned = came_back(changed(resaved, fill_in), framework)
    base = came_back(sent, framework)
    wanted = base.answers | {"T1.1": replace(base.answers["T1.1"], level=2, rationale="有制度，有台账。")}
    assert (returned.problems, returned.answers, returned.slip) == ([], wanted, base.slip)
