"""Places as shapes, coloured by their gap. The table beside it says the same, and each shape has
the number of its row, so that nothing is told by colour alone."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .scoring import Place

SOURCE = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
    "Contains OS data © Crown copyright and database right. Wards are approximate."
)
MARGIN = 6


class Band(NamedTuple):
    above: float
    words: str
    fill: str
    ink: str


INK, WHITE = "#14213D", "#FFFFFF"
BANDS = (
    Band(40, "Far more need than services", "#083F36", WHITE),
    Band(10, "More need than services", "#0B5D4E", WHITE),
    Band(-10, "About even", "#7FB3A6", INK),
    Band(-40, "More services than need", "#C4DDD6", INK),
    Band(float("-inf"), "Far more services than need", "#E9F1EE", INK),
)
MORE_NEED = BANDS[:2]
UNKNOWN = Band(float("nan"), "Not available", WHITE, INK)


@dataclass(frozen=True, slots=True)
class Shape:
    number: int  # of its row in the table
    name: str
    rings: list[list[int]]
    band: Band

    @property
    def path(self) -> str:
        """As SVG says it."""
        return "".join(f"M{' '.join(map(str, ring))}Z" for ring in self.rings)

    @property
    def middle(self) -> tuple[int, int]:
        """Where its number stands: the middle of its largest ring."""
        return _middle(self.rings[0])


@dataclass(frozen=True, slots=True)
class Map:
    left: int
    top: int
    width: int
    height: int
    shapes: list[Shape]

    @property
    def bands(self) -> list[Band]:
        """Those that occur, for the legend."""
        used = [shape.band for shape in self.shapes]
        return [band for band in (*BANDS, UNKNOWN) if band in used]

    @property
    def letter(self) -> int:
        """The size of the numbers: larger where there are few shapes."""
        return round(max(self.width, self.height) / (30 if len(self.shapes) < 12 else 45))


def draw(places: Sequence[Place]) -> Map | None:
    """The places of which we have an outline, in the order of the table; None without any."""
    shapes = list(_shapes(places))
    if not shapes:
        return None
    xs = [x for shape in shapes for ring in shape.rings for x in ring[::2]]
    ys = [y for shape in shapes for ring in shape.rings for y in ring[1::2]]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    return Map(left, top, max(xs) + MARGIN - left, max(ys) + MARGIN - top, shapes)


def _shapes(places: Sequence[Place]) -> Iterator[Shape]:
    known = outlines()
    for number, place in enumerate(places, 1):
        if rings := known.get(place.code):
            yield Shape(number, place.name, rings, band_of(place.gap))


def band_of(gap: float | None) -> Band:
    """By the points that the table shows."""
    return UNKNOWN if gap is None else next(band for band in BANDS if round(gap) > band.above)


@cache
def outlines() -> dict[str, list[list[int]]]:
    """See data/README.md."""
    file = Path(__file__).resolve().parent / "data" / "outlines.json"
    found: dict[str, list[list[int]]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _middle(ring: list[int]) -> tuple[int, int]:
    """The centre of gravity."""
    points = list(zip(ring[::2], ring[1::2], strict=True))
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross / 2
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return round(x / (6 * area)), round(y / (6 * area))
