"""One content, many forms: every figure stands in each of them, and nothing that a user typed breaks any."""

import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from docx import Document
from lxml import etree
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from assessment.outline import Evidence, Response
from assessment.remark import Improvement, Remark, Remarks
from assessment.reports import asking, content, document, flow, prose, web
from assessment.reports.charts.shapes import NAVY, TEAL
from assessment.reports.making import FORMS, make
from assessment.reports.words import points
from assessment.reports.xlsx.sheets import Looks, Way, put
from tests.reports import sample
from tests.reports.forms import content_of, converted, html_of, made, page_of, plain, said, text_of

KINDS = ["full", "partial", "empty", "capped", "english", "translated"]
WORD = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
FORMULAS = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-2", "@SUM(A1)", "\t=1", "'=1", "_x0041_")


def opened(kind):
    return Document(BytesIO(made(kind, "docx")))


def parts(data):
    with ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def book(kind="full"):
    return load_workbook(BytesIO(made(kind, "xlsx")))


def rows(sheet, top=3):
    """Each row below the heads, by what heads its columns."""
    heads = [cell.value for cell in sheet[top]]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=top + 1)]


def exactly(value):
    """A number as a cell keeps it: to sixteen digits."""
    return None if value is None else pytest.approx(value, rel=1e-14, abs=0)


class TestOwnWords:
    SAID = "1. 甲\n   - 乙，100*3*2\n2. 丙\n\n末段"

    @pytest.fixture
    def written(self):
        places = [("summary", ""), ("reworded", "P5.A1")]
        remarks = tuple(Remark(place, code, self.SAID, "宋知远") for place, code in places)
        return content.build(sample.framework(), sample.assessment(), remarks=Remarks(remarks))

    def test_have_a_list_within_a_list_on_the_page(self, written):
        html = web.body(written)
        drawn = '<ol><li value="1">甲<ul><li>乙，100*3*2</li></ul></li><li value="2">丙</li></ol><p>末段</p>'
        assert html.count(drawn) == 2

    def test_stand_in_one_step_further_in_word(self, written):
        cells = [table.rows[0].cells[0] for table in Document(BytesIO(make(written, "docx"))).tables]
        paragraphs = {one.text: one for cell in cells if "末段" in cell.text for one in cell.paragraphs}
        outer, inner = (paragraphs[words].style.paragraph_format for words in ("1.\t甲", "•\t乙，100*3*2"))
        assert inner.left_indent == 2 * outer.left_indent
        assert paragraphs["末段"].style.paragraph_format.first_line_indent > 0

    def test_stand_in_in_the_workbook(self, written):
        cells = {
            str(cell.value) for sheet in load_workbook(BytesIO(make(written, "xlsx"))) for row in sheet for cell in row
        }
        assert any("1. 甲\n　• 乙，100*3*2\n2. 丙\n末段" in text for text in cells)


