"""The report as someone meets it who does not see it: everything named, in the order in which it is to be read."""

import re
from functools import cache
from itertools import pairwise

import pikepdf
import pytest

from assessment.reports import pdf
from tests.reports import sample
from tests.reports.structure import read

KINDS = ["full", "partial", "empty", "hostile"]


@cache
def document(kind="full"):
    return read(pdf.render(sample.content(kind)))


def plain(text):
    return re.sub(r"\s", "", text)


def in_order(text, words):
    """Where each of the words stands, each after the one before."""
    at = 0
    for word in map(plain, words):
        found = text.find(word, at)
        assert found >= 0, f"{word} does not follow what stands before it"
        at = found + len(word)


@pytest.mark.parametrize("kind", KINDS)
def test_every_operator_that_paints_stands_in_an_element_or_an_artifact(kind):
    assert document(kind).unmarked == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_marked_content_belongs_to_exactly_one_element(kind):
    given = document(kind)
    marked = sorted((text.page, text.number) for page in given.shown for text in page if text.number is not None)
    owned = sorted((text.page, text.number) for text in given.root.lines)
    assert marked == owned


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_back_from_content_and_links_leads_to_their_element(kind):
    given = document(kind)
    ways = pikepdf.NumberTree(given.pdf.Root.StructTreeRoot.ParentTree)
    for node in given.root.walk():
        for line in (kid for kid in node.kids if hasattr(kid, "number")):
            owners = ways[int(given.pdf.pages[line.page].StructParents)]
            assert owners[line.number].objgen == node.dictionary.objgen
        for link in node.links:
            assert ways[int(link.StructParent)].objgen == node.dictionary.objgen
            assert str(link.Contents)


@pytest.mark.parametrize("kind", KINDS)
def test_every_annotation_is_in_the_tree(kind):
    given = document(kind)
    there = {link.objgen for node in given.root.walk() for link in node.links}
    assert there == {link.objgen for page in given.pdf.pages for link in page.get("/Annots", ())}


