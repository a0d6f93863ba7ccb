"""What the public directory has for whom and where, counted: no record of anybody is in it."""

from collections import Counter
from collections.abc import Iterator

from django.db import connection

from accounts.models import Postcode

from .models import Service, ServiceAtLocation, TaxonomyTerm

_BY_DISTRICT = """
SELECT area, kind, count(*) FROM (
    SELECT DISTINCT service_id, area, kind FROM cms_listing
    CROSS JOIN LATERAL unnest(marks) AS area
    CROSS JOIN LATERAL (SELECT '' UNION ALL SELECT unnest(marks)) AS kinds (kind)
    WHERE is_first AND starts_with(area, 'area:') AND (kind = '' OR starts_with(kind, 'type:'))
) AS each GROUP BY area, kind
"""


def by_district() -> dict[str, Counter[str]]:
    """For each district's code how many public services reach it: of each kind by its mark
    ("type:mentoring"), and in all ("")."""
    found: dict[str, Counter[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_DISTRICT)
        for area, kind, many in cursor.fetchall():
            found.setdefault(area.partition(":")[2], Counter())[kind] = many
    return found


def kinds() -> list[tuple[str, str]]:
    """The kinds of help, as mark and name: the groups of the service types."""
    groups = TaxonomyTerm.objects.of("service_type").current().filter(parent=None)
    return [(f"type:{term.code}", term.name) for term in groups]


def by_ward() -> Counter[str]:
    """For each ward's code how many public services have a place in it. An address that is withheld
    from the public gives no ward away."""
    places = ServiceAtLocation.objects.filter(
        service__in=Service.objects.public(),
        location__live=True,
        location__is_address_withheld=False,
    ).exclude(location__postcode="")
    pairs = set(places.values_list("service", "location__postcode"))
    postcodes = {postcode for _, postcode in pairs}
    wards = dict(
        Postcode.objects.filter(pk__in=postcodes)
        .exclude(ward_code="")
        .values_list("pk", "ward_code")
    )
    return Counter(ward for _, ward in set(_in_wards(pairs, wards)))


def _in_wards(
    pairs: set[tuple[object, str]], wards: dict[str, str]
) -> Iterator[tuple[object, str]]:
    return ((service, wards[code]) for service, code in pairs if code in wards)
