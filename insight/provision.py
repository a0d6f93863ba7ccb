"""The services that count as provision: those of our own directory. What neighbours' directories
bring is left out, because nobody here has checked it; how much that is, is said."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from accounts.models import Postcode
from cms.directory import provision
from cms.directory.models import Listing, Service, ServiceAtLocation

ALL = ""  # the mark of every service, whatever its kind


@dataclass(frozen=True, slots=True)
class Provision:
    """Services by place, and of these by the mark of a kind; how many were left out."""

    counted: dict[str, Counter[str]]
    left_out: int = 0

    def of(self, code: str, mark: str = ALL) -> int:
        return self.counted.get(code, Counter())[mark]


def by_district() -> Provision:
    every = provision.by_district()
    nearby = Listing.objects.filter(is_first=True, is_nearby=True)
    left_out = 0
    for marks in nearby.values_list("marks", flat=True):
        areas = [mark.partition(":")[2] for mark in marks if mark.startswith("area:")]
        kinds = [ALL, *(mark for mark in marks if mark.startswith("type:"))]
        for area in areas:
            every[area].subtract(kinds)
        left_out += bool(areas)
    return Provision(every, left_out)


def by_ward(codes: Collection[str]) -> Provision:
    """Of these wards."""
    every, nearby = provision.by_ward(), _nearby_in(codes)
    for _, ward in nearby:
        every[ward] -= 1
    counted = {code: Counter({ALL: every[code]}) for code in codes}
    return Provision(counted, len({service for service, _ in nearby}))


def _nearby_in(codes: Collection[str]) -> set[tuple[object, str]]:
    """The services of neighbours with a place in one of these wards, each with the ward."""
    wards = dict(Postcode.objects.filter(ward_code__in=codes).values_list("pk", "ward_code"))
    places = ServiceAtLocation.objects.filter(
        service__in=Service.objects.public().filter(source_record__source__is_neighbour=True),
        location__live=True,
        location__is_address_withheld=False,
    )
    pairs = places.values_list("service", "location__postcode")
    return {(service, wards[code]) for service, code in pairs if code in wards}
