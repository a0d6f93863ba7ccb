"""Actions on gaps of somebody who will no longer read the figures: they must not be left behind."""

from django.core.exceptions import ValidationError

from accounts import handover
from accounts.models import Membership, User

from . import policies
from .models import GapAction
from .models.action import GapActionQuerySet


def register() -> None:
    handover.register(handover.Source(open_work, hand_over))


def open_work(membership: Membership) -> list[str]:
    return [f"Action on the gap of {row.area.name}" for row in _held(membership).listed()]


def hand_over(*, membership: Membership, to: User, by: User | None) -> None:
    rows = _held(membership)
    if not policies.reads_figures(to) and rows.exists():
        raise ValidationError(f"{to.name} does not read the figures that the actions are about.")
    rows.update(owner=to)


def _held(membership: Membership) -> GapActionQuerySet:
    """They stand with the oldest of the roles with which somebody reads the figures, so that they
    go over once, whether that role ends or all of them do."""
    readers = membership.user.memberships.in_force().as_role(*policies.READERS)
    oldest = readers.order_by("starts_on", "pk").first()
    rows = GapAction.objects.of(membership.user).to_do()
    return rows if oldest == membership else rows.none()
