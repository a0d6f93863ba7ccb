"""The states, clocks and columns of a placement, which its moves set."""

from typing import ClassVar

from django.db import models

from accounts import roles
from casework.clocks import Clock
from casework.models import Case
from casework.models.cases import status_field


class PlacementColumns(Case):
    KIND = "placement"
    LOCK_FIRST = ("referral",)

    class State(models.TextChoices):
        APPLIED = "applied", "Applied"
        OFFERED = "offered", "Offered"
        ACCEPTED = "accepted", "Start agreed"
        STARTED = "started", "Started"
        COMPLETED = "completed", "Completed"
        LEFT_EARLY = "left_early", "Left early"
        ONWARD = "onward", "Moved on"
        ENDED = "ended", "Followed to the end"
        DECLINED = "declined", "Not offered"
        WITHDRAWN = "withdrawn", "Application withdrawn"
        REFUSED = "refused", "Offer refused"
        FELL_THROUGH = "fell_through", "Did not start"

    FINAL = frozenset(
        {State.ENDED, State.DECLINED, State.WITHDRAWN, State.REFUSED, State.FELL_THROUGH}
    )
    IN_PLACE = (State.STARTED, State.ONWARD)
    BETWEEN = (State.COMPLETED, State.LEFT_EARLY)
    # A way is open: an answer, a start or a place is ahead. Who has left has none.
    UNDER_WAY = (State.APPLIED, State.OFFERED, State.ACCEPTED, State.STARTED, State.ONWARD)
    CLOCKS: ClassVar[dict[str, Clock]] = {
        State.APPLIED: Clock(roles.PathwayAdviser, 10, since="given", remind_before=2),
        State.OFFERED: Clock(roles.PathwayAdviser, 5, since="given"),
        State.ACCEPTED: Clock(roles.PathwayAdviser, 20, since="given", remind_before=3),
        State.STARTED: Clock(
            roles.PathwayAdviser, 28, unit="days", since="given", remind_before=7, escalate_every=7
        ),
        State.ONWARD: Clock(
            roles.PathwayAdviser, 28, unit="days", since="given", remind_before=7, escalate_every=7
        ),
        State.COMPLETED: Clock(
            roles.PathwayAdviser, 28, unit="days", since="given", remind_before=7
        ),
        State.LEFT_EARLY: Clock(roles.PathwayAdviser, 2),
        "left_and_met": Clock(roles.PathwayAdviser, 10, since="given", remind_before=2),
    }
    CLOCK_LABELS: ClassVar = {"left_and_met": "Left early, after the adviser met them"}

    class Reason(models.TextChoices):
        """Why it ended. The first group is the organisation's, the second the young person's."""

        FULL = "full", "The places were gone"
        REQUIREMENTS = "requirements", "They lacked an entry need"
        CONVICTIONS = "convictions", "Because of convictions"
        INTERVIEW = "interview", "After the interview"
        NO_ANSWER = "no_answer", "No answer came"
        CLOSED = "closed", "It was called off or closed"
        DISMISSED = "dismissed", "They were asked to leave"
        OTHER_PLACE = "other_place", "They have another place"
        NOT_FOR_THEM = "not_for_them", "It is not what they want"
        TRAVEL = "travel", "Travel"
        MONEY = "money", "Money"
        HEALTH = "health", "Health"
        CARING = "caring", "Caring or family"
        SAFETY = "safety", "They did not feel safe"
        CUSTODY = "custody", "Custody"
        NOT_REACHED = "not_reached", "We could not reach them"
        OTHER = "other", "Another reason"

    status = status_field(State, State.APPLIED)
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, related_name="placements"
    )
    opportunity = models.ForeignKey(
        "pathways.Opportunity", on_delete=models.PROTECT, related_name="placements"
    )
    agreed_on = models.DateField("When did they agree that we share their details?")
    starts_on = models.DateField("First day", null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    is_contacted = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
