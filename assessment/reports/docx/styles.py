"""Open this for how a Word file looks: fonts with their stand-ins, headings, tables, all as styles that one can change."""

from dataclasses import dataclass

from assessment.reports.charts.shapes import GREY, INK, LINE

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# A Chinese font by the name that Word knows it by, and the names of others that may stand for it.
FONTS = {
    "宋体": "SimSun;Songti SC;STSong;Noto Serif CJK SC;Source Han Serif SC",
    "黑体": "SimHei;Heiti SC;STHeiti;Noto Sans CJK SC;Source Han Sans SC",
    "Times New Roman": "Liberation Serif;Noto Serif",
    "Arial": "Liberation Sans;Noto Sans",
}
SONG = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>'
HEI = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="黑体" w:cs="Arial"/>'


@dataclass(frozen=True)
class Style:
    """A paragraph's style: `size` in points, distances in twentieths of one.

    `line` is how far lines are apart, whatever font stands in for the one that is named; none for pictures.
    """

    name: str
    called: str
    size: float = 0
    hei: bool = False
    bold: bool = False
    colour: str = ""
    before: int = 0
    after: int = 0
    line: int = 0
    properties: str = ""
    based: str = "Normal"
    follows: str = ""

    def xml(self) -> str:
        spacing = f'<w:spacing w:before="{self.before}" w:after="{self.after}"'
        spacing += f' w:line="{self.line}" w:lineRule="exact"/>' if self.line else "/>"
        run = HEI if self.hei else ""
        run += "<w:b/>" if self.bold else ""
        run += f'<w:color w:val="{self.colour.lstrip("#")}"/>' if self.colour else ""
        run += f'<w:sz w:val="{self.size * 2:g}"/><w:szCs w:val="{self.size * 2:g}"/>' if self.size else ""
        following = f'<w:next w:val="{self.follows}"/>' if self.follows else ""
        head, _mark, tail = self.properties.partition("|")
        return (
            f'<w:style w:type="paragraph" w:styleId="{self.name}"><w:name w:val="{self.called}"/>'
            f'<w:basedOn w:val="{self.based}"/>{following}<w:qFormat/>'
            f"<w:pPr>{head}{spacing}{tail}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        )


def styles(language: str, deep: str, accent: str) -> str:
    chinese = language == "zh-CN"
    indent = '<w:ind w:firstLineChars="200" w:firstLine="420"/>' if chinese else ""
    lang = f'<w:lang w:val="{"en-US" if chinese else language}" w:eastAsia="zh-CN"/>'
    made = "".join(style.xml() for style in _paragraphs(deep, accent, indent))
    return (
        f'<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>{SONG}<w:color w:val="{INK[1:]}"/>'
        f'<w:sz w:val="21"/><w:szCs w:val="21"/>{lang}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:snapToGrid w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        f'{made}{_tables(deep, accent)}</w:styles>'
    )  # fmt: skip


def _paragraphs(deep: str, accent: str, indent: str) -> list[Style]:
    """The order of a paragraph's properties is the format's: what comes before the spacing, a bar, what comes after."""
    line = accent.lstrip("#")
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="{line}"/></w:pBdr>'
    keep, justified = "<w:keepNext/><w:keepLines/>", '<w:jc w:val="both"/>'
    hanging = '<w:ind w:left="420" w:hanging="420"/>'
    centred = '<w:jc w:val="center"/>'
    dots = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9410"/></w:tabs>'
    return [
        Style("BodyText", "Body Text", after=60, properties=f"|{indent}{justified}", line=340),
        Style("Heading1", "heading 1", 17, True, True, deep, 0, 240, properties=f'{keep}<w:pageBreakBefore/>{rule}|<w:outlineLvl w:val="0"/>', follows="BodyText", line=480),
        Style("Heading2", "heading 2", 14, True, True, deep, 320, 120, properties=f'{keep}|<w:outlineLvl w:val="1"/>', follows="BodyText", line=400),
        Style("Heading3", "heading 3", 11.5, True, True, deep, 200, 60, properties=f'{keep}|<w:outlineLvl w:val="2"/>', follows="BodyText", line=340),
        Style("TOCHeading", "TOC Heading", 17, True, True, deep, 0, 240, properties=f"{keep}<w:pageBreakBefore/>{rule}", line=480),
        Style("TOC1", "toc 1", 10.5, True, True, deep, 110, 20, properties=dots, line=340),
        Style("TOC2", "toc 2", 10, before=10, after=10, properties=f'{dots}|<w:ind w:left="420"/>', line=290),
        Style("Caption", "caption", 9, True, False, deep, 80, 80, properties=f"|{centred}", line=260),
        Style("Picture", "Picture", before=80, properties=f"<w:keepNext/>|{centred}"),
        Style("Note", "Note", 9, colour=GREY, after=80, line=270),
        Style("ListItem", "List Item", after=40, properties=f"|{hanging}{justified}", line=340),
        Style("GapFacts", "Gap Facts", 9, after=100, properties=keep, line=280),
        Style("Cell", "Table Text", 9, before=30, after=30, line=262),
        Style("CellHead", "Table Head", 9, True, True, "#ffffff", 40, 40, properties="<w:keepNext/>", line=262),
        Style("CellDense", "Table Text Dense", 7, line=170),
        Style("AfterTable", "After Table", 5, after=60),
        Style("BoxName", "Figure Name", 9, colour=GREY, before=80, properties="<w:keepNext/>", line=260),
        Style("BoxValue", "Figure Value", 19, True, True, deep, 20, 20, properties="<w:keepNext/>", line=460),
        Style("BoxNote", "Figure Note", 9, after=80, line=260),
        Style("OwnBy", "Own Words By", 9, True, True, deep, 80, 60, properties="<w:keepNext/>", line=270),
        Style("Own", "Own Words", after=60, properties=f"|{indent}{justified}", line=340),
        Style("OwnItem", "Own Words Item", after=40, properties=f"|{hanging}{justified}", line=340),
        Style("Title", "Title", 26, True, True, deep, 3600, 120, line=720),
        Style("Subtitle", "Subtitle", 19, True, True, deep, 0, 120, line=560),
        Style("CoverKind", "Cover Kind", 18, True, False, accent, 60, 480, properties=f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="14" w:color="{line}"/></w:pBdr>', line=480),
        Style("CoverLine", "Cover Line", 11, True, True, after=40, properties='|<w:textAlignment w:val="center"/>'),
        Style("Header", "header", 8.5, colour=GREY, properties=f'<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="5" w:color="{line}"/></w:pBdr><w:tabs><w:tab w:val="right" w:pos="9410"/></w:tabs>', line=260),
        Style("Footer", "footer", 8.5, colour=GREY, properties='<w:tabs><w:tab w:val="right" w:pos="9410"/></w:tabs>', line=260),
        Style("CoverFoot", "Cover Foot", 11, True, True, deep, 120, 60, properties=f'<w:pBdr><w:top w:val="single" w:sz="8" w:space="8" w:color="{line}"/></w:pBdr>', line=340),
    ]  # fmt: skip


def _tables(deep: str, accent: str) -> str:
    line, bar = LINE.lstrip("#"), accent.lstrip("#")
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{line}"/>' for side in ("top", "bottom", "insideH")
    )
    thin = f'<w:left w:val="single" w:sz="24" w:space="0" w:color="{bar}"/>'
    every = "".join(
        f'<w:{side} w:val="single" w:sz="2" w:space="0" w:color="{line}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return "".join((
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>',
        _table("ReportTable", "Report Table", rules, 85),
        _table("BoxTable", "Report Figures", thin, 120),
        _table("OwnTable", "Own Words Table", thin, 160),
        _table("DenseTable", "Report Matrix", every, 20),
        f'<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="{bar}"/>'
        "</w:rPr></w:style>",
    ))  # fmt: skip


def _table(name: str, called: str, borders: str, pad: int) -> str:
    return (
        f'<w:style w:type="table" w:styleId="{name}"><w:name w:val="{called}"/><w:basedOn w:val="TableNormal"/>'
        f'<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar><w:left w:w="{pad}" w:type="dxa"/>'
        f'<w:right w:w="{pad}" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )


def font_table() -> str:
    """Which fonts may stand for those named, so that a machine without them keeps the look."""
    told = "".join(f'<w:font w:name="{name}"><w:altName w:val="{others}"/></w:font>' for name, others in FONTS.items())
    return f'<w:fonts xmlns:w="{WORD}">{told}</w:fonts>'


def settings() -> str:
    """The contents' page numbers are calculated on opening (they are marked in the body); Chinese punctuation hangs not."""
    return (
        f'<w:settings xmlns:w="{WORD}"><w:zoom w:percent="100"/><w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )
