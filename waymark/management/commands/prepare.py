import logging
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from waymark import reference


class Command(BaseCommand):
    help = "Bring the database and (in demo mode, the first time) the demo world up to date."

    def handle(self, **options: Any) -> None:
        logging.disable(logging.INFO)  # the demo's people are no news
        if self._has_migrations():
            self._say("Migrating the database …")
            started = time.monotonic()
            call_command("migrate", verbosity=0, interactive=False)
            self._say(f"Database migrated in {time.monotonic() - started:.0f} s")
        reference.load()
        if settings.DEMO and not self._has_demo():
            self._say("Building the demo world (the first time only) …")
            call_command("demo")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _has_migrations(self) -> bool:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def _has_demo(self) -> bool:
        """The sign-ins are written last: without them the demo was broken off half-way."""
        sign_ins = Path(settings.VAR) / "demo-sign-ins.txt"
        return sign_ins.exists() and get_user_model().objects.exists()
