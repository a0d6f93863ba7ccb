from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from waymark import generate
from waymark.generate.world import PASSWORD

MOST = 2_000_000


class Command(BaseCommand):
    help = (
        "Fill a database of its own, waymark_generated_<N>, with N invented referrals; or "
        "waymark_generated_services_<N> with N invented services."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--referrals", type=int, default=0)
        what.add_argument("--services", type=int, default=0)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--last", type=date.fromisoformat, help="the day on which open ones end (YYYY-MM-DD)"
        )

    def handle(
        self, *, referrals: int, services: int, seed: int, last: date | None, **options: Any
    ) -> None:
        if settings.LIVE:
            raise CommandError("Invented people are for trial: live mode generates none.")
        if not 1 <= (referrals or services) <= MOST:
            raise CommandError(f"Give a number from 1 to {MOST:,}.")
        if services:
            name = generate.fill_services(services, seed=seed, say=self._say)
            self._say(f"WAYMARK_DB_NAME={name} shows it")
            return
        name = generate.fill(referrals, seed=seed, last=last, say=self._say)
        self._say(f"WAYMARK_DB_NAME={name} shows it; cora@example.org, password {PASSWORD}")

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
