"""The states of a match, and its moves until it runs (mentoring reference §6); `running` has those
that follow. Bodies set fields; what a move does to the referral and to other matches is in
`services.matching`, run within it."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django_fsm import transition

from accounts.models import User
from casework.calendar import now
from casework.models import Case
from casework.models.cases import status_field
from casework.models.notes import Band
from casework.workflow import Move
from mentoring import policies
from mentoring.choices import NotThisMentor

if TYPE_CHECKING:
    from .mentor import Mentor


def both_said_yes(match: Any) -> bool:
    return bool(match.mentor_agreed_at and match.young_person_agreed_at)


class MatchStart(Case):
    """States, and the moves until a match runs."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Both asked"
        ACCEPTED = "accepted", "Both said yes"
        INTRODUCED = "introduced", "Have met"
        ACTIVE = "active", "Meeting"
        PAUSED = "paused", "Paused"
        CLOSING = "closing", "Ending"
        CLOSED = "closed", "Ended"
        DECLINED = "declined", "Did not begin"
        EXPIRED = "expired", "No answer in time"
        SUPERSEDED = "superseded", "Another match was made"
        WITHDRAWN = "withdrawn", "Taken back"

    FINAL = frozenset(
        {State.CLOSED, State.DECLINED, State.EXPIRED, State.SUPERSEDED, State.WITHDRAWN}
    )
    # Sessions are written down in these.
    WITH_SESSIONS = (State.INTRODUCED, State.ACTIVE, State.CLOSING)

    status = status_field(State, State.PROPOSED)

    if TYPE_CHECKING:
        mentor: Mentor
        asked_at: Any
        mentor_agreed_at: Any
        young_person_agreed_at: Any
        declined_for: Any

    class Meta:
        abstract = True

    @transition(
        status,
        source=State.PROPOSED,
        target=State.APPROVED,
        permission=policies.matches,
        custom=Move(
            label="Ask both",
            did="asked both",
            primary=True,
            tells=["mentor"],
            writes="mentoring.services.ask_both",
        ),
    )
    def approve(self, *, by: User) -> None:
        """The coordinator's yes. Every hard rule is checked again, the mentor's place is taken."""
        self.asked_at = now()
        self.owner = self.coordinator = by

    @transition(
        status,
        source=State.PROPOSED,
        target=State.DECLINED,
        permission=policies.matches,
        custom=Move(
            label="Not this mentor",
            did="decided against it",
            form="WhyForm",
            texts={"why": Band.TEAM},
        ),
    )
    def forbid(self, *, by: User, why: str) -> None:
        self.declined_for = NotThisMentor.COORDINATOR
        self.owner = None

    @transition(
        status,
        source=State.PROPOSED,
        target=State.SUPERSEDED,
        permission=policies.is_system,
        custom=Move(label="", did="noted that another match was made", hidden=True),
    )
    def supersede(self, *, by: Any) -> None:
        self.owner = None

    @transition(
        status,
        source=State.APPROVED,
        target=State.APPROVED,
        permission=policies.is_its_mentor,
        custom=Move(
            label="Yes, I will",
            did="said yes",
            form="SayYesForm",
            primary=True,
            tells=["coordinator"],
            writes="mentoring.services.mentor_agrees",
        ),
    )
    def accept(self, *, by: User) -> None:
        """The mentor's yes; the referral is theirs from now."""
        self.mentor_agreed_at = now()

    @transition(
        status,
        source=State.APPROVED,
        target=State.APPROVED,
        permission=policies.matches,
        custom=Move(
            label="The young person said yes",
            did="wrote down that the young person said yes",
            form="TheirYesForm",
            writes="mentoring.services.settle_if_both_agree",
        ),
    )
    def agree(self, *, by: User) -> None:
        """The young person's yes, as they told it to a coordinator."""
        self.young_person_agreed_at = now()

    @transition(
        status,
        source=State.APPROVED,
        target=State.ACCEPTED,
        conditions=[both_said_yes],
        permission=policies.is_system,
        custom=Move(
            label="",
            did="noted that both said yes",
            hidden=True,
            tells=["mentor", "coordinator"],
            writes="mentoring.services.owe_meeting",
        ),
    )
    def settle(self, *, by: Any) -> None:
        """Both have said yes, in either order."""
        self.owner = self.coordinator

    @transition(
        status,
        source=[State.APPROVED, State.ACCEPTED, State.INTRODUCED],
        target=State.DECLINED,
        permission=policies.mentors_or_matches,
        custom=Move(
            label="No, not this match",
            did="wrote down a no",
            form="SayNoForm",
            tells=["coordinator", "mentor"],
            codes=["reason"],
            texts={"why": Band.TEAM},
            writes="mentoring.services.give_back",
        ),
    )
    def decline(self, *, by: User, reason: str, why: str) -> None:
        """A no of the mentor, or of the young person as they told it; the pair is not proposed
        again."""
        self.declined_for = reason
        self.owner = None

    @transition(
        status,
        source=State.APPROVED,
        target=State.EXPIRED,
        permission=policies.matches,
        custom=Move(
            label="No answer in time",
            did="gave up waiting for an answer",
            tells=["mentor"],
            writes="mentoring.services.give_back",
        ),
    )
    def expire(self, *, by: User) -> None:
        self.owner = None

    @transition(
        status,
        source=State.ACCEPTED,
        target=State.INTRODUCED,
        permission=policies.matches,
        custom=Move(
            label="They have met",
            did="introduced them",
            form="IntroduceForm",
            primary=True,
            tells=["mentor"],
            codes=["met_on"],
            writes="mentoring.services.owe_session",
        ),
    )
    def introduce(self, *, by: User, met_on: Any) -> None:
        """The first meeting was held, with one of us there."""
        self.met_on = met_on
        self.owner = self.coordinator = by

    @transition(
        status,
        source=[State.PROPOSED, State.APPROVED, State.ACCEPTED, State.INTRODUCED],
        target=State.WITHDRAWN,
        permission=policies.matches_or_system,
        custom=Move(
            label="Take it back",
            did="took it back",
            form="WhyForm",
            danger=True,
            tells=["coordinator", "mentor_if_asked"],
            texts={"why": Band.TEAM},
            writes="mentoring.services.give_back",
        ),
    )
    def withdraw(self, *, by: Any, why: str = "") -> None:
        self.owner = None

    @transition(
        status,
        source=State.INTRODUCED,
        target=State.ACTIVE,
        permission=policies.matches,
        custom=Move(
            label="Begin",
            did="began it",
            form="BeginForm",
            primary=True,
            tells=["mentor", "supervisor"],
            codes=["agreed_on"],
            writes="mentoring.services.begin_sessions",
        ),
    )
    def activate(self, *, by: User, agreed_on: Any) -> None:
        """The match agreement is signed by the young person, the mentor and us."""
        self.agreed_on = agreed_on
        self.coordinator = by
        self.owner = self.mentor.user
