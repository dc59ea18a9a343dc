"""Load or update framework drafts from files, and publish them on request."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessment import actions
from assessment.exchange.document import FileError, Problem
from assessment.exchange.framework import read_framework
from assessment.management.files import FileCommand


class Command(FileCommand):
    help = "Load or update framework drafts, all files in one transaction."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", help="YAML, JSON or a workbook (.xlsx)")
        parser.add_argument("--publish", action="store_true", help="from then on the version never changes")

    def run(self, *, files, publish, **options):
        frameworks = self.read_all(files)
        outcomes = {"created": _("created"), "updated": _("updated"), "unchanged": _("unchanged")}
        lines = []
        with transaction.atomic():
            for file, framework in zip(files, frameworks, strict=True):
                try:
                    outcome = actions.load_framework(framework, should_publish=publish)
                except actions.Refused as error:
                    raise FileError([Problem(file, 0, "", str(error))]) from error
                lines.append(f"{framework.code} {framework.version}: {outcomes[outcome]}")
        for line in lines:
            self.stdout.write(line)

    def read_all(self, files):
        frameworks, problems = [], []
        for file in files:
            try:
                frameworks.append(read_framework(file))
            except FileError as error:
                problems += error.problems
        if problems:
            raise FileError(problems)
        return frameworks
