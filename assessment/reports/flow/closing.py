"""Open this for the last chapters: improvements by gain, references, and the appendices with every answer."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from assessment.reports import charts, prose, words
from assessment.reports.content.facts import Answer, Content, GapItem, Reference
from assessment.reports.flow.blocks import (
    Block,
    Cell,
    Chapter,
    Heading,
    Picture,
    Row,
    Span,
    Table,
    cell,
    middle,
    para,
)
from assessment.reports.flow.results import EM, MEASURE
from assessment.reports.flow.saying import evidence, heading, level, named, severity
from assessment.reports.linking import web_address

COLUMNS = 36  # of the matrix, at most in one table
MARKS = {"basis": middle(Span("●", "link")), "assigned": middle(Span("○", "link"))}
UNMARKED = middle("")


def improvements(content: Content, number: int) -> Chapter:
    place = Heading(1, heading(number, _("Improvements by gain")), "improvements")
    gaps = content.improvements
    if not gaps:
        return Chapter(place, (para(prose.no_gaps(content)),), turns=False)
    shown, highest = gaps[: prose.DRAWN], content.method.highest
    picture = Picture(
        "dumbbells",
        charts.dumbbells(shown, MEASURE, EM, highest=highest),
        _("Gaps of the largest gain: level and target"),
        lambda: charts.dumbbells(shown, 320, 11, highest=highest),
    )
    return Chapter(place, (para(prose.improvement_words(content)), picture, _ranked(content)), turns=False)


def _ranked(content: Content) -> Table:
    has_owners = any(gap.assigned for gap in content.improvements)
    owner = [cell(_("Owner, by when"))] if has_owners else []
    titles = [_("Level"), _("Severity"), _("Gain")]
    heads = (middle(_("Rank")), cell(_("Criterion")), *map(middle, titles), cell(_("First step")), *owner)
    rows = tuple(_improvement(gap, has_owners) for gap in content.improvements)
    widths = (6, 17, 7, 7, 8, *((40, 15) if has_owners else (55,)))
    return Table(heads, rows, widths, _("All gaps by gain"))


def _improvement(gap: GapItem, has_owners: bool) -> Row:
    owner = [cell(prose.assigned(gap.assigned) if gap.assigned else words.NOTHING)] if has_owners else []
    return Row((
        middle(str(gap.rank)),
        cell(*named(gap.code, gap.title, f"criterion:{gap.code}", gap.key)),
        middle(f"{gap.level}→{gap.target}"),
        middle(severity(gap.severity)),
        middle(Span(words.signed(gap.gain), "strong")),
        cell(prose.first_step(gap)),
        *owner,
    ))  # fmt: skip


# References


def references(content: Content, number: int) -> Chapter | None:
    if not content.references:
        return None
    criteria = {answer.code for answer in content.answers}
    rows = tuple(
        Row((cell(Span(f"[{r.number}]", "navy")), _reference(r, criteria)), f"ref:{r.number}")
        for r in content.references
    )
    table = Table((), rows, (8, 92), label=_("References"))
    place = Heading(1, heading(number, _("References")), "references")
    return Chapter(place, (para(prose.references_words(content)), table), turns=False)


def _reference(r: Reference, criteria: Container[str]) -> Cell:
    kind, address = _("Clause") if r.kind == "clause" else _("Reading"), web_address(r.url)
    title = words.book(r.title)
    paras = [
        para(Span(f"{kind} {r.locator} ", "navy"), Span(title, "link", href=address) if address else Span(title)),
        para(Span(prose.reference_facts(r), "grey")),
        para(Span(prose.read_and_told(r), "grey"), r.summary),
    ]
    if r.quote:
        paras.append(para(Span(_("Quotation: "), "grey"), prose.quoted(r.quote)))
    if back := _cited_at(r, criteria):
        paras.append(para(*back))
    return Cell(tuple(paras))


def _cited_at(r: Reference, criteria: Container[str]) -> list[Span]:
    """The way back: every dimension and criterion that cites it."""
    spans = [Span(_("Cited at: "), "grey"), *_codes(r.cited_by, criteria)] if r.cited_by else []
    if r.assigned_by:
        spans += [Span(prose.filed_here(not spans), "grey"), *_codes(r.assigned_by, criteria)]
    return spans


def _codes(codes: Iterable[str], criteria: Container[str]) -> list[Span]:
    spans: list[Span] = []
    for code in codes:
        spans += [Span(words.stop("、"), "grey")] if spans else []
        spans.append(Span(code, "link", f"criterion:{code}" if code in criteria else f"section:{code}"))
    return spans


# Appendices


def appendix(content: Content) -> Chapter:
    parts = filter(None, (_answers(content), _omitted(content), _matrix(content), _about(content)))
    blocks = [block for number, part in enumerate(parts, 1) for block in _lettered(number, part)]
    return Chapter(Heading(1, _("Appendix"), "appendix"), tuple(blocks), turns=False)


def _lettered(number: int, part: Sequence[Block]) -> Iterable[Block]:
    """An appendix with its number in its heading, which comes first."""
    head, *rest = part
    if isinstance(head, Heading):
        head = replace(head, text=words.appendix(number, head.text))
    return head, *rest


def _answers(content: Content) -> list[Block]:
    heads = (cell(_("Criterion")), middle(_("Self")), middle(_("Verified")), cell(_("Rationale")), cell(_("Evidence")))
    title = _("All answers with evidence")
    rows = tuple(map(_answer, content.answers))
    return [Heading(2, title, "appendix-a"), Table(heads, rows, (24, 9, 9, 29, 29), title)]


def _answer(answer: Answer) -> Row:
    return Row(
        (
            cell(*named(answer.code, answer.title, f"criterion:{answer.code}", answer.key)),
            middle(prose.self_told(answer)),
            middle(level(answer.verified_level)),
            cell(prose.clipped(prose.reason(answer)) or words.NOTHING),
            evidence(answer.evidence) if answer.level or answer.evidence else cell(words.NOTHING),
        ),
        f"answer:{answer.code}",
    )


def _omitted(content: Content) -> list[Block]:
    place = Heading(2, _("Not answered and not applicable"), "appendix-b")
    omitted = [answer for answer in content.answers if answer.state != "answered"]
    if not omitted:
        return [place, para(_("Every criterion is answered."))]
    rows = tuple(
        Row((
            cell(*named(answer.code, answer.title, f"answer:{answer.code}", answer.key)),
            cell(words.state(answer.state)),
            cell(prose.clipped(answer.not_applicable) if answer.state == "na" else words.NOTHING),
        ))
        for answer in omitted
    )  # fmt: skip
    heads = (cell(_("Criterion")), cell(_("State")), cell(_("Reason")))
    return [place, Table(heads, rows, (38, 15, 47), _("Not answered and not applicable"))]


def _matrix(content: Content) -> list[Block]:
    columns, rows = content.matrix.columns, content.matrix.rows
    if not columns:
        return []
    blocks: list[Block] = [Heading(2, _("Coverage: clause × criterion"), "appendix-c"), para(prose.matrix_words())]
    for start in range(0, len(columns), COLUMNS):
        some = columns[start : start + COLUMNS]
        heads = (cell(_("Criterion")), *(_column(column.number, column.short) for column in some))
        body = tuple(
            Row((
                cell(*named(row.code, row.title, f"criterion:{row.code}")),
                *(MARKS.get(mark, UNMARKED) for mark in row.marks[start : start + COLUMNS]),
            ))
            for row in rows
        )  # fmt: skip
        share = 70 / len(some)
        blocks.append(Table(heads, body, (30, *(share,) * len(some)), _("Clauses and criteria"), dense=True))
    return blocks


def _column(number: int | None, short: str) -> Cell:
    return cell(Span(f"[{number}]", "link", f"ref:{number}") if number else Span("–"), f" {short}")


def _about(content: Content) -> list[Block]:
    """What the framework says of itself and of its levels, by which the answers were given."""
    blocks: list[Block] = [para(line) for line in filter(None, map(str.strip, content.method.about.split("\n")))]
    rows = tuple(
        Row((cell(Span(f"{step.level} {step.name}", "navy")), cell(step.meaning)))
        for step in content.method.scale
        if step.meaning
    )
    blocks += [Table((), rows, (24, 76), _("What the levels mean"))] if rows else []
    return [Heading(2, _("About the framework"), "appendix-d"), *blocks] if blocks else []