@pytest.mark.parametrize("kind", KINDS)
def test_headings_begin_at_the_first_level_and_never_skip_one(kind):
    levels = [int(node.kind[1]) for node in document(kind).root.walk() if re.fullmatch(r"H\d", node.kind)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("kind", KINDS)
def test_a_section_has_one_heading_and_it_comes_first(kind):
    for part in document(kind).root.all("Part", "Sect")[1:]:  # the first is the cover
        assert [re.fullmatch(r"H\d", kid.kind) is not None for kid in part.kids].index(True) == 0
        assert sum(kid.kind.startswith("H") for kid in part.kids) == 1


def test_the_headings_are_the_chapters_the_dimensions_and_the_gaps():
    content = sample.content()
    headings = [plain(node.text) for node in document().root.all("H1", "H2", "H3")]
    assert headings[:2] == ["目录", "一、一页摘要"]
    wanted = []
    for section in content.sections:
        wanted += [plain(f"{section.code} {section.name}")]
        wanted += [plain(f"{gap.code} {gap.title}{' 关键项' if gap.key else ''}") for gap in section.gaps]
    start = headings.index("四、分维度差距") + 1
    assert headings[start : start + len(wanted)] == wanted


@pytest.mark.parametrize("kind", ["full", "partial"])
def test_the_text_in_reading_order_is_what_the_content_says(kind):
    content, text = sample.content(kind), plain(document(kind).root.text)
    words = ["杭州市", "差距报告", "目录", "一、一页摘要", "二、评估方法", "三、总体结果", "四、分维度差距"]
    for section in content.sections:
        words += [f"{section.code} {section.name}"]
        words += [f"{answer.code} {answer.title}" for answer in section.answers]
        for gap in section.gaps:
            words += [f"{gap.code} {gap.title}", gap.now, gap.then, *(action.text for action in gap.actions)]
            words += [gap.proof, gap.measure, gap.owner, gap.rationale, *(e.title for e in gap.evidence)]
            words += [f"[{cite.number}] {cite.text}" for cite in gap.cites]
    words += [word for gap in content.improvements for word in (f"{gap.code} {gap.title}", gap.actions[0].text)]
    for reference in content.references:
        words += [f"[{reference.number}]", reference.locator, reference.document_number, reference.summary]
    words += ["附录一", *(f"{answer.code} {answer.title}" for answer in content.answers), "附录二", "附录三", "附录四"]
    in_order(text[text.index("杭州市") :], filter(None, words))


def test_headers_footers_and_repeated_table_heads_are_no_content():
    text = plain(document().root.text)
    assert "（续）" not in text
    assert "/共" not in text
    assert text.count("本工具为自评参考，非国家评价结果。") == 2  # the cover, and the framework's own words


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_has_rows_of_cells_and_each_has_headers(kind):
    for table in document(kind).root.all("Table"):
        assert table.kids
        assert {row.kind for row in table.kids} == {"TR"}
        assert {cell.kind for row in table.kids for cell in row.kids} <= {"TH", "TD"}
        assert table.all("TH") or "低于1级" in plain(table.text)
        for cell in table.all("TH"):
            assert cell.dictionary.A.Scope in ("/Row", "/Column")


@pytest.mark.parametrize("kind", KINDS)
def test_all_rows_of_a_table_are_equally_long(kind):
    def width(row):
        attributes = (cell.dictionary.get("/A", {}) for cell in row.kids)
        return sum(int(a.get("/ColSpan", 1)) for a in attributes)

    for table in document(kind).root.all("Table"):
        assert len({width(row) for row in table.kids}) == 1, plain(table.text)[:60]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_has_items_with_a_body(kind):
    for row in (row for found in document(kind).root.all("L") for row in found.kids):
        assert row.kind == "LI"
        assert [kid.kind for kid in row.kids] in (["Lbl", "LBody"], ["LBody"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_says_what_it_shows(kind):
    pictures = document(kind).root.all("Figure")
    assert pictures
    assert all(len(picture.alt) > 8 and picture.dictionary.A.BBox for picture in pictures)


def test_the_wheel_has_its_key_as_caption():
    (caption,) = document().root.all("Caption")
    assert plain(caption.text) == "现状得分补齐全部差距后"
    assert any(caption in picture.kids for picture in document().root.all("Figure"))


def test_pictures_tell_their_numbers():
    section = next(section for section in sample.content().sections if section.journey)
    told = [picture.alt for picture in document().root.all("Figure") if section.name in picture.alt]
    assert any(f"得分{section.standing.score:.1f}" in plain(words) for words in told)


def test_the_contents_are_a_table_of_contents():
    (contents,) = document().root.all("TOC")
    lines = [plain(item.text) for item in contents.kids]
    assert {item.kind for item in contents.kids} == {"TOCI"}
    assert lines[0].startswith("一、一页摘要")
    assert all(item.kids[0].kind == "Reference" and item.all("Link")[0].links for item in contents.kids)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_holds_its_words_and_its_place_on_the_page(kind):
    for link in document(kind).root.all("Link"):
        assert link.links
        for annotation in link.links:
            assert annotation.F == 4


def test_a_paragraph_that_runs_over_a_page_is_one_element():
    from django.conf import settings

    from assessment.reports import fonts
    from assessment.reports.pdf.archive import Facts
    from assessment.reports.pdf.book import Book
    from assessment.reports.pdf.file import write

    book = Book(fonts.load(settings.FONT_CACHE))
    book.new_page()
    book.heading("长文", 1, "long")
    book.write("城市数据开放共享取得成效。" * 300)
    given = read(write(book, Facts("长文", "", "", "zh-CN")))
    (paragraph,) = given.root.all("P")
    assert paragraph.pages == [0, 1]
    assert plain(paragraph.text) == "城市数据开放共享取得成效。" * 300


def test_a_row_that_runs_over_a_page_is_one_row():
    rows = [row for row in document("hostile").root.all("TR") if len({line.page for line in row.lines}) > 1]
    assert rows
    assert all(len(row.kids) == len({id(cell.dictionary) for cell in row.kids}) for row in rows)


def test_the_catalogue_says_that_it_is_tagged():
    catalogue = document().pdf.Root
    assert catalogue.MarkInfo.Marked
    assert catalogue.Lang == "zh-CN"
    assert catalogue.ViewerPreferences.DisplayDocTitle
    assert all(page.Tabs == "/S" for page in document().pdf.pages)
