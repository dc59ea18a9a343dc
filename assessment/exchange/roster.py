"""A city's people as a workbook: a list to fill in, the list read back with every error, and one-time links to hand out.

Texts go both ways as texts: what looks like a formula is refused when it comes in and is inert when it goes out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessment.actions import Entry
from assessment.exchange.document import UNPRINTABLE
from assessment.exchange.office import Unfit, zip_kind
from assessment.models import Membership, Role

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 2000
FORMATTED_ROWS = 300
LONGEST = {"name": 100, "username": 150, "department": 100, "email": 254}
COLUMNS: dict[str, Any] = {
    "name": gettext_lazy("Full name"),
    "username": gettext_lazy("User name (staff or mobile number)"),
    "role": gettext_lazy("Role"),
    "department": gettext_lazy("Department"),
    "email": gettext_lazy("E-mail (optional)"),
    "starts_on": gettext_lazy("From (first day)"),
    "ends_on": gettext_lazy("To (last day)"),
}
WIDTHS = [14, 28, 12, 24, 28, 14, 14]
DAY_FORMAT = "yyyy-mm-dd"


@dataclass
class Roster:
    """What was read: an entry for each sound line, and what is wrong with the others, each with its place."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


# Reading


def read_roster(data: bytes) -> Roster:
    """Reads the first sheet. A file that is no sound workbook has its one problem without a place."""
    roster = Roster()
    try:
        if zip_kind(data) != "zip sheet":
            raise Unfit(_("This is no workbook; save it as .xlsx."))
        title, rows = _first_sheet(data)
        _read_sheet(title, iter(rows), roster)
    except Unfit as error:
        roster.problems.append(("", str(error)))
    return roster


def _first_sheet(data: bytes) -> tuple[str, list[list[tuple[Any, str]]]]:
    try:
        sheet = load_workbook(BytesIO(data), read_only=True, keep_links=False).worksheets[0]
        return sheet.title, list(_rows(sheet))
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        raise Unfit(_("The workbook cannot be read; save it once more as .xlsx.")) from error


def _rows(sheet) -> Iterator[list[tuple[Any, str]]]:
    """Each row's values with their kinds. The size that a sheet claims to have is not believed."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=50):
        yield [(cell.value, getattr(cell, "data_type", "n")) for cell in row]


def _read_sheet(title: str, rows: Iterator[list[tuple[Any, str]]], roster: Roster) -> None:
    head = [plain(value) for value, _kind in next(rows, [])]
    places = {name: head.index(str(words)) for name, words in COLUMNS.items() if str(words) in head}
    missing = [str(words) for name, words in COLUMNS.items() if name not in places]
    if missing:
        roster.problems.append(
            (f"{title}!1", _("these columns are missing: %(names)s") % {"names": "、".join(missing)})
        )
        return
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            roster.problems.append((f"{title}!{number}", _("more than %(count)d lines") % {"count": MOST_ROWS}))
            return
        if any(value not in (None, "") for value, _kind in row):
            line = Line(title, number, row, places, roster)
            if entry := line.entry():
                roster.entries.append(entry)


class Line:
    """One row of the sheet."""

    def __init__(self, title: str, number: int, row: list[tuple[Any, str]], places: dict[str, int], roster: Roster):
        self.title, self.number, self.row, self.places, self.roster = title, number, row, places, roster
        self.refused: set[str] = set()

    def entry(self) -> Entry | None:
        texts: dict[str, Any] = {name: self.text(name) for name in ("name", "username", "role", "department", "email")}
        days: dict[str, Any] = {name: self.day(name) for name in ("starts_on", "ends_on")}
        role = self.role(texts.pop("role"))
        self.check(texts, role, days)
        return Entry(place=self.place("name"), role=role, **texts, **days) if not self.refused else None

    def check(self, texts: dict[str, str], role: str, days: dict[str, date | None]) -> None:
        for name in ("name", "username"):
            if not texts[name]:
                self.refuse(name, _("is empty"))
        for name, validate in (("username", UnicodeUsernameValidator()), ("email", validate_email)):
            try:
                if texts[name]:
                    validate(texts[name])
            except ValidationError as error:
                self.refuse(name, " ".join(error.messages))
        if role == Role.CONSULTANT and not days["ends_on"]:
            self.refuse("ends_on", _("Say when the consultant's engagement ends."))
        if days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
            self.refuse("ends_on", _("The last day lies before the first."))

    def role(self, words: str) -> str:
        for value, label in Role.choices:
            if words in (str(label), value):
                return value
        wanted = "、".join(str(label) for label in Role.labels)
        self.refuse("role", _("expected one of %(wanted)s, got “%(value)s”") % {"wanted": wanted, "value": words[:30]})
        return ""

    def text(self, name: str) -> str:
        """Numbers too are texts here: 工号 and 手机号 are typed as such."""
        value, kind = self.cell(name)
        if kind == "f" or isinstance(value, bool) or not isinstance(value, (str, int, float, type(None))):
            self.refuse(name, _("is a formula, a date or a special value; type it as plain text"))
            return ""
        words = plain(value)
        if words.startswith("="):
            self.refuse(name, _("begins with “=”; type it as plain text"))
        elif len(words) > LONGEST.get(name, 100):
            self.refuse(name, _("is longer than %(count)d characters") % {"count": LONGEST.get(name, 100)})
        return words

    def day(self, name: str) -> date | None:
        value, kind = self.cell(name)
        if value in (None, ""):
            return None
        if isinstance(value, datetime):
            return value.date()
        try:
            if kind == "f" or not isinstance(value, str):
                raise ValueError
            return date.fromisoformat(plain(value).replace("/", "-"))
        except ValueError:
            self.refuse(name, _("expected a day such as 2026-09-30, got “%(value)s”") % {"value": plain(value)[:30]})
            return None

    def cell(self, name: str) -> tuple[Any, str]:
        place = self.places[name]
        return self.row[place] if place < len(self.row) else (None, "n")

    def place(self, name: str) -> str:
        return f"{self.title}!{get_column_letter(self.places[name] + 1)}{self.number}"

    def refuse(self, name: str, message: str) -> None:
        if name not in self.refused:
            self.roster.problems.append((self.place(name), message))
        self.refused.add(name)


def plain(value: Any) -> str:
    """A cell's value as one line of text; whole numbers without a point.

    >>> plain(13800000000.0), plain(" 张 三\\n"), plain(None)
    ('13800000000', '张 三', '')
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(UNPRINTABLE.sub("", "" if value is None else str(value)).split())


