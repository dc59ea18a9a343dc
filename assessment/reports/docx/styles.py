"""Open this for how a Word file looks: fonts with their stand-ins, headings, tables, all as styles that one can change."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.styles.styles import Styles

from assessment.reports.charts.shapes import GREY, INK, LINE
from assessment.reports.docx.marks import elements

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# A Chinese font by the name that Word knows it by, and the names of others that may stand for it.
FONTS = {
    "宋体": "SimSun;Songti SC;STSong;Noto Serif CJK SC;Source Han Serif SC",
    "黑体": "SimHei;Heiti SC;STHeiti;Noto Sans CJK SC;Source Han Sans SC",
    "Times New Roman": "Liberation Serif;Noto Serif",
    "Arial": "Liberation Sans;Noto Sans",
}
SONG, HEI = ("Times New Roman", "宋体"), ("Arial", "黑体")
SIZE, INDENT = 10.5, 21  # points: of the text, and of two of its signs
MEASURE = Mm(166)
WHITE = "#ffffff"
# The styles of the library's template that are restyled, or that others rest on; all others go.
KEPT = {
    "Normal",
    "Default Paragraph Font",
    "Normal Table",
    "No List",
    "header",
    "footer",
    "caption",
    "Title",
    "Subtitle",
}
KEPT |= {"heading 1", "heading 2", "heading 3", "Body Text", "TOC Heading"}
AFTER_BORDER = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:textAlignment", "w:outlineLvl")


@dataclass(frozen=True)
class Look:
    """A paragraph's style. `size` and all distances in points.

    `line` is how far lines are apart, whatever font stands in for the one that is named; none for pictures. `stays`: on
    the page of what follows, `breaks`: on a new one. `indent` of the first line in points, negative for all others.
    `rule` is a border's side, width in eighths of a point and distance.
    """

    name: str
    size: float = SIZE
    hei: bool = False
    bold: bool = False
    colour: str = ""
    before: float = 0
    after: float = 0
    line: float = 0
    stays: bool = False
    breaks: bool = False
    align: WD_ALIGN_PARAGRAPH | None = None
    indent: float = 0
    left: float = 0
    rule: tuple[str, int, int] | None = None
    tab: WD_TAB_LEADER | None = None
    follows: str = ""


def style(document: Document, language: str, deep: str, accent: str) -> None:
    """The document's styles in these two colours."""
    is_chinese, styles = language == "zh-CN", document.styles
    _cleared(styles)
    styles.element.find(qn("w:docDefaults"))[:] = elements(_defaults("en-US" if is_chinese else language))
    normal = styles["Normal"]
    normal.element.get_or_add_pPr().extend(elements('<w:snapToGrid w:val="0"/>'))
    for look in _looks(deep, accent, INDENT if is_chinese else 0):
        made = _found(styles, look.name)
        made.base_style, made.quick_style = normal, True
        if look.follows:
            made.next_paragraph_style = styles[look.follows]
        _styled(made, look)
        _placed(made, look, accent)
    # In the outline, but not in the contents, which ask for the styles of headings themselves.
    styles["Small Heading"].base_style = styles["Heading 2"]
    # Centred in its line, where a logo stands beside it.
    styles["Cover Line"].element.pPr.extend(elements('<w:textAlignment w:val="center"/>'))
    styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True).font.color.rgb = _rgb(accent)
    for name, borders, pad in _tables(accent):
        table = styles.add_style(name, WD_STYLE_TYPE.TABLE)
        table.base_style = styles["Normal Table"]
        table.element.extend(elements(_table(borders, pad)))


def _cleared(styles: Styles) -> None:
    """Without the template's other styles, and without what it says of those that stay but their place in the outline."""
    for element in list(styles.element.iterchildren(qn("w:style"))):
        if element.name_val not in KEPT:
            styles.element.remove(element)
            continue
        for child in element.xpath(
            "w:link | w:rPr | w:semiHidden | w:unhideWhenUsed | w:pPr/*[not(self::w:outlineLvl)]"
        ):
            child.getparent().remove(child)


def _styled(made: ParagraphStyle, look: Look) -> None:
    font, way = made.font, made.paragraph_format
    if look.size != SIZE:
        font.size = Pt(look.size)
    if look.hei:
        font.name = HEI[0]
        made.element.rPr.rFonts.set(qn("w:eastAsia"), HEI[1])
    if look.bold:
        font.bold = True
    if look.colour:
        font.color.rgb = _rgb(look.colour)
    way.space_before, way.space_after = Pt(look.before), Pt(look.after)
    if look.line:
        way.line_spacing = Pt(look.line)  # exactly so


def _placed(made: ParagraphStyle, look: Look, accent: str) -> None:
    way = made.paragraph_format
    if look.stays:
        way.keep_with_next = True
    if look.breaks:
        way.page_break_before = True
    if look.align is not None:
        way.alignment = look.align
    if look.left:
        way.left_indent = Pt(look.left)
    if look.indent:
        way.first_line_indent = Pt(look.indent)
    if look.indent > 0:  # in signs, so that it grows with the font
        made.element.pPr.ind.set(qn("w:firstLineChars"), "200")
    if look.tab is not None:
        way.tab_stops.add_tab_stop(MEASURE, WD_TAB_ALIGNMENT.RIGHT, look.tab)
    if look.rule:
        side, width, space = look.rule
        border = f'<w:pBdr><w:{side} w:val="single" w:sz="{width}" w:space="{space}" w:color="{accent[1:]}"/></w:pBdr>'
        made.element.pPr.insert_element_before(elements(border)[0], *AFTER_BORDER)


