"""Fills a database of its own with as many invented services as wanted, each at a place of its own.

The demo's services are copied inside PostgreSQL: each copy has a word of its own in its name, and
lies anywhere in a square around Nottingham that grows with their number. So a search around one
place meets the same crowd, however large the directory is.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from django.db import connection, models

from cms import demo
from cms.directory import listings, words
from cms.directory.models import Listing, Location, Schedule, Service, ServiceAtLocation
from waymark import reference
from waymark.demo.people import areas

from . import databases
from .quiet import quiet

Say = Callable[[str], None]
EASTING, NORTHING = 457_200, 340_000  # the middle of Nottingham
LATITUDE, LONGITUDE = 52.953, -1.149
NORTH, EAST = 111_320, 67_070  # metres in a degree there
PER_KM2 = 1
SYLLABLES = ("ba", "cor", "den", "fal", "gri", "hol", "kes", "lam", "mir", "nor", "pel", "tav")


def ensure(services: int, *, seed: int = 1, say: Say) -> str:
    """The name of the database with so many, made unless it is there from the same code."""
    name = _name_of(services)
    if databases.said_of(name) == _made_of(seed):
        return name
    return fill(services, seed=seed, say=say)


def fill(services: int, *, seed: int, say: Say) -> str:
    """Make `waymark_generated_services_<services>` anew. Returns its name."""
    name, started = _name_of(services), time.monotonic()
    databases.clone(databases.schema(), f"{name}_new")
    with databases.using(f"{name}_new"), quiet():
        areas()
        reference.load()
        demo.build()
        write(services, seed)
    databases.drop(name)
    databases.rename(f"{name}_new", name)
    databases.say_of(name, _made_of(seed))
    say(f"{name} holds {services:,} services ({time.monotonic() - started:.0f} s)")
    return name


def _name_of(services: int) -> str:
    return f"{databases.PREFIX}services_{services}"


def _made_of(seed: int) -> str:
    rows = (f"cms/directory/{name}.py" for name in ("facets", "listings", "plain"))
    of = databases.digest("waymark/generate/services.py", "cms/demo/*.*", *rows)
    return f"seed {seed}, {of}"


def write(services: int, seed: int) -> None:
    """Add so many copies of the demo's services that have a place to the database in use."""
    with connection.cursor() as cursor:
        _lay_out(cursor, services, seed)
        _copy(cursor, Location, COPY | LOCATION, "location")
        _copy(cursor, Service, COPY | SERVICE, "service")
        _copy(cursor, ServiceAtLocation, PART | {"location_id": "copy.location"}, "service")
        _copy(cursor, Schedule, PART | {"location_id": "NULL"}, "service")
        for links in (Service.terms.through, Service.areas.through):
            _copy(cursor, links, {"id": None, "service_id": "copy.service"}, "service")
        _copy(cursor, Listing, LISTING, "service", "AND row.is_first")
        words.learn(_own_words())
        cursor.execute("VACUUM ANALYZE")


# A version 4 UUID that some text decides.
ID = "overlay(overlay(md5({}) placing '4' from 13) placing 'a' from 17)::uuid"
COPY = {"latest_revision_id": "NULL"}
LOCATION = {
    "id": "copy.location",
    "easting": "copy.easting",
    "northing": "copy.northing",
    "latitude": f"{LATITUDE} + (copy.northing - {NORTHING}) / {NORTH}.0",
    "longitude": f"{LONGITUDE} + (copy.easting - {EASTING}) / {EAST}.0",
    "is_address_withheld": "false",
}
SERVICE = {
    "id": "copy.service",
    "title": "row.title || ' ' || copy.word",
    "slug": "left(row.slug, 60) || '-' || copy.number",
    "live_revision_id": "NULL",
    "last_modified": "row.last_modified - copy.number * interval '1 second'",
}
PART = {
    "id": None,
    "uuid": ID.format("row.uuid || '/' || copy.number"),
    "service_id": "copy.service",
}
LISTING = {
    "id": None,
    "service_id": "copy.service",
    "location_id": "copy.location",
    "title": "row.title || ' ' || copy.word",
    "search": " || ".join(
        f"setweight(to_tsvector('{listings.CONFIG}', {text}), '{weight}')"
        for weight, text in zip(
            "ABCD", ("stamp.a || ' ' || copy.word", "stamp.b", "stamp.c", "stamp.d"), strict=True
        )
    ),
    "easting": "copy.easting",
    "northing": "copy.northing",
}


def _lay_out(cursor: Any, services: int, seed: int) -> None:
    """What is copied (`stamp`), and of each copy its number, ids, word and point (`copy`)."""
    stamps = [_stamp(service) for service in _originals()]
    chance, names = random.Random(seed), list(_own_words())  # noqa: S311  a seed, not a secret
    half = round((services / PER_KM2) ** 0.5 * 500)
    own = [
        (
            number,
            number % len(stamps),
            chance.choice(names),
            EASTING + chance.randint(-half, half),
            NORTHING + chance.randint(-half, half),
        )
        for number in range(services)
    ]
    _table(cursor, "stamp", STAMP, [(place, *stamp) for place, stamp in enumerate(stamps)])
    _table(cursor, "drawn", "number int, stamp int, word text, easting int, northing int", own)
    service, location = ID.format("'service ' || number"), ID.format("'place ' || number")
    cursor.execute(
        f"CREATE TEMP TABLE copy AS SELECT *, {service} AS service, "  # noqa: S608
        f"{location} AS location FROM drawn"
    )


STAMP = "number int, service uuid, location uuid, a text, b text, c text, d text"


def _originals() -> Iterator[Service]:
    """The demo's services that have one place."""
    for service in Service.objects.public().whole().order_by("title"):
        if len(service.service_at_locations.all()) == 1:
            yield service


def _stamp(service: Service) -> tuple[object, ...]:
    place = service.service_at_locations.all()[0].location
    place.is_address_withheld = False  # as of every copy
    return service.pk, place.pk, *listings.texts(service, [place]).values()


def _own_words() -> list[str]:
    return ["".join(parts) for parts in product(SYLLABLES, repeat=3)]


def _table(cursor: Any, name: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
    with cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _copy(
    cursor: Any, model: type[models.Model], own: Mapping[str, str | None], of: str, also: str = ""
) -> None:
    """Copy the rows of the originals once for each copy; columns in `own` differ, and those that
    are None are numbered by the database."""
    table, columns = model._meta.db_table, [str(f.column) for f in model._meta.concrete_fields]
    values = {f'"{name}"': own.get(name, f'row."{name}"') for name in columns}
    given = {name: value for name, value in values.items() if value is not None}
    key = "id" if model in (Location, Service) else "service_id"
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(given)}) SELECT {', '.join(given.values())} "  # noqa: S608
        "FROM copy JOIN stamp ON stamp.number = copy.stamp "
        f"JOIN {table} AS row ON row.{key} = stamp.{of} {also} ORDER BY copy.number"
    )
