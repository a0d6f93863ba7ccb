"""Whom a young person must not meet."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from casework import history, workflow
from casework.calendar import now
from mentoring import policies
from mentoring.models import KeepApart
from referrals.models import Referral


@transaction.atomic
def keep_apart(*, referral: Referral, by: User, **fields: Any) -> KeepApart:
    """Write down somebody who must not be matched with the young person of a referral."""
    if referral.young_person_id is None or not policies.sees_proposal(referral, by):
        raise PermissionDenied("This person does not match in this area.")
    locked = workflow.lock(referral)
    row = KeepApart(young_person=locked.young_person, added_by=by, **fields)
    row.full_clean()
    row.save()
    history.note(locked, "keep_apart_restricted" if row.is_restricted else "keep_apart", by=by)
    return row


@transaction.atomic
def end_keep_apart(*, row: KeepApart, by: User) -> None:
    """It does not hold any more. What was restricted only a safeguarding lead ends (it is not in
    anybody else's sight)."""
    held = KeepApart.objects.visible_to(by).filter(pk=row.pk, ended_at__isnull=True)
    if not held.exists():
        raise PermissionDenied("This is not theirs to end.")
    KeepApart.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=now(), ended_by=by)
