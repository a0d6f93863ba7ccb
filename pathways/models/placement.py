from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts import roles
from accounts.models import User
from casework import references
from casework.calendar import today
from casework.models import CaseQuerySet
from casework.models.notes import Band
from pathways import policies
from referrals.models import Referral

from .check import SustainmentCheck
from .moves import PlacementMoves

LONG_BEFORE = timedelta(days=365)  # how late a start may be written down

State = PlacementMoves.State
# A break this long is bridged; after a longer one the checks begin anew (pathways reference §8).
BRIDGE = timedelta(days=28)


class PlacementQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """The team of the young person, its adviser also when the referral has ended, and programme
        managers once it has come up to them. Never the referrer."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seen = Q(referral__in=Referral.objects.helped_by(user).values("pk"))
        if user.holds(roles.PathwayAdviser):
            seen |= Q(owner__in=user.acts_for(roles.PathwayAdviser))
        if user.holds(roles.ProgrammeManager):
            seen |= Q(escalation__gte=4, area__in=user.area_ids_as(roles.ProgrammeManager))
        return self.filter(seen)

    def with_people(self) -> Self:
        """What a list or a page shows beside the placement itself."""
        return self.select_related(
            "owner", "area", "referral__young_person", "opportunity__organisation"
        ).prefetch_related("referral__assignments__worker")

    def with_checks(self) -> Self:
        current = SustainmentCheck.objects.current().select_related("answered_by")
        return self.prefetch_related(models.Prefetch("checks", current, to_attr="current_checks"))

    def under_way(self) -> Self:
        return self.filter(status__in=PlacementMoves.UNDER_WAY)

    def bridgeable(self, to: date) -> Self:
        """Left so lately that a place from this day on carries their checks on."""
        return self.filter(status__in=PlacementMoves.BETWEEN, ended_on__gte=to - BRIDGE)


class Placement(PlacementMoves):
    """One young person's way into one opportunity, until it lasts."""

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "placement"
        ordering = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["area", "status", "created_at", "id"], name="placement_queue"),
            models.Index(
                fields=["owner", "due_at"],
                name="placement_owner_open",
                condition=Q(owner__isnull=False),
            ),
            models.Index(
                fields=["opportunity"],
                name="placement_holding",
                condition=Q(status__in=["offered", "accepted", "started"]),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "opportunity"],
                condition=Q(status__in=["applied", "offered", "accepted", "started"]),
                name="placement_once",
                violation_error_message="There is an open placement for them there already.",
            ),
            models.CheckConstraint(
                name="placement_in_place_has_started",
                condition=~Q(status__in=["started", "onward", "completed", "left_early"])
                | Q(started_on__isnull=False),
                violation_error_message="Say when they started.",
            ),
            models.CheckConstraint(
                name="placement_left_has_ended",
                condition=~Q(status__in=["completed", "left_early", "onward"])
                | Q(ended_on__isnull=False),
                violation_error_message="Say when it ended.",
            ),
            models.CheckConstraint(
                name="placement_ends_after_it_started",
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                violation_error_message="It cannot end before it started.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "To help them into a place and to see that it lasts."
        keep = "as long as the referral"
        fields: ClassVar = {
            "referral": "personal team give",
            "opportunity": "personal shared give",
            "agreed_on": "personal team give",
            "starts_on": "personal shared give",
            "started_on": "personal shared give",
            "ended_on": "personal shared give",
            "reason": "special team give",
            "is_contacted": "none",
        }

    @property
    def status_tone(self) -> str | None:
        """How its tag looks, where the state's own tone is not there."""
        return {State.LEFT_EARLY: "soon", State.ONWARD: "ok"}.get(State(self.status))

    @property
    def bridge_ends_on(self) -> date | None:
        """The last day on which another place carries the checks on."""
        return self.ended_on + BRIDGE if self.ended_on else None

    @property
    def next_date(self) -> date | None:
        """When the next check is due; after an ending, the end of the bridge."""
        if self.status == State.COMPLETED:
            return self.bridge_ends_on
        if self.status not in self.IN_PLACE or self.started_on is None:
            return None
        carried = self.checks.due() or self.carried_checks(self.started_on)
        days = [check.due_on for check in carried]
        if not days and not self.opportunity.is_step:
            days = [SustainmentCheck.due_for(min(SustainmentCheck.Point.values), self.started_on)]
        return min(days, default=None)

    @property
    def clock_state(self) -> str:
        """Who has left is spoken with in two days; after that the date is the one agreed on."""
        is_met = self.status == State.LEFT_EARLY and self.is_contacted
        return "left_and_met" if is_met else self.status

    def carried_checks(self, start: date) -> models.QuerySet[SustainmentCheck]:
        """Checks of an earlier place that ended so lately that this one carries them on."""
        earlier = Placement.objects.bridgeable(start).exclude(pk=self.pk)
        person = self.referral.young_person_id
        return SustainmentCheck.objects.due().filter(
            placement__in=earlier.filter(referral__young_person=person),
            due_on__gt=F("placement__ended_on"),
        )

    def clean(self) -> None:
        errors: dict[str, str] = {}
        past = {
            "agreed_on": "They cannot have agreed in the future.",
            "started_on": "It cannot have started in the future.",
            "ended_on": "It cannot have ended in the future.",
        }
        for field, words in past.items():
            day: date | None = getattr(self, field)
            if day is not None and day > today():
                errors[field] = words
        if not errors and self.started_on and (self.agreed_on - self.started_on) > LONG_BEFORE:
            errors["started_on"] = (
                "That is more than a year before they agreed to this. Look at the year."
            )
        if not errors and self.started_on and self.ended_on and self.ended_on < self.started_on:
            errors["ended_on"] = "It cannot end before it started."
        if errors:
            raise ValidationError(errors)

    def home(self) -> str:
        return references.page("pathways:placement", self.reference)

    def bands_for(self, user: User) -> set[str]:
        """As on its referral, and for its adviser what the team writes here (casework §15)."""
        if policies.handles(self, user):
            return {Band.SHARED, Band.TEAM} | self.referral.bands_for(user)
        return self.referral.bands_for(user)

    def audience(self, name: str) -> Iterable[User]:
        match name:
            case "workers" | "coordinator":
                return self.referral.audience(name)
        return super().audience(name)