class TestEveryFigure:
    @pytest.mark.parametrize("form", ["pdf", "docx", "page"])
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_printed_where_it_belongs(self, kind, form):
        text = text_of(kind, form)
        assert [line for line in said(content_of(kind)) if line not in text] == []

    @pytest.mark.parametrize("kind", ["partial", "english"])
    def test_is_read_by_another_office_from_the_word_file(self, kind):
        text = text_of(kind, "office")
        assert [line for line in said(content_of(kind)) if line not in text] == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_is_in_the_json_unrounded(self, kind):
        told = json.loads(made(kind, "json"))
        assert told == json.loads(json.dumps(document.document(content_of(kind))))
        for section in told["content"]["sections"]:
            assert told["dimensions"][section["code"]]["score"] == section["standing"]["score"]

    @pytest.mark.parametrize("kind", ["full", "partial", "empty"])
    def test_of_an_answer_is_a_cell(self, kind):
        told = {row["编号"]: row for row in rows(book(kind)["全部应答"])}
        for answer in content_of(kind).answers:
            row = told[answer.code]
            levels = (row["自评"], row["复核"], row["采用等级"], row["目标"])
            assert levels == (answer.self_level, answer.verified_level, answer.level, answer.target)

    @pytest.mark.parametrize("kind", ["full", "partial"])
    def test_of_a_gap_is_a_cell_unrounded(self, kind):
        found = [
            (row["排序"], row["编号"], row["等级"], row["目标"], row["提升量"]) for row in rows(book(kind)["差距"])
        ]
        gaps = content_of(kind).improvements
        assert found == [(gap.rank, gap.code, gap.level, gap.target, exactly(gap.gain)) for gap in gaps]

    @pytest.mark.parametrize("kind", ["full", "partial", "empty"])
    def test_of_a_dimension_is_a_cell_that_shows_it_as_printed(self, kind):
        sheet, said_of = book(kind)["汇总"], {s.code: s for s in content_of(kind).sections}
        seen, balanced, held = set(), set(), set()
        for row in sheet.iter_rows(min_row=5):
            section = said_of.get(str(row[0].value).split(" ")[0])
            if not section or not str(row[0].value).startswith(f"{section.code} "):
                continue
            s = section.standing
            values = [cell.value for cell in row[1:9]]
            if section.code in seen and section.cap and values[0] == prose.held(section.cap):
                held.add(section.code)
                continue
            if section.code in seen:
                sides = [given for side in section.balance.sides for given in (side.name, exactly(side.score))]
                assert values[:5] == [*sides, exactly(section.balance.tilt)]
                balanced.add(section.code)
                continue
            strict = s.strict if s.na else None
            expected = [s.score, section.at_target, s.low, s.high, strict, section.level_by_score, s.level, s.coverage]
            assert values == [exactly(value) for value in expected]
            assert s.score is None or (row[1].number_format, points(row[1].value)) == ("0.0", points(s.score))
            seen.add(section.code)
        assert seen == set(said_of)
        assert balanced == {section.code for section in said_of.values() if section.balance}
        assert held == {section.code for section in said_of.values() if section.cap}

    def test_of_the_whole_heads_the_workbook(self):
        sheet, overall = book()["汇总"], sample.content().summary.overall
        values = {sheet.cell(r, c).value: sheet.cell(r, c + 1).value for r in range(10, 16) for c in (1, 3, 5, 7)}
        assert values["总得分"] == exactly(overall.score)
        assert (values["下界"], values["上界"], values["等级"]) == (
            exactly(overall.low),
            exactly(overall.high),
            overall.level,
        )
        assert points(values["补齐全部差距后"]) == points(sample.content().summary.at_target)


