"""The two briefs say what the report says, on one page and on six."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from assessment.reports import words
from assessment.reports.content import build
from assessment.reports.pdf import brief, slides
from tests.reports import sample, structure

KINDS = ["full", "partial", "hostile", "empty", "lowest", "highest", "capped"]


def read(data):
    return PdfReader(BytesIO(data))


def text_of(data):
    return "".join("".join(page.extract_text() for page in read(data).pages).split())


@pytest.mark.parametrize("kind", KINDS)
def test_the_brief_is_one_page_and_the_meeting_has_six(kind):
    content = sample.content(kind)
    assert len(read(brief.render(content)).pages) == 1
    pages = read(slides.render(content)).pages
    assert len(pages) == 6
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {(960, 540)}


@pytest.mark.parametrize("form", [brief, slides])
def test_it_names_level_dimensions_and_the_three_gaps_to_close_first(form):
    content = sample.content()
    said = text_of(form.render(content))
    assert words.points(content.summary.overall.score) in said
    assert content.level_name(content.summary.overall.level) in said
    for section in content.sections:
        assert f"{section.code}{section.name}" in said
    for gap in content.improvements[:3]:
        assert f"{gap.code}{gap.title}" in said
    assert content.improvements[3].title not in said
    assert words.disclaimer() in said


@pytest.mark.parametrize("form", [brief, slides])
def test_nothing_answered_is_said_to_be_so(form):
    assert "尚未作答" in text_of(form.render(sample.content("empty")))


@pytest.mark.parametrize("form", [brief, slides])
def test_the_same_content_gives_the_same_bytes(form):
    assert form.render(sample.content()) == form.render(sample.content())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_runs_into_the_foot_of_a_page(language):
    content = build(sample.framework(), sample.assessment(), language=language, remarks=sample.remarks())
    assert len(read(brief.render(content)).pages) == 1
    pages = structure.read(slides.render(content)).shown
    assert len(pages) == 6
    said = [shown for page in pages[1:] for shown in page if shown.number is not None]
    assert min(shown.y for shown in said) > slides.SCREEN.bottom - 10
