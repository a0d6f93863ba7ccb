"""Keeps the search rows true. Called whenever something that the public may find has changed."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import Area

from . import facets, facts, words
from .models import (
    Freshness,
    Listing,
    Location,
    ProfessionalListing,
    Service,
    Source,
    SourceRecord,
)
from .plain import fold, to_text

CONFIG = "english"
LONGEST = 20_000  # characters of a description that are searched
BATCH = 500
TABLES: tuple[type[Any], ...] = (Listing, ProfessionalListing)


def renew(service_ids: Iterable[UUID]) -> None:
    """Something about these services or nested in them changed: date them and search anew."""
    ids = list(service_ids)
    Service.objects.filter(pk__in=ids).update(last_modified=timezone.now())
    refresh(ids)


def refresh(service_ids: Iterable[UUID]) -> int:
    """Rewrite the rows of these services; those that nobody may find lose theirs. Counts the
    rows."""
    ids, count = list(service_ids), 0
    districts = _districts() if ids else []
    pace = Freshness.ours()
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic():
            held = (
                Service.objects.filter(pk__in=batch).order_by("pk").select_for_update(of=["self"])
            )
            list(held.values_list("pk"))
            for table in TABLES:
                table._default_manager.filter(service__in=batch).delete()
            found = Service.objects.for_professionals().whole().filter(pk__in=batch)
            public = [service for service in found if service.is_public]
            inside = [service for service in found if not service.is_public]
            passed_on = [each.pk for each in public if each.may_pass_on]
            new = Service.objects.filter(pk__in=passed_on, was_in_feed=False)
            new.update(was_in_feed=True)
            for table, services in zip(TABLES, (public, inside), strict=True):
                rows = [table(**row) for each in services for row in _rows(each, districts, pace)]
                count += len(table._default_manager.bulk_create(rows))
            words.learn(text for service in public for text in _said(service))
    return count


def catch_up() -> int:
    """Rows for the services that have none, or rows of an older version: after a change of what
    rows hold. Counts them."""
    every = Service.objects.for_professionals()
    without = every.filter(listings=None, professional_listings=None)
    older = every.filter(
        Q(listings__isnull=False, listings__completeness=None)
        | Q(professional_listings__isnull=False, professional_listings__completeness=None)
    )
    return refresh({*without.values_list("pk", flat=True), *older.values_list("pk", flat=True)})


def grow_old() -> None:
    """Rows whose check has become too long ago since they were written, and the other way round."""
    too_long = Q(checked_at__lt=Freshness.ours().old_before)
    for table in TABLES:
        rows = table._default_manager
        rows.filter(too_long, is_old=False).update(is_old=True)
        rows.filter(~too_long, is_old=True).update(is_old=False)


def follow(source: Source, **of: Any) -> None:
    """Whether a source lets us pass its services on, and whether it is a neighbour's, as it now
    is: for all of them, or those `of` names. Readers of the feed are told who comes and goes."""
    of |= {"service__source_record__source": source}
    turned = Listing.objects.filter(**of, in_feed=not source.may_republish)
    services = Service.objects.filter(pk__in=turned.values("service"))
    told = {"was_in_feed": True} if source.may_republish else {}
    services.update(last_modified=timezone.now(), **told)
    turned.update(in_feed=source.may_republish)
    for table in TABLES:
        rows = table._default_manager.filter(**of)
        rows.filter(is_nearby=not source.is_neighbour).update(is_nearby=source.is_neighbour)


def forget_name(place: Location) -> None:
    """The name of a venue whose address is withheld now, at once: else a slip of the pen near it
    would bring it up until the night."""
    if place.is_address_withheld:
        words.forget(fold(place.name))


def arrive(record: SourceRecord) -> None:
    """A service has just been brought, in the same transaction: nobody has read it yet, though it
    was written before what says whose it is."""
    follow(record.source, service=record.service_id)
    if not record.source.may_republish:
        Service.objects.filter(pk=record.service_id).update(was_in_feed=False)


def learn_words_anew() -> None:
    """Forget the words of services that are not public any more."""
    public = Service.objects.public().whole().iterator(chunk_size=BATCH)
    words.learn_anew(text for service in public for text in _said(service))


def _said(service: Service) -> Iterable[str]:
    places = [at.location for at in service.service_at_locations.all()]
    return texts(service, places).values()


def _districts() -> list[Area]:
    return list(Area.objects.filter(kind=Area.Kind.DISTRICT).select_related("parent"))


def _rows(service: Service, districts: list[Area], pace: Freshness) -> Iterator[dict[str, Any]]:
    places = [at.location for at in service.service_at_locations.all()]
    search = _vector(texts(service, places))
    record = getattr(service, "source_record", None)
    marks = sorted(facets.marks(service, places, districts))
    for number, place in enumerate(places or [None]):
        easting, northing = (place and place.shown_point) or (None, None)
        yield {
            "service": service,
            "location": place,
            "is_first": number == 0,
            "title": fold(service.title)[:200],
            "search": search,
            "minimum_age": service.minimum_age,
            "maximum_age": service.maximum_age,
            "marks": marks,
            "easting": easting,
            "northing": northing,
            "checked_at": service.checked_at,
            "completeness": facts.completeness(service),
            "is_old": pace.is_old(service.checked_at),
            "is_nearby": record is not None and record.source.is_neighbour,
            "in_feed": service.is_in_feed,
        }


def texts(service: Service, places: list[Location]) -> dict[str, str]:
    """What it is searched by, folded, by weight: name first, description last."""
    terms = list(service.terms.all())
    parts = {
        "A": [service.title],
        "B": [
            *(word for t in terms for word in (t.name, t.public_wording, *t.synonym_list)),
            *service.supported,
        ],
        "C": [service.provider.name, *(f"{place.shown_name} {place.city}" for place in places)],
        "D": [service.summary, to_text(service.body), service.eligibility, service.how_to_get_help],
    }
    return {weight: fold(" . ".join(said))[:LONGEST] for weight, said in parts.items()}


def _vector(texts: dict[str, str]) -> Combinable:
    a, b, c, d = (
        SearchVector(Value(text), config=CONFIG, weight=weight) for weight, text in texts.items()
    )
    return a + b + c + d


def of_provider(provider_id: UUID) -> list[UUID]:
    return list(Service.objects.filter(provider=provider_id).values_list("pk", flat=True))


def of_location(location_id: UUID) -> list[UUID]:
    here = Q(service_at_locations__location=location_id) | Q(schedules__location=location_id)
    return list(Service.objects.filter(here).distinct().values_list("pk", flat=True))


def of_term(term_id: UUID) -> list[UUID]:
    with_it = Q(terms=term_id) | Q(terms__parent=term_id)
    return list(Service.objects.filter(with_it).distinct().values_list("pk", flat=True))
