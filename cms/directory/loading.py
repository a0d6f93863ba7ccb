"""The starting terms of the four taxonomies and the starting synonyms, from our own CSV."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from .models import Synonym, Taxonomy, TaxonomyTerm

DATA = Path(__file__).resolve().parent / "data"
NAMES = {
    "service_type": ("Service type", "What kind of help a service gives."),
    "need": ("Need", "What a person needs help with."),
    "tier": ("Tier", "Who a service is for: everyone, people at risk, people already affected."),
    "route": ("Route", "The way into education, training or work that a service is part of."),
}


@dataclass
class Loaded:
    added: int = 0
    kept: int = 0


@transaction.atomic
def load_taxonomies() -> Loaded:
    """Add the terms that are missing. Those that are there belong to the editors and stay."""
    loaded = Loaded()
    held = {
        (term.taxonomy.code, term.code): term
        for term in TaxonomyTerm.objects.select_related("taxonomy")
    }
    taxonomies = {
        code: Taxonomy.objects.get_or_create(
            code=code, defaults={"name": name, "description": description}
        )[0]
        for code, (name, description) in NAMES.items()
    }
    for position, row in enumerate(_rows("taxonomies")):
        key = (row["taxonomy"], row["code"])
        if key in held:
            loaded.kept += 1
            continue
        held[key] = TaxonomyTerm.objects.create(
            taxonomy=taxonomies[row["taxonomy"]],
            parent=held[row["taxonomy"], row["parent"]] if row["parent"] else None,
            code=row["code"],
            name=row["name"],
            description=row["description"],
            public_wording=row["public_wording"],
            synonyms=row["synonyms"],
            term_uri=row["term_uri"],
            position=position,
        )
        loaded.added += 1
    return loaded


def load_synonyms() -> None:
    """Give a site that has no synonyms the starting ones; after that they are the editors'."""
    if not Synonym.objects.exists():
        Synonym.objects.bulk_create(Synonym(**row) for row in _rows("synonyms"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