# Writing


def write_roster(memberships: Iterable[Membership], departments: Iterable[str]) -> bytes:
    """The list to fill in, with the people who are there already."""
    book, sheet = _book(_("People"), [str(words) for words in COLUMNS.values()], WIDTHS)
    for row in memberships:
        department = row.department.name if row.department else ""
        texts = [row.user.name, row.user.username, str(Role(row.role).label), department, row.user.email]
        _append(sheet, [*texts, row.starts_on, row.ends_on])
    for column in ("A", "B", "D", "E"):  # a staff number keeps its zeros
        for number in range(sheet.max_row + 1, FORMATTED_ROWS):
            sheet[f"{column}{number}"].number_format = "@"
    _choices(sheet, "C", [str(label) for label in Role.labels])
    _choices(sheet, "D", list(departments), strict=False)
    _explain(book)
    return _bytes(book)


def write_links(rows: Iterable[tuple[str, str, str]]) -> bytes:
    """Name, user name and link of each new account, to hand out."""
    book, sheet = _book(_("Links"), [_("Full name"), _("User name"), _("One-time link")], [14, 24, 90])
    for row in rows:
        _append(sheet, row)
    return _bytes(book)


def _book(title: str, head: list[str], widths: list[int]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    _append(sheet, head)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.cell(1, number).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    return book, sheet


def _append(sheet: Worksheet, values: Iterable[Any]) -> None:
    """A row of texts and days: whatever a text begins with, it is no formula."""
    number = sheet.max_row + 1 if sheet.cell(1, 1).value is not None else 1
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column)
        if isinstance(value, date):
            cell.value, cell.number_format = value, DAY_FORMAT
        elif value:
            cell.value = UNPRINTABLE.sub("", value)
            cell.data_type, cell.number_format = "s", "@"
            cell.quotePrefix = value[:1] in "=+-@"


def _choices(sheet: Worksheet, column: str, words: list[str], *, strict: bool = True) -> None:
    """A list to choose from; `strict`: nothing else is taken. What Excel could not hold in a list is left to be typed."""
    formula = f'"{",".join(words)}"'
    if words and len(formula) <= 255 and not any('"' in word or "," in word for word in words):
        rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict)
        rule.add(f"{column}2:{column}{MOST_ROWS + 1}")
        sheet.add_data_validation(rule)


def _explain(book: Workbook) -> None:
    sheet = book.create_sheet(_("How to"))
    sheet.column_dimensions["A"].width = 100
    for number, words in enumerate(
        (
            _("One line for each role of a person; a person with two roles has two lines."),
            _("The user name is the staff number or mobile number; people sign in with it."),
            _("Roles: %(roles)s. A consultant needs a last day.")
            % {"roles": "、".join(str(label) for label in Role.labels)},
            _("A department that the city does not have yet is added."),
            _("Who is not listed stays as they are. Days look like 2026-09-30."),
            _("Uploading first shows what would happen; nothing is written before you confirm."),
        ),
        start=1,
    ):
        cell = sheet.cell(number, 1, words)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _bytes(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()
