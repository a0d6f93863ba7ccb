import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import readiness
from waymark import interview, reference
from waymark.setting_up import SetupError, set_up

EXAMPLE = Path(__file__).resolve().parents[2] / "setup.example.toml"


class Command(BaseCommand):
    help = (
        "The first live start: the unit, areas, first administrator, safeguarding numbers, rota. "
        "Asks, or takes them from a file. Referrals are refused until all of it is there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="a TOML file like the one --example prints")
        parser.add_argument("--example", action="store_true", help="print a file to start from")
        parser.add_argument("--dry-run", action="store_true", help="check the file, change nothing")

    def handle(self, **options: Any) -> None:
        if options["example"]:
            self.stdout.write(EXAMPLE.read_text(encoding="utf-8"))
            return
        plan = self._plan(options["file"])
        try:
            with transaction.atomic():
                password = os.environ.get("WAYMARK_ADMIN_PASSWORD", "")
                set_up(plan, password=password, say=self.stdout.write)
                self._say_what_is_missing()
                if options["dry_run"]:
                    transaction.set_rollback(True)
                    self.stdout.write("Nothing was changed: this was a dry run.")
        except SetupError as error:
            raise CommandError(f"Nothing was changed. {error}") from None
        if not options["dry_run"]:
            reference.load()

    def _plan(self, file: Path | None) -> dict[str, Any]:
        if file is None:
            if not sys.stdin.isatty():
                raise CommandError(
                    "There is nobody to ask here: give --file setup.toml (--example prints one)."
                )
            return interview.ask(input, self.stdout.write)
        try:
            return tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} is not TOML in UTF-8: {error}.") from None

    def _say_what_is_missing(self) -> None:
        missing = readiness.missing()
        if not missing:
            self.stdout.write("All is there: referrals may come in.")
            return
        self.stdout.write("Referrals are refused until this is there too:")
        for sentence in missing:
            self.stdout.write(f"  {sentence}")
