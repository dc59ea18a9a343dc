"""Open this for what stands around the chapters: cover, contents, headers and footers, the word for a draft."""

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from PIL import Image

from assessment.design import Mark
from assessment.reports import prose, words
from assessment.reports.charts.shapes import BAND, GREY
from assessment.reports.content.facts import Content
from assessment.reports.docx import marks
from assessment.reports.docx.body import Body, framed, shared
from assessment.reports.flow.blocks import Chapter, Heading

LOGO = (150.0, 46.0)  # the largest a logo may be, in points
LONGEST_NAME = 240
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
PAGE, PAGES = "\ue000", "\ue001"  # stand for the fields while the sentence is put together
TAB = "<w:r><w:tab/></w:r>"
# How Word draws a plain text as a shape (its type 136).
EQUATIONS = (
    "sum #0 0 10800",
    "prod #0 2 1",
    "sum 21600 0 @1",
    "sum 0 0 @2",
    "sum 21600 0 @3",
    "if @0 @3 0",
    "if @0 21600 @1",
    "if @0 0 @2",
    "if @0 @4 21600",
    "mid @5 @6",
    "mid @8 @5",
    "mid @7 @8",
    "mid @6 @7",
    "sum @6 0 @5",
)
PALE = "#eef1f4"


def state(content: Content) -> str:
    return _("Draft") if content.draft else _("Final")


# Cover


def cover(body: Body, content: Content, kind: str) -> None:
    facts, design = content.cover, content.design
    if design.city.organisation or design.city.logo:
        body.parts.append(_mark(body, design.city))
    lead = '<w:spacing w:before="1500" w:after="120"/>' if body.parts else ""
    body.parts.append(marks.paragraph("Title", marks.run(facts.city[:80]), lead))
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
        marks.row(_cell(name, widths[0], GREY) + marks.cell(marks.paragraph("Cell", marks.run(value)), widths[1]))
        for name, value in pairs
    )
    return framed("ReportTable", widths, rows, called)


def _cell(text: str, width: int, ink: str) -> str:
    return marks.cell(marks.paragraph("Cell", marks.run(text, marks.colour(ink))), width, marks.shade(BAND))


def _approvals(content: Content) -> str:
    """Who prepared, checked and approved it; what is empty is signed by hand."""
    widths = shared((1, 1, 1))
    deep = marks.shade(content.design.deep)
    titles = (_("Step"), pgettext("of a person", "Name"), _("Day"))
    heads = (
        marks.cell(marks.paragraph("CellHead", marks.run(t)), w, deep) for t, w in zip(titles, widths, strict=True)
    )
    rows = marks.row("".join(heads), head=True)
    for line in content.design.approvals:
        given = (line.role, line.name, words.day(line.on))
        told = (marks.cell(marks.paragraph("Cell", marks.run(t)), w) for t, w in zip(given, widths, strict=True))
        rows += marks.row("".join(told))
    return framed("ReportTable", widths, rows, _("Approval"), first_row=True)


def _mark(body: Body, mark: Mark, before: str = "", style: str = "CoverLine") -> str:
    """An organisation's logo and name in a line."""
    inner = ""
    if mark.logo:
        alt = _("Logo of %(organisation)s") % {"organisation": mark.organisation} if mark.organisation else _("Logo")
        with Image.open(BytesIO(mark.logo)) as picture:
            scale = min(LOGO[0] / picture.width, LOGO[1] / picture.height)
            size = picture.width * scale, picture.height * scale
        inner = body.logo(mark.logo, size, alt)
    text = "　".join(filter(None, (before if mark.organisation else "", mark.organisation)))
    return marks.paragraph(style, inner + marks.run(f"　{text}" if inner and text else text))


# Contents


def contents(body: Body, chapters: Iterable[Chapter]) -> None:
    """A field that the word processor is told to calculate on opening: page numbers come from its own pages.

    Its lines stand there before it does, for programs that don't, as links without numbers that might be wrong.
    """
    body.parts.append(marks.paragraph("TOCHeading", marks.run(_("Contents"))))
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    lines: list[str] = []
    for heading in _headings(chapters):
        name = marks.said(body.name(heading.key))
        inner = f'<w:hyperlink w:anchor="{name}" w:history="1">{marks.run(heading.text)}</w:hyperlink>'
        lines.append(marks.paragraph(f"TOC{heading.level}", (begin if not lines else "") + inner))
    end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    body.parts.append("".join(lines) + end)


