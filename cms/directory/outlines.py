"""The shapes of districts and the middles of towns, from our own small files: source and licence of
each stand beside it."""

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import cos, dist, pi, sin
from pathlib import Path

from django.utils.text import slugify

from accounts.places import built_in

DATA = Path(__file__).resolve().parent / "data"
Point = tuple[int, int]  # easting and northing, OSGB36 metres
APART = 900  # metres between two towns; nearer ones are two names of one
# Of the towns on the list these have the name of a district and are towns all the same; the others
# of such a name are middles of large areas.
CITIES = {"Nottingham", "Mansfield"}


@dataclass(frozen=True, slots=True)
class Outline:
    code: str
    name: str
    rings: tuple[tuple[Point, ...], ...]

    @property
    def corners(self) -> list[Point]:
        return [point for ring in self.rings for point in ring]


@cache
def outlines() -> tuple[Outline, ...]:
    with (DATA / "outlines.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Outline(row["code"], row["name"], tuple(map(_ring, row["outline"].split(";"))))
            for row in csv.DictReader(stream)
        )


NEAR = 8_000  # metres: five miles
COMPASS = [
    (round(NEAR * cos(turn * pi / 4)), round(NEAR * sin(turn * pi / 4))) for turn in range(8)
]


@lru_cache(maxsize=4_096)
def is_near_border(easting: int, northing: int) -> bool:
    """Whether five miles from here, in one direction at least, is a district that is not ours."""
    around = ((easting + east, northing + north) for east, north in COMPASS)
    return not all(_is_ours(point) for point in around)


def _is_ours(point: Point) -> bool:
    return any(_is_inside(point, ring) for outline in outlines() for ring in outline.rings)


def _is_inside(point: Point, ring: tuple[Point, ...]) -> bool:
    """Whether a line from the point to the east crosses the ring an odd number of times."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise((*ring, ring[0])):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def _ring(text: str) -> tuple[Point, ...]:
    pairs = (corner.split(",") for corner in text.split())
    return tuple((int(easting), int(northing)) for easting, northing in pairs)


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    point: Point
    district_code: str

    @property
    def slug(self) -> str:
        return slugify(self.name)


def town(slug: str) -> Town | None:
    """The town with this name in an address; none for a district of the same name."""
    if slug in {slugify(each.name) for each in outlines()}:
        return None
    return next((each for each in towns() if each.slug == slug), None)


@cache
def towns() -> tuple[Town, ...]:
    """The largest first. From the file that the table of localities is made from: nothing else
    brings in a town, and it saves a query for every map."""
    areas = {each.name for each in outlines()} - CITIES
    rows = [
        row
        for row in built_in("localities.csv")
        if row["kind"] == "town" and row["name"] not in areas
    ]
    rows.sort(key=lambda row: (-int(row["postcodes"]), len(row["name"])))
    found: list[Town] = []
    for row in rows:
        point = int(row["easting"]), int(row["northing"])
        if all(dist(point, other.point) > APART for other in found):
            found.append(Town(row["name"], point, row["district_code"]))
    return tuple(found)
