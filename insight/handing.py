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
    go over once, whether that role ends or all of them do. One that has run out is in force no
    more, and still has them."""
    rows = GapAction.objects.of(membership.user).to_do()
    if membership.role_class not in policies.READERS:
        return rows.none()
    others = membership.user.memberships.in_force().as_role(*policies.READERS)
    other = others.exclude(pk=membership.pk).order_by("starts_on", "pk").first()
    mine = (membership.starts_on, membership.pk)
    return rows if other is None or mine < (other.starts_on, other.pk) else rows.none()
