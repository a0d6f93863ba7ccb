import hashlib
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Collect and compress the static files, unless what they come from is unchanged."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        root = Path(settings.STATIC_ROOT)
        stamp = root.with_name("static.stamp")
        digest = self._inputs()
        if root.exists() and stamp.exists() and stamp.read_text() == digest:
            return
        self.stdout.write("Collecting static files …")
        self.stdout.flush()
        started = time.monotonic()
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(digest)
        self.stdout.write(f"Static files collected in {time.monotonic() - started:.0f} s")

    def _inputs(self) -> str:
        """A digest of the front end, and of the lock for the packages that bring files."""
        built = settings.BASE / "waymark" / "frontend" / "build"
        files = sorted(path for path in built.rglob("*") if path.is_file())
        inputs = [settings.BASE / "requirements.lock", *files]
        return hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
