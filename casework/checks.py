"""The one promise, as a query that must return nothing (DESIGN: no young person is lost)."""

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts import roles
from accounts.models import Membership

from . import calendar, registry
from .models import Case

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("waymark.checks")

# A late case whose owner has not been told within this time has been overlooked by the sweep.
SWEEP_GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Lost:
    """An open case that nobody answers for: kind, reference, why and where. No name.

    `is_private`: what is its author's alone, a draft.
    """

    kind: str
    reference: str
    why: str
    area_id: uuid.UUID | None = None
    is_private: bool = False


class _Covers(models.Func):
    """`starts_with(path, prefix)`: the second area is the first or lies above it."""

    function = "starts_with"
    output_field = models.BooleanField()


# What packages above add: ways in which something of theirs could be lost without a lost case.
_more: list[Callable[[], list[Lost]]] = []


def register(find: Callable[[], list[Lost]]) -> None:
    """Called once for each as its app starts."""
    if find not in _more:
        _more.append(find)


def nobody_lost() -> list[Lost]:
    """Every open case without an owner who can act, an owner's role, a date, or a told lateness."""
    cases = [
        Lost(kind, reference, why, area_id, status in model.EXPIRING)
        for kind, model in registry.kinds().items()
        if _open(model).exists()
        for why, condition in _ways_to_be_lost(model).items()
        for reference, area_id, status in _open(model).filter(condition).values_list(*_SAID)
    ]
    return [*cases, *(lost for find in _more for lost in find())]


_SAID = ("reference", "area_id", "status")
_ANSWER = {"coordinators": roles.Coordinator, "managers": roles.ProgrammeManager}


def answered_by(user: "User", lost: Iterable[Lost]) -> list[Lost]:
    """Those that this person can find somebody for: of the areas that they coordinate or manage,
    and of kinds that climb to them. Of others they do not learn that there are any."""
    return [each for each in lost if not each.is_private and _climbs_to(user, each)]


def nameable(lost: Iterable[Lost]) -> list[Lost]:
    """Those whose reference may stand in an alarm of people who see no case: no draft, and nothing
    that even coordinators may not know of."""
    kinds = registry.kinds()
    return [
        each for each in lost if not each.is_private and "coordinators" in kinds[each.kind].LADDER
    ]


def _climbs_to(user: "User", lost: Lost) -> bool:
    ladder = registry.kinds()[lost.kind].LADDER
    wanted = [role for rung, role in _ANSWER.items() if rung in ladder]
    return lost.area_id is not None and user.holds(*wanted, area_id=lost.area_id)


def _open(model: type[Case]) -> Any:
    cases: Any = model._default_manager
    return cases.unfinished()


def _overlooked(model: type[Case]) -> Q:
    late = Q(due_at__lt=calendar.now() - SWEEP_GRACE, escalation=0)
    return late & ~Q(status__in=model.EXPIRING)


def _ways_to_be_lost(model: type[Case]) -> dict[str, Any]:
    in_force = Membership.objects.in_force()
    in_role = in_force.filter(role=OuterRef("owner_role"))
    there = in_role.filter(_Covers(OuterRef("area__path"), models.F("areas__path")))
    queue = there.exclude(user=OuterRef(model.NOT_BY)) if model.NOT_BY else there
    owner_anywhere = in_force.filter(user=OuterRef("owner"))
    # A referrer answers for what they wrote wherever it happens; every other role is held for an
    # area.
    placeless = Q(area__isnull=True) | Q(owner_role=roles.Referrer.code)
    return {
        "no date": Q(due_at__isnull=True),
        "no role has to act": Q(owner_role=""),
        "nobody is in the queue": Q(owner__isnull=True) & ~Exists(queue),
        "its owner has left": Q(owner__isnull=False) & ~Exists(owner_anywhere),
        "its owner does not work there": Q(owner__isnull=False)
        & ~placeless
        & Exists(owner_anywhere)
        & ~Exists(there.filter(user=OuterRef("owner"))),
        "late, and nobody was told": _overlooked(model),
    }


def report() -> int:
    """Count the lost and log the count; the health page and the banner show the same figure."""
    lost = nobody_lost()
    if lost:
        log.error("nobody_lost found %d open cases without a next step", len(lost))
    return len(lost)
