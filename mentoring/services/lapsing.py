"""Checks that run out: matching stops by itself, people are told."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from casework import history, outbox, workflow
from casework.actors import SYSTEM
from casework.calendar import today
from mentoring.choices import Suspension
from mentoring.models import Credential, Mentor
from mentoring.standard import MANDATORY, REMIND_DAYS

S = Mentor.State


def suspend_lapsed() -> int:
    """Suspend every available mentor with a mandatory check that does not count today, and tell
    them, their supervisor and the coordinators. The rules have kept them out of matching since the
    minute it ran out. Safe to run as often as one likes."""
    count = 0
    for mentor in Mentor.objects.filter(status=S.AVAILABLE).lapsed(today()).order_by("pk"):
        with transaction.atomic():
            row = workflow.lock(mentor)
            if row.status == S.AVAILABLE and row.missing(MANDATORY):
                workflow.move(row, "suspend", by=SYSTEM, reason=Suspension.LAPSE)
                count += 1
    return count


def remind_of_lapses() -> int:
    """Tell mentors and coordinators 90, 60 and 30 days before a mandatory check runs out, once
    each."""
    day = today()
    soon = Credential.objects.filter(
        kind__in=MANDATORY,
        expires_on__gte=day,
        expires_on__lte=day + timedelta(days=max(REMIND_DAYS)),
        mentor__status__in=Mentor.MENTORING,
    )
    count = 0
    for check in soon.select_related("mentor").order_by("expires_on", "pk"):
        count += _remind(check)
    return count


@transaction.atomic
def _remind(seen: Credential) -> int:
    mentor = workflow.lock(seen.mentor)
    check = Credential.objects.get(pk=seen.pk)
    step = _step(check.expires_on)
    is_renewed = mentor.current_checks().get(check.kind) != check
    was_told = check.reminded_days is not None and check.reminded_days <= step
    if is_renewed or was_told:
        return 0
    check.reminded_days = step
    check.save(update_fields=["reminded_days"])
    history.note(mentor, "check_runs_out", by=SYSTEM, kind=check.kind, until=check.expires_on)
    people = {
        user.pk: user
        for audience in ("mentor", "coordinators")
        for user in mentor.audience(audience)
    }
    outbox.tell_people(mentor, "check_runs_out", people.values())
    return 1


def _step(expires_on: Any) -> int:
    """The smallest of 90, 60 and 30 that its days left do not exceed."""
    left = (expires_on - today()).days
    return min(days for days in REMIND_DAYS if left <= days)