def _found(styles: Styles, name: str) -> ParagraphStyle:
    """The template's, else a new one; names without a capital are Word's own."""
    return styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.islower())


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _defaults(language: str) -> str:
    latin, chinese = SONG
    fonts = f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{chinese}" w:cs="{latin}"/>'
    told = f'{fonts}<w:color w:val="{INK[1:]}"/><w:sz w:val="{SIZE * 2:g}"/><w:lang w:val="{language}" w:eastAsia="zh-CN"/>'
    return f"<w:rPrDefault><w:rPr>{told}</w:rPr></w:rPrDefault><w:pPrDefault/>"


def _looks(deep: str, accent: str, indent: float) -> list[Look]:
    justified, centred = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.CENTER
    dots, blank = WD_TAB_LEADER.DOTS, WD_TAB_LEADER.SPACES
    head = partial(Look, hei=True, bold=True, colour=deep, stays=True, follows="Body Text")
    text = partial(Look, after=3, line=17, align=justified, indent=indent)
    item = partial(Look, after=2, line=17, align=justified, left=INDENT, indent=-INDENT)
    return [
        text("Body Text"),
        head("Heading 1", size=17, after=10, line=24, breaks=True, rule=("bottom", 8, 4)),
        head("Heading 2", size=14, before=16, after=6, line=20),
        head("Heading 3", size=11.5, before=10, after=3, line=17),
        head("Small Heading", size=11.5, before=6, after=3, line=16),
        head("TOC Heading", size=17, after=12, line=24, breaks=True, rule=("bottom", 8, 4)),
        Look("toc 1", 10.5, True, True, deep, 5.5, 1, 17, tab=dots),
        Look("toc 2", 10, before=0.5, after=0.5, line=14.5, left=INDENT, tab=dots),
        Look("Caption", 9, True, False, deep, 4, 4, 13, align=centred),
        Look("Picture", before=4, stays=True, align=centred),
        Look("Note", 9, colour=GREY, after=4, line=13.5),
        item("List Item"),
        Look("Table Banner", 9, before=2, after=2, line=14, stays=True),
        Look("Table Text", 9, before=1.5, after=1.5, line=13.1),
        Look("Table Head", 9, True, True, WHITE, 2, 2, 13.1, stays=True),
        Look("Table Text Dense", 7, line=8.5),
        Look("After Table", 4, after=2),
        Look("Figure Name", 9, colour=GREY, before=4, line=13, stays=True),
        Look("Figure Value", 19, True, True, deep, 1, 1, 23, stays=True),
        Look("Figure Note", 9, after=4, line=13),
        Look("Own Words By", 9, True, True, deep, 4, 3, 13.5, stays=True),
        text("Own Words"),
        item("Own Words Item"),
        item("Own Words Item Within", left=2 * INDENT),
        Look("Title", 26, True, True, deep, 180, 6, 36),
        Look("Subtitle", 19, True, True, deep, 0, 6, 28),
        Look("Cover Kind", 18, True, False, accent, 3, 24, 24, rule=("bottom", 18, 14)),
        Look("Cover Line", 11, True, True, after=2),
        Look("Header", 8.5, colour=GREY, line=13, rule=("bottom", 6, 5), tab=blank),
        Look("Footer", 8.5, colour=GREY, line=13, tab=blank),
        Look("Cover Foot", 11, True, True, deep, 6, 3, 17, rule=("top", 8, 8)),
    ]


def _tables(accent: str) -> Iterator[tuple[str, str, int]]:
    """Each table style's name, borders and distance of the text from its cell's sides, in twentieths of a point."""
    bar = _border("left", 24, accent)
    yield "Report Table", "".join(_border(side, 4) for side in ("top", "bottom", "insideH")), 85
    yield "Report Figures", bar, 120
    yield "Own Words Table", bar, 160
    every = ("top", "left", "bottom", "right", "insideH", "insideV")
    yield "Report Matrix", "".join(_border(side, 2) for side in every), 20


def _border(side: str, width: int, colour: str = LINE) -> str:
    return f'<w:{side} w:val="single" w:sz="{width}" w:space="0" w:color="{colour.lstrip("#")}"/>'


def _table(borders: str, pad: int) -> str:
    sides = "".join(f'<w:{side} w:w="{pad}" w:type="dxa"/>' for side in ("left", "right"))
    return f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr>"


def font_table() -> str:
    """Which fonts may stand for those named, so that a machine without them keeps the look."""
    told = "".join(f'<w:font w:name="{name}"><w:altName w:val="{others}"/></w:font>' for name, others in FONTS.items())
    return f'<w:fonts xmlns:w="{WORD}">{told}</w:fonts>'
