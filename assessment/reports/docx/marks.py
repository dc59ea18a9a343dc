"""Open this for the XML that a Word file is made of, down to runs: every text of ours is escaped here and nowhere else."""

import re
from collections.abc import Iterable
from html import escape
from typing import get_args

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from assessment.reports.charts.shapes import AMBER, GREY, INK, NAVY, RED, TEAL
from assessment.reports.flow.blocks import Rungs, Tone
from assessment.reports.plain import readable

BOLD_TONES = frozenset({"strong", "navy", "critical", "major"})
TONES = {"grey": GREY, "critical": RED, "major": AMBER, "minor": GREY}
RAISED = '<w:vertAlign w:val="superscript"/>'
SPACES = f'{nsdecls("w", "r", "wp")} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
LINES = re.compile(r"\r\n|[\r\n\v\f]")
JOINER = "\u2060"  # no line may end here: before the number of a citation, within the mark of a key criterion
# Nor do some programs end one between codes in a row of them, but within: T1. / 4. So they are told where they may.
BETWEEN_CODES, MAY_BREAK = re.compile(r"^、$|(?<=\d)、(?=[A-Z]\d)"), "、\u200b"


def said(text: str) -> str:
    """A text between tags, or in quotation marks: without what XML forbids.

    >>> said('<b> & "\\x00\\x1b[31m')
    '&lt;b&gt; &amp; &quot;[31m'
    """
    return escape(readable(text))


def elements(xml: str) -> list[BaseOxmlElement]:
    return list(parse_xml(f"<w:body {SPACES}>{xml}</w:body>"))


def shown(text: str) -> str:
    """A run's text; its line breaks are breaks."""
    return _line(text) if text.isprintable() else "<w:br/>".join(map(_line, LINES.split(text)))


def _line(text: str) -> str:
    breakable = BETWEEN_CODES.sub(MAY_BREAK, text) if "、" in text else text
    return f'<w:t xml:space="preserve">{said(breakable)}</w:t>'


def run(text: str, properties: str = "") -> str:
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{head}{shown(text)}</w:r>" if text else ""


def colour(value: str) -> str:
    return f'<w:color w:val="{value.lstrip("#")}"/>'


def looks(deep: str, accent: str) -> dict[Tone, str]:
    """Each tone's properties, in the order that the format wants."""
    tints = TONES | {"navy": deep, "link": accent}
    return {
        tone: ("<w:b/>" if tone in BOLD_TONES else "") + (colour(tints[tone]) if tone in tints else "")
        for tone in get_args(Tone)
    }


def rungs(ladder: Rungs) -> str:
    """A criterion's levels as words on coloured ground: the chosen one filled, the target outlined.

    A picture, so in the house's colours.
    """
    return "".join(_rung(number, ladder) for number in range(ladder.highest + 1))


def _rung(number: int, ladder: Rungs) -> str:
    words = f" {number}{'✓' if number == ladder.verified else ''} "
    ground, ink, edge = ("eef1f4", GREY, "")
    if number == ladder.level:
        ground, ink = NAVY[1:], "#ffffff"
    elif number == ladder.target:
        ground, ink = "ffffff", TEAL
        edge = f'<w:bdr w:val="single" w:sz="8" w:space="0" w:color="{TEAL[1:]}"/>'
    elif number < ladder.level:
        ground, ink = "d7ebee", INK
    bold = "<w:b/>" if number in (ladder.level, ladder.target) else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>'
    return run(words, f'{bold}{colour(ink)}<w:sz w:val="16"/>{edge}{shade}') + run(" ", '<w:sz w:val="8"/>')


def field(code: str, shown_as: str, properties: str = "", *, dirty: bool = False) -> str:
    """A field that the word processor calculates, with what stands there until it does."""
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    mark = ' w:dirty="true"' if dirty else ""
    return (
        f'<w:r>{head}<w:fldChar w:fldCharType="begin"{mark}/></w:r>'
        f'<w:r>{head}<w:instrText xml:space="preserve"> {said(code)} </w:instrText></w:r>'
        f'<w:r>{head}<w:fldChar w:fldCharType="separate"/></w:r>{run(shown_as, properties)}'
        f'<w:r>{head}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def paragraph(style: str, inner: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inner}</w:p>'


def grid(widths: Iterable[int]) -> str:
    return "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"


def cell(inner: str, width: int, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{inner}</w:tc>'


def row(cells: str, *, head: bool = False) -> str:
    """A row that does not split over pages; a head stands again on each."""
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"


def shade(fill: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{fill.lstrip("#")}"/>'
