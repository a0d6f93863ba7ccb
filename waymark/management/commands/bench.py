import os
import signal
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from waymark.bench import runner
from waymark.bench.setting import Setting


class Command(BaseCommand):
    help = "Run the benchmarks. ONLY=name,name picks, JSON=file writes, FULL=1 is the largest."

    def handle(self, **options: Any) -> None:
        if settings.LIVE:
            raise CommandError("Benchmarks make databases of their own: live mode runs none.")
        names = [name for name in os.environ.get("ONLY", "").split(",") if name]
        if unknown := set(names) - set(runner.ALL):
            known = ", ".join(runner.ALL)
            raise CommandError(f"No benchmark is called {', '.join(unknown)}. There are: {known}.")
        # Whoever ends it ends the servers and clusters that it has started.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        setting = Setting(is_full=os.environ.get("FULL") == "1", say=self._progress)
        rows = runner.run(names, setting, self._say)
        if path := os.environ.get("JSON"):
            runner.write(rows, Path(path))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _progress(self, line: str) -> None:
        self.stderr.write(f"  {line}")
        self.stderr.flush()
