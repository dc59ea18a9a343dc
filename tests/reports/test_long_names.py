"""Names as long as they may be: what has a fixed number of pages keeps it, and nothing leaves its page or lies on another."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from docx import Document
from pypdf import PdfReader

from assessment.design import Approval
from assessment.outline import City, Text
from assessment.reports import fonts, pdf
from assessment.reports.content import build
from assessment.reports.docx.pages import RUNNING
from assessment.reports.making import make
from assessment.reports.pdf import brief, slides
from assessment.reports.typeset import Setter, Style
from tests.factories import make_assessment, make_balance, make_criteria, make_framework, make_lens
from tests.reports import sample, structure
from tests.reports.paper import pages_of

WORDS = {
    "zh-hans": ("城市全域数字化转型与数据要素市场化配置改革协同推进评价" * 9)[:200],
    "en": ("Integrated urban digital transformation and data governance " * 4)[:200].strip(),
    "one word": ("Donaudampfschifffahrtsgesellschaftskapitaen" * 5)[:200],
}
FIELDS = ["city", "organisation", "lines", "framework", "round", "lens", "dimension", "side", "criterion", "pole"]
FIELDS += ["level", "owner", "source", "all"]


def language_of(kind):
    return "zh-hans" if kind == "zh-hans" else "en"


def named(framework, field, words):
    """The framework with one kind of name, or all, as long as they may be."""
    long = Text({"zh-hans": words, "en": words})

    def new(one, *fields, when=""):
        return replace(one, **dict.fromkeys(fields, long)) if field in (when, "all") else one

    def side(facet):
        criteria = tuple(new(criterion, "title", when="criterion") for criterion in facet.criteria)
        return new(replace(facet, criteria=criteria), "name", when="side")

    def dimension(one):
        one = new(replace(one, facets=tuple(map(side, one.facets))), "name", when="dimension")
        return new(one, "start", "end", when="pole") if one.kind == "transition" else one

    def lens(one):
        return new(replace(one, dimensions=tuple(map(dimension, one.dimensions))), "name", when="lens")

    framework = replace(
        framework,
        lenses=tuple(map(lens, framework.lenses)),
        scale=tuple(new(step, "name", when="level") for step in framework.scale),
        targets=tuple(new(profile, "name", when="level") for profile in framework.targets),
        sources=tuple(new(source, "title", when="source") for source in framework.sources),
    )
    return new(framework, "name", when="framework")


def dressed(field, words):
    design = sample.design()
    if field in ("organisation", "all"):
        city, by = (replace(mark, organisation=words[:100]) for mark in (design.city, design.consultant))
        design = replace(design, city=city, consultant=by)
    if field in ("lines", "all"):
        design = replace(design, classification=words[:40], document_number=words[:60])
    return replace(design, approvals=(Approval(words[:20], words[:40]),) * 6) if field == "all" else design


@cache
def content(field, kind):
    words, answers, said = WORDS[kind], sample.assessment(), sample.remarks()
    if field in ("city", "all"):
        answers = replace(answers, city=City("330100", words[:100]))
    if field in ("round", "all"):
        answers = replace(answers, round=words, title=words)
    if field in ("owner", "all"):
        said = replace(said, improvements=tuple(replace(one, owner=words[:100]) for one in said.improvements))
    framework, design = named(sample.framework(), field, words), dressed(field, words)
    return build(framework, answers, language=language_of(kind), remarks=said, design=design)


def boxes(page, setter):
    """Each line of a page, watermark aside, and the rectangle that its letters fill."""
    for line in page:
        if line.text.strip() and line.size < 100:
            right = line.x + setter.width(line.text, Style(line.size))
            yield line.text, (line.x, line.y - 0.12 * line.size, right, line.y + 0.72 * line.size)


def apart(one, other):
    return min(one[2], other[2]) - max(one[0], other[0]) < 1.5 or min(one[3], other[3]) - max(one[1], other[1]) < 1.5


def faults(data, language):
    """What stands nearer than 5 points to its page's edge, and what lies on something else."""
    document = structure.read(data)
    setter = Setter(fonts.load(Path(settings.FONT_CACHE)), latin=language != "zh-hans")
    for page, shown in zip(document.pdf.pages, document.shown, strict=True):
        width, height = (float(side) for side in page.MediaBox[2:])
        placed = list(boxes(shown, setter))
        for text, (left, bottom, right, top) in placed:
            if left < 5 or bottom < 5 or right > width - 5 or top > height - 5:
                yield text
        for (text, one), (under, other) in combinations(placed, 2):
            if not apart(one, other):
                yield f"{text} / {under}"


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("field", FIELDS)
def test_the_brief_stays_one_page_and_the_meeting_six(field, kind):
    given = content(field, kind)
    for form, pages in ((brief, 1), (slides, 6)):
        data = form.render(given)
        assert len(PdfReader(BytesIO(data)).pages) == pages
        assert list(faults(data, given.language)) == []


