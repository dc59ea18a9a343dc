"""Open this for the report as a web page: its chapters as HTML, every text escaped, looks by classes alone (CSP)."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby, zip_longest
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.design import Design, Mark
from assessment.reports import charts, flow, lettering, prose, words
from assessment.reports.content.facts import Content
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
)
from assessment.reports.markup import nested
from assessment.reports.plain import readable

JOINER = "\u2060"  # no line ends before the number of a citation


def head(content: Content) -> str:
    """What the PDF's cover says: lines, marks, title, facts, approval table, who prepared it. In the language at hand."""
    design = content.design
    state = _("Draft") if content.draft else _("Final")
    number = _("No. %(number)s") % {"number": design.document_number} if design.document_number else ""
    lines = "".join(f"<span>{_said(line)}</span>" for line in (design.classification, number) if line)
    facts = "".join(
        f"<div><dt>{_said(name)}</dt><dd>{_said(value)}</dd></div>" for name, value in prose.cover_facts(content)
    )
    return (
        f'<header class="report-head"><p class="report-lines">{lines}<b class="report-state">{_said(state)}</b></p>'
        f"{_organisation(design.city)}<h1>{_said(prose.title(content))}</h1><dl>{facts}</dl>{_approvals(design)}"
        f'{_organisation(design.consultant, _("Prepared by"))}<p class="grey">{_said(words.disclaimer())}</p></header>'
    )


def _organisation(mark: Mark, before: str = "") -> str:
    """An organisation's logo and name, as far as there are any."""
    logo = _logo(mark) if mark.logo else ""
    if not (logo or mark.organisation):
        return ""
    told = f'<span class="grey">{_said(before)}</span>' if before else ""
    return f'<p class="report-mark">{told}{logo}<span>{_said(mark.organisation)}</span></p>'


def _logo(mark: Mark) -> str:
    alt = _("Logo of %(organisation)s") % {"organisation": mark.organisation} if mark.organisation else _("Logo")
    return f'<img src="data:image/png;base64,{b64encode(mark.logo).decode()}" alt="{_said(alt)}">'


def _approvals(design: Design) -> str:
    if not design.approvals:
        return ""
    heads = "".join(
        f'<th scope="col">{_said(head)}</th>' for head in (_("Step"), pgettext("of a person", "Name"), _("Day"))
    )
    rows = "".join(
        f'<tr><th scope="row">{_said(line.role)}</th><td>{_said(line.name)}</td><td>{_said(words.day(line.on))}</td></tr>'
        for line in design.approvals
    )
    return f'<table class="table approvals"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def body(content: Content) -> str:
    """The report below its title: contents, then the chapters. In the language at hand."""
    chapters = flow.compose(content)
    return _contents(chapters) + "".join(map(_chapter, chapters))


def _said(text: str) -> str:
    return escape(readable(text)).replace("\n", "<br>")


def _id(key: str) -> str:
    """What an element is called in links; a space would end it."""
    return quote(key, safe=":")


def _contents(chapters: Sequence[Chapter]) -> str:
    lines = "".join(_contents_line(chapter) for chapter in chapters)
    title = _said(_("Contents"))
    return f'<nav class="panel report-contents" aria-labelledby="contents"><h2 id="contents">{title}</h2><ol>{lines}</ol></nav>'


def _contents_line(chapter: Chapter) -> str:
    below = [block for block in chapter.blocks if isinstance(block, Heading) and block.is_listed]
    inner = "".join(f"<li>{_anchor(heading)}</li>" for heading in below)
    return f"<li>{_anchor(chapter.heading)}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def _anchor(heading: Heading) -> str:
    return f'<a href="#{escape(_id(heading.key))}">{_said(heading.text)}</a>'


def _chapter(chapter: Chapter) -> str:
    key = escape(_id(chapter.heading.key))
    return f'<section class="report-chapter" aria-labelledby="{key}">{_heading(chapter.heading)}{_blocks(chapter.blocks)}</section>'


def _blocks(blocks: Iterable[Block]) -> str:
    """Items of a list that follow each other are one list; a paragraph that leads to a picture or table knows it."""
    groups = groupby(blocks, lambda block: isinstance(block, Para) and bool(block.item))
    return "".join(_lists(some) if is_list else _row_of(list(some)) for is_list, some in groups)


