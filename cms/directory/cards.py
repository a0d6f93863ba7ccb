"""Services as the pages show them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.places import Place

from . import distances, maps, outside, record, wording
from .models import Freshness, Location, Schedule, Service, ServiceAtLocation
from .search import Hit
from .similar import similar

IN_PERSON = ["In person"]


def cards(
    hits: Sequence[Hit], *, near: Place | None = None, is_professional: bool = False
) -> list[dict[str, Any]]:
    """For `components/service_card.html`, in the order of the hits; their links say near which
    place somebody looked. Three or four queries."""
    ids = [hit.service_id for hit in hits]
    every = Service.objects.for_professionals() if is_professional else Service.objects.public()
    rows = {row.pk: row for row in every.for_cards().filter(pk__in=ids)}
    places = Location.objects.in_bulk([hit.location_id for hit in hits if hit.location_id])
    shown = [
        (rows[hit.service_id], places.get(hit.location_id) if hit.location_id else None, hit.metres)
        for hit in hits
        if hit.service_id in rows
    ]
    _load_areas((service, place) for service, place, _ in shown)
    unsure = {hit.service_id for hit in hits if hit.is_unsure}
    return [
        card(service, place, metres, near=near, is_unsure=service.pk in unsure)
        for service, place, metres in shown
    ]


def cards_of(services: Iterable[Service], *, is_professional: bool = False) -> list[dict[str, Any]]:
    """The public ones among these services, which come for cards and with places; for
    professionals all of them."""
    read = (service for service in services if is_professional or service.is_public)
    shown = [(service, _first_place(service)) for service in read]
    _load_areas(shown)
    return [card(service, place) for service, place in shown]


def _load_areas(shown: Iterable[tuple[Service, Location | None]]) -> None:
    """Areas only for the few cards that show them."""
    nowhere = [s for s, place in shown if place is None and wording.ways(s) == IN_PERSON]
    if nowhere:
        prefetch_related_objects(nowhere, "areas")


def card(
    service: Service,
    place: Location | None,
    metres: float | None = None,
    *,
    near: Place | None = None,
    is_unsure: bool = False,
) -> dict[str, Any]:
    facts = (
        ("For ages", wording.ages(service.minimum_age, service.maximum_age)),
        ("Where", _where(service, place, metres)),
        ("When", _when(service, is_unsure)),
        ("Cost", wording.cost(service)),
    )
    return {
        "name": service.title,
        "slug": service.slug,
        "url": distances.from_place(service.get_absolute_url(), near),
        "sentence": service.summary,
        "place": place,
        "is_professional_only": service.is_professional_only,
        "is_paused": service.status == Service.Status.PAUSED,
        "facts": [{"key": key, "value": value} for key, value in facts if value],
        "checked_at": service.checked_at,
        "places": _places(service),
        **_origin(service),
    }


def _origin(service: Service) -> dict[str, Any]:
    """Where an imported record comes from, when it was last read there, and the original."""
    source = source_of(service)
    return {
        "source": source,
        "read_on": source and service.source_record.read_at,
        "original_url": original_of(service),
    }


def _places(service: Service) -> dict[str, Any]:
    return {
        "words": wording.places(service),
        "said_on": service.places_said_on,
        "is_old": wording.are_places_old(service),
    }


def service_page(service: Service, near: Place | None = None) -> dict[str, Any]:
    """Everything that the page of one service shows; the service comes with its relations. `near`
    is where the reader looked."""
    kept = record.of(service)
    needs = [term for term in service.terms.all() if term.taxonomy.code == "need"]
    venues = list(service.service_at_locations.all())
    return {
        "service": service,
        "ages": wording.ages(service.minimum_age, service.maximum_age),
        "needs": needs,
        "others": [need for need in needs if need.is_current],
        "areas": wording.areas(service),
        "easy": wording.easy(service),
        "steps": wording.steps(service),
        "places": _places(service),
        "ways": wording.ways(service),
        "times": [_time(row) for row in service.schedules.all()],
        "standing": wording.standing(service),
        "venues": [_venue(at, near) for at in venues],
        "map": maps.of_venues(at.location for at in venues),
        "cost": wording.cost(service),
        "languages": wording.and_list(str(one.label) for one in service.spoken),
        **_origin(service),
        "record": kept,
        "first_contact": wording.first_contact(kept),
        "is_old": Freshness.ours().is_old(service.checked_at),
        "similar": similar(service),
        "described": outside.described(service),
    }


def _time(row: Schedule) -> dict[str, Any]:
    place = row.location
    where = place.shown_name if place and place.live else ""
    return {"days": wording.days(row), "hours": wording.hours(row), "row": row, "where": where}


def _venue(at: ServiceAtLocation, near: Place | None) -> dict[str, Any]:
    metres = distances.metres(near, at.location) if near else None
    far = wording.distance_from(metres, distances.sign_of(near)) if near else ""
    return {"location": at.location, "note": at.note, "far": far}


def source_of(service: Service) -> Any:
    """Where an imported record comes from; None for our own."""
    record = getattr(service, "source_record", None)
    return record.source if record else None


def original_of(service: Service) -> str:
    """Its page on the site that it was imported from; "" if it is our own or nobody knows."""
    source = source_of(service)
    return source.original(service.source_record.source_key) if source else ""


def _first_place(service: Service) -> Location | None:
    first = service.service_at_locations.all()[:1]
    return first[0].location if first else None


def _when(service: Service, is_unsure: bool) -> str:
    said = wording.times(service)
    if not is_unsure:
        return said
    return f"{said}. Ask them if it is on today" if said else "Ask them: we do not know"


def _where(service: Service, place: Location | None, metres: float | None) -> str:
    if place is None:
        ways = wording.ways(service)
        if ways == IN_PERSON:
            return wording.areas(service)
        return wording.and_list(ways).capitalize()
    name = (
        place.city
        if place.is_address_withheld
        else ", ".join(filter(None, (place.name, place.city)))
    )
    far = "" if place.is_address_withheld else wording.distance(metres)
    return f"{name} ({far})" if far else name
