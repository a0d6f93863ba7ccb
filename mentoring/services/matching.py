"""What moves of a match do besides the match (`writes=`): the hard rules again, the referral, the
other proposals. The engine has locked the referral and the match; the mentor is locked last."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from casework import workflow
from casework.actors import SYSTEM, Actor
from mentoring import policies
from mentoring.choices import Ahead, Ending, WhatNext
from mentoring.matching import refusals
from mentoring.models import Match, Mentor, Session
from referrals.choices import Ending as ReferralEnding
from referrals.models import Assignment, Referral

from .calling_off import call_off
from .gathering import candidates, seeker_of

S = Match.State
R = Referral.State
By = User | Actor

# How the end of a match is said of the referral that ends with it.
ENDS_AS: dict[str, ReferralEnding] = {
    Ending.GOALS_MET: ReferralEnding.COMPLETED,
    Ending.STEP_DOWN: ReferralEnding.COMPLETED,
    Ending.PROGRAMME_END: ReferralEnding.PROGRAMME_ENDED,
    Ending.AGED_OUT: ReferralEnding.PROGRAMME_ENDED,
    Ending.PERSON_MOVED: ReferralEnding.MOVED,
    Ending.PERSON_DECLINED: ReferralEnding.DECLINED_SUPPORT,
    Ending.LOST_CONTACT: ReferralEnding.NOT_ENGAGING,
    Ending.CUSTODY: ReferralEnding.CUSTODY,
    Ending.SAFEGUARDING: ReferralEnding.UNSAFE,
    Ending.INELIGIBLE: ReferralEnding.INELIGIBLE,
    Ending.DUPLICATE: ReferralEnding.DUPLICATE,
    Ending.DIED: ReferralEnding.DIED,
    Ending.MENTOR_MOVED: ReferralEnding.NO_WORKER,
    Ending.MENTOR_TIME: ReferralEnding.NO_WORKER,
    Ending.MENTOR_CONCERN: ReferralEnding.NO_WORKER,
    Ending.NO_FIT: ReferralEnding.NO_WORKER,
    Ending.REFERRAL_ENDED: ReferralEnding.OTHER,
}


def check_again(match: Match, *, by: By, **_: Any) -> None:
    """Every hard rule once more, with the mentor's row locked so that no place is given twice.

    Raises ValidationError in words that `by` may read: facts move after a proposal.
    """
    mentor = Mentor.objects.select_for_update(of=("self",)).get(pk=match.mentor_id)
    rows = Mentor.objects.filter(pk=mentor.pk).with_people().with_load()
    for row in rows:
        row.load -= match.is_live  # its own place is not taken by another
        found = refusals(seeker_of(match.referral), candidates([row], match.referral)[0])
        if found:
            cleared = not isinstance(by, Actor) and policies.is_cleared(match.referral, by)
            said = dict.fromkeys(reason.said(cleared=cleared) for reason in found)
            raise ValidationError(f"This cannot go on now. {'. '.join(said)}.")


def ask_both(match: Match, *, by: User, **_: Any) -> None:
    """Approved: the other proposals go, the referral is the mentor's to take on."""
    check_again(match, by=by)
    for other in Match.objects.filter(referral=match.referral_id, status=S.PROPOSED):
        workflow.move(other, "supersede", by=SYSTEM)
    workflow.move(
        match.referral,
        "allocate",
        by=by,
        worker=match.mentor.user,
        role=Assignment.Role.MENTOR,
    )


def mentor_agrees(match: Match, *, by: User, **_: Any) -> None:
    check_again(match, by=by)
    if _status_of(match.referral) == R.ALLOCATED:
        workflow.move(match.referral, "take_on", by=by)
    settle_if_both_agree(match, by=by)


def settle_if_both_agree(match: Match, *, by: User, **_: Any) -> None:
    if match.mentor_agreed_at and match.young_person_agreed_at:
        check_again(match, by=by)
        workflow.move(match, "settle", by=SYSTEM)