class TestTheWordFile:
    def test_has_the_chapters_in_order_as_headings(self):
        headings = [
            (int(p.style.name[-1]), p.text) for p in opened("full").paragraphs if p.style.name.startswith("Heading")
        ]
        assert [text for level, text in headings if level == 1] == [
            "一、一页摘要",
            "二、评估方法",
            "三、总体结果",
            "四、分维度差距",
            "五、优先改进清单",
            "六、质量附录",
            "七、依据",
            "附录",
        ]
        sections = [f"{s.code} {s.name}" for s in sample.content().sections]
        assert [text for level, text in headings if level == 2 and text in sections] == sections

    def test_is_outlined_and_has_contents_where_another_office_reads_it(self):
        reader = PdfReader(BytesIO(converted("partial", "pdf")))
        outline = [entry.title for entry in _flat(reader.outline)]
        headings = [p.text for p in opened("partial").paragraphs if p.style.name.startswith("Heading")]
        assert [title.strip() for title in outline if title.strip() in headings] == headings
        contents = plain(reader.pages[1].extract_text())
        for chapter in flow_of("partial"):
            assert plain(chapter.heading.text) in contents
        assert len(reader.pages) > 20

    def test_tells_the_word_processor_to_calculate_the_contents(self):
        xml = parts(made("full", "docx"))["word/document.xml"].decode()
        assert 'TOC \\o "1-2" \\h' in xml
        assert 'w:dirty="true"' in xml
        entries = [p.text for p in opened("full").paragraphs if p.style.name in ("toc 1", "toc 2")]
        assert entries[0] == "一、一页摘要"
        assert "T1 统筹机制" in entries

    def test_leads_from_each_citation_to_its_reference_and_back(self):
        root = etree.fromstring(parts(made("full", "docx"))["word/document.xml"])
        names = set(root.xpath("//w:bookmarkStart/@w:name", namespaces=WORD))
        anchors = set(root.xpath("//w:hyperlink/@w:anchor", namespaces=WORD))
        assert anchors <= names
        assert {f"_ref_{r.number}" for r in sample.content().references} <= anchors
        for reference in sample.content().references:
            codes = {*reference.cited_by, *reference.assigned_by}
            places = {f"_{kind}_{re.sub(r'\W', '_', code)}" for code in codes for kind in ("criterion", "section")}
            assert places & names

    def test_numbers_figures_and_tables_by_fields(self):
        captions = [p.text for p in opened("full").paragraphs if p.style.name.lower() == "caption"]
        for label in ("图", "表"):
            numbers = [int(c.split()[1].split("　")[0]) for c in captions if c.startswith(f"{label} ")]
            assert numbers == list(range(1, len(numbers) + 1))
        assert "SEQ 图" in parts(made("full", "docx"))["word/document.xml"].decode()

    def test_repeats_heads_and_keeps_rows_whole(self):
        root = etree.fromstring(parts(made("full", "docx"))["word/document.xml"])
        tables = root.xpath("//w:tbl[not(.//w:tblStyle[@w:val='OwnTable'])]", namespaces=WORD)
        assert all(
            row.xpath("./w:trPr/w:cantSplit", namespaces=WORD) for t in tables for row in t.findall("w:tr", WORD)
        )
        assert len(root.xpath("//w:tblHeader", namespaces=WORD)) > 10

    def test_tells_every_picture_in_words_and_has_it_as_drawing_and_as_dots(self):
        files = parts(made("full", "docx"))
        root = etree.fromstring(files["word/document.xml"])
        told = root.xpath("//*[local-name()='docPr']/@descr")
        assert len(told) > 20
        assert all(len(words) > 10 for words in told)
        pictures = [name for name in files if name.startswith("word/media/")]
        assert sum(name.endswith(".svg") for name in pictures) == sum(name.endswith(".png") for name in pictures)
        for name in pictures:
            if name.endswith(".svg"):
                etree.fromstring(files[name])

    def test_says_what_it_is(self):
        facts = opened("full").core_properties
        assert facts.title.startswith("杭州市差距报告")
        assert (facts.language, facts.created.date()) == ("zh-CN", date(2026, 9, 30))

    def test_bears_marks_lines_own_words_and_who_improves_what(self):
        data = made("dressed", "docx")
        text = text_of("dressed", "docx")
        for words in (
            "二、总体评述",
            "宋知远撰写",
            "先定规则，再建平台",
            "市数据局，2027年3月31日前",
            "两个月内由市数据局印发办法",
        ):
            assert plain(words) in text
        files = parts(data)
        headers = b"".join(files[name] for name in files if "header" in name).decode()
        assert "内部资料 注意保存" in headers
        assert "杭数评〔2026〕7号" in headers
        assert 'string="草稿"' in headers
        assert "某某城市规划咨询有限公司" in files["word/footer2.xml"].decode()
        assert "3B2A5A" in files["word/styles.xml"].decode()

    def test_takes_the_design_s_colours_but_for_its_pictures(self):
        files = parts(made("dressed", "docx"))
        pictures = b"".join(data for name, data in files.items() if name.endswith(".svg"))
        assert NAVY.encode() in pictures
        assert TEAL.encode() in pictures
        assert b"3b2a5a" not in pictures
        assert b'w:fill="3b2a5a"' in files["word/document.xml"]

    def test_brings_none_of_the_template_s_parts_and_styles(self):
        document = opened("full")
        names = {str(part.partname) for part in document.part.package.iter_parts() if "/media/" not in part.partname}
        assert names == {
            "/docProps/core.xml",
            "/word/document.xml",
            "/word/styles.xml",
            "/word/settings.xml",
            "/word/fontTable.xml",
            "/word/theme/theme1.xml",
            *(f"/word/{kind}{number}.xml" for kind in ("header", "footer") for number in (1, 2)),
        }
        assert "Light Shading" not in document.styles
        used = {p.style.name for p in document.paragraphs}
        assert {"Heading 1", "Heading 2", "Heading 3", "Body Text", "Caption", "toc 1"} <= used

    def test_is_drawn_in_english_too(self):
        text = text_of("english", "docx")
        assert "1.One-pagesummary" in text
        assert not re.search("[\u4e00-\u9fff]", text)


