import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts import roles
from accounts.models import Membership, User
from casework import references
from casework.calendar import now, working_days_after
from casework.clocks import Clock
from casework.models.notes import Band
from mentoring import policies, standard
from mentoring.choices import Ending, NotThisMentor, WhatNext

from .running import MatchMoves
from .sight import LIVE, MatchQuerySet

State = MatchMoves.State
COORDINATOR = roles.Coordinator


class Match(MatchMoves):
    """One young person and one mentor, from the proposal to the end.

    Its moves lock the referral first, then the match, then (where a place is taken) the mentor.
    """

    KIND = "match"
    LOCK_FIRST = ("referral",)
    CLOCKS: ClassVar[dict[str, Clock]] = {
        State.PROPOSED: Clock(COORDINATOR, 5),
        State.APPROVED: Clock(COORDINATOR, 7, "days", remind_before=2),
        State.ACCEPTED: Clock(COORDINATOR, 10, remind_before=3),
        State.INTRODUCED: Clock(COORDINATOR, 5),
        State.ACTIVE: Clock(roles.Mentor, 10, since="given", escalate_every=2),
        State.PAUSED: Clock(COORDINATOR, 14, "days", "given", remind_before=3),
        State.CLOSING: Clock(COORDINATOR, 20, remind_before=5),
    }

    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, related_name="matches"
    )
    mentor = models.ForeignKey("mentoring.Mentor", on_delete=models.PROTECT, related_name="matches")
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submit_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    approach = models.CharField(max_length=60, default=standard.VERSION, editable=False)
    points = models.PositiveSmallIntegerField(default=1, editable=False)
    lines = models.JSONField(
        default=list, editable=False, help_text="Points by criterion: [code, points]."
    )
    sentence = models.CharField(
        max_length=400, blank=True, editable=False, help_text="Why this mentor was proposed."
    )
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    mentor_agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    young_person_agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    contacted_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the mentor first reached them."
    )
    met_on = models.DateField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    declined_for = models.CharField(max_length=16, choices=NotThisMentor, blank=True)
    ended_for = models.CharField(max_length=16, choices=Ending, blank=True)
    last_met_on = models.DateField(null=True, blank=True)
    what_next = models.CharField(max_length=8, choices=WhatNext, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = "match"
        verbose_name_plural = "matches"
        ordering = ["-created_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["area", "status", "created_at", "id"], name="match_queue"),
            models.Index(fields=["mentor", "status"], name="match_of_mentor"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(status__in=LIVE),
                name="match_one_live",
                violation_error_message="This young person has a match already.",
            ),
            models.UniqueConstraint(
                fields=["referral", "mentor"],
                condition=Q(status__in=["proposed", *LIVE]),
                name="match_pair_once",
                violation_error_message="This mentor is proposed for this young person already.",
            ),
            models.CheckConstraint(
                name="match_accepted_has_both_answers",
                condition=~Q(status__in=["accepted", "introduced", "active", "paused", "closing"])
                | Q(mentor_agreed_at__isnull=False, young_person_agreed_at__isnull=False),
                violation_error_message="Both the mentor and the young person have to say yes.",
            ),
            models.CheckConstraint(
                name="match_active_is_agreed",
                condition=~Q(status__in=["active", "paused", "closing"])
                | Q(met_on__isnull=False, agreed_on__isnull=False),
                violation_error_message="They have met, and the match agreement is signed.",
            ),
            models.CheckConstraint(
                name="match_end_has_a_reason",
                condition=(~Q(status="closed") | ~Q(ended_for=""))
                & (~Q(status="declined") | ~Q(declined_for="")),
                violation_error_message="Say why it ended.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "Who mentors them, why it was this mentor, and how it went on."
        keep = "as long as the referral"
        fields: ClassVar = {
            "referral": "personal team give",
            "mentor": "personal team give",
            "coordinator": "personal team give",
            "submit_key": "none",
            "approach": "none",
            "points": "personal team give",
            "lines": "personal team give",
            "sentence": "personal team give",
            "asked_at": "personal team give",
            "mentor_agreed_at": "personal team give",
            "young_person_agreed_at": "personal team give",
            "contacted_at": "personal team give",
            "met_on": "personal team give",
            "agreed_on": "personal team give",
            "declined_for": "personal team give",
            "ended_for": "personal team give",
            "last_met_on": "personal team give",
            "what_next": "personal team give",
        }

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def waits_for_mentor(self) -> bool:
        """Asked, and no yes yet: until then its mentor reads little of the young person."""
        return self.status == State.APPROVED and self.mentor_agreed_at is None

    @property
    def awaits_meeting(self) -> bool:
        """From its mentor's yes until they have met: the time of the first contact."""
        return self.mentor_agreed_at is not None and self.status in (
            State.APPROVED,
            State.ACCEPTED,
        )

    @property
    def next_date(self) -> date | None:
        """While it runs: the working day after the next planned session, by when it is written
        down; unless that session is so far off that the clock would be silent for too long."""
        if self.status != State.ACTIVE:
            return None
        until = now() + timedelta(days=standard.LONGEST_GAP_DAYS)
        planned = self.sessions.planned().filter(begins_at__gte=now(), begins_at__lte=until)
        first = planned.order_by("begins_at").first()
        return working_days_after(first.begins_at, 1) if first else None

    def home(self) -> str:
        return references.page("mentoring:match", self.reference)

    def bands_for(self, user: User) -> set[str]:
        bands: set[str] = set()
        if policies.is_its_mentor(self, user):
            bands |= {Band.SHARED, Band.TEAM}
        if policies.oversees(self, user):
            bands |= {Band.SHARED, Band.TEAM, Band.MANAGEMENT}
        if policies.coordinates(self, user) or policies.manages_escalated(self, user):
            bands |= {Band.SHARED, Band.TEAM, Band.SENSITIVE, Band.MANAGEMENT}
        return bands

    def audience(self, name: str) -> Iterable[User]:
        match name:
            case "mentor":
                return [self.mentor.user] if self.mentor.user else []
            case "mentor_if_asked":
                return self.audience("mentor") if self.asked_at else []
            case "coordinator":
                return self._coordinators()
            case "supervisor":
                rows = Membership.objects.in_force().as_role(roles.Mentor)
                held = rows.filter(user=self.mentor.user_id, reports_to__is_active=True)
                return [
                    row.reports_to for row in held.select_related("reports_to") if row.reports_to
                ]
        return super().audience(name)

    def _coordinators(self) -> list[User]:
        """The one who made it while they coordinate here; otherwise all of the area."""
        rows = Membership.objects.in_force().as_role(roles.Coordinator)
        there = rows.for_area(cast(Any, self.area_id)).select_related("user")
        here = [row.user for row in there]
        return [user for user in here if user.pk == self.coordinator_id] or here

    def handed_to(self, user: User) -> None:
        if self.owner_role == roles.Mentor.code:
            raise ValidationError(
                f"{self.reference} cannot be handed over: end the match first, and find the young "
                "person another mentor."
            )
        self.coordinator = user

    if TYPE_CHECKING:
        sessions: Any
