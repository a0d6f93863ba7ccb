"""The same search through modelsearch's PostgreSQL backend, over the same words: what a site that
leans on Wagtail's search would ask of it."""

from collections.abc import Callable
from math import hypot, inf
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from modelsearch import index
from modelsearch.abstract_models import TextIDGenericRelation
from modelsearch.backends import get_search_backend
from modelsearch.utils import get_content_type_pk
from wagtail.search.models import IndexEntry

from cms.directory.listings import CONFIG
from cms.directory.models import Listing
from cms.directory.search import PER_PAGE, Asked

BACKEND = "modelsearch.backends.database.postgres.postgres"


class IndexedListing(index.Indexed, Listing):
    """A search row as modelsearch wants it."""

    search_fields = (
        index.SearchField("title"),
        index.FilterField("minimum_age"),
        index.FilterField("maximum_age"),
        index.FilterField("easting"),
        index.FilterField("northing"),
    )

    class Meta:
        proxy = True
        app_label = "cms"


def search(asked: Asked, metres: int) -> Callable[[], tuple[list[UUID], int]]:
    """Index the words of all rows, and give the search."""
    if not hasattr(IndexedListing, "index_entries"):
        TextIDGenericRelation(IndexEntry).contribute_to_class(IndexedListing, "index_entries")
    _fill()
    backend = get_search_backend(BACKEND, SEARCH_CONFIG=CONFIG)

    def ask() -> tuple[list[UUID], int]:
        found = backend.search(asked.search.q, _rows(asked, metres), order_by_relevance=False)
        near = [row for row in found if _far(row, asked) <= metres or row.easting is None]
        near.sort(key=lambda row: (row.is_old, _far(row, asked), row.title, row.service_id))
        return [row.service_id for row in near[:PER_PAGE]], len(near)

    return ask


def _fill() -> None:
    kind = get_content_type_pk(IndexedListing)
    table = IndexEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        cursor.execute(
            f"INSERT INTO {table} (content_type_id, object_id, title_norm, autocomplete, title, "  # noqa: S608
            "body, title_text, body_text) "
            "SELECT %s, id::text, 1, '', '', search, '', '' FROM cms_listing",
            [kind],
        )
        cursor.execute(f"VACUUM ANALYZE {table}")


def _rows(asked: Asked, metres: int) -> QuerySet[IndexedListing]:
    """It takes conditions on columns only, so the circle and the order are left to Python."""
    point, age = asked.point, asked.search.age
    assert point is not None  # noqa: S101  by the address
    box = Q(
        easting__range=(point.easting - metres, point.easting + metres),
        northing__range=(point.northing - metres, point.northing + metres),
    )
    return IndexedListing.objects.filter(
        box | Q(easting=None),
        Q(minimum_age__lte=age) | Q(minimum_age=None),
        Q(maximum_age__gte=age) | Q(maximum_age=None),
    )


def _far(row: IndexedListing, asked: Asked) -> float:
    if row.easting is None or row.northing is None or asked.point is None:
        return inf
    return hypot(row.easting - asked.point.easting, row.northing - asked.point.northing)
