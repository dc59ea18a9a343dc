"""Create or replace one round from an answers file."""

from django.utils.translation import gettext as _

from assessment import actions
from assessment.exchange.answers import answers_of, named_framework
from assessment.exchange.parsing import read
from assessment.management.files import FileCommand
from assessment.models import City, Framework


class Command(FileCommand):
    help = "Create or replace one round from an answers file, in one transaction."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")

    def run(self, *, file, **options):
        document = read(file)
        code, version = named_framework(document)
        framework = Framework.objects.published().filter(code=code, version=version).first()
        if code and version and not framework:
            message = _("there is no published framework %(code)s %(version)s") % {"code": code, "version": version}
            document.refuse("assessment.framework", message)
        wanted = answers_of(document, framework and framework.outline())
        city = self.city(document, wanted.city)
        document.check()
        try:
            record, outcome = actions.import_assessment(wanted, framework, city)
        except actions.Refused as error:
            document.refuse("assessment", str(error))
            document.check()
        words = {"created": _("created"), "updated": _("replaced")}
        self.stdout.write(f"{record.pk} {record}: {words[outcome]}")

    def city(self, document, wanted):
        """The city's record; a wrong digit in the code would otherwise replace another city's round."""
        record = City.objects.filter(code=wanted.code).first()
        if wanted.code and not record:
            message = _("no city has the code %(code)s; an administrator adds it first") % {"code": wanted.code}
            document.refuse("assessment.city.code", message)
        elif record and wanted.name and record.name != wanted.name:
            names = {"code": record.code, "name": record.name, "other": wanted.name}
            message = _("the city %(code)s is called %(name)s here, the file says %(other)s") % names
            document.refuse("assessment.city.name", message)
        return record