def _row_of(blocks: list[Block]) -> str:
    following = zip_longest(blocks, blocks[1:])
    return "".join(_block(block, leads=isinstance(after, Picture | Table)) for block, after in following)


def _block(block: Block, *, leads: bool = False) -> str:
    match block:
        case Heading():
            return _heading(block)
        case Para():
            return _para(block, leads=leads)
        case Table():
            return _table(block)
        case Picture():
            return _picture(block)
        case Boxes():
            return _boxes(block)
        case Own():
            return f'<aside class="own-words"><p class="own-by">{_said(block.by)}</p>{_blocks(block.paras)}</aside>'


def _heading(heading: Heading) -> str:
    tag = f"h{heading.level + 1}"
    small = ' class="small-heading"' if heading.small else ""
    return f'<{tag} id="{escape(_id(heading.key))}"{small}>{_said(heading.text)}</{tag}>'


def _para(para: Para, *, leads: bool) -> str:
    classes = " ".join(filter(None, ("hint" if para.small else "", "leads" if leads else "")))
    return f"<p{f' class="{classes}"' if classes else ''}>{_spans(para.spans)}</p>"


def _lists(items: Iterable[Block]) -> str:
    """A list for each row of items of one kind; in an item those of the list within it."""
    groups = groupby(nested(item for item in items if isinstance(item, Para)), lambda pair: pair[0].item)
    return "".join(_list(kind, "".join(_item(*pair) for pair in some)) for kind, some in groups)


def _list(kind: str, items: str) -> str:
    return f"<ol>{items}</ol>" if kind == "numbered" else f"<ul>{items}</ul>"


def _item(item: Para, within: Sequence[Para]) -> str:
    value = f' value="{item.number}"' if item.item == "numbered" else ""
    return f"<li{value}>{_spans(item.spans)}{_lists(within)}</li>"


def _spans(spans: Iterable[Span | Rungs]) -> str:
    return "".join(_rungs(span) if isinstance(span, Rungs) else _span(span) for span in spans)


def _span(span: Span) -> str:
    inner = _said(span.text)
    if span.tone in ("strong", "navy"):
        whole = " unbroken" if span.whole else ""
        inner = f'<b class="tone-word-{span.tone}{whole}">{inner}</b>'
    elif span.tone in ("critical", "major", "minor"):
        inner = f'<span class="severity severity-{span.tone}">{inner}</span>'
    elif span.tone == "grey":
        inner = f'<span class="grey">{inner}</span>'
    if span.to:
        inner = f'<a href="#{escape(_id(span.to))}">{inner}</a>'
    elif span.href:
        inner = f'<a href="{escape(span.href)}" rel="noopener noreferrer">{inner}</a>'
    return f"<sup>{JOINER}{inner}</sup>" if span.raised else inner


def _rungs(rungs: Rungs) -> str:
    told = _("Level %(level)s, target %(target)s") % {"level": rungs.level, "target": rungs.target}
    steps = "".join(f'<span class="rung{_rung(number, rungs)}">{number}</span>' for number in range(rungs.highest + 1))
    return f'<span class="rungs" role="img" aria-label="{_said(told)}">{steps}</span>'


def _rung(number: int, rungs: Rungs) -> str:
    kind = " rung-at" if number == rungs.level else " rung-target" if number == rungs.target else ""
    kind = kind or (" rung-below" if number < rungs.level else "")
    return kind + (" rung-verified" if number == rungs.verified else "")


def _boxes(boxes: Boxes) -> str:
    made = (
        f'<div><span class="label">{_said(name)}</span><span class="big">{_said(value)}</span>'
        f'<span class="sub">{_said(note)}</span></div>'
        for name, value, note in boxes.boxes
    )
    return f'<div class="panel figures figures-many">{"".join(made)}</div>'


def _picture(picture: Picture) -> str:
    narrow = f'<div class="only-phone">{_svg(picture.narrow())}</div>' if picture.narrow else ""
    kind = picture.name.partition("-")[0]
    wide = f'<div class="only-wide">{_svg(picture.figure)}</div>' if narrow else _svg(picture.figure)
    return f'<figure class="picture picture-{kind}">{wide}{narrow}<figcaption>{_said(picture.caption)}</figcaption></figure>'


def _svg(figure: charts.Figure) -> str:
    return lettering.drawing(figure)


