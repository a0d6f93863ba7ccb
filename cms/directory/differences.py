"""What a draft would change, field by field, in words that people read: never as it is stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from . import wording
from .models import Location, Provider, Schedule, Service, ServiceAtLocation
from .plain import to_text
from .values import Kept, latest

LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Difference:
    name: str
    before: str
    after: str


def in_words(value: Any) -> str:
    """A plain value; "" for none."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%-d %B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def of_field(name: str, model: type[Model] = Service) -> tuple[str, Callable[[Any], str]]:
    """What it is called, and how to say its value in words."""
    field: Any = model._meta.get_field(name)
    label = str(field.verbose_name)

    def say(row: Any) -> str:
        if field.choices:
            return str(getattr(row, f"get_{name}_display")())
        return in_words(getattr(row, name))

    return label[:1].upper() + label[1:], say


def opening(row: Schedule) -> str:
    """One opening time, with all that is said of it."""
    dates = " to ".join(f"{day:%-d %B %Y}" for day in (row.valid_from, row.valid_until) if day)
    at = f"at {row.location.name}" if row.location else ""
    every = "" if row.every == Schedule.Every.WEEK else str(row.get_every_display()).lower()
    parts = (wording.days(row), wording.hours(row), every, row.words, at, dates)
    return " ".join(part for part in parts if part)


def _place(row: ServiceAtLocation) -> str:
    """Where; of a place that is public with this service only, all that is said of it."""
    place = row.location
    named = ", ".join(part for part in (str(place), row.note) if part)
    if place.live or place.first_published_at:
        return named
    facts = "; ".join(f"{each.name}: {each.after}" for each in differences(None, latest(place)))
    return f"{named} (new: {facts})".replace("\n", ", ")


def _lines(rows: Any) -> str:
    return "\n".join(rows)


def _body(service: Service) -> str:
    """Its text, with where its links lead: else a changed address would not show."""
    return to_text(LINK.sub(r"\2 (\1)", service.body))


Said = list[tuple[str, Callable[[Any], str]]]
WHEN: Said = [
    ("Times", lambda service: _lines(opening(row) for row in service.schedules.all())),
    of_field("when"),
]
WHERE: Said = [
    ("How it is given", lambda service: wording.and_list(wording.ways(service))),
    ("Where", lambda s: _lines(_place(row) for row in s.service_at_locations.all())),
]
COST: Said = [*map(of_field, ("cost", "price", "cost_words"))]
OPEN: Said = [*map(of_field, ("status", "notice"))]
WHO: Said = [
    *map(of_field, ("minimum_age", "maximum_age", "eligibility")),
    ("Support for", lambda service: _lines(service.supported)),
]
SAID: Said = [
    of_field("title"),
    ("Provider", lambda service: service.provider.name),
    *OPEN,
    of_field("summary"),
    of_field("easy_words"),
    ("What happens", _body),
    *WHO,
    ("Terms", lambda s: _lines(sorted(f"{t.taxonomy.name}: {t.name}" for t in s.terms.all()))),
    ("Areas served", lambda s: _lines(sorted(area.name for area in s.areas.all()))),
    of_field("is_anywhere"),
    of_field("who_asks"),
    of_field("how_to_get_help"),
    of_field("what_next"),
    of_field("waiting_time"),
    *map(of_field, ("how_to_refer", "is_referred_here")),
    *map(of_field, ("places", "free_places", "all_places", "weeks_to_wait", "places_said_on")),
    *WHEN,
    *WHERE,
    *COST,
    ("Languages besides English", lambda s: _lines(str(one.label) for one in s.spoken)),
    *map(of_field, ("phone", "email", "url")),
    ("Shown from", lambda service: in_words(service.go_live_at)),
    ("Taken off on", lambda service: in_words(service.expire_at)),
    *map(of_field, ("is_professional_only", "slug", "checked_at", "checked_by", "keep_until")),
]


SAID_OF: dict[type[Model], Said] = {
    Service: SAID,
    Provider: [
        of_field("name", Provider),
        of_field("description", Provider),
        ("Organisation", lambda provider: in_words(provider.organisation)),
        *(of_field(name, Provider) for name in ("email", "website")),
        *(of_field(name, Provider) for name in ("charity_number", "company_number")),
    ],
    Location: [
        *(of_field(name, Location) for name in ("name", "kind", "address_1", "address_2", "city")),
        *(of_field(name, Location) for name in ("county", "postcode", "is_address_withheld")),
        *(of_field(name, Location) for name in ("latitude", "longitude", "getting_there")),
        ("What the venue has", lambda place: _lines(place.access_words)),
    ],
}


def published(row: Kept) -> Kept | None:
    """As the public last read it, also of what has been taken off: a draft of it is kept apart.
    None of what was never public."""
    return row if row.live or row.last_published_at else None


def differences(before: Kept | None, after: Kept) -> list[Difference]:
    """Between what is published, if anything is, and a draft."""
    said = SAID_OF[type(after)]
    pairs = ((name, say(before) if before else "", say(after)) for name, say in said)
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]
