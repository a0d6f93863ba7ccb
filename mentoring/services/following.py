"""How matches keep in step when somebody moves the referral itself, on its own page."""

from typing import Any

from accounts.models import User
from casework import workflow
from casework.actors import SYSTEM, Actor
from casework.registry import columns
from mentoring import policies
from mentoring.choices import Ending
from mentoring.models import Match, Session
from referrals.models import Referral

from .calling_off import call_off
from .matching import is_with_mentor

S = Match.State
R = Referral.State
# While the referral is in one of these a match may go on; a proposal only while it looks for one.
WITH_A_MENTOR = (R.ALLOCATED, R.ACTIVE, R.PAUSED, R.CLOSING)
BEFORE_IT_RUNS = (S.APPROVED, S.ACCEPTED, S.INTRODUCED)

# Most moves find none, so it must be cheap to ask.
_UNFINISHED = """
    SELECT {} FROM mentoring_match WHERE referral_id = %s AND status <> ALL(%s) ORDER BY id
"""


def keep_in_step(referral: Referral, *, name: str, by: User | Actor, **_: Any) -> None:
    """Run within every move of a referral. Moves that a match made itself find it in step."""
    if referral.status in (R.DRAFT, R.SUBMITTED):
        return
    for match in Match.objects.raw(
        _UNFINISHED.format(columns(Match)), [referral.pk, list(Match.FINAL)]
    ):
        match.referral = referral
        _keep(match, referral, by)


def _keep(match: Match, referral: Referral, by: User | Actor) -> None:
    if match.status == S.PROPOSED:
        if referral.status not in (R.ACCEPTED, R.ACTIVE):
            workflow.move(match, "withdraw", by=SYSTEM)
    elif referral.status not in WITH_A_MENTOR or not is_with_mentor(match):
        _call_off(match)
    else:
        _go_along(match, referral, by)


def _call_off(match: Match) -> None:
    if match.status in BEFORE_IT_RUNS:
        workflow.move(match, "withdraw", by=SYSTEM)
    else:
        reason = match.ended_for or Ending.REFERRAL_ENDED
        workflow.move(match, "end_now", by=SYSTEM, reason=reason)


def _go_along(match: Match, referral: Referral, by: User | Actor) -> None:
    """The referral was taken on, paused, taken up, or its ending begun or undone."""
    pair = (referral.status, match.status)
    if match.status in (S.INTRODUCED, S.CLOSING):
        _call_off_sessions(match, referral)
    if pair == (R.ACTIVE, S.APPROVED):
        if not match.mentor_agreed_at and policies.is_its_mentor(match, by):
            workflow.move(match, "accept", by=by)
    elif pair == (R.PAUSED, S.ACTIVE):
        workflow.move(match, "pause", by=SYSTEM, review_on=referral.due_at)
    elif pair == (R.PAUSED, S.PAUSED) and match.due_at != referral.due_at:
        workflow.move(match, "pause_longer", by=SYSTEM, review_on=referral.due_at)
    elif pair == (R.ACTIVE, S.PAUSED):
        workflow.move(match, "resume", by=SYSTEM)
    elif pair in ((R.CLOSING, S.ACTIVE), (R.CLOSING, S.PAUSED)):
        workflow.move(match, "start_closing", by=SYSTEM, reason=Ending.REFERRAL_ENDED)
    elif pair == (R.ACTIVE, S.CLOSING) and match.ended_for == Ending.REFERRAL_ENDED:
        workflow.move(match, "go_on", by=SYSTEM)


def _call_off_sessions(match: Match, referral: Referral) -> None:
    """Of a match that has sessions and does not pause or begin to end with its referral."""
    if referral.status == R.PAUSED:
        call_off(match, because=Session.CalledOff.PAUSED, before=referral.due_at)
    elif referral.status == R.CLOSING:
        call_off(match, because=Session.CalledOff.ENDING)
