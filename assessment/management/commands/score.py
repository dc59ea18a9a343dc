"""Print the score document of a round, or of two files without any database."""

import json

from assessment import gaps
from assessment.management.files import FileCommand, add_assessment_arguments, chosen_assessment, log_export


class Command(FileCommand):
    help = "Print the score document as JSON."

    def add_arguments(self, parser):
        add_assessment_arguments(parser)
        parser.add_argument("--basis", choices=["self", "effective"], default="effective")

    def run(self, *, basis, **options):
        framework, assessment, _draft = chosen_assessment(self, options)
        document = gaps.evaluate(framework, assessment, basis).document()
        self.print_file(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n")
        log_export(options["id"], "score.json")
