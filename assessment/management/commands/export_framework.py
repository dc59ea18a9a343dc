"""Print a framework version as the file that loads it again."""

from django.utils.translation import gettext as _

from assessment.actions import Refused
from assessment.exchange.framework import write_framework
from assessment.management.files import FileCommand
from assessment.models import Framework


class Command(FileCommand):
    help = "Print a framework version as YAML."

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("version", metavar="VERSION")

    def run(self, *, code, version, **options):
        record = Framework.objects.filter(code=code, version=version).first()
        if not record:
            raise Refused(_("there is no framework %(code)s %(version)s") % {"code": code, "version": version})
        self.print_file(write_framework(record.outline()))
