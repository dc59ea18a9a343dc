"""What goes in comes out: rare characters, other alphabets, marks; and what cannot be printed is told."""

import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from itertools import chain

import pikepdf
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from assessment.outline import Response
from assessment.reports import fonts, pdf
from assessment.reports.content import build
from assessment.reports.pdf.archive import Facts
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.file import write
from assessment.reports.plain import _UNREADABLE as UNREADABLE
from tests.reports import sample

TEXTS = [
    "㙍鏿㐀䶵龥鿏鿯亳涿儋淄濮漯郴衢泸璧筠鄄郯莒",
    "Überprüfung, façade, naïve, Ærø, Đà, Nǎnjīng, Lǚshùn, coördinatie, señor, garçon",
    "“双引号”‘单引号’《书名》〈单书名〉（括号）【方头】〔2024〕660号……——、；：？！％￥",
    "ΑΒΓ αβγ Москва Й ① ② ③ ㈠ ℃ § ± × ÷ → ≥ ½ ³ ●○",
    "全角ＡＢＣ１２３，半角ABC123,《a》(b)",
    "A＆B—C–D-E·F•G",
    "𠅤𣲗𫍣𬀩𬬻🆠",  # beyond four hexadecimal digits
]


@pytest.fixture(scope="module")
def faces():
    return fonts.load(settings.FONT_CACHE)


@pytest.fixture(scope="module")
def written(faces):
    book = Book(faces)
    book.new_page()
    for text in TEXTS:
        book.write(text)
    assert not book.setter.clean.missing
    return write(book, Facts("字符", "", "", "zh-CN"))


def test_nothing_unreadable_passes_for_printable():
    assert not any(map(str.isprintable, UNREADABLE.findall("".join(map(chr, range(sys.maxunicode + 1))))))


def plain(text):
    return re.sub(r"\s", "", text)


def test_what_pdftotext_reads_is_what_went_in(written):
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=written, capture_output=True, check=True).stdout
    assert plain(text.decode()) == plain("".join(TEXTS))


def test_what_pypdf_reads_is_what_went_in(written):
    assert plain(PdfReader(BytesIO(written)).pages[0].extract_text()) == plain("".join(TEXTS))


def test_every_character_has_an_outline_in_the_file(written):
    opened = pikepdf.open(BytesIO(written))
    font = opened.pages[0].Resources.Font.F1
    file = TTFont(BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))
    empty = [name for name in file.getGlyphOrder() if not file["glyf"][name].numberOfContours]
    assert len(empty) == 1  # the space


def test_the_font_has_all_of_gbk_extension_a_and_the_rest_of_the_basic_block(faces):
    """As of Unicode 11; what came after (U+4DB6 to U+4DBF, U+9FF0 to U+9FFF) it lacks."""
    in_gbk = []
    for first, second in ((a, b) for a in range(0x81, 0xFF) for b in range(0x40, 0xFF) if b != 0x7F):
        try:
            in_gbk.append(bytes((first, second)).decode("gbk"))
        except UnicodeDecodeError:
            continue
    han = [character for character in in_gbk if "\u4e00" <= character <= "\u9fff"]
    others = map(chr, chain(range(0x3400, 0x4DB6), range(0x4E00, 0x9FF0)))
    assert len(han) == 20902
    assert faces.lacks(han) == set()
    assert faces.lacks(others) == set()


def test_the_marks_that_officials_type_are_there(faces):
    assert faces.lacks("，。；：！？、（）【】《》〈〉「」『』〔〕“”‘’…—·～￥％℃①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢ㎡×÷±≥≤→№※●○■□") == set()


@pytest.fixture(scope="module")
def lacking():
    """A city whose words hold what the font has not: one character three times, another once."""
    answers = list(sample.assessment().responses)
    first, second, third = "吉野家写作𠮷野家，𠮷。", "楼宇🏢台账", "𠮷"
    answers[0] = Response(answers[0].criterion, 5, rationale=first)
    answers[1] = Response(answers[1].criterion, 5, rationale=second)
    answers[2] = Response(answers[2].criterion, 5, rationale=third)
    city = replace(sample.assessment(responses=answers), title="")
    return pdf.render(build(sample.framework(), city))


def test_what_the_font_lacks_is_printed_as_a_mark_and_told_by_its_code_point(lacking):
    text = plain("".join(page.extract_text() for page in PdfReader(BytesIO(lacking)).pages))
    assert "吉野家写作〓野家，〓。" in text
    assert "附录五缺字说明" in text
    assert "U+1F3E2、U+20BB7" in text


def test_the_note_is_in_the_contents(lacking):
    assert "附录五缺字说明" in plain(PdfReader(BytesIO(lacking)).pages[1].extract_text())


def test_where_nothing_is_missing_there_is_no_such_note():
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.render(sample.content()))).pages)
    assert "缺字说明" not in text
    assert "〓" not in text
