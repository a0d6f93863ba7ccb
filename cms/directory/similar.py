"""What else is like a service: with most terms in common, for the same ages, in the same area."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, Q, TextField, Value

from . import wording
from .models import Listing, ProfessionalListing, Service

MOST = 3
OF_OWN = 1  # of the same provider: what else it does stands on its own page
CONSIDERED = 12
ABOUT = ("need", "type", "route")  # the facets that say what a service is about


def similar(service: Service) -> list[dict[str, Any]]:
    """Public services for somebody for whom this one is not right. Two queries."""
    own = _row(service)
    about = _of(own, *ABOUT) if own else []
    if own is None or not about:
        return []
    rows = (
        Listing.objects.filter(_suits(own), is_first=True, marks__overlap=about)
        .filter(service__in=Service.objects.public().exclude(pk=service.pk))
        .select_related("service__provider")
        .order_by(_in_common(about).desc(), "is_old", F("checked_at").desc(nulls_last=True), "pk")
    )
    found = [row.service for row in rows[:CONSIDERED]]
    theirs = [each for each in found if each.provider_id == service.provider_id][OF_OWN:]
    return [_link(each) for each in found if each not in theirs][:MOST]


def _row(service: Service) -> Listing | ProfessionalListing | None:
    table = ProfessionalListing if service.is_professional_only else Listing
    return table._default_manager.filter(service=service, is_first=True).first()


def _of(row: Listing | ProfessionalListing, *facets: str) -> list[str]:
    return [mark for mark in row.marks if mark.partition(":")[0] in facets]


def _suits(own: Listing | ProfessionalListing) -> Q:
    """In one of its districts, for some of its ages; a neighbour's only beside a neighbour's."""
    suits = Q(marks__overlap=_of(own, "area"))
    if own.minimum_age is not None:
        suits &= Q(maximum_age=None) | Q(maximum_age__gte=own.minimum_age)
    if own.maximum_age is not None:
        suits &= Q(minimum_age=None) | Q(minimum_age__lte=own.maximum_age)
    return suits if own.is_nearby else suits & Q(is_nearby=False)


def _in_common(marks: list[str]) -> Func:
    """How many of these marks a row has."""
    return Func(
        F("marks"),
        Value(marks, ArrayField(TextField())),
        template="cardinality(ARRAY(SELECT unnest(%(expressions)s)))",
        arg_joiner=") INTERSECT SELECT unnest(",
        output_field=IntegerField(),
    )


def _link(service: Service) -> dict[str, Any]:
    return {
        "name": service.title,
        "url": service.get_absolute_url(),
        "sentence": service.summary,
        "ages": wording.ages(service.minimum_age, service.maximum_age),
    }
