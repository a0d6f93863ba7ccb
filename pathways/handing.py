"""Work of a pathway adviser that is no case of theirs: young people whom they advise beside a
mentor. It must not be left behind when their role ends."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts import handover, roles
from accounts.models import Membership, User
from referrals.models import Assignment, Referral


def register() -> None:
    handover.register(handover.Source(open_work, hand_over))


def open_work(membership: Membership) -> list[str]:
    """A line for each young person who would have no adviser. Those whose referral they own are
    counted as cases already."""
    rows = _held(membership).exclude(referral__owner=membership.user)
    return [f"Adviser of referral {row.referral.reference}" for row in rows]


def hand_over(*, membership: Membership, to: User, by: User) -> None:
    for row in _held(membership):
        there = Membership.objects.in_force().filter(user=to, role=membership.role)
        if row.referral.area_id and not there.for_area(row.referral.area_id).exists():
            raise ValidationError(
                f"{to.name} is no pathway adviser for {row.referral.area}, so "
                f"{row.referral.reference} cannot go to them."
            )
        row.worker = to
        row.save(update_fields=["worker"])


def _held(membership: Membership) -> QuerySet[Assignment]:
    rows: Any = Assignment.objects.current().filter(
        role=Assignment.Role.ADVISER, worker=membership.user
    )
    if membership.role != roles.PathwayAdviser.code:
        return rows.none()
    others = membership.user.memberships.in_force().filter(role=membership.role)
    ids = [row.pk for row in others.exclude(pk=membership.pk)]
    kept = Membership.objects.all()._areas_below(ids)
    elsewhere = {pk for area_ids in kept.values() for pk in area_ids}
    return (
        rows.exclude(referral__area__in=elsewhere)
        .exclude(referral__status__in=Referral.FINAL)
        .select_related("referral__area")
        .order_by("started_at", "pk")
    )
