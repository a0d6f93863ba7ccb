"""Numbers on a map that can all be read and pressed: what would overlap stands in one block."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, sqrt

RADIUS = 14  # of a pin: 24 pixels across, at the least, on the narrowest phone
STEP = 2 * RADIUS + 2

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Pin:
    """`x` and `y`: where it belongs, in units of the drawing. `is_rough`: only about there."""

    number: int
    name: str
    url: str
    x: float
    y: float
    is_rough: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Pins that stand together, row by row, about one point."""

    pins: tuple[Pin, ...]
    x: float
    y: float

    @property
    def columns(self) -> int:
        return ceil(sqrt(len(self.pins)))

    @property
    def box(self) -> Box:
        wide, high = self.width / 2, self.height / 2
        return self.x - wide, self.y - high, self.x + wide, self.y + high

    @property
    def width(self) -> int:
        return self.columns * STEP

    @property
    def height(self) -> int:
        return ceil(len(self.pins) / self.columns) * STEP

    def placed(self) -> Iterator[tuple[Pin, float, float]]:
        """Each pin with where its number stands."""
        left, top, _, _ = self.box
        for place, pin in enumerate(self.pins):
            row, column = divmod(place, self.columns)
            x, y = left + (column + 0.5) * STEP, top + (row + 0.5) * STEP
            yield pin, round(x, 1), round(y, 1)


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def gather(pins: Iterable[Pin], width: float, height: float) -> list[Group]:
    """The pins in as many groups as stand apart inside the drawing."""
    groups = [_inside(Group((pin,), pin.x, pin.y), width, height) for pin in pins]
    while pair := _touching(groups):
        one, other = pair
        groups = [group for group in groups if group not in pair]
        groups.append(_inside(_together(one, other), width, height))
    return sorted(groups, key=lambda group: group.pins[0].number)


def _touching(groups: list[Group]) -> tuple[Group, Group] | None:
    return next(
        (
            (one, other)
            for place, one in enumerate(groups)
            for other in groups[place + 1 :]
            if overlap(one.box, other.box)
        ),
        None,
    )


def _together(one: Group, other: Group) -> Group:
    pins = tuple(sorted((*one.pins, *other.pins), key=lambda pin: pin.number))
    middle = sum(pin.x for pin in pins) / len(pins), sum(pin.y for pin in pins) / len(pins)
    return Group(pins, *middle)


def _inside(group: Group, width: float, height: float) -> Group:
    wide, high = group.width / 2, group.height / 2
    x = min(max(group.x, wide), width - wide)
    y = min(max(group.y, high), height - high)
    return Group(group.pins, round(x, 1), round(y, 1))
