"""Open this for the chapter of the quality annex: claims without evidence, what does not fit together, what was set
aside, and what a reviewer saw differently."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.reports import annex as told
from assessment.reports import words
from assessment.reports.content.facts import Agreement, Annex, Content, Contradiction, Named
from assessment.reports.flow.blocks import Block, Cell, Chapter, Heading, Row, Span, Table, cell, middle, para
from assessment.reports.flow.saying import heading, level, named
from assessment.reports.prose import clipped


def annex(content: Content, number: int) -> Chapter:
    facts = content.annex
    parts = [*_unproven(facts), *_contradictions(facts), *_excused(facts), *_verified(facts)]
    return Chapter(Heading(1, heading(number, _("Quality annex")), "annex"), (para(told.lead()), *parts), turns=False)


def _unproven(facts: Annex) -> list[Block]:
    title = _("Claims without evidence")
    place = Heading(2, title, "annex-unproven")
    if not facts.unproven:
        return [place, para(told.none("unproven"))]
    rows = tuple(Row((_name(item), middle(level(item.level)))) for item in facts.unproven)
    table = Table((cell(_("Criterion")), middle(_("Level"))), rows, (80, 20), label=title)
    return [place, para(told.unproven(len(facts.unproven), facts.claimed)), table]


def _contradictions(facts: Annex) -> list[Block]:
    title = _("Worth a second look")
    place = Heading(2, title, "annex-contradictions")
    if not facts.contradictions:
        return [place, para(told.none("contradictions"))]
    heads = (cell(pgettext("annex", "What")), cell(_("Criteria and levels")), cell(_("Why look")))
    rows = tuple(
        Row((cell(Span(told.rule(item.rule), "navy")), _criteria(item), cell(told.why(item.rule))))
        for item in facts.contradictions
    )
    return [place, Table(heads, rows, (22, 41, 37), label=title)]


def _criteria(item: Contradiction) -> Cell:
    spans: list[Span] = []
    for criterion in item.criteria:
        spans += [Span(words.stop("；"))] if spans else []
        spans += _spans(criterion)
        spans += [Span(words.aside(words.level(criterion.level)))] if criterion.level is not None else []
    facts = told.found(item)
    mark = (Span(f"[{item.number}]", "link", f"ref:{item.number}", raised=True),) if item.number else ()
    if not facts:
        return Cell((para(*spans, *mark),))
    return Cell((para(*spans), para(Span(facts, "grey"), *mark)))


def _excused(facts: Annex) -> list[Block]:
    title = _("Set aside as not applicable")
    place = Heading(2, title, "annex-excused")
    if not facts.excused:
        return [place, para(told.none("excused"))]
    rows = tuple(Row((_name(item.criterion), cell(clipped(item.reason) or words.NOTHING))) for item in facts.excused)
    return [place, Table((cell(_("Criterion")), cell(_("Reason"))), rows, (40, 60), label=title)]


def _verified(facts: Annex) -> list[Block]:
    blocks: list[Block] = [Heading(2, _("Self-assessed and verified levels"), "annex-verified")]
    blocks.append(para(told.agreement(facts.overall)))
    if not facts.overall.verified:
        return blocks
    blocks.append(_agreements(facts.dimensions))
    if not facts.differing:
        return [*blocks, para(told.none("differing"))]
    titles = (_("Self"), _("Verified"), _("Difference"))
    rows = tuple(
        Row((
            _name(item.criterion),
            *map(middle, (str(item.self_level), str(item.verified_level), told.step(item.difference))),
        ))
        for item in facts.differing
    )  # fmt: skip
    heads = (cell(_("Criterion")), *map(middle, titles))
    name = _("Criteria whose verified level differs")
    return [*blocks, para(Span(name, "navy")), Table(heads, rows, (55, 15, 15, 15), label=name)]


def _agreements(dimensions: Sequence[Agreement]) -> Table:
    titles = [
        _("Verified"),
        pgettext("verified level", "equal"),
        pgettext("verified level", "higher"),
        pgettext("verified level", "lower"),
        _("Mean difference"),
    ]
    rows = tuple(
        Row((
            cell(Span(f"{item.code} {item.name}", "link", f"section:{item.code}")),
            *(middle(str(count)) for count in (item.verified, item.equal, item.higher, item.lower)),
            middle(told.mean(item.mean)),
        ))
        for item in dimensions
    )  # fmt: skip
    heads = (cell(_("Dimension")), *map(middle, titles))
    return Table(heads, rows, (30, 12, 12, 14, 14, 18), label=_("Self-assessed and verified levels by dimension"))


def _name(criterion: Named) -> Cell:
    return cell(*_spans(criterion))


def _spans(criterion: Named) -> tuple[Span, ...]:
    return named(criterion.code, criterion.title, f"criterion:{criterion.code}", criterion.key)