# Tables


def _table(table: Table) -> str:
    """With heads, rows become stacks on a phone; without, each row is a name and what belongs to it."""
    caption = f"<caption>{_said(table.caption)}</caption>" if table.caption else ""
    kind = "matrix" if table.dense else "table stacked flowing numbers" if table.heads else _kind(table)
    labels = ["".join(span.text for span in _text_of(head)) for head in table.heads]
    heads = "".join(f'<th scope="col"{_aligned(cell)}>{_cell(cell)}</th>' for cell in table.heads)
    if table.banner:
        heads = f'<th class="banner" colspan="{len(table.widths)}" scope="colgroup">{_cell(table.banner)}</th>'
    head = f"{_columns(table)}<thead><tr>{heads}</tr></thead>" if heads else ""
    draw = _plain_row if "scale-row" in kind else _row
    rows = "".join(draw(row, [] if table.dense else labels) for row in table.rows)
    label = "" if caption else f' aria-label="{_said(table.label)}"'
    drawn = f'<table class="{kind}"{label}>{caption}{head}<tbody>{rows}</tbody></table>'
    if table.dense:
        return f'<div class="panel only-wide">{drawn}</div><ul class="only-phone">{_marks(table)}</ul>'
    return f'<div class="panel">{drawn}</div>'


def _columns(table: Table) -> str:
    """How wide its columns want to be; under a banner that is the style sheet's."""
    if table.dense:
        return ""
    if table.banner:
        return f'<colgroup><col class="name"><col span="{len(table.widths) - 1}"></colgroup>'
    whole = sum(table.widths)
    return f"<colgroup>{''.join(f'<col width="{100 * width / whole:.1f}%">' for width in table.widths)}</colgroup>"


def _marks(table: Table) -> str:
    """A matrix for a phone: behind each row's name the heads of the columns that it has a mark in."""
    return "".join(
        f"<li>{_cell(row.cells[0])}{words.stop('：')}{words.listed(_mark(*pair) for pair in _marked(table, row))}</li>"
        for row in table.rows
    )


def _marked(table: Table, row: Row) -> list[tuple[Cell, Cell]]:
    return [pair for pair in zip(row.cells[1:], table.heads[1:], strict=True) if any(s.text for s in _text_of(pair[0]))]


def _mark(mark: Cell, head: Cell) -> str:
    return f"{_cell(mark)} {_cell(head)}"


def _kind(table: Table) -> str:
    if table.rows and table.rows[0].cells[0].align == "centre":
        return f"table scale-row steps-{len(table.widths)}"
    return "table pairs triples" if len(table.widths) > 2 else "table pairs"


def _plain_row(row: Row, _labels: Sequence[str]) -> str:
    """Of cells side by side, where a shaded row is the head of the next."""
    tag = "th" if row.shaded else "td"
    return "<tr>" + "".join(f"<{tag}>{_cell(cell)}</{tag}>" for cell in row.cells) + "</tr>"


def _text_of(cell: Cell) -> list[Span]:
    return [span for para in cell.paras for span in para.spans if isinstance(span, Span)]


def _aligned(cell: Cell) -> str:
    return "" if cell.align == "left" else ' class="num"'


def _row(row: Row, labels: Sequence[str]) -> str:
    """Its head is the first cell that is no bare number."""
    head = next((n for n, cell in enumerate(row.cells) if not "".join(s.text for s in _text_of(cell)).isdigit()), 0)
    cells = []
    for number, cell in enumerate(row.cells):
        label = f' data-label="{_said(labels[number])}"' if labels and number != head else ""
        tag = 'th scope="row"' if number == head and len(row.cells) > 1 else "td"
        cells.append(f"<{tag}{_aligned(cell)}{label}>{_cell(cell)}</{tag.split()[0]}>")
    classes = " ".join(filter(None, ("shaded" if row.shaded else "", "own-row" if row.own else "")))
    told = f' id="{escape(_id(row.key))}"' if row.key else ""
    told += f' class="{classes}"' if classes else ""
    return f"<tr{told}>{''.join(cells)}</tr>"


def _cell(cell: Cell) -> str:
    if len(cell.paras) == 1 and not cell.paras[0].item:
        return _spans(cell.paras[0].spans)
    return _blocks(cell.paras)
