"""Write the gap report of a round, or of two files without any database."""

from pathlib import Path

from django.utils.translation import gettext as _

from assessment import actions
from assessment.actions import Refused
from assessment.exchange.answers import answers_digest
from assessment.exchange.framework import digest
from assessment.management.files import (
    FileCommand,
    add_assessment_arguments,
    chosen_assessment,
    stored_assessment,
    write_whole,
)
from assessment.reports import content
from assessment.reports.fonts import FontsMissing
from assessment.reports.gathering import gather
from assessment.reports.making import FORMS, make
from assessment.reports.manifest import manifest_of
from assessment.reports.pdf.sealing import CertificateUnusable


class Command(FileCommand):
    help = "Write the gap report; the format follows from OUT's ending."

    def add_arguments(self, parser):
        add_assessment_arguments(parser)
        parser.add_argument("--output", required=True, metavar="OUT")
        parser.add_argument("--format", choices=FORMS)
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans")

    def run(self, *, output, language, **options):
        form = options["format"] or Path(output).suffix.lower().lstrip(".")
        if form not in FORMS:
            raise Refused(
                _("%(file)s: expected an ending of %(formats)s, or --format")
                % {"file": output, "formats": ", ".join(f".{name}" for name in FORMS)}
            )
        report = self.content(options, language)
        try:
            data = make(report, form)
        except (FontsMissing, CertificateUnusable) as error:
            raise Refused(str(error)) from error
        write_whole(output, data)
        if options["id"] is not None:
            given = {"form": form, "language": language, "content_sha256": report.digest}
            record = stored_assessment(options["id"])
            actions.register_report(record, data, manifest=manifest_of(report), **given)

    def content(self, options, language):
        framework, assessment, draft = chosen_assessment(self, options)
        given = {"language": language, "digest": digest(framework), "answers_digest": answers_digest(assessment)}
        if options["id"] is None:
            return content.build(framework, assessment, draft=draft, **given)
        return gather(stored_assessment(options["id"]), **given)
