"""Fifty invented services of fifteen invented providers, at real towns and invented addresses."""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.text import slugify
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.models import Area, Organisation
from accounts.places import built_in
from cms.directory.models.occasions import ServiceAtLocation
from cms.models import Location, Provider, Schedule, Service, TaxonomyTerm

FOLDER = Path(__file__).resolve().parent
INVENTED = "This service is invented. It shows what a real one would look like here."
LINKED = ("types", "service_type"), ("needs", "need"), ("tier", "tier"), ("route", "route")
FIRST_PHONE = 100  # 0115 496 0100 and on: numbers that Ofcom keeps for drama


def build() -> None:
    with disable_reference_index_auto_update():  # else several times for each
        _build()
    for model in (Location, Provider, Service):
        for row in model.objects.all():
            ReferenceIndex.create_or_update_for_object(row)


def build_for_professionals() -> None:
    """One service that only professionals find. Not among the fifty, which anybody may read."""
    provider = Provider.objects.get(name="Safe Path Notts")
    service = Service(
        title="Case talk: how to help somebody who is used by others",
        provider=provider,
        is_professional_only=True,
        live=False,
        summary="An hour with our lead about a young person you work with. You need not name them.",
        body=f"<p>Bring what you know and what worries you.</p><p>{INVENTED}</p>",
        how_to_refer="Ring the office on a weekday.\nWe find an hour within the week.",
        waiting_time="A week at most.",
        who_asks=Service.WhoAsks.PROFESSIONAL,
        is_in_person=False,
        is_by_phone=True,
        phone="0115 496 0170",
        checked_at=_checked(1),
        checked_by=Service.CheckedBy.TEAM,
    )
    service.terms = [TaxonomyTerm.objects.get(taxonomy__code="need", code="exploitation")]
    service.full_clean()
    service.save()
    service.save_revision(clean=False).publish()


def _build() -> None:
    venues = {key: _venue(row) for key, row in _read("venues")["venues"].items()}
    providers = {key: _provider(key, row) for key, row in _read("providers")["providers"].items()}
    terms = {(term.taxonomy.code, term.code): term for term in _terms()}
    districts = {area.name: area for area in Area.objects.filter(kind=Area.Kind.DISTRICT)}
    for number, row in enumerate(_read("services")["service"]):
        service = _service(number, row, providers[row["provider"]])
        service.terms = [terms[key] for key in _keys(row)]
        service.areas = _areas(row["areas"], districts)
        service.service_at_locations = [
            ServiceAtLocation(sort_order=order, location=venues[key])
            for order, key in enumerate(row["at"])
        ]
        service.schedules = list(_schedules(row))
        service.full_clean()
        service.save()
        service.save_revision(clean=False).publish()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _terms() -> Any:
    return TaxonomyTerm.objects.select_related("taxonomy")


