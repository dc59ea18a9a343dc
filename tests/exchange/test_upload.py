"""What a file really is: the kinds that are taken, and everything that only pretends to be one of them."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.exchange import office, upload
from assessment.exchange.office import Unfit
from assessment.exchange.upload import judged, plain_name
from tests.files import GOOD, JPEG, PDF, TIFF, archive, bmp, ole, png
from tests.files import office as office_file

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
MACROS_OF_SLIDES = bytes.fromhex("1f00ff0314000000020000040c00000007000000") + b"\x01\0\0\0\x02\0\0\0"


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_that_offices_use_is_taken(name):
    found = judged(name, GOOD[name])
    assert found.name == name
    assert found.media_type.partition("/")[0] in ("application", "image")
    assert len(found.sha256) == 64


BAD = {
    "an empty file": ("空.pdf", b"", "空文件"),
    "a web page": ("页面.html", HTML, "网页"),
    "a web page called PDF": ("通知.pdf", HTML, "网页"),
    "a web page called Word": ("通知.doc", b"\xef\xbb\xbf \n<html></html>", "网页"),
    "a picture that can run": ("图.svg", SVG, "网页"),
    "the same called PNG": ("图.png", SVG, "网页"),
    "XML called Word": ("表.docx", b"<?xml version='1.0'?><w:document/>", "网页"),
    "a program": ("工具.exe", b"MZ" + b"\0" * 200, "程序"),
    "a program called PDF": ("工具.pdf", b"MZ" + PDF, "程序"),
    "a program of another system": ("工具.png", b"\x7fELF" + bytes(100), "程序"),
    "a script": ("安装.pdf", b"#!/bin/sh\nrm -rf /\n", "程序"),
    "RTF called Word": ("通知.doc", rb"{\rtf1\ansi}", "RTF"),
    "plain text": ("说明.txt", "文字".encode(), "不接受这种文件"),
    "a PDF that begins as something else": ("通知.pdf", b"GIF89a" + PDF, "不接受这种文件"),
    "a PDF cut off": ("通知.pdf", PDF[:60], "不完整"),
    "a PDF with an archive behind it": ("通知.pdf", PDF + archive({"a.txt": "x"}), "两种文件"),
    "a picture with an archive behind it": ("图.png", png() + archive({"a.txt": "x"}), "两种文件"),
    "a picture that is a page too": ("图.png", png(b"<script>alert(1)</script>"), "两种文件"),
    "a bitmap with something behind it": ("图.bmp", bmp() + b"MZ", "两种文件"),
    "text that begins as a bitmap does": ("图.bmp", b"BM 2026 " + bytes(60), "不接受这种文件"),
    "an archive": ("资料.zip", archive({"a.txt": "x"}), "压缩包"),
    "an archive called Word": ("资料.docx", archive({"a.txt": "x"}), "压缩包"),
    "an empty archive": ("资料.docx", archive({}), "两种文件"),
    "an archive with a program before it": ("资料.docx", b"PK\x03\x04MZ" + office_file(), "两种文件"),
    "an archive with something behind it": ("资料.docx", office_file() + b"<html>", "两种文件"),
    "an archive cut off": ("资料.docx", office_file()[:-30], "损坏"),
    "macros": ("表.xlsx", office_file("sheet", more={"xl/vbaProject.bin": b"x"}), "含有宏"),
    "macros under another name": ("表.xlsm", office_file("sheet", more={"xl/VBAPROJECT.BIN": b"x"}), "含有宏"),
    "macros of Excel 4": ("表.xlsx", office_file("sheet", more={"xl/macrosheets/sheet1.xml": "x"}), "含有宏"),
    "a file with macros inside a file": (
        "文.docx",
        office_file(more={"word/embeddings/oleObject1.bin": ole("sheet", "VBA")}),
        "含有宏",
    ),
    "a workbook with macros inside a file": (
        "文.docx",
        office_file(more={"word/embeddings/表.xlsm": b"x"}),
        "含有宏",
    ),
    "a kind with macros": (
        "文.docx",
        archive(
            {
                "[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml",
                "word/document.xml": "<x/>",
            }
        ),
        "含有宏",
    ),
    "old macros": ("文.doc", ole("word", "Macros", "VBA", "_VBA_PROJECT"), "含有宏"),
    "old macros of a workbook": ("表.xls", ole("sheet", "_VBA_PROJECT_CUR"), "含有宏"),
    "old macros of slides": ("汇报.ppt", ole("slides") + MACROS_OF_SLIDES, "含有宏"),
    "a password": ("文.docx", ole("EncryptedPackage"), "密码"),
    "an installer": ("工具.doc", ole("安装"), "不是Office"),
    "an OLE header alone": ("文.doc", ole("word")[:8], "不是Office"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_only_pretends_is_refused_with_its_reason(case):
    name, data, reason = BAD[case]
    with pytest.raises(Unfit) as refused:
        judged(name, data)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("name", "data", "wanted"),
    [
        ("通知.docx", PDF, ".pdf"),
        ("通知.pdf.exe", PDF, ".pdf"),
        ("通知", PDF, ".pdf"),
        ("图.png", JPEG, ".jpg或.jpeg"),
    ]
    + [("表.docx", office_file("sheet"), ".xlsx或.et"), ("表.xlsm", office_file("sheet"), ".xlsx或.et")],
)
def test_an_ending_that_does_not_fit_is_refused_with_the_one_that_does(name, data, wanted):
    with pytest.raises(Unfit, match=wanted.replace(".", r"\.")):
        judged(name, data)


def test_a_document_with_a_workbook_inside_is_a_document():
    assert judged("方案.doc", ole("word", "ObjectPool") + ole("sheet")[512:]).media_type == "application/msword"


def test_a_file_is_at_most_20_mebibytes(monkeypatch):
    whole = PDF.replace(b"%%EOF", b"%" * (upload.LARGEST - len(PDF)) + b"%%EOF")
    assert judged("大.pdf", whole).data == whole
    with pytest.raises(Unfit, match="20 MB"):
        judged("大.pdf", whole + b"\n")


class TestBombs:
    def test_zeros_by_the_gigabyte_are_not_unpacked(self):
        bomb = office_file(more={"word/media/a.bin": bytes(30 * 2**20)})
        assert len(bomb) < 2**17
        with pytest.raises(Unfit, match="解压后过大"):
            judged("文.docx", bomb)

    def test_parts_by_the_thousand_are_not_read(self):
        bomb = office_file(more={f"word/{number}": b"" for number in range(office.MOST_ENTRIES)})
        with pytest.raises(Unfit, match="解压后过大"):
            judged("文.docx", bomb)

    def test_a_part_that_lies_about_its_size_is_read_no_further(self):
        honest = office_file(more={"word/embeddings/a.bin": bytes(30 * 2**20)})
        size = struct.pack("<I", 30 * 2**20)
        with pytest.raises(Unfit):
            judged("文.docx", honest.replace(size, struct.pack("<I", 100)))

    def test_repetitive_text_is_no_bomb(self):
        assert judged("表.xlsx", office_file("sheet", text="同样的话" * 100_000))


def test_a_locked_archive_is_refused():
    data = bytearray(office_file())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    with pytest.raises(Unfit, match="密码"):
        judged("文.docx", bytes(data))


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\桌面\\通知.pdf", "通知.pdf"),
        ("通\u202e知\r\n.pdf", "通知.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_a_name_is_a_name_and_no_path(given_name, kept):
    assert plain_name(given_name) == kept


@given(st.binary(max_size=300), st.sampled_from(sorted(GOOD)))
def test_whatever_is_sent_is_judged_or_refused(noise, name):
    for data in (noise, GOOD[name][: len(noise)] + noise, noise + GOOD[name]):
        try:
            found = judged(name, data)
        except Unfit as refused:
            assert str(refused)
        else:
            assert found.data == data


def test_a_damaged_directory_is_refused():
    whole = office_file()
    start = whole.find(b"PK\x01\x02")
    with pytest.raises(Unfit):
        judged("文.docx", whole[:start] + b"PK\x01\x02" + b"\xff" * 42 + whole[start + 46 :])


def test_a_tiff_of_the_other_byte_order_is_known_too():
    assert judged("扫描.tiff", b"MM\0*" + TIFF[4:]).media_type == "image/tiff"
