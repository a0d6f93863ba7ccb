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
    """What was not remembered at first is None where there is none, as in what was remembered
    then."""
    values: Values = {
        name: getattr(service, name)
        for name in (
            *("title", "status", "notice", "summary", "body", "eligibility", "how_to_get_help"),
            *("waiting_time", "minimum_age", "maximum_age", "cost", "cost_words", "languages"),
            *("phone", "email", "url", "is_in_person", "is_online", "is_by_phone", "is_at_home"),
            *("is_anywhere", "free_places", "all_places", "weeks_to_wait"),
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
        "support_for": service.support_for or None,
        "when": service.when or None,
        "places": [str(at.location_id) for at in service.service_at_locations.all()],
        "place_notes": {
            str(at.location_id): at.note for at in service.service_at_locations.all() if at.note
        }
        or None,
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
        **({"place": str(row.location_id)} if row.location_id else {}),
    }


def apply(row: Service | Provider | Location, values: Values) -> None:
    for name, value in values.items():
        if isinstance(row, Service):
            _apply(row, name, value, values)
        else:
            setattr(row, name, value)


def _apply(service: Service, name: str, value: Any, values: Values) -> None:
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
    elif name == "support_for":
        service.support_for = value or []
    elif name == "when":
        service.when = value or ""
    elif name == "schedules":
        service.schedules.set(schedules(value))
    elif name in ("places", "place_notes"):
        service.service_at_locations.set(_places(service, values))
    else:
        setattr(service, name, value)


def schedules(rows: list[Values]) -> list[Schedule]:
    """Opening times; those of a venue that we have no more are of none."""
    venues = Location.objects.in_bulk({row["place"] for row in rows if "place" in row})
    return [
        _schedule(order, row, venues.get(UUID(row["place"])) if "place" in row else None)
        for order, row in enumerate(rows)
    ]


def _schedule(order: int, row: Values, venue: Location | None) -> Schedule:
    times = {
        name: parse_time(row[name]) if row[name] else None for name in ("opens_at", "closes_at")
    }
    return Schedule(
        sort_order=order,
        every=row["every"],
        days=row["days"],
        words=row["words"],
        location=venue,
        **times,
        **{name: parse_date(row[name]) for name in SPAN if name in row},
    )


def _places(service: Service, values: Values) -> list[ServiceAtLocation]:
    """The rows for the venues and notes that are given; those that are there already stay, with
    their ids, and what is not given stays as it is."""
    present = [] if service._state.adding else service.service_at_locations.all()
    held = {str(at.location_id): at for at in present}
    rows = [
        held.get(pk) or ServiceAtLocation(sort_order=order, location_id=UUID(pk))
        for order, pk in enumerate(values.get("places", held))
    ]
    for at in rows:
        if "place_notes" in values:
            at.note = (values["place_notes"] or {}).get(str(at.location_id), "")
    return rows


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
