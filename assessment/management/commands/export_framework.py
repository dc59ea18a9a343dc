"""Give a framework version as the file or the workbook that loads it again."""

from pathlib import Path

from django.utils.translation import gettext as _

from assessment.actions import Refused
from assessment.exchange.framework import write_framework, write_framework_book
from assessment.management.files import FileCommand, write_whole
from assessment.models import Framework

FORMATS = {"yaml": "yaml", "yml": "yaml", "xlsx": "xlsx"}


class Command(FileCommand):
    help = "Give a framework version as YAML or as a workbook; the format follows from OUT's ending."

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("version", metavar="VERSION")
        parser.add_argument("--format", choices=["yaml", "xlsx"])
        parser.add_argument("--output", metavar="OUT", help="else YAML goes to stdout")

    def run(self, *, code, version, format, output, **options):
        form = format or (FORMATS.get(Path(output).suffix.lower().lstrip(".")) if output else "yaml")
        if form is None:
            values = {"file": output, "formats": ", ".join(f".{name}" for name in FORMATS)}
            raise Refused(_("%(file)s: expected an ending of %(formats)s, or --format") % values)
        if form == "xlsx" and not output:
            raise Refused(_("a workbook goes into a file: give --output OUT"))
        record = Framework.objects.filter(code=code, version=version).first()
        if not record:
            raise Refused(_("there is no framework %(code)s %(version)s") % {"code": code, "version": version})
        framework = record.outline()
        if form == "xlsx":
            write_whole(output, write_framework_book(framework))
        elif output:
            write_whole(output, write_framework(framework).encode())
        else:
            self.print_file(write_framework(framework))
