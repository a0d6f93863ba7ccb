from typing import Any

from django.core.management.base import BaseCommand

from casework import clocks, registry


class Command(BaseCommand):
    help = "Add the clocks that are not there yet; those that the unit has edited stay."

    def handle(self, *args: Any, **options: Any) -> None:
        made = clocks.load(registry.kinds().values())
        self.stdout.write(f"{made} clocks added.")
