"""The asset needs assessment: what districts and wards need, and what there is.

Nobody is counted here: figures of people and searches are those that were released.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import Area

from . import deprivation, provision, releases
from .deprivation import Deprived
from .disclosure import Shown
from .models import Population, Release, Weights
from .periods import Period
from .provision import Provision
from .releases import Cells
from .scoring import MISSING, PROVISION, WITHHELD, Figure, Place, by_gap, score

PER = 1_000
Table = Release.Table


@dataclass(frozen=True, slots=True)
class Assessment:
    """Places with their scores, and what there was to work them out from."""

    period: Period
    weights: Weights
    places: list[Place]
    total: Figure  # young people referred: everywhere together, or in the district
    provision: Provision
    has_deprivation: bool
    has_population: bool


def districts(period: Period) -> Assessment:
    areas = list(Area.objects.filter(kind=Area.Kind.DISTRICT).order_by("name"))
    referred = releases.read(period, Table.REFERRED)
    searched = releases.read(period, Table.SEARCHED)
    people = _people(areas)
    deprived = deprivation.by_area(Area.Kind.DISTRICT)
    services = provision.by_district()
    places = [
        Place(
            area.code,
            area.name,
            {
                "deprivation": _deprived(deprived.get(area.code)),
                "referred": _count(referred, area.code),
                "referrals": _rate(referred, area.code, people),
                "unmet": _part(searched, area.code),
                "out_of_place": _part(referred, area.code),
                PROVISION: _provided(services.of(area.code), people, area.code),
            },
        )
        for area in areas
    ]
    return _assessed(period, places, _count(referred, ""), services, deprived, people)


def wards(district: Area, period: Period) -> Assessment:
    """The wards of a district: as districts, without what is not known by ward."""
    areas = list(Area.objects.filter(kind=Area.Kind.WARD, parent=district).order_by("name"))
    total = _count(releases.read(period, Table.REFERRED), district.code)
    referred = releases.read(period, Table.WARDS, district.code)
    people = _people(areas)
    deprived = deprivation.by_area(Area.Kind.WARD)
    services = provision.by_ward([area.code for area in areas])
    is_known = any(services.of(area.code) for area in areas)  # else no postcode of theirs is listed
    places = [
        Place(
            area.code,
            area.name,
            {
                "deprivation": _deprived(deprived.get(area.code)),
                "referred": _count(referred, area.code),
                "referrals": _rate(referred, area.code, people),
                PROVISION: _provided(services.of(area.code), people, area.code)
                if is_known
                else MISSING,
            },
        )
        for area in areas
    ]
    return _assessed(period, places, total, services, deprived, people)


def _assessed(
    period: Period,
    places: list[Place],
    total: Figure,
    services: Provision,
    deprived: Mapping[str, Deprived],
    people: Mapping[str, int],
) -> Assessment:
    weights = Weights.ours()
    score(places, weights.of)
    is_known = any(place.code in deprived for place in places)
    return Assessment(period, weights, by_gap(places), total, services, is_known, bool(people))


def _people(areas: Iterable[Area]) -> dict[str, int]:
    """How many people of 10 to 24 live in each place; nothing unless it is known of all of them,
    for a rate beside a plain number would compare what cannot be compared."""
    codes = {area.code for area in areas}
    known = Population.objects.filter(area_code__in=codes)
    found = dict(known.values_list("area_code", "people"))
    return found if found.keys() == codes else {}


# How it is said -------------------------------------------------------------------------------
def _count(cells: Cells, code: str) -> Figure:
    """How many in all, the last of its cells."""
    if code not in cells:
        return MISSING
    many = cells[code][-1]
    return WITHHELD if many is None else Figure(many, f"{many:,}")


def _rate(cells: Cells, code: str, people: Mapping[str, int]) -> Figure:
    many = _count(cells, code)
    if code not in people:
        return MISSING
    if many.value is None:
        return many
    rate = many.value * PER / people[code]
    return Figure(rate, f"{rate:.1f}")


def _part(cells: Cells, code: str) -> Figure:
    """The first cell as a share of all, where both may be shown."""
    part: Shown
    whole: Shown
    if code not in cells:
        return MISSING
    part, *_, whole = cells[code]
    if part is None or whole is None:
        return WITHHELD
    return Figure(part / whole if whole else None, f"{part:,} of {whole:,}")


def _deprived(found: Deprived | None) -> Figure:
    return Figure(found.share, found.words) if found else MISSING


def _provided(services: int, people: Mapping[str, int], code: str) -> Figure:
    """Services for each 1,000 young people, where it is known how many there are."""
    value = services * PER / people[code] if code in people else services
    return Figure(value, f"{services:,}")
