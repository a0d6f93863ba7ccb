from typing import Any

from django.core.management.base import BaseCommand

from casework import outbox


class Command(BaseCommand):
    help = "Send what is due in the outbox now, without the queue (for the system's own timer)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{outbox.relay()} sent.")
