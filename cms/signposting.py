"""Which services a professional may name to somebody: asked by the packages above."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Area

from .directory import demand
from .directory.addresses import search_url
from .directory.cards import cards_of
from .models import Listing, ProfessionalListing, Service, TaxonomyTerm


@dataclass(frozen=True)
class Suited:
    """A service as its card, and the names of the wanted terms that it has."""

    card: dict[str, Any]
    terms: list[str]


def services_to_signpost(
    *, age: int | None, area: Area | None, terms: Collection[str] = (), most: int = 12
) -> list[tuple[str, str]]:
    """Public services that suit the age and the area, as choices (id, name), at most `most`;
    those with more of these terms first."""
    rows = _suiting(Service.objects.public(), Listing, age, area)
    shown = _by_terms(rows, terms).values_list("pk", "title")
    return [(str(pk), title) for pk, title in shown[:most]]


def services_that_suit(
    *, age: int | None, area: Area | None, terms: Collection[str], most: int = 12
) -> list[Suited]:
    """For professionals, with what is for them alone: services for the age and the area that
    have one of these terms or more. Seven queries at most; none without terms."""
    if not terms:
        return []
    every = Service.objects.for_professionals()
    public = _suiting(every, Listing, age, area)
    rows = public | _suiting(every, ProfessionalListing, age, area)
    wanted = Prefetch("terms", TaxonomyTerm.objects.filter(code__in=terms), to_attr="wanted")
    found = _by_terms(rows, terms).filter(fits__gt=0).for_cards().with_places()
    shown = list(found.prefetch_related(wanted)[:most])
    cards = cards_of(shown, is_professional=True)
    return [
        Suited(card, [term.name for term in service.wanted])
        for service, card in zip(shown, cards, strict=True)
    ]


def note_missing(*, area: Area | None, terms: Collection[str]) -> None:
    """Somebody needed help of this kind and no service could be named to them: counted among what
    the directory lacks, by need and district, without who it was."""
    needs = TaxonomyTerm.objects.of("need").filter(code__in=terms).values_list("code", flat=True)
    is_district = area and area.kind == Area.Kind.DISTRICT
    demand.add_missing(district=area.code if area and is_district else "", marks=sorted(needs))


def search_for(*, age: int | None) -> str:
    """The address of the directory for somebody of this age."""
    return search_url(age=age)


def _suiting(
    services: QuerySet[Service],
    rows: type[Listing] | type[ProfessionalListing],
    age: int | None,
    area: Area | None,
) -> Any:
    """Those of our own area that have a search row for this age and for a district of this area."""
    fitting: Any = rows._default_manager.filter(is_first=True, is_nearby=False)
    if age is not None:
        fitting = fitting.filter(
            Q(minimum_age__isnull=True) | Q(minimum_age__lte=age),
            Q(maximum_age__isnull=True) | Q(maximum_age__gte=age),
        )
    if area:
        within = Area.objects.filter(kind=Area.Kind.DISTRICT, path__startswith=area.path)
        marks = [f"area:{code}" for code in within.values_list("code", flat=True)]
        fitting = fitting.filter(marks__overlap=marks)
    return services.filter(pk__in=fitting.values("service_id"))


def _by_terms(services: Any, terms: Collection[str]) -> Any:
    fits = Count("terms", filter=Q(terms__code__in=terms), distinct=True)
    return services.annotate(fits=fits).order_by("-fits", "title", "pk")


def services_named(ids: Collection[UUID]) -> list[Service]:
    """The services with these ids that are public still, by name. No query for none."""
    return list(Service.objects.public().filter(pk__in=ids).order_by("title", "pk")) if ids else []
