"""What a source says of a field that was edited here: kept apart until an editor has decided."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_date

from accounts.clock import now
from accounts.models import Area, User

from . import differences
from .differences import opening
from .languages import Language
from .models import HeldValue, Location, Provider, Service, SourceRecord, TaxonomyTerm
from .plain import to_text
from .support import Support
from .values import apply, change_venue, latest, schedules, snapshot

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


def waiting() -> QuerySet[HeldValue]:
    """What an editor has to decide."""
    return HeldValue.objects.filter(state=S.OPEN)


def compared(held: HeldValue) -> list[tuple[str, str]]:
    """The three values in words: what they said when we took it over, what we say, what they say
    now."""
    subject = held.record.subject
    ours = snapshot(latest(subject)).get(held.field)
    return [
        ("They said", in_words(held.field, held.was)),
        ("We say", in_words(held.field, ours)),
        ("They say now", in_words(held.field, held.theirs)),
    ]


def label(field: str) -> str:
    """What an editor calls a field of a record."""
    name = LABELS.get(field) or str(FIELDS[field].verbose_name)
    return name[:1].upper() + name[1:]


LABELS = {
    "checked_on": "last checked",
    "places": "where",
    "place_notes": "words about where",
    "room": "places",
    "schedules": "times",
}
FIELDS: dict[str, Any] = {
    field.name: field
    for model in (Location, Provider, Service)
    for field in (*model._meta.fields, *model._meta.many_to_many)
}


def in_words(field: str, value: Any) -> str:
    """A remembered value as an editor reads it."""
    if value in (None, "", []):
        return "Nothing"
    if field == "schedules":
        return "\n".join(map(opening, schedules(value)))
    if field == "place_notes":
        venues = Location.objects.in_bulk(value)
        return "\n".join(f"{venues.get(UUID(pk), 'A venue')}: {note}" for pk, note in value.items())
    if field in NAMED:
        rows = NAMED[field]._default_manager.in_bulk(value if isinstance(value, list) else [value])
        return "\n".join(sorted(map(str, rows.values()))) or "Nothing that is still there"
    words = CHOICES.get(field, {})
    if isinstance(value, list):
        return ", ".join(str(words.get(each, each)) for each in value)
    is_day = field in ("checked_on", "places_said_on")
    value = parse_date(value) if is_day else words.get(value, value)
    return to_text(differences.in_words(value))


NAMED: dict[str, type[Model]] = {
    "terms": TaxonomyTerm,
    "areas": Area,
    "places": Location,
    "provider": Provider,
}
CHOICES: dict[str, dict[Any, Any]] = {
    "status": dict(Service.Status.choices),
    "cost": dict(Service.Cost.choices),
    "room": dict(Service.Places.choices),
    "languages": dict(Language.choices),
    "access": dict(Location.Access.choices),
    "support_for": dict(Support.choices),
}


@transaction.atomic
def decide(held: HeldValue, state: HeldValue.State, *, by: User) -> bool:
    """Take theirs into a draft, or keep ours. False if that was decided already."""
    row = HeldValue.objects.select_for_update(of=["self"]).get(pk=held.pk)
    if row.state != S.OPEN:
        return False
    if state == S.TAKEN:
        subject, takes = row.record.subject, {row.field: row.theirs}
        if isinstance(subject, Location):  # services that are public stand there as it is
            change_venue(subject, takes, by=by)
        else:
            draft = latest(subject)
            apply(draft, takes)
            draft.full_clean()
            draft.save_revision(user=by, clean=False)
    row.state, row.decided_at, row.decided_by = state, now(), by
    row.save()
    return True
