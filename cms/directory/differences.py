"""What a draft would change, field by field, in words that people read: never as it is stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from . import wording
from .models import Schedule, Service, ServiceAtLocation
from .plain import to_text

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


def _field(name: str) -> tuple[str, Callable[[Service], str]]:
    field: Any = Service._meta.get_field(name)
    label = str(field.verbose_name)

    def say(service: Service) -> str:
        if field.choices:
            return str(getattr(service, f"get_{name}_display")())
        return in_words(getattr(service, name))

    return label[:1].upper() + label[1:], say


def opening(row: Schedule) -> str:
    """One opening time, with all that is said of it."""
    dates = " to ".join(f"{day:%-d %B %Y}" for day in (row.valid_from, row.valid_until) if day)
    at = f"at {row.location.name}" if row.location else ""
    every = "" if row.every == Schedule.Every.WEEK else str(row.get_every_display()).lower()
    parts = (wording.days(row), wording.hours(row), every, row.words, at, dates)
    return " ".join(part for part in parts if part)


def _place(row: ServiceAtLocation) -> str:
    return ", ".join(part for part in (str(row.location), row.note) if part)


def _lines(rows: Any) -> str:
    return "\n".join(rows)


def _body(service: Service) -> str:
    """Its text, with where its links lead: else a changed address would not show."""
    return to_text(LINK.sub(r"\2 (\1)", service.body))


Said = list[tuple[str, Callable[[Service], str]]]
WHEN: Said = [
    ("Times", lambda service: _lines(opening(row) for row in service.schedules.all())),
    _field("when"),
]
WHERE: Said = [
    ("How it is given", lambda service: wording.and_list(wording.ways(service))),
    ("Where", lambda s: _lines(_place(row) for row in s.service_at_locations.all())),
]
COST: Said = [*map(_field, ("cost", "price", "cost_words"))]
CONTACT: Said = [*map(_field, ("phone", "email", "url"))]
OPEN: Said = [*map(_field, ("status", "notice"))]
WHO: Said = [
    *map(_field, ("minimum_age", "maximum_age", "eligibility")),
    ("Support for", lambda service: _lines(service.supported)),
]
SAID: Said = [
    _field("title"),
    ("Provider", lambda service: service.provider.name),
    *OPEN,
    _field("summary"),
    ("What happens", _body),
    *WHO,
    ("Terms", lambda s: _lines(sorted(f"{t.taxonomy.name}: {t.name}" for t in s.terms.all()))),
    ("Areas served", lambda s: _lines(sorted(area.name for area in s.areas.all()))),
    _field("is_anywhere"),
    _field("who_asks"),
    _field("how_to_get_help"),
    _field("what_next"),
    _field("waiting_time"),
    *map(_field, ("how_to_refer", "is_referred_here")),
    *map(_field, ("places", "free_places", "all_places", "weeks_to_wait", "places_said_on")),
    *WHEN,
    *WHERE,
    *COST,
    ("Languages besides English", lambda s: _lines(str(one.label) for one in s.spoken)),
    *CONTACT,
    *map(_field, ("is_professional_only", "slug", "checked_at", "checked_by", "keep_until")),
]


def differences(before: Service | None, after: Service) -> list[Difference]:
    """Between what is published, if anything is, and a draft."""
    pairs = ((name, say(before) if before else "", say(after)) for name, say in SAID)
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]
