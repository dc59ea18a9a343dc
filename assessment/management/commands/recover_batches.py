"""Put batches back into the queue whose worker was killed; run before the worker starts, or at any time."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from assessment import tasks


class Command(BaseCommand):
    help = "Put batches of reports back into the queue whose worker was killed."

    def add_arguments(self, parser):
        seconds = int(tasks.SILENCE.total_seconds())
        parser.add_argument("--silent-for", type=int, default=seconds, metavar="SECONDS", help=f"default: {seconds}")

    def handle(self, *, silent_for, **options):
        count = tasks.recover(timedelta(seconds=max(silent_for, 0)))
        words = ngettext("%(count)d batch waits again", "%(count)d batches wait again", count)
        self.stdout.write(words % {"count": count})
