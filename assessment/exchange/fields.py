"""Take the fields of a mapping one by one, each with what was expected of it; every problem is noted, none stops.

A field that is wrong gives its empty value, so that reading goes on and all problems are listed at once.
"""

import math
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from assessment.exchange.document import LINE_END, UNPRINTABLE, Document, join
from assessment.outline import LONGEST_TEXT, Text

LONGEST_STRING = 200
LONGEST_ADDRESS = 2000
CODE = re.compile(r"\w[\w.-]{0,49}")
SLUG = re.compile(r"(?=.{1,50}$)[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE = re.compile(r"(?=.{1,20}$)[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


class Fields:
    """The mapping at `path` of a document. Ask for every key that it may have, then call `done`."""

    def __init__(self, document: Document, value: Any, path: str = "", language: str = ""):
        self.document, self.path, self.language = document, path, language
        self.asked: set[str] = set()
        self.sound = isinstance(value, dict)
        self.value: dict[str, Any] = value if self.sound else {}
        if not self.sound:
            document.refuse(path, _("expected a mapping, got %(value)s") % {"value": shown(value)})

    def done(self) -> None:
        for key in self.value.keys() - self.asked:
            self.refuse(key, _("unknown key; known here: %(keys)s") % {"keys": ", ".join(sorted(self.asked))})

    def refuse(self, key: str, message: str) -> None:
        self.document.refuse(join(self.path, key) if key else self.path, message)

    def expected(self, key: str, what: str) -> None:
        written = self.document.written.get(join(self.path, key), self.value[key])
        self.refuse(key, _("expected %(what)s, got %(value)s") % {"what": what, "value": shown(written)})

    def has(self, key: str) -> bool:
        self.asked.add(key)
        return self.value.get(key) is not None

    def missing(self, key: str, required: bool) -> bool:
        """True where there is nothing to read; notes a problem when there had to be."""
        if self.has(key):
            return False
        if required and self.sound:
            self.refuse(key, _("is missing"))
        return True

    def string(
        self,
        key: str,
        *,
        required: bool = False,
        pattern: re.Pattern[str] | None = None,
        what: str = "",
        longest: int = LONGEST_STRING,
    ) -> str:
        if self.missing(key, required):
            return ""
        value = self.value[key]
        if isinstance(value, (int, float, date)):
            self.expected(key, _("a string; quote it"))
        elif not isinstance(value, str):
            self.expected(key, _("a string"))
        elif self._clean(key, value, required, longest):
            if LINE_END.search(value):
                self.expected(key, _("one line"))
            elif pattern is None or pattern.fullmatch(value):
                return value
            else:
                self.expected(key, what)
        return ""

    def code(self, key: str = "code") -> str:
        return self.string(
            key, required=True, pattern=CODE, what=_("a code of letters, digits, dots, hyphens and underscores")
        )

    def long_string(self, key: str) -> str:
        if self.missing(key, required=False):
            return ""
        value = self.value[key]
        if not isinstance(value, str):
            self.expected(key, _("a string; quote it"))
        elif self._clean(key, value, False, LONGEST_TEXT):
            return value
        return ""

    def _clean(self, key: str, value: str, required: bool, longest: int) -> bool:
        if required and not value.strip():
            self.refuse(key, _("is empty"))
        elif UNPRINTABLE.search(value):
            self.refuse(key, _("contains control characters"))
        elif len(value) > longest:
            self.refuse(key, _("is longer than %(count)d characters") % {"count": longest})
        else:
            return True
        return False

    def text(self, key: str, *, required: bool = False) -> Text:
        """A string in the framework's language, or a map by language; the own language is put first."""
        if self.missing(key, required):
            return Text()
        value = self.value[key]
        if isinstance(value, dict):
            inner = Fields(self.document, value, join(self.path, key), self.language)
            texts = {name: inner._text(name) for name in sorted(value, key=lambda name: (name != self.language, name))}
            for name in value:
                if not LANGUAGE.fullmatch(name):
                    inner.refuse(name, _("expected a language such as zh-hans as the key"))
            if self.language and self.language not in value:
                self.refuse(
                    key, _("has no text in the framework's language, %(language)s") % {"language": self.language}
                )
            return Text({name: text for name, text in texts.items() if text})
        text = self._text(key, required)
        return Text({self.language: text}) if text else Text()

    def _text(self, key: str, required: bool = True) -> str:
        value = self.value[key]
        if not isinstance(value, str):
            self.expected(key, _("a string; quote it"))
        elif self._clean(key, value, required, LONGEST_TEXT):
            return value
        return ""

    def whole(self, key: str, low: int, high: int | None, what: str, *, required: bool = False) -> int | None:
        if self.missing(key, required):
            return None
        value = self.value[key]
        if is_whole(value, low, high):
            return value
        self._expected_number(key, what)
        return None

    def level(self, key: str, highest: int, *, required: bool = False) -> int | None:
        what = _("a whole number from 0 to %(highest)d") % {"highest": highest}
        return self.whole(key, 0, highest, what, required=required)

    def weight(self) -> float:
        self.refuse_null("weight")
        return (
            self.number("weight", _("a finite number greater than 0, such as 2 or 1.0e-9"), lambda value: value > 0)
            or 1
        )

    def refuse_null(self, key: str) -> None:
        """For what has a default: a key without a value is a slip, not a wish for the default."""
        if key in self.value and self.value[key] is None:
            self.refuse(key, _("has no value; give one, or leave the line out"))

    def number(self, key: str, what: str, allowed: Callable[[float], bool]) -> float | None:
        if self.missing(key, required=False):
            return None
        value = self.value[key]
        if isinstance(value, (int, float)) and not isinstance(value, bool) and _finite(value) and allowed(value):
            return float(value)
        self._expected_number(key, what)
        return None

    def _expected_number(self, key: str, what: str) -> None:
        value = self.value[key]
        is_quoted = isinstance(value, str) and NUMBER.fullmatch(value.strip())
        self.expected(key, _("%(what)s, without quotes") % {"what": what} if is_quoted else what)

    def flag(self, key: str) -> bool:
        self.refuse_null(key)
        if self.missing(key, required=False):
            return False
        if not isinstance(self.value[key], bool):
            self.expected(key, _("true or false"))
        return self.value[key] is True

    def day(self, key: str) -> date | None:
        if self.missing(key, required=False):
            return None
        value = self.value[key]
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except (TypeError, ValueError):
            self.expected(key, _("a date such as 2026-09-30"))
            return None

    def choice(self, key: str, choices: Collection[str], default: str = "") -> str:
        value = self.string(key, required=not default) or default
        if value and value not in choices:
            self.expected(key, _("one of %(choices)s") % {"choices": ", ".join(choices)})
            return ""
        return value

    def entries(self, key: str, *, required: bool = False) -> list[tuple[str, Any]]:
        """The items of a list, each with its path."""
        if self.missing(key, required):
            return []
        value = self.value[key]
        if not isinstance(value, list):
            self.expected(key, _("a list"))
            return []
        if required and not value:
            self.refuse(key, _("is empty"))
        return [(f"{join(self.path, key)}[{index}]", item) for index, item in enumerate(value)]

    def strings(self, key: str) -> tuple[str, ...]:
        found = []
        for path, item in self.entries(key):
            if isinstance(item, str) and item.strip() and len(item) <= LONGEST_STRING and not UNPRINTABLE.search(item):
                found.append(item)
            else:
                self.document.refuse(
                    path, _("expected %(what)s, got %(value)s") % {"what": _("a string"), "value": shown(item)}
                )
        return tuple(found)

    def each(self, key: str, *, required: bool = False) -> Iterator["Fields"]:
        for path, item in self.entries(key, required=required):
            fields = Fields(self.document, item, path, self.language)
            if fields.sound:
                yield fields

    def inner(self, key: str, *, required: bool = False) -> "Fields":
        """The mapping at the key. Where there is none, one in which nothing is missed."""
        absent = self.missing(key, required)
        inner = Fields(self.document, {} if absent else self.value[key], join(self.path, key), self.language)
        inner.sound = inner.sound and not absent
        return inner


def is_whole(value: Any, low: int, high: int | None = None) -> bool:
    """A real whole number in its bounds: no bool, no 2.0.

    >>> is_whole(2, 0, 5), is_whole(True, 0, 5), is_whole(2.0, 0, 5), is_whole(6, 0, 5)
    (True, False, False, False)
    """
    return type(value) is int and value >= low and (high is None or value <= high)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def shown(value: Any) -> str:
    """A value as an error message quotes it: short, on one line."""
    if isinstance(value, dict):
        return _("a mapping")
    if isinstance(value, list):
        return _("a list")
    if value is None:
        return _("nothing")
    text = UNPRINTABLE.sub("�", " ".join(str(value).split()))
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
