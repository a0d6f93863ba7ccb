from typing import Any

from django.core.management.base import BaseCommand

from accounts import places


class Command(BaseCommand):
    help = "Bring in the built-in centres of postcode sectors, outcodes and towns. Idempotent."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{places.load_localities():,} sectors, outcodes and towns are in.")
