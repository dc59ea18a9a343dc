"""Open this for the quality annex: what is claimed without evidence, does not fit together, was set aside, or was seen
differently by a reviewer."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.reports import annex as told
from assessment.reports import words
from assessment.reports.content.facts import Agreement, Annex, Content, Contradiction, Named
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.sections import key_mark
from assessment.reports.pdf.table import Cell, Given, Row, Table
from assessment.reports.prose import clipped
from assessment.reports.typeset import Run


def annex(book: Book, content: Content) -> None:
    book.begin(_("Quality annex"))
    book.heading(_("Quality annex"), 1, "annex")
    book.write(told.lead())
    _unproven(book, content.annex)
    _contradictions(book, content.annex)
    _excused(book, content.annex)
    _verified(book, content.annex)


def _unproven(book: Book, facts: Annex) -> None:
    book.heading(_("Claims without evidence"), 2, "annex-unproven", keep=60)
    if not facts.unproven:
        book.write(told.none("unproven"))
        return
    book.write(told.unproven(len(facts.unproven), facts.claimed))
    book.space(4)
    half = look.MEASURE / 2
    table = Table(book, [half - 40, 40, half - 40, 40])
    table.head([_("Criterion"), _("Level"), _("Criterion"), _("Level")], "lclc")
    rows = -(-len(facts.unproven) // 2)
    for number in range(rows):
        cells: list[Given] = []
        for item in facts.unproven[number::rows]:
            cells += [_name(item), words.NOTHING if item.level is None else str(item.level)]
        table.add([*cells, *[""] * (4 - len(cells))], "lclc")
    table.draw()


def _contradictions(book: Book, facts: Annex) -> None:
    table = Table(book, [106, 190, look.MEASURE - 296])
    table.head([pgettext("annex", "What"), _("Criteria and levels"), _("Why look")])
    for item in facts.contradictions:
        table.add([Run(told.rule(item.rule), look.CELL_NAVY), _criteria(item), told.why(item.rule)], "llj")
    book.heading(_("Worth a second look"), 2, "annex-contradictions", keep=table.start)
    if not facts.contradictions:
        book.write(told.none("contradictions"))
    table.draw()


def _criteria(item: Contradiction) -> list[Run]:
    runs: list[Run] = []
    for criterion in item.criteria:
        runs += [Run(words.stop("；"), look.CELL)] if runs else []
        level = words.aside(words.level(criterion.level)) if criterion.level is not None else ""
        runs += [*_name(criterion), Run(level, look.CELL)]
    if facts := told.found(item):
        runs += [Run(f"\n{facts}", look.CELL_GREY)]
    return [*runs, look.mark(item.number)] if item.number else runs


def _excused(book: Book, facts: Annex) -> None:
    table = Table(book, [190, look.MEASURE - 190])
    table.head([_("Criterion"), _("Reason")])
    for item in facts.excused:
        table.add([_name(item.criterion), clipped(item.reason) or words.NOTHING], "lj")
    book.heading(_("Set aside as not applicable"), 2, "annex-excused", keep=table.start)
    if not facts.excused:
        book.write(told.none("excused"))
    table.draw()


def _verified(book: Book, facts: Annex) -> None:
    book.heading(_("Self-assessed and verified levels"), 2, "annex-verified", keep=60)
    book.write(told.agreement(facts.overall))
    if not facts.overall.verified:
        return
    book.space(4)
    _agreements(book, facts.dimensions)
    book.space(8)
    if not facts.differing:
        book.write(told.none("differing"))
        return
    table = Table(book, [look.MEASURE - 220, 70, 70, 80])
    name = table.cell(0, Run(_("Criteria whose verified level differs"), look.CELL_NAVY), span=4)
    table.title = Row((Cell(name.blocks, ("P",)),), rule=False)
    table.head([_("Criterion"), _("Self"), _("Verified"), _("Difference")], "lccc")
    for item in facts.differing:
        levels = (str(item.self_level), str(item.verified_level), told.step(item.difference))
        table.add([_name(item.criterion), *levels], "lccc")
    table.draw()


def _agreements(book: Book, dimensions: Sequence[Agreement]) -> None:
    table = Table(book, [look.MEASURE - 330, 50, 60, 60, 60, 100])
    titles = [
        _("Dimension"),
        _("Verified"),
        pgettext("verified level", "equal"),
        pgettext("verified level", "higher"),
        pgettext("verified level", "lower"),
        _("Mean difference"),
    ]
    table.head(titles, "lccccc")
    for item in dimensions:
        counts = [str(n) for n in (item.verified, item.equal, item.higher, item.lower)]
        name = Run(f"{item.code} {item.name}", look.CELL, f"section:{item.code}")
        table.add([name, *counts, told.mean(item.mean)], "lccccc")
    table.draw()


def _name(criterion: Named) -> list[Run]:
    return [Run(told.named(criterion), look.CELL, f"criterion:{criterion.code}"), *key_mark(criterion.key)]
