from typing import Any

from django.core.management.base import BaseCommand

from cms.directory.loading import load_synonyms, load_taxonomies


class Command(BaseCommand):
    help = "Add the starting terms that services are sorted by, and synonyms where there are none."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_taxonomies()
        load_synonyms()
        self.stdout.write(f"{loaded.added} terms added, {loaded.kept} were there.")
