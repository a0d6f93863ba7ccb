import logging
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import User
from waymark import reference
from waymark.demo import people, world


class Command(BaseCommand):
    help = "Build the demo world anew. Everything in the demo's own database is replaced."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.LIVE:
            raise CommandError("The demo is for trial: live mode never builds it.")
        started = time.monotonic()
        logging.getLogger("waymark.access").setLevel(logging.WARNING)
        if User.objects.exists():
            self._say("Emptying the old demo")
            self._empty()
        world.build(self._say)
        self._write_sign_ins()
        self._say(f"The demo is ready ({time.monotonic() - started:.0f} s)")

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()

    def _empty(self) -> None:
        """Append-only tables cannot be emptied, so the whole schema goes and is made anew."""
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0, interactive=False)
        reference.load()

    def _write_sign_ins(self) -> None:
        lines = [f"Password for everybody: {settings.DEMO_PASSWORD}"]
        lines += [
            f"{seat.first + '@example.org':<22} {seat.role.name}"
            for seat in [*people.SEATS, people.MENTORS[0]]
        ]
        (settings.VAR / "demo-sign-ins.txt").write_text("\n".join(lines) + "\n")
