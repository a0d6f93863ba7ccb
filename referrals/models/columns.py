"""The states, clocks and columns of a referral, which its moves set."""

import uuid
from typing import ClassVar, cast

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts import roles
from accounts.models import Membership, User
from casework.clocks import Clock
from casework.models import Case
from casework.models.cases import status_field
from referrals.choices import Basis, Complexity, Decline, Ending, Prevention, RiskTier

from .work import Assignment


class ReferralColumns(Case):
    KIND = "referral"
    NOT_BY = "referred_by"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Received"
        TRIAGE = "triage", "Being looked at"
        INFO_NEEDED = "info_needed", "Question asked"
        HELD = "held", "Held for safeguarding"
        WAITING = "waiting", "Waiting for a place"
        ACCEPTED = "accepted", "Accepted"
        ALLOCATED = "allocated", "Worker asked"
        ACTIVE = "active", "Support under way"
        PAUSED = "paused", "Paused"
        CLOSING = "closing", "Ending"
        CLOSED = "closed", "Ended"
        DECLINED = "declined", "Not accepted"
        REDIRECTED = "redirected", "Passed on"
        WITHDRAWN = "withdrawn", "Withdrawn"

    FINAL = frozenset({State.CLOSED, State.DECLINED, State.REDIRECTED, State.WITHDRAWN})
    EXPIRING = frozenset({State.DRAFT})
    BEFORE_ACCEPTANCE = (
        State.SUBMITTED,
        State.TRIAGE,
        State.INFO_NEEDED,
        State.HELD,
        State.WAITING,
    )
    WITH_A_WORKER = (State.ALLOCATED, State.ACTIVE, State.PAUSED, State.CLOSING)
    CLOCKS: ClassVar[dict[str, Clock]] = {
        State.DRAFT: Clock(roles.Referrer, 30, unit="days", remind_before=7),
        State.SUBMITTED: Clock(roles.Coordinator, 1),
        State.TRIAGE: Clock(roles.Coordinator, 5, since="opened"),
        State.INFO_NEEDED: Clock(
            roles.Referrer, 10, unit="school_days", remind_before=5, pauses=True
        ),
        State.HELD: Clock(roles.SafeguardingLead, 1),
        State.WAITING: Clock(roles.Coordinator, 20, remind_before=2),
        State.ACCEPTED: Clock(roles.Coordinator, 5),
        State.ALLOCATED: Clock(roles.Mentor, 2),
        State.ACTIVE: Clock(roles.Mentor, 5),
        State.PAUSED: Clock(roles.Mentor, 20, since="given"),
        State.CLOSING: Clock(roles.Mentor, 5),
        "allocated_adviser": Clock(roles.PathwayAdviser, 2),
        "active_adviser": Clock(roles.PathwayAdviser, 10),
        "paused_adviser": Clock(roles.PathwayAdviser, 20, since="given"),
        "closing_adviser": Clock(roles.PathwayAdviser, 5),
        "closing_reported": Clock(roles.Coordinator, 3),
    }
    CLOCK_LABELS: ClassVar = {
        **{f"{state}_adviser": f"{state.label}, with a pathway adviser" for state in WITH_A_WORKER},
        "closing_reported": f"{State.CLOSING.label}, the end report is to be approved",
    }

    status = status_field(State, State.DRAFT)
    programme = models.ForeignKey(
        "referrals.Programme", on_delete=models.PROTECT, related_name="referrals"
    )
    young_person = models.ForeignKey(
        "referrals.YoungPerson",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="referrals",
    )
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="referrals"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="referrals"
    )
    submit_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sections_done = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    level_of_need = models.PositiveSmallIntegerField(null=True, blank=True)
    is_danger = models.BooleanField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    worker_role = models.CharField(
        max_length=8,
        choices=Assignment.Role,
        blank=True,
        editable=False,
        help_text="As what its owner was last asked to work on it.",
    )
    prevention = models.CharField(max_length=10, choices=Prevention, blank=True)
    risk_tier = models.PositiveSmallIntegerField(choices=RiskTier, null=True, blank=True)
    complexity = models.CharField(max_length=8, choices=Complexity, blank=True)
    basis = models.CharField(max_length=24, choices=Basis, blank=True)
    decline_code = models.CharField(max_length=20, choices=Decline, blank=True)
    ending_code = models.CharField(max_length=24, choices=Ending, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who wrote the end report that waits for approval, or was approved.",
    )
    signposted_to = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def worker_now(self) -> User | None:
        """Who works on it in the role that was last asked, while they still hold that role."""
        if not self.worker_role:
            return None
        mine = Membership.objects.in_force().as_role(
            Assignment.ROLES[Assignment.Role(self.worker_role)]
        )
        for row in self.assignments.current().filter(role=self.worker_role):  # type: ignore[attr-defined]
            if mine.filter(user=row.worker_id).exists():
                return cast(User, row.worker)
        return None

    @property
    def coordinator_now(self) -> User | None:
        """Whoever coordinates it, while they still coordinate there; else nobody, and it waits in
        the queue of their role."""
        if self.coordinator is None or self.area_id is None:
            return None
        there = Membership.objects.in_force().as_role(roles.Coordinator).for_area(self.area_id)
        return self.coordinator if there.filter(user=self.coordinator).exists() else None
