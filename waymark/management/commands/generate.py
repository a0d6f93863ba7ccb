from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from waymark import generate
from waymark.generate.world import PASSWORD

MOST = 2_000_000


class Command(BaseCommand):
    help = "Fill a database of its own, waymark_generated_<N>, with N invented referrals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--referrals", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--last", type=date.fromisoformat, help="the day on which open ones end (YYYY-MM-DD)"
        )

    def handle(
        self, *, referrals: int, seed: int, last: date | None = None, **options: Any
    ) -> None:
        if settings.LIVE:
            raise CommandError("Invented people are for trial: live mode generates none.")
        if not 1 <= referrals <= MOST:
            raise CommandError(f"Give a number of referrals from 1 to {MOST:,}.")
        name = generate.fill(referrals, seed=seed, last=last, say=self._say)
        self._say(f"WAYMARK_DB_NAME={name} shows it; cora@example.org, password {PASSWORD}")

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
