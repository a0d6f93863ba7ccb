"""Placing invented young people as advisers would: by services and moves, under the engine's clock.
The demo world and the tests share it; nothing here decides a rule."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from accounts.models import Area, User
from casework.calendar import today
from casework.workflow import move
from referrals.models import Referral

from . import services
from .models import EteStatus, Evidence, Opportunity, Placement, SustainmentCheck

Kind = Opportunity.Kind
Convictions = Opportunity.Convictions
Status = SustainmentCheck.Status


def opportunity(*, by: User, areas: Iterable[Area], **details: Any) -> Opportunity:
    """An opportunity kept by an adviser, checked today and open for three months."""
    is_paid = details.get("kind", Kind.JOB) in (Kind.JOB, Kind.APPRENTICESHIP)
    made = Opportunity(
        **{
            "kind": Kind.JOB,
            "title": "Warehouse assistant",
            "other_organisation": "Trentside Storage (invented)",
            "summary": "Picking and packing, with a supervisor who has done it for years.",
            "places": 2,
            "hours": 30,
            "pay": "£8.60 an hour" if is_paid else "",
            "checked_on": today(),
            "expires_on": today() + timedelta(days=90),
            **details,
        }
    )
    return services.save_opportunity(opportunity=made, areas=areas, by=by)


def confirm(referral: Referral, *, by: User, code: str, **details: Any) -> EteStatus:
    """The first status, or a new one from today on."""
    known: dict[str, Any] = {
        "kind": EteStatus.Kind.CHANGE,
        "verified_on": today(),
        "evidence": Evidence.SELF_DECLARED,
        **details,
    }
    return services.record_status(referral=referral, by=by, code=code, **known)


def advise(referral: Referral, *, worker: User, by: User) -> None:
    """A coordinator asks a pathway adviser to help beside the mentor."""
    services.ask_adviser(referral=referral, worker=worker, by=by)


def apply(referral: Referral, offered: Opportunity, *, by: User) -> Placement:
    return services.apply(referral=referral, opportunity=offered, agreed_on=today(), by=by)


# The details of each move as a form would give them; a caller may change single ones.
def _details(name: str) -> dict[str, Any]:
    day = today()
    asked: dict[str, dict[str, Any]] = {
        "offer": {"answer_by": day + timedelta(days=7)},
        "chase": {"ask_again_on": day + timedelta(days=7), "words": "They decide next week."},
        "decline": {"reason": Placement.Reason.FULL},
        "withdraw": {"reason": Placement.Reason.NOT_FOR_THEM},
        "accept": {"starts_on": day},
        "refuse": {"reason": Placement.Reason.TRAVEL},
        "start": {"started_on": day, "evidence": Evidence.THIRD_PARTY},
        "postpone": {"starts_on": day + timedelta(days=7)},
        "fall_through": {"reason": Placement.Reason.HEALTH},
        "complete": {"ended_on": day, "next_step": "Apply for the level 2 course together."},
        "leave": {"ended_on": day, "reason": Placement.Reason.TRAVEL},
        "contact": {
            "next_step": "Look at jobs on the tram line together.",
            "review_on": day + timedelta(days=7),
        },
        "move_on": {"starts_on": day, "code": "330", "evidence": Evidence.SELF_DECLARED},
    }
    return asked[name]


def step(placement: Placement, name: str, *, by: User, **changes: Any) -> Placement:
    """One move of a placement; a start with the code that its kind of opportunity suggests."""
    known = _details(name)
    if name == "start":
        known["code"] = Opportunity.USUAL_CODE.get(placement.opportunity.kind, "")
    return move(placement, name, by=by, **{**known, **changes})


PATHS: dict[str, list[str]] = {
    "applied": [],
    "offered": ["offer"],
    "accepted": ["offer", "accept"],
    "started": ["offer", "accept", "start"],
    "completed": ["offer", "accept", "start", "complete"],
    "left_early": ["offer", "accept", "start", "leave"],
    "onward": ["offer", "accept", "start", "leave", "move_on"],
    "declined": ["decline"],
    "withdrawn": ["withdraw"],
    "refused": ["offer", "refuse"],
    "fell_through": ["offer", "accept", "fall_through"],
}


def bring(placement: Placement, state: str, *, by: User, **start: Any) -> Placement:
    """Along the shortest way to a state, all on one day; `start` changes details of the start."""
    for name in PATHS[state]:
        placement = step(placement, name, by=by, **(start if name == "start" else {}))
    return placement


def answer_due(
    placement: Placement, *, by: User, status: str = Status.ACHIEVED, note: str = ""
) -> int:
    """Answer every check of this placement whose day has come. Gives how many."""
    count = 0
    for check in placement.checks.due().filter(due_on__lte=today()):
        services.answer_check(
            check=check,
            by=by,
            status=status,
            asked_on=today(),
            evidence=Evidence.THIRD_PARTY if status == Status.ACHIEVED else "",
            note=note,
        )
        count += 1
    return count


def weeks_ago(count: int) -> date:
    return today() - timedelta(weeks=count)


def night() -> None:
    """What the schedule does each night for pathways."""
    services.flag_lapsed()
    services.end_breaks()
    services.let_all_go()
