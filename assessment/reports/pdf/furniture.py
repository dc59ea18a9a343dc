"""Open this for what a report bears beside its content: marks of who made it, lines that officials ask for, a watermark."""

from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.design import Design, Mark
from assessment.reports import words
from assessment.reports.pdf import look, tags
from assessment.reports.pdf.book import Book, Page
from assessment.reports.pdf.table import PAD_X, Table
from assessment.reports.typeset import Style

LOGO = (150.0, 46.0)  # the largest a logo may be, in points
HEAD = look.HEIGHT - 22 * look.MM
FOOT = 30 * look.MM
PALE = "0.93 0.945 0.955"  # so pale that what is printed over it stays legible without transparency


class Dressed(Protocol):
    """Whatever says how it looks."""

    @property
    def design(self) -> Design: ...


def head(book: Book, content: Dressed) -> None:
    """At the cover's head: how confidential it is, its number, and the city's mark."""
    design, y = content.design, HEAD
    for text, style in (
        (design.classification, Style(12, 700, look.BODY.colour)),
        (_("No. %(number)s") % {"number": design.document_number} if design.document_number else "", look.CELL),
    ):
        if text:
            text = book.setter.fitted(text, style, look.MEASURE - 90)
            weight = style.weight == 700
            book.label(look.LEFT, y - 12, text, style.size, "start", style.colour, weight)
            y -= 18
    _mark(book, design.city, look.HEIGHT - 44 * look.MM)


def foot(book: Book, content: Dressed) -> None:
    """At the cover's foot: who prepared it."""
    mark = content.design.consultant
    if mark.organisation or mark.logo:
        _mark(book, mark, FOOT + LOGO[1] / 2, _("Prepared by"))


def _mark(book: Book, mark: Mark, top: float, before: str = "") -> None:
    x = look.LEFT
    if mark.logo:
        alt = _("Logo of %(organisation)s") % {"organisation": mark.organisation} if mark.organisation else _("Logo")
        x += book.image(mark.logo, x, top, LOGO, alt) + 12
    text = "　".join(filter(None, (before if mark.organisation else "", mark.organisation)))
    if text:
        text = book.setter.fitted(text, Style(12, 700), look.LEFT + look.MEASURE - x)
        book.label(x, top - LOGO[1] / 2 - 4, text, 12, "start", look.DEEP, True)


def approvals(book: Book, content: Dressed) -> None:
    """Who prepared, checked and approved it; what is empty is signed by hand."""
    rows = content.design.approvals
    if not rows:
        return
    book.y -= 16
    width = look.MEASURE / 3
    table = Table(book, [width, width, width])
    table.head([_("Step"), pgettext("of a person", "Name"), _("Day")])
    for row in rows:
        given = (row.role, row.name, words.day(row.on))
        table.add([book.setter.fitted(text, look.CELL, width - 2 * PAD_X) or " " for text in given], "lll")
    table.draw()


def watermark(book: Book, page: Page) -> None:
    """The word for a draft, slanted over the middle of a page, behind what stands there."""
    kept, page.code = page.code, []
    with book.artifact(tags.LAYOUT):
        book.slanted(_("Draft"), 110, PALE)
    page.code += kept
