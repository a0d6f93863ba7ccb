"""Places as shapes, coloured by their gap or by what people look for in vain. The table beside it
says the same, and each shape has the number of its row, so that nothing is told by colour alone.
Colours go by the figures that may be shown; one that is withheld has the colour of being so."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .scoring import HUNDRED, MISSING, WITHHELD, Place

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
DARK, PINE, FERN, MINT, MIST = "#083F36", "#0B5D4E", "#7FB3A6", "#C4DDD6", "#E9F1EE"
LOWEST = float("-inf")
GAPS = (
    Band(40, "Far more need than services", DARK, WHITE),
    Band(10, "More need than services", PINE, WHITE),
    Band(-10, "About even", FERN, INK),
    Band(-40, "More services than need", MINT, INK),
    Band(LOWEST, "Far more services than need", MIST, INK),
)
MORE_NEED = GAPS[:2]
SHARES = (
    Band(40, "More than 40% found nothing", DARK, WHITE),
    Band(20, "21% to 40%", PINE, WHITE),
    Band(10, "11% to 20%", FERN, INK),
    Band(5, "6% to 10%", MINT, INK),
    Band(LOWEST, "5% or fewer", MIST, INK),
)
HIDDEN = Band(float("nan"), "Withheld to protect privacy", "#B9BEC7", INK)
UNKNOWN = Band(float("nan"), "Not available", WHITE, INK)


def gap(place: Place) -> Band:
    """By the points that the table shows."""
    return UNKNOWN if place.gap is None else _band(place.gap, GAPS)


def unmet(place: Place) -> Band:
    """By the share of searches that found nothing, in the hundredths that the table shows."""
    figure = place.figures.get("unmet", MISSING)
    if figure == WITHHELD:
        return HIDDEN
    return UNKNOWN if figure.value is None else _band(HUNDRED * figure.value, SHARES)


def _band(value: float, bands: Sequence[Band]) -> Band:
    return next(band for band in bands if round(value) > band.above)


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
        return [band for band in (*GAPS, *SHARES, HIDDEN, UNKNOWN) if band in used]

    @property
    def letter(self) -> int:
        """The size of the numbers: larger where there are few shapes."""
        return round(max(self.width, self.height) / (30 if len(self.shapes) < 12 else 45))


def draw(places: Sequence[Place], by: Callable[[Place], Band] = gap) -> Map | None:
    """The places of which we have an outline, in the order of the table; None without any, and
    where nothing is known of all of them."""
    shapes = list(_shapes(places, by))
    if all(shape.band == UNKNOWN for shape in shapes):
        return None
    xs = [x for shape in shapes for ring in shape.rings for x in ring[::2]]
    ys = [y for shape in shapes for ring in shape.rings for y in ring[1::2]]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    return Map(left, top, max(xs) + MARGIN - left, max(ys) + MARGIN - top, shapes)


def _shapes(places: Sequence[Place], by: Callable[[Place], Band]) -> Iterator[Shape]:
    known = outlines()
    for number, place in enumerate(places, 1):
        if rings := known.get(place.code):
            yield Shape(number, place.name, rings, by(place))


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
