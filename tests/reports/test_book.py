"""Pages of any size, fonts cut to what they show: what others build their own papers on."""

import re
from io import BytesIO

import pikepdf
import pytest
from django.conf import settings
from django.utils import translation
from fontTools.ttLib import TTFont

from assessment.reports import charts, fonts
from assessment.reports.content.facts import Axis
from assessment.reports.pdf import look
from assessment.reports.pdf.archive import Facts
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.file import write
from assessment.reports.pdf.table import Table
from assessment.reports.pdf.tags import HEADER
from tests.reports.structure import glyphs_of, read

WIDE = look.Sheet(width=960, height=540, left=48, top=480, bottom=48)


@pytest.fixture
def book():
    return Book(fonts.load(settings.FONT_CACHE), WIDE)


def made(book):
    return read(write(book, Facts("简报", "", "", "zh-CN")))


def plain(text):
    return re.sub(r"\s", "", text)


def test_a_book_has_the_size_and_margins_of_its_sheet(book):
    book.new_page()
    book.heading("总体结果", 1, "results")
    book.write("城市数据开放共享取得成效。" * 200)
    given = made(book)
    assert [float(side) for side in given.pdf.pages[0].MediaBox] == [0, 0, 960, 540]
    assert len(given.shown) > 1
    for line in (line for page in given.shown for line in page):
        assert line.x >= 48
        assert 48 <= line.y <= 480


def test_everything_names_itself(book):
    book.new_page()
    book.heading("总体结果", 1, "results")
    book.write("已评估十一个维度。")
    book.figure(charts.bars([Axis("T1", "统筹机制", 40.0, 60.0)], 400, 9))
    table = Table(book, [200, 200])
    table.head(["维度", "得分"])
    table.add(["统筹机制", "40.0"])
    table.draw()
    part = made(book).root.kids[0]
    assert [kid.kind for kid in part.kids] == ["H1", "P", "Figure", "Table"]


def test_a_block_can_be_named_or_left_out(book):
    book.new_page()
    book.tags.section(1)
    with book.tag("Caption"):
        book.label(60, 400, "图一", 9, "start", look.DEEP, False)
    with book.artifact(HEADER):
        book.label(60, 500, "页眉", 9, "start", look.DEEP, False)
    book.label(60, 380, "说明", 9, "start", look.DEEP, False)
    given = made(book)
    assert [(kid.kind, kid.text) for kid in given.root.kids[0].kids] == [("Caption", "图一"), ("P", "说明")]
    assert given.unmarked == []


def test_a_link_that_leads_nowhere_is_plain_text(book):
    book.new_page()
    book.tags.section(1)
    with book.tag("Link"):
        book.label(60, 400, "无处", 9, "start", look.DEEP, False)
        book.link("nowhere", 60, 395, 90, 410)
    given = made(book)
    assert [node.kind for node in given.root.walk()] == ["Document", "Part", "Span"]
    assert "/Annots" not in given.pdf.pages[0]


def test_subheadings_are_numbered_in_chinese_alone(book):
    for language, wanted in (("zh-hans", ["一、结果", "（一）得分"]), ("en", ["1. 结果", "得分"])):
        with translation.override(language):
            other = Book(fonts.load(settings.FONT_CACHE), WIDE)
            other.new_page()
            other.heading("结果", 1, "results")
            other.heading("得分", 2)
            assert [plain(node.text) for node in made(other).root.all("H1", "H2")] == list(map(plain, wanted))


def test_a_paragraph_of_three_lines_is_not_parted(book):
    book.new_page()
    book.y = WIDE.bottom + 2.5 * look.LEADING
    book.write("数" * 220)
    lines = made(book).root.all("P")[0].lines
    assert [line.page for line in lines] == [1, 1, 1]


def test_a_cut_font_is_a_font_and_its_outlines_are_the_same(book):
    book.new_page()
    book.write("城市Aé·•")
    opened = pikepdf.open(BytesIO(write(book, Facts("字体", "", "", "zh-CN"))))
    font = opened.pages[0].Resources.Font.F1.DescendantFonts[0]
    cut = TTFont(BytesIO(font.FontDescriptor.FontFile2.read_bytes()), checkChecksums=2)
    places = glyphs_of(font)
    whole = TTFont(settings.FONT_CACHE / "NotoSansSC-Regular.ttf")
    names = cut.getGlyphOrder()
    for character in "城市Aé·•":
        place = places[ord(character)]
        original = whole.getBestCmap()[ord(character)]
        ours = cut["glyf"][names[place]].getCoordinates(cut["glyf"])
        theirs = whole["glyf"][original].getCoordinates(whole["glyf"])
        assert list(ours[0]) == list(theirs[0])
        assert cut["hmtx"][names[place]] == whole["hmtx"][original]
