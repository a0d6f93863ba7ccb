"""What a mentor owes on the referral that is theirs, one thing after the other: the first contact
(the clock of the referral itself, from their yes), the first meeting, then session after session.
The row of the match is locked, and that of its referral before it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from casework import clocks, history, workflow
from casework.actors import Actor
from casework.calendar import london, now
from casework.models import ClockRule, Note
from mentoring import policies
from mentoring.models import Match
from referrals import services as referrals
from referrals.models import Referral

from .matching import check_again

S = Match.State
By = User | Actor


@transaction.atomic
def keep_contact(
    *, match: Match, by: User, happened_at: datetime, how: str, is_reached: bool, words: str
) -> Note:
    """Write down that the mentor spoke with the young person before they meet, or tried to.

    Once they were reached, the next thing owed is the first meeting. After a try the clock of the
    first contact runs on, so that somebody hears of it. Raises ValidationError by field.
    """
    row = workflow.lock(match)
    if not policies.mentors_or_matches(row, by):
        raise PermissionDenied("Contacts are written down by the mentor or a coordinator.")
    if not row.awaits_meeting:
        raise workflow.Conflict(row, "keep_contact")
    if row.asked_at and happened_at < london(row.asked_at).replace(hour=0, minute=0):
        raise ValidationError({"happened_at": "The contact cannot be before they were asked."})
    note = referrals.write_contact(
        row.referral,
        by=by,
        kind=Note.Kind.CONTACT,
        happened_at=happened_at,
        how=how,
        is_reached=is_reached,
        words=words,
    )
    is_first = is_reached and row.contacted_at is None
    if is_first:
        row.contacted_at = happened_at
    fields = ["contacted_at"] if is_first else []
    history.note(row, "keep_contact", by=by, fields=fields, reached=is_reached)
    _owe(row, _meet_by(row) if row.contacted_at else None, "keep_contact", by, reached=is_reached)
    return note


def owe_meeting(match: Match, *, by: By, **_: Any) -> None:
    """Both have said yes. Who was reached already is to be met by the day of the match."""
    if match.contacted_at is not None:
        _owe(match, _meet_by(match), "settle", by)


def _meet_by(match: Match) -> datetime:
    """As long as the match has for the introduction: from both answers, or from the mentor's while
    the young person's is not there yet."""
    if match.status == S.ACCEPTED and match.due_at:
        return match.due_at
    rule = ClockRule.objects.get(kind=Match.KIND, state=S.ACCEPTED)
    return clocks.add(match.mentor_agreed_at or now(), rule.limit, rule.unit)


def _owe(match: Match, due_at: datetime | None, name: str, by: By, **detail: Any) -> None:
    """An Event on the referral, and its later date when there is one and the referral is the
    mentor's."""
    referral = match.referral
    if due_at and referral.due_at and is_the_mentors(referral, match):
        referral.due_at = max(referral.due_at, due_at)
        if referral.due_at > now():  # as of a clock that begins anew
            referral.escalation = 0
    history.note(referral, name, by=by, **detail)


def owe_session(match: Match, *, by: By, **_: Any) -> None:
    """They have met: from now on the ordinary clock of work runs."""
    owe_next(match, "introduce", by=by)


def begin_sessions(match: Match, *, by: By, **_: Any) -> None:
    """Every hard rule once more; then what the referral owes is what the match owes."""
    check_again(match, by=by)
    owe_next(match, "activate", by=by)


def owe_next(match: Match, name: str, *, by: By, **detail: Any) -> None:
    """An Event on the referral while it is the mentor's. What both owe next is the same: the next
    session."""
    referral = match.referral
    if not is_the_mentors(referral, match):
        return
    clocks.start(referral, detail={}, from_state=referral.status)
    if match.due_at and referral.due_at:
        referral.due_at = max(referral.due_at, match.due_at)
    history.note(referral, name, by=by, **detail)


def is_the_mentors(referral: Referral, match: Match) -> bool:
    """Work under way that the mentor of the match owns."""
    is_theirs = referral.owner_id == match.mentor.user_id
    return referral.status == Referral.State.ACTIVE and is_theirs
