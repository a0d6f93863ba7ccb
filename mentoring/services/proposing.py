"""The ranked list for one young person, and the proposals that a coordinator makes from it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from casework import history, workflow
from casework.calendar import today
from mentoring import policies
from mentoring.matching import Proposal, Ranked, propose
from mentoring.models import Match, Mentor
from referrals.models import Assignment, Referral

from .gathering import candidates, seeker_of


@dataclass(frozen=True)
class Shortlist:
    """A proposal with the rows behind it."""

    proposal: Proposal
    mentors: dict[uuid.UUID, Mentor]


def shortlist(referral: Referral, *, by: User) -> Shortlist:
    """Every mentor of the register that this person may see, ranked or refused with reasons."""
    rows = Mentor.objects.visible_to(by).mentoring().with_people().with_load()
    mentors = {row.pk: row for row in rows}
    proposal = propose(seeker_of(referral), candidates(mentors.values(), referral))
    return Shortlist(proposal, mentors)


def why_not_now(referral: Referral) -> str:
    """Why no mentor can be proposed for this referral now, in a sentence; empty when one can."""
    S = Referral.State
    beside_adviser = referral.status == S.ACTIVE and referral.worker_role == Assignment.Role.ADVISER
    if referral.status != S.ACCEPTED and not beside_adviser:
        return "A mentor can be found once the referral is accepted and nobody works on it."
    if Match.objects.live().filter(referral=referral).exists():
        return "This young person has a match already."
    return ""


@transaction.atomic
def propose_mentor(
    *, referral: Referral, mentor: Mentor, by: User, submit_key: uuid.UUID | None = None
) -> Match:
    """Propose one mentor from the list. A repeat with the same key gives the match that is there.

    Raises ValidationError when a hard rule stands against it, in words that `by` may read.
    """
    if not policies.proposes(referral, by):
        raise PermissionDenied("This person does not match in this area.")
    key = submit_key or uuid.uuid4()
    row = workflow.lock(referral)
    if there := Match.objects.filter(submit_key=key, coordinator=by).first():
        return there
    if why := why_not_now(row):
        raise ValidationError(why)
    found = _only(row, mentor, by=by)
    match = Match(
        referral=row,
        mentor=mentor,
        coordinator=by,
        owner=by,
        area=row.area,
        submit_key=key,
        points=found.score.total,
        lines=[[line.code, line.points] for line in found.score.lines],
        sentence=found.sentence[:400],
    )
    return workflow.open(match, by=by, detail={"points": match.points})


def _only(referral: Referral, mentor: Mentor, *, by: User) -> Ranked:
    """This one mentor, ranked; ValidationError with the reasons when they may not be proposed."""
    rows = Mentor.objects.filter(pk=mentor.pk).with_people().with_load()
    proposal = propose(seeker_of(referral), candidates(rows, referral))
    if proposal.refused:
        cleared = policies.is_cleared(referral, by)
        said = [words for _, words in proposal.refused[0].said(cleared=cleared)]
        raise ValidationError(f"{mentor.first_name} cannot be proposed. {'. '.join(said)}.")
    return proposal.ranked[0]


@transaction.atomic
def agree_to_take_part(*, referral: Referral, by: User) -> None:
    """A coordinator writes down that a young person who had not been asked agrees to take part."""
    if not policies.proposes(referral, by):
        raise PermissionDenied("This person does not match in this area.")
    row: Any = workflow.lock(referral)
    agreement = getattr(row, "agreement", None)
    if agreement is None or agreement.agrees:
        return
    agreement.is_told, agreement.told_on, agreement.agrees = True, today(), True
    agreement.full_clean()
    agreement.save()
    history.note(row, "agree_to_take_part", by=by, fields=["agreement"])
