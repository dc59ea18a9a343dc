"""Open this for the chapters before the results: the one-page summary, what a person sums up, the method."""

from itertools import batched

from django.utils.translation import gettext as _

from assessment.reports import prose, words
from assessment.reports.content.facts import Content
from assessment.reports.flow.blocks import (
    Block,
    Boxes,
    Cell,
    Chapter,
    Heading,
    Para,
    Row,
    Span,
    Table,
    cell,
    middle,
    para,
)
from assessment.reports.flow.saying import first_step, heading, own, severity

SIDE_BY_SIDE = 6  # levels of the scale at most


def executive_summary(content: Content, number: int) -> Chapter | None:
    said = content.summary.words
    if not said:
        return None
    return Chapter(Heading(1, heading(number, _("Executive summary")), "executive-summary"), (own(said),))


def summary(content: Content, number: int) -> Chapter:
    blocks: list[Block] = [Boxes(tuple(prose.boxes(content)))]
    blocks += [_small_heading(_("In short"), "in-short"), para(prose.judgement(content))]
    blocks += [_small_heading(_("What limits the level"), "limits"), _caps(content)]
    blocks += [_small_heading(_("Strengths"), "strengths"), _strengths(content)]
    blocks += [_small_heading(_("Gaps to close first"), "first-gaps"), _worst(content)]
    blocks += [_small_heading(_("How sure these figures are"), "how-sure"), _how_sure(content)]
    return Chapter(Heading(1, heading(number, _("One-page summary")), "summary"), tuple(blocks))


def _small_heading(title: str, key: str) -> Heading:
    return Heading(2, title, key, small=True)


def _caps(content: Content) -> Para:
    caps = content.summary.caps
    if not caps:
        unheld = _("No dimension is held down by a key criterion.")
        return para(unheld if prose.any_level(content) else prose.no_level())
    spans = [Span(_("A key criterion holds these %(count)s dimensions below their score: ") % {"count": len(caps)})]
    for place, cap in enumerate(caps[: prose.MOST]):
        spans += [Span(words.stop("；"))] if place else []
        spans += [Span(f"{cap.code} {cap.name}", "navy", f"section:{cap.code}"), Span(prose.held(cap))]
    if len(caps) > prose.MOST:
        others = Span(_("the others under the overall results"), "link", "results")
        spans += [Span(words.stop("；")), others]
    return para(*spans, words.stop("。").strip())


def _strengths(content: Content) -> Block:
    if not content.summary.strengths:
        unreached = _("No dimension has reached level 1 yet.")
        return para(unreached if prose.any_level(content) else prose.no_level())
    rows = tuple(
        Row((
            cell(Span(f"{item.code} {item.name}", "navy", f"section:{item.code}")),
            cell(f"{words.points(item.score)} · {words.level(item.level)}"),
            cell(prose.carriers(item)),
        ))
        for item in content.summary.strengths
    )  # fmt: skip
    return Table((), rows, (22, 15, 63), label=_("Strengths"))


def _worst(content: Content) -> Block:
    if not content.summary.gaps:
        return para(prose.no_gaps(content))
    rows = tuple(
        Row((
            cell(Span(f"{gap.code} {gap.title}", "navy", f"criterion:{gap.code}")),
            Cell((
                para(severity(gap.severity), f" {gap.level}→{gap.target}"),
                para(Span(_("gain %(gain)s") % {"gain": words.signed(gap.gain)}, "grey")),
            )),
            Cell((first_step(gap),)),
        ))
        for gap in content.summary.gaps
    )  # fmt: skip
    return Table((), rows, (22, 15, 63), label=_("Gaps to close first"))


def _how_sure(content: Content) -> Table:
    rows = tuple(Row((cell(Span(name, "navy")), cell(said))) for name, said in prose.how_sure(content))
    return Table((), rows, (13, 87), label=_("How sure these figures are"))


# Method


def method(content: Content, number: int) -> Chapter:
    facts = content.method
    blocks: list[Block] = [*_part(_("Levels and scores"), "levels", prose.levels_and_scores(facts))]
    if facts.has_balances:
        blocks += map(para, prose.balances(facts.shift))
    blocks += _part(_("Level of a dimension"), "dimension-level", prose.level_rule(facts))
    blocks.append(_scale(content))
    blocks += _part(_("How sure a score is"), "certainty", prose.certainty())
    blocks += _part(_("Gaps and gains"), "gap-rule", prose.gaps_rule())
    blocks += _part(_("Worked example"), "example", *prose.example(content))
    if caveats := prose.caveats(content):
        blocks += [_small_heading(_("What to bear in mind"), "caveats"), *_listed(caveats)]
    blocks += _part(_("How to check this report"), "recompute", *prose.recompute(content))
    place = Heading(1, heading(number, _("Method")), "method")
    return Chapter(place, tuple(blocks), turns=content.summary.words is None)


def _part(title: str, key: str, *paragraphs: str) -> list[Block]:
    return [_small_heading(title, key), *map(para, paragraphs)]


def _listed(texts: list[str]) -> list[Block]:
    if len(texts) == 1:
        return [para(texts[0])]
    return [Para((Span(said),), "numbered", number) for number, said in enumerate(texts, 1)]


def _scale(content: Content) -> Table:
    """The levels and the scores at which they begin, in rows of a few."""
    scale = content.method.scale
    rows: list[Row] = []
    per_row = -(-len(scale) // -(-len(scale) // SIDE_BY_SIDE))
    for steps in batched(scale, per_row, strict=False):
        blank = (cell(""),) * (per_row - len(steps))
        rows.append(Row((*(middle(Span(f"{s.level} {s.name}", "navy")) for s in steps), *blank), shaded=True))
        rows.append(Row((*(middle(prose.threshold(step, scale)) for step in steps), *blank)))
    return Table((), tuple(rows), (1,) * per_row, _("Levels and the scores at which they begin"))
