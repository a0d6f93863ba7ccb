from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework import chain


class Command(BaseCommand):
    help = "Check the chain of every case's events, and the seals. Fails when one does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for fault in chain.verify():
            faults += 1
            self.stdout.write(f"{fault.kind} {fault.case_id} event {fault.sequence}: {fault.what}")
        if faults:
            raise CommandError(f"{faults} faults. Do not repair them by hand: see operations.md.")
        self.stdout.write("Every chain holds.")
