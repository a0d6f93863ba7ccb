"""Which services a professional may name to somebody: asked by the packages above."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from .models import Listing, Service


def services_to_signpost(
    *, age: int | None, district_code: str | None, most: int = 12
) -> list[tuple[str, str]]:
    """Public services that suit the age and the district, as choices (id, name), at most `most`."""
    rows = Listing.objects.filter(is_first=True)
    if age is not None:
        rows = rows.filter(
            Q(minimum_age__isnull=True) | Q(minimum_age__lte=age),
            Q(maximum_age__isnull=True) | Q(maximum_age__gte=age),
        )
    if district_code:
        rows = rows.filter(marks__contains=[f"area:{district_code}"])
    shown = rows.order_by("title", "service_id").values_list("service_id", "service__title")
    return [(str(pk), title) for pk, title in shown[:most]]


def services_named(ids: Collection[UUID]) -> list[Service]:
    """The services with these ids that are public still, by name. No query for none."""
    return list(Service.objects.public().filter(pk__in=ids).order_by("title", "pk")) if ids else []