def give_back(match: Match, *, by: By, why: str = "", reason: str = "", **_: Any) -> None:
    """The match is over before its time: the referral goes back to those who find a worker."""
    call_off(match, because=Session.CalledOff.ENDED)
    referral = match.referral
    if not is_with_mentor(match):
        return
    words = why or "The match did not go on."
    status = _status_of(referral)
    if status == R.ALLOCATED:
        workflow.move(referral, "turn_down", by=by, why=words)
    elif status in (R.ACTIVE, R.PAUSED):
        workflow.move(referral, "seek_again", by=_coordinator_or_system(match, by), why=words)


def pause_with_referral(
    match: Match,
    *,
    by: By,
    why: str = "",
    review_on: Any = None,
    ahead: str = Ahead.CALL_OFF,
    **_: Any,
) -> None:
    """A break: sessions before its review are called off unless somebody chose to keep them."""
    if ahead == Ahead.CALL_OFF:
        call_off(match, because=Session.CalledOff.PAUSED, before=review_on)
    asked = {"by": by, "why": why, "review_on": review_on}
    status, due_at = _standing_of(match.referral)
    if status == R.ACTIVE:
        workflow.move(match.referral, "pause", **asked)
    elif status == R.PAUSED and due_at != match.due_at:
        workflow.move(match.referral, "pause_longer", **asked)


def begin_ending(match: Match, *, ahead: str = Ahead.CALL_OFF, **_: Any) -> None:
    """What is planned goes, unless it is kept as a last session; new ones may still be planned."""
    if ahead == Ahead.CALL_OFF:
        call_off(match, because=Session.CalledOff.ENDING)


def resume_referral(match: Match, *, by: By, **_: Any) -> None:
    check_again(match, by=by)
    if _status_of(match.referral) == R.PAUSED:
        workflow.move(match.referral, "resume", by=by)


def end_for_referral(match: Match, *, by: User, what_next: str, why: str = "", **_: Any) -> None:
    """After a planned ending: another mentor, the adviser alone, or the end of support."""
    call_off(match, because=Session.CalledOff.ENDED)
    _next[what_next](match, by, why or "The match ended as planned.")


def _rematch(match: Match, by: User, why: str) -> None:
    give_back(match, by=by, why=why)


def _leave_to_adviser(match: Match, by: User, why: str) -> None:
    adviser = adviser_of(match.referral)
    if adviser is None:
        raise ValidationError({"what_next": "No pathway adviser works with them now."})
    give_back(match, by=by, why=why)
    workflow.move(match.referral, "allocate", by=by, worker=adviser, role=Assignment.Role.ADVISER)


def _end_support(match: Match, by: User, why: str) -> None:
    """The mentor owes the end report from now on, if it is not written yet."""
    referral = match.referral
    if _status_of(referral) in (R.ACTIVE, R.PAUSED):
        ending = ENDS_AS[match.ended_for]
        workflow.move(referral, "start_closing", by=by, ending=ending, why=why)


_next: dict[str, Callable[[Match, User, str], None]] = {
    WhatNext.REMATCH: _rematch,
    WhatNext.ADVISER: _leave_to_adviser,
    WhatNext.END: _end_support,
}


def adviser_of(referral: Referral) -> User | None:
    current = referral.assignments.current().filter(role=Assignment.Role.ADVISER)
    row = current.select_related("worker").first()
    return row.worker if row else None


def is_with_mentor(match: Match) -> bool:
    """Whether the referral is with the mentor of this match: asked of them, or theirs since their
    yes."""
    mentor = match.mentor.user_id
    assigned = Assignment.objects.current().filter(role=Assignment.Role.MENTOR, worker=mentor)
    asked = Q(status=R.ALLOCATED, worker_role=Assignment.Role.MENTOR, owner=mentor)
    theirs = asked | Exists(assigned.filter(referral=OuterRef("pk")))
    return Referral.objects.filter(theirs, pk=match.referral_id).exists()


def _status_of(referral: Referral) -> str:
    return _standing_of(referral)[0]


def _standing_of(referral: Referral) -> tuple[str, Any]:
    """Its state and next date as they are now: moves within this one have gone on from the row in
    hand."""
    return Referral.objects.values_list("status", "due_at").get(pk=referral.pk)


def _coordinator_or_system(match: Match, by: By) -> By:
    """A mentor's no sends the referral back too, but that move is the coordinators' or ours."""
    return by if policies.coordinates(match, by) else SYSTEM
