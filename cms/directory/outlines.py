"""The shapes of the districts, from our own small file: its source and licence stand beside it."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
Point = tuple[int, int]  # easting and northing, OSGB36 metres


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


def _ring(text: str) -> tuple[Point, ...]:
    pairs = (corner.split(",") for corner in text.split())
    return tuple((int(easting), int(northing)) for easting, northing in pairs)
