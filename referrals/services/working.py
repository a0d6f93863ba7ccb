"""What moves of a referral write besides the referral: questions and assignments (`writes=`)."""

from collections.abc import Callable, Sequence
from typing import Any

from accounts.models import User
from casework.calendar import now
from cms.signposting import note_missing
from referrals.fitting import terms_of
from referrals.models import Assignment, InfoRequest, Referral


def ask(referral: Referral, *, by: User, question: str, **_: Any) -> None:
    InfoRequest.objects.create(referral=referral, question=question, asked_by=by, asked_at=now())


def answer(referral: Referral, *, by: User, answer: str, **_: Any) -> None:
    referral.questions.filter(is_open=True).update(
        answer=answer, answered_by=by, answered_at=now(), is_open=False
    )


def stop_asking(referral: Referral, **_: Any) -> None:
    referral.questions.filter(is_open=True).update(is_open=False)


def assign(referral: Referral, *, worker: User, role: str, **_: Any) -> None:
    """One current worker per role: the one before ends. A mentor begins with their yes
    (`begin_work`): until then they read what their match shows."""
    _end(referral, "reassigned", role=role)
    if role != Assignment.Role.MENTOR:
        _begin(referral, worker, role)


def begin_work(referral: Referral, **_: Any) -> None:
    """Who was asked has said yes."""
    role = referral.worker_role
    if not referral.assignments.current().filter(role=role).exists():
        _begin(referral, referral.owner, role)


def note_unmet_need(referral: Referral, *, signposted_to: Sequence[Any] = (), **_: Any) -> None:
    """Somebody is not taken on, and there is no service to name to them (casework §7)."""
    if not signposted_to:
        note_missing(area=referral.area, terms=terms_of(referral, in_full=True))


def _begin(referral: Referral, worker: Any, role: str) -> None:
    referral.assignments.create(worker=worker, role=role, started_at=now())


def unassign(referral: Referral, **_: Any) -> None:
    """Only who was asked: somebody who works beside them goes on."""
    _end(referral, "turned_down", role=referral.worker_role)


def release(referral: Referral, **_: Any) -> None:
    """Their worker has ended; somebody who works beside them goes on."""
    _end(referral, "ended", role=referral.worker_role)


def end_assignments(referral: Referral, **_: Any) -> None:
    """Closing ends the sight of the mentor, and of the adviser unless a placement of theirs goes on
    (casework §7)."""
    _end(referral, "closed", role=Assignment.Role.MENTOR)
    if not any(is_needed(referral) for is_needed in _outlasting):
        _end(referral, "closed", role=Assignment.Role.ADVISER)


def _end(referral: Referral, because: str, **which: Any) -> None:
    referral.assignments.current().filter(**which).update(ended_at=now(), ended_because=because)


# Functions of packages above that say whether a referral's adviser is still needed after it closes.
_outlasting: list[Callable[[Referral], bool]] = []


def keep_adviser_while(is_needed: Callable[[Referral], bool]) -> None:
    """Called once by a package above as its app starts; it ends the assignment when it is over."""
    if is_needed not in _outlasting:
        _outlasting.append(is_needed)