def _keys(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, taxonomy in LINKED:
        codes = row.get(name, [])
        for code in [codes] if isinstance(codes, str) else codes:
            yield taxonomy, code


def _areas(names: str | list[str], districts: dict[str, Area]) -> list[Area]:
    if names == "anywhere":
        return []
    if names == "all":
        return list(Area.objects.filter(children__in=districts.values()).distinct())
    return [districts[name] for name in names if name in districts]


def _venue(row: dict[str, Any]) -> Location:
    town = next(place for place in built_in("localities.csv") if place["name"] == row["town"])
    venue = Location(
        name=row["name"],
        address_1=row["street"],
        city=row["town"],
        county="Nottinghamshire",
        postcode=f"{row['outcode']} 9ZZ",
        latitude=float(town["latitude"]),
        longitude=float(town["longitude"]),
        access=row["access"],
        getting_there=row["getting_there"],
        is_address_withheld=row.get("withheld", False),
    )
    venue.full_clean()
    venue.save()
    return venue


def _provider(key: str, row: dict[str, str]) -> Provider:
    provider = Provider(
        name=row["name"],
        description=f"{row['about']} Invented for this demo.",
        email=f"hello@{key}.example.org",
        website=f"https://{key}.example.org/",
        organisation=_organisation(row.get("organisation", "")),
        live=False,
    )
    provider.full_clean()
    provider.save()
    provider.save_revision(clean=False).publish()
    provider.refresh_from_db()
    return provider


def _organisation(name: str) -> Organisation | None:
    """One of the demo's, whose administrator then keeps the services."""
    return Organisation.objects.filter(name=name).first() if name else None


def _service(number: int, row: dict[str, Any], provider: Provider) -> Service:
    ages = [*row["ages"], None, None][:2]
    key = provider.website.removeprefix("https://").partition(".")[0]
    return Service(
        live=False,
        title=row["title"],
        provider=provider,
        summary=row["summary"],
        easy_words="\n".join(row.get("easy", [])),
        body="".join(f"<p>{escape(text, quote=False)}</p>" for text in [*row["body"], INVENTED]),
        **_asking(row),
        eligibility=row.get("eligibility", ""),
        support_for=row.get("support", []),
        minimum_age=ages[0],
        maximum_age=ages[1],
        is_anywhere=row["areas"] == "anywhere",
        when=row.get("when", ""),
        languages=row.get("languages", []),
        phone=f"0115 496 0{FIRST_PHONE + number}",
        email=provider.email,
        url=f"https://{key}.example.org/{slugify(row['title'])}",
        checked_at=_checked(number),
        checked_by=Service.CheckedBy.TEAM if number % 3 else Service.CheckedBy.PROVIDER,
        **_ways(row),
        **_cost(row["cost"]),
        **_places(row),
    )


def _ways(row: dict[str, Any]) -> dict[str, bool]:
    is_online, is_at_home = row.get("online", False), row.get("home", False)
    return {
        "is_in_person": bool(row["at"]) or is_at_home or not is_online,
        "is_online": is_online,
        "is_by_phone": row.get("phone", False),
        "is_at_home": is_at_home,
    }


def _asking(row: dict[str, Any]) -> dict[str, Any]:
    """How somebody gets to it, alone or through a professional."""
    return {
        "how_to_get_help": "\n".join(row["steps"]),
        "what_next": row.get("next", ""),
        "waiting_time": row.get("waiting", ""),
        "how_to_refer": "\n".join(row.get("refer", [])),
        "is_referred_here": row.get("here", False),
        "who_asks": row.get("asks", Service.WhoAsks.YOURSELF),
    }


def _cost(cost: str | dict[str, str]) -> dict[str, Any]:
    if cost == "free":
        return {"cost": Service.Cost.FREE}
    assert isinstance(cost, dict)  # noqa: S101  of our own file
    if "ask" in cost:
        return {"cost": Service.Cost.ASK, "cost_words": cost["ask"]}
    price = Decimal(cost["price"])
    return {"cost": Service.Cost.PRICE, "price": price, "cost_words": cost["words"]}


def _places(row: dict[str, Any]) -> dict[str, Any]:
    said = row.get("places", {})
    if not said:
        return {}
    return said | {"places_said_on": timezone.localdate() - timedelta(days=6)}


def _checked(number: int) -> datetime:
    """Somebody checked each within the last ten weeks, in office hours."""
    day = timezone.localdate() - timedelta(days=2 + number * 37 % 68)
    return timezone.make_aware(datetime.combine(day, time(9 + number % 7, number % 4 * 15)))


def _schedules(row: dict[str, Any]) -> Iterator[Schedule]:
    """From `TU TH 17:00 20:30 in term time`."""
    for order, text in enumerate(row.get("times", [])):
        found = re.fullmatch(r"((?:[A-Z]{2} )+)(\d\d:\d\d) (\d\d:\d\d) ?(.*)", text)
        if found is None:
            raise ValueError(f"{row['title']}: {text}")
        days, opens, closes, words = found.groups()
        yield Schedule(
            sort_order=order,
            days=days.split(),
            opens_at=parse_time(opens),
            closes_at=parse_time(closes),
            words=words,
        )
