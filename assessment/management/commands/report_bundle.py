"""Write a report with all that it was made from, so that anybody can compute its every number anew."""

from django.utils.translation import gettext as _

from assessment import actions
from assessment.actions import Refused
from assessment.exchange import bundle
from assessment.management.bundling import Origin, make_bundle
from assessment.management.files import (
    FileCommand,
    add_assessment_arguments,
    chosen_assessment,
    stored_assessment,
    write_whole,
)
from assessment.models import Remark
from assessment.reports.fonts import FontsMissing
from assessment.reports.gathering import design_of, remarks_of
from assessment.reports.manifest import manifest_of


class Command(FileCommand):
    help = "Write a ZIP with framework, answers, remarks, scores, content, the PDF and a manifest (docs/reports-verification.md)."

    def add_arguments(self, parser):
        add_assessment_arguments(parser)
        parser.add_argument("--output", required=True, metavar="X.zip")
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans")
        parser.add_argument("--basis", choices=["self", "effective"], default="effective")

    def run(self, *, output, language, basis, **options):
        if not output.lower().endswith(".zip"):
            raise Refused(_("%(file)s: expected an ending of .zip") % {"file": output})
        framework, assessment, draft = chosen_assessment(self, options)
        record = None if options["id"] is None else stored_assessment(options["id"])
        extra = (remarks_of(record, Remark.Report.GAP, language), design_of(record)) if record else ()
        choices = {"basis": basis, "language": language, "draft": draft}
        try:
            data, content = make_bundle(Origin.of(framework, assessment, *extra, **choices))
        except FontsMissing as error:
            raise Refused(str(error)) from error
        write_whole(output, data)
        if record:
            given = {"language": language, "basis": basis, "content_sha256": content.digest}
            files = bundle.unpack(output, data)
            for form, made in (("json", files["content.json"]), ("pdf", files["report.pdf"]), ("zip", data)):
                actions.register_report(record, made, form=form, manifest=manifest_of(content), **given)
