"""Open this for the chapter of gaps: a section a dimension, a block a gap, from where the city stands to what to do."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from assessment.outline import Evidence
from assessment.reports import charts, prose, words
from assessment.reports.content.facts import Answer, Cite, Content, GapItem, Section
from assessment.reports.linking import web_address
from assessment.reports.pdf import look, own
from assessment.reports.pdf.book import Book
from assessment.reports.pdf.table import Cell, Given, Row, Table, wide_enough
from assessment.reports.typeset import Run

EM = 8.2
MOST_EVIDENCE = 20
HEAD_OF_SECTION, ROW = 150, 19.6  # points: verdict, picture and table head, which stay together, and one criterion


def sections(book: Book, content: Content) -> None:
    book.begin(_("Gaps by dimension"))
    book.heading(_("Gaps by dimension"), 1, "gaps")
    for section in content.sections:
        _section(book, content, section)


def _section(book: Book, content: Content, section: Section) -> None:
    keep = HEAD_OF_SECTION + ROW * len(section.answers)
    book.heading(f"{section.code} {section.name}", 2, f"section:{section.code}", keep=keep, numbered=False)
    _verdict(book, content, section)
    _picture(book, section)
    own.commentary(book, section.commentary)
    book.space(6)
    _criteria(book, section)
    for gap in section.gaps:
        _gap(book, content, gap)
    if not section.gaps:
        book.space(6)
        book.write(prose.no_gaps_here(section))


def _verdict(book: Book, content: Content, section: Section) -> None:
    told = Run(prose.verdict(content, section), look.BODY)
    book.write([told, *(look.mark(cite.number) for cite in section.cites)])
    book.space(4)


def _picture(book: Book, section: Section) -> None:
    if section.journey:
        book.figure(charts.journey(section.journey, look.MEASURE - 40, EM))
    elif section.balance:
        book.figure(charts.balance(section.balance, look.MEASURE * 0.62, EM))
    elif section.ruler:
        book.figure(charts.ruler(section.ruler, look.MEASURE - 40, EM))


def _criteria(book: Book, section: Section) -> None:
    """All criteria of the dimension on one table: what an auditor reads first."""
    titles = [_("Criterion"), _("Self"), _("Verified"), _("Target"), _("Gap"), _("Cited")]
    states = [titles[1], words.state("na"), words.state("blank")]
    widths = [174, 48, 48, 44, 62, look.MEASURE - 376]
    table = Table(book, wide_enough(book, widths, [], states, titles[2:3], titles[3:4]))
    table.head(titles, "lccccl")
    gaps = {gap.code for gap in section.gaps}
    for answer in section.answers:
        key = "" if answer.code in gaps else f"criterion:{answer.code}"
        table.add(_criterion(answer, answer.code in gaps), "lccccl", key)
    table.draw()


def _criterion(answer: Answer, has_gap: bool) -> list[Given]:
    link = f"criterion:{answer.code}" if has_gap else f"answer:{answer.code}"
    name = [Run(f"{answer.code} {answer.title}", look.CELL, link), *key_mark(answer.key)]
    return [
        name,
        prose.self_told(answer),
        words.NOTHING if answer.verified_level is None else str(answer.verified_level),
        words.NOTHING if answer.target is None else str(answer.target),
        Run(words.severity(answer.severity), look.coloured(answer.severity)) if answer.severity else words.NOTHING,
        numbers(answer.cites),
    ]


def key_mark(key: bool) -> list[Run]:
    return [Run(_(" key"), look.SMALL_BOLD, tied=True)] if key else []


def numbers(cites: Iterable[Cite]) -> list[Run]:
    runs: list[Run] = []
    for cite in cites:
        runs += [Run(" ", look.CELL)] if runs else []
        runs.append(Run(f"[{cite.number}]", look.CELL_LINK, f"ref:{cite.number}", tied=True))
    return runs or [Run(words.NOTHING, look.CELL)]


# One gap


def _gap(book: Book, content: Content, gap: GapItem) -> None:
    table = Table(book, [74, look.MEASURE - 74], keep_first=2)
    table.title = _title(table, gap, content.method.highest)
    table.again = _title_again(table, gap)
    _row(table, _("Now: %(level)s") % {"level": words.level(gap.level)}, [Run(gap.now, look.CELL)])
    _row(table, _("Target: %(level)s") % {"level": words.level(gap.target)}, [Run(gap.then, look.CELL)])
    _advice(table, gap)
    for name, text in ((_("Proof"), gap.proof), (_("Measure"), gap.measure), (_("In charge"), gap.owner)):
        if text:
            _row(table, name, [Run(text, look.CELL)])
    if gap.rationale:
        _row(table, _("Rationale"), [Run(prose.clipped(gap.rationale), look.CELL)])
    table.rows.append(Row((table.cell(0, Run(_("Evidence"), look.CELL_NAVY)), evidence(table, 1, gap.evidence))))
    for kind, name in prose.kinds_of_cites(content):
        table.rows.append(Row((table.cell(0, Run(name, look.CELL_NAVY)), _cites(table, gap.cites, kind))))
    book.space(14)
    book.need(table.above + sum(row.least for row in table.rows[:2]))
    book.tags.section(3)
    book.aim(f"criterion:{gap.code}")
    table.draw()


def _advice(table: Table, gap: GapItem) -> None:
    """The framework's steps, or what a person wrote instead; what was added; who does it until when."""
    steps = () if gap.reworded else [action for action in gap.actions if action.text]
    for number, action in enumerate(steps, 1):
        name = _("Step %(number)s: %(start)s→%(end)s") % {"number": number, "start": action.start, "end": action.end}
        _row(table, name, [Run(action.text, look.CELL)])
    for name, said in ((_("Recommended"), gap.reworded), (_("Added"), gap.added)):
        if said:
            cells = (table.cell(0, Run(name, look.CELL_NAVY)), own.recommendation(table, said))
            table.rows.append(Row(cells, fill=look.SHADE))
    if gap.assigned:
        _row(table, _("Owner, by when"), [Run(prose.assigned(gap.assigned), look.CELL_BOLD)])


