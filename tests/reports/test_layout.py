"""How the forms that flow are laid out: what stays together, what is repeated, what no line and no column may break."""

import re
import subprocess
from io import BytesIO
from itertools import dropwhile, pairwise
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from assessment.reports import content, flow, lettering
from assessment.reports.charts.shapes import Figure, Label, text_width
from assessment.reports.docx.columns import MEASURE, PAD, POINT, SIZE, shared, wide_enough
from assessment.reports.flow import blocks
from assessment.reports.flow.blocks import Row, cell, middle
from assessment.reports.making import make
from assessment.reports.typeset import narrowed
from tests.reports import sample
from tests.reports.forms import content_of, converted, html_of, made, page_of

LAST_IN_A_LINE = re.compile(r"[TP]\d\.(?:[AB]?)$", re.MULTILINE)


def pieces(kind):
    return list(Document(BytesIO(made(kind, "docx"))).iter_inner_content())


def level(paragraph):
    """Of a heading; a small one is of the level of the style that it rests on."""
    style = paragraph.style
    while style and not style.name.startswith("Heading"):
        style = style.base_style
    return int(style.name[-1]) if style else None


def properties(paragraph):
    return paragraph._p.pPr


class TestTheOutline:
    def test_numbers_the_parts_of_a_chapter_as_the_pdf_does(self):
        with translation.override("zh-hans"):
            chapters = {chapter.heading.key: chapter for chapter in flow.compose(content_of("full"))}
        parts = {
            key: [block.text for block in chapter.blocks if isinstance(block, blocks.Heading) and block.level == 2]
            for key, chapter in chapters.items()
        }
        assert parts["summary"][:2] == ["（一）总体判断", "（二）等级受限情况"]
        assert parts["results"][-1] == "（三）全部评估项：等级与目标"
        assert [title[:3] for title in parts["annex"]] == ["（一）", "（二）", "（三）", "（四）"]
        assert parts["gaps"][0] == "T1 统筹机制"
        assert parts["appendix"][0].startswith("附录一")

    @pytest.mark.parametrize("kind", ["full", "dressed", "english"])
    def test_goes_down_step_by_step_in_word(self, kind):
        levels = [found for piece in pieces(kind) if isinstance(piece, Paragraph) and (found := level(piece))]
        assert levels[0] == 1
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))

    @pytest.mark.parametrize("kind", ["full", "dressed", "english"])
    def test_goes_down_step_by_step_on_the_page(self, kind):
        levels = [int(tag[1]) for tag, _given in page_of(kind).tags if re.fullmatch("h[2-6]", tag)]
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))

    def test_has_headings_of_parts_that_are_not_in_the_contents(self):
        with translation.override("zh-hans"):
            chapters = flow.compose(sample.content())
        small = [b for chapter in chapters for b in chapter.blocks if isinstance(b, blocks.Heading) and b.small]
        assert {"（一）总体判断", "（一）等级与得分", "（五）算例"} <= {heading.text for heading in small}
        contents = [p.text for p in pieces("full") if isinstance(p, Paragraph) and p.style.name.startswith("toc")]
        assert not {heading.text for heading in small} & set(contents)
        assert "总体判断" not in html_of("full").partition("</nav>")[0]

    def test_is_asked_for_by_styles_alone_when_the_contents_are_calculated(self):
        with ZipFile(BytesIO(made("full", "docx"))) as file:
            (field,) = re.findall(r"TOC [^<]*", file.read("word/document.xml").decode())
        assert field.split() == ["TOC", "\\o", '"1-2"', "\\h", "\\z"]

    def test_is_read_by_another_office_with_its_small_headings(self):
        assert {"（一）总体判断", "（五）算例"} <= {entry.title.strip() for entry in entries("partial")}


def entries(kind):
    def flat(outline):
        for entry in outline:
            yield from (flat(entry) if isinstance(entry, list) else [entry])

    return flat(PdfReader(BytesIO(converted(kind, "pdf"))).outline)


class TestAGap:
    @pytest.mark.parametrize("kind", ["full", "english"])
    def test_has_a_head_across_its_table_that_each_page_repeats(self, kind):
        given = pieces(kind)
        below = [
            (heading.text, table)
            for heading, table in pairwise(given)
            if isinstance(heading, Paragraph) and isinstance(table, Table) and level(heading) == 3
        ]
        gaps = {gap.code: gap for gap in content_of(kind).improvements}
        assert [text.split()[0] for text, _table in below] == [
            gap.code for section in content_of(kind).sections for gap in section.gaps
        ]
        for text, table in below:
            first, *rest = table._tbl.tr_lst
            assert first.trPr.find(qn("w:tblHeader")) is not None
            assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rest)
            assert [child.tcPr.gridSpan.val for child in first.tc_lst] == [2]
            code = text.split()[0]
            assert table.rows[0].cells[0].text.startswith(f"{code}  ")
            assert f"{gaps[code].gain:+.1f}" in table.rows[0].cells[0].text

    def test_has_it_on_the_page_too(self):
        html = html_of("full")
        assert html.count('class="banner" colspan="2" scope="colgroup"') == len(sample.content().improvements)

    def test_says_in_its_heading_that_its_criterion_is_a_key_one(self):
        key = next(gap for gap in sample.content().improvements if gap.key)
        headings = [piece.text for piece in pieces("full") if isinstance(piece, Paragraph) and level(piece) == 3]
        assert f"{key.code} {key.title}（关键项）" in headings


