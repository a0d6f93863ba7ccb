"""What a source says of a field that was edited here: kept apart until an editor has decided."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts.clock import now
from accounts.models import User

from .models import HeldValue, SourceRecord
from .values import apply, latest

S = HeldValue.State


def hold(
    record: SourceRecord, was: Mapping[str, Any], now_said: Mapping[str, Any], fields: Iterable[str]
) -> None:
    """Ask about these fields, unless ours was to be kept for good."""
    for field in fields:
        row, is_new = HeldValue.objects.get_or_create(
            record=record,
            field=field,
            defaults={"was": was.get(field), "theirs": now_said[field]},
        )
        if not is_new and row.state != S.NEVER:
            row.was = row.was if row.state == S.OPEN else was.get(field)
            row.theirs, row.state, row.held_at = now_said[field], S.OPEN, now()
            row.decided_at = row.decided_by = None
            row.save()


@transaction.atomic
def decide(held: HeldValue, state: HeldValue.State, *, by: User) -> bool:
    """Take theirs into a draft of the service, or keep ours. False if that was decided already."""
    row = HeldValue.objects.select_for_update(of=["self"]).get(pk=held.pk)
    if row.state != S.OPEN:
        return False
    service = row.record.service
    if state == S.TAKEN and service is not None:
        draft = latest(service)
        apply(draft, {row.field: row.theirs})
        draft.full_clean()
        draft.save_revision(user=by, clean=False)
    row.state, row.decided_at, row.decided_by = state, now(), by
    row.save()
    return True