def flow_of(kind):
    from django.utils import translation

    with translation.override(content_of(kind).language):
        return flow.compose(content_of(kind))


def _flat(outline):
    for entry in outline:
        yield from (_flat(entry) if isinstance(entry, list) else [entry])


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "本维度尚未作答。"),
        ({"level": 4}, "没有差距：本维度已答评估项均未设目标。"),
        ({"level": 4, "target": 4}, "本维度已答评估项均已达到目标。"),
        ({"not_applicable": "没有此类事项"}, "本维度各评估项均不适用。"),
    ],
)
def test_a_dimension_without_gaps_says_why(answers, said):
    responses = tuple(Response(code, **answers) for code in sample.framework().criteria)
    given = content.build(sample.framework(), replace(sample.assessment(responses=responses), target=""))
    assert {prose.no_gaps_here(section) for section in given.sections} == {said}
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(make(given, "pdf"))).pages)
    word = "".join(paragraph.text for paragraph in Document(BytesIO(make(given, "docx"))).paragraphs)
    assert [plain(text).count(said) for text in (paper, word)] == [len(given.sections)] * 2


class TestTheWorkbook:
    def test_has_its_sheets_charts_filters_and_heads_in_sight(self):
        found = book("partial")
        assert found.sheetnames == ["汇总", "全部应答", "差距", "质量附录", "依据", "条款与评估项对照"]
        for sheet in found.worksheets[1:]:
            assert sheet.freeze_panes == "C4"
            assert sheet.auto_filter.ref
            assert sheet.print_title_rows == "$3:$3"
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        charts = [name for name in parts(made("partial", "xlsx")) if name.startswith("xl/charts/")]
        assert len(charts) == 2

    def test_bears_the_lines_and_own_words_of_the_report(self):
        found = book("dressed")
        lines = {row[0].value: row[1].value for row in found["汇总"].iter_rows(min_row=4, max_row=20)}
        assert (lines["密级"], lines["文号"]) == ("内部资料 注意保存", "杭数评〔2026〕7号")
        assert lines["编制单位"] == "某某城市规划咨询有限公司"
        assert all(sheet.oddHeader.right.text == "内部资料 注意保存" for sheet in found.worksheets)
        own = rows(found["评述与建议"])
        assert (own[0]["位置"], own[0]["撰写人"]) == ("总体评述", "宋知远")
        assert "先定规则，再建平台" in own[0]["正文"]

    def test_holds_who_improves_what(self):
        first, second = rows(book("dressed")["差距"])[:2]
        assert (first["责任单位/责任人"], first["完成期限"].date()) == ("市数据局", date(2027, 3, 31))
        assert "先试点两区" in first["改进措施"]
        assert "与省级平台同步改造" in second["补充建议"]

    @pytest.mark.parametrize("kind", ["full", "partial", "empty"])
    def test_holds_what_a_reader_would_ask_about(self, kind):
        sheet, annex = book(kind)["质量附录"], content_of(kind).annex
        stood_out = [
            *((item, "未列佐证的评估项") for item in annex.unproven),
            *((criterion, "宜再核对之处") for item in annex.contradictions for criterion in item.criteria),
            *((item.criterion, "填报不适用的评估项") for item in annex.excused),
            *((item.criterion, "自评等级与复核等级") for item in annex.differing),
        ]
        listed = [(sheet.cell(n, 1).value, sheet.cell(n, 7).value) for n in range(4, 4 + len(stood_out))]
        assert listed == [(criterion.code, title) for criterion, title in stood_out]
        steps = [sheet.cell(n, 6).value for n in range(4, 4 + len(stood_out)) if sheet.cell(n, 6).value is not None]
        assert steps == [item.difference for item in annex.differing]
        below = [[cell.value for cell in row[:7]] for row in sheet.iter_rows(min_row=7 + len(stood_out))]
        assert [row for row in below if row[0]] == [
            [item.code, item.name, item.verified, item.equal, item.higher, item.lower, exactly(item.mean)]
            for item in annex.dimensions
        ]

    def test_is_drawn_in_english_too(self):
        text = " ".join(
            str(cell.value) for sheet in book("english").worksheets for row in sheet.iter_rows() for cell in row
        )
        assert "Every criterion as answered" in text
        assert not re.search("[\u4e00-\u9fff]", text)

    def test_takes_no_text_for_a_formula(self):
        full = [
            replace(
                r, level=1, rationale=FORMULAS[n % len(FORMULAS)], evidence=(Evidence(FORMULAS[n % len(FORMULAS)]),)
            )
            for n, r in enumerate(sample.assessment().responses)
        ]
        data = make(content.build(sample.framework(), sample.assessment(responses=full)), "xlsx")
        assert not any(b"<f>" in xml for name, xml in parts(data).items() if "/worksheets/" in name)
        found = load_workbook(BytesIO(data))["全部应答"]
        typed = {cell.value for row in found.iter_rows(min_row=4) for cell in row if isinstance(cell.value, str)}
        assert set(FORMULAS) - {"\t=1"} <= {value.replace("_x005F_", "_") for value in typed}
        assert all(cell.data_type != "f" for row in found.iter_rows() for cell in row)
        risky = [cell for row in found.iter_rows(min_row=4) for cell in row if str(cell.value).startswith("=")]
        assert risky
        assert all(cell.quotePrefix for cell in risky)

    def test_cuts_a_text_that_grows_by_its_escapes(self):
        cell = Workbook().active.cell(1, 1)
        put(cell, "_x0041_" * 5000, Way(), Looks("#12355b", "#1b7f8c"))
        assert len(cell.value) <= 32_767


