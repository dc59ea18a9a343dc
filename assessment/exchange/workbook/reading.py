"""Read a workbook that came back: its answers, the slip that says what they were before, and all that is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from assessment import outline
from assessment.exchange.document import UNPRINTABLE
from assessment.exchange.fields import LONGEST_ADDRESS, LONGEST_STRING, LONGEST_TEXT
from assessment.exchange.workbook.layout import (
    EVIDENCE_KEY,
    SLIP_SHEET,
    Slip,
    not_applicable_words,
    opened_slip,
    unescape,
)
from assessment.exchange.workbook.unpacking import Unreadable, unpack

MOST_ROWS, MOST_COLUMNS, MOST_PIECES = 3000, 200, 40
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
LONGEST = {"title": LONGEST_STRING, "reference": LONGEST_STRING, "url": LONGEST_ADDRESS}
ANSWERS = ("level", "not_applicable", "rationale", "target")


@dataclass(frozen=True)
class Problem:
    """What is wrong, on which sheet and in which cell; both are empty for the workbook as a whole."""

    sheet: str
    cell: str
    message: str


@dataclass(frozen=True)
class Returned:
    """The answers of all rows that are sound. A row with a problem is in none of them."""

    slip: Slip
    answers: dict[str, outline.Response]
    problems: list[Problem]
    # Where each criterion stands: sheet and cell of its code.
    places: dict[str, tuple[str, str]]


def read_workbook(data: bytes, framework: outline.Framework, assessment: int) -> Returned:
    """What the workbook says of this round. Raises Unreadable where it is none, or not this round's."""
    merged = unpack(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        slip = _slip(book, framework, assessment)
        gathered = _Gathered(framework, slip)
        for sheet in book.worksheets:
            if sheet.title != SLIP_SHEET:
                gathered.add(sheet, merged.get(sheet._worksheet_path, []))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # a broken part makes openpyxl raise whatever comes to it
        raise Unreadable(_("The file is no .xlsx workbook, or it is damaged.")) from error
    return gathered.returned()


def _slip(book, framework: outline.Framework, assessment: int) -> Slip:
    sealed = next(book[SLIP_SHEET].iter_rows(max_row=1, max_col=1))[0].value if SLIP_SHEET in book.sheetnames else ""
    try:
        slip = opened_slip(str(sealed))
    except (signing.BadSignature, TypeError, ValueError):
        raise Unreadable(
            _("The hidden sheet that says what this workbook belongs to is missing or was altered; fetch a new one.")
        ) from None
    if slip.assessment != assessment:
        raise Unreadable(_("This workbook belongs to another round."))
    if (slip.framework, slip.version) != (framework.code, framework.version):
        raise Unreadable(
            _("This workbook was made with framework version %(version)s, the round now uses %(current)s.")
            % {"version": f"{slip.framework} {slip.version}", "current": f"{framework.code} {framework.version}"}
        )
    return slip


@dataclass
class _Gathered:
    framework: outline.Framework
    slip: Slip
    answers: dict[str, outline.Response] = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, sheet, merged: list[str]) -> None:
        unclear = _rows_of(merged)
        for line in _lines(sheet, self.problems):
            code = line.text("code")
            is_expected = self._is_expected(code, line)
            if line.row in unclear:
                line.refuse("code", _("cells are merged in this row; undo that"))
                continue
            answer = _answer(code, line, self.framework)
            if is_expected and line.is_sound:
                self.answers[code] = answer

    def _is_expected(self, code: str, line: "_Line") -> bool:
        if code in self.places:
            line.refuse("code", _("%(code)s stands here a second time") % {"code": code})
            self.answers.pop(code, None)
        elif not code:
            line.refuse("code", _("the criterion's code is missing"))
        elif code not in self.framework.criteria:
            line.refuse("code", _("no criterion has the code “%(code)s”") % {"code": code[:50]})
        elif code not in self.slip.versions:
            line.refuse("code", _("%(code)s is not part of this workbook") % {"code": code})
        else:
            self.places[code] = (line.sheet, line.cell("code"))
            return True
        return False

    def returned(self) -> Returned:
        missing = [code for code in self.slip.versions if code not in self.places]
        message = _("rows are missing: %(codes)s") % {"codes": ", ".join(missing)}
        problems = [*([Problem("", "", message)] if missing else []), *self.problems]
        return Returned(self.slip, self.answers, problems, self.places)


def _rows_of(merged: list[str]) -> set[int]:
    rows: set[int] = set()
    for ref in merged:
        _left, top, _right, bottom = range_boundaries(ref)
        rows.update(range(top or 1, min(bottom or MOST_ROWS, MOST_ROWS) + 1))
    return rows


