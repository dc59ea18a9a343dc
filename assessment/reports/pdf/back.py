"""Open this for the last chapters: improvements by gain, references, and the appendices with every answer."""

from collections.abc import Container, Iterable

from django.utils.translation import gettext as _

from assessment.reports import charts, prose, words
from assessment.reports.content.facts import Answer, Content, GapItem, Reference
from assessment.reports.linking import web_address
from assessment.reports.pdf import look
from assessment.reports.pdf.book import Book, citing
from assessment.reports.pdf.matrix import matrix
from assessment.reports.pdf.sections import evidence, key_mark
from assessment.reports.pdf.table import LIST, PAD_X, PLACED, Cell, Given, Row, Table, wide_enough
from assessment.reports.typeset import Run

SEVERITIES = ("critical", "major", "minor")
MOST_MISSING = 200  # characters that are listed


def improvements(book: Book, content: Content) -> None:
    book.begin(_("Improvements by gain"))
    book.heading(_("Improvements by gain"), 1, "improvements")
    gaps = content.improvements
    if not gaps:
        book.write(prose.no_gaps(content))
        return
    book.write(prose.improvement_words(content))
    book.space(8)
    book.figure(charts.dumbbells(gaps[: prose.DRAWN], look.MEASURE, 8.2, highest=content.method.highest))
    book.space(12)
    has_owners = any(gap.assigned for gap in gaps)
    titles = [_("Rank"), _("Criterion"), _("Level"), _("Severity"), _("Gain"), _("First step")]
    severities = [titles[3], *map(words.severity, SEVERITIES)]
    widths = [28, 104, 32, 32, 38, *([look.MEASURE - 322, 88] if has_owners else [look.MEASURE - 234])]
    table = Table(book, wide_enough(book, widths, titles[:1], [], titles[2:3], severities))
    table.head([*titles, *([_("Owner, by when")] if has_owners else [])], "clccclll")
    for gap in gaps:
        owner = [prose.assigned(gap.assigned) if gap.assigned else words.NOTHING] if has_owners else []
        table.add([*_improvement(gap), *owner], "clccrjl")
    table.draw()


def _improvement(gap: GapItem) -> list[Given]:
    return [
        str(gap.rank),
        [Run(f"{gap.code} {gap.title}", look.CELL, f"criterion:{gap.code}"), *key_mark(gap.key)],
        f"{gap.level}→{gap.target}",
        Run(words.severity(gap.severity), look.coloured(gap.severity)),
        Run(words.signed(gap.gain), look.CELL_BOLD),
        prose.first_step(gap),
    ]


# References


def references(book: Book, content: Content) -> None:
    if not content.references:
        return
    book.begin(_("References"))
    book.heading(_("References"), 1, "references")
    book.write(prose.references_words(content) + _(" A small number beside a page is a further place on it."))
    book.space(8)
    table = Table(book, [34, look.MEASURE - 34], kind=LIST)
    criteria = {answer.code for answer in content.answers}
    charted = {column.number for column in content.matrix.columns}
    for reference in content.references:
        told = _reference(table, reference, criteria, reference.number in charted)
        cells = (table.cell(0, Run(f"[{reference.number}]", look.CELL_LINK), "left"), told)
        table.rows.append(Row(cells, f"ref:{reference.number}"))
    table.draw()


def _reference(table: Table, r: Reference, criteria: Container[str], charted: bool) -> Cell:
    address = web_address(r.url)
    kind = _("Clause") if r.kind == "clause" else _("Reading")
    facts = prose.reference_facts(r)
    lines: list[list[Run]] = [
        [
            Run(f"{kind} ", look.SMALL_BOLD),
            Run(f"{r.locator} ", look.CELL_NAVY),
            Run(words.book(r.title), look.CELL, address),
        ],
        [Run(facts, look.CELL_GREY)],
        [Run(prose.read_and_told(r), look.CELL_GREY), Run(r.summary, look.CELL)],
    ]
    if r.quote:
        lines.append([Run(_("Quotation: "), look.CELL_GREY), Run(prose.quoted(r.quote), look.CELL)])
    lines.append(_cited_at(r, criteria) + _cited_on(table.book, r, charted))
    return table.stack(1, lines)


def _cited_at(r: Reference, criteria: Container[str]) -> list[Run]:
    runs = [Run(_("Cited at: "), look.CELL_GREY), *_codes(r.cited_by, criteria)] if r.cited_by else []
    if r.assigned_by:
        runs += [Run(prose.filed_here(not runs), look.CELL_GREY), *_codes(r.assigned_by, criteria)]
    return runs


