"""A referral from acceptance to its end: casework reference §7 as code."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django_fsm import transition

from accounts import roles
from accounts.models import User
from casework.calendar import now
from casework.models.notes import Band
from casework.workflow import Move
from referrals import policies

from .columns import ReferralColumns
from .triage import TriageMoves
from .work import Assignment

REOPEN_WITHIN = timedelta(days=183)


def ended_lately(referral: Any) -> bool:
    """After six months a new referral is due instead (casework reference §7)."""
    return bool(referral.entered_at >= now() - REOPEN_WITHIN)


def is_reported(referral: Any) -> bool:
    return referral.reported_by_id is not None


def has_no_mentor(referral: Any) -> bool:
    """An adviser who is asked in a mentor's place, and says no, would end what goes well: beside a
    mentor they are asked as one more worker (pathways)."""
    return referral.mentor_id is None


def advises_in(referral: Any, worker: User) -> bool:
    return worker.is_active and worker.holds(roles.PathwayAdviser, area_id=referral.area_id)


def has_worker(referral: Any) -> bool:
    return referral.worker_now is not None


State = ReferralColumns.State


class ReferralMoves(TriageMoves):
    """The moves of support; `Referral` adds the columns."""

    class Meta:
        abstract = True

    @transition(
        "status",
        source=State.ACCEPTED,
        target=State.WAITING,
        permission=policies.triages,
        custom=Move(
            label="Back to the waiting list",
            did="put it back on the waiting list",
            form="WhyForm",
            tells=["referrer"],
            texts={"why": Band.TEAM},
        ),
    )
    def back_to_waiting(self, *, by: User, why: str) -> None:
        self.owner = by

    @transition(
        "status",
        source=[State.ACCEPTED, State.ALLOCATED, State.ACTIVE],
        target=State.ALLOCATED,
        conditions=[has_no_mentor],
        permission=policies.allocates,
        custom=Move(
            label="Ask a pathway adviser",
            did="asked a worker to take it on",
            form="AllocateForm",
            tells=["owner"],
            codes=["worker", "role"],
            writes="referrals.services.assign",
        ),
    )
    def allocate(self, *, by: User, worker: User, role: str) -> None:
        """`role` is an `Assignment.Role`. Mentors are asked by their Match's moves, not from
        here."""
        if role == Assignment.Role.ADVISER and not advises_in(self, worker):
            raise ValidationError({"worker": "Choose a pathway adviser of this area."})
        self.owner, self.worker_role = worker, role

    @transition(
        "status",
        source=State.ALLOCATED,
        target=State.ACTIVE,
        permission=policies.owns,
        custom=Move(
            label="Take on",
            did="took it on",
            primary=True,
            tells=["referrer", "coordinator"],
            writes="referrals.services.begin_work",
        ),
    )
    def take_on(self, *, by: User) -> None:
        """The worker who was asked says yes; the case is theirs already."""

    @transition(
        "status",
        source=State.ALLOCATED,
        target=State.ACCEPTED,
        permission=policies.works_or_coordinates,
        custom=Move(
            label="Turn down",
            did="turned it down",
            form="WhyForm",
            tells=["coordinator"],
            texts={"why": Band.TEAM},
            writes="referrals.services.unassign",
        ),
    )
    def turn_down(self, *, by: User, why: str) -> None:
        self.owner = self.coordinator_now

    @transition(
        "status",
        source=[State.ACTIVE, State.PAUSED],
        target=State.ACCEPTED,
        permission=policies.seeks_again,
        custom=Move(
            label="Look for another worker",
            did="began to look for another worker",
            hidden=True,
            tells=["coordinators"],
            texts={"why": Band.TEAM},
            writes="referrals.services.release",
        ),
    )
    def seek_again(self, *, by: Any, why: str) -> None:
        """The worker has ended, the need has not: it waits in the coordinators' queue."""
        self.owner = None

    @transition(
        "status",
        source=State.ACTIVE,
        target=State.PAUSED,
        permission=policies.works_or_coordinates,
        custom=Move(
            label="Pause",
            did="paused support",
            form="PauseForm",
            tells=["coordinator"],
            due="review_on",
            codes=["review_on"],
            texts={"why": Band.TEAM},
        ),
    )
    def pause(self, *, by: User, why: str, review_on: Any) -> None:
        """An agreed break; the worker keeps it and a review date is owed."""

    @transition(
        "status",
        source=State.PAUSED,
        target=State.PAUSED,
        permission=policies.works_or_coordinates,
        custom=Move(
            label="Pause for longer",
            did="paused support for longer",
            form="PauseForm",
            tells=["coordinator"],
            due="review_on",
            codes=["review_on"],
            texts={"why": Band.TEAM},
        ),
    )
    def pause_longer(self, *, by: User, why: str, review_on: Any) -> None:
        """Looked at again: the break goes on until another review."""

    @transition(
        "status",
        source=State.PAUSED,
        target=State.ACTIVE,
        permission=policies.works_or_coordinates,
        custom=Move(
            label="Take up again", did="took support up again", primary=True, tells=["coordinator"]
        ),
    )
    def resume(self, *, by: User) -> None:
        """Support goes on as it was."""

    @transition(
        "status",
        source=[State.ACTIVE, State.PAUSED],
        target=State.CLOSING,
        permission=policies.works_or_coordinates,
        custom=Move(
            label="Begin the ending",
            did="began the ending",
            form="BeginEndingForm",
            tells=["referrer", "coordinator"],
            codes=["ending"],
            texts={"why": Band.TEAM},
        ),
    )
    def start_closing(self, *, by: User, ending: str, why: str) -> None:
        self.ending_code = ending
        self.reported_by = None

    @transition(
        "status",
        source=State.CLOSING,
        target=State.CLOSING,
        permission=policies.reports_end,
        custom=Move(
            label="Write the end report",
            did="wrote the end report",
            form="EndReportForm",
            tells=["coordinator"],
            texts={"changed": Band.TEAM, "left": Band.TEAM, "ahead": Band.TEAM},
            then="A coordinator who did not write it approves it, or asks for a better one.",
        ),
    )
    def write_report(self, *, by: User, changed: str, left: str, ahead: str) -> None:
        """Written again, it takes the place of the one before; the referrer has read neither."""
        self.reported_by = by
        self.owner = None if self.coordinator_now == by else self.coordinator_now

    @transition(
        "status",
        source=State.CLOSING,
        target=State.CLOSED,
        conditions=[is_reported],
        permission=policies.approves_end,
        custom=Move(
            label="Approve the end report",
            did="approved the end report",
            form="ApproveEndForm",
            primary=True,
            tells=["referrer", "workers"],
            writes="referrals.services.end_with_report",
        ),
    )
    def approve_end(self, *, by: User) -> None:
        """The report goes to the referrer as its writer wrote it."""
        self.owner = None

    @transition(
        "status",
        source=State.CLOSING,
        target=State.CLOSING,
        conditions=[is_reported, has_worker],
        permission=policies.approves_end,
        custom=Move(
            label="Ask for a better report",
            did="asked for a better end report",
            form="BetterReportForm",
            tells=["owner"],
            texts={"why": Band.TEAM},
        ),
    )
    def return_report(self, *, by: User, why: str) -> None:
        """It is owed again, by whoever works with them. When nobody does any more, a coordinator
        writes it anew."""
        self.reported_by = None
        self.owner = self.worker_now

    @transition(
        "status",
        source=State.CLOSING,
        target=State.ACTIVE,
        conditions=[has_worker],
        permission=policies.triages,
        custom=Move(
            label="Let support go on",
            did="let support go on",
            form="WhyForm",
            tells=["workers"],
            texts={"why": Band.TEAM},
        ),
    )
    def send_back(self, *, by: User, why: str) -> None:
        """It does not end after all; a report that was written is not published."""
        self.ending_code = ""
        self.owner = self.worker_now
        self.reported_by = None

    @transition(
        "status",
        source=[State.ACCEPTED, State.ALLOCATED],
        target=State.CLOSED,
        permission=policies.triages,
        custom=Move(
            label="Close early",
            did="closed it early",
            form="EndForm",
            danger=True,
            tells=["referrer"],
            codes=["ending"],
            texts={"why": Band.TEAM},
            writes="referrals.services.end_assignments",
        ),
    )
    def close_early(self, *, by: User, ending: str, why: str) -> None:
        self.ending_code = ending
        self.owner = None

    @transition(
        "status",
        source=State.CLOSED,
        target=State.ACCEPTED,
        conditions=[ended_lately],
        permission=policies.triages,
        custom=Move(
            label="Open again",
            did="opened it again",
            form="ReopenForm",
            tells=["referrer"],
            texts={"why": Band.TEAM},
        ),
    )
    def reopen(self, *, by: User, why: str) -> None:
        self.owner = self.coordinator = by
        self.ending_code = ""
        self.reported_by = None
