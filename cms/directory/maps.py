"""Maps of places, drawn by us: no tiles, no script, and nobody else is asked for anything.

Metres on the national grid become units of a drawing that is WIDE across, with north at the top.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.places import Place

from .models import Location
from .outlines import Outline, Point, outlines, towns
from .pins import Box, Group, Pin, gather, overlap
from .wording import METRES_IN_MILE

WIDE = 400
FLATTEST, TALLEST = 0.7, 1.2  # height to width
NARROWEST = 4_000  # metres across
MARGIN = 0.1  # of the width, on each side
MOST_TOWNS = 12
LETTER = 7  # units that a letter of a town's name takes, about
LINE = 14
SHIFTS = (0, 24, -24, 42, -42)  # where a town's name is tried, up and down
BARS = (20, 10, 5, 2, 1)  # miles


@dataclass(frozen=True, slots=True)
class Frame:
    """What part of the grid a drawing shows."""

    west: float
    north: float
    width: float  # metres
    height: float

    @property
    def scale(self) -> float:
        return WIDE / self.width

    @property
    def high(self) -> int:
        return round(self.height * self.scale)

    def xy(self, point: tuple[float, float]) -> tuple[float, float]:
        x, y = (point[0] - self.west) * self.scale, (self.north - point[1]) * self.scale
        return round(x, 1), round(y, 1)

    def shows(self, corners: Sequence[Point]) -> bool:
        """Whether some of a shape may be in it."""
        eastings, northings = zip(*corners, strict=True)
        return (
            min(eastings) < self.west + self.width
            and max(eastings) > self.west
            and min(northings) < self.north
            and max(northings) > self.north - self.height
        )


@dataclass(frozen=True, slots=True)
class Map:
    """For `cms/directory/map.html`. `around`: x, y and radius of the circle that was asked for."""

    frame: Frame
    districts: Sequence[tuple[str, str]]  # name and path
    groups: Sequence[Group]
    towns: Sequence[tuple[str, float, float]]
    bar: tuple[float, str]  # how long, and how far that is
    here: tuple[float, float] | None = None
    around: tuple[float, float, float] | None = None
    unplaced: Sequence[dict[str, Any]] = field(default_factory=list)  # numbered, and in no place
    rough: Sequence[Pin] = field(default_factory=list)


def of_answers(cards: Sequence[dict[str, Any]], place: Place | None, miles: int | None) -> Map:
    """The numbered cards of one page; with the circle about the place."""
    put = [
        (card["number"], card["name"], f"#service-{card['number']}", card["place"])
        for card in cards
        if card["place"] and card["place"].shown_point
    ]
    shown = {number for number, *_ in put}
    unplaced = [card for card in cards if card["number"] not in shown]
    return _draw(put, place, miles, unplaced)


def of_venues(places: Iterable[Location]) -> Map | None:
    """Where one service happens; None when we do not know."""
    numbered = [
        (number, place.shown_name, f"#place-{number}", place)
        for number, place in enumerate(places, start=1)
        if place.shown_point
    ]
    return _draw(numbered, None, None, []) if numbered else None


def _draw(
    put: Sequence[tuple[int, str, str, Location]],
    place: Place | None,
    miles: int | None,
    unplaced: Sequence[dict[str, Any]],
) -> Map:
    metres = miles * METRES_IN_MILE if miles else 0
    frame = _frame([*_points(put), *_about(place, metres)])
    pins = [
        Pin(number, name, url, *frame.xy(at.shown_point), is_rough=at.is_address_withheld)
        for number, name, url, at in put
        if at.shown_point
    ]
    groups = gather(pins, WIDE, frame.high)
    here = frame.xy((place.easting, place.northing)) if place else None
    return Map(
        frame=frame,
        districts=[(each.name, _path(each, frame)) for each in outlines() if _is_in(each, frame)],
        groups=groups,
        towns=list(_towns(frame, [group.box for group in groups])),
        bar=_bar(frame),
        here=here,
        around=(*here, round(metres * frame.scale, 1)) if here and miles else None,
        unplaced=unplaced,
        rough=[pin for pin in pins if pin.is_rough],
    )


def _points(put: Iterable[tuple[int, str, str, Location]]) -> list[Point]:
    return [at.shown_point for *_, at in put if at.shown_point]


def _about(place: Place | None, metres: float) -> list[tuple[float, float]]:
    """The ends of the circle about a place; the place itself where there is none."""
    if place is None:
        return []
    ways = ((-1, -1), (1, 1)) if metres else ((0, 0),)
    return [(place.easting + x * metres, place.northing + y * metres) for x, y in ways]


def _frame(points: Sequence[tuple[float, float]]) -> Frame:
    """Room for all of the points; of all districts when there is no point."""
    points = points or [corner for each in outlines() for corner in each.corners]
    eastings, northings = zip(*points, strict=True)
    width = max(max(eastings) - min(eastings), NARROWEST) * (1 + 2 * MARGIN)
    height = max(max(northings) - min(northings), NARROWEST * FLATTEST) * (1 + 2 * MARGIN)
    width = max(width, height / TALLEST)
    height = max(height, width * FLATTEST)
    middle = (max(eastings) + min(eastings)) / 2, (max(northings) + min(northings)) / 2
    return Frame(middle[0] - width / 2, middle[1] + height / 2, width, height)


def _is_in(outline: Outline, frame: Frame) -> bool:
    return frame.shows(outline.corners)


def _path(outline: Outline, frame: Frame) -> str:
    rings = ([frame.xy(corner) for corner in ring] for ring in outline.rings)
    return " ".join(f"M{' '.join(f'{x:g},{y:g}' for x, y in ring)}Z" for ring in rings)


def _towns(frame: Frame, taken: Sequence[Box]) -> Iterator[tuple[str, float, float]]:
    """Names of the largest towns, where they cover neither a pin nor each other."""
    held, named = [*taken, (0, frame.high - 30, WIDE / 3, frame.high)], 0
    for town in towns():
        x, y = frame.xy(town.point)
        half = len(town.name) * LETTER / 2
        for shift in SHIFTS:
            box = (x - half, y + shift - LINE, x + half, y + shift + 4)
            if _fits(box, frame) and not any(overlap(box, other) for other in held):
                held.append(box)
                named += 1
                yield town.name, x, round(y + shift, 1)
                break
        if named == MOST_TOWNS:
            return


def _fits(box: Box, frame: Frame) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= WIDE and box[3] <= frame.high


def _bar(frame: Frame) -> tuple[float, str]:
    """The longest of the round distances that takes a third of the width at most."""
    miles = next((m for m in BARS if m * METRES_IN_MILE * frame.scale < WIDE / 3), BARS[-1])
    words = "1 mile" if miles == 1 else f"{miles} miles"
    return round(miles * METRES_IN_MILE * frame.scale, 1), words
