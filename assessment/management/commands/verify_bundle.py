"""Compute everything in a bundle anew and say whether it is the same; of a PDF alone, whether it is as it was made."""

import logging
import traceback
from pathlib import Path

from django.utils.translation import gettext as _

from assessment.actions import Refused
from assessment.exchange import bundle
from assessment.exchange.document import FileError, Problem
from assessment.exchange.faults import reason
from assessment.exchange.fields import shown
from assessment.management.files import FileCommand
from assessment.management.verifying import Verdict, verify_bundle, verify_pdf
from assessment.reports.fonts import FontsMissing

DIFFERS, UNDECIDED = 1, 2
log = logging.getLogger(__name__)


class Command(FileCommand):
    help = (
        "Verify a bundle: every hash, every number computed anew, the PDF made anew. Of a PDF alone: whether it prints "
        "the hashes and figures of its manifest and has the bytes whose hash it bears; nothing is computed anew. "
        "Exit codes: 0 match, 1 differ, with the first place that does, 2 not decidable, bad usage, or a file that cannot be "
        "read as one of these. No database is used."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="X.zip|X.pdf")

    def handle(self, *args, **options):
        """What nobody foresaw decides nothing, either: Python's own exit code for it would mean that something differs."""
        try:
            super().handle(*args, **options)
        except Exception as error:
            log.error("%r at %s", error, _places(error))
            self.fail(
                [_("Not decidable: the verification failed because of an error in this tool; its log tells which.")]
            )

    def run(self, *, file, **options):
        data = _contents(file)
        verify = verify_pdf if data.startswith(b"%PDF-") else verify_bundle
        try:
            verdict = verify(file, data)
        except FontsMissing as error:
            raise Refused(str(error)) from error
        self.print_file(_told(file, verdict))
        if verdict.difference or verdict.doubt:
            raise SystemExit(DIFFERS if verdict.difference else UNDECIDED)


def _places(error: Exception) -> str:
    """The way to where it was raised; on one line, as a terminal may show the log."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def _contents(file: str) -> bytes:
    try:
        with open(file, "rb") as opened:
            return opened.read(bundle.LARGEST + 1)
    except (OSError, ValueError) as error:
        raise FileError([Problem(file, 0, "", _("cannot be read: %(reason)s") % {"reason": reason(error)})]) from error


def _told(file: str, verdict: Verdict) -> str:
    difference = verdict.difference
    if verdict.doubt:
        return _("Not decidable: %(file)s. %(doubt)s") % {"file": file, "doubt": verdict.doubt} + "\n"
    if difference is None:
        return _("Match: %(file)s. %(told)s") % {"file": file, "told": verdict.told} + "\n"
    text = _("Differ: %(file)s. %(path)s: stated %(stated)s, found %(found)s.")
    values = {"stated": _value(difference.stated), "found": _value(difference.found)}
    return text % {"file": file, "path": " ".join(difference.path.split()), **values} + "\n"


def _value(value) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if is_number else value if _is_hash(value) else shown(value)


def _is_hash(value) -> bool:
    return isinstance(value, str) and len(value) == 64 and value.isalnum()
