"""Open this for how the report's blocks become a Word file's body: paragraphs, tables, pictures, bookmarks, links."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from itertools import zip_longest
from pathlib import Path

from django.utils.translation import gettext as _
from docx.parts.story import StoryPart

from assessment.design import Design
from assessment.reports import lettering
from assessment.reports.charts.shapes import BAND, Figure, fitted, text_width
from assessment.reports.docx import marks
from assessment.reports.docx.columns import MEASURE, POINT, shared, wide_enough
from assessment.reports.docx.file import File
from assessment.reports.flow.blocks import (
    Block,
    Boxes,
    Cell,
    Chapter,
    Heading,
    Own,
    Para,
    Picture,
    Row,
    Rungs,
    Span,
    Table,
    Tone,
)

EMU = 12700  # to a point
LONGEST_NAME = 40  # of a bookmark
MOST_BOXES = 5
STAYS = "<w:keepNext/>"
GOES_ON = '<w:pageBreakBefore w:val="0"/><w:spacing w:before="480"/>'  # a chapter below the end of the one before
ABOVE = f'{STAYS}<w:spacing w:before="200" w:after="80"/>'  # a caption over its table
UPRIGHT = (80, 170)  # points: the least and the most that upright heads are tall
UPRIGHT_SIZE, UPRIGHT_PAD = 7, 6
LONG_WORD = re.compile(r"[!-~]{30}")  # a hash, an address: a line before it would be torn apart
WITHIN = ("", '<w:ind w:left="240"/>')  # of an item in a cell, by its depth
ALIGN = {"left": "", "centre": '<w:jc w:val="center"/>', "right": '<w:jc w:val="right"/>'}
RAGGED = '<w:jc w:val="left"/>'


@dataclass
class Body:
    """The body while it is written. `places` are the bookmarks by key; `counts` of figures and tables so far."""

    file: File
    design: Design
    fonts: Path
    parts: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    drawn: dict[str, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def looks(self) -> dict[Tone, str]:
        return marks.looks(self.design.deep, self.design.accent)

    def chapter(self, chapter: Chapter) -> None:
        self.heading(chapter.heading, "" if chapter.turns else GOES_ON)
        for block, following in zip_longest(chapter.blocks, chapter.blocks[1:]):
            self.block(block, stays=isinstance(following, Picture | Table))

    def block(self, block: Block, *, stays: bool) -> None:
        """`stays`: a paragraph that leads to what follows it is on the same page."""
        match block:
            case Heading():
                self.heading(block)
            case Para():
                self.parts.append(self.paragraph(block, _style(block), STAYS if stays else ""))
            case Table():
                self.table(block)
            case Picture():
                self.picture(block)
            case Boxes():
                self.boxes(block)
            case Own():
                self.own(block)

    # Places and links

    def name(self, key: str) -> str:
        """The bookmark of a key: its letters and digits, unlike all others."""
        if key not in self.places:
            plain = re.sub(r"\W", "_", key)[: LONGEST_NAME - 6]
            number, name = 1, f"_{plain}"
            while name in self.places.values():
                number += 1
                name = f"_{plain}_{number}"
            self.places[key] = name
        return self.places[key]

    def marked(self, key: str, inner: str) -> str:
        """What stands at the place of this key; the first one counts."""
        if not key or key in self.placed:
            return inner
        self.placed.add(key)
        number = len(self.placed)
        name = marks.said(self.name(key))
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'

    def spans(self, spans: Iterable[Span | Rungs]) -> str:
        return "".join(map(self.span, spans))

    def span(self, span: Span | Rungs) -> str:
        if isinstance(span, Rungs):
            return marks.rungs(span)
        look = self.looks[span.tone]
        text = marks.JOINER.join(span.text) if span.whole and not span.text.isascii() else span.text
        inner = marks.run(marks.JOINER + text, look + marks.RAISED) if span.raised else marks.run(text, look)
        if span.to:
            return f'<w:hyperlink w:anchor="{marks.said(self.name(span.to))}" w:history="1">{inner}</w:hyperlink>'
        if span.href:
            return f'<w:hyperlink r:id="{self.file.link(span.href)}" w:history="1">{inner}</w:hyperlink>'
        return inner

    # Blocks

    def heading(self, heading: Heading, properties: str = "") -> None:
        inner = self.marked(heading.key, marks.run(heading.text))
        style = "SmallHeading" if heading.small else f"Heading{heading.level}"
        self.parts.append(marks.paragraph(style, inner, properties))

    def paragraph(self, para: Para, style: str, properties: str = "") -> str:
        mark = {"bullet": "•\t", "numbered": f"{para.number}.\t"}.get(para.item, "")
        head = "<w:r><w:t>" + mark.replace("\t", "</w:t><w:tab/></w:r>") if mark else ""
        properties += RAGGED if LONG_WORD.search(_text(para)) else ""
        return marks.paragraph(style, head + self.spans(para.spans), properties)

    def caption(self, label: str, text: str, properties: str = "") -> str:
        """Numbered by a field, so that it stays right when somebody adds one."""
        number = self.counts[label] = self.counts.get(label, 0) + 1
        count = marks.field(f"SEQ {label} \\* ARABIC", str(number))
        return marks.paragraph("Caption", f"{marks.run(f'{label} ')}{count}{marks.run(f'　{text}')}", properties)

    def table(self, table: Table) -> None:
        if table.caption:
            self.parts.append(self.caption(_("Table"), table.caption, ABOVE))
        widths = wide_enough(table)
        head = self.head(table, widths) if table.heads else self.banner(table.banner, widths) if table.banner else ""
        kept = {0, len(table.rows) - 2}  # none of a table's rows stands alone on a page, the first or the last
        rows = "".join(self.row(row, widths, table, kept=number in kept) for number, row in enumerate(table.rows))
        look = "ReportMatrix" if table.dense else "ReportTable"
        self.parts.append(
            framed(look, widths, head + rows, table.caption or table.label, first_row=bool(head))
            + marks.paragraph("AfterTable", "")
        )

    def head(self, table: Table, widths: list[int]) -> str:
        if table.dense:
            return self.upright(table, widths)
        shade = marks.shade(self.design.deep)
        cells = (
            marks.cell(self.cell(cell, "TableHead"), w, shade) for cell, w in zip(table.heads, widths, strict=True)
        )
        return marks.row("".join(cells), head=True)

    def upright(self, table: Table, widths: list[int]) -> str:
        """Heads that are read from below, as tall as the longest of them; a longer one than there is room for is cut."""
        least, most = UPRIGHT
        longest = max(text_width(_text(head.paras[0]), UPRIGHT_SIZE) for head in table.heads[1:])
        tall = min(most, max(least, round(longest) + 2 * UPRIGHT_PAD))
        cells = []
        for number, (head, width) in enumerate(zip(table.heads, widths, strict=True)):
            turned = '<w:textDirection w:val="btLr"/>' if number else ""
            head = _cut(head, tall - UPRIGHT_PAD) if number else head
            cells.append(marks.cell(self.cell(head, "TableTextDense"), width, marks.shade(BAND) + turned))
        height = f'<w:trHeight w:val="{tall * POINT}" w:hRule="exact"/>'
        return f"<w:tr><w:trPr><w:cantSplit/>{height}<w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"

    def banner(self, banner: Cell, widths: list[int]) -> str:
        across = f'<w:gridSpan w:val="{len(widths)}"/>{marks.shade(BAND)}'
        return marks.row(marks.cell(self.cell(banner, "TableBanner"), sum(widths), across), head=True)

    def row(self, row: Row, widths: list[int], table: Table, *, kept: bool) -> str:
        fill = marks.shade(BAND) if row.shaded or row.own else ""
        if not table.heads and not row.shaded and len(row.cells) == 2:
            fills = [marks.shade(BAND), fill]
        else:
            fills = [fill] * len(row.cells)
        style = "TableTextDense" if table.dense else "TableText"
        cells = []
        for number, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
            inner = self.cell(cell, style, row.key if not number else "", STAYS if kept else "")
            cells.append(marks.cell(inner, width, fills[number]))
        return marks.row("".join(cells))

    def cell(self, cell: Cell, style: str, key: str = "", kept: str = "") -> str:
        made = []
        for number, para in enumerate(cell.paras):
            inner = self.spans(para.spans)
            if para.item:
                inner = marks.run("• " if para.item == "bullet" else f"{para.number}. ") + inner
            inner = self.marked(key, inner) if key and not number else inner
            made.append(marks.paragraph(style, inner, kept + WITHIN[para.depth] + ALIGN[cell.align]))
        return "".join(made)

    def boxes(self, boxes: Boxes) -> None:
        count = len(boxes.boxes)
        per_row = count if count <= MOST_BOXES else MOST_BOXES - 1
        widths = shared((1,) * per_row)
        rows = []
        for start in range(0, count, per_row):
            some = [*boxes.boxes[start : start + per_row]]
            some += [("", "", "")] * (per_row - len(some))
            rows.append(marks.row("".join(map(self.box, some, widths))))
        self.parts.append(
            framed("ReportFigures", widths, "".join(rows), _("Key figures")) + marks.paragraph("AfterTable", "")
        )

    @staticmethod
    def box(box: tuple[str, str, str], width: int) -> str:
        name, value, note = box
        inner = marks.paragraph("FigureName", marks.run(name)) + marks.paragraph("FigureValue", marks.run(value))
        return marks.cell(inner + marks.paragraph("FigureNote", marks.run(note)), width, marks.shade(BAND))

    def own(self, own: Own) -> None:
        """In a frame with a bar at its left, under whose words they are."""
        inner = marks.paragraph("OwnWordsBy", marks.run(own.by))
        inner += "".join(self.paragraph(para, _own_style(para)) for para in own.paras)
        cell = marks.cell(inner, MEASURE)
        row = f"<w:tr>{cell}</w:tr>"
        self.parts.append(framed("OwnWordsTable", [MEASURE], row, own.by) + marks.paragraph("AfterTable", ""))

    # Pictures

    def picture(self, picture: Picture) -> None:
        raster, vector = self.drawn.get(picture.name) or self._draw(picture)
        number = self.counts[""] = self.counts.get("", 0) + 1
        inline = _inline(picture.figure, number, raster, vector)
        self.parts.append(marks.paragraph("Picture", f"<w:r>{inline}</w:r>"))
        self.parts.append(self.caption(_("Figure"), picture.caption))

    def _draw(self, picture: Picture) -> tuple[str, str]:
        """Its colours mean something, so they stay, whatever the design's are."""
        raster, _facts = self.file.part.get_or_add_image(BytesIO(lettering.dots(picture.figure, self.fonts)))
        self.drawn[picture.name] = raster, self.file.drawing(lettering.drawing(picture.figure).encode())
        return self.drawn[picture.name]

    def logo(self, data: bytes, size: tuple[float, float], alt: str, part: StoryPart) -> str:
        """In the body or in a footer: `part` is where."""
        number = self.counts[""] = self.counts.get("", 0) + 1
        raster, _facts = part.get_or_add_image(BytesIO(data))
        return f"<w:r>{_inline(Figure(*size, (), alt), number, raster, '')}</w:r>"


