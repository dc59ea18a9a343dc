"""Open this for the list of evidence to be asked for as Word and as a workbook."""

from dataclasses import asdict

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from assessment.reports import docx, prose, words
from assessment.reports.asking.facts import Claim, Desk, Raise, Request
from assessment.reports.content.facts import Assigned
from assessment.reports.document import digest_of
from assessment.reports.flow.blocks import Block, Chapter, Heading, Row, Span, Table, cell, middle, para
from assessment.reports.flow.saying import heading, named
from assessment.reports.xlsx.file import marked, packed
from assessment.reports.xlsx.sheets import Column, Given, Looks, Value, listed


def title(wanted: Request) -> str:
    return _("%(city)s: evidence to be asked for") % {"city": wanted.content.cover.city}


def name_of(desk: Desk) -> str:
    return desk.name or _("Nobody named")


def how_many(wanted: Request) -> str:
    text = _(
        "%(claims)s answers claim a level without any evidence; %(raises)s gaps name what will prove that they are "
        "closed. Departments are those to which the round was given, else those that lead by the framework; proof for a "
        "gap is asked of who closes it, where somebody is named for that."
    )
    return text % {"claims": wanted.claims, "raises": wanted.raises}


def digest(wanted: Request) -> str:
    return digest_of({"cover": asdict(wanted.content.cover), "desks": [asdict(desk) for desk in wanted.desks]})


def as_word(wanted: Request) -> bytes:
    with translation.override(wanted.content.language):
        return docx.write(wanted.content, title(wanted), _("Evidence to be asked for"), tuple(_chapters(wanted)))


def _chapters(wanted: Request) -> list[Chapter]:
    overview = (para(how_many(wanted)), _counts(wanted))
    first = Chapter(Heading(1, heading(1, _("Overview")), "overview"), overview, turns=False)
    desks = (
        Chapter(Heading(1, heading(number, name_of(desk)), f"desk:{number}"), tuple(_blocks(desk)))
        for number, desk in enumerate(wanted.desks, 2)
    )
    return [first, *desks]


def _counts(wanted: Request) -> Table:
    heads = (cell(_("Department")), middle(_("Without evidence")), middle(_("Proof for gaps")))
    rows = tuple(
        Row((
            cell(Span(name_of(desk), "link", f"desk:{number}")),
            middle(str(len(desk.claims))),
            middle(str(len(desk.raises))),
        ))
        for number, desk in enumerate(wanted.desks, 2)
    )  # fmt: skip
    return Table(heads, rows, (60, 20, 20), _("What each department is asked for"))


def _blocks(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    if desk.claims:
        heads = (
            cell(_("Criterion")),
            middle(_("Level")),
            cell(_("What suffices at this level")),
            cell(_("Handed over")),
        )
        rows = tuple(map(_claim, desk.claims))
        blocks.append(Table(heads, rows, (30, 9, 41, 20), _("Levels claimed without evidence")))
    if desk.raises:
        heads = (
            cell(_("Criterion")),
            middle(_("Level")),
            cell(_("What will prove the target")),
            cell(_("Owner, by when")),
        )
        rows = tuple(map(_raise, desk.raises))
        blocks.append(Table(heads, rows, (30, 9, 41, 20), _("Proof to collect while closing gaps")))
    return blocks


def _claim(claim: Claim) -> Row:
    return Row((
        cell(*named(claim.code, claim.title, key=claim.key)),
        middle(str(claim.level)),
        cell(claim.proof or words.NOTHING),
        cell(""),
    ))  # fmt: skip


def _raise(item: Raise) -> Row:
    return Row((
        cell(*named(item.code, item.title, key=item.key)),
        middle(f"{item.level}→{item.target}"),
        cell(item.proof),
        cell(prose.assigned(Assigned(item.assigned, item.due_on))),
    ))  # fmt: skip


def as_workbook(wanted: Request) -> bytes:
    """Two lists; the last columns are for the departments to fill in."""
    content = wanted.content
    with translation.override(content.language):
        looks, book = Looks(content.design.deep, content.design.accent), Workbook()
        sheet = book.worksheets[0]
        sheet.title = _("Without evidence")
        listed(sheet, title(wanted), how_many(wanted), _claim_columns(), _claim_rows(wanted), looks)
        second = book.create_sheet(_("Proof for gaps"))
        listed(second, title(wanted), how_many(wanted), _raise_columns(), _raise_rows(wanted), looks)
        marked(book, content.design.classification)
        return packed(
            book,
            title=title(wanted),
            creator=content.design.consultant.organisation or content.cover.framework,
            day=content.cover.as_of,
            language=words.tag(content.language),
        )


def _claim_columns() -> list[Column]:
    return [
        Column(_("Department"), 22),
        Column(_("Code"), 9),
        Column(_("Criterion"), 26),
        Column(_("Dimension"), 18),
        Column(_("Level"), 7, True),
        Column(_("What suffices at this level"), 48),
        Column(_("Rationale"), 40),
        Column(_("Owner by the framework"), 28),
        Column(_("Title of the evidence"), 30),
        Column(_("Document number or system"), 22),
    ]


def _claim_rows(wanted: Request) -> list[list[Given | Value]]:
    return [
        [
            name_of(desk),
            Given(claim.code, bold=True),
            claim.title,
            claim.dimension,
            claim.level,
            claim.proof,
            prose.clipped(claim.rationale),
            claim.owner,
            None,
            None,
        ]
        for desk in wanted.desks
        for claim in desk.claims
    ]


def _raise_columns() -> list[Column]:
    return [
        Column(_("Department"), 22),
        Column(_("Code"), 9),
        Column(_("Criterion"), 26),
        Column(_("Dimension"), 18),
        Column(_("Level"), 7, True),
        Column(_("Target"), 7, True),
        Column(_("What will prove the target"), 48),
        Column(_("Owner by the framework"), 28),
        Column(_("Owner"), 22),
        Column(_("By when"), 12, True),
        Column(_("Title of the evidence"), 30),
    ]


def _raise_rows(wanted: Request) -> list[list[Given | Value]]:
    return [
        [
            name_of(desk),
            Given(item.code, bold=True),
            item.title,
            item.dimension,
            item.level,
            item.target,
            item.proof,
            item.owner,
            item.assigned,
            item.due_on,
            None,
        ]
        for desk in wanted.desks
        for item in desk.raises
    ]
