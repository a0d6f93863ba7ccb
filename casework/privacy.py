"""What every column is about: the classification that subject access, retention and logs are driven
by.

A model that holds a person's data has a nested `Privacy` with `subject`, `why`, `keep` and
`fields`; each field is "none" or "<kind> <band> <sar>". A model about nobody says `subject =
"nobody"` and why it is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from .models.notes import Band

OURS = {"accounts", "casework", "cms", "referrals", "mentoring", "pathways", "insight", "waymark"}
KINDS = {"none", "personal", "special", "criminal", "safeguarding", "location", "credential"}
SAR = {"give", "redact", "withhold"}


@dataclass(frozen=True)
class Classified:
    """One column, and what it is about."""

    model: type[models.Model]
    column: str
    kind: str
    band: str = ""
    sar: str = ""


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def fields_of(model: type[models.Model]) -> dict[str, str]:
    privacy: Any = getattr(model, "Privacy", None)
    return {**getattr(model, "PRIVACY", {}), **getattr(privacy, "fields", {})}


def classified(model: type[models.Model]) -> Iterator[Classified]:
    for column, words in fields_of(model).items():
        yield Classified(model, column, *words.split())


def faults() -> list[str]:
    """A sentence for each model or column that is not classified, or wrongly."""
    return [fault for model in our_models() for fault in _faults_of(model)]


def _faults_of(model: type[models.Model]) -> Iterator[str]:
    privacy: Any = model.__dict__.get("Privacy")
    if privacy is None:
        yield f"{model._meta.label} does not say why it is kept."
        return
    if not getattr(privacy, "subject", "") or not getattr(privacy, "why", ""):
        yield f"{model._meta.label}.Privacy needs a subject and a reason."
    if privacy.subject == "nobody":
        return
    if not getattr(privacy, "keep", ""):
        yield f"{model._meta.label}.Privacy does not say how long."
    declared = fields_of(model)
    columns = {field.name for field in model._meta.concrete_fields}
    yield from (
        f"{model._meta.label}.{name} is not classified." for name in columns - declared.keys()
    )
    yield from (f"{model._meta.label}.{name} is no column." for name in declared.keys() - columns)
    for name, words in declared.items():
        if not _is_well_formed(words):
            yield f"{model._meta.label}.{name}: “{words}” is not “<kind> <band> <sar>”."


def _is_well_formed(words: str) -> bool:
    match words.split():
        case ["none"]:
            return True
        case [kind, band, sar]:
            return kind in KINDS - {"none"} and band in Band.values and sar in SAR
    return False
