"""Work of a pathway adviser that is no case of theirs: young people whom they advise beside a
mentor, or until a placement of theirs is over. It must not be left behind when their role ends."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts import handover, roles
from accounts.models import Membership, User
from casework import history, outbox, workflow
from casework.actors import SYSTEM, Actor
from referrals import services as referrals
from referrals.models import Assignment, Referral


def register() -> None:
    handover.register(handover.Source(open_work, hand_over))


def open_work(membership: Membership) -> list[str]:
    """A line for each young person who would have no adviser. After the end of support a placement
    is what is left, and a case of its own."""
    rows = _held(membership).exclude(referral__status__in=Referral.FINAL)
    return [f"Adviser of referral {row.referral.reference}" for row in rows]


def hand_over(*, membership: Membership, to: User, by: User | None) -> None:
    for row in _held(membership):
        there = Membership.objects.in_force().filter(user=to, role=membership.role)
        if row.referral.area_id and not there.for_area(row.referral.area_id).exists():
            raise ValidationError(
                f"{to.name} is no pathway adviser for {row.referral.area}, so "
                f"{row.referral.reference} cannot go to them."
            )
        _give(row.referral, to=to, by=by or SYSTEM)


def _give(referral: Referral, *, to: User, by: User | Actor) -> None:
    row = workflow.lock(referral)
    referrals.assign(row, worker=to, role=Assignment.Role.ADVISER)
    history.note(row, "hand_over_adviser", by=by, worker=to)
    outbox.tell_people(row, "hand_over_adviser", [to])


def _held(membership: Membership) -> QuerySet[Assignment]:
    """Referrals that they own as adviser go over as cases, and their assignment with them."""
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
        .exclude(referral__owner=membership.user, referral__owner_role=membership.role)
        .select_related("referral__area")
        .order_by("started_at", "pk")
    )
