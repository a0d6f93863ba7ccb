"""The queues of pathways: each number on My work is the count of one of these lists."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts import roles
from accounts.models import User
from casework.calendar import today
from casework.queue import Queue, in_state
from referrals.choices import Support
from referrals.models import Assignment, Referral

from .models import EteStatus, Placement

P = Placement.State
R = Referral.State
_ADVISER = (roles.PathwayAdviser,)
_BOTH = (roles.PathwayAdviser, roles.Coordinator)
_SUPPORTED = (R.ACCEPTED, *Referral.WITH_A_WORKER)


def _mine(rows: Any, user: User) -> Any:
    return rows.owned_by(user) | rows.queued_for(user)


PLACEMENT_QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in [
        Queue(
            "late",
            "Late placements",
            _ADVISER,
            lambda rows, user: _mine(rows, user).late(),
            "Past their date and mine to do",
        ),
        Queue(
            "due",
            "Placements due in 2 days",
            _ADVISER,
            lambda rows, user: _mine(rows, user).due_within(2),
            "Mine to do soon",
        ),
        Queue(
            "applied",
            "Waiting for an answer",
            _BOTH,
            in_state(P.APPLIED),
            "The organisation has to answer",
        ),
        Queue("offered", "Offers", _BOTH, in_state(P.OFFERED), "The young person has to answer"),
        Queue("starting", "Starting soon", _BOTH, in_state(P.ACCEPTED), "A first day is agreed"),
        Queue(
            "in-place", "In a place", _BOTH, in_state(P.STARTED, P.ONWARD), "The checks go on"
        ),
        Queue(
            "between",
            "Left or completed",
            _BOTH,
            in_state(P.COMPLETED, P.LEFT_EARLY),
            "They need what comes next",
        ),
        Queue(
            "escalated",
            "Placements escalated to me",
            (roles.ProgrammeManager,),
            lambda rows, user: rows.escalated_to(user),
            "Late, and it came up to you",
        ),
    ]
}  # fmt: skip


def _late_checks(rows: Any, user: User) -> Any:
    return rows.askable().filter(due_on__lt=today())


CHECK_QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in [
        Queue(
            "late",
            "Late checks",
            _ADVISER,
            _late_checks,
            "Nobody has asked whether the place holds",
        ),
        Queue(
            "late-checks",
            "Late checks of all",
            (roles.Coordinator,),
            _late_checks,
            "Nobody has asked whether the place holds",
        ),
        Queue(
            "due-checks",
            "Checks due in 7 days",
            _BOTH,
            lambda rows, user: rows.askable().filter(
                due_on__gte=today(), due_on__lt=today() + timedelta(days=7)
            ),
            "Ask whether the place holds",
        ),
    ]
}


def _advised_by(rows: Any, user: User) -> Any:
    """Young people whose adviser this person is, ended referrals with open checks included."""
    current = Assignment.objects.current().filter(
        referral=OuterRef("pk"),
        role=Assignment.Role.ADVISER,
        worker__in=user.acts_for(roles.PathwayAdviser),
    )
    return rows.filter(Exists(current))


def wants_ete(rows: Any) -> Any:
    """Whose referral asks for help into education, training or work, or who has an adviser."""
    adviser = Assignment.objects.current().filter(
        referral=OuterRef("pk"), role=Assignment.Role.ADVISER
    )
    return rows.filter(Q(support__kinds__contains=[Support.ETE]) | Q(Exists(adviser)))


def going_on(rows: Any) -> Any:
    """Not over: the referral, or a placement that outlasts it."""
    open_there = Placement.objects.unfinished().filter(referral=OuterRef("pk"))
    return rows.sent().filter(~Q(status__in=Referral.FINAL) | Q(Exists(open_there)))


def _no_onward_route(rows: Any, user: User) -> Any:
    """Supported, asking for ETE, in no place that we know of and on no way into one (§8: no dead
    ends)."""
    placed = EteStatus.objects.in_place().filter(young_person=OuterRef("young_person"))
    on_the_way = Placement.objects.under_way().filter(referral=OuterRef("pk"))
    asking = wants_ete(rows.helped_by(user)).filter(status__in=_SUPPORTED)
    return asking.exclude(Exists(placed)).exclude(Exists(on_the_way))


def _to_confirm(rows: Any, user: User) -> Any:
    lapsing = EteStatus.objects.lapsing().filter(young_person=OuterRef("young_person"))
    return wants_ete(rows.helped_by(user)).filter(Exists(lapsing), status__in=_SUPPORTED)


def _needs_adviser(rows: Any, user: User) -> Any:
    adviser = Assignment.objects.current().filter(
        referral=OuterRef("pk"), role=Assignment.Role.ADVISER
    )
    asking = rows.helped_by(user).filter(support__kinds__contains=[Support.ETE])
    return asking.filter(status__in=_SUPPORTED).exclude(Exists(adviser))


PEOPLE_QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in [
        Queue("mine", "My young people", _ADVISER, _advised_by, "You are their pathway adviser"),
        Queue(
            "no-onward-route",
            "No onward route",
            _BOTH,
            _no_onward_route,
            "In no place, and on no way into one",
        ),
        Queue(
            "to-confirm",
            "What they do, to be confirmed",
            _BOTH,
            _to_confirm,
            "Not current any more, or not for longer than 4 weeks",
        ),
        Queue(
            "needs-adviser",
            "Pathway adviser needed",
            (roles.Coordinator,),
            _needs_adviser,
            "They asked for this help and nobody gives it yet",
        ),
    ]
}