def _cited_on(book: Book, r: Reference, charted: bool) -> list[Run]:
    """The way back: the pages that cite it, each a link to the place; further ones on a page are small numbers."""
    pages = book.cited.get(f"ref:{r.number}", [])
    places: list[Run] = []
    for number, (page, before) in enumerate(zip(pages, [0, *pages], strict=False), 1):
        key, nth = citing(f"ref:{r.number}", number), pages[:number].count(page)
        if page == before:
            places.append(Run(f"{'·' if nth > 2 else ' '}{nth}", look.MARK, key, tied=True))
        else:
            places += [Run(words.stop("、"), look.CELL_GREY)] if places else []
            places.append(Run(str(page), look.CELL_LINK, key))
    runs = _around(_("; see page {pages}"), "{pages}", places) if places else []
    if charted:
        appendix = Run(_("Appendix C"), look.CELL_LINK, citing(f"ref:{r.number}", 0))
        runs += _around(_("; also in {appendix}"), "{appendix}", [appendix])
    return [*runs, Run(words.stop("。").rstrip(), look.CELL_GREY)] if runs else []


def _around(sentence: str, word: str, runs: Iterable[Run]) -> list[Run]:
    before, after = sentence.split(word)
    return [Run(before, look.CELL_GREY), *runs, Run(after, look.CELL_GREY)]


def _codes(codes: Iterable[str], criteria: Container[str]) -> list[Run]:
    runs: list[Run] = []
    for code in codes:
        runs += [Run(words.stop("、"), look.CELL_GREY)] if runs else []
        runs.append(Run(code, look.CELL_LINK, f"criterion:{code}" if code in criteria else f"section:{code}"))
    return runs


# Appendices


def appendices(book: Book, content: Content) -> None:
    book.begin(_("Appendix"))
    book.heading(_("Appendix"), 1, "appendix", numbered=False)
    _answers(book, content)
    _omitted(book, content)
    matrix(book, content)
    _about(book, content)
    _missing(book)


def _answers(book: Book, content: Content) -> None:
    book.appendix(_("All answers with evidence"), "appendix-a")
    titles = [_("Criterion"), _("Self"), _("Verified"), _("Rationale"), _("Evidence")]
    half, states = (look.MEASURE - 184) / 2, [titles[1], words.state("na"), words.state("blank")]
    table = Table(book, wide_enough(book, [116, 36, 32, half, half], [], states, titles[2:3]))
    table.head(titles, "lccll")
    for answer in content.answers:
        table.add(_answer(table, answer), "lccjj", f"answer:{answer.code}")
    table.draw()


def _answer(table: Table, answer: Answer) -> list[Given]:
    return [
        [Run(f"{answer.code} {answer.title}", look.CELL, f"criterion:{answer.code}"), *key_mark(answer.key)],
        prose.self_told(answer),
        words.NOTHING if answer.verified_level is None else str(answer.verified_level),
        prose.clipped(prose.reason(answer)) or words.NOTHING,
        evidence(table, 4, answer.evidence) if answer.level or answer.evidence else words.NOTHING,
    ]


def _omitted(book: Book, content: Content) -> None:
    book.appendix(_("Not answered and not applicable"), "appendix-b", keep=60)
    omitted = [answer for answer in content.answers if answer.state != "answered"]
    if not omitted:
        book.write(_("Every criterion is answered."))
        return
    table = Table(book, [190, 70, look.MEASURE - 260])
    table.head([_("Criterion"), _("State"), _("Reason")])
    for answer in omitted:
        name = Run(f"{answer.code} {answer.title}", look.CELL, f"answer:{answer.code}")
        reason = prose.clipped(answer.not_applicable) if answer.state == "na" else words.NOTHING
        table.add([[name, *key_mark(answer.key)], words.state(answer.state), reason])
    table.draw()


# The framework's own words


def _about(book: Book, content: Content) -> None:
    """What the framework says of itself and of its levels, by which the answers were given; on one page if one holds it."""
    table = Table(book, [look.MEASURE], kind=PLACED)
    for line in filter(None, map(str.strip, content.method.about.split("\n"))):
        indent = words.indent() * look.CELL.size
        laid = book.lay(Run(line, look.CELL), look.MEASURE - 2 * PAD_X, look.CELL_LEADING, indent=indent)
        cell = Cell((laid,))
        table.rows.append(Row((cell,), rule=False, pad=1.6))
    scale = Table(book, [128, look.MEASURE - 128])
    for step in content.method.scale:
        if step.meaning:
            scale.add([Run(f"{step.level} {step.name}", look.CELL_NAVY), step.meaning], "lj")
    if rows := [*table.rows, *scale.rows]:
        height = sum(row.height for row in rows)
        book.appendix(_("About the framework"), "appendix-d", keep=min(height, look.ROOM - 40))
        table.draw()
        scale.draw()


# What could not be printed


def _missing(book: Book) -> None:
    missing = sorted(book.setter.clean.missing)
    if not missing:
        return
    book.appendix(_("Characters that the font lacks"), "missing", keep=80)
    book.write(_("Printed as 〓 in this report, and kept as typed in the tool."))
    codes = [f"U+{ord(character):04X}" for character in missing[:MOST_MISSING]]
    if len(missing) > MOST_MISSING:
        codes.append(_("and %(count)s more") % {"count": len(missing) - MOST_MISSING})
    book.write(words.listed(codes), look.CELL, look.CELL_LEADING)
