"""How the workbook's cells look, and how a text gets into one without ever becoming a formula."""

import re
from collections.abc import Iterable

from django.utils.translation import get_language
from openpyxl.styles import Alignment, Font

from assessment import outline
from assessment.exchange.document import UNPRINTABLE
from assessment.exchange.workbook.layout import escape

NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
LONGEST_SHEET_NAME = 31
NAVY, TEAL, GROUND, LINE, ANSWER = "12355B", "136470", "F5F7F9", "C5CED6", "FFFBEB"
FONT = "Microsoft YaHei"
PLAIN, BOLD = Font(name=FONT, size=10), Font(name=FONT, size=10, bold=True)
HEADING = Font(name=FONT, size=10, bold=True, color="FFFFFF")
TOP_LEFT = Alignment(horizontal="left", vertical="top", wrap_text=True)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
A4, POINTS_A_LINE = 9, 15
DANGEROUS = ("=", "+", "-", "@", "'", "\t", "\r")


def put(cell, text: str, font: Font = PLAIN, alignment: Alignment = TOP_LEFT) -> None:
    """A string, whatever it begins with; nothing for an empty one."""
    if text:
        cell.value = escape(UNPRINTABLE.sub("", text.replace("\r\n", "\n")))
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(DANGEROUS)
    cell.font, cell.alignment = font, alignment


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column; a Chinese character is as wide as two digits.

    >>> lines_of("一二三四五六七八\\n短", 10)
    3
    """
    room = max(width - 2, 2)
    widths = (sum(2 if ord(sign) > 0x2E80 else 1 for sign in line) for line in text.split("\n"))
    return sum(max(1, -(-wide // room)) for wide in widths)


def sheet_name(dimension: outline.Dimension, taken: Iterable[str]) -> str:
    """Code and name as far as a sheet's name can hold them, and unlike all that are taken.

    >>> name = outline.Text({"zh-hans": "数据[开放]/共享"})
    >>> sheet_name(outline.Dimension("T1", name, "plain", ()), [])
    'T1 数据 开放 共享'
    """
    words = NOT_IN_SHEET_NAMES.sub(" ", f"{dimension.code} {dimension.name.to(get_language())}").split()
    name = " ".join(words)
    others, number = {other.casefold() for other in taken}, 1
    found = _cut(name, LONGEST_SHEET_NAME)
    while found.casefold() in others:
        number += 1
        found = f"{_cut(name, LONGEST_SHEET_NAME - 5)} {number}"
    return found


def _cut(name: str, longest: int) -> str:
    """Excel counts a sign beyond the basic ones as two."""
    while len(name.encode("utf-16-le")) > 2 * longest:
        name = name[:-1]
    return name.strip()
