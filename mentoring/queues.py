"""The queues of matches and of the register: each number on My work is the count of one of these
lists."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts import roles
from accounts.models import User
from casework.calendar import now, today
from casework.queue import Queue, in_state

from .models import Credential, Match, Mentor, Session
from .standard import MANDATORY, QUIET_DAYS, REMIND_DAYS

S = Match.State
M = Mentor.State
SOON = 2  # days: what My work calls "due"
NEW = timedelta(days=2)


def _mine(rows: Any, user: User) -> Any:
    return rows.owned_by(user) | rows.queued_for(user)


def _late(rows: Any, user: User) -> Any:
    return _mine(rows, user).late()


def _due(rows: Any, user: User) -> Any:
    return _mine(rows, user).due_within(SOON)


def _new(rows: Any, user: User) -> Any:
    """Came to this person within the last two days, and is not due at once."""
    return _mine(rows, user).filter(
        entered_at__gte=now() - NEW, due_at__gte=now() + timedelta(days=SOON)
    )


def _waiting_on_others(rows: Any, user: User) -> Any:
    """Made by me, and somebody else has to act."""
    made = rows.unfinished().filter(coordinator__in=user.acts_for(roles.Coordinator))
    return made.not_owned_by(user).exclude(owner__isnull=True)


def _asks_me(rows: Any, user: User) -> Any:
    return rows.filter(
        status=S.APPROVED,
        mentor_agreed_at__isnull=True,
        mentor__user__in=user.acts_for(roles.Mentor),
    )


def _mine_as_mentor(rows: Any, user: User) -> Any:
    running = (S.ACCEPTED, S.INTRODUCED, S.ACTIVE, S.PAUSED, S.CLOSING)
    return rows.filter(status__in=running, mentor__user__in=user.acts_for(roles.Mentor))


def _to_write_down(rows: Any, user: User) -> Any:
    """A planned session has begun and nobody has said how it went."""
    waiting = Session.objects.planned().filter(match=OuterRef("pk"), begins_at__lte=now())
    return rows.filter(Exists(waiting), status__in=Match.WITH_SESSIONS)


def _quiet(rows: Any, user: User) -> Any:
    """They meet, as the state says, and no session was written down for 15 days."""
    since = now() - timedelta(days=QUIET_DAYS)
    lately = Session.objects.held().filter(match=OuterRef("pk"), begins_at__gte=since)
    return rows.filter(~Exists(lately), status=S.ACTIVE, entered_at__lt=since)


def _mentor_stopped(rows: Any, user: User) -> Any:
    return rows.unfinished().filter(mentor__status__in=[M.SUSPENDED, M.LEFT])


_MAKE = (roles.Coordinator,)
_ALL = (roles.Coordinator, roles.Mentor, roles.Supervisor)
_OVER = (roles.Coordinator, roles.Supervisor)

MATCH_QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in [
        Queue("late", "Late", _ALL, _late, "Past their date and mine to do"),
        Queue("due", "Due in 2 days", _ALL, _due, "Mine to do soon"),
        Queue("new", "New to me", _ALL, _new, "Came to me in the last two days"),
        Queue(
            "waiting-on-others",
            "Waiting for others",
            _MAKE,
            _waiting_on_others,
            "Somebody else has to act",
        ),
        Queue(
            "late-with-mentors",
            "Late with my mentors",
            (roles.Supervisor,),
            lambda rows, user: rows.late().filter(owner__in=user.report_ids_as(roles.Mentor)),
            "Past their date and a mentor's to do",
        ),
        Queue("asks-me", "Asked to mentor", (roles.Mentor,), _asks_me, "You have been asked"),
        Queue(
            "my-young-people",
            "My young people",
            (roles.Mentor,),
            _mine_as_mentor,
            "The young people you mentor",
        ),
        Queue(
            "to-write-down",
            "Sessions to write down",
            _ALL,
            _to_write_down,
            "The time of a planned session has passed",
        ),
        Queue("proposed", "Proposed", _MAKE, in_state(S.PROPOSED), "To be asked or dropped"),
        Queue("asked", "Both asked", _MAKE, in_state(S.APPROVED), "We wait for two answers"),
        Queue("to-introduce", "To introduce", _MAKE, in_state(S.ACCEPTED), "Both said yes"),
        Queue("to-begin", "To begin", _MAKE, in_state(S.INTRODUCED), "They have met"),
        Queue("meeting", "Meeting", _OVER, in_state(S.ACTIVE), "They meet"),
        Queue("quiet", "Quiet", _OVER, _quiet, f"No session for {QUIET_DAYS} days"),
        Queue("paused", "Paused", _OVER, in_state(S.PAUSED), "To be looked at again"),
        Queue("ending", "Ending", _OVER, in_state(S.CLOSING), "Last sessions, then the end"),
        Queue(
            "mentor-stopped",
            "Mentor suspended",
            _OVER,
            _mentor_stopped,
            "The mentor is suspended or has left: decide on the match",
        ),
        Queue(
            "escalated",
            "Escalated to me",
            (roles.ProgrammeManager,),
            lambda rows, user: rows.escalated_to(user),
            "Late, and it came up to you",
        ),
    ]
}


def _lapsed(rows: Any, user: User) -> Any:
    return rows.mentoring().lapsed(today())


def _lapses_soon(rows: Any, user: User) -> Any:
    """A mandatory check runs out within 90 days, and no later one of its kind is there."""
    last = today() + timedelta(days=max(REMIND_DAYS))
    later = Credential.objects.filter(mentor=OuterRef("mentor"), kind=OuterRef("kind")).filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=last)
    )
    soon = Credential.objects.filter(
        ~Exists(later),
        mentor=OuterRef("pk"),
        kind__in=MANDATORY,
        expires_on__gte=today(),
        expires_on__lte=last,
    )
    return rows.mentoring().filter(Exists(soon))


_KEEP = (roles.Coordinator,)

MENTOR_QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in [
        Queue("late", "Late", _OVER, _late, "Past their date and mine to do"),
        Queue("due", "Due in 2 days", _OVER, _due, "Mine to do soon"),
        Queue(
            "asking",
            "Asking to join",
            _KEEP,
            in_state(M.ENQUIRY, M.APPLIED),
            "Enquiries and applications",
        ),
        Queue("checks", "Checks under way", _KEEP, in_state(M.SCREENING), "Not clear yet"),
        Queue("training", "In training", _KEEP, in_state(M.TRAINING), "Before the first match"),
        Queue("available", "Available", _OVER, in_state(M.AVAILABLE), "May be proposed"),
        Queue("away", "Away", _OVER, in_state(M.ON_LEAVE), "On a break, with a day to come back"),
        Queue("run-out", "A check has run out", _OVER, _lapsed, "Kept out of matching"),
        Queue(
            "runs-out",
            "A check runs out soon",
            _OVER,
            _lapses_soon,
            f"Within {max(REMIND_DAYS)} days",
        ),
        Queue("suspended", "Suspended", _OVER, in_state(M.SUSPENDED), "To be settled"),
        Queue("renewing", "Papers to look at", _KEEP, in_state(M.RENEWING), "New papers are in"),
        Queue(
            "escalated",
            "Escalated to me",
            (roles.ProgrammeManager,),
            lambda rows, user: rows.escalated_to(user),
            "Late, and it came up to you",
        ),
    ]
}