def _headings(chapters: Iterable[Chapter]) -> Iterable[Heading]:
    for chapter in chapters:
        yield chapter.heading
        yield from (block for block in chapter.blocks if isinstance(block, Heading) and block.level == 2)


# Headers and footers


def page_setup(body: Body, content: Content, title: str) -> str:
    """The last of the body: paper, margins, and which headers and footers it has."""
    add = body.package.add
    kinds = [
        ("headerReference", "default", add("header1", _part("hdr", _header(content, title) + _watermark(content)))),
        ("headerReference", "first", add("header2", _part("hdr", _cover_header(content) + _watermark(content)))),
        ("footerReference", "default", add("footer1", _part("ftr", _footer(content)))),
        ("footerReference", "first", add("footer2", _part("ftr", _cover_footer(body, content)))),
    ]
    told = "".join(f'<w:{kind} w:type="{which}" r:id="{key}"/>' for kind, which, key in kinds)
    side, top, bottom = 1247, 1418, 1247  # 22 and 25 millimetres
    return (
        f'<w:sectPr>{told}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{top}" w:right="{side}" w:bottom="{bottom}"'
        f' w:left="{side}" w:header="794" w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )


def _part(kind: str, inner: str) -> str:
    return f"<w:{kind} {SPACES}>{inner}</w:{kind}>"


def _header(content: Content, title: str) -> str:
    right = "　".join(filter(None, (content.design.classification, state(content))))
    return marks.paragraph("Header", marks.run(title) + TAB + marks.run(right))


def _cover_header(content: Content) -> str:
    design = content.design
    number = _("No. %(number)s") % {"number": design.document_number} if design.document_number else ""
    said = marks.run("　".join(filter(None, (design.classification, number))))
    box = f'<w:bdr w:val="single" w:sz="8" w:space="0" w:color="{design.deep.lstrip("#")}"/>'
    mark = marks.run(f"  {state(content)}  ", f'<w:b/>{marks.colour(design.deep)}<w:sz w:val="22"/>{box}')
    tab = '<w:tabs><w:tab w:val="right" w:pos="9410"/></w:tabs>'
    return marks.paragraph("CoverLine", said + TAB + mark, tab)


def _footer(content: Content) -> str:
    sentence = _("Page %(page)s of %(pages)s") % {"page": PAGE, "pages": PAGES}
    told = ""
    for piece in _pieces(sentence):
        told += (
            marks.field({PAGE: "PAGE", PAGES: "NUMPAGES"}[piece], "1") if piece in (PAGE, PAGES) else marks.run(piece)
        )
    return marks.paragraph("Footer", marks.run(words.disclaimer()) + TAB + told)


def _pieces(sentence: str) -> list[str]:
    for mark in (PAGE, PAGES):
        sentence = sentence.replace(mark, f"\0{mark}\0")
    return [piece for piece in sentence.split("\0") if piece]


def _cover_footer(body: Body, content: Content) -> str:
    mark = content.design.consultant
    said = marks.paragraph("CoverFoot", marks.run(words.disclaimer()))
    return said + (_mark(body, mark, _("Prepared by")) if mark.organisation or mark.logo else "")


def _watermark(content: Content) -> str:
    """The word for a draft, slanted over the middle of the page, behind what stands there."""
    if not (content.draft and content.design.watermark):
        return ""
    formulas = "".join(f'<v:f eqn="{equation}"/>' for equation in EQUATIONS)
    shape = (
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        f' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>{formulas}</v:formulas>'
        '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        '<v:shape id="draft" type="#_x0000_t136" style="position:absolute;width:300pt;height:150pt;rotation:315;'
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        f'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="{PALE}" stroked="f">'
        f'<v:textpath style="font-family:黑体;font-size:1pt" string="{marks.said(_("Draft"))}"/></v:shape>'
    )
    return f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>"
