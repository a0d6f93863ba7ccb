"""The asset needs assessment: what districts and wards need, and what there is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Area
from cms.directory import demand, provision
from pathways import counting as pathways
from referrals import counting as referrals

from . import deprivation
from .deprivation import Deprived
from .disclosure import Shown, protect_parts, protect_table
from .models import Population, Weights
from .periods import Period
from .scoring import MISSING, PROVISION, WITHHELD, Figure, Place, by_gap, score

PER = 1_000


@dataclass(frozen=True, slots=True)
class Assessment:
    """Places with their scores, and what there was to work them out from."""

    period: Period
    weights: Weights
    places: list[Place]
    total: Figure  # young people referred, everywhere together
    has_deprivation: bool
    has_population: bool


def districts(period: Period) -> Assessment:
    areas = list(Area.objects.filter(kind=Area.Kind.DISTRICT).order_by("name"))
    referred = _referred(areas, referrals.people_by_district(*period), period)
    searched = _searched(areas, period)
    people = _people(areas)
    deprived = deprivation.by_area(Area.Kind.DISTRICT)
    services = provision.by_district()
    places = [
        Place(
            area.code,
            area.name,
            {
                "deprivation": _deprived(deprived.get(area.code)),
                "referred": _count(referred[area.code][-1]),
                "referrals": _rate(referred[area.code][-1], people.get(area.code)),
                "unmet": _part(*searched[area.code]),
                "out_of_place": _part(*referred[area.code]),
                PROVISION: _provided(services.get(area.code, Counter())[""], people, area.code),
            },
        )
        for area in areas
    ]
    return _assessed(period, places, _count(referred[""][-1]), deprived, people)


def wards(district: Area, period: Period) -> Assessment:
    """The wards of a district: as districts, without what is not known by ward."""
    areas = list(Area.objects.filter(kind=Area.Kind.WARD, parent=district).order_by("name"))
    total, referred = _referred_by_ward(district, areas, period)
    people = _people(areas)
    deprived = deprivation.by_area(Area.Kind.WARD)
    services = provision.by_ward()
    is_known = any(services[area.code] for area in areas)  # else no postcode of theirs is listed
    places = [
        Place(
            area.code,
            area.name,
            {
                "deprivation": _deprived(deprived.get(area.code)),
                "referred": _count(referred[area.code]),
                "referrals": _rate(referred[area.code], people.get(area.code)),
                PROVISION: _provided(services[area.code], people, area.code)
                if is_known
                else MISSING,
            },
        )
        for area in areas
    ]
    return _assessed(period, places, total, deprived, people)


def _assessed(
    period: Period,
    places: list[Place],
    total: Figure,
    deprived: Mapping[str, Deprived],
    people: Mapping[str, int],
) -> Assessment:
    weights = Weights.ours()
    score(places, weights.of)
    is_known = any(place.code in deprived for place in places)
    return Assessment(period, weights, by_gap(places), total, is_known, bool(people))


# What was counted -----------------------------------------------------------------------------
Parts = list[Shown]  # the part, the rest, the total


def _referred(
    areas: Iterable[Area], people: Mapping[UUID, str], period: Period
) -> dict[str, Parts]:
    """Of each district the young people referred who are out of education, training and work or
    not known to be in any, the others, and all; under "" everywhere together."""
    out = Counter(people[who] for who in pathways.out_of_place(people, period.until))
    every = Counter(people.values())
    return _protected(areas, {code: (out[code], every[code] - out[code]) for code in every})


def _searched(areas: Iterable[Area], period: Period) -> dict[str, Parts]:
    """Of each district the searches that found nothing, the others, and all."""
    return _protected(areas, demand.by_district(*period))


def _protected(areas: Iterable[Area], counts: Mapping[str, tuple[int, int]]) -> dict[str, Parts]:
    codes = [area.code for area in areas]
    rows = protect_table([counts.get(code, (0, 0)) for code in codes])
    return dict(zip([*codes, ""], rows or [[0, 0, 0]], strict=True))


def _referred_by_ward(
    district: Area, areas: list[Area], period: Period
) -> tuple[Figure, dict[str, Shown]]:
    """The district's total as its own page shows it, and what of it each ward may say. Those whose
    ward is not known are a part as well."""
    everywhere = Area.objects.filter(kind=Area.Kind.DISTRICT).order_by("name")
    people = referrals.people_by_district(*period)
    total = _referred(everywhere, people, period)[district.code][-1]
    here = [who for who, code in people.items() if code == district.code]
    if total is None:
        return WITHHELD, dict.fromkeys([area.code for area in areas])
    return _count(total), _by_ward(areas, here)


def _by_ward(areas: list[Area], people: list[UUID]) -> dict[str, Shown]:
    codes = [area.code for area in areas]
    lived = Counter(referrals.wards_of(people).values())
    counts = [lived[code] for code in codes]
    shown = protect_parts([*counts, len(people) - sum(counts)])
    return dict(zip(codes, shown, strict=False))


def _people(areas: Iterable[Area]) -> dict[str, int]:
    """How many people of 10 to 24 live in each place; nothing unless it is known of all of them,
    for a rate beside a plain number would compare what cannot be compared."""
    codes = {area.code for area in areas}
    known = Population.objects.filter(area_code__in=codes)
    found = dict(known.values_list("area_code", "people"))
    return found if found.keys() == codes else {}


# How it is said -------------------------------------------------------------------------------
def _count(many: Shown) -> Figure:
    return WITHHELD if many is None else Figure(many, f"{many:,}")


def _rate(many: Shown, people: int | None) -> Figure:
    if people is None:
        return MISSING
    if many is None:
        return WITHHELD
    rate = many * PER / people
    return Figure(rate, f"{rate:.1f}")


def _part(part: Shown, rest: Shown, whole: Shown) -> Figure:
    """A share of which both numbers may be shown."""
    if whole == 0:
        return MISSING
    if part is None or whole is None:
        return WITHHELD
    return Figure(part / whole, f"{part:,} of {whole:,}")


def _deprived(found: Deprived | None) -> Figure:
    return Figure(found.share, found.words) if found else MISSING


def _provided(services: int, people: Mapping[str, int], code: str) -> Figure:
    """Services for each 1,000 young people, where it is known how many there are."""
    value = services * PER / people[code] if code in people else services
    return Figure(value, f"{services:,}")
