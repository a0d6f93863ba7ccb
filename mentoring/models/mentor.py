from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts import roles
from accounts.models import Membership, User
from casework import references
from casework.calendar import today
from casework.clocks import Clock
from casework.models.notes import Band
from mentoring import policies, standard
from mentoring.choices import Check, Gender, Help, Level, Suspension
from referrals.choices import Interest, Slot

from .register import MentorMoves
from .sight import LIVE, MentorQuerySet

if TYPE_CHECKING:
    from .credential import Credential

State = MentorMoves.State
COORDINATOR = roles.Coordinator


class Mentor(MentorMoves):
    """Somebody in the register of mentors, from their first question until they leave."""

    KIND = "mentor"
    CLOCKS: ClassVar[dict[str, Clock]] = {
        State.ENQUIRY: Clock(COORDINATOR, 5),
        State.APPLIED: Clock(COORDINATOR, 5),
        State.SCREENING: Clock(COORDINATOR, 30, remind_before=5, escalate_every=5),
        State.TRAINING: Clock(COORDINATOR, 60, remind_before=5, escalate_every=5),
        State.AVAILABLE: Clock(
            COORDINATOR, standard.SUPERVISION_DAYS, "days", remind_before=7, escalate_every=7
        ),
        "available_supervised": Clock(
            roles.Supervisor, standard.SUPERVISION_DAYS, "days", remind_before=7, escalate_every=7
        ),
        State.ON_LEAVE: Clock(COORDINATOR, 60, "days", "given", remind_before=7, escalate_every=5),
        State.SUSPENDED: Clock(COORDINATOR, 10, remind_before=2, escalate_every=5),
        State.RENEWING: Clock(COORDINATOR, 5),
    }
    CLOCK_LABELS: ClassVar = {"available_supervised": "Available, under a supervisor"}

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mentor_entries",
        help_text="The account with which they sign in; needed to become available.",
    )
    name = models.CharField(max_length=100, db_collation="names")
    email = models.EmailField("email address")
    phone = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="mentors"
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    earlier = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="later",
        help_text="Their entry before they left and came back.",
    )
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.NONE)
    gender = models.CharField(max_length=8, choices=Gender, blank=True)
    languages = ArrayField(
        models.CharField(max_length=60, db_collation="names"), default=list, blank=True
    )
    interests = ArrayField(
        models.CharField(max_length=20, choices=Interest.choices), default=list, blank=True
    )
    free_times = ArrayField(
        models.CharField(max_length=12, choices=Slot.choices), default=list, blank=True
    )
    helps_with = ArrayField(
        models.CharField(max_length=12, choices=Help.choices), default=list, blank=True
    )
    postcode = models.CharField("home postcode", max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    travel_km = models.PositiveSmallIntegerField(
        "How far they travel (km)", default=10, validators=[MaxValueValidator(60)]
    )
    is_paid = models.BooleanField("Paid", default=False)
    capacity = models.PositiveSmallIntegerField(
        "Young people at a time", default=2, validators=[MinValueValidator(1)]
    )
    age_from = models.PositiveSmallIntegerField("From age", default=10)
    age_to = models.PositiveSmallIntegerField("To age", default=25)
    about = models.CharField(
        "What a young person may be told about them", max_length=500, blank=True
    )
    suspended_for = models.CharField(max_length=8, choices=Suspension, blank=True, editable=False)
    ended_for = models.CharField(max_length=16, blank=True, editable=False)

    objects = MentorQuerySet.as_manager()

    if TYPE_CHECKING:
        load: int

    class Meta:
        verbose_name = "mentor"
        ordering = ["name", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["area", "status", "created_at", "id"], name="mentor_queue"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=~Q(status__in=["left", "declined"]),
                name="mentor_once_in_the_register",
                violation_error_message="This person is in the register already.",
            ),
            models.CheckConstraint(
                name="mentor_available_has_account_and_level",
                condition=~Q(status__in=["available", "on_leave", "suspended", "renewing"])
                | Q(user__isnull=False, level__gte=1),
                violation_error_message="Somebody who mentors has an account and a level.",
            ),
            models.CheckConstraint(
                name="mentor_has_an_area",
                condition=Q(area__isnull=False),
                violation_error_message="An entry belongs to an area, whose coordinators keep it.",
            ),
            models.CheckConstraint(
                name="mentor_capacity_within_limits",
                condition=Q(is_paid=True, capacity__lte=standard.PAID_CAPACITY)
                | Q(capacity__lte=standard.VOLUNTEER_CAPACITY),
                violation_error_message=(
                    f"A volunteer has at most {standard.VOLUNTEER_CAPACITY} young people at a "
                    f"time, a paid mentor {standard.PAID_CAPACITY}."
                ),
            ),
            models.CheckConstraint(
                name="mentor_ages_in_order",
                condition=Q(age_to__gte=F("age_from")),
                violation_error_message="The highest age is below the lowest.",
            ),
            models.CheckConstraint(
                name="mentor_suspension_has_a_reason",
                condition=~Q(status="suspended") | ~Q(suspended_for=""),
                violation_error_message="Say why they are suspended.",
            ),
        ]

    class Privacy:
        subject = "mentor"
        why = "To match young people only with mentors who are checked, trained and a good fit."
        keep = "six years after they leave; one year when not taken on"
        fields: ClassVar = {
            "user": "personal team give",
            "name": "personal team give",
            "email": "personal team give",
            "phone": "personal team give",
            "organisation": "personal team give",
            "supervisor": "personal team give",
            "earlier": "none",
            "level": "personal team give",
            "gender": "personal team give",
            "languages": "personal team give",
            "interests": "personal team give",
            "free_times": "personal team give",
            "helps_with": "personal team give",
            "postcode": "location management give",
            "latitude": "location management give",
            "longitude": "location management give",
            "travel_km": "personal team give",
            "is_paid": "personal management give",
            "capacity": "personal team give",
            "age_from": "personal team give",
            "age_to": "personal team give",
            "about": "personal shared give",
            "suspended_for": "personal management give",
            "ended_for": "personal management give",
        }

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else ""

    @property
    def clock_state(self) -> str:
        """Supervision is their supervisor's to hold; without one a coordinator's."""
        if self.status == State.AVAILABLE and self.owner_id:
            return "available_supervised"
        return self.status

    def current_checks(self, on: date | None = None) -> "dict[str, Credential]":
        """By kind the check that counts longest on that day; kinds without one are left out."""
        day = on or today()
        found: dict[str, Credential] = {}
        for each in self.credentials.all():
            if each.counts_on(day) and each.outlasts(found.get(each.kind)):
                found[each.kind] = each
        return found

    def missing(self, checks: Iterable[str], on: date | None = None) -> list[Check]:
        """Those of these checks that do not count on that day."""
        held = self.current_checks(on)
        return [Check(check) for check in checks if check not in held]

    def earned_level(self, on: date | None = None) -> int:
        """The highest level for which every check counts on that day."""
        held = self.current_checks(on)
        return max(
            (
                level
                for level in standard.LEVEL_NEEDS
                if all(c in held for c in standard.needs(level))
            ),
            default=Level.NONE,
        )

    def clean(self) -> None:
        """What a state asks of the checks, the level, the account and the supervisor."""
        if self.status == State.TRAINING:
            self._want(standard.SCREENING)
        if self.status == State.AVAILABLE and not self._is_available_already():
            self._want(standard.MANDATORY)
            self._want_people()
        if self.status == State.LEFT and self.matches.filter(status__in=LIVE).exists():
            raise ValidationError(
                "They are matched with a young person. End the match first, or find the young "
                "person another mentor."
            )

    def _is_available_already(self) -> bool:
        """A check that has run out blocks matching; it does not hinder that supervision of them is
        written down."""
        return Mentor.objects.filter(pk=self.pk, status=State.AVAILABLE).exists()

    def _want(self, checks: Iterable[str]) -> None:
        if lacking := [check.label for check in self.missing(checks)]:
            raise ValidationError(f"Missing or run out: {', '.join(lacking)}.")

    def _want_people(self) -> None:
        in_force, area = Membership.objects.in_force(), cast(Any, self.area_id)
        if self.supervisor_id:
            held = in_force.as_role(roles.Supervisor).filter(user=self.supervisor_id)
            if not held.for_area(area).exists():
                raise ValidationError(
                    "Their supervisor does not supervise in this area now. Choose another one."
                )
        if not in_force.as_role(roles.Mentor).filter(user=self.user_id).exists():
            raise ValidationError(
                "They have no account with the role Mentor now. Ask an administrator of their "
                "organisation to invite them."
            )

    def home(self) -> str:
        return references.page("mentoring:mentor", self.reference)

    def bands_for(self, user: User) -> set[str]:
        bands: set[str] = set()
        if policies.is_self(self, user):
            return {Band.SHARED}
        if policies.supervises(self, user):
            bands |= {Band.SHARED, Band.TEAM, Band.MANAGEMENT}
        if policies.coordinates(self, user) or policies.manages_escalated(self, user):
            bands |= {Band.SHARED, Band.TEAM, Band.SENSITIVE, Band.MANAGEMENT}
        if policies.leads_safeguarding(self, user):
            bands |= {Band.SHARED, Band.TEAM, Band.MANAGEMENT, Band.SAFEGUARDING}
        return bands

    def audience(self, name: str) -> Iterable[User]:
        match name:
            case "mentor":
                return [self.user] if self.user else []
            case "supervisor":
                return [self.supervisor] if self.supervisor else []
            case "coordinators":
                rows = Membership.objects.in_force().as_role(roles.Coordinator)
                here = rows.for_area(cast(Any, self.area_id)).select_related("user")
                return [row.user for row in here]
        return super().audience(name)

    def handed_to(self, user: User) -> None:
        if self.owner_role == roles.Supervisor.code:
            self.supervisor = user

    if TYPE_CHECKING:
        credentials: Any
        matches: Any
