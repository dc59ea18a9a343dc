"""Print a round as the answers file that imports it again."""

from assessment.exchange.answers import write_answers
from assessment.management.files import FileCommand, log_export, stored_assessment


class Command(FileCommand):
    help = "Print a round as an answers file."

    def add_arguments(self, parser):
        parser.add_argument("id", type=int, metavar="ID")

    def run(self, *, id, **options):
        self.print_file(write_answers(stored_assessment(id).outline()))
        log_export(id, "answers.yaml")
