from typing import Any

from django.core.management.base import CommandParser

from accounts.import_report import Report
from accounts.importing import ImportCommand, TextFile
from insight import populations


class Command(ImportCommand):
    help = (
        "Bring in how many people of 10 to 24 live in each district and ward, for rates: the "
        "mid-year estimates of the ONS by age, or columns area_code, age, people. Running it "
        "again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, required=True, help="The year they are for.")

    def load(self, file: TextFile, report: Report, *, year: int = 0, **options: Any) -> None:
        populations.load(file, report, year=year)
