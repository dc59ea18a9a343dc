"""Write the gap report of a round, or of two files without any database."""

import json
from pathlib import Path

from django.utils.translation import gettext as _

from assessment import gaps
from assessment.actions import Refused
from assessment.exchange.framework import digest
from assessment.management.files import (
    FileCommand,
    add_assessment_arguments,
    chosen_assessment,
    log_export,
    write_whole,
)
from assessment.reports import content, pdf
from assessment.reports.fonts import FontsMissing

FORMATS = ("pdf", "json")


class Command(FileCommand):
    help = "Write the gap report; the format follows from OUT's ending."

    def add_arguments(self, parser):
        add_assessment_arguments(parser)
        parser.add_argument("--output", required=True, metavar="OUT")
        parser.add_argument("--format", choices=FORMATS)
        parser.add_argument("--language", choices=["zh-hans"], default="zh-hans")

    def run(self, *, output, language, **options):
        form = options["format"] or Path(output).suffix.lower().lstrip(".")
        if form not in FORMATS:
            raise Refused(
                _("%(file)s: expected an ending of %(formats)s, or --format")
                % {"file": output, "formats": ", ".join(f".{name}" for name in FORMATS)}
            )
        framework, assessment, draft = chosen_assessment(self, options)
        if form == "json":
            document = gaps.evaluate(framework, assessment).document()
            data = (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()
        else:
            try:
                given = {"draft": draft, "language": language, "digest": digest(framework)}
                data = pdf.render(content.build(framework, assessment, **given))
            except FontsMissing as error:
                raise Refused(str(error)) from error
        write_whole(output, data)
        log_export(options["id"], f"report.{form}")
