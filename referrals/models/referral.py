import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts import roles
from accounts.models import Membership, User, standing
from casework import references
from casework.models.notes import Band
from referrals import policies
from referrals.choices import RiskTier, SectionCode

from .moves import ReferralMoves
from .people import NAMELESS
from .sight import ReferralQuerySet
from .work import Assignment


class Referral(ReferralMoves):
    """A young person on their way from the first worry to a place that lasts (casework reference
    §7)."""

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = "referral"
        ordering = ["-created_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["area", "status", "created_at", "id"], name="referral_queue"),
            models.Index(fields=["created_at", "id"], name="referral_by_date"),
            models.Index(
                # With what sight asks about, so that a queue is counted from the index alone.
                fields=["status", "created_at", "id"],
                include=["area", "referred_by", "organisation"],
                name="referral_in_state",
            ),
            models.Index(fields=["referred_by", "-created_at"], name="referral_by_author"),
            models.Index(
                fields=["owner", "due_at"],
                name="referral_owner_open",
                condition=~Q(status__in=["closed", "declined", "redirected", "withdrawn"]),
            ),
            models.Index(
                fields=["due_at"],
                name="referral_due_open",
                condition=~Q(status__in=["closed", "declined", "redirected", "withdrawn"]),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="referral_sent_is_whole",
                condition=Q(status="draft")
                | Q(sent_at__isnull=False, area__isnull=False, young_person__isnull=False),
                violation_error_message="A sent referral has a young person, an area and a date.",
            ),
            models.CheckConstraint(
                name="referral_accepted_is_triaged",
                condition=~Q(status__in=["waiting", "accepted", "allocated", "active"])
                | (
                    ~Q(prevention="")
                    & Q(risk_tier__isnull=False)
                    & ~Q(complexity="")
                    & ~Q(basis="")
                ),
                violation_error_message="Set the prevention tier, the risk tier, the complexity "
                "and the lawful basis before you accept.",
            ),
            models.CheckConstraint(
                name="referral_stop_is_released_before_it_is_sent",
                condition=Q(status__in=["draft", "held", "withdrawn"])
                | Q(stopped_at__isnull=True)
                | Q(released_at__isnull=False),
                violation_error_message="A safeguarding lead has to release this referral first.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "To decide on help for this young person and to see it through."
        keep = "until they would be 25; 1 year when not accepted; drafts 30 days"
        fields: ClassVar = {
            "programme": "personal shared give",
            "young_person": "personal shared give",
            "referred_by": "personal shared give",
            "organisation": "personal shared give",
            "submit_key": "none",
            "sections_done": "none",
            "level_of_need": "special team give",
            "is_danger": "safeguarding team redact",
            "stopped_at": "safeguarding team redact",
            "released_at": "safeguarding team redact",
            "sent_at": "personal shared give",
            "coordinator": "personal shared give",
            "worker_role": "personal shared give",
            "prevention": "special team give",
            "risk_tier": "special team give",
            "complexity": "special team give",
            "basis": "none",
            "decline_code": "special team give",
            "ending_code": "special team give",
            "reported_by": "personal shared give",
            "signposted_to": "personal shared give",
        }

    @property
    def started_at(self) -> datetime:
        """Decision clocks count from when it was sent."""
        return self.sent_at or self.created_at

    @property
    def clock_state(self) -> str:
        """Work that a pathway adviser owns has clocks of an adviser, not of a mentor; an end report
        that was written has a clock of those who approve it."""
        if self.status == self.State.CLOSING and self.reported_by_id:
            return "closing_reported"
        is_work = self.status in self.WITH_A_WORKER
        is_advisers = is_work and self.worker_role == Assignment.Role.ADVISER
        return f"{self.status}_adviser" if is_advisers else self.status

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None and self.released_at is None

    @property
    def called(self) -> str:
        return self.young_person.called if self.young_person else NAMELESS

    @property
    def is_high_risk(self) -> bool:
        """So its referrer says, or so it was decided."""
        risk = getattr(self, "risk", None)
        return self.risk_tier == RiskTier.THREE or bool(risk and risk.is_high)

    @property
    def concern_area_ids(self) -> set[uuid.UUID | None]:
        """Areas whose safeguarding leads have a concern about it. Asks no query of what came by
        `whole()`, nor of lines for a lead."""
        return {concern.area_id for concern in self.concerns.all()}

    @property
    def concern_due_at(self) -> datetime | None:
        """When a lead owes the next step for one of its concerns; those that have ended have no
        date."""
        days = [concern.due_at for concern in self.concerns.all() if concern.due_at]
        return min(days, default=None)

    @property
    def mentor_id(self) -> uuid.UUID | None:
        return self._worker_as(Assignment.Role.MENTOR)

    @property
    def adviser_id(self) -> uuid.UUID | None:
        return self._worker_as(Assignment.Role.ADVISER)

    def _worker_as(self, role: str) -> uuid.UUID | None:
        """Who works on it now. Asks no query after `for_lines()` or `whole()`."""
        current = (row for row in self.assignments.all() if row.ended_at is None)
        return next((row.worker_id for row in current if row.role == role), None)

    def clean(self) -> None:
        """What is sent is whole, whoever sends it."""
        missing = [code.label for code in SectionCode if code not in self.sections_done]
        if self.status == self.State.SUBMITTED and missing:
            raise ValidationError(f"Not finished yet: {', '.join(missing)}.")

    def home(self) -> str:
        return references.page("referrals:referral", self.reference)

    def bands_for(self, user: User) -> set[str]:
        """Bands of notes and reasons that this person may read here (casework reference §9,
        §15)."""
        bands: set[str] = set()
        if policies.wrote(self, user):
            bands |= {Band.SHARED}
        if policies.advises(self, user):
            bands |= {Band.SHARED}
        if policies.mentors(self, user):
            bands |= {Band.SHARED, Band.TEAM}
        if policies.supervises_worker(self, user):
            bands |= {Band.SHARED, Band.TEAM, Band.MANAGEMENT}
        if policies.triages(self, user) or policies.manages_escalated(self, user):
            bands |= {Band.SHARED, Band.TEAM, Band.SENSITIVE, Band.MANAGEMENT}
        if policies.leads_safeguarding(self, user):
            bands |= {Band.SHARED, Band.TEAM, Band.SENSITIVE, Band.SAFEGUARDING}
        return bands

    def watchers(self) -> Iterable[User]:
        """A question that nobody answers keeps whoever asked it waiting."""
        return self.audience("coordinator") if self.status == self.State.INFO_NEEDED else []

    def audience(self, name: str) -> Iterable[User]:
        match name:
            case "referrer" | "receipt":
                return self._referrer_or_their_admins()
            case "coordinator":
                one = self.coordinator_now
                return [one] if one else self._holders(roles.Coordinator)
            case "coordinators":
                return self._holders(roles.Coordinator)
            case "safeguarding_leads":
                return self._holders(roles.SafeguardingLead)
            case "workers":
                current = self.assignments.current().select_related("worker")
                return [assignment.worker for assignment in current]
        return super().audience(name)

    def _holders(self, role: type[roles.Role]) -> list[User]:
        if self.area_id is None:
            return []
        rows = Membership.objects.in_force().as_role(role).for_area(self.area_id)
        return [row.user for row in rows.select_related("user")]

    def _referrer_or_their_admins(self) -> list[User]:
        """When the referrer has left, the administrators of their organisation are told instead."""
        author = standing.person(self.referred_by_id)
        if author and any(
            row.user_id == author.pk and row.organisation_id == self.organisation_id
            for row in author.standing
        ):
            return [author]
        here = Membership.objects.in_force().filter(organisation=self.organisation_id)
        admins = here.as_role(roles.OrganisationAdministrator).select_related("user")
        return [row.user for row in admins]

    def handed_to(self, user: User) -> None:
        if self.owner_role == roles.Referrer.code:
            self._handed_to_referrer(user)
        elif self.status == self.State.TRIAGE:
            self.coordinator = user
        is_asked = self.status == self.State.ALLOCATED
        if is_asked and self.worker_role == Assignment.Role.MENTOR:
            raise ValidationError(
                f"{self.reference} cannot be handed over: their mentor was asked and has not "
                "answered. Take the match back, and ask another mentor."
            )
        mine = self.assignments.current().filter(worker=self.owner_id, role=self.worker_role)
        mine.hand_to(user)

    def _handed_to_referrer(self, user: User) -> None:
        """Whoever takes over a draft or a question answers for the referral from now on: they see
        it, send it, and are told and asked again. Who wrote it stands in its history."""
        if self.organisation_id not in user.organisation_ids_as(roles.Referrer):
            raise ValidationError(
                f"{user.name} does not refer for {self.organisation}, so {self.reference} cannot "
                "go to them."
            )
        if self.referred_by.holds(roles.Coordinator):  # and would then decide on their own words
            raise ValidationError(
                f"{self.reference} cannot be handed over while {self.referred_by.name} is a "
                "coordinator. They can still send it, answer it or delete it."
            )
        self.referred_by = user
