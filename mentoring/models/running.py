"""The moves of a match that runs, and its end (mentoring reference §6); what comes before is in
`meeting`."""

from typing import Any

from django_fsm import transition

from accounts.models import User
from casework.models.notes import Band
from casework.workflow import Move
from mentoring import policies
from mentoring.choices import Ahead, Ending

from .meeting import MatchStart


class MatchMoves(MatchStart):
    """The moves of a match that runs, and its end."""

    class Meta:
        abstract = True

    State = MatchStart.State

    @transition(
        "status",
        source=State.ACTIVE,
        target=State.PAUSED,
        permission=policies.mentors_matches_or_system,
        custom=Move(
            label="Pause",
            did="paused it",
            form="PauseForm",
            tells=["coordinator", "mentor"],
            due="review_on",
            codes=["review_on", "ahead"],
            texts={"why": Band.TEAM},
            writes="mentoring.services.pause_with_referral",
        ),
    )
    def pause(
        self, *, by: Any, why: str = "", review_on: Any = None, ahead: str = Ahead.CALL_OFF
    ) -> None:
        """An agreed break; the mentor keeps them, a coordinator looks again on the day. `ahead`:
        what becomes of sessions planned before that day."""
        self.owner = None

    @transition(
        "status",
        source=State.PAUSED,
        target=State.PAUSED,
        permission=policies.mentors_matches_or_system,
        custom=Move(
            label="Pause for longer",
            did="paused it for longer",
            form="PauseForm",
            tells=["coordinator", "mentor"],
            due="review_on",
            codes=["review_on", "ahead"],
            texts={"why": Band.TEAM},
            writes="mentoring.services.pause_with_referral",
        ),
    )
    def pause_longer(
        self, *, by: Any, why: str = "", review_on: Any = None, ahead: str = Ahead.CALL_OFF
    ) -> None:
        """Looked at again: the break goes on until another review."""

    @transition(
        "status",
        source=State.PAUSED,
        target=State.ACTIVE,
        permission=policies.mentors_matches_or_system,
        custom=Move(
            label="Take up again",
            did="took it up again",
            primary=True,
            tells=["coordinator", "mentor"],
            writes="mentoring.services.resume_referral",
        ),
    )
    def resume(self, *, by: Any) -> None:
        """Every hard rule is checked again."""
        self.owner = self.mentor.user

    @transition(
        "status",
        source=[State.ACTIVE, State.PAUSED],
        target=State.CLOSING,
        permission=policies.mentors_matches_or_system,
        custom=Move(
            label="Begin the ending",
            did="began the ending",
            form="BeginEndingForm",
            tells=["coordinator", "mentor"],
            codes=["reason", "ahead"],
            texts={"why": Band.TEAM},
            writes="mentoring.services.begin_ending",
        ),
    )
    def start_closing(
        self, *, by: Any, reason: str, why: str = "", ahead: str = Ahead.CALL_OFF
    ) -> None:
        """A planned ending: last sessions, then a coordinator ends it."""
        self.ended_for = reason
        self.owner = None

    @transition(
        "status",
        source=State.CLOSING,
        target=State.ACTIVE,
        permission=policies.matches_or_system,
        custom=Move(
            label="Go on after all",
            did="let it go on",
            form="WhyForm",
            tells=["mentor"],
            texts={"why": Band.TEAM},
            writes="mentoring.services.check_again",
        ),
    )
    def go_on(self, *, by: Any, why: str = "") -> None:
        self.ended_for = ""
        self.owner = self.mentor.user

    @transition(
        "status",
        source=State.CLOSING,
        target=State.CLOSED,
        permission=policies.matches,
        custom=Move(
            label="End the match",
            did="ended it",
            form="EndForm",
            primary=True,
            tells=["mentor", "supervisor"],
            codes=["reason", "last_met_on", "what_next"],
            texts={"why": Band.TEAM, "afterwards": Band.TEAM},
            writes="mentoring.services.end_for_referral",
            then="The match is over. Where support ends with it, the mentor writes the end report; "
            "else a new mentor is looked for.",
        ),
    )
    def close(
        self,
        *,
        by: User,
        reason: str,
        last_met_on: Any,
        what_next: str,
        why: str = "",
        afterwards: str = "",
    ) -> None:
        self.ended_for, self.last_met_on, self.what_next = reason, last_met_on, what_next
        self.owner = None

    @transition(
        "status",
        source=[State.ACTIVE, State.PAUSED, State.CLOSING],
        target=State.CLOSED,
        permission=policies.matches_or_system,
        custom=Move(
            label="End now",
            did="ended it at once",
            form="EndNowForm",
            danger=True,
            tells=["mentor", "coordinator", "supervisor"],
            codes=["reason"],
            texts={"why": Band.TEAM},
            writes="mentoring.services.give_back",
            then="The match is over at once. A coordinator looks for another mentor, or ends the "
            "referral.",
        ),
    )
    def end_now(self, *, by: Any, reason: str = Ending.REFERRAL_ENDED, why: str = "") -> None:
        """An unplanned ending; the young person waits for another worker."""
        self.ended_for = reason
        self.owner = None
