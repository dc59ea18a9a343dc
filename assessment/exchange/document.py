"""A file's plain values, the line on which each one stands, and all that is wrong with it."""

import re
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile("\r\n?|[\n\x85\u2028\u2029]")


@dataclass(frozen=True)
class Problem:
    """What is wrong, where; `line` is 0 where the loader does not know it, `path` empty for the file as a whole.

    In a workbook the place is a sheet and a cell instead.
    """

    file: str
    line: int
    path: str
    message: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        line = _("%(place)s: %(what)s") % {"place": self._place().rstrip(), "what": self.message}
        return UNPRINTABLE.sub("�", " ".join(line.split()))

    def _place(self) -> str:
        if self.sheet:
            where = {"file": self.file, "sheet": self.sheet, "cell": self.cell}
            return _("%(file)s, sheet “%(sheet)s” %(cell)s") % where
        place = _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line} if self.line else self.file
        return f"{place} {self.path}"


class FileError(Exception):
    """All problems of one or several files, in the order in which they stand there; printed one a line."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems, key=attrgetter("file", "line"))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Document:
    """A file's plain value; by path, its lines and the numbers as they were written; the problems met so far."""

    file: str
    value: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: str) -> int:
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 0)

    def refuse(self, path: str, message: str, line: int | None = None) -> None:
        self.problems.append(Problem(self.file, self.line_of(path) if line is None else line, path, message))

    def named(self, path: str) -> str:
        """The path as a message to people names it."""
        return path

    def has_problem(self, path: str) -> bool:
        """True where something at the path or below it is wrong."""
        return any(problem.path.startswith(path) for problem in self.problems)

    def check(self) -> None:
        """Raises FileError when anything was refused."""
        if self.problems:
            raise FileError(self.problems)


def join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
