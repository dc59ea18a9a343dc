"""What the commands that read and write files share: errors one a line on stderr and exit 2, output whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError
from django.utils.translation import gettext as _

from assessment import outline
from assessment.actions import Refused
from assessment.exchange.answers import read_answers
from assessment.exchange.document import FileError, Problem
from assessment.exchange.faults import reason
from assessment.exchange.framework import read_framework
from assessment.models import Assessment, Event

BAD_INPUT = 2


class FileCommand(BaseCommand):
    """Write `run`; what it raises as bad input becomes lines on stderr and exit code 2."""

    requires_system_checks: list[str] = []

    run: Callable[..., None]

    def handle(self, *args, **options):
        try:
            self.run(**options)
        except FileError as error:
            self.fail([str(problem) for problem in error.problems])
        except Refused as error:
            self.fail([str(error)])
        except OperationalError as error:
            self.fail([_("the database cannot be reached: %(reason)s") % {"reason": " ".join(str(error).split())}], 1)

    def fail(self, lines: list[str], code: int = BAD_INPUT) -> None:
        for line in lines:
            self.stderr.write(line)
        sys.exit(code)

    def print_file(self, text: str) -> None:
        """To stdout as UTF-8, whatever the terminal's own encoding."""
        if hasattr(self.stdout, "reconfigure"):
            self.stdout.reconfigure(encoding="utf-8")
        self.stdout.write(text, ending="")


def add_assessment_arguments(parser: CommandParser) -> None:
    parser.add_argument("id", nargs="?", type=int, metavar="ID", help="an assessment in the database")
    parser.add_argument("--framework", metavar="FILE", help="with --answers: read files, use no database")
    parser.add_argument("--answers", metavar="FILE")


def chosen_assessment(
    command: FileCommand, options: dict[str, Any]
) -> tuple[outline.Framework, outline.Assessment, bool]:
    """Framework, assessment and whether it is a draft, from the database or from two files."""
    files = options["framework"], options["answers"]
    if (options["id"] is None) == (files == (None, None)) or (None in files and files != (None, None)):
        command.fail([_("give either an ID, or both --framework FILE and --answers FILE")])
    if options["id"] is None:
        return *outlines_of(*files), True
    record = stored_assessment(options["id"])
    return record.framework.outline(), record.outline(), not record.is_approved


def outlines_of(framework_file: str, answers_file: str) -> tuple[outline.Framework, outline.Assessment]:
    """Both files, or the problems of both."""
    problems: list[Problem] = []
    framework = assessment = None
    try:
        framework = read_framework(framework_file)
    except FileError as error:
        problems += error.problems
    try:
        assessment = read_answers(answers_file, framework)
    except FileError as error:
        problems += error.problems
    if framework is None or assessment is None:
        raise FileError(problems)
    return framework, assessment


def stored_assessment(pk: int) -> Assessment:
    record = Assessment.objects.select_related("city", "framework", "target").filter(pk=pk).first()
    if not record:
        raise Refused(_("no assessment has the ID %(id)d") % {"id": pk})
    return record


def log_export(pk: int | None, target: str) -> None:
    """Notes that a stored round was taken out; what two files say is nobody's round."""
    if pk is not None:
        Event.objects.record(Event.Verb.EXPORTED, assessment=stored_assessment(pk), target=target)


def write_whole(path: str, data: bytes) -> None:
    """Replaces the file at once, so that it is never half written. Raises Refused where it cannot be written."""
    target = Path(path).resolve()
    try:
        if target.exists() and not target.is_file():
            raise Refused(_("%(file)s cannot be written: it is not a file") % {"file": path})
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".unfinished.")
    except OSError as error:
        raise Refused(_("%(file)s cannot be written: %(reason)s") % {"file": path, "reason": reason(error)}) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise Refused(_("%(file)s cannot be written: %(reason)s") % {"file": path, "reason": reason(error)}) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