class TestWhatUsersType:
    def test_is_text_in_word_and_no_link_but_to_the_web(self):
        files = parts(made("hostile", "docx"))
        for name, data in files.items():
            if name.endswith((".xml", ".rels", ".svg")):
                etree.fromstring(data)
        links = re.findall(r'Target="([^"]*)" TargetMode="External"', files["word/_rels/document.xml.rels"].decode())
        assert links
        assert all(link.startswith(("http://", "https://")) for link in links)
        text = text_of("hostile", "docx")
        assert plain('<img src="/etc/passwd">') in text
        assert plain("成本 < 5 万 & <b>") in text
        assert "\u202e" not in text

    def test_is_text_in_the_workbook_and_no_link_but_to_the_web(self):
        found = book("hostile")["全部应答"]
        cells = [cell for row in found.iter_rows() for cell in row]
        assert any(cell.value == '<img src="/etc/passwd">' for cell in cells)
        assert all(cell.hyperlink is None or cell.hyperlink.target.startswith("https://") for cell in cells)
        assert not any(re.search("[\x00-\x08\u202e]", str(cell.value)) for cell in cells)

    def test_is_text_on_the_page_and_no_link_but_to_the_web(self):
        page = page_of("hostile")
        assert {tag for tag, _given in page.tags}.isdisjoint({"img", "script", "style", "iframe", "object"})
        assert not any(name.startswith("on") or name == "style" for _tag, given in page.tags for name in given)
        assert all(link.startswith(("#", "https://")) for link in page.links)
        assert plain('<img src="/etc/passwd">') in text_of("hostile", "page")
        assert "\u202e" not in html_of("hostile")

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("kind", ["hostile", "empty", "lowest", "highest"])
    def test_or_leaves_out_never_breaks_a_form(self, kind, form):
        assert len(made(kind, form)) > 5000


