"""The values of a service, provider or venue as an importer remembers them, and back: plain enough
for JSON."""

from datetime import datetime, time
from typing import Any, TypeVar, cast
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time

from accounts.models import Area, User

from .incoming import Values
from .models import Location, Provider, Schedule, Service, TaxonomyTerm
from .models.occasions import ServiceAtLocation

LINKS = {"terms", "areas"}
SPAN = ("valid_from", "valid_until")
OF_PROVIDER = ("name", "description", "email", "website", "charity_number", "company_number")
OF_VENUE = (
    *("name", "getting_there", "access", "address_1", "city", "county", "postcode"),
    *("latitude", "longitude"),
)
Kept = TypeVar("Kept", Service, Provider, Location)


def latest(row: Kept) -> Kept:
    """As its newest draft has it, published or not."""
    return cast(Kept, row.get_latest_revision_as_object())


def snapshot(row: Service | Provider | Location) -> Values:
    """The present values in the form that the importer remembers."""
    if isinstance(row, Provider):
        return {name: getattr(row, name) for name in OF_PROVIDER}
    if isinstance(row, Location):
        return {name: getattr(row, name) for name in OF_VENUE}
    return _of_service(row)


def _of_service(service: Service) -> Values:
    values: Values = {
        name: getattr(service, name)
        for name in (
            *("title", "status", "notice", "summary", "body", "eligibility", "how_to_get_help"),
            *("waiting_time", "minimum_age", "maximum_age", "cost", "cost_words", "languages"),
            *("phone", "email", "url", "is_in_person", "is_online", "is_by_phone", "is_at_home"),
            *("is_anywhere", "free_places", "all_places"),
        )
    }
    checked = service.checked_at
    return values | {
        "provider": str(service.provider_id),
        "price": None if service.price is None else f"{service.price:.2f}",
        "room": service.places,
        "places_said_on": service.places_said_on and service.places_said_on.isoformat(),
        "checked_on": checked and timezone.localdate(checked).isoformat(),
        "terms": sorted(str(term.pk) for term in service.terms.all()),
        "areas": sorted(str(area.pk) for area in service.areas.all()),
        "places": [str(at.location_id) for at in service.service_at_locations.all()],
        "schedules": [_opening(row) for row in service.schedules.all()],
    }


def _opening(row: Schedule) -> Values:
    return {
        "every": row.every,
        "days": row.days,
        "opens_at": row.opens_at and row.opens_at.isoformat(),
        "closes_at": row.closes_at and row.closes_at.isoformat(),
        "words": row.words,
        **{name: f"{day}" for name in SPAN if (day := getattr(row, name))},
    }


def apply(row: Service | Provider | Location, values: Values) -> None:
    for name, value in values.items():
        if isinstance(row, Service):
            _apply(row, name, value)
        else:
            setattr(row, name, value)


def _apply(service: Service, name: str, value: Any) -> None:
    if name == "provider":
        service.provider_id = UUID(value)
    elif name == "checked_on":
        day = value and parse_date(value)
        service.checked_at = day and timezone.make_aware(datetime.combine(day, time(12)))
        service.checked_by = Service.CheckedBy.SOURCE if day else ""
    elif name == "room":
        service.places = value
    elif name == "places_said_on":
        service.places_said_on = parse_date(value) if value else None
    elif name in LINKS:
        model = TaxonomyTerm if name == "terms" else Area
        setattr(service, name, list(model._default_manager.filter(pk__in=value)))
    elif name == "schedules":
        service.schedules.set([schedule(order, row) for order, row in enumerate(value)])
    elif name == "places":
        service.service_at_locations.set(_places(service, value))
    else:
        setattr(service, name, value)


def schedule(order: int, row: Values) -> Schedule:
    times = {
        name: parse_time(row[name]) if row[name] else None for name in ("opens_at", "closes_at")
    }
    return Schedule(
        sort_order=order,
        every=row["every"],
        days=row["days"],
        words=row["words"],
        **times,
        **{name: parse_date(row[name]) for name in SPAN if name in row},
    )


def _places(service: Service, ids: list[str]) -> list[ServiceAtLocation]:
    """The rows for these venues; those that are there already stay, with their ids."""
    rows = [] if service._state.adding else service.service_at_locations.all()
    held = {str(at.location_id): at for at in rows}
    return [
        held.get(pk) or ServiceAtLocation(sort_order=order, location_id=UUID(pk))
        for order, pk in enumerate(ids)
    ]


def change_venue(venue: Location, takes: Values, *, by: User | None = None) -> None:
    """What people read of it, and the draft beside it that somebody may be writing. Raises
    ValidationError before anything is written."""
    draft = latest(venue) if venue.has_unpublished_changes else None
    apply(venue, takes)
    venue.full_clean()
    venue.save()
    if venue.latest_revision_id or by:
        venue.save_revision(user=by, clean=False).publish()
    if draft:
        apply(draft, takes)
        draft.save_revision(clean=False)
