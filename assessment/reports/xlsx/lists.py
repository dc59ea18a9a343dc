"""Open this for the workbook's lists: every answer, every gap, every reference, and the matrix of both."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessment.outline import Evidence
from assessment.reports import prose, words
from assessment.reports.charts.shapes import SEVERITY
from assessment.reports.content.facts import Answer, Cite, Content, GapItem, Reference, Words
from assessment.reports.linking import web_address
from assessment.reports.xlsx.sheets import GAIN, Column, Given, Value

Listed = tuple[str, Sequence[Column], Sequence[Sequence[Given | Value]]]


def answers(content: Content) -> Listed:
    """One row a criterion, in the framework's order."""
    columns = [
        Column(_("Code"), 9),
        Column(_("Criterion"), 24),
        Column(_("Dimension"), 18),
        Column(_("Key criterion"), 8, True),
        Column(_("State"), 9, True),
        Column(_("Self"), 8, True),
        Column(_("Verified"), 8, True),
        Column(_("Level that counts"), 10, True),
        Column(_("Target"), 8, True),
        Column(_("Gap"), 9, True),
        Column(_("Rationale"), 52),
        Column(_("Evidence"), 44),
        Column(_("Cited"), 12),
    ]
    names = {section.code: f"{section.code} {section.name}" for section in content.sections}
    rows = [_answer(answer, names[answer.dimension]) for answer in content.answers]
    note = _("Every criterion as answered; levels from 0 to %(highest)s.") % {"highest": content.method.highest}
    return note, columns, rows


def _answer(answer: Answer, dimension: str) -> list[Given | Value]:
    return [
        Given(answer.code, bold=True),
        answer.title,
        dimension,
        _("yes") if answer.key else "",
        words.state(answer.state),
        answer.self_level,
        answer.verified_level,
        Given(answer.level, bold=True),
        answer.target,
        _severity(answer.severity),
        prose.reason(answer),
        _evidence(answer.evidence),
        _numbers(answer.cites),
    ]


def _severity(value: str) -> Given:
    return Given(words.severity(value) if value else "", bold=True, colour=SEVERITY.get(value, ""))


def _numbers(cites: Sequence[Cite]) -> str:
    return " ".join(f"[{cite.number}]" for cite in cites)


def _evidence(items: Sequence[Evidence]) -> Given:
    """One line a piece; the address of the only one is a link if it leads to the web."""
    lines = []
    for number, item in enumerate(items, 1):
        notes = words.listed(filter(None, (item.reference, words.day(item.as_of), item.url)), "，")
        lines.append(f"{number}. {item.title}{words.aside(notes) if notes else ''}")
    href = web_address(items[0].url) if len(items) == 1 else ""
    return Given("\n".join(lines), href=href)


def gaps(content: Content) -> Listed:
    """One row a gap, in order of rank."""
    columns = [
        Column(_("Rank"), 7, True),
        Column(_("Code"), 9),
        Column(_("Criterion"), 22),
        Column(_("Dimension"), 18),
        Column(_("Level"), 7, True),
        Column(_("Target"), 7, True),
        Column(_("Gap"), 7, True),
        Column(_("Severity"), 9, True),
        Column(_("Gain"), 9, True),
        Column(_("Steps"), 60),
        Column(_("Added"), 30),
        Column(_("Proof"), 32),
        Column(_("Measure"), 32),
        Column(_("In charge"), 20),
        Column(_("Owner"), 16),
        Column(_("Due on"), 12, True),
        Column(_("Clause and reading"), 30),
    ]
    note = prose.improvement_words(content) if content.improvements else prose.no_gaps(content)
    return note, columns, [_gap(gap) for gap in content.improvements]


def _gap(gap: GapItem) -> list[Given | Value]:
    return [
        gap.rank,
        Given(gap.code, bold=True),
        gap.title + (_(" key") if gap.key else ""),
        f"{gap.dimension} {gap.dimension_name}",
        gap.level,
        gap.target,
        gap.gap,
        _severity(gap.severity),
        Given(gap.gain, GAIN, bold=True),
        _steps(gap),
        _said(gap.added),
        gap.proof,
        gap.measure,
        gap.owner,
        gap.assigned.owner if gap.assigned else "",
        gap.assigned.due_on if gap.assigned else None,
        "\n".join(f"[{cite.number}] {cite.text}" for cite in gap.cites),
    ]


def _steps(gap: GapItem) -> str:
    if gap.reworded:
        return _said(gap.reworded)
    return "\n".join(f"{action.start}→{action.end} {action.text}" for action in gap.actions if action.text)


def _said(said: Words | None) -> str:
    if not said:
        return ""
    return "\n".join([_lines(said), words.listed(filter(None, (said.by, words.day(said.on))), "，")])


def _lines(said: Words) -> str:
    marks = {"bullet": "• ", "paragraph": ""}
    lines = (f"{'　' * block.depth}{marks.get(block.kind, f'{block.number}. ')}{block.text}" for block in said.blocks)
    return "\n".join(lines)


def own_words(content: Content) -> Listed:
    """What people wrote: the summary, each dimension's commentary; recommendations stand with their gaps."""
    columns = [Column(_("Place"), 24), Column(_("Text"), 100), Column(_("Written by"), 14), Column(_("Day"), 12, True)]
    places = [(_("Executive summary"), content.summary.words)]
    places += [(f"{section.code} {section.name}", section.commentary) for section in content.sections]
    rows = [[Given(place, bold=True), _lines(said), said.by, said.on] for place, said in places if said]
    return _("Written by people for this report, apart from what the tool says."), columns, rows


def references(content: Content) -> Listed:
    """One row a passage that is cited."""
    columns = [
        Column(_("Number"), 7, True),
        Column(_("Kind"), 8, True),
        Column(_("Place"), 26),
        Column(_("Document"), 40),
        Column(_("Document number"), 20),
        Column(_("Issuers"), 26),
        Column(_("Issued"), 12, True),
        Column(_("Edition"), 18),
        Column(_("Wording"), 14),
        Column(_("What it says"), 44),
        Column(_("Quotation"), 44),
        Column(_("Cited at"), 30),
        Column(_("Filed here by this tool"), 20),
    ]
    return prose.references_words(content), columns, [_reference(r) for r in content.references]


def _reference(r: Reference) -> list[Given | Value]:
    return [
        r.number,
        _("Clause") if r.kind == "clause" else _("Reading"),
        r.locator,
        Given(words.book(r.title), href=web_address(r.url)),
        r.document_number,
        words.listed(r.issuers),
        r.issued,
        r.edition,
        words.status(r.status),
        r.summary,
        r.quote,
        words.listed(r.cited_by),
        words.listed(r.assigned_by),
    ]


def matrix(content: Content) -> Listed:
    """Clause × criterion. A head's brackets begin a line, as a column is too narrow to hold them with what is before."""
    shorts = [(f"[{c.number}]" if c.number else "–", c.short.replace("（", "\n（")) for c in content.matrix.columns]
    heads = [Column(f"{number} {short}", 9, True) for number, short in shorts]
    signs = {"basis": "●", "assigned": "○"}
    rows: list[list[Given | Value]] = [
        [Given(row.code, bold=True), row.title, *(signs.get(mark, "") for mark in row.marks)]
        for row in content.matrix.rows
    ]
    return prose.matrix_words(), [Column(_("Code"), 9), Column(_("Criterion"), 26), *heads], rows