class TestThePage:
    @pytest.mark.parametrize("kind", ["full", "partial", "english", "dressed"])
    def test_has_a_place_for_every_link_and_each_once(self, kind):
        page = page_of(kind)
        ids = [given["id"] for _tag, given in page.tags if given.get("id")]
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in page.links if link.startswith("#")} <= set(ids)

    def test_shows_a_phone_each_criterion_of_the_heat_map_once(self):
        pictures = html_of("translated").split('<figure class="picture picture-heat">')[1:]
        captions = [re.search("<figcaption>(.*?)</figcaption>", picture)[1] for picture in pictures]
        assert [said.rpartition(" (")[2] for said in captions] == ["1 of 2)", "2 of 2)"]
        phone = [picture.partition('class="only-phone"')[2].partition("</svg>")[0] for picture in pictures]
        codes = [cell.code for row in content_of("translated").overall.heat for group in row.groups for cell in group]
        shown = [text for text in re.findall(r">([^<>]+)</text>", "".join(phone)) if text in codes]
        assert shown == codes

    def test_has_headings_without_a_gap_and_a_scope_on_each_head(self):
        page = page_of("full")
        levels = [int(tag[1]) for tag, _given in page.tags if re.fullmatch("h[2-6]", tag)]
        assert levels[0] == 2
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
        scoped = [given for tag, given in page.tags if tag == "th"]
        assert len(scoped) > 300


class TestTheSameContent:
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("kind", ["full", "dressed", "english"])
    def test_gives_the_same_bytes(self, kind, form):
        assert make(content_of(kind), form) == made(kind, form)

    @pytest.mark.parametrize("form", ["docx", "xlsx"])
    def test_bears_no_trace_of_the_clock(self, form):
        with ZipFile(BytesIO(made("hostile", form))) as file:
            assert {entry.date_time[:3] for entry in file.infolist()} == {(1980, 1, 1)}
            core = file.read("docProps/core.xml").decode()
        assert str(date.today().year) not in re.sub(r"<dc:title>.*?</dc:title>", "", core).replace("2006", "")


