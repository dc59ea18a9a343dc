"""The pages as a printer judges them: ends of lines and pages, indents, what stands alone. Read back out of the file."""

import re
from functools import cache, partial
from itertools import groupby, pairwise

import pikepdf
import pytest

from assessment.reports import pdf
from assessment.reports.pdf import look, slides
from assessment.reports.typeset import NEVER_FIRST, NEVER_LAST, legal
from tests.reports import sample
from tests.reports.structure import Node, Shown, read

KINDS = ["full", "partial", "empty", "hostile", "lowest", "highest", "capped"]
HEADING = re.compile(r"H\d")
INLINE = ("Link", "Span", "Lbl")


@cache
def document(kind="full"):
    return read(pdf.render(sample.english() if kind == "english" else sample.content(kind)))


def paragraphs(node):
    """Elements that hold text themselves, with a list's label as part of its item; pictures and boxes are none."""
    for child in node.walk():
        kids = [kid for kid in child.kids if isinstance(kid, Shown) or (isinstance(kid, Node) and kid.kind in INLINE)]
        if kids and child.kind not in ("Figure", "LI", *INLINE):
            yield child


def lines_of(paragraph):
    """Its lines as drawn, each with all that stands on it."""
    by_place = groupby(paragraph.lines, lambda shown: (shown.page, round(shown.y, 1)))
    return [("".join(shown.text for shown in some), place) for place, some in by_place]


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_begins_or_ends_with_a_mark_that_must_not_stand_there(kind):
    for paragraph in paragraphs(document(kind).root):
        lines = [text.rstrip(" ") for text, _place in lines_of(paragraph)]
        for before, after in pairwise(lines):
            if after[:1] in NEVER_FIRST or before[-1:] in NEVER_LAST:
                text = before + after
                assert not any(legal(text, at) for at in range(2, len(before) + 1)), (before, after)


@cache
def meeting():
    return read(slides.render(sample.content("dressed")))


@pytest.mark.parametrize("made", [*(partial(document, kind) for kind in KINDS), meeting])
def test_a_line_is_filled_between_characters_and_never_inside_a_word_or_number(made):
    found = 0
    for page in made().shown:
        for shown in page:
            for text, spacing in shown.pieces:
                found += bool(spacing)
                assert not spacing or not re.search("[!-~]{2}", text), text
    assert found


@pytest.mark.parametrize("kind", KINDS)
def test_no_paragraph_leaves_a_single_line_on_a_page(kind):
    for paragraph in document(kind).root.all("P"):
        on_pages = [len(list(some)) for _page, some in groupby(place[0] for _text, place in lines_of(paragraph))]
        assert len(on_pages) < 2 or min(on_pages) >= 2, paragraph.text[:60]


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_stands_at_the_foot_of_a_page(kind):
    kinds = ("P", "TR", "LI", "TOCI", "Figure", "H1", "H2", "H3")
    nodes = [node for node in document(kind).root.all(*kinds) if node.lines]
    for heading, after in pairwise(nodes):
        if HEADING.fullmatch(heading.kind):
            assert heading.lines[-1].page == after.lines[0].page, heading.text


@pytest.mark.parametrize("kind", KINDS)
def test_body_paragraphs_stand_in_by_two_characters(kind):
    found = 0
    for part in document(kind).root.all("Part", "Sect")[1:]:
        for paragraph in part.kids:
            if paragraph.kind == "P" and paragraph.lines[0].size in (look.BODY.size, look.WIDE.size):
                assert paragraph.lines[0].x == pytest.approx(look.LEFT + 2 * paragraph.lines[0].size, abs=0.1)
                found += 1
    assert found > 5


def fill(page):
    """How far down a page's content reaches, 0..1."""
    lowest = min((shown.y for shown in page if shown.number is not None), default=look.TOP)
    return (look.TOP - lowest) / look.ROOM


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_well_filled_unless_a_chapter_ends_on_it(kind):
    starts = {heading.lines[0].page for heading in document(kind).root.all("H1")}
    last = len(document(kind).shown) - 1
    for number, page in enumerate(document(kind).shown):
        if number and number != last and number + 1 not in starts:
            assert fill(page) > 1 / 3, f"page {number + 1} ends at {fill(page):.0%}"


@pytest.mark.parametrize("kind", KINDS)
def test_no_table_leaves_a_single_row_on_its_last_page(kind):
    for table in document(kind).root.all("Table"):
        rows = [row.lines[-1].page for row in table.kids if row.lines]
        on_pages = [len(list(some)) for _page, some in groupby(rows)]
        assert len(on_pages) < 2 or on_pages[-1] > 1 or on_pages[-2] <= 2, table.text[:60]


@pytest.mark.parametrize("kind", KINDS)
def test_chapters_are_numbered_as_officials_number_them(kind):
    chapters = [heading.text for heading in document(kind).root.all("H1")]
    digits = "一二三四五六七八"
    assert [chapter[:2] for chapter in chapters[1:-1]] == [f"{digit}、" for digit in digits[: len(chapters) - 2]]
    assert chapters[-1] == "附录"


def test_numbered_headings_stand_flush_with_the_text():
    for heading in document().root.all("H2"):
        if heading.text.startswith("（"):
            assert heading.lines[0].x == pytest.approx(look.LEFT - heading.lines[0].size / 2, abs=0.1)


# English


def test_english_lines_end_between_words_and_no_letters_are_drawn_apart():
    for paragraph in paragraphs(document("english").root):
        for (before, _place), (after, _next) in pairwise(lines_of(paragraph)):
            assert before[-1] in " -–—/→…·" or paragraph.kind == "LBody", (before, after)
    for page in document("english").pdf.pages:
        spacing = [float(operands[0]) for operands, name in pikepdf.parse_content_stream(page) if str(name) == "Tc"]
        assert not any(spacing)


def test_an_english_report_has_no_chinese_marks_or_words():
    text = document("english").root.text
    assert re.findall(r"[\u2e80-\u9fff\uff00-\uffef、。《》]", text) == []
    assert "1. One-page summary" in text
    alts = " ".join(figure.alt for figure in document("english").root.all("Figure"))
    assert re.findall(r"[\u2e80-\u9fff\uff00-\uffef、。《》]", alts) == []


def test_an_english_report_says_in_its_language_what_it_is():
    assert document("english").pdf.Root.Lang == "en"
    assert str(document("english").pdf.docinfo["/Title"]).startswith("Barcelona: gap report")


@pytest.mark.parametrize("check", ["fill", "heading", "rows"])
def test_english_pages_are_as_well_filled(check):
    tests = {
        "fill": test_a_page_is_well_filled_unless_a_chapter_ends_on_it,
        "heading": test_no_heading_stands_at_the_foot_of_a_page,
        "rows": test_no_table_leaves_a_single_row_on_its_last_page,
    }
    tests[check]("english")
