"""What matching knows of a young person and of a mentor: plain data, no rows, no query.

`services.gathering` fills it. Everything is of one day, so that any day can be asked about.
"""

from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

EARTH_KM = 6371.0088  # mean radius


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float

    def km_to(self, other: "Point") -> float:
        """The great circle, by the haversine formula."""
        north, south = radians(self.latitude), radians(other.latitude)
        turn = radians(other.longitude - self.longitude)
        half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(turn / 2) ** 2
        return 2 * EARTH_KM * asin(sqrt(min(1.0, half)))


@dataclass(frozen=True, slots=True)
class Held:
    """A check of a mentor that counts on the day."""

    kind: str
    has_barred_list: bool = False


@dataclass(frozen=True, slots=True)
class KeptApart:
    """A mentor or a name that a young person must not meet. `name` is compared by its words."""

    kind: str
    is_restricted: bool
    mentor: UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Seeker:
    """A young person who needs a mentor, as far as matching may know them.

    `place` of a protected address is the middle of the district, never the home. An empty set or
    None means that it is not known: a rule for which no data exist lets everybody through.
    """

    tier: int
    age: int | None = None
    agrees: bool | None = True
    gender_wanted: str = ""
    gender_required: bool = False
    language: str = ""
    language_required: bool = False
    interests: frozenset[str] = frozenset()
    free_times: frozenset[str] = frozenset()
    ete: str = ""
    place: Point | None = None
    is_protected: bool = False
    travel_km: int | None = None
    school: UUID | None = None
    declined: frozenset[UUID] = frozenset()
    failed: frozenset[UUID] = frozenset()
    worked_well: frozenset[UUID] = frozenset()
    kept_apart: tuple[KeptApart, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor on one day."""

    pk: UUID
    name: str
    level: int
    is_matchable: bool = True
    state: str = "Available"
    checks: tuple[Held, ...] = ()
    gender: str = ""
    languages: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    free_times: frozenset[str] = frozenset()
    helps_with: frozenset[str] = frozenset()
    place: Point | None = None
    travel_km: int = 0
    capacity: int = 1
    load: int = 0
    age_from: int = 0
    age_to: int = 120
    organisation: UUID | None = None
    organisation_shares: bool = True
    organisation_covers: bool = True
    has_role_there: bool = True
    kinds_held: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds_held", frozenset(check.kind for check in self.checks))

    @property
    def room(self) -> int:
        return max(0, self.capacity - self.load) if self.is_matchable else 0

    def km_to(self, seeker: Seeker) -> float | None:
        """As the crow flies, or None when one of the places is not known."""
        if self.place is None or seeker.place is None:
            return None
        return self.place.km_to(seeker.place)


__all__ = ["Candidate", "Held", "KeptApart", "Point", "Seeker"]
