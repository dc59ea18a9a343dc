"""The same report by ordinary platypus, as one would write it first: what our own typesetting is measured against.

Paragraph with mini-XML for every text, Table for every table, reportlab.graphics for every picture, multiBuild for the
contents and the number of pages. Same content, same pictures, same links.
"""

from collections.abc import Iterable, Sequence
from html import escape
from io import BytesIO
from pathlib import Path

from django.utils import translation
from reportlab.graphics import shapes as drawn
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    AnchorFlowable,
    BaseDocTemplate,
    Flowable,
    Frame,
    LongTable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus.tableofcontents import TableOfContents

from assessment.outline import Evidence
from assessment.reports import annex as told
from assessment.reports import charts, prose, words
from assessment.reports.charts.shapes import Circle, Figure, Label, Line, Polygon, Rect
from assessment.reports.content.facts import Answer, Cite, Content, GapItem, Reference, Section
from assessment.reports.flow.blocks import Heading, Para, Span, Table
from assessment.reports.flow.opening import method
from assessment.reports.fonts import WEIGHTS
from assessment.reports.linking import web_address
from assessment.reports.pdf import look

REGULAR, BOLD = WEIGHTS.values()
BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=9.5, leading=16, wordWrap="CJK")
CELL = ParagraphStyle("cell", parent=BODY, fontSize=8.2, leading=12.4)
STRONG = ParagraphStyle("strong", parent=CELL, fontName=BOLD, textColor=HexColor("#12355b"))
HEADINGS = {
    1: ParagraphStyle("h1", parent=BODY, fontName=BOLD, fontSize=17, leading=26, spaceBefore=22, spaceAfter=12),
    2: ParagraphStyle("h2", parent=BODY, fontName=BOLD, fontSize=12.5, leading=20, spaceBefore=18, spaceAfter=4),
}
LINES = [
    ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor("#d9e0e6")),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 5),
]
SHADED = [*LINES, ("BACKGROUND", (0, 0), (-1, 0), HexColor("#f5f7f9"))]


def register(folder: Path) -> None:
    for name in WEIGHTS.values():
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def render(content: Content) -> bytes:
    with translation.override(content.language):
        buffer = BytesIO()
        document = _Document(buffer, pagesize=A4, initialFontName=REGULAR, invariant=1)
        document.multiBuild(_story(content), canvasmaker=_NumberedCanvas)
        return buffer.getvalue()


