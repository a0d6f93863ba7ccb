"""The kinds of case there are. Upper packages bring theirs; the engine knows them only by name."""

import uuid
from collections.abc import Collection
from functools import cache

from django.apps import apps
from django.db.models import Model

from .models import Case


@cache
def kinds() -> dict[str, type[Case]]:
    """Every concrete kind of case by its KIND."""
    return {model.KIND: model for model in apps.get_models() if issubclass(model, Case)}


def columns(model: type[Model]) -> str:
    """The columns of a table by name, for SQL that is prepared: `*` would change under it."""
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def find(kind: str, pk: uuid.UUID) -> Case | None:
    """A case by kind and id, whoever asks: for the system's own work, never for a page."""
    model = kinds().get(kind)
    return model._base_manager.filter(pk=pk).first() if model else None


def references(cases: Collection[tuple[str, uuid.UUID]]) -> dict[uuid.UUID, str]:
    """The reference of each case given by kind and id: one query for a kind. A reference says
    nothing about anybody, so it may stand where the case itself may not."""
    found: dict[uuid.UUID, str] = {}
    for kind, model in kinds().items():
        if ids := [pk for each, pk in cases if each == kind]:
            rows = model._base_manager.filter(pk__in=ids)
            found |= dict(rows.values_list("pk", "reference"))
    return found
