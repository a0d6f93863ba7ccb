"""Where a postcode or a town is: for distances in the directory and the district of an address."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.db import connection, transaction
from django.db.models import Avg

from .models import Area, Locality, Postcode

DATA = Path(__file__).resolve().parent / "data"

# Royal Mail's shapes A9, A99, AA9, AA99, A9A and AA9A; the inward part has none of C I K M O V.
OUTWARD = r"[A-Z]{1,2}\d{1,2}|[A-Z]{1,2}\d[A-Z]"
WHOLE = re.compile(rf"({OUTWARD}) ?(\d)([ABD-HJLNP-UW-Z]{{2}})", re.ASCII)
SECTOR = re.compile(rf"({OUTWARD}) (\d)", re.ASCII)
OUTCODE = re.compile(OUTWARD, re.ASCII)

Precision = Literal["postcode", "sector", "outcode", "town", "ward"]


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map with how exactly it answers what was asked.

    `district_code` is None where the postcodes of a sector or outcode lie in several districts:
    then a person must say which, nobody guesses.
    """

    label: str
    latitude: float
    longitude: float
    easting: int
    northing: int
    district_code: str | None
    precision: Precision
    asked: str = ""

    @property
    def note(self) -> str:
        """A sentence for the page when the place is not exactly what was asked for."""
        if self.precision in {"postcode", "town", "ward"} or self.asked == self.label:
            return ""
        return (
            f"We do not have {self.asked} on our list yet, so distances are from the middle of "
            f"{self.label}."
        )


def normalise_postcode(text: str) -> str | None:
    """`ng163hb` as `NG16 3HB`; None when it has not the shape of a UK postcode."""
    found = WHOLE.fullmatch("".join(text.split()).upper())
    return f"{found[1]} {found[2]}{found[3]}" if found else None


def outward(text: str) -> str:
    """Of a whole postcode or a sector its first half alone, which tells nobody's street; any other
    words as they are."""
    if postcode := normalise_postcode(text):
        return postcode[:-4]
    sector = SECTOR.fullmatch(" ".join(text.upper().split()))
    return sector[1] if sector else text


def locate(text: str) -> Place | None:
    """The place of a postcode, sector, outcode, town or ward as typed; None when we know none.

    A well-formed postcode that is not on the list (newer than the list) falls back to the centre
    of its sector, then of its outcode. Of two wards of one name nobody guesses (`wards_named`).
    """
    if postcode := normalise_postcode(text):
        if row := Postcode.objects.filter(pk=postcode).first():
            return _place(row, postcode, "postcode", postcode)
        return _locality(postcode, [postcode[:-2], postcode[:-4]])
    squeezed = " ".join(text.upper().split())
    if SECTOR.fullmatch(squeezed):
        return _locality(squeezed, [squeezed, squeezed[:-2]])
    if OUTCODE.fullmatch(squeezed):
        return _locality(squeezed, [squeezed])
    return _town(text) or _ward(text)


def is_known(postcode: str) -> bool:
    """Whether a postcode is on the list; where no list has been loaded, whether its sector or
    outcode is known."""
    place = locate(postcode)
    return place is not None and (place.precision == "postcode" or not Postcode.objects.exists())


def district(place: Place | None) -> Area | None:
    """The district of a place when it is certain and one of ours."""
    if place is None or place.district_code is None:
        return None
    return Area.objects.filter(kind=Area.Kind.DISTRICT, code=place.district_code).first()


def _locality(asked: str, names: list[str]) -> Place | None:
    rows = Locality.objects.exclude(kind=Locality.Kind.TOWN).filter(name__in=names)
    found = {row.name: row for row in rows}
    row = next((found[name] for name in names if name in found), None)
    if row is None:
        return None
    return _place(row, row.name, "sector" if row.kind == Locality.Kind.SECTOR else "outcode", asked)


