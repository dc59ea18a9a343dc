"""The PDF as a reader, an auditor and an attacker meet it."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from assessment.outline import Response
from assessment.remark import Remark, Remarks
from assessment.reports import pdf
from assessment.reports.content import build
from assessment.reports.pdf import look
from assessment.reports.prose import quoted
from assessment.reports.words import book, points
from tests.factories import NA, make_assessment, make_criteria, make_framework, make_lens, make_transition, text
from tests.reports import sample, structure
from tests.reports.paper import greys, leaves_the_margins

KINDS = ["full", "partial", "empty", "hostile", "lowest", "highest"]


@cache
def rendered(kind="full"):
    return pdf.render(sample.content(kind))


@cache
def reader(kind="full"):
    return PdfReader(BytesIO(rendered(kind)))


@cache
def pages(kind="full"):
    """The text of each page without white space."""
    return [re.sub(r"\s", "", page.extract_text()) for page in reader(kind).pages]


def plain(text):
    return re.sub(r"\s", "", text)


@cache
def body(kind="full"):
    """All text in reading order; headers and footers, which are drawn last, taken off."""
    return "".join(
        re.sub(r"杭州市差距报告（城市全域数字化转型成熟度自评框架）·草稿.*$", "", page) for page in pages(kind)
    )


def place(kind, key):
    """Page number and height of a named destination."""
    target = reader(kind).named_destinations[key]
    return reader(kind).get_destination_page_number(target), -float(target.top)


@pytest.mark.parametrize("kind", ["full", "partial", "capped"])
def test_the_results_begin_with_their_radar_and_the_balances_stand_beside_their_numbers(kind):
    found, given = pages(kind), sample.content(kind)
    assert "现状得分补齐全部差距后" in found[place(kind, "results")[0]]
    balances = place(kind, f"group-{len(given.groups)}")[0]
    for side in (side for section in given.sections if section.balance for side in section.balance.sides):
        assert found[balances].count(plain(side.name)) >= 2
    assert "第一侧得分第二侧" in found[balances]


def test_no_evidence_is_missed_where_none_is_asked_for():
    given = make_assessment({"T1.1": 0, "T1.2": NA, "T1.3": 2})
    told = plain(
        "".join(p.extract_text() for p in PdfReader(BytesIO(pdf.render(build(make_framework(), given)))).pages)
    )
    appendix = told[told.rindex("附录一") :].partition("附录二")[0]
    assert appendix.count("未列佐证") == 1


def test_a_key_criterion_without_an_answer_holds_a_level_by_being_blank():
    given = make_assessment({"T1.2": 5, "T1.3": 5, "P1.A1": 3, "P1.A2": 3, "P1.B1": 3, "P1.B2": 3})
    told = plain(
        "".join(p.extract_text() for p in PdfReader(BytesIO(pdf.render(build(make_framework(), given)))).pages)
    )
    assert "因T1.1评估项T1.1（未答）限为1级" in told


def test_a_full_report_has_at_least_forty_pages():
    assert len(pages()) >= 40


def test_the_same_content_gives_the_same_bytes():
    assert pdf.render(sample.content()) == rendered()


def test_reports_made_at_the_same_moment_are_the_same_too():
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda kind: pdf.render(sample.content(kind)), ["full", "empty"] * 3))
    assert made == [rendered("full"), rendered("empty")] * 3


def test_the_cover_says_what_this_is():
    cover = pages()[0]
    for words in (
        "杭州市",
        "差距报告",
        "草稿",
        "2026",
        "2024.1",
        "2026年9月30日",
        "本工具为自评参考，非国家评价结果。",
    ):
        assert words in cover


def test_without_a_date_the_report_says_so():
    assert "截至日期未填" in pages("hostile")[0]


def test_every_gap_is_told_in_full_in_its_section():
    text = body()
    for gap in sample.content().improvements:
        start = text.index(plain(f"{gap.code} {gap.title}{'关键项' if gap.key else ''}" + severity(gap)))
        told = text[start : text.index("解读", start) + 400]
        told = told.replace(plain(f"{gap.code} {gap.title}（续）"), "")
        for words in (gap.now, gap.then, *(action.text for action in gap.actions), gap.measure, gap.owner):
            assert plain(words) in told, (gap.code, words)
        assert all(f"[{cite.number}]" in told for cite in gap.cites)


def severity(gap):
    return {"critical": "严重", "major": "明显", "minor": "轻微"}[gap.severity] + f"差{gap.gap}级"


def test_clause_and_reading_stand_on_lines_of_their_own():
    text = body()
    assert re.search(r"条款\[\d+\]发改数据〔2024〕660号.{2,200}?解读\[\d+\]第.部分", text)
    assert "（本工具归入）" in text


def test_every_reference_is_told_in_full():
    text = body()
    for r in sample.content().references:
        words = [r.document_number, r.locator, r.summary, *r.issuers, quoted(r.quote) if r.quote else ""]
        told = text[text.index(plain(f"{r.locator}{book(r.title)}")) - 10 :][:900]
        assert all(plain(word) in told for word in words), r.key


def test_every_number_of_the_results_is_printed():
    text = body("partial")
    for section in sample.content("partial").sections:
        s = section.standing
        score = "尚无得分" if s.score is None else f"得分{points(s.score)}"
        assert f"{score}（上下限{points(s.low)}至{points(s.high)}）" in text


def test_the_method_is_one_page_and_owns_its_limits():
    method = next(page for page in pages() if page.startswith("二、评估方法"))
    for words in ("算例", "各视角的得分分别列示", "仅以解读文章为依据", "国际环境", "从严得分", "均可复现"):
        assert words in method
    assert all(code in method for code in sample.content().method.reading_only)
    assert len([page for page in pages() if "算例" in page]) == 1


@pytest.mark.parametrize("kind", [*KINDS, "capped"])
def test_the_summary_is_one_page(kind):
    summary = [number for number, page in enumerate(pages(kind)) if page.startswith("一、一页摘要")]
    assert len(summary) == 1
    assert "结果可靠程度" in pages(kind)[summary[0]]
    assert "复核情况" in pages(kind)[summary[0]]


@cache
def in_english():
    content = build(sample.framework(), sample.assessment(), language="en")
    return content, structure.read(pdf.render(content)).shown


def test_the_summary_cuts_a_first_step_only_where_its_page_is_full():
    answers = [Response(code, 0 if code in ("P4.A1", "T5.3") else 4) for code in sample.framework().criteria]
    content = build(sample.framework(), sample.assessment(responses=answers), language="en")
    page = structure.read(pdf.render(content)).shown[2]
    assert any("…" in line.text for line in page)
    lowest = min(line.y for line in page if line.number is not None)
    assert lowest - look.BOTTOM < (len(content.summary.gaps) + 1) * look.WIDE_LEADING


def test_the_coverage_matrix_names_its_clauses_and_criteria_whole():
    content, shown = in_english()
    first, last = (
        next(number for number, page in enumerate(shown) if any(title in line.text for line in page) and number > 5)
        for title in ("Coverage: clause", "D. About the framework")
    )
    lines = ["".join(line.text.split()) for page in shown[first : last + 1] for line in page]
    assert all("".join(column.short.split()) in "".join(lines) for column in content.matrix.columns)
    assert {"".join(f"{row.code}{row.title}".split()) for row in content.matrix.rows} <= set(lines)


def test_the_summary_says_in_words_what_the_figures_come_to():
    content, page = sample.content(), next(page for page in pages() if page.startswith("一、一页摘要"))
    ranked = sorted(content.sections, key=lambda s: -(s.standing.score or 0))
    for section, word in ((ranked[0], "得分最高"), (ranked[-1], "最低")):
        assert f"{plain(f'{section.code} {section.name}')}{word}（{points(section.standing.score)}分）" in page
    counts = content.summary.counts
    assert f"{len(content.improvements)}项未达目标，其中严重{counts['critical']}项" in page
    for balance in (section.balance for section in content.sections if section.balance):
        told = page[page.index("总体判断") : page.index("等级受限情况")]
        assert (f"{plain(f'{balance.code} {balance.name}')}（" in told.split("失衡")[-1]) == (
            balance.balance == "lopsided"
        )


def test_a_city_with_few_answers_is_not_told_its_best_and_worst():
    page = next(page for page in pages("empty") if page.startswith("一、一页摘要"))
    assert "60项中仅答0项" in page
    assert "得分最高" not in page
    assert "暂不定级" in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_but_the_cover_is_numbered(kind):
    total = len(pages(kind))
    assert all(page.endswith(f"第{number}页/共{total}页") for number, page in enumerate(pages(kind)[1:], 2))


@pytest.mark.parametrize("kind", KINDS)
def test_every_font_is_embedded(kind):
    fonts = {}
    for page in reader(kind).pages:
        fonts |= page["/Resources"]["/Font"]
    assert fonts
    for font in fonts.values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in inner["/FontDescriptor"].get_object()
        assert "/ToUnicode" in font.get_object()
    assert b"Helvetica" not in rendered(kind)


def test_titles_author_and_language_are_there():
    facts, catalogue = reader().metadata, reader().trailer["/Root"]
    assert facts.title == "杭州市差距报告（城市全域数字化转型成熟度自评框架）"
    assert facts.author == sample.framework().name["zh-hans"]
    assert catalogue["/Lang"] == "zh-CN"


def outline(items):
    for item in items:
        if isinstance(item, list):
            yield from outline(item)
        else:
            yield item


def test_the_outline_and_the_contents_hold_every_dimension():
    titles = [item.title for item in outline(reader().outline)]
    wanted = [f"{d.code} {d.name}" for d in sample.framework().dimensions]
    assert [title for title in titles if title in wanted] == wanted
    contents = pages()[1]
    for item in outline(reader().outline):
        number = reader().get_destination_page_number(item) + 1
        assert f"{plain(item.title)}{number}" in contents


@pytest.mark.parametrize("count", [11, 13, 25, 60])
def test_the_contents_leave_nothing_out_however_much_there_is(count):
    dimensions = [make_transition(f"T{n}", make_criteria(f"T{n}.1")) for n in range(1, count + 1)]
    framework = make_framework(make_lens("T", *dimensions), about=text("说明"))
    answers = make_assessment({f"T{n}.1": {"level": 1, "rationale": "𠮷"} for n in range(1, count + 1)})
    remarks = Remarks((Remark("summary", "", "评述", "宋知远", None),))
    read_back = PdfReader(BytesIO(pdf.render(build(framework, answers, remarks=remarks))))
    entries = read_back.outline
    listed = [item for item in outline(entries) if depth(entries, item) < 2]
    first = [plain(page.extract_text()) for page in read_back.pages[1:5]]
    contents = "".join(page for page in first if "目录" in page)
    assert [item.title for item in listed if plain(item.title) not in contents] == []
    assert "缺字说明" in contents
    assert "评述" in contents


def depth(items, wanted, level=0):
    """How far down the outline an entry stands."""
    for item in items:
        if isinstance(item, list):
            if (found := depth(item, wanted, level + 1)) is not None:
                return found
        elif item is wanted:
            return level
    return None


def links(kind="full"):
    for number, page in enumerate(reader(kind).pages):
        for annotation in page.get("/Annots", ()):
            yield number, annotation.get_object()


@pytest.mark.parametrize("kind", KINDS)
def test_links_lead_into_the_document_or_to_the_web(kind):
    places = reader(kind).named_destinations
    for _page, link in links(kind):
        if "/Dest" in link:
            assert link["/Dest"] in places
        else:
            assert re.match(r"https?://", link["/A"]["/URI"])


def test_citations_are_linked_both_ways():
    content = sample.content()
    there = {(number, str(link["/Dest"])) for number, link in links() if "/Dest" in link}
    back = {destination for number, destination in there if number >= place("full", "references")[0]}
    for gap in content.improvements:
        page = place("full", f"criterion:{gap.code}")[0]
        for cite in gap.cites:
            name = f"ref:{cite.number}"
            assert {(page, name), (page + 1, name)} & there, (gap.code, cite.number)
        assert f"criterion:{gap.code}" in back


def test_evidence_links_to_its_address():
    proofs = {proof.url for answer in sample.content().answers for proof in answer.evidence}
    assert {link["/A"]["/URI"] for _page, link in links() if "/A" in link} == proofs


# Pages, as one sees them


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_is_nearly_blank_and_none_runs_over_its_edge(kind):
    for number, rows in enumerate(greys(rendered(kind)), 1):
        height = len(rows)
        inside = [min(row) < 215 for row in rows[int(height * 0.085) : int(height * 0.925)]]
        lowest = max((y for y, ink in enumerate(inside) if ink), default=0)
        assert lowest > len(inside) * 0.25, f"page {number} ends at {lowest / len(inside):.0%}"
        assert number == 1 or not leaves_the_margins(rows), f"page {number} leaves the margins"


@pytest.mark.parametrize("kind", ["full", "lowest"])
def test_no_heading_stands_at_the_foot_of_a_page(kind):
    for section in sample.content(kind).sections:
        page, _height = place(kind, f"section:{section.code}")
        text = pages(kind)[page]
        assert "评估项自评复核目标差距依据" in text[text.rindex(plain(f"{section.code} {section.name}")) :]


# What users typed


def test_user_text_stays_text():
    text = body("hostile")
    assert '<imgsrc="/etc/passwd">' in text
    assert "成本<5万&<b>" in text
    assert not [page for page in reader("hostile").pages if "/XObject" in page["/Resources"]]


def test_characters_that_the_font_lacks_are_marked_and_listed():
    text = body("hostile")
    assert "〓野家" in text
    assert "U+20BB7" in text
    assert "缺字说明" in text
    assert "缺字说明" not in body("full")


def test_twenty_thousand_characters_are_cut_with_a_word():
    assert "其余18500字见系统" in body("hostile")


def test_javascript_never_becomes_a_link():
    assert b"javascript" not in rendered("hostile").lower()
    assert "javascript:alert(1)" in body("hostile")


def test_overlapping_destinations_do_not_exist():
    heights = sorted(place("full", f"criterion:{answer.code}") for answer in sample.content().answers)
    assert all(first != second for first, second in pairwise(heights))
