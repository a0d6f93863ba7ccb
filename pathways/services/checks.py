"""Sustainment checks: answered, corrected, broken by a long break. None is ever lost."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import User
from casework import clocks, history, outbox, workflow
from casework.actors import SYSTEM
from casework.calendar import now, today
from casework.checks import Lost
from pathways import policies
from pathways.models import EteStatus, Placement, SustainmentCheck
from pathways.models.placement import BRIDGE

from .placements import keep_going
from .statuses import current_of, record_status

Status = SustainmentCheck.Status


@transaction.atomic
def answer_check(
    *,
    check: SustainmentCheck,
    by: User,
    status: str,
    asked_on: date,
    evidence: str = "",
    note: str = "",
) -> SustainmentCheck:
    """Answer a check that is due; with the last one its placement ends.

    "Still there" also confirms what they do. Raises PermissionDenied, Conflict (answered or carried
    on meanwhile) and ValidationError (not its day yet, or they were not there).
    """
    placement = workflow.lock(check.placement)
    if not policies.handles(placement, by):
        raise PermissionDenied
    row = SustainmentCheck.objects.get(pk=check.pk)
    if not row.is_due or row.placement_id != placement.pk:
        raise workflow.Conflict(placement, "answer_check")
    if not row.is_askable(placement):
        raise ValidationError(_too_early(row, placement))
    row.status, row.evidence, row.asked_on, row.note = status, evidence, asked_on, note
    row.answered_at, row.answered_by = now(), by
    _valid(row)
    row.save()
    keep_going(placement, by=by)
    if status == Status.ACHIEVED:
        _confirm(placement, row, by=by)
    _go_on(placement, row, by=by)
    return row


def _too_early(check: SustainmentCheck, placement: Placement) -> str:
    if check.due_on > today():
        return f"This check is for {check.due_on.day} {check.due_on:%B}. Answer it then."
    return "They have left. Record where they went on to first, or wait until 28 days are over."


def _valid(row: SustainmentCheck) -> None:
    if row.status not in SustainmentCheck.ANSWERS:
        raise ValidationError({"status": "Choose an answer."})
    if row.asked_on and not row.counted_from < row.asked_on <= today():
        raise ValidationError({"asked_on": "The day must be after the start, and not ahead."})
    row.full_clean(exclude=["placement", "corrects"])


def _go_on(placement: Placement, check: SustainmentCheck, *, by: User) -> None:
    """The clock goes to the next check; with none left the placement ends."""
    if placement.status in placement.IN_PLACE and placement.checks.due().exists():
        clocks.start(placement, detail={}, from_state=placement.status)
    history.note(placement, "answer_check", by=by, point=check.point, answer=check.status)
    _finish_if_done(placement)


def _finish_if_done(placement: Placement) -> bool:
    """Nothing is left to ask. Who left early is spoken with first."""
    owes_contact = placement.status == placement.State.LEFT_EARLY and not placement.is_contacted
    if owes_contact or placement.checks.due().exists():
        return False
    workflow.move(placement, "finish", by=SYSTEM)
    return True


def _confirm(placement: Placement, check: SustainmentCheck, *, by: User) -> None:
    """Being there still is what the status says: it counts from this day on anew."""
    current = current_of(placement.referral)
    if current is None or current.placement_id != placement.pk or check.asked_on is None:
        return
    if check.asked_on <= current.verified_on:
        return
    record_status(
        referral=placement.referral,
        by=by,
        kind=EteStatus.Kind.CONFIRMED,
        code=current.code,
        starts_on=current.starts_on,
        ends_on=current.ends_on,
        hours=current.hours,
        evidence=check.evidence,
        verified_on=check.asked_on,
        placement=placement,
    )


@transaction.atomic
def correct_check(
    *,
    check: SustainmentCheck,
    by: User,
    status: str,
    asked_on: date,
    why: str,
    evidence: str = "",
    note: str = "",
) -> SustainmentCheck:
    """Put an answer right: the wrong one stays, marked as corrected, with the reason."""
    placement = workflow.lock(check.placement)
    if not policies.handles(placement, by):
        raise PermissionDenied
    wrong = SustainmentCheck.objects.get(pk=check.pk)
    if wrong.status == Status.DUE or not wrong.is_current:
        raise workflow.Conflict(placement, "correct_check")
    SustainmentCheck.objects.filter(pk=wrong.pk).update(is_current=False)
    right = SustainmentCheck(
        placement=placement,
        point=wrong.point,
        counted_from=wrong.counted_from,
        due_on=wrong.due_on,
        status=status,
        evidence=evidence,
        asked_on=asked_on,
        note=note,
        answered_at=now(),
        answered_by=by,
        corrects=wrong,
        why_corrected=why,
    )
    _valid(right)
    right.save(force_insert=True)
    history.note(placement, "correct_check", by=by, point=right.point, answer=right.status)
    return right


def end_breaks() -> dict[str, int]:
    """Nightly: a break over 28 days breaks the checks that it covers, and what has no check left
    ends. Twice is as once."""
    counts = {"broken": 0, "ended": 0}
    over = Placement.objects.filter(
        status__in=Placement.BETWEEN, ended_on__lt=today() - BRIDGE
    ).order_by("pk")
    for seen in over:
        with transaction.atomic():
            placement = workflow.lock(seen)
            still = placement.status in placement.BETWEEN and placement.ended_on == seen.ended_on
            if still:
                counts["broken"] += _break(placement)
                counts["ended"] += _finish_if_done(placement)
    return counts


def _break(placement: Placement) -> int:
    """Checks of days after they left. The coordinator is told: they may open the referral again."""
    missed = placement.checks.due().filter(due_on__gt=placement.ended_on)
    broken = missed.update(status=Status.BROKEN, answered_at=now())
    if broken:
        event = history.note(placement, "break_checks", by=SYSTEM, checks=broken)
        outbox.tell(placement, event, ["owner", "coordinator"], by=SYSTEM)
    return broken


def lost_checks() -> list[Lost]:
    """For `nobody_lost`: a check that is due has an open placement, whose date is no later."""
    due = SustainmentCheck.objects.due().select_related("placement")
    ended = due.filter(placement__status__in=Placement.FINAL)
    unwatched = due.filter(
        placement__status__in=Placement.IN_PLACE,
        placement__due_at__gt=now(),
        placement__due_at__date__gt=F("due_on"),
    )
    return [
        Lost(Placement.KIND, check.placement.reference, why, check.placement.area_id)
        for why, rows in [
            ("a check is due, and the placement has ended", ended),
            ("a check is due before its placement is looked at", unwatched),
        ]
        for check in rows
    ]
