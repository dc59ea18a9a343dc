"""Open this for what stands before the chapters: the cover and the contents."""

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx.parts.story import StoryPart
from PIL import Image

from assessment.design import Mark
from assessment.reports import prose, words
from assessment.reports.charts.shapes import BAND, GREY
from assessment.reports.content.facts import Content
from assessment.reports.docx import marks
from assessment.reports.docx.body import Body, framed
from assessment.reports.docx.columns import shared
from assessment.reports.flow.blocks import Chapter, Heading

LOGO = (150.0, 46.0)  # the largest a logo may be, in points
LONGEST_NAME = 240


# Cover


def cover(body: Body, content: Content, kind: str) -> None:
    facts, design = content.cover, content.design
    if design.city.organisation or design.city.logo:
        body.parts.append(marks.paragraph("CoverLine", mark(body, design.city, body.file.part)))
    lead = '<w:spacing w:before="1500" w:after="120"/>' if body.parts else ""
    body.parts.append(marks.paragraph("Title", marks.run(facts.city[:LONGEST_NAME]), lead))
    body.parts.append(marks.paragraph("Subtitle", marks.run(facts.framework[:LONGEST_NAME])))
    body.parts.append(marks.paragraph("CoverKind", marks.run(kind)))
    body.parts.append(_pairs(prose.cover_facts(content), _("What this report is about")))
    if design.approvals:
        body.parts.append(marks.paragraph("AfterTable", ""))
        body.parts.append(_approvals(content))
    body.parts.append(marks.paragraph("AfterTable", ""))


def _pairs(pairs: Iterable[tuple[str, str]], called: str) -> str:
    widths = shared((19, 81))
    rows = "".join(
        marks.row(_cell(name, widths[0], GREY) + marks.cell(marks.paragraph("TableText", marks.run(value)), widths[1]))
        for name, value in pairs
    )
    return framed("ReportTable", widths, rows, called)


def _cell(text: str, width: int, ink: str) -> str:
    return marks.cell(marks.paragraph("TableText", marks.run(text, marks.colour(ink))), width, marks.shade(BAND))


def _approvals(content: Content) -> str:
    """Who prepared, checked and approved it; what is empty is signed by hand."""
    widths = shared((1, 1, 1))
    deep = marks.shade(content.design.deep)
    titles = (_("Step"), pgettext("of a person", "Name"), _("Day"))
    heads = (
        marks.cell(marks.paragraph("TableHead", marks.run(t)), w, deep) for t, w in zip(titles, widths, strict=True)
    )
    rows = marks.row("".join(heads), head=True)
    for line in content.design.approvals:
        given = (line.role, line.name, words.day(line.on))
        told = (marks.cell(marks.paragraph("TableText", marks.run(t)), w) for t, w in zip(given, widths, strict=True))
        rows += marks.row("".join(told))
    return framed("ReportTable", widths, rows, _("Approval"), first_row=True)


def mark(body: Body, given: Mark, part: StoryPart, before: str = "") -> str:
    """An organisation's logo and name in a line of this part."""
    inner = ""
    if given.logo:
        alt = _("Logo of %(organisation)s") % {"organisation": given.organisation} if given.organisation else _("Logo")
        with Image.open(BytesIO(given.logo)) as picture:
            scale = min(LOGO[0] / picture.width, LOGO[1] / picture.height)
            size = picture.width * scale, picture.height * scale
        inner = body.logo(given.logo, size, alt, part)
    text = "　".join(filter(None, (before if given.organisation else "", given.organisation)))
    return inner + marks.run(f"　{text}" if inner and text else text)


# Contents


def contents(body: Body, chapters: Iterable[Chapter]) -> None:
    """A field that the word processor is told to calculate on opening: page numbers come from its own pages.

    Its lines stand there before it does, for programs that don't, as links without numbers that might be wrong. It asks
    for the styles of headings, not for levels of the outline, which small headings have too.
    """
    body.parts.append(marks.paragraph("TOCHeading", marks.run(_("Contents"))))
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines: list[str] = []
    for heading in _headings(chapters):
        name = marks.said(body.name(heading.key))
        inner = f'<w:hyperlink w:anchor="{name}" w:history="1">{marks.run(heading.text)}</w:hyperlink>'
        lines.append(marks.paragraph(f"toc{heading.level}", (begin if not lines else "") + inner))
    end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    body.parts.append("".join(lines) + end)


def _headings(chapters: Iterable[Chapter]) -> Iterable[Heading]:
    for chapter in chapters:
        yield chapter.heading
        yield from (block for block in chapter.blocks if isinstance(block, Heading) and block.is_listed)