@pytest.mark.parametrize("kind", WORDS)
def test_nothing_of_the_meeting_runs_into_the_foot(kind):
    pages = structure.read(slides.render(content("all", kind))).shown
    assert min(shown.y for page in pages[1:] for shown in page if shown.number is not None) > slides.SCREEN.bottom - 10


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("count", [14, 30])
def test_so_it_is_with_many_dimensions(count, kind):
    balances = (
        make_balance(f"P{n}", make_criteria(f"P{n}.A1"), make_criteria(f"P{n}.B1")) for n in range(1, count + 1)
    )
    framework = named(make_framework(make_lens("P", *balances)), "all", WORDS[kind])
    answers = make_assessment(dict.fromkeys(framework.criteria, 1), framework=framework.code)
    given = build(framework, answers, language=language_of(kind), design=dressed("all", WORDS[kind]))
    for form, pages in ((brief, 1), (slides, 6)):
        data = form.render(given)
        assert len(PdfReader(BytesIO(data)).pages) == pages
        assert list(faults(data, given.language)) == []


def plain(text):
    return "".join(text.split())


@pytest.mark.parametrize("form", [brief, slides])
def test_a_long_city_is_set_smaller_before_it_is_cut(form):
    city = "内蒙古自治区锡林郭勒盟锡林浩特示范市"
    given = build(sample.framework(), replace(sample.assessment(), city=City("152502", city)))
    assert city in pages_of(form.render(given))[0]


def test_a_long_framework_leaves_room_for_the_round_in_the_brief():
    assert "2026轮次简报" in pages_of(brief.render(content("framework", "zh-hans")))[0]


def test_a_count_below_a_figure_is_never_cut():
    given = build(sample.framework(), sample.assessment(), language="en")
    assert "60of60applicableanswered" in pages_of(brief.render(given))[0]


# The gap report


@pytest.mark.parametrize("kind", WORDS)
def test_the_report_s_cover_is_one_page_on_which_nothing_lies_on_another(kind):
    words = WORDS[kind]
    given = build(sample.framework(), sample.assessment(), language=language_of(kind), design=dressed("all", words))
    about = dict.fromkeys(("framework", "round", "title", "target"), words) | {"city": words[:100]}
    data = pdf.render(replace(given, cover=replace(given.cover, **about)))
    cover, contents = pages_of(data)[:2]
    assert plain(WORDS[kind]) in cover
    assert ("目录" if kind == "zh-hans" else "Contents") in contents
    document = structure.read(data)
    setter = Setter(fonts.load(Path(settings.FONT_CACHE)), latin=kind != "zh-hans")
    placed = list(boxes(document.shown[0], setter))
    assert [(one[0], other[0]) for one, other in combinations(placed, 2) if not apart(one[1], other[1])] == []


def test_a_long_city_stands_whole_on_the_cover_and_in_the_file_s_title():
    data = pdf.render(content("city", "zh-hans"))
    city = WORDS["zh-hans"][:100]
    assert pages_of(data)[0].count(city) == 2
    assert PdfReader(BytesIO(data)).metadata.title == f"{city}差距报告（城市全域数字化转型成熟度自评框架）"


def test_every_header_says_whether_it_is_a_draft_however_long_the_title():
    pages = structure.read(pdf.render(content("city", "zh-hans"))).shown[1:]
    headers = [max(page, key=lambda line: (line.y, -line.x)) for page in pages]
    assert all(header.text.endswith("… · 草稿") for header in headers)


def test_the_word_file_has_the_whole_name_on_its_cover_and_a_short_title_on_each_page():
    given = content("all", "zh-hans")
    document = Document(BytesIO(make(given, "docx")))
    with translation.override("zh-hans"):
        header = document.sections[0].header.paragraphs[0].text
    assert given.cover.city in [paragraph.text for paragraph in document.paragraphs]
    assert len(header.partition("\t")[0]) <= RUNNING + 1