class TestWhatIsAskedFor:
    @pytest.fixture
    def wanted(self):
        return asking.build(sample.content(), {"T1.1": "市委办公厅"})

    def test_is_each_level_claimed_without_evidence_and_the_proof_of_each_gap(self, wanted):
        said = sample.content()
        claims = {claim.code for desk in wanted.desks for claim in desk.claims}
        assert claims == {a.code for a in said.answers if a.level and not a.evidence}
        raises = {(item.code, item.proof) for desk in wanted.desks for item in desk.raises}
        assert raises == {(gap.code, gap.proof) for gap in said.improvements}

    def test_is_what_the_framework_says_of_that_level(self, wanted):
        criteria = sample.framework().criteria
        for desk in wanted.desks:
            for claim in desk.claims:
                step = next(s for s in criteria[claim.code].levels if s.level == claim.level)
                assert claim.proof == str(step.evidence)

    def test_is_grouped_by_who_was_given_it_else_by_who_leads(self, wanted):
        homes = {item.code: desk.name for desk in wanted.desks for item in (*desk.claims, *desk.raises)}
        assert homes.pop("T1.1") == "市委办公厅"
        for code, name in homes.items():
            assert str(sample.framework().criteria[code].owner).startswith(name)

    def test_asks_who_closes_a_gap_for_its_proof_and_the_department_for_the_level_claimed(self):
        gap = next(gap for gap in sample.content().improvements if gap.proof)
        bare = replace(sample.assessment().responses[0], criterion=gap.code, level=gap.level, evidence=())
        answers = [bare, *(r for r in sample.assessment().responses if r.criterion != gap.code)]
        due = Improvement(gap.code, "市数据局专班（市财政局配合）", date(2026, 12, 31))
        remarks = Remarks(improvements=(due,))
        said = content.build(sample.framework(), sample.assessment(responses=answers), remarks=remarks)
        wanted = asking.build(said, {gap.code: "市城市管理局"})
        claimed = [desk.name for desk in wanted.desks for claim in desk.claims if claim.code == gap.code]
        assert claimed == ["市城市管理局"]
        asked = [(desk.name, item.due_on) for desk in wanted.desks for item in desk.raises if item.code == gap.code]
        assert asked == [("市数据局专班", date(2026, 12, 31))]
        sheet = load_workbook(BytesIO(asking.FORMS["xlsx"](wanted)))["达标佐证"]
        (row,) = [row for row in rows(sheet) if gap.code in row.values()]
        assert (row["责任单位"], row["责任单位/责任人"]) == ("市数据局专班", "市数据局专班（市财政局配合）")
        tables = Document(BytesIO(asking.FORMS["docx"](wanted))).tables
        told = {row.cells[-1].text for table in tables for row in table.rows if gap.code in row.cells[0].text}
        assert "市数据局专班（市财政局配合），2026年12月31日前" in told

    @pytest.mark.parametrize("form", asking.FORMS)
    @pytest.mark.parametrize("kind", ["full", "empty", "hostile", "english"])
    def test_comes_as_word_and_workbook_the_same_each_time(self, kind, form):
        wanted = asking.build(content_of(kind))
        assert asking.FORMS[form](wanted) == asking.FORMS[form](wanted)

    def test_bears_the_marks_of_the_report_but_not_its_number(self):
        report = content_of("dressed")
        file = ZipFile(BytesIO(asking.FORMS["docx"](asking.build(report))))
        text = "".join(re.sub("<[^>]+>", "", file.read(name).decode()) for name in file.namelist() if "xml" in name)
        assert report.design.document_number and report.design.document_number not in text
        assert report.design.classification in text

    def test_gives_each_department_a_page_of_its_own_in_word_but_not_the_overview(self, wanted):
        paragraphs = Document(BytesIO(asking.FORMS["docx"](wanted))).paragraphs
        chapters = [p for p in paragraphs if p.style.name == "Heading 1"]
        turning = [p for p in chapters if p.paragraph_format.page_break_before is not False]
        assert turning == chapters[1:] and len(turning) == len(wanted.desks)

    def test_bears_the_classification_on_every_sheet(self):
        found = load_workbook(BytesIO(asking.FORMS["xlsx"](asking.build(content_of("dressed")))))
        assert [sheet.oddHeader.right.text for sheet in found.worksheets] == ["内部资料 注意保存"] * 2

    def test_stands_in_both(self, wanted):
        document = Document(BytesIO(asking.FORMS["docx"](wanted)))
        word = plain("".join(cell.text for table in document.tables for row in table.rows for cell in row.cells))
        sheets = load_workbook(BytesIO(asking.FORMS["xlsx"](wanted)))
        claims, raises = (rows(sheets[name]) for name in ("无佐证材料", "达标佐证"))
        assert len(claims) == wanted.claims
        assert len(raises) == wanted.raises
        for desk in wanted.desks:
            for claim in desk.claims:
                assert plain(claim.proof) in word
