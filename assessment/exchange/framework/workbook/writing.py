"""Framework → workbook: the same framework always gives the same bytes.

Its rows are those of a framework file, spelled cell by cell. What does not fit is told, never cut off.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook

from assessment import outline
from assessment.exchange.document import FileError, Problem
from assessment.exchange.framework.workbook.instructions import write_instructions
from assessment.exchange.framework.workbook.layout import (
    CRITERIA,
    DIMENSION,
    FACET,
    FOR_ORIENTATION,
    INSTRUCTIONS,
    LENS,
    PASSAGE,
    ROLE,
    SHEETS,
    SOURCE,
    TARGET,
    Heading,
    Layout,
    sheet_titles,
)
from assessment.exchange.framework.workbook.look import Grid, packed
from assessment.exchange.framework.workbook.values import (
    quoted,
    spell_any,
    spell_cites,
    spell_effort,
    spell_lines,
    spell_number,
)
from assessment.exchange.framework.writing import spell_framework
from assessment.exchange.workbook.cells import sheet_name
from assessment.exchange.workbook.unpacking import Unreadable, unpack

Raw = dict[str, Any]
Row = dict[Heading, Any]


def write_framework_book(framework: outline.Framework) -> bytes:
    """The .xlsx file. Raises FileError with all that does not fit into one."""
    writer = _Writer(framework)
    data = packed(writer.write())
    try:
        unpack(data)
    except Unreadable as error:
        writer.problems.append(Problem(writer.file, 0, "", str(error)))
    if writer.problems:
        raise FileError(writer.problems)
    return data


class _Writer:
    def __init__(self, framework: outline.Framework):
        self.framework, self.raw = framework, spell_framework(framework)
        self.file = f"{framework.code}-{framework.version}.xlsx"
        self.languages = _languages(framework)
        self.problems: list[Problem] = []
        self.book = Workbook()

    def write(self) -> Workbook:
        self.book.properties.creator = _("City digital maturity self-assessment")
        self.book.properties.title = f"{self.framework.name.to(get_language())} {self.framework.version}"
        self.book.active.title = str(SHEETS[INSTRUCTIONS].title)
        write_instructions(self.book.active, self.framework)
        names: dict[str, str] = {}
        for dimension in self.framework.dimensions:
            names[dimension.code] = sheet_name(dimension, [*sheet_titles(), *names.values()])
        self._write("framework", [self.raw])
        self._write("scale", self.raw["scale"])
        self._write("structure", list(self._structure(names)))
        for lens in self.raw.get("lenses", ()):
            for dimension in lens.get("dimensions", ()):
                self._write_criteria(names[dimension["code"]], dimension)
        self._write("sources", list(self._sources()))
        self._write_targets()
        self._write("crosswalks", list(self._crosswalks()))
        return self.book

    def _grid(self, title: str, layout: Layout, headings: list[Heading]) -> Grid:
        return Grid(self.book.create_sheet(title), layout, headings, self.file, self.problems)

    def _headings(self, layout: Layout) -> list[Heading]:
        found: list[Heading] = []
        of_levels = [column for column in layout.columns if column.is_of_levels]
        for column in layout.columns:
            languages = self.languages if column.kind == "text" else [""]
            if not column.is_of_levels:
                found += [Heading(column, language) for language in languages]
            elif column is of_levels[0]:
                found += [
                    Heading(each, language, level)
                    for level in range(self.framework.highest + 1)
                    for each in of_levels
                    for language in self.languages
                ]
        return found

    def _write(self, key: str, rows: list[Raw]) -> None:
        layout = SHEETS[key]
        grid = self._grid(str(layout.title), layout, self._headings(layout))
        grid.head()
        grid.offer_choices()
        for raw in rows:
            grid.add(self._row(grid.headings, raw), what=raw.get("what", ""))

    def _row(self, headings: list[Heading], raw: Raw) -> Row:
        return {heading: self._value(heading, raw) for heading in headings}

    def _value(self, heading: Heading, raw: Raw) -> Any:
        """What stands in the cell: a number, a text, or nothing."""
        column = heading.column
        if column.of and raw.get("what", column.of[0]) not in column.of:
            return None
        owner = raw if heading.level is None else _level_of(raw, heading.level)
        value = owner.get(heading.key, column.usual)
        if column.kind == "value":
            return spell_any(value)
        if column.kind == "text" and not isinstance(value, dict):
            value = {self.framework.language: value}
        return None if value is None else _spell(heading, value)

    # What stands in each sheet

    def _structure(self, names: dict[str, str]) -> Iterator[Raw]:
        for lens in self.raw.get("lenses", ()):
            yield lens | {"what": LENS}
            for dimension in lens.get("dimensions", ()):
                yield dimension | {"what": DIMENSION, "sheet": names[dimension["code"]]}
                yield from (facet | {"what": FACET} for facet in dimension.get("facets", ()))

    def _sources(self) -> Iterator[Raw]:
        for source in self.raw.get("sources", ()):
            yield source | {"what": SOURCE}
            yield from (passage | {"what": PASSAGE, "code": passage["id"]} for passage in source.get("passages", ()))

    def _crosswalks(self) -> Iterator[Raw]:
        for table, entries in self.raw.get("crosswalks", {}).items():
            if isinstance(entries, dict) and entries:
                yield from ({"table": table, "entry": entry, "content": entries[entry]} for entry in entries)
            else:
                yield {"table": table, "content": entries}

    def _write_criteria(self, title: str, dimension: Raw) -> None:
        facets = dimension.get("facets", ())
        columns = tuple(column for column in CRITERIA.columns if facets or column.key != "facet")
        headings = self._headings(Layout("", columns))
        grid = self._grid(title, CRITERIA, headings)
        grid.group(self._groups(title, headings))
        grid.head(self.framework.highest)
        grid.offer_choices({"facet": [facet["code"] for facet in facets]})
        for owner in facets or [dimension]:
            for criterion in owner.get("criteria", ()):
                takes_over = {"carry": "lowest"} if criterion.get("replaces") else {}
                grid.add(self._row(headings, takes_over | criterion | {"facet": owner["code"]}))

    def _groups(self, title: str, headings: list[Heading]) -> dict[int, str]:
        """The dimension over its first column, each level over the first of its own."""
        groups = {1: title}
        seen: set[int] = set()
        for position, heading in enumerate(headings, start=1):
            if heading.level is not None and heading.level not in seen:
                seen.add(heading.level)
                name = self.framework.scale[heading.level].name.to(get_language())
                groups[position] = f"{heading.level} {name}"
        return groups

    def _write_targets(self) -> None:
        """Beside the criteria's codes their titles, which are not read."""
        layout, criteria = SHEETS["targets"], self.framework.criteria
        headings = [*self._headings(layout), *(Heading(TARGET, code=code) for code in criteria)]
        grid = self._grid(str(layout.title), layout, headings)
        grid.head()
        titles = {Heading(TARGET, code=code): c.title.to(get_language())[:200] for code, c in criteria.items()}
        grid.add({headings[0]: str(FOR_ORIENTATION)} | titles)
        for target in self.raw.get("targets", ()):
            levels = {f"levels.{code}": level for code, level in target["levels"].items()}
            grid.add(self._row(headings, target | levels))


def _level_of(criterion: Raw, level: int) -> Raw:
    """What a criterion says of the level; nothing where the scale grew since it was written."""
    return next((each for each in criterion.get("levels", ()) if each["level"] == level), {})


def _spell(heading: Heading, value: Any) -> Any:
    kind = heading.column.kind
    if kind == "text":
        return value.get(heading.language)
    if kind == "choice":
        return str(heading.column.choices[value])
    if kind == "cites":
        return spell_cites(value, ROLE.choices)
    if kind == "lines":
        return spell_lines(value)
    if kind == "effort":
        return spell_effort(value)
    return spell_number(value) if kind in ("number", "whole") else quoted(str(value))


def _languages(framework: outline.Framework) -> list[str]:
    """All in which the framework has a text, its own first."""
    found: set[str] = set()
    pending: list[Any] = [framework]
    while pending:
        item = pending.pop()
        if isinstance(item, outline.Text):
            found |= item.keys()
        elif isinstance(item, tuple):
            pending += item
        elif hasattr(item, "__dataclass_fields__"):
            pending += [getattr(item, name) for name in item.__dataclass_fields__]
    return [framework.language, *sorted(found - {framework.language})]
