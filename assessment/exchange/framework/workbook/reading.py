"""Workbook → the plain mapping that a framework file is, so that one reader validates both.

Here is checked what only a workbook can get wrong: its sheets, its headings, which row belongs to which.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessment.exchange.document import join
from assessment.exchange.fields import LANGUAGE, shown
from assessment.exchange.framework.workbook.book import Book, Place, Sheet, load
from assessment.exchange.framework.workbook.layout import (
    CRITERIA,
    DIMENSION,
    FACET,
    LENS,
    MOST_LEVELS,
    PASSAGE,
    REQUIRED,
    SHEETS,
    SOURCE,
    plain,
    sheet_titles,
    words_for_orientation,
)
from assessment.exchange.framework.workbook.table import Record, Table

Raw = dict[str, Any]


def read_book(file: str, data: bytes) -> Book:
    """The document in a workbook. Raises FileError where it cannot be judged; lesser problems wait in the document."""
    book = Book(file)
    sheets = load(book, data)
    reader = _Reader(book, sheets)
    reader.read()
    if book.is_broken:
        book.check()
    return book


class _Reader:
    """Reads sheet after sheet; what it notes on the way waits in the book."""

    def __init__(self, book: Book, sheets: list[Sheet]):
        self.book = book
        self.special: dict[str, Sheet] = {}
        self.others: dict[str, Sheet] = {}
        # Of every sheet that a dimension names, where it is named.
        self.named: dict[str, Place] = {}
        self.language, self.highest = "", 1
        for sheet in sheets:
            key = sheet_titles().get(plain(sheet.title))
            if key in self.special:
                book.note(Place(sheet.title), _("there is a second sheet of this kind"))
            elif key:
                self.special[key] = sheet
            else:
                self.others[plain(sheet.title)] = sheet

    def read(self) -> None:
        self._miss_sheets()
        value = self.book.value = self._framework()
        self.language = value["language"] if LANGUAGE.fullmatch(value.get("language", "")) else ""
        value["scale"] = [record.fill(f"scale[{number}]") for number, record in enumerate(self._records("scale"))]
        self.highest = min(max(len(value["scale"]), 2), MOST_LEVELS) - 1
        value["lenses"] = self._structure()
        value["sources"] = self._sources()
        value["targets"] = self._targets()
        value["crosswalks"] = self._crosswalks()
        for title in self.others.keys() - self.named.keys():
            message = _("no dimension in the sheet “%(sheet)s” names this sheet; delete it, or add its dimension")
            place = Place(self.others[title].title)
            self.book.note(place, message % {"sheet": SHEETS["structure"].title})

    def _miss_sheets(self) -> None:
        missing = [str(SHEETS[key].title) for key in REQUIRED if key not in self.special]
        if missing:
            self.book.is_broken = True
            self.book.note(Place(), _("these sheets are missing: %(names)s") % {"names": "、".join(missing)})

    def _records(self, key: str) -> list[Record]:
        if key not in self.special:
            return []
        table = Table(self.book, self.special[key], SHEETS[key], self.language)
        self.book.cells[key] = table.corner
        return list(table.records) if table.top else []

    def _targets(self) -> list[Raw]:
        records = [r for r in self._records("targets") if plain(r.line("code")) not in words_for_orientation()]
        return [{"levels": {}} | record.fill(f"targets[{number}]") for number, record in enumerate(records)]

    def _framework(self) -> Raw:
        records = self._records("framework")
        for record in records[1:]:
            self.book.note(record.place, _("there is one framework in a workbook; delete this column"))
        self.book.cells[""] = self.book.cells.get("framework", Place())
        return records[0].fill("") if records else {}

    # Rows below rows

    def _structure(self) -> list[Raw]:
        """Lenses, with the dimensions and facets whose rows follow theirs, and the criteria of their sheets."""
        lenses: list[Raw] = []
        dimensions: list[_Dimension] = []
        for record in self._records("structure"):
            what = record.choice("what")
            if what == LENS:
                lenses.append(record.fill(f"lenses[{len(lenses)}]", what=what) | {"dimensions": []})
            elif what == DIMENSION and lenses:
                below = lenses[-1]["dimensions"]
                path = f"lenses[{len(lenses) - 1}].dimensions[{len(below)}]"
                dimensions.append(_Dimension(path, record.fill(path, what=what)))
                below.append(dimensions[-1].raw)
            elif what == FACET and lenses and lenses[-1]["dimensions"]:
                dimensions[-1].facets.append(record)
            elif what:
                self.book.note(record.place, _("stands before the row that it belongs to"))
        for dimension in dimensions:
            self._finish(dimension)
        return lenses

    def _finish(self, dimension: "_Dimension") -> None:
        dimension.sort_out(self.book)
        sheet = self._sheet_of(dimension)
        if sheet is None:
            self.book.silent |= {f"{path}.criteria" for path in dimension.owners}
            return
        table = Table(self.book, sheet, CRITERIA, self.language, self.highest)
        for path, raw in dimension.owners.items():
            raw["criteria"] = []
            self.book.cells.setdefault(f"{path}.criteria", table.corner)
        for record in table.records if table.top else ():
            path = dimension.owner_of(record, self.book)
            criteria = dimension.owners[path]["criteria"]
            raw = record.fill(f"{path}.criteria[{len(criteria)}]")
            raw.pop("facet", None)
            criteria.append(raw)

    def _sheet_of(self, dimension: "_Dimension") -> Sheet | None:
        title, path = dimension.raw.pop("sheet", ""), f"{dimension.path}.sheet"
        sheet = self.others.get(plain(title))
        if sheet is None:
            message = _("no sheet is called %(title)s") % {"title": shown(title)} if title else _("is missing")
            self.book.refuse(path, message)
        elif plain(title) in self.named:
            first = self.named[plain(title)].cell
            self.book.refuse(path, _("this sheet is named in %(cell)s already") % {"cell": first})
            return None
        else:
            self.named[plain(title)] = self.book.place_of(path)
        return sheet

    def _sources(self) -> list[Raw]:
        """Sources, with the passages whose rows follow theirs."""
        sources: list[Raw] = []
        for record in self._records("sources"):
            what = record.choice("what")
            if what == SOURCE:
                sources.append(record.fill(f"sources[{len(sources)}]", what=what) | {"passages": []})
            elif what == PASSAGE and sources:
                below = sources[-1]["passages"]
                below.append(self._passage(record, f"sources[{len(sources) - 1}].passages[{len(below)}]"))
            elif what:
                self.book.note(record.place, _("stands before the row that it belongs to"))
        return sources

    def _passage(self, record: Record, path: str) -> Raw:
        """A passage's code is called its id in framework files."""
        raw = record.fill(path, what=PASSAGE)
        self.book.cells[f"{path}.id"] = self.book.cells[f"{path}.code"]
        if f"{path}.code" in self.book.silent:
            self.book.silent.add(f"{path}.id")
        if "code" in raw:
            raw["id"] = raw.pop("code")
        return raw

    def _crosswalks(self) -> Raw:
        """A row for each entry of each crosswalk; one without entries is a row whose entry is blank."""
        found: Raw = {}
        seen: dict[str, dict[str | None, Place]] = {}
        for number, record in enumerate(self._records("crosswalks")):
            raw = record.fill(f"rows[{number}]")
            table, entry = raw.get("table"), raw.get("entry")
            place = self.book.cells[f"rows[{number}].table"]
            if table is None or not record.has("content"):
                self.book.note(place, _("name the crosswalk, and give each entry its content"))
                continue
            entries = seen.setdefault(table, {})
            clashing = (where for other, where in entries.items() if other == entry or None in (other, entry))
            if there := next(clashing, None):
                self.book.note(place, _("this entry stands in %(cell)s already") % {"cell": there.cell})
            entries[entry] = self.book.cells[join(f"crosswalks.{table}", entry or "")] = place
            if entry is None:
                found[table] = raw.get("content")
            elif None not in entries:
                found.setdefault(table, {})[entry] = raw.get("content")
        return found


