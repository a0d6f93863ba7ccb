"""Who acts when it is not a signed-in person: the system itself, a link, an API token."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Actor:
    """Somebody without an account. Holds no role, so only policies that name it let it through."""

    kind: Literal["system", "link", "token"]
    pk: uuid.UUID | None = None

    def holds(self, *wanted: Any, area_id: uuid.UUID | None = None) -> bool:
        return False

    def acts_for(self, *wanted: Any) -> frozenset[uuid.UUID]:
        return frozenset()

    def places_as(self, *wanted: Any) -> frozenset[tuple[uuid.UUID, uuid.UUID]]:
        return frozenset()

    @property
    def covering(self) -> list[Any]:
        return []


SYSTEM = Actor("system")

By = "User | Actor"


def kind_of(by: "User | Actor") -> str:
    return by.kind if isinstance(by, Actor) else "user"