class _NumberedCanvas(Canvas):
    """Keeps page states to print the number of pages: the usual recipe."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._kept: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self._kept, 1):
            self.__dict__.update(state)
            self.setFont(REGULAR, 7.6)
            self.drawRightString(
                look.LEFT + look.MEASURE, look.BOTTOM - 24, f"第 {number} 页 / 共 {len(self._kept)} 页"
            )
            self.drawString(look.LEFT, look.BOTTOM - 24, words.disclaimer())
            super().showPage()
        super().save()


class _Document(BaseDocTemplate):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        frame = Frame(look.LEFT, look.BOTTOM, look.MEASURE, look.ROOM, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate("page", [frame])])

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802
        level = {"h1": 0, "h2": 1}.get(getattr(getattr(flowable, "style", None), "name", ""))
        if level is not None:
            text = flowable.getPlainText()
            key = f"toc-{text}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(text, key, level)
            self.notify("TOCEntry", (level, escape(text), self.page, key))


def _story(content: Content) -> list[Flowable]:
    contents = TableOfContents(levelStyles=[BODY, CELL])
    story: list[Flowable] = [_text(content.cover.city, HEADINGS[1]), _text(words.disclaimer()), PageBreak(), contents]
    story += [PageBreak(), _text("一页摘要", HEADINGS[1]), *_summary(content)]
    story += [PageBreak(), _text("评估方法", HEADINGS[1]), *_method(content)]
    story += [PageBreak(), _text("总体结果", HEADINGS[1]), *_overall(content)]
    story += [PageBreak(), _text("分维度差距", HEADINGS[1])]
    for section in content.sections:
        story += _section(content, section)
    story += [PageBreak(), _text("优先改进清单", HEADINGS[1]), *_improvements(content)]
    story += [PageBreak(), _text("质量附录", HEADINGS[1]), *_annex(content)]
    story += [PageBreak(), _text("依据", HEADINGS[1]), *_references(content)]
    story += [PageBreak(), _text("附录", HEADINGS[1]), *_answers(content), *_matrix(content), *_about(content)]
    return story


def _text(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    return Paragraph(escape(text), style)


def _marked(markup: str, style: ParagraphStyle = CELL) -> Paragraph:
    return Paragraph(markup, style)


def _link(key: str, text: str) -> str:
    return f'<a href="#{key}" color="#1b7f8c">{escape(text)}</a>'


def _numbers(cites: Iterable[Cite]) -> str:
    return " ".join(_link(f"ref-{cite.number}", f"[{cite.number}]") for cite in cites) or words.NOTHING


def _table(rows: Sequence[Sequence[object]], widths: Sequence[float], repeat: int = 1) -> LongTable:
    return LongTable(rows, colWidths=widths, repeatRows=repeat, style=SHADED if repeat else LINES)


def _level(level: int | None) -> str:
    return words.NOTHING if level is None else str(level)


def _summary(content: Content) -> list[Flowable]:
    s = content.summary
    rows = [[_text(lens.name, STRONG), _text(words.points(lens.standing.score), CELL)] for lens in s.lenses]
    rows += [[_text(item.name, STRONG), _text(words.points(item.score), CELL)] for item in s.strengths]
    rows += [[_text(gap.title, STRONG), _marked(escape(gap.actions[0].text) + _numbers(gap.cites))] for gap in s.gaps]
    caps = "；".join(f"{cap.code} {cap.name}（{'、'.join(key.code for key in cap.by)}）" for cap in s.caps)
    sure = [[_text(name, STRONG), _text(said, CELL)] for name, said in prose.how_sure(content)]
    widths = [140, look.MEASURE - 140]
    return [_text(prose.judgement(content)), _text(caps), _table(rows, widths, 0), _table(sure, widths, 0)]


def _method(content: Content) -> list[Flowable]:
    story: list[Flowable] = []
    for block in method(content, 0).blocks:
        match block:
            case Heading():
                story.append(_text(block.text, HEADINGS[2]))
            case Para():
                story.append(_text(said(block)))
            case Table():
                rows = [[_text(said(para), CELL) for cell in row.cells for para in cell.paras] for row in block.rows]
                story.append(_table(rows, [look.MEASURE / len(rows[0])] * len(rows[0]), 0))
    return story


def said(para: Para) -> str:
    """A paragraph as plain text."""
    return "".join(span.text for span in para.spans if isinstance(span, Span))


def _about(content: Content) -> list[Flowable]:
    lines = [line for line in content.method.about.split("\n") if line.strip()]
    rows = [[_text(f"{s.level} {s.name}", STRONG), _text(s.meaning, CELL)] for s in content.method.scale if s.meaning]
    return [*(_text(line, CELL) for line in lines), *([_table(rows, [128, look.MEASURE - 128], 0)] if rows else [])]


def _overall(content: Content) -> list[Flowable]:
    story: list[Flowable] = [_drawing(charts.radar(content.overall.axes, 386, 8.2))]
    head = [_text(title, STRONG) for title in ("维度", "得分", "上下界", "按得分", "等级", "达标后", "作答率")]
    rows = [head]
    for section in content.sections:
        s = section.standing
        cells = [
            words.points(s.score),
            f"{words.points(s.low)}–{words.points(s.high)}",
            words.level(section.level_by_score),
        ]
        cells += [words.level(s.level), words.points(section.at_target), words.share(s.coverage)]
        rows.append(
            [
                _marked(_link(f"section-{section.code}", f"{section.code} {section.name}")),
                *(_text(c, CELL) for c in cells),
            ]
        )
    story.append(_table(rows, [136, 46, 78, 50, 50, 62, look.MEASURE - 422]))
    story += [_drawing(charts.journey(s.journey, 352, 8.2)) for s in content.sections if s.journey]
    story += [_drawing(charts.balance(s.balance, 221, 8.2)) for s in content.sections if s.balance]
    return [*story, _drawing(charts.heat_map(content.overall.heat, look.MEASURE, 8.6, highest=content.method.highest))]


def _section(content: Content, section: Section) -> list[Flowable]:
    story: list[Flowable] = [
        AnchorFlowable(f"section-{section.code}"),
        _text(f"{section.code} {section.name}", HEADINGS[2]),
    ]
    story.append(_marked(f"{escape(prose.verdict(content, section))} {_numbers(section.cites)}", BODY))
    if section.journey:
        story.append(_drawing(charts.journey(section.journey, look.MEASURE - 40, 8.2)))
    if section.balance:
        story.append(_drawing(charts.balance(section.balance, look.MEASURE * 0.62, 8.2)))
    rows = [[_text(title, STRONG) for title in ("评估项", "自评", "复核", "目标", "差距", "依据")]]
    rows += [_criterion(answer) for answer in section.answers]
    story.append(_table(rows, [174, 48, 48, 44, 62, look.MEASURE - 376]))
    for gap in section.gaps:
        story += _gap(gap)
    return story


def _criterion(answer: Answer) -> list[Flowable]:
    texts = [
        _level(answer.self_level),
        _level(answer.verified_level),
        _level(answer.target),
        words.severity(answer.severity),
    ]
    name = _marked(_link(f"answer-{answer.code}", f"{answer.code} {answer.title}"))
    return [name, *(_text(text, CELL) for text in texts), _marked(_numbers(answer.cites))]


def _gap(gap: GapItem) -> list[Flowable]:
    figures = f"{words.severity(gap.severity)} 差{gap.gap}级 提升{words.signed(gap.gain)} 排序第{gap.rank}"
    ladder = _drawing(charts.ladder(gap.level, gap.target, gap.verified_level, highest=5, width=104, em=7.2))
    title = [_text(f"{gap.code} {gap.title}", STRONG), [_text(figures, CELL), ladder]]
    rows: list[list[object]] = [title]
    rows.append([_text(f"现状 {gap.level}级", STRONG), _text(gap.now, CELL)])
    rows.append([_text(f"目标 {gap.target}级", STRONG), _text(gap.then, CELL)])
    rows += [[_text(f"措施（{a.start}→{a.end}）", STRONG), _text(a.text, CELL)] for a in gap.actions]
    facts = (("应有佐证", gap.proof), ("度量", gap.measure), ("牵头", gap.owner), ("说明", gap.rationale))
    rows += [[_text(name, STRONG), _text(text, CELL)] for name, text in facts if text]
    rows.append([_text("佐证", STRONG), _evidence(gap.evidence)])
    for kind, name in (("clause", "条款"), ("reading", "解读")):
        rows.append([_text(name, STRONG), [_cite(cite) for cite in gap.cites if cite.kind == kind] or ""])
    return [Spacer(1, 14), AnchorFlowable(f"criterion-{gap.code}"), _table(rows, [74, look.MEASURE - 74])]


def _cite(cite: Cite) -> Paragraph:
    note = "（本工具归入）" if cite.role == "assigned" else f"：“{cite.quote}”" if cite.quote else ""
    return _marked(f"{_link(f'ref-{cite.number}', f'[{cite.number}]')} {escape(cite.text + note)}")


def _evidence(items: Sequence[Evidence]) -> list[Flowable] | str:
    return [_proof(number, item) for number, item in enumerate(items, 1)] or "未列佐证"


def _proof(number: int, item: Evidence) -> Paragraph:
    address = web_address(item.url)
    title = f'<a href="{escape(address)}" color="#1b7f8c">{escape(item.title)}</a>' if address else escape(item.title)
    return _marked(f"{number}. {title}（{escape(item.reference)}）")


def _improvements(content: Content) -> list[Flowable]:
    rows = [[_text(title, STRONG) for title in ("排序", "评估项", "等级", "程度", "提升量", "第一步")]]
    for gap in content.improvements:
        name = _marked(_link(f"criterion-{gap.code}", f"{gap.code} {gap.title}"))
        texts = [f"{gap.level}→{gap.target}", words.severity(gap.severity), words.signed(gap.gain), gap.actions[0].text]
        rows.append([_text(str(gap.rank), CELL), name, *(_text(text, CELL) for text in texts)])
    picture = _drawing(charts.dumbbells(content.improvements[:15], look.MEASURE, 8.2, highest=content.method.highest))
    return [_text(prose.improvement_words(content)), picture, _table(rows, [32, 138, 38, 38, 44, look.MEASURE - 290])]


def _annex(content: Content) -> list[Flowable]:
    facts = content.annex
    unproven = [[_text(f"{c.code} {c.title}", CELL), _text(_level(c.level), CELL)] for c in facts.unproven]
    worth = [
        [
            _text(told.rule(item.rule), STRONG),
            _text("；".join(f"{c.code} {c.title}（{_level(c.level)}）" for c in item.criteria), CELL),
            _text(told.why(item.rule), CELL),
        ]
        for item in facts.contradictions
    ]
    excused = [[_text(e.criterion.title, CELL), _text(e.reason, CELL)] for e in facts.excused]
    head = [_text(title, STRONG) for title in ("维度", "复核", "一致", "高于自评", "低于自评")]
    agreed = [
        [_text(a.name, CELL), *(_text(str(n), CELL) for n in (a.verified, a.equal, a.higher, a.lower))]
        for a in facts.dimensions
    ]
    wide = [(unproven, [300, 60]), (worth, [106, 190, look.MEASURE - 296]), (excused, [190, look.MEASURE - 190])]
    tables: list[Flowable] = [_table(rows, widths, 0) for rows, widths in wide if rows]
    return [*tables, _table([head, *agreed], [160, 60, 60, 60, 60])]


def _references(content: Content) -> list[Flowable]:
    story: list[Flowable] = []
    for r in content.references:
        row = [_text(f"[{r.number}]", CELL), [*_reference(r)]]
        story += [AnchorFlowable(f"ref-{r.number}"), _table([row], [34, look.MEASURE - 34], 0)]
    return story


def _reference(r: Reference) -> Iterable[Paragraph]:
    yield _marked(f"<b>{escape(r.locator)}</b> 《{escape(r.title)}》")
    yield _text(
        "，".join(fact for fact in (r.document_number, "、".join(r.issuers), words.day(r.issued), r.edition) if fact),
        CELL,
    )
    yield _text(f"{words.status(r.status)}。{r.summary}", CELL)
    if r.quote:
        yield _text(f"引文：“{r.quote}”", CELL)
    codes = (*r.cited_by, *r.assigned_by)
    yield _marked("引用处：" + "、".join(_link(f"answer-{c}" if "." in c else f"section-{c}", c) for c in codes))


def _answers(content: Content) -> list[Flowable]:
    rows: list[list[object]] = [[_text(title, STRONG) for title in ("评估项", "自评", "复核", "说明", "佐证")]]
    for answer in content.answers:
        name = [AnchorFlowable(f"answer-{answer.code}"), _text(f"{answer.code} {answer.title}", CELL)]
        texts = [_level(answer.self_level), _level(answer.verified_level), answer.rationale or answer.not_applicable]
        rows.append([name, *(_text(text, CELL) for text in texts), _evidence(answer.evidence)])
    return [_table(rows, [116, 36, 36, (look.MEASURE - 188) / 2, (look.MEASURE - 188) / 2])]


def _matrix(content: Content) -> list[Flowable]:
    tiny = ParagraphStyle("tiny", parent=CELL, fontSize=6.6, leading=8)
    step = (look.MEASURE - 132) / max(len(content.matrix.columns), 1)
    head: list[object] = ["", *(_text(str(column.number or "–"), tiny) for column in content.matrix.columns)]
    marks = {"basis": "●", "assigned": "○", "": ""}
    rows = [
        [_text(f"{row.code} {row.title}", tiny), *(_text(marks[m], tiny) for m in row.marks)]
        for row in content.matrix.rows
    ]
    style = [("LEFTPADDING", (0, 0), (-1, -1), 1), ("RIGHTPADDING", (0, 0), (-1, -1), 1)]
    return [LongTable([head, *rows], colWidths=[132, *[step] * (len(head) - 1)], repeatRows=1, style=style)]


def _drawing(figure: Figure) -> drawn.Drawing:
    """The same geometry as reportlab.graphics shapes."""
    drawing = drawn.Drawing(figure.width, figure.height)
    for shape in figure.shapes:
        drawing.add(_shape(shape, figure.height))
    return drawing


def _shape(shape: object, height: float) -> drawn.Shape:
    match shape:
        case Line():
            ends = (shape.x1, height - shape.y1, shape.x2, height - shape.y2)
            dash = list(shape.dash) or None
            return drawn.Line(*ends, strokeColor=HexColor(shape.stroke), strokeWidth=shape.width, strokeDashArray=dash)
        case Polygon():
            points = [value for x, y in shape.points for value in (x, height - y)]
            if not shape.closed:
                return drawn.PolyLine(points, strokeColor=HexColor(shape.stroke), strokeWidth=shape.width)
            return drawn.Polygon(points, **_paint(shape.fill, shape.stroke, shape.width))
        case Circle():
            return drawn.Circle(
                shape.x, height - shape.y, shape.radius, **_paint(shape.fill, shape.stroke, shape.width)
            )
        case Rect():
            box = (shape.x, height - shape.y - shape.height, shape.width, shape.height)
            return drawn.Rect(*box, **_paint(shape.fill, shape.stroke, shape.line))
        case Label():
            font = BOLD if shape.bold else REGULAR
            place = (shape.x, height - shape.y, shape.text)
            return drawn.String(
                *place, fontName=font, fontSize=shape.size, fillColor=HexColor(shape.fill), textAnchor=shape.anchor
            )
    raise TypeError(shape)


def _paint(fill: str, stroke: str, width: float) -> dict[str, object]:
    colours = {"fillColor": HexColor(fill) if fill else None, "strokeColor": HexColor(stroke) if stroke else None}
    return {**colours, "strokeWidth": width}