@dataclass
class _Dimension:
    path: str
    raw: Raw
    facets: list[Record] = field(default_factory=list)
    # What criteria may stand under, by path: the dimension, or its two facets, then also by their codes.
    owners: dict[str, Raw] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)

    def sort_out(self, book: Book) -> None:
        """Each kind has what it has to have, and nothing else."""
        kind = self.raw.get("kind")
        if kind in ("balance", "plain"):
            for pole in {"from", "to"} & self.raw.keys():
                book.refuse(f"{self.path}.{pole}", _("only a transition has poles"))
                del self.raw[pole]
        if kind is None:  # noted already: nothing else can be said about its shape
            book.silent |= {f"{self.path}.{key}" for key in ("from", "to", "facets", "criteria")}
        if kind == "balance":
            self._add_facets(book)
        else:
            for record in self.facets if kind else ():
                book.note(record.place, _("only a balance has facets"))
            self.owners = {self.path: self.raw}

    def _add_facets(self, book: Book) -> None:
        self.raw["facets"] = []
        for number, record in enumerate(self.facets):
            path = f"{self.path}.facets[{number}]"
            raw = record.fill(path, what=FACET)
            self.raw["facets"].append(raw)
            self.owners[path] = raw
            self.by_code.setdefault(raw.get("code", ""), path)
        if len(self.facets) != 2:
            count = {"count": len(self.facets)}
            book.refuse(f"{self.path}.facets", _("a balance has exactly two facets, got %(count)d") % count)
            book.silent.add(f"{self.path}.facets")
        self.owners = self.owners or {self.path: {}}

    def owner_of(self, record: Record, book: Book) -> str:
        """The path of what the criterion stands under; where its facet is wrong, any, so that the rest is read too."""
        code, first = record.line("facet"), next(iter(self.owners))
        if code in self.by_code:
            return self.by_code[code]
        if self.by_code:
            codes = {"codes": "、".join(self.by_code)}
            book.note(record.cell_of("facet"), _("name one of the facets: %(codes)s") % codes)
        elif code and code != self.raw.get("code") and self.raw.get("kind") in ("transition", "plain"):
            book.note(record.cell_of("facet"), _("only a balance has facets"))
        return first
