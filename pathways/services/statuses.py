"""The history of what a young person does: written row by row, never over."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from casework import clocks, history, outbox, workflow
from casework.calendar import now, today
from casework.models import Note
from pathways import policies, statuses
from pathways.models import EteStatus, Placement
from referrals import services as referrals
from referrals.models import Assignment, Referral, YoungPerson

Kind = EteStatus.Kind


@transaction.atomic
def record_status(
    *,
    referral: Referral,
    by: User,
    kind: str,
    code: str,
    verified_on: date,
    evidence: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    hours: int | None = None,
    source: str = "",
    placement: Placement | None = None,
) -> EteStatus:
    """Write what is known now; what was current becomes history.

    Raises PermissionDenied, and ValidationError by field: dates that cannot be, a change that is
    older than what it changes, a confirmation of something else. What a move of a placement brings
    was permitted with the move.
    """
    row = workflow.lock(referral)
    if row.young_person is None or not (placement or policies.records(row, by)):
        raise PermissionDenied
    # The history is the person's: another referral of theirs may write at the same time.
    YoungPerson.objects.select_for_update(no_key=True).get(pk=row.young_person.pk)
    before = current_of(row)
    _fits(before, kind=kind, code=code, starts_on=starts_on)
    status = EteStatus(
        young_person=row.young_person,
        referral=row,
        placement=placement,
        kind=kind,
        code=code,
        starts_on=starts_on,
        ends_on=ends_on,
        hours=hours,
        evidence=evidence,
        source=source,
        verified_on=verified_on,
        verified_by=by,
        recorded_at=now(),
        lapses_on=statuses.lapses_on(code, verified_on=verified_on, ends_on=ends_on),
    )
    if before is not None:
        EteStatus.objects.filter(pk=before.pk).update(is_current=False)
    status.full_clean()
    status.save(force_insert=True)
    _start_anew(row, by=by)
    history.note(row, "record_status", by=by, code=code)
    return status


def current_of(referral: Referral) -> EteStatus | None:
    return EteStatus.objects.current().filter(young_person=referral.young_person_id).first()


def _fits(before: EteStatus | None, *, kind: str, code: str, starts_on: date | None) -> None:
    if before is None:
        if kind != Kind.CHANGE:
            raise ValidationError({"kind": "Nothing is recorded yet, so this is new."})
        return
    if kind == Kind.CONFIRMED and (code, starts_on) != (before.code, before.starts_on):
        raise ValidationError(
            {"kind": "That is not what we had. Choose “new”, or “wrong” if it was a mistake."}
        )
    is_older = bool(starts_on and before.starts_on and starts_on < before.starts_on)
    if kind == Kind.CHANGE and is_older:
        raise ValidationError(
            {"starts_on": f"We have “{before.label}” from a later day. If that was a mistake, say "
             "that what we had was wrong."}
        )  # fmt: skip


def _start_anew(referral: Referral, *, by: Any) -> bool:
    """Work of the adviser who owns a referral starts its clock anew, as sessions do a mentor's."""
    is_advisers = referral.worker_role == Assignment.Role.ADVISER and policies.advises(referral, by)
    if is_advisers and referral.status == Referral.State.ACTIVE:
        clocks.start(referral, detail={}, from_state=referral.status)
        return True
    return False


def note_work(referral: Referral, name: str, *, by: Any, **codes: Any) -> None:
    """Leave an Event of work on a placement with the referral, where it starts a clock anew."""
    row = workflow.lock(referral)
    if _start_anew(row, by=by):
        history.note(row, name, by=by, **codes)


@transaction.atomic
def keep_contact(
    *, referral: Referral, by: User, happened_at: datetime, how: str, is_reached: bool, words: str
) -> Note:
    """Write down that an adviser spoke with a young person, or tried to. Only who was reached is
    being supported: then the clock of a referral that the adviser owns begins anew."""
    row = workflow.lock(referral)
    if not policies.records(row, by) or row.is_finished:
        raise PermissionDenied
    note = referrals.write_contact(
        row,
        by=by,
        kind=Note.Kind.ETE,
        happened_at=happened_at,
        how=how,
        is_reached=is_reached,
        words=words,
    )
    if is_reached:
        _start_anew(row, by=by)
    history.note(row, "keep_contact", by=by, reached=is_reached)
    return note


def flag_lapsed() -> int:
    """Flag what is past its day, and tell those who can ask again. Never gives another code.

    Nightly; twice is as once.
    """
    count = 0
    rows = EteStatus.objects.current().filter(lapses_on__lt=today(), lapsed_at__isnull=True)
    for status in rows.select_related("referral").order_by("lapses_on", "pk"):
        with transaction.atomic():
            mine = EteStatus.objects.filter(pk=status.pk, lapsed_at__isnull=True)
            if not mine.update(lapsed_at=now()):
                continue
            if not status.referral.is_finished:
                people = status.referral.audience("workers")
                outbox.tell_people(status.referral, "status_lapsed", people)
        count += 1
    return count