def _lines(sheet, problems: dict[Problem, None]) -> Iterator["_Line"]:
    """The rows below the hidden row of keys; a sheet without one is somebody's notes."""
    keys: dict[int, str] = {}
    after = 0
    for row, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS), start=1):
        if keys and row > after:
            line = _Line(sheet.title, row, {key: (i, cells[i]) for i, key in keys.items()}, problems)
            if not line.is_blank:
                yield line
        elif not keys and {"code", *ANSWERS} <= {cell.value for cell in cells if isinstance(cell.value, str)}:
            keys = {i: cell.value for i, cell in enumerate(cells) if isinstance(cell.value, str)}
            after = row + 1  # the headings


@dataclass
class _Line:
    """One row, cell by cell under its keys."""

    sheet: str
    row: int
    cells: dict[str, tuple[int, Any]]
    problems: dict[Problem, None]  # each but once
    is_sound: bool = True

    @property
    def is_blank(self) -> bool:
        keys = [key for key in self.cells if key in ("code", *ANSWERS) or EVIDENCE_KEY.fullmatch(key)]
        return all(self.value(key) in (None, "") for key in keys)

    def value(self, key: str) -> Any:
        return self.cells[key][1].value if key in self.cells else None

    def cell(self, key: str) -> str:
        return f"{get_column_letter(self.cells[key][0] + 1)}{self.row}"

    def refuse(self, key: str, message: str) -> None:
        self.is_sound = False
        self.problems[Problem(self.sheet, self.cell(key), message)] = None

    def given(self, key: str) -> Any:
        """The cell's value; none, and a problem, where a formula or an error stands in it."""
        kind = self.cells[key][1].data_type if key in self.cells else "n"
        if kind == "f":
            self.refuse(key, _("contains a formula; write its result instead"))
        elif kind == "e":
            self.refuse(key, _("contains an error value of the spreadsheet"))
        else:
            return self.value(key)
        return None

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str:
        text = UNPRINTABLE.sub("", _spelled(self.given(key))).strip()
        if len(text) > longest:
            self.refuse(key, _("is longer than %(count)d characters") % {"count": longest})
        return text

    def level(self, key: str, framework: outline.Framework) -> int | None:
        """A level of the scale: its number, or number and name as the dropdown offers them."""
        text = self.text(key, LONGEST_STRING)
        if not text:
            return None
        number, *name = text.split(maxsplit=1)
        for step in framework.scale:
            if number == str(step.level) and (not name or name[0] in step.name.values()):
                return step.level
        values = {"value": text[:50], "highest": framework.highest}
        self.refuse(key, _("“%(value)s” is not a level of the scale: 0 to %(highest)d") % values)
        return None

    def day(self, key: str) -> date | None:
        value = self.given(key)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date) or value in (None, ""):
            return value or None
        found = DAY.fullmatch(_spelled(value).strip())
        try:
            return date(*map(int, found.groups() if found else ()))
        except (TypeError, ValueError):
            self.refuse(key, _("“%(value)s” is no date; write it like 2026-09-30") % {"value": _spelled(value)[:50]})
            return None


def _spelled(value: Any) -> str:
    """What a cell shows of a value: numbers without a superfluous point, days as ISO writes them."""
    if value is None:
        return ""
    if isinstance(value, str):
        return unescape(value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return str(value)


def _answer(code: str, line: _Line, framework: outline.Framework) -> outline.Response:
    level, reason = _choice(line, framework)
    return outline.Response(
        criterion=code,
        level=level,
        target=line.level("target", framework),
        rationale=line.text("rationale"),
        evidence=_evidence(line),
        not_applicable=reason,
    )


def _choice(line: _Line, framework: outline.Framework) -> tuple[int | None, str]:
    reason = line.text("not_applicable")
    if line.text("level") in not_applicable_words():
        if not reason:
            line.refuse("not_applicable", _("say why this criterion does not apply to the city"))
        return None, reason
    level = line.level("level", framework)
    if reason and level is not None:
        line.refuse("not_applicable", _("a reason stands beside a level; give one of the two"))
    elif reason and not line.text("level"):
        line.refuse("level", _("a reason is given, but “not applicable” is not chosen"))
    return level, ""


def _evidence(line: _Line) -> tuple[outline.Evidence, ...]:
    keys = [found for key in line.cells if (found := EVIDENCE_KEY.fullmatch(key))]
    numbers = sorted({int(found[1]) for found in keys})[:MOST_PIECES]
    return tuple(piece for number in numbers if (piece := _piece(line, f"evidence-{number}-")))


def _piece(line: _Line, prefix: str) -> outline.Evidence | None:
    given = {name: " ".join(line.text(prefix + name, longest).splitlines()) for name, longest in LONGEST.items()}
    day = line.day(prefix + "as_of") if prefix + "as_of" in line.cells else None
    if given["url"] and not _is_web_address(given["url"]):
        line.refuse(prefix + "url", _("an address begins with http:// or https://"))
    if not given["title"] and (any(given.values()) or day):
        line.refuse(prefix + "title", _("give the evidence a title"))
    return outline.Evidence(as_of=day, **given) if given["title"] else None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
