"""The queues of referrals and concerns: each number on My work is the count of one of these
lists."""

from datetime import timedelta
from typing import Any

from django.db.models import Q

from accounts import roles
from accounts.models import User
from casework.calendar import now
from casework.queue import Queue, in_state

from .models import Concern, Referral
from .models.sight import written_by

S = Referral.State
C = Concern.State
SOON = 2  # days: what My work calls "due"


def _held(rows: Any, user: User) -> Any:
    """Of those whom they decide about: who wrote a referral, or works where it was written, is not
    told that it is held."""
    leads = user.area_ids_as(roles.SafeguardingLead)
    areas = leads | user.area_ids_as(roles.Coordinator)
    linked = Concern.objects.filter(area__in=leads, referral__isnull=False).values("referral")
    return rows.not_written_by(user).filter(Q(area__in=areas) | Q(pk__in=linked), status=S.HELD)


def _deciding(rows: Any, user: User) -> Any:
    """Likewise: what stands here no longer might be held."""
    areas = user.area_ids_as(roles.Coordinator)
    return rows.not_written_by(user).filter(area__in=areas, status=S.TRIAGE)


def _to_approve(rows: Any, user: User) -> Any:
    """End reports that this person may approve."""
    written = rows.not_written_by(user).filter(status=S.CLOSING, reported_by__isnull=False)
    return written.filter(area__in=user.area_ids_as(roles.Coordinator)).exclude(reported_by=user)


def _new_to_me(rows: Any, user: User) -> Any:
    """Came to this person within the last two days and is theirs or waits in their queue."""
    return (
        (rows.owned_by(user) | rows.queued_for(user))
        .filter(entered_at__gte=now() - timedelta(days=2), due_at__gte=now() + timedelta(days=SOON))
        .exclude(status=S.DRAFT)
    )


def _mine_late(rows: Any, user: User) -> Any:
    return (rows.owned_by(user) | rows.queued_for(user)).late()


def _mine_soon(rows: Any, user: User) -> Any:
    return (rows.owned_by(user) | rows.queued_for(user)).due_within(SOON)


def _waiting_on_others(rows: Any, user: User) -> Any:
    """Mine in another sense: I coordinate or wrote it, and somebody else has to act."""
    about = Q(coordinator__in=user.acts_for(roles.Coordinator)) | written_by(user)
    return rows.unfinished().filter(about).not_owned_by(user).exclude(status=S.DRAFT)


_EVERYBODY = (
    roles.Referrer,
    roles.Coordinator,
    roles.SafeguardingLead,
    roles.Mentor,
    roles.Supervisor,
    roles.PathwayAdviser,
    roles.ProgrammeManager,
)
_TRIAGE = (roles.Coordinator,)

REFERRAL_QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in [
        Queue("late", "Late", _EVERYBODY, _mine_late, "Past their date and mine to do"),
        Queue("due", "Due in 2 days", _EVERYBODY, _mine_soon, "Mine to do soon"),
        Queue("new", "New to me", _EVERYBODY, _new_to_me, "Came to me in the last two days"),
        Queue(
            "waiting-on-others",
            "Waiting for others",
            _EVERYBODY,
            _waiting_on_others,
            "Somebody else has to act",
        ),
        Queue(
            "late-with-mentors",
            "Late with my mentors",
            (roles.Supervisor,),
            lambda rows, user: rows.late().filter(owner__in=user.report_ids_as(*roles.WORKERS)),
            "Past their date and a mentor's to do",
        ),
        Queue(
            "drafts",
            "My drafts",
            (roles.Referrer, roles.Coordinator),
            lambda rows, user: rows.drafts_of(user),
            "Not sent yet, or stopped until a safeguarding lead lets them go on",
        ),
        Queue("unread", "Unread", _TRIAGE, in_state(S.SUBMITTED), "Nobody has read them yet"),
        Queue("deciding", "Being decided", _TRIAGE, _deciding, "A coordinator is on it"),
        Queue(
            "asked",
            "Question asked",
            _TRIAGE,
            in_state(S.INFO_NEEDED),
            "The referrer has to answer",
        ),
        Queue(
            "held",
            "Held",
            (roles.Coordinator, roles.SafeguardingLead),
            _held,
            "A safeguarding lead has to decide",
        ),
        Queue(
            "waiting", "Waiting list", _TRIAGE, in_state(S.WAITING), "Right for us, no place yet"
        ),
        Queue("to-allocate", "To allocate", _TRIAGE, in_state(S.ACCEPTED), "They need a worker"),
        Queue(
            "under-way",
            "Under way",
            (*_TRIAGE, roles.Mentor, roles.Supervisor, roles.PathwayAdviser),
            in_state(S.ALLOCATED, S.ACTIVE, S.PAUSED),
            "Support goes on",
        ),
        Queue("ending", "Ending", _TRIAGE, in_state(S.CLOSING), "An end report is owed"),
        Queue(
            "to-approve",
            "To approve",
            _TRIAGE,
            _to_approve,
            "An end report waits for a coordinator who did not write it",
        ),
        Queue(
            "escalated",
            "Escalated to me",
            (roles.ProgrammeManager,),
            lambda rows, user: rows.escalated_to(user),
            "Late, and it came up to you",
        ),
        Queue(
            "stopped",
            "Stopped drafts",
            (roles.SafeguardingLead,),
            lambda rows, user: rows.filter(
                status=S.DRAFT, stopped_at__isnull=False, released_at__isnull=True
            ),
            "Their author may not send them until you let them",
        ),
    ]
}

_LEADS = (roles.SafeguardingLead,)

CONCERN_QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in [
        Queue("late", "Late", _LEADS, _mine_late, "Past their date"),
        Queue("due", "Due in 2 days", _LEADS, _mine_soon, "Mine to do soon"),
        Queue("new", "New to me", _LEADS, _new_to_me, "Came to me in the last two days"),
        Queue("unread", "Unread", _LEADS, in_state(C.RAISED), "Nobody has read them yet"),
        Queue("deciding", "Being decided", _LEADS, in_state(C.ACKNOWLEDGED), "A lead is deciding"),
        Queue("passed-on", "Passed on", _LEADS, in_state(C.PASSED_ON), "An outcome is owed"),
        Queue("handled", "Handled here", _LEADS, in_state(C.HANDLED), "Reviewed on a date"),
        Queue(
            "escalated",
            "Escalated to me",
            (roles.ProgrammeManager,),
            lambda rows, user: rows.escalated_to(user),
            "Late, and it came up to you",
        ),
        Queue(
            "raised-by-me",
            "Raised by me",
            _EVERYBODY,
            lambda rows, user: rows.filter(raised_by=user),
            "You told us about these",
        ),
    ]
}
