"""Open this for the method page: how the figures come about, one example, and where the instrument is weak."""

from itertools import batched

from django.utils.translation import gettext as _

from assessment.reports import prose
from assessment.reports.content.facts import Content, Step
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.table import Table
from assessment.reports.typeset import Run, Style

TEXT, LEADING = Style(9), 14.6
SIDE_BY_SIDE = 6  # levels at most


def method(book: Book, content: Content) -> None:
    book.begin(_("Method"))
    book.heading(_("Method"), 1, "method")
    facts = content.method
    _part(book, _("Levels and scores"), [prose.levels_and_scores(facts)])
    if facts.has_balances:
        _balances(book, facts.shift)
    _part(book, _("Level of a dimension"), [prose.level_rule(facts)])
    _scale(book, facts.scale)
    _part(book, _("How sure a score is"), [prose.certainty()])
    _part(book, _("Gaps and gains"), [prose.gaps_rule()])
    book.heading(_("Worked example"), 3)
    for line in prose.example(content):
        book.write(Run(line, TEXT), leading=LEADING)
    if caveats := prose.caveats(content):
        _list(book, _("What to bear in mind"), caveats)
    _part(book, _("How to check this report"), prose.recompute(content))


def _part(book: Book, title: str, paragraphs: list[str]) -> None:
    book.heading(title, 3, keep=40)
    for text in paragraphs:
        book.write(Run(text, TEXT), leading=LEADING)


def _list(book: Book, title: str, items: list[str]) -> None:
    """Paragraphs, numbered if there are several."""
    if len(items) == 1:
        _part(book, title, items)
        return
    book.heading(title, 3, keep=40)
    with book.tag("L"):
        for number, text in enumerate(items, 1):
            with book.tag("LI"):
                runs = [Run(f"{number}. ", TEXT, label=True), Run(text, TEXT)]
                book.write(runs, leading=LEADING, kind="LBody")


def _balances(book: Book, shift: float) -> None:
    sides, formula, tilt = prose.balances(shift)
    book.write(Run(sides, TEXT), leading=LEADING)
    book.write(Run(formula, TEXT), leading=LEADING, indent=2 * TEXT.size)
    book.write(Run(tilt, TEXT), leading=LEADING)


def _scale(book: Book, scale: tuple[Step, ...]) -> None:
    rows = -(-len(scale) // SIDE_BY_SIDE)
    for steps in batched(scale, -(-len(scale) // rows), strict=False):
        table = Table(book, [look.MEASURE / len(steps)] * len(steps), row_heads=False)
        book.space(6)
        table.head([f"{step.level} {step.name}" for step in steps], "c" * len(steps))
        table.add([prose.threshold(step, scale) for step in steps], "c" * len(steps))
        table.draw()