class TestWhatStaysTogether:
    @pytest.mark.parametrize("kind", ["full", "dressed"])
    def test_is_a_paragraph_and_the_picture_or_table_that_it_leads_to(self, kind):
        led = [
            (one, following)
            for one, following in pairwise(pieces(kind))
            if isinstance(one, Paragraph)
            and one.style.name in ("Body Text", "Note")
            and (isinstance(following, Table) or following.style.name in ("Picture", "Caption"))
        ]
        assert len(led) > len(content_of(kind).sections)
        assert all(one.paragraph_format.keep_with_next for one, _following in led)

    def test_is_a_picture_and_its_caption(self):
        for one, following in pairwise(pieces("full")):
            if isinstance(one, Paragraph) and one.style.name == "Picture":
                assert one.style.paragraph_format.keep_with_next
                assert following.text.startswith("图 ")

    @pytest.mark.parametrize("kind", ["full", "english"])
    def test_are_the_last_two_rows_of_a_table(self, kind):
        inside = dropwhile(lambda piece: isinstance(piece, Table) or level(piece) != 1, pieces(kind))
        tables = [piece for piece in inside if isinstance(piece, Table) and len(piece.rows) > 2]
        assert len(tables) > len(content_of(kind).improvements)
        for table in tables:
            assert not table._tbl.tr_lst[-2].xpath(".//w:p[not(w:pPr/w:keepNext)]")


class TestAChapter:
    def test_turns_the_page_only_where_the_one_before_fills_its_own(self):
        """A chapter of a few lines, or the last lines of a long one, would else have a page for themselves."""
        turning = {}
        for kind in ("full", "dressed"):
            chapters = [p for p in pieces(kind) if isinstance(p, Paragraph) and p.style.name == "Heading 1"]
            turning[kind] = [p.text for p in chapters if p.paragraph_format.page_break_before is not False]
        assert turning == {
            "full": ["一、一页摘要", "二、评估方法"],
            "dressed": ["一、一页摘要", "二、总体评述"],
        }


class TestALine:
    def test_that_somebody_ended_is_not_stretched(self):
        with ZipFile(BytesIO(made("dressed", "docx"))) as file:
            compat = etree.fromstring(file.read("word/settings.xml")).find(qn("w:compat"))
        assert [child.tag for child in compat] == [qn("w:doNotExpandShiftReturn"), qn("w:compatSetting")]

    def test_does_not_end_within_the_mark_of_a_key_criterion(self):
        with ZipFile(BytesIO(made("full", "docx"))) as file:
            root = etree.fromstring(file.read("word/document.xml"))
        texts = root.xpath("//w:tc//w:r[w:rPr/w:b]/w:t/text()", namespaces={"w": qn("w:p")[1:].partition("}")[0]})
        assert "关\u2060键\u2060项" in texts
        assert "关键项" not in texts
        assert '<b class="tone-word-navy unbroken">关键项</b>' in html_of("full")
        with ZipFile(BytesIO(made("english", "docx"))) as file:
            assert ">key</w:t>" in file.read("word/document.xml").decode()

    def test_holds_the_bounds_with_the_strict_score(self):
        with translation.override("zh-hans"):
            chapters = {chapter.heading.key: chapter for chapter in flow.compose(content_of("full"))}
        scores = next(block for block in chapters["results"].blocks if isinstance(block, blocks.Table))
        room = wide_enough(scores)[2] / POINT - PAD
        assert room > text_width("38.5–46.9（39.4）", SIZE) * 1.15  # in a font that is wider than the one named

    def test_with_a_hash_is_not_justified(self):
        given = content.build(sample.framework(), sample.assessment(), digest="0f" * 32, answers_digest="1e" * 32)
        paragraphs = Document(BytesIO(make(given, "docx"))).paragraphs
        hashes = [p for p in paragraphs if re.search("(0f){32}|(1e){32}", p.text)]
        assert len(hashes) == 2
        assert [properties(p).jc_val for p in hashes] == [0, 0]
        assert all(properties(p).jc_val is None for p in paragraphs if p.style.name == "Body Text" and p not in hashes)

    @pytest.mark.parametrize("kind", ["full", "english"])
    def test_never_begins_with_the_number_of_a_citation(self, kind):
        with ZipFile(BytesIO(made(kind, "docx"))) as file:
            root = etree.fromstring(file.read("word/document.xml"))
        raised = root.xpath("//w:r[w:rPr/w:vertAlign]/w:t/text()", namespaces={"w": qn("w:p")[1:].partition("}")[0]})
        assert raised
        assert all(re.fullmatch(r"\u2060\[\d+\]", text) for text in raised)
        assert set(re.findall("<sup>(.)", html_of(kind))) == {"\u2060"}

    def test_does_not_end_within_a_code(self):
        command = ["pdftotext", "-layout", "-", "-"]
        text = subprocess.run(command, input=converted("partial", "pdf"), capture_output=True, check=True).stdout
        assert LAST_IN_A_LINE.findall(text.decode()) == []