def _row(table: Table, name: str, runs: Sequence[Run]) -> None:
    table.add([Run(name, look.CELL_NAVY), runs], "lj")


def _title(table: Table, gap: GapItem, highest: int) -> Row:
    """Name and figures on the left, the ladder on the right."""
    ladder = charts.ladder(gap.level, gap.target, gap.verified_level, highest=highest, width=104, em=7.2)
    width = look.MEASURE - ladder.width - 30
    title = [Run(f"{gap.code} {gap.title}", look.HEADINGS[3][0]), *key_mark(gap.key)]
    facts = [
        Run(words.severity(gap.severity), look.coloured(gap.severity)),
        Run(prose.gap_facts(gap), look.CELL_GREY),
    ]
    told = (table.book.lay(runs, width, 14.5, align="left") for runs in (title, facts))
    cells = (Cell(tuple(told), ("H3", "P")), Cell((ladder,)))
    return Row(cells, fill=look.SHADE, pad=5, widths=(width + 10, ladder.width + 20))


def _title_again(table: Table, gap: GapItem) -> Row:
    text = _("%(criterion)s (continued)") % {"criterion": f"{gap.code} {gap.title}"}
    cell = Cell((table.book.lay(Run(text, look.CELL_NAVY), look.MEASURE - 20, look.CELL_LEADING),))
    return Row((cell, Cell()), fill=look.SHADE)


def _cites(table: Table, cites: Iterable[Cite], kind: str) -> Cell:
    chosen = [cite for cite in cites if cite.kind == kind]
    if not chosen:
        word = _("none directly") if kind == "clause" else _("no reading")
        return table.cell(1, Run(word, look.CELL_GREY))
    return table.stack(1, [cite_line(cite) for cite in chosen])


def cite_line(cite: Cite) -> list[Run]:
    """The number, the place, and either the quotation or the word that none may stand here."""
    runs = [Run(f"[{cite.number}]", look.CELL_LINK, f"ref:{cite.number}"), Run(f" {cite.text}", look.CELL)]
    if cite.role == "assigned":
        return [*runs, Run(_(" (filed here by this tool)"), look.CELL_GREY)]
    return [*runs, Run(words.stop("：") + prose.quoted(cite.quote), look.CELL)] if cite.quote else runs


# What users wrote: never markup, never too long, links only to the web


def evidence(table: Table, column: int, items: Sequence[Evidence]) -> Cell:
    if not items:
        return table.cell(column, Run(_("none named"), look.CELL_GREY))
    lines = [_evidence(number, item) for number, item in enumerate(items[:MOST_EVIDENCE], 1)]
    if len(items) > MOST_EVIDENCE:
        more = _("and %(count)s more in the tool") % {"count": len(items) - MOST_EVIDENCE}
        lines.append([Run(more, look.CELL_GREY)])
    return table.stack(column, lines, "L")


def _evidence(number: int, item: Evidence) -> list[Run]:
    notes = [item.reference[:200], words.day(item.as_of)]
    address = web_address(item.url)
    runs = [
        Run(f"{number}. ", look.CELL, label=True),
        Run(item.title[:300], look.CELL_LINK if address else look.CELL, address),
    ]
    note = words.listed(filter(None, notes), "，")
    runs += [Run(words.aside(note), look.CELL)] if note else []
    if item.url and not address:
        runs.append(Run(f" {item.url[:200]}", look.CELL_GREY))
    return runs
