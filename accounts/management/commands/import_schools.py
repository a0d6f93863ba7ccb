from typing import Any

from django.core.management.base import CommandParser

from accounts import schools
from accounts.import_report import Report
from accounts.importing import ImportCommand, TextFile


class Command(ImportCommand):
    help = (
        "Bring in the schools and colleges of our districts from the government's register "
        "(“Get information about schools”, all establishment data). Running it again changes "
        "nothing; a school that has closed stays, closed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--closed", action="store_true", help="Add schools that are closed, too."
        )

    def load(self, file: TextFile, report: Report, **options: Any) -> None:
        schools.load(file, report, closed=options["closed"])
