import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    help = (
        "Bring database, static files and (in demo mode, the first time) the demo world up to date."
    )

    def handle(self, **options: Any) -> None:
        logging.disable(logging.INFO)  # the demo's people are no news
        if self._has_migrations():
            with self._step("Migrating the database"):
                call_command("migrate", verbosity=0, interactive=False)
        reference.load()
        self._collect_static()
        if settings.DEMO and not self._has_demo():
            self.stdout.write("Building the demo world (the first time only)")
            call_command("demo")

    def _has_migrations(self) -> bool:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def _has_demo(self) -> bool:
        """The sign-ins are written last: without them the demo was broken off half-way."""
        sign_ins = Path(settings.VAR) / "demo-sign-ins.txt"
        return sign_ins.exists() and get_user_model().objects.exists()

    def _collect_static(self) -> None:
        """Compress anew only what changed: the front end, or the packages that bring files."""
        root = Path(settings.STATIC_ROOT)
        built = settings.BASE / "waymark" / "frontend" / "build"
        files = sorted(path for path in built.rglob("*") if path.is_file())
        inputs = [settings.BASE / "requirements.lock", *files]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
        stamp = root.with_name("static.stamp")
        if root.exists() and stamp.exists() and stamp.read_text() == digest:
            return
        with self._step("Collecting static files"):
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(digest)

    @contextmanager
    def _step(self, title: str) -> Iterator[None]:
        self.stdout.write(f"{title} … ", ending="")
        self.stdout.flush()
        started = time.monotonic()
        yield
        self.stdout.write(f"{time.monotonic() - started:.0f} s")
