from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from waymark import documents


class Command(BaseCommand):
    help = "Write docs/states.md, docs/permissions.md and docs/privacy.md from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a file is not current")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = Path(settings.BASE) / "docs"
        stale = []
        for name, write in documents.ALL.items():
            path, text = folder / name, write()
            if path.exists() and path.read_text() == text:
                continue
            stale.append(name)
            if not check:
                path.write_text(text)
        if check and stale:
            raise CommandError(f"{', '.join(stale)} not current. Run: manage.py docs")
        self.stdout.write(f"{len(stale)} files written." if stale else "All current.")