class TestColumns:
    def test_are_as_the_table_says_where_words_fit(self):
        table = blocks.Table((cell("评估项"), middle("得分")), (Row((cell("统筹机制"), middle("60.0"))),), (70, 30))
        assert wide_enough(table) == shared((70, 30))

    def test_hold_the_longest_word_of_their_heads_and_cells(self):
        heads = (middle("Rank"), cell("Criterion"), middle("Severity"))
        table = blocks.Table(heads, (Row((middle("1"), cell("A long one"), middle("critical"))),), (4, 92, 4))
        rank, _criterion, severity = wide_enough(table)
        assert sum(wide_enough(table)) == MEASURE
        assert rank > shared((4, 92, 4))[0]
        assert severity > rank

    def test_do_not_follow_an_address(self):
        address = "https://example.org/" + "a" * 60
        table = blocks.Table((cell("A"), cell("B")), (Row((cell(address), cell("b"))),), (20, 80))
        assert wide_enough(table) == shared((20, 80))

    def test_have_upright_heads_that_are_tall_enough(self):
        def tall(kind):
            with ZipFile(BytesIO(made(kind, "docx"))) as file:
                xml = file.read("word/document.xml").decode()
            return [int(height) for height in re.findall(r'<w:trHeight w:val="(\d+)" w:hRule="exact"', xml)]

        assert max(tall("full")) < 1700
        assert min(tall("translated")) > 2400


class TestLettering:
    FIGURE = Figure(120, 20, (Label(0, 10, "‘Hub’ …", 10),), "A picture")

    def test_is_latin_in_an_english_report(self):
        with translation.override("en"):
            assert 'font-family="Arial' in lettering.drawing(self.FIGURE)
            english = lettering.dots(self.FIGURE, settings.FONT_CACHE)
        with translation.override("zh-hans"):
            assert 'font-family="PingFang' in lettering.drawing(self.FIGURE)
            slim = Figure(120, 20, (Label(0, 10, narrowed("‘Hub’ …"), 10),), "A picture")
            assert lettering.dots(slim, settings.FONT_CACHE) == english
            assert lettering.dots(self.FIGURE, settings.FONT_CACHE) != english

    def test_leaves_a_text_as_it_can_be_read(self):
        with translation.override("en"):
            assert "‘Hub’ …" in lettering.drawing(self.FIGURE)

    def test_is_that_of_each_form(self):
        with ZipFile(BytesIO(made("english", "docx"))) as file:
            drawings = [file.read(name).decode() for name in file.namelist() if name.endswith(".svg")]
        assert all('font-family="Arial' in drawing for drawing in drawings)
        assert 'font-family="PingFang' not in html_of("english")
        assert 'font-family="Arial' not in html_of("full")


class TestTheWorkbook:
    def test_has_no_two_figures_of_one_name(self):
        for kind in ("full", "english"):
            sheet = load_workbook(BytesIO(made(kind, "xlsx"))).worksheets[0]
            given = next(row[0].row for row in sheet.iter_rows() if row[0].value in ("主要数值", "Key figures"))
            names = [sheet.cell(given + 1 + k // 4, 1 + 2 * (k % 4)).value for k in range(16)]
            assert len(set(names)) == len(names)

    def test_has_a_line_below_every_cell_of_its_matrix(self):
        sheet = load_workbook(BytesIO(made("full", "xlsx")))["条款与评估项对照"]
        (lines,) = sheet.conditional_formatting
        assert str(lines.sqref) == f"A4:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        assert lines.rules[0].dxf.border.bottom.style == "thin"

    def test_has_heads_of_a_matrix_whose_brackets_stay_whole(self):
        sheet = load_workbook(BytesIO(made("full", "xlsx")))["条款与评估项对照"]
        bracketed = [cell.value for cell in sheet[3] if "（" in cell.value]
        assert bracketed
        assert all(re.search(r"\n（[^）\n]{1,3}）$", value) for value in bracketed)

    def test_is_made_in_english_with_an_approval_table(self):
        given = content.build(sample.framework(), sample.assessment(), design=sample.design(), language="en")
        sheet = load_workbook(BytesIO(make(given, "xlsx")))["Summary"]
        lines = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4, max_row=20)}
        assert lines["编制"] == "宋知远 12 October 2026"

    def test_has_charts_that_do_not_lie_on_each_other(self):
        sheet = load_workbook(BytesIO(made("full", "xlsx"))).worksheets[0]
        first, second = sorted((chart.anchor for chart in sheet._charts), key=lambda anchor: anchor._from.row)
        rows = range(first._from.row + 1, second._from.row + 1)
        heights = [sheet.row_dimensions[row].height or sheet.sheet_format.defaultRowHeight for row in rows]
        assert sheet.sheet_format.customHeight
        assert sum(heights) * 12700 >= first.ext.height
