"""Events as they are written: what changed, who did it, chained to the Event before."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from . import actors
from .calendar import now
from .models import Case, Event, Reason

if TYPE_CHECKING:
    from accounts.models import User

# Columns that every Event changes or that it says by itself.
OWN = {
    "status",
    "version",
    "head",
    "updated_at",
    "entered_at",
    "due_at",
    "days_kept",
    "owner_role",
}


def snapshot(case: Case) -> dict[str, Any]:
    return {field.attname: getattr(case, field.attname) for field in case._meta.concrete_fields}


def changed(case: Case, before: dict[str, Any]) -> list[str]:
    """Names of the fields that differ from `before`, without those that every move changes."""
    after = snapshot(case)
    return sorted(
        field.name
        for field in case._meta.concrete_fields
        if field.name not in OWN and after[field.attname] != before[field.attname]
    )


def record(
    case: Case,
    name: str,
    *,
    by: "User | actors.Actor",
    from_state: str,
    fields: Iterable[str] = (),
    detail: dict[str, Any] | None = None,
) -> Event:
    """The next Event of a case, unsaved, and the case stepped on to it (`version`, `head`), unsaved
    too."""
    case.version += 1
    case.updated_at = now()
    event = Event(
        case_kind=case.KIND,
        case_id=case.pk,
        sequence=case.version,
        name=name,
        from_state=from_state,
        to_state=case.status,
        at=case.updated_at,
        actor_kind=actors.kind_of(by),
        actor_id=by.pk,
        owner_id=case.owner_id,
        due_at=case.due_at,
        fields=list(fields),
        detail={key: _code(value) for key, value in (detail or {}).items() if value is not None},
        previous=case.head,
    )
    event.hash = case.head = event.digest()
    return event


def note(
    case: Case, name: str, *, by: "User | actors.Actor", fields: Iterable[str] = (), **detail: Any
) -> Event:
    """An Event that changes no state (an edit, a reminder, an escalation). The case's row must be
    locked."""
    event = record(case, name, by=by, from_state=case.status, fields=fields, detail=detail)
    case.save()
    event.save(force_insert=True)
    return event


def keep_reasons(
    case: Case,
    event: Event,
    texts: dict[str, str],
    detail: dict[str, Any],
    *,
    by: "User | actors.Actor",
) -> None:
    """Keep the words that came with a move, each in its band, where they can be erased."""
    rows = [
        Reason(
            case_kind=case.KIND,
            case_id=case.pk,
            sequence=event.sequence,
            name=name,
            text=detail[name],
            band=band,
            by=None if isinstance(by, actors.Actor) else by,
            at=event.at,
        )
        for name, band in texts.items()
        if detail.get(name)
    ]
    if rows:
        Reason.objects.bulk_create(rows)


def _code(value: Any) -> Any:
    """A value as the Event keeps it: codes, numbers, dates and ids; rows become their key."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | models.QuerySet):
        return [_code(item) for item in value]
    return value
