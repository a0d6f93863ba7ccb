"""What moves of a placement write besides it (`writes=`), and how one begins."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from casework import workflow
from casework.actors import SYSTEM
from casework.calendar import today
from pathways import policies, statuses
from pathways.models import EteStatus, Evidence, Opportunity, Placement, SustainmentCheck
from referrals.models import Referral

from . import advisers
from .statuses import current_of, note_work, record_status

FULL = "The last place there has just gone. Nothing was recorded."


@transaction.atomic
def apply(*, referral: Referral, opportunity: Opportunity, agreed_on: date, by: User) -> Placement:
    """Apply for a place with a young person who agreed to it. Their adviser owns it.

    Raises PermissionDenied, Conflict (their support has ended) and ValidationError (no adviser yet,
    no place left, applied there already).
    """
    row = workflow.lock(referral)
    if not policies.applies(row, by):
        raise PermissionDenied
    if row.status not in advisers.SUPPORTED and not advisers.is_still_placed(row):
        raise workflow.Conflict(row, "apply")
    adviser = advisers.current(row).select_related("worker").first()
    if adviser is None:
        raise ValidationError({"referral": "They have no pathway adviser yet. Ask one first."})
    offered = _locked(opportunity)
    if offered.is_over:
        raise ValidationError({"opportunity": "It is over: nobody can apply any more."})
    if offered.left < 1:
        raise ValidationError({"opportunity": "All its places are taken."})
    placement = Placement(
        referral=row,
        opportunity=offered,
        area=row.area,
        owner=adviser.worker,
        agreed_on=agreed_on,
    )
    workflow.open(placement, by=by, tells=["owner"])
    note_work(row, "apply", by=by, placement=placement)
    return placement


def _locked(opportunity: Opportunity) -> Opportunity:
    """The opportunity locked, with its places counted afterwards: what is read is true till the
    end of the transaction, since whoever takes a place locks it first. It is the last lock."""
    Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    return Opportunity.objects.with_places().get(pk=opportunity.pk)


def hold_place(placement: Placement, *, by: User, **_: Any) -> None:
    """An offer takes a place; there are never more offers than places."""
    offered = _locked(placement.opportunity)
    if offered.held > offered.places:
        raise ValidationError(FULL)
    keep_going(placement, by=by)


def keep_going(placement: Placement, *, by: User, **_: Any) -> None:
    """Work on a placement is work on the referral."""
    note_work(placement.referral, "work_on_placement", by=by, placement=placement)


def begin(
    placement: Placement, *, by: User, started_on: date, evidence: str, code: str = "", **facts: Any
) -> None:
    """They have started: what they do is recorded, and the checks are there. A taster is a step
    on the way: it changes no status and is not checked (pathways reference §8)."""
    if placement.opportunity.is_step:
        return keep_going(placement, by=by)
    if code not in statuses.STARTED:
        raise ValidationError({"code": "Say what they do now."})
    _record(placement, by=by, code=code, starts_on=started_on, evidence=evidence, **facts)
    schedule(placement, started_on)


def go_on(
    placement: Placement, *, by: User, starts_on: date, code: str, evidence: str, **facts: Any
) -> None:
    """In another place within the bridge: the checks go on as they were."""
    last = placement.bridge_ends_on
    if last is not None and starts_on > last:
        raise ValidationError(
            {"starts_on": "That is more than 28 days after they left. Apply for the new place "
             "with them: its checks begin anew."}
        )  # fmt: skip
    if not placement.checks.due().exists():
        raise ValidationError("No check is left to carry on. Record what they do instead.")
    _record(placement, by=by, code=code, starts_on=starts_on, evidence=evidence, **facts)


def _record(placement: Placement, *, by: User, starts_on: date, **facts: Any) -> None:
    """As new; where a later status is there already, as the correction that it is."""
    before = current_of(placement.referral)
    is_older = bool(before and before.starts_on and before.starts_on > starts_on)
    kind = EteStatus.Kind.CORRECTION if is_older else EteStatus.Kind.CHANGE
    facts.setdefault("verified_on", today())
    record_status(
        referral=placement.referral,
        by=by,
        kind=kind,
        starts_on=starts_on,
        placement=placement,
        **facts,
    )


def schedule(placement: Placement, start: date) -> None:
    """The checks at 4, 13 and 26 weeks, once: a second run changes nothing.

    After a break of at most 28 days the remaining checks of the place before are carried on
    instead, on the days that they had, and that placement ends.
    """
    if placement.checks.exists():
        return
    carried = list(placement.carried_checks(start).select_related("placement"))
    for check in carried:
        SustainmentCheck.objects.filter(pk=check.pk).update(placement=placement)
    for earlier in {check.placement_id: check.placement for check in carried}.values():
        if not earlier.checks.due().exists():
            workflow.move(earlier, "finish", by=SYSTEM)
    if not carried:
        SustainmentCheck.objects.bulk_create(
            SustainmentCheck(
                placement=placement,
                point=point,
                counted_from=start,
                due_on=SustainmentCheck.due_for(point, start),
            )
            for point in SustainmentCheck.Point.values
        )


def part(placement: Placement, *, by: User, ended_on: date, **_: Any) -> None:
    """They are not there any more. What they do now is not known until somebody says so
    (pathways reference §1: a closed situation opens an unknown one from the next day)."""
    current = current_of(placement.referral)
    if current is None or current.placement_id != placement.pk:
        return keep_going(placement, by=by)
    record_status(
        referral=placement.referral,
        by=by,
        kind=EteStatus.Kind.CHANGE,
        code=statuses.UNKNOWN,
        starts_on=max(ended_on, current.starts_on or ended_on),
        verified_on=today(),
        evidence=Evidence.WORKER,
        placement=placement,
    )


def settle_after_contact(placement: Placement, *, by: User, **_: Any) -> None:
    """They were spoken with. When no check is left, nothing more is owed here."""
    keep_going(placement, by=by)
    if not placement.checks.due().exists():
        workflow.move(placement, "finish", by=SYSTEM)


def settle(placement: Placement, *, by: Any, **_: Any) -> None:
    """It has ended. An adviser whose referral has ended too is let go with the last placement."""
    if by is not SYSTEM:
        keep_going(placement, by=by)
    advisers.let_go(placement.referral)
