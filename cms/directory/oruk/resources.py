"""What the feed holds: for each list its parameters, its rows and the shapes of a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, F, FloatField, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Cast

from accounts.clock import now
from accounts.models import Area, Postcode
from accounts.places import Place, locate, normalise_postcode
from cms.directory.listings import CONFIG
from cms.directory.models import (
    Listing,
    Provider,
    Schedule,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from cms.directory.plain import fold

from . import shapes
from .answers import Refused
from .params import Params

PAGING = {"page", "per_page", "format"}
TOMBSTONES_KEPT = timedelta(days=365)
OF_SERVICES = {
    "search",
    "taxonomy_term_id",
    "taxonomy_id",
    "organization_id",
    "minimum_age",
    "maximum_age",
    "start_time",
    "end_time",
    "day",
    "modified_after",
    "full",
}


@dataclass(frozen=True)
class Resource:
    """One list of the feed. `whole` rows come with everything that the detail shape reads."""

    noun: str
    parameters: frozenset[str]
    rows: Callable[[Params], QuerySet[Any]]
    light: Callable[[QuerySet[Any]], QuerySet[Any]]
    whole: Callable[[QuerySet[Any]], QuerySet[Any]]
    item: Callable[[Any], shapes.Shape]
    detail: Callable[[Any], shapes.Shape]
    key: str = "pk"
    keys: Callable[[Params], QuerySet[Any]] | None = None  # of the rows, in order, where quicker
    forms: tuple[str, ...] = ("json", "ndjson")

    def page(
        self, params: Params, number: int, size: int, *, is_whole: bool
    ) -> tuple[list[Any], int]:
        """The rows of one page and how many there are; a page of the second half from the end."""
        keys = self.keys(params) if self.keys else self.rows(params).values_list("pk", flat=True)
        total = keys.count()
        begin, end = (number - 1) * size, min(number * size, total)
        if begin >= total:
            return [], total
        if begin > total / 2:
            wanted = list(keys.reverse()[total - end : total - begin])[::-1]
        else:
            wanted = list(keys[begin:end])
        draw = self.whole if is_whole else self.light
        found = draw(self.rows(params)).in_bulk(wanted)
        return [found[key] for key in wanted if key in found], total


def services(params: Params) -> QuerySet[Service]:
    """Those in the feed; to who asks for changes, those that have gone too."""
    rows = Service.objects.in_feed()
    if params.text("modified_after"):
        gone = Service.objects.gone().filter(last_modified__gte=kept_since())
        rows = Service.objects.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=gone.values("pk")))
    return rows.filter(_service_filter(params, "")).order_by("title", "pk")


def service_keys(params: Params) -> QuerySet[Any]:
    """The same ones by their search rows: an index alone gives their number and order."""
    if params.text("modified_after"):
        return services(params).values_list("pk", flat=True)
    rows = Listing.objects.filter(_service_filter(params, "service__"), is_first=True, in_feed=True)
    return rows.order_by("title", "service_id").values_list("service_id", flat=True)


def kept_since() -> datetime:
    """What has gone before this is not told any more."""
    return now() - TOMBSTONES_KEPT


def service_at_locations(params: Params) -> QuerySet[ServiceAtLocation]:
    rows = ServiceAtLocation.objects.filter(
        _service_filter(params, "service__"),
        service__in=Service.objects.in_feed().values("pk"),
        location__live=True,
    )
    return _near(rows, params).order_by("service__title", "service_id", "pk")


def taxonomies(params: Params) -> QuerySet[Taxonomy]:
    return _named(Taxonomy.objects.all(), params).order_by("name", "pk")


def taxonomy_terms(params: Params) -> QuerySet[TaxonomyTerm]:
    rows = _named(TaxonomyTerm.objects.all(), params)
    if taxonomy := params.uuid("taxonomy_id"):
        rows = rows.filter(taxonomy=taxonomy)
    if parent := params.uuid("parent_id"):
        rows = rows.filter(parent=parent)
    if params.flag("top_only"):
        rows = rows.filter(parent__isnull=True)
    return rows.order_by("taxonomy__name", "position", "pk")


def organizations(params: Params) -> QuerySet[Provider]:
    rows = Provider.objects.filter(pk__in=Service.objects.in_feed().values("provider"))
    return _named(rows, params).order_by("name", "pk")


def _named(rows: QuerySet[Any], params: Params) -> QuerySet[Any]:
    search = params.text("search")
    if not search:
        return rows
    return rows.filter(Q(name__icontains=search) | Q(description__icontains=search))


def _service_filter(params: Params, path: str) -> Q:
    """Conditions on a service that is `path` away from the row."""
    wanted = Q()
    if search := params.text("search"):
        query = SearchQuery(fold(search), config=CONFIG, search_type="websearch")
        found = Listing.objects.filter(is_first=True, search=query)
        wanted &= Q(**{f"{path}pk__in": found.values("service")})
    if term := params.uuid("taxonomy_term_id"):
        having = Service.objects.filter(Q(terms=term) | Q(terms__parent=term))
        wanted &= Q(**{f"{path}pk__in": having.values("pk")})
    if taxonomy := params.uuid("taxonomy_id"):
        having = Service.objects.filter(terms__taxonomy=taxonomy)
        wanted &= Q(**{f"{path}pk__in": having.values("pk")})
    if organization := params.uuid("organization_id"):
        wanted &= Q(**{f"{path}provider": organization})
    if (least := params.whole("minimum_age", 0, 999)) is not None:
        wanted &= Q(**{f"{path}minimum_age__gte": least})
    if (most := params.whole("maximum_age", 0, 999)) is not None:
        wanted &= Q(**{f"{path}maximum_age__lte": most})
    if modified := params.moment("modified_after"):
        wanted &= Q(**{f"{path}last_modified__gte": modified})
    return wanted & _times(params, path)


def _times(params: Params, path: str) -> Q:
    """One opening on that day, from that time at the earliest, to that time at the latest."""
    conditions = {
        "days__contains": [day] if (day := params.day("day")) else None,
        "opens_at__gte": params.clock("start_time"),
        "closes_at__lte": params.clock("end_time"),
    }
    used = {name: value for name, value in conditions.items() if value is not None}
    if not used:
        return Q()
    return Q(**{f"{path}pk__in": Schedule.objects.filter(**used).values("service")})


def _near(rows: QuerySet[ServiceAtLocation], params: Params) -> QuerySet[ServiceAtLocation]:
    """Within `proximity` metres of the postcode, and in the area that the service names, if any."""
    postcode, metres = params.text("postcode", 10), params.whole("proximity", 1, 1_000_000)
    if not postcode:
        if metres:
            raise Refused("proximity needs a postcode.", parameter="proximity")
        return rows
    place = locate(postcode) if normalise_postcode(postcode) else None
    if place is None:
        raise Refused("We do not know this postcode.", parameter="postcode")
    rows = rows.filter(
        Q(service__is_anywhere=True)
        | ~Exists(Service.areas.through.objects.filter(service=OuterRef("service")))
        | Q(service__in=Service.objects.filter(areas__code__in=_area_codes(place)).values("pk"))
    )
    return _within(rows, place, metres) if metres else rows


def _area_codes(place: Place) -> list[str]:
    """The areas that hold the place: its ward and everything above."""
    row = Postcode.objects.filter(pk=place.label).first()
    wanted = [code for code in (row and row.ward_code, place.district_code) if code]
    paths = Area.objects.filter(code__in=wanted).values_list("path", flat=True)
    return [code for path in paths for code in path.split("/") if code]


def _within(
    rows: QuerySet[ServiceAtLocation], place: Place, metres: int
) -> QuerySet[ServiceAtLocation]:
    """Venues whose address is withheld are left out: distances would give it away."""
    x = Cast(F("location__easting"), FloatField()) - float(place.easting)
    y = Cast(F("location__northing"), FloatField()) - float(place.northing)
    return rows.annotate(squared=x * x + y * y).filter(
        location__is_address_withheld=False, squared__lte=float(metres) ** 2
    )


SERVICES = Resource(
    noun="service",
    parameters=frozenset(OF_SERVICES | PAGING | {"minimal"}),
    rows=services,
    light=lambda rows: rows.select_related("provider"),
    whole=lambda rows: rows.whole(),  # type: ignore[attr-defined]
    item=shapes.service_item,
    detail=shapes.service,
    keys=service_keys,
    forms=("json", "ndjson", "csv"),
)
SERVICE_AT_LOCATIONS = Resource(
    noun="service at location",
    parameters=frozenset(OF_SERVICES | PAGING | {"postcode", "proximity"}),
    rows=service_at_locations,
    light=lambda rows: rows.select_related("location", "service__provider"),
    whole=lambda rows: rows.select_related("location").prefetch_related(
        Prefetch("service", Service.objects.whole())
    ),
    item=shapes.service_at_location_item,
    detail=shapes.service_at_location,
    key="uuid",
)
TAXONOMIES = Resource(
    noun="taxonomy",
    parameters=frozenset(PAGING | {"search"}),
    rows=taxonomies,
    light=lambda rows: rows,
    whole=lambda rows: rows,
    item=shapes.taxonomy,
    detail=shapes.taxonomy,
)
TAXONOMY_TERMS = Resource(
    noun="taxonomy term",
    parameters=frozenset(PAGING | {"search", "taxonomy_id", "parent_id", "top_only"}),
    rows=taxonomy_terms,
    light=lambda rows: rows.select_related("taxonomy"),
    whole=lambda rows: rows.select_related("taxonomy"),
    item=shapes.taxonomy_term,
    detail=shapes.taxonomy_term,
)
ORGANIZATIONS = Resource(
    noun="organization",
    parameters=frozenset(PAGING | {"search"}),
    rows=organizations,
    light=lambda rows: rows,
    whole=lambda rows: rows,
    item=shapes.organization,
    detail=lambda row: shapes.organization(row, whole=True),
)
BY_NAME = {
    "services": SERVICES,
    "taxonomies": TAXONOMIES,
    "taxonomy_terms": TAXONOMY_TERMS,
    "service_at_locations": SERVICE_AT_LOCATIONS,
    "organizations": ORGANIZATIONS,
}
