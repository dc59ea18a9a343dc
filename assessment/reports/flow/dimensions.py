"""Open this for the chapter of gaps: a section a dimension, a table a gap, from where the city stands to what to do."""

from django.utils.translation import gettext as _

from assessment.reports import prose, words
from assessment.reports.content.facts import Answer, Content, GapItem, Section
from assessment.reports.flow.blocks import (
    Block,
    Cell,
    Chapter,
    Heading,
    Row,
    Rungs,
    Span,
    Table,
    cell,
    middle,
    para,
)
from assessment.reports.flow.results import picture
from assessment.reports.flow.saying import (
    cited,
    evidence,
    heading,
    level,
    marks,
    named,
    numbers,
    own,
    recommended,
    severity,
)


def dimensions(content: Content, number: int) -> Chapter:
    blocks = [block for section in content.sections for block in _section(content, section)]
    return Chapter(Heading(1, heading(number, _("Gaps by dimension")), "gaps"), tuple(blocks), turns=False)


def _section(content: Content, section: Section) -> list[Block]:
    blocks: list[Block] = [
        Heading(2, f"{section.code} {section.name}", f"section:{section.code}"),
        para(prose.verdict(content, section), *marks(section.cites)),
        picture(section),
    ]
    blocks += [own(section.commentary)] if section.commentary else []
    blocks.append(_criteria(section))
    for gap in section.gaps:
        blocks += _gap(content, gap)
    if not section.gaps:
        blocks.append(para(prose.no_gaps_here(section)))
    return blocks


def _criteria(section: Section) -> Table:
    """All criteria of the dimension: what an auditor reads first."""
    titles = [_("Self"), _("Verified"), _("Target"), _("Gap")]
    heads = (cell(_("Criterion")), *map(middle, titles), cell(_("Cited")))
    gaps = {gap.code for gap in section.gaps}
    rows = tuple(_criterion(answer, answer.code in gaps) for answer in section.answers)
    caption = _("Criteria of %(dimension)s") % {"dimension": f"{section.code} {section.name}"}
    return Table(heads, rows, (36, 14, 11, 9, 11, 19), caption)


def _criterion(answer: Answer, has_gap: bool) -> Row:
    place = f"criterion:{answer.code}" if has_gap else f"answer:{answer.code}"
    return Row(
        (
            cell(*named(answer.code, answer.title, place, answer.key)),
            middle(prose.self_told(answer)),
            middle(level(answer.verified_level)),
            middle(level(answer.target)),
            middle(severity(answer.severity)),
            cell(*numbers(answer.cites)),
        ),
        "" if has_gap else f"criterion:{answer.code}",
    )


def _gap(content: Content, gap: GapItem) -> list[Block]:
    mark = words.aside(_(" key").strip()) if gap.key else ""
    rungs = Rungs(gap.level, gap.target, gap.verified_level, content.method.highest)
    facts = severity(gap.severity), Span(prose.gap_facts(gap), "grey"), Span("  "), rungs
    rows = [
        _row(_("Now: %(level)s") % {"level": words.level(gap.level)}, gap.now),
        _row(_("Target: %(level)s") % {"level": words.level(gap.target)}, gap.then),
        *_advice(gap),
        *(
            _row(name, said)
            for name, said in ((_("Proof"), gap.proof), (_("Measure"), gap.measure), (_("In charge"), gap.owner))
            if said
        ),
    ]
    rows += [_row(_("Rationale"), prose.clipped(gap.rationale))] if gap.rationale else []
    rows.append(Row((_name(_("Evidence")), evidence(gap.evidence))))
    rows += [Row((_name(name), cited(gap.cites, kind))) for kind, name in prose.kinds_of_cites(content)]
    named_ = f"{gap.code} {gap.title}"
    return [
        Heading(3, f"{named_}{mark}", f"criterion:{gap.code}"),
        Table((), tuple(rows), (17, 83), label=named_, banner=cell(Span(f"{gap.code}  ", "navy"), *facts)),
    ]


def _advice(gap: GapItem) -> list[Row]:
    """The framework's steps, or what a person wrote instead; what was added; who does it until when."""
    rows: list[Row] = []
    for number, action in enumerate((a for a in gap.actions if a.text and not gap.reworded), 1):
        name = _("Step %(number)s: %(start)s→%(end)s") % {"number": number, "start": action.start, "end": action.end}
        rows.append(_row(name, action.text))
    for name, said in ((_("Recommended"), gap.reworded), (_("Added"), gap.added)):
        if said:
            rows.append(Row((_name(name), recommended(said)), own=True))
    if gap.assigned:
        rows.append(Row((_name(_("Owner, by when")), cell(Span(prose.assigned(gap.assigned), "strong")))))
    return rows


def _row(name: str, said: str) -> Row:
    return Row((_name(name), cell(said)))


def _name(name: str) -> Cell:
    return cell(Span(name, "navy"))
