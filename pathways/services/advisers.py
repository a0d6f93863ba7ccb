"""Pathway advisers: how they come to a young person beside a mentor, and when they are let go."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import roles
from accounts.models import Membership, User
from casework import history, outbox, workflow
from casework.calendar import now
from pathways import policies
from pathways.models import Placement
from referrals import services as referrals
from referrals.models import Assignment, Referral

ADVISER = Assignment.Role.ADVISER
# States in which somebody works with them or soon will.
SUPPORTED = (Referral.State.ACCEPTED, *Referral.WITH_A_WORKER)


@transaction.atomic
def ask_adviser(*, referral: Referral, worker: User, by: User) -> Assignment:
    """Put a pathway adviser beside whoever owns the referral; its owner stays.

    Raises PermissionDenied, Conflict (it is not supported now) and ValidationError (an adviser owns
    it, this person is none there, or theirs already).
    """
    row = workflow.lock(referral)
    if not policies.asks_advisers(row, by):
        raise PermissionDenied
    if row.status not in SUPPORTED:
        raise workflow.Conflict(row, "ask_adviser")
    if row.worker_role == ADVISER and row.status in Referral.WITH_A_WORKER:
        raise ValidationError("A pathway adviser has this referral: hand it over on its own page.")
    if not advisers_for(row).filter(user=worker).exists():
        raise ValidationError({"worker": f"{worker} is no pathway adviser there."})
    if current(row).filter(worker=worker).exists():
        raise ValidationError({"worker": f"{worker} is their adviser already."})
    referrals.assign(row, by=by, worker=worker, role=ADVISER)
    history.note(row, "ask_adviser", by=by, worker=worker)
    outbox.tell_people(row, "ask_adviser", [worker])
    pass_on(row, by=by)
    return current(row).get()


def advisers_for(referral: Referral) -> QuerySet[Membership]:
    """The memberships of pathway advisers who work where this young person lives."""
    rows = Membership.objects.in_force().as_role(roles.PathwayAdviser)
    return rows.for_area(referral.area_id) if referral.area_id else rows.none()


def current(referral: Referral) -> QuerySet[Assignment]:
    """Their adviser now: none or one."""
    return referral.assignments.current().filter(role=ADVISER)


def placeable(user: User) -> QuerySet[Referral]:
    """Young people for whom this person may apply: they have an adviser, who is this person unless
    it is a coordinator, and support or an open placement goes on."""
    adviser = Assignment.objects.current().filter(referral=OuterRef("pk"), role=ADVISER)
    mine = Exists(adviser.filter(worker__in=user.acts_for(roles.PathwayAdviser)))
    theirs = Q(Exists(adviser), area__in=user.area_ids_as(roles.Coordinator))
    open_there = Placement.objects.unfinished().filter(referral=OuterRef("pk"))
    goes_on = Q(status__in=SUPPORTED) | Q(Exists(open_there))
    return Referral.objects.helped_by(user).filter(Q(mine) | theirs, goes_on).with_people()


def follow(referral: Referral, *, name: str, by: Any) -> None:
    """What pathways does within a move of a referral: open placements go to a new adviser."""
    if name == "allocate":
        pass_on(referral, by=by)


def pass_on(referral: Referral, *, by: Any) -> None:
    """Open placements belong to the adviser of now. The referral is locked."""
    adviser = current(referral).select_related("worker").first()
    if adviser is None:
        return
    others = Placement.objects.unfinished().filter(referral=referral).exclude(owner=adviser.worker)
    for placement in others.order_by("pk").select_for_update(of=("self",)):
        placement.owner = adviser.worker
        event = history.note(placement, "hand_over", by=by, fields=["owner"])
        outbox.tell(placement, event, ["owner"], by=by)


def is_still_placed(referral: Referral) -> bool:
    """Whether a placement of theirs is open: then their adviser stays when the referral ends."""
    return Placement.objects.unfinished().filter(referral=referral).exists()


def let_go(referral: Referral) -> bool:
    """End the sight of an adviser who has nothing left to do. The referral is locked."""
    if not referral.is_finished or is_still_placed(referral):
        return False
    return bool(current(referral).update(ended_at=now(), ended_because="checks_answered"))


def let_all_go() -> int:
    """The nightly look for advisers who should have been let go: none, unless something failed."""
    left = Assignment.objects.current().filter(
        role=ADVISER, referral__status__in=Referral.FINAL
    ).select_related("referral")  # fmt: skip
    count = 0
    for assignment in left.order_by("pk"):
        with transaction.atomic():
            count += let_go(workflow.lock(assignment.referral))
    return count
