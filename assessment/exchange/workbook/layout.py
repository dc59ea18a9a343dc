"""What writer and reader of the offline workbook agree on: its columns, its choices, its sealed slip."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Literal

from django.conf import settings
from django.core import signing
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from assessment import outline
from assessment.exchange.fields import LONGEST_ADDRESS, LONGEST_STRING, LONGEST_TEXT

Kind = Literal["fixed", "level", "target", "text", "line", "day"]

SLIP_SHEET = "_pack"
KEY_ROW, HEADING_ROW, FIRST_ROW = 1, 2, 3
LONGEST_LIST = 250  # Excel takes 255 characters of choices
FEWEST_PIECES = 3
EVIDENCE_KEY = re.compile(r"evidence-([1-9]\d?)-(title|reference|url|as_of)")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Column:
    """`key` stands in a hidden row and tells the reader what the column is, whatever its heading says."""

    key: str
    heading: str
    width: int
    kind: Kind = "fixed"
    longest: int = LONGEST_STRING

    @property
    def is_answer(self) -> bool:
        return self.kind != "fixed"


def columns(framework: outline.Framework, pieces: int) -> list[Column]:
    """All columns of a dimension's sheet, with room for this many pieces of evidence."""
    language = get_language()
    return [
        Column("code", _("Code"), 9),
        Column("title", _("Criterion"), 16),
        Column("statement", _("What is judged"), 30),
        *(Column(f"level-{s.level}", f"{s.level} {s.name.to(language)}", 26) for s in framework.scale),
        Column("last", _("Last round"), 12),
        Column("level", _("Level"), 14, "level"),
        Column("not_applicable", _("Reason if not applicable"), 24, "text", LONGEST_TEXT),
        Column("rationale", _("Rationale"), 50, "text", LONGEST_TEXT),
        Column("target", _("Own target"), 12, "target"),
        *(column for piece in range(1, pieces + 1) for column in _evidence_columns(piece)),
    ]


def _evidence_columns(piece: int) -> list[Column]:
    def named(what: str) -> str:
        return _("Evidence %(number)d: %(what)s") % {"number": piece, "what": what}

    return [
        Column(f"evidence-{piece}-title", named(_("title")), 22, "line"),
        Column(f"evidence-{piece}-reference", named(_("document number or system")), 18, "line"),
        Column(f"evidence-{piece}-url", named(_("address")), 18, "line", LONGEST_ADDRESS),
        Column(f"evidence-{piece}-as_of", named(_("as of")), 12, "day"),
    ]


def level_choices(framework: outline.Framework) -> list[str]:
    """What the dropdown offers for each level: number and name, or the bare numbers where the names do not fit."""
    names = [step.name.to(get_language()) for step in framework.scale]
    named = [f"{step.level} {name}".strip() for step, name in zip(framework.scale, names, strict=True)]
    if any(set(name) & set(',"&<>') for name in names) or len(",".join([*named, not_applicable()])) > LONGEST_LIST:
        return [str(step.level) for step in framework.scale]
    return named


def not_applicable() -> str:
    return _("Not applicable")


def not_applicable_words() -> set[str]:
    """The words for it in all languages: a workbook may come back to a page in another one."""
    words = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            words |= {not_applicable(), _("N/A")}
    return words


def escape(text: str) -> str:
    """A cell's text as the file format wants it: what looks like its escapes is escaped.

    >>> escape("_x0041_"), unescape("_x005F_x0041_")
    ('_x005F_x0041_', '_x0041_')
    """
    return ESCAPED.sub("_x005F_", text)


def unescape(text: str) -> str:
    return text.replace("_x000D_\n", "\n").replace("_x005F_x", "_x")


@dataclass(frozen=True)
class Slip:
    """What the workbook belongs to, and the version of each answer that was in it when it was made."""

    assessment: int
    framework: str
    version: str
    holder: str
    versions: dict[str, int] = field(default_factory=dict)

    def seal(self) -> str:
        """The slip as one line that nobody else can make."""
        return signing.dumps(asdict(self), salt="pack-slip", compress=True)


def opened_slip(sealed: str) -> Slip:
    """Raises signing.BadSignature for a slip that was altered."""
    return Slip(**signing.loads(sealed, salt="pack-slip"))


@dataclass(frozen=True)
class Pack:
    """`answers`: the part's criteria with what is answered so far; `last`: last round's answers, by code.

    `writable`: the criteria whose answer cells are open.
    """

    framework: outline.Framework
    slip: Slip
    city: str
    title: str
    round: str
    holder: str
    due_on: date | None
    answers: Mapping[str, outline.Response]
    writable: frozenset[str]
    last: Mapping[str, outline.Response] = field(default_factory=dict)
