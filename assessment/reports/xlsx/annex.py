"""Open this for the workbook's quality annex: a row for each criterion that a reader would ask about, to be filtered."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.worksheet.worksheet import Worksheet

from assessment.reports import annex as told
from assessment.reports import words
from assessment.reports.content.facts import Annex, Content, Contradiction, Named
from assessment.reports.xlsx.sheets import IN_LINE, Column, Given, Looks, Value, Way, listed, put, table

STEP, MEAN = "+0;−0;0", "+0.00;−0.00;0.00"


def annex(sheet: Worksheet, content: Content, looks: Looks) -> None:
    """All that stood out; below it how both tracks agree by dimension."""
    facts = content.annex
    rows = [*_unproven(facts), *_contradictions(facts), *_excused(facts), *_differing(facts)]
    listed(sheet, _("Quality annex"), _note(facts), _columns(), rows, looks)
    if facts.dimensions:
        at = len(rows) + 5
        put(sheet.cell(at, 1), _("Self-assessed and verified levels by dimension"), Way(IN_LINE, looks.heading), looks)
        table(sheet, at + 1, _agreement_columns(), _agreements(facts), looks)


def _note(facts: Annex) -> str:
    unproven = told.unproven(len(facts.unproven), facts.claimed) if facts.unproven else told.none("unproven")
    return " ".join((unproven, told.agreement(facts.overall)))


def _columns() -> list[Column]:
    return [
        Column(_("Code"), 9),
        Column(_("Criterion"), 26),
        Column(_("Level"), 10, True),
        Column(_("Self"), 10, True),
        Column(_("Verified"), 10, True),
        Column(_("Difference"), 10, True),
        Column(_("Kind"), 22),
        Column(pgettext("annex", "What"), 24),
        Column(_("Together with"), 16),
        Column(_("Facts or reason"), 44),
        Column(_("Why look"), 48),
    ]


def _row(
    criterion: Named,
    kind: str,
    tracks: tuple[Given | Value, Given | Value, Given | Value] = (None, None, None),
    texts: tuple[str, str, str, str] = ("", "", "", ""),
) -> list[Given | Value]:
    title = criterion.title + (_(" key") if criterion.key else "")
    return [Given(criterion.code, bold=True), title, criterion.level, *tracks, kind, *texts]


def _unproven(facts: Annex) -> Iterator[list[Given | Value]]:
    return (_row(item, _("Claims without evidence")) for item in facts.unproven)


def _contradictions(facts: Annex) -> Iterator[list[Given | Value]]:
    for item in facts.contradictions:
        for criterion in item.criteria:
            texts = told.rule(item.rule), _others(item, criterion), told.found(item), told.why(item.rule)
            yield _row(criterion, _("Worth a second look"), texts=texts)


def _others(item: Contradiction, criterion: Named) -> str:
    return words.listed(other.code for other in item.criteria if other.code != criterion.code)


def _excused(facts: Annex) -> Iterator[list[Given | Value]]:
    return (
        _row(item.criterion, _("Set aside as not applicable"), texts=("", "", item.reason, ""))
        for item in facts.excused
    )


def _differing(facts: Annex) -> Iterator[list[Given | Value]]:
    for item in facts.differing:
        tracks = item.self_level, item.verified_level, Given(item.difference, STEP, bold=True)
        yield _row(item.criterion, _("Self-assessed and verified levels"), tracks)


def _agreement_columns() -> list[Column]:
    """Under the list's first columns, in their widths."""
    titles = [
        _("Verified"),
        pgettext("verified level", "equal"),
        pgettext("verified level", "higher"),
        pgettext("verified level", "lower"),
    ]
    numbers = [Column(title, 10, True) for title in titles]
    return [Column(_("Code"), 9), Column(_("Dimension"), 26), *numbers, Column(_("Mean difference"), 22, True)]


def _agreements(facts: Annex) -> Iterator[list[Given | Value]]:
    for item in facts.dimensions:
        counts = item.verified, item.equal, item.higher, item.lower
        yield [Given(item.code, bold=True), item.name, *counts, Given(item.mean, MEAN)]
