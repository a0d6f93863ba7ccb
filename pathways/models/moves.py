"""The moves of a placement: pathways reference §8 as code. Bodies set fields."""

from datetime import date
from typing import Any

from django_fsm import transition

from casework.models.notes import Band
from casework.workflow import Move
from pathways import policies

from .columns import PlacementColumns


def nothing_is_due(placement: Any) -> bool:
    """A placement ends with its last check, never before (casework reference §7)."""
    return not placement.checks.due().exists()


State = PlacementColumns.State


class PlacementMoves(PlacementColumns):
    """The moves, in the order of a way into a place."""

    class Meta:
        abstract = True

    @transition(
        "status",
        source=State.APPLIED,
        target=State.OFFERED,
        permission=policies.handles,
        custom=Move(
            label="They were offered the place",
            did="recorded an offer",
            form="OfferForm",
            primary=True,
            due="answer_by",
            codes=["answer_by"],
            texts={"conditions": Band.TEAM},
            writes="pathways.services.hold_place",
        ),
    )
    def offer(self, *, by: Any, answer_by: date, conditions: str = "") -> None:
        """A place is held for them from here on."""

    @transition(
        "status",
        source=State.APPLIED,
        target=State.APPLIED,
        permission=policies.handles,
        custom=Move(
            label="Asked again, no answer yet",
            did="asked the organisation again",
            form="ChaseForm",
            due="ask_again_on",
            codes=["ask_again_on"],
            texts={"words": Band.TEAM},
            writes="pathways.services.keep_going",
        ),
    )
    def chase(self, *, by: Any, ask_again_on: date, words: str = "") -> None:
        """The organisation still owes an answer."""

    @transition(
        "status",
        source=State.APPLIED,
        target=State.DECLINED,
        permission=policies.handles,
        custom=Move(
            label="They were not offered it",
            did="recorded that it was not offered",
            form="NotOfferedForm",
            codes=["reason"],
            texts={"words": Band.TEAM},
            writes="pathways.services.settle",
        ),
    )
    def decline(self, *, by: Any, reason: str, words: str = "") -> None:
        self._close(reason)

    @transition(
        "status",
        source=State.APPLIED,
        target=State.WITHDRAWN,
        permission=policies.handles,
        custom=Move(
            label="Withdraw the application",
            did="withdrew the application",
            form="WithdrawnForm",
            danger=True,
            codes=["reason"],
            texts={"words": Band.TEAM},
            writes="pathways.services.settle",
        ),
    )
    def withdraw(self, *, by: Any, reason: str, words: str = "") -> None:
        self._close(reason)

    @transition(
        "status",
        source=State.OFFERED,
        target=State.ACCEPTED,
        permission=policies.handles,
        custom=Move(
            label="They take the offer",
            did="recorded that they take the offer",
            form="AcceptedForm",
            primary=True,
            due="starts_on",
            codes=["starts_on"],
            writes="pathways.services.keep_going",
        ),
    )
    def accept(self, *, by: Any, starts_on: date) -> None:
        self.starts_on = starts_on

    @transition(
        "status",
        source=State.OFFERED,
        target=State.REFUSED,
        permission=policies.handles,
        custom=Move(
            label="They do not take the offer",
            did="recorded that they do not take the offer",
            form="RefusedForm",
            codes=["reason"],
            texts={"words": Band.TEAM},
            writes="pathways.services.settle",
        ),
    )
    def refuse(self, *, by: Any, reason: str, words: str = "") -> None:
        self._close(reason)

    @transition(
        "status",
        source=State.ACCEPTED,
        target=State.STARTED,
        permission=policies.handles,
        custom=Move(
            label="They have started",
            did="recorded the start",
            form="StartedForm",
            primary=True,
            tells=["workers", "coordinator"],
            then="Somebody asks whether the place holds after 4, 13 and 26 weeks.",
            codes=["started_on", "code", "evidence"],
            writes="pathways.services.begin",
        ),
    )
    def start(self, *, by: Any, started_on: date, evidence: str, code: str = "", **_: Any) -> None:
        self.started_on = started_on

    @transition(
        "status",
        source=State.ACCEPTED,
        target=State.ACCEPTED,
        permission=policies.handles,
        custom=Move(
            label="The start date has changed",
            did="changed the start date",
            form="PostponedForm",
            due="starts_on",
            codes=["starts_on"],
            texts={"words": Band.TEAM},
            writes="pathways.services.keep_going",
        ),
    )
    def postpone(self, *, by: Any, starts_on: date, words: str = "") -> None:
        self.starts_on = starts_on

    @transition(
        "status",
        source=State.ACCEPTED,
        target=State.FELL_THROUGH,
        permission=policies.handles,
        custom=Move(
            label="They did not start",
            did="recorded that they did not start",
            form="FellThroughForm",
            tells=["workers"],
            codes=["reason"],
            texts={"words": Band.TEAM},
            writes="pathways.services.settle",
        ),
    )
    def fall_through(self, *, by: Any, reason: str, words: str = "") -> None:
        self._close(reason)

    @transition(
        "status",
        source=State.STARTED,
        target=State.COMPLETED,
        permission=policies.handles,
        custom=Move(
            label="They have completed it",
            did="recorded that they completed it",
            form="CompletedForm",
            tells=["workers"],
            then="What comes next has to begin within 28 days.",
            codes=["ended_on"],
            texts={"next_step": Band.TEAM},
            writes="pathways.services.part",
        ),
    )
    def complete(self, *, by: Any, ended_on: date, next_step: str) -> None:
        """Finished as planned. What comes next is said at once: no dead ends."""
        self.ended_on = ended_on

    @transition(
        "status",
        source=[State.STARTED, State.ONWARD],
        target=State.LEFT_EARLY,
        permission=policies.handles,
        custom=Move(
            label="They have left",
            did="recorded that they left",
            form="LeftForm",
            danger=True,
            tells=["workers", "coordinator"],
            then="Somebody speaks with them within 2 working days.",
            codes=["ended_on", "reason"],
            texts={"words": Band.TEAM},
            writes="pathways.services.part",
        ),
    )
    def leave(self, *, by: Any, ended_on: date, reason: str, words: str = "") -> None:
        self.ended_on, self.reason = ended_on, reason
        self.is_contacted = False

    @transition(
        "status",
        source=State.LEFT_EARLY,
        target=State.LEFT_EARLY,
        permission=policies.handles,
        custom=Move(
            label="We have spoken: what comes next",
            did="spoke with them about what comes next",
            form="ContactForm",
            primary=True,
            due="review_on",
            codes=["review_on"],
            texts={"next_step": Band.TEAM},
            writes="pathways.services.settle_after_contact",
        ),
    )
    def contact(self, *, by: Any, next_step: str, review_on: date) -> None:
        self.is_contacted = True

    @transition(
        "status",
        source=[State.COMPLETED, State.LEFT_EARLY],
        target=State.ONWARD,
        permission=policies.handles,
        custom=Move(
            label="They are in another place",
            did="recorded that they are in another place",
            form="OnwardForm",
            tells=["workers"],
            then="The checks go on, on the days that they had.",
            codes=["starts_on", "code", "evidence"],
            writes="pathways.services.go_on",
        ),
    )
    def move_on(self, *, by: Any, starts_on: date, code: str, evidence: str, **_: Any) -> None:
        """Within 28 days, so that the checks go on as they were (pathways reference §8)."""

    @transition(
        "status",
        source=[State.STARTED, State.ONWARD, State.COMPLETED, State.LEFT_EARLY],
        target=State.ENDED,
        conditions=[nothing_is_due],
        permission=policies.is_system,
        custom=Move(
            did="closed this: the last check is answered",
            hidden=True,
            writes="pathways.services.settle",
        ),
    )
    def finish(self, *, by: Any) -> None:
        self.owner = None

    def _close(self, reason: str) -> None:
        self.reason = reason
        self.owner = None
