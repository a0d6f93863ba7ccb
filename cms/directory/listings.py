"""Keeps the search rows true. Called whenever something that the public may find has changed."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import Area

from .models import Listing, Location, Service
from .plain import fold, to_text

CONFIG = "english"
LONGEST = 20_000  # characters of a description that are searched
BATCH = 500
COARSE = 5_000  # metres between the points to which a withheld address is moved


def renew(service_ids: Iterable[UUID]) -> None:
    """Something about these services or nested in them changed: date them and search anew."""
    ids = list(service_ids)
    Service.objects.filter(pk__in=ids).update(last_modified=timezone.now())
    refresh(ids)


def refresh(service_ids: Iterable[UUID]) -> int:
    """Rewrite the rows of these services; those not public lose theirs. Counts the rows."""
    ids, count = list(service_ids), 0
    districts = _districts() if ids else []
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic():
            held = (
                Service.objects.filter(pk__in=batch).order_by("pk").select_for_update(of=["self"])
            )
            list(held.values_list("pk"))
            Listing.objects.filter(service__in=batch).delete()
            public = Service.objects.public().whole().filter(pk__in=batch)
            rows = [row for service in public for row in _rows(service, districts)]
            count += len(Listing.objects.bulk_create(rows))
    return count


def _districts() -> list[Area]:
    return list(Area.objects.filter(kind=Area.Kind.DISTRICT).select_related("parent"))


def _rows(service: Service, districts: list[Area]) -> Iterator[Listing]:
    places = [at.location for at in service.service_at_locations.all()]
    codes = _district_codes(service, places, districts)
    search = _vector(service, places)
    terms = {
        f"{own.taxonomy.code}:{term.code}"
        for own in service.terms.all()
        for term in (own, own.parent)
        if term is not None
    }
    for number, place in enumerate(places or [None]):
        yield Listing(
            service=service,
            location=place,
            is_first=number == 0,
            title=fold(service.title)[:200],
            search=search,
            minimum_age=service.minimum_age,
            maximum_age=service.maximum_age,
            is_free=service.cost == Service.Cost.FREE,
            is_online=service.is_online or service.is_by_phone,
            terms=sorted(terms),
            districts=codes,
            is_anywhere=service.is_anywhere,
            easting=_metres(place, "easting"),
            northing=_metres(place, "northing"),
            checked_at=service.checked_at,
        )


def _metres(place: Location | None, axis: str) -> int | None:
    """Where it is; for a withheld address only roughly, so that no distance gives it away."""
    metres: int | None = getattr(place, axis, None)
    if place and place.is_address_withheld and metres is not None:
        return round(metres / COARSE) * COARSE
    return metres


def _district_codes(service: Service, places: list[Location], districts: list[Area]) -> list[str]:
    """Districts served: chosen, of a chosen county, of a chosen ward; else where its places are."""
    chosen = [area.path for area in service.areas.all()]
    if chosen:
        return [
            district.code
            for district in districts
            if any(
                district.path.startswith(path) or path.startswith(district.path) for path in chosen
            )
        ]
    return sorted({place.district_code for place in places if place.district_code})


def _vector(service: Service, places: list[Location]) -> Combinable:
    terms = list(service.terms.all())
    parts = {
        "A": [service.title],
        "B": [word for t in terms for word in (t.name, t.public_wording, *t.synonym_list)],
        "C": [service.provider.name, *(f"{place.name} {place.city}" for place in places)],
        "D": [service.summary, to_text(service.body), service.eligibility, service.how_to_get_help],
    }
    vectors = [
        SearchVector(Value(fold(" . ".join(words))[:LONGEST]), config=CONFIG, weight=weight)
        for weight, words in parts.items()
    ]
    return vectors[0] + vectors[1] + vectors[2] + vectors[3]


def of_provider(provider_id: UUID) -> list[UUID]:
    return list(Service.objects.filter(provider=provider_id).values_list("pk", flat=True))


def of_location(location_id: UUID) -> list[UUID]:
    here = Q(service_at_locations__location=location_id) | Q(schedules__location=location_id)
    return list(Service.objects.filter(here).distinct().values_list("pk", flat=True))


def of_term(term_id: UUID) -> list[UUID]:
    with_it = Q(terms=term_id) | Q(terms__parent=term_id)
    return list(Service.objects.filter(with_it).distinct().values_list("pk", flat=True))
