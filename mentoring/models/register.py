"""The states and moves of a mentor in the register (mentoring reference §3). Bodies set fields."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django_fsm import transition

from accounts.models import User
from casework.models import Case
from casework.models.cases import status_field
from casework.models.notes import Band
from casework.workflow import Move
from mentoring import policies
from mentoring.choices import Suspension


def is_stopped_by_papers_alone(mentor: Any) -> bool:
    """New papers answer a check that ran out. They answer no concern and no conduct: whoever may
    lift such a suspension does (`reinstate`)."""
    return mentor.suspended_for in ("", Suspension.LAPSE)


class MentorMoves(Case):
    """States and moves; `Mentor` adds the columns."""

    class State(models.TextChoices):
        ENQUIRY = "enquiry", "Enquiry"
        APPLIED = "applied", "Applied"
        SCREENING = "screening", "Checks under way"
        TRAINING = "training", "In training"
        AVAILABLE = "available", "Available"
        ON_LEAVE = "on_leave", "On leave"
        SUSPENDED = "suspended", "Suspended"
        RENEWING = "renewing", "Renewal being looked at"
        LEFT = "left", "Left"
        DECLINED = "declined", "Not taken on"

    FINAL = frozenset({State.LEFT, State.DECLINED})
    # They mentor, or have done and may again: they have an account.
    MENTORING = (State.AVAILABLE, State.ON_LEAVE, State.SUSPENDED, State.RENEWING)
    # They may be proposed, if nothing else stands against it.
    MATCHABLE = (State.AVAILABLE, State.RENEWING)

    status = status_field(State, State.ENQUIRY)

    if TYPE_CHECKING:
        supervisor: Any
        user: Any

    class Meta:
        abstract = True

    # Moves, in the order in which their buttons stand. ------------------------------------------

    @transition(
        status,
        source=State.ENQUIRY,
        target=State.APPLIED,
        permission=policies.registers,
        custom=Move(label="Application received", did="noted the application", primary=True),
    )
    def apply(self, *, by: User) -> None:
        """The application is in; the paper itself is not kept here."""

    @transition(
        status,
        source=State.APPLIED,
        target=State.SCREENING,
        permission=policies.registers,
        custom=Move(label="Start the checks", did="started the checks", primary=True),
    )
    def start_screening(self, *, by: User) -> None:
        self.owner = by

    @transition(
        status,
        source=State.SCREENING,
        target=State.TRAINING,
        permission=policies.registers,
        custom=Move(label="All checks are clear", did="found all checks clear", primary=True),
    )
    def clear(self, *, by: User) -> None:
        """`Mentor.clean` refuses it while a check of screening is missing."""

    @transition(
        status,
        source=State.TRAINING,
        target=State.AVAILABLE,
        permission=policies.registers,
        custom=Move(
            label="Make available",
            did="made them available",
            form="CompleteForm",
            primary=True,
            tells=["mentor", "supervisor"],
            codes=["user", "level"],
        ),
    )
    def complete(self, *, by: User, user: User, level: int, supervisor: User | None = None) -> None:
        """`user` is the account with which they sign in as a mentor."""
        self.user, self.level = user, level
        self.owner = self.supervisor = supervisor

    @transition(
        status,
        source=State.AVAILABLE,
        target=State.AVAILABLE,
        permission=policies.supervises_or_registers,
        custom=Move(
            label="Write down supervision",
            did="held supervision",
            then="Then their supervisor has six weeks for the next one.",
            form="SupervisionForm",
            codes=["held_on", "minutes"],
            texts={"words": Band.MANAGEMENT},
        ),
    )
    def supervise(self, *, by: User, held_on: Any, minutes: int, words: str) -> None:
        """A talk with their supervisor; the clock of six weeks begins again."""
        self.owner = self.supervisor

    @transition(
        status,
        source=State.AVAILABLE,
        target=State.ON_LEAVE,
        permission=policies.self_or_registers,
        custom=Move(
            label="Take a break",
            did="began a break",
            form="LeaveForm",
            tells=["coordinators", "supervisor"],
            due="back_on",
            codes=["back_on"],
        ),
    )
    def go_on_leave(self, *, by: User, back_on: Any) -> None:
        self.owner = None

    @transition(
        status,
        source=State.ON_LEAVE,
        target=State.AVAILABLE,
        permission=policies.self_or_registers,
        custom=Move(
            label="Back from the break",
            did="came back from the break",
            primary=True,
            tells=["coordinators", "supervisor"],
        ),
    )
    def come_back(self, *, by: User) -> None:
        """`Mentor.clean` refuses it when a check has run out meanwhile."""
        self.owner = self.supervisor

    @transition(
        status,
        source=[State.AVAILABLE, State.SUSPENDED],
        target=State.RENEWING,
        conditions=[is_stopped_by_papers_alone],
        permission=policies.self_or_registers,
        custom=Move(
            label="New papers are in",
            did="handed in new papers",
            tells=["coordinators"],
        ),
    )
    def hand_in(self, *, by: User) -> None:
        """Evidence is in and waits for a coordinator to look at it."""
        self.owner = None

    @transition(
        status,
        source=State.RENEWING,
        target=State.AVAILABLE,
        conditions=[is_stopped_by_papers_alone],
        permission=policies.registers,
        custom=Move(label="Renew", did="renewed them", primary=True, tells=["mentor"]),
    )
    def renew(self, *, by: User) -> None:
        """Recorded, looked at and in date; `Mentor.clean` checks the dates."""
        self.suspended_for = ""
        self.owner = self.supervisor

    @transition(
        status,
        source=State.RENEWING,
        target=State.SUSPENDED,
        permission=policies.registers,
        custom=Move(
            label="Not enough to renew",
            did="did not renew them",
            form="WhyForm",
            tells=["mentor", "supervisor"],
            texts={"why": Band.MANAGEMENT},
        ),
    )
    def lapse(self, *, by: User, why: str) -> None:
        self.suspended_for = self.suspended_for or Suspension.LAPSE
        self.owner = None

    @transition(
        status,
        source=[State.AVAILABLE, State.ON_LEAVE, State.RENEWING],
        target=State.SUSPENDED,
        permission=policies.stops,
        custom=Move(
            label="Suspend",
            did="suspended them",
            form="SuspendForm",
            danger=True,
            tells=["mentor", "supervisor", "coordinators"],
            codes=["reason"],
            texts={"why": Band.MANAGEMENT},
        ),
    )
    def suspend(self, *, by: Any, reason: str, why: str = "") -> None:
        """No match is proposed or goes a step further; a match that runs is the coordinators' to
        decide on (their queue shows it)."""
        self.suspended_for = reason
        self.owner = None

    @transition(
        status,
        source=State.SUSPENDED,
        target=State.AVAILABLE,
        permission=policies.reinstates,
        custom=Move(
            label="Lift the suspension",
            did="lifted the suspension",
            form="WhyForm",
            tells=["mentor", "supervisor"],
            texts={"why": Band.MANAGEMENT},
        ),
    )
    def reinstate(self, *, by: User, why: str) -> None:
        self.suspended_for = ""
        self.owner = self.supervisor

    @transition(
        status,
        source=[State.ENQUIRY, State.APPLIED, State.SCREENING, State.TRAINING],
        target=State.DECLINED,
        permission=policies.registers,
        custom=Move(
            label="Do not take on",
            did="did not take them on",
            form="TurnAwayForm",
            danger=True,
            codes=["reason"],
            texts={"why": Band.MANAGEMENT},
        ),
    )
    def turn_away(self, *, by: User, reason: str, why: str) -> None:
        self.ended_for = reason
        self.owner = None

    @transition(
        status,
        source=[
            State.ENQUIRY,
            State.APPLIED,
            State.SCREENING,
            State.TRAINING,
            State.AVAILABLE,
            State.ON_LEAVE,
            State.SUSPENDED,
            State.RENEWING,
        ],
        target=State.LEFT,
        permission=policies.registers,
        custom=Move(
            label="They have left",
            did="noted that they have left",
            form="LeavingForm",
            danger=True,
            tells=["supervisor"],
            codes=["reason"],
            texts={"why": Band.MANAGEMENT},
        ),
    )
    def leave(self, *, by: User, reason: str, why: str) -> None:
        """`Mentor.clean` refuses it while a match is alive."""
        self.ended_for = reason
        self.owner = None
