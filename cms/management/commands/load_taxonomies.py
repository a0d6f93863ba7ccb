from typing import Any

from django.core.management.base import BaseCommand

from cms.directory.loading import load_taxonomies


class Command(BaseCommand):
    help = "Add the starting terms that services are sorted by. Terms that exist are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_taxonomies()
        self.stdout.write(f"{loaded.added} terms added, {loaded.kept} were there.")