def _town(text: str) -> Place | None:
    wanted = _plain(text)
    towns = Locality.objects.filter(kind=Locality.Kind.TOWN) if wanted else []
    row = next((town for town in towns if _plain(town.name) == wanted), None)
    return _place(row, row.name, "town", text) if row else None


def wards_named(text: str) -> list[Area]:
    """The wards of this name; of one district when its name comes after a comma."""
    name, _, of = text.partition(",")
    wanted, of = _plain(name).removesuffix(" ward"), _plain(of)
    wards = Area.objects.filter(kind=Area.Kind.WARD).select_related("parent") if wanted else []
    return [
        ward
        for ward in wards
        if _plain(ward.name) == wanted and ward.parent and of in ("", _plain(ward.parent.name))
    ]


def _ward(text: str) -> Place | None:
    """The middle of a ward's postcodes."""
    wards = wards_named(text)
    if len(wards) != 1 or wards[0].parent is None:
        return None
    ward, district = wards[0], wards[0].parent
    columns = ("latitude", "longitude", "easting", "northing")
    middle = Postcode.objects.filter(ward_code=ward.code).aggregate(**{c: Avg(c) for c in columns})
    if middle["easting"] is None:
        return None
    return Place(
        label=ward.name,
        latitude=round(middle["latitude"], 5),
        longitude=round(middle["longitude"], 5),
        easting=round(middle["easting"]),
        northing=round(middle["northing"]),
        district_code=district.code,
        precision="ward",
        asked=text,
    )


def _plain(name: str) -> str:
    """`St. Ann’s`, `st anns`: alike; so are `Sutton-in-Ashfield` and `sutton in ashfield`."""
    letters = re.sub(r"['’.,]", "", name.casefold()).replace("-", " ").replace("&", " and ")
    return re.sub(r"^the ", "", " ".join(letters.split()))


def _place(row: Postcode | Locality, label: str, precision: Precision, asked: str) -> Place:
    return Place(
        label=label,
        latitude=row.latitude,
        longitude=row.longitude,
        easting=row.easting,
        northing=row.northing,
        district_code=row.district_code or None,
        precision=precision,
        asked=asked,
    )


def built_in(name: str) -> Iterator[dict[str, str]]:
    """Rows of a table in `accounts/data` such as `districts.csv` (see its README)."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def load_localities() -> int:
    """Bring in the built-in centres; those that an import has worked out anew stay. Idempotent."""
    rows = [
        Locality(
            kind=row["kind"],
            name=row["name"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            easting=int(row["easting"]),
            northing=int(row["northing"]),
            district_code=row["district_code"],
            postcodes=int(row["postcodes"]),
        )
        for row in built_in("localities.csv")
    ]
    Locality.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def refresh_localities(outcodes: set[str]) -> None:
    """Work out the centres of these outcodes and their sectors from the postcodes we hold."""
    with transaction.atomic(), connection.cursor() as cursor:
        for kind, cut in ((Locality.Kind.SECTOR, 2), (Locality.Kind.OUTCODE, 4)):
            cursor.execute(REFRESH, {"kind": kind, "cut": cut, "outcodes": sorted(outcodes)})


REFRESH = """
    INSERT INTO accounts_locality
        (kind, name, latitude, longitude, easting, northing, district_code, postcodes)
    SELECT %(kind)s, left(postcode, -%(cut)s), round(avg(latitude)::numeric, 5),
           round(avg(longitude)::numeric, 5), round(avg(easting)), round(avg(northing)),
           CASE WHEN min(district_code) = max(district_code) THEN min(district_code) ELSE '' END,
           count(*)
    FROM accounts_postcode
    WHERE left(postcode, -4) = ANY(%(outcodes)s)
    GROUP BY left(postcode, -%(cut)s)
    ON CONFLICT (kind, name) DO UPDATE SET
        latitude = excluded.latitude, longitude = excluded.longitude,
        easting = excluded.easting, northing = excluded.northing,
        district_code = excluded.district_code, postcodes = excluded.postcodes
"""
