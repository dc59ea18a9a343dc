"""Create or replace one round from an answers file."""

from django.utils.translation import gettext as _

from assessment import actions
from assessment.exchange.answers import answers_of, named_framework
from assessment.exchange.document import read
from assessment.management.files import FileCommand
from assessment.models import Framework


class Command(FileCommand):
    help = "Create or replace one round from an answers file, in one transaction."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")

    def run(self, *, file, **options):
        document = read(file)
        code, version = named_framework(document)
        framework = Framework.objects.published().filter(code=code, version=version).first()
        if not framework:
            raise actions.Refused(
                _("%(file)s: there is no published framework %(code)s %(version)s")
                % {"file": file, "code": code, "version": version}
            )
        wanted = answers_of(document, framework.outline())
        document.check()
        try:
            record, outcome = actions.import_assessment(wanted, framework)
        except actions.Refused as error:
            raise actions.Refused(f"{file}: {error}") from error
        words = {"created": _("created"), "updated": _("replaced")}
        self.stdout.write(f"{record.pk} {record}: {words[outcome]}")
