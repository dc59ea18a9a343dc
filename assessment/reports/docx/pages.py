"""Open this for what each page of the Word file bears: paper, margins, headers and footers, the word for a draft."""

from django.utils.translation import gettext as _
from docx.blkcntnr import BlockItemContainer
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from assessment.reports import words
from assessment.reports.content.facts import Content
from assessment.reports.docx import frame, marks
from assessment.reports.docx.body import Body
from assessment.reports.docx.styles import MEASURE
from assessment.reports.plain import readable
from assessment.reports.typeset import cut

WIDTH, HEIGHT = Mm(210), Mm(297)
RUNNING = 120  # characters of the title that each page bears
PAGE, PAGES = "\ue000", "\ue001"  # stand for the fields while the sentence is put together
FIELDS = {PAGE: "PAGE", PAGES: "NUMPAGES"}
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


def set_up(body: Body, content: Content, title: str) -> None:
    """Of the only section; the cover's page has a header and a footer of its own."""
    section = body.file.document.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.header_distance, section.footer_distance = Mm(14), Mm(10)
    section.different_first_page_header_footer = True
    _header(section, content, title)
    _footer(section)
    _cover_header(section, content)
    _cover_footer(section, body, content)


def _header(section: Section, content: Content, title: str) -> None:
    right = "　".join(filter(None, (content.design.classification, _state(content))))
    running = title if len(title) <= RUNNING else cut(title, RUNNING)
    _first(section.header, "Header").add_run(readable(f"{running.replace('\t', ' ')}\t{right}"))
    _watermark(section.header, content)


def _footer(section: Section) -> None:
    paragraph = _first(section.footer, "Footer")
    paragraph.add_run(f"{words.disclaimer()}\t")
    for piece in _pieces(_("Page %(page)s of %(pages)s") % {"page": PAGE, "pages": PAGES}):
        paragraph._p.extend(marks.elements(marks.field(FIELDS[piece], "1") if piece in FIELDS else marks.run(piece)))


def _cover_header(section: Section, content: Content) -> None:
    design = content.design
    number = _("No. %(number)s") % {"number": design.document_number} if design.document_number else ""
    paragraph = _first(section.first_page_header, "Cover Line")
    paragraph.paragraph_format.tab_stops.add_tab_stop(MEASURE, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(readable("　".join(filter(None, (design.classification, number))) + "\t"))
    box = f'<w:bdr w:val="single" w:sz="8" w:space="0" w:color="{design.deep.lstrip("#")}"/>'
    look = f'<w:b/>{marks.colour(design.deep)}<w:sz w:val="22"/>{box}'
    paragraph._p.extend(marks.elements(marks.run(f"  {_state(content)}  ", look)))
    _watermark(section.first_page_header, content)


def _cover_footer(section: Section, body: Body, content: Content) -> None:
    mark, footer = content.design.consultant, section.first_page_footer
    _first(footer, "Cover Foot").add_run(words.disclaimer())
    if mark.organisation or mark.logo:
        line = footer.add_paragraph(style="Cover Line")
        line._p.extend(marks.elements(frame.mark(body, mark, footer.part, _("Prepared by"))))


def _first(story: BlockItemContainer, style: str) -> Paragraph:
    paragraph = story.paragraphs[0]
    paragraph.style = style
    return paragraph


def _state(content: Content) -> str:
    return _("Draft") if content.draft else _("Final")


def _pieces(sentence: str) -> list[str]:
    for mark in FIELDS:
        sentence = sentence.replace(mark, f"\0{mark}\0")
    return [piece for piece in sentence.split("\0") if piece]


def _watermark(story: BlockItemContainer, content: Content) -> None:
    """The word for a draft, slanted over the middle of the page, behind what stands there."""
    if not (content.draft and content.design.watermark):
        return
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
    story.add_paragraph()._p.extend(marks.elements(f"<w:r><w:pict>{shape}</w:pict></w:r>"))
