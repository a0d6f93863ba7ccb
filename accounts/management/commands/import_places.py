from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts import postcodes
from accounts.import_report import Report
from accounts.importing import ImportCommand, TextFile, inspect


def _codes(text: str) -> list[str]:
    codes = [code.strip().upper() for code in text.split(",") if code.strip()]
    if bad := [code for code in codes if not postcodes.AREA_CODE.fullmatch(code)]:
        raise ArgumentTypeError(f"{bad[0]} is no district code: write codes like E06000018.")
    return codes


class Command(ImportCommand):
    help = (
        "Bring in postcodes with their places: the ONS Postcode Directory as it is published "
        "(the file of one postcode area is enough), or columns postcode, latitude, longitude, "
        "easting, northing, ltla_code. Running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--districts", type=_codes, default=[], metavar="CODES",
            help="Take only these districts: E06000018,E07000170",
        )  # fmt: skip
        parser.add_argument(
            "--deprivation", type=Path, metavar="FILE",
            help="Deprivation deciles by LSOA 2021, where the postcodes come without.",
        )  # fmt: skip
        parser.add_argument(
            "--wards", action="store_true", help="Add the wards below the districts we know."
        )

    def load(self, file: TextFile, report: Report, **options: Any) -> None:
        postcodes.load(
            file,
            report,
            districts=options["districts"],
            deprivation=inspect(options["deprivation"]) if options["deprivation"] else None,
            wards=options["wards"],
        )
