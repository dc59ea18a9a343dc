"""`manage.py prepare_fonts`: make the report's fonts once; a second call finds them ready."""

from argparse import ArgumentParser
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessment.reports import fonts


class Command(BaseCommand):
    help = "Make the fonts that PDF reports embed (once, about a minute)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=None, help="default: settings.FONT_CACHE")

    def handle(self, *args: Any, folder: Path | None = None, **options: Any) -> None:
        folder = folder or Path(settings.FONT_CACHE)
        steps = count(1)

        def progress(step: str) -> None:
            words = _("choosing the characters") if step == "subset" else step
            place = {"number": next(steps), "all": len(fonts.WEIGHTS) + 1, "step": words}
            self.stdout.write(_("Preparing fonts %(number)d/%(all)d: %(step)s …") % place)
            self.stdout.flush()

        try:
            fonts.prepare(folder, progress)
        except (fonts.FontChangedError, OSError) as error:
            raise CommandError(str(error)) from error