def _style(para: Para) -> str:
    return "ListItem" if para.item else "Note" if para.small else "BodyText"


def _own_style(para: Para) -> str:
    return ("OwnWordsItem", "OwnWordsItemWithin")[para.depth] if para.item else "OwnWords"


def _text(para: Para) -> str:
    return "".join(span.text for span in para.spans if isinstance(span, Span))


def _cut(head: Cell, room: float) -> Cell:
    """A head of one line, its last piece cut where the line would be longer than the room."""
    (para,) = head.paras
    *first, last = (span for span in para.spans if isinstance(span, Span))
    left = room - text_width("".join(span.text for span in first), UPRIGHT_SIZE)
    last = last._replace(text=fitted(last.text, UPRIGHT_SIZE, left))
    return head._replace(paras=(para._replace(spans=(*first, last)),))


def framed(style: str, widths: list[int], rows: str, called: str, *, first_row: bool = False) -> str:
    look = f'<w:tblLook w:val="04A0" w:firstRow="{int(first_row)}" w:lastRow="0" w:firstColumn="1" w:noHBand="0"/>'
    name = f'<w:tblCaption w:val="{marks.said(called[:200])}"/>' if called else ""
    head = f'<w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    return f"<w:tbl><w:tblPr>{head}{look}{name}</w:tblPr>{marks.grid(widths)}{rows}</w:tbl>"


def _inline(figure: Figure, number: int, raster: str, vector: str) -> str:
    """A picture in the line: dots for old programs, the drawing itself for those that know it, both told in words."""
    width, height = round(figure.width * EMU), round(figure.height * EMU)
    told = marks.said(": ".join(filter(None, (figure.title, figure.description))))
    drawing = (
        '<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip'
        ' xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"'
        f' r:embed="{vector}"/></a:ext></a:extLst>'
        if vector
        else ""
    )
    return (
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="{number}" descr="{told}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{number}" descr="{told}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{raster}">{drawing}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
