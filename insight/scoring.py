"""Need against provision, place by place. Only figures that may be shown go in, so that no score
gives away what was withheld."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .models.weights import PARTS

PROVISION = "provision"
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a place with its words. Without a value it is withheld or not available, and
    neither is ever taken for zero."""

    value: float | None
    words: str


WITHHELD = Figure(None, "c")
MISSING = Figure(None, "not available")


@dataclass(slots=True)
class Place:
    code: str
    name: str
    figures: dict[str, Figure]  # of each part of need, and of provision
    ranks: dict[str, float] = field(default_factory=dict)  # of those that are known
    need: float | None = None
    gap: float | None = None

    @property
    def provision(self) -> float | None:
        return self.ranks.get(PROVISION)

    @property
    def left_out(self) -> list[str]:
        """Parts of need that are not in its score."""
        return [part for part in PARTS if part not in self.ranks]


def score(places: Sequence[Place], weights: Mapping[str, int]) -> None:
    """Give each place its percentiles, need and gap. A part that is not known of a place is left
    out of its need, and the others count for more."""
    for part in (*PARTS, PROVISION):
        values = {
            place.code: value
            for place in places
            if (value := place.figures.get(part, MISSING).value) is not None
        }
        ranks = percentiles(values)
        for place in places:
            if place.code in ranks:
                place.ranks[part] = ranks[place.code]
    for place in places:
        known = {part: weights[part] for part in PARTS if part in place.ranks}
        if total := sum(known.values()):
            place.need = sum(place.ranks[part] * known[part] for part in known) / total
        if place.need is not None and place.provision is not None:
            place.gap = place.need - place.provision


def percentiles(values: Mapping[str, float]) -> dict[str, float]:
    """How many hundredths of the other places have less; equals share. One place alone has none:
    there is nothing to compare it with."""
    others = len(values) - 1
    if others < 1:
        return {}
    found = {}
    for code, value in values.items():
        less = sum(other < value for other in values.values())
        same = sum(other == value for other in values.values()) - 1
        found[code] = HUNDRED * (less + same / 2) / others
    return found


def by_gap(places: Sequence[Place]) -> list[Place]:
    """The largest gap first; what has none after them, by its need; what has no score last."""

    def order(place: Place) -> tuple[bool, float, bool, float, str]:
        no_gap, no_need = place.gap is None, place.need is None
        return no_gap, -(place.gap or 0), no_need, -(place.need or 0) if no_gap else 0, place.name

    return sorted(places, key=order)
