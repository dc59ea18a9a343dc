"""Delete the files of batches that are kept no longer (REPORT_FILES_KEPT days); every batch that begins does so too."""

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from assessment import tasks


class Command(BaseCommand):
    help = "Delete the files of batches of reports that are kept no longer."

    def handle(self, **options):
        count = tasks.purge()
        words = ngettext("%(count)d batch expired", "%(count)d batches expired", count)
        self.stdout.write(words % {"count": count})
