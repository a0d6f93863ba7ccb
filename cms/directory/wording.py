"""Facts of a service as people say them. Reading age 11 or below."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localdate

from accounts.clock import now, today

from .models import Schedule, Service, TrackRecord

METRES_IN_MILE = 1609.344


def ages(youngest: int | None, oldest: int | None) -> str:
    if youngest in (None, 0) and oldest is None:
        return "All ages"
    if oldest is None:
        return f"{youngest} and over"
    if youngest in (None, 0):
        return f"Up to {oldest}"
    return f"{youngest}" if youngest == oldest else f"{youngest} to {oldest}"


def cost(service: Service) -> str:
    """Free; £2 a session; or what else the record says."""
    if service.cost == Service.Cost.FREE:
        return f"Free. {service.cost_words}" if service.cost_words else "Free"
    if service.cost == Service.Cost.PRICE and service.price is not None:
        pounds = f"£{service.price:,.2f}".removesuffix(".00")
        return f"{pounds} {service.cost_words}".strip()
    return service.cost_words or str(service.get_cost_display())


def first_contact(record: TrackRecord | None) -> str:
    """How soon somebody who was referred hears from a mentor; "" when too few were."""
    if record is None or record.days_to_contact is None:
        return ""
    days = record.days_to_contact
    soon = "on the same day" if days == 0 else f"within {days} day{'s' if days > 1 else ''}"
    counted = f"Counted over the 90 days to {_day(record.contact_until)}."
    return f"Half of those referred heard from a mentor {soon}. {counted}"


def accepted(record: TrackRecord | None) -> str:
    """How many of those who were referred; "" when too few were."""
    if record is None or record.tenths_accepted is None:
        return ""
    tenths = record.tenths_accepted
    some = {0: "Hardly any", 10: "Nearly all"}.get(tenths, f"About {tenths} in 10")
    return f"{some} of the referrals decided in the year to {_day(record.accepted_until)}."


def _day(day: date) -> str:
    return date_format(day, "j F Y")


PLACES_GROW_OLD = timedelta(days=30)


def places(service: Service) -> str:
    """Whether somebody gets in now, and how long they wait; "" when nobody said."""
    if not service.places:
        return ""
    said = str(service.get_places_display())
    if service.places == Service.Places.OPEN and service.free_places is not None:
        said = f"{said}: {service.free_places} free"
    if service.weeks_to_wait:
        weeks = "1 week" if service.weeks_to_wait == 1 else f"{service.weeks_to_wait} weeks"
        said = f"{said}, about {weeks} to wait"
    return said


def are_places_old(service: Service) -> bool:
    """Said so long ago that it may well be otherwise."""
    day = service.places_said_on
    return day is not None and day < today() - PLACES_GROW_OLD


def standing(service: Service) -> list[tuple[str, str]]:
    """What somebody should know before they read on: that it is paused, that it ends, that it is
    full. Each a few words and, for some, a sentence."""
    said = []
    if service.status == Service.Status.PAUSED or service.notice:
        is_paused = service.status == Service.Status.PAUSED
        said.append(("Paused for now." if is_paused else "", service.notice))
    if last := _last_day(service):
        said.append((f"It ends on {_day(last)}.", ""))
    is_crowded = service.places in (Service.Places.FULL, Service.Places.WAITING)
    if is_crowded and service.places_said_on and not are_places_old(service):
        said.append((f"{places(service)}.", f"They said so on {_day(service.places_said_on)}."))
    return said


def _last_day(service: Service) -> date | None:
    """The day after which it is no longer listed, when somebody has said so."""
    if service.expire_at is None or service.expire_at <= now():
        return None
    return localdate(service.expire_at - timedelta(seconds=1))


def distance_from(metres: float | None, place: str) -> str:
    """From the middle of a town or of the first half of a postcode: never exact."""
    if metres is None:
        return ""
    miles = metres / METRES_IN_MILE
    if miles < 0.95:
        return f"Less than a mile from {place}"
    return f"About 1 mile from {place}" if miles < 1.5 else f"About {miles:.0f} miles from {place}"


def distance(metres: float | None) -> str:
    if metres is None:
        return ""
    miles = metres / METRES_IN_MILE
    if miles < 0.2:
        return "close by"
    if miles < 0.95:
        return f"{miles:.1f} miles away"
    return "1 mile away" if miles < 1.5 else f"{miles:.0f} miles away"


def clock(value: time) -> str:
    """2:30pm, 9am, midday."""
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'pm' if value.hour >= 12 else 'am'}"


def hours(row: Schedule) -> str:
    if row.opens_at == time.min and row.closes_at and row.closes_at >= time(23, 59):
        return "at any time"
    if row.opens_at and row.closes_at:
        return f"{clock(row.opens_at)} to {clock(row.closes_at)}"
    return f"from {clock(row.opens_at)}" if row.opens_at else ""


def days(row: Schedule) -> str:
    """Monday to Friday, Every day, or Tuesday and Thursday."""
    order = list(Schedule.Day)
    held = [day for day in order if day in row.days]
    if len(held) == len(order):
        return "Every day"
    names = [str(day.label) for day in held]
    places = [order.index(day) for day in held]
    if len(held) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return and_list(names)


def times(service: Service) -> str:
    """The opening times in one line; "" when nobody said."""
    rows = [" ".join(filter(None, (days(row), hours(row)))) for row in service.schedules.all()]
    said = [row for row in rows if row]
    if service.when and (not said or len(said) > 2):
        return service.when
    return "; ".join(said[:3])


def ways(service: Service) -> list[str]:
    """How the help is given."""
    all_ways = (
        ("In person", service.is_in_person),
        ("Online", service.is_online),
        ("By phone", service.is_by_phone),
        ("At your home or school", service.is_at_home),
    )
    return [name for name, given in all_ways if given]


def areas(service: Service) -> str:
    if service.is_anywhere:
        return "Anywhere"
    return and_list(area.name for area in service.areas.all())


def and_list(words: Iterable[str]) -> str:
    names: Sequence[str] = list(words)
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def steps(service: Service) -> list[str]:
    """How to get help, one step on each line."""
    return _lines(service.how_to_get_help)


def easy(service: Service) -> list[str]:
    """The same in easy words, one sentence on each line."""
    return _lines(service.easy_words)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
