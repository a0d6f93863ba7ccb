import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from casework.calendar import now, today
from pathways import statuses
from referrals import nccis
from referrals.models import Referral


class Evidence(models.TextChoices):
    """How well we know it, the strongest first (pathways reference §8)."""

    THIRD_PARTY = "third_party", "The employer or provider told us"
    DOCUMENT = "document", "We saw a document"
    SELF_DECLARED = "self_declared", "The young person says so"
    WORKER = "worker", "A worker thinks so"


class EteStatusQuerySet(models.QuerySet["EteStatus"]):
    def visible_to(self, user: User) -> Self:
        """Of young people that this person helps: the history is theirs, whatever the referral."""
        helped = Referral.objects.helped_by(user).values("young_person")
        return self.filter(young_person__in=helped)

    def current(self) -> Self:
        return self.filter(is_current=True)

    def lapsing(self) -> Self:
        """Current ones that have lapsed or will within four weeks."""
        return self.current().filter(lapses_on__lt=today() + statuses.SOON)

    def in_place(self) -> Self:
        """Current ones that say "in a place" and are still true as far as we know."""
        fresh = Q(lapses_on__isnull=True) | Q(lapses_on__gte=today())
        return self.current().filter(fresh, code__in=statuses.IN_PLACE)

    def with_people(self) -> Self:
        return self.select_related("verified_by", "placement__opportunity__organisation")


class EteStatus(models.Model):
    """What was known of a young person's education, training or work on one day.

    A history: a row is written and never changed but for `is_current` and `lapsed_at`. The same
    situation confirmed again, and a mistake put right, are new rows too. A status that has lapsed
    is "not current, last confirmed …", and nobody but a person ever gives it another code.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", "This is new"
        CONFIRMED = "confirmed", "It is still so"
        CORRECTION = "correction", "What we had was wrong"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    young_person = models.ForeignKey(
        "referrals.YoungPerson", on_delete=models.CASCADE, related_name="ete_statuses"
    )
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.CASCADE, related_name="ete_statuses"
    )
    placement = models.ForeignKey(
        "pathways.Placement",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="ete_statuses",
    )
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField("What do they do?", max_length=3, choices=nccis.choices)
    starts_on = models.DateField("Since when?", null=True, blank=True)
    ends_on = models.DateField("Until when, if that is known?", null=True, blank=True)
    hours = models.PositiveSmallIntegerField(
        "Hours a week", null=True, blank=True, validators=[MaxValueValidator(80)]
    )
    evidence = models.CharField("How do we know?", max_length=16, choices=Evidence)
    source = models.CharField("Who or what says so?", max_length=200, blank=True)
    verified_on = models.DateField("When was this confirmed?")
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(default=now, editable=False)
    lapses_on = models.DateField(null=True, editable=False)
    lapsed_at = models.DateTimeField(null=True, editable=False)
    is_current = models.BooleanField(default=True, editable=False)

    objects = EteStatusQuerySet.as_manager()

    class Meta:
        verbose_name = "education, training or work status"
        ordering = ["-recorded_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["lapses_on"], name="ete_status_lapses", condition=Q(is_current=True)
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["young_person"],
                condition=Q(is_current=True),
                name="ete_status_one_current",
                violation_error_message="Somebody else has just recorded this. Look again.",
            ),
            models.CheckConstraint(
                name="ete_status_confirmed_after_it_began",
                condition=Q(starts_on__isnull=True) | Q(verified_on__gte=F("starts_on")),
                violation_error_message="It cannot be confirmed before it began.",
            ),
            models.CheckConstraint(
                name="ete_status_ends_after_it_began",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_message="It cannot end before it began.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "A place in education, training or work is what we help them to."
        keep = "as long as the referral"
        fields: ClassVar = {
            "id": "none",
            "young_person": "personal shared give",
            "referral": "personal shared give",
            "placement": "personal team give",
            "kind": "none",
            "code": "special shared give",
            "starts_on": "personal shared give",
            "ends_on": "personal shared give",
            "hours": "personal team give",
            "evidence": "personal team give",
            "source": "personal team give",
            "verified_on": "personal shared give",
            "verified_by": "personal team give",
            "recorded_at": "none",
            "lapses_on": "none",
            "lapsed_at": "none",
            "is_current": "none",
        }

    def __str__(self) -> str:
        return f"{self.code} since {self.starts_on}"

    @property
    def label(self) -> str:
        return nccis.by_code[self.code].label

    @property
    def is_lapsed(self) -> bool:
        """Past its day, whether or not the nightly task has been by."""
        return self.lapses_on is not None and self.lapses_on < today()

    @property
    def is_in_place(self) -> bool:
        return statuses.is_in_place(self.code) and not self.is_lapsed

    @property
    def is_lapsing(self) -> bool:
        is_soon = self.lapses_on is not None and self.lapses_on < today() + statuses.SOON
        return is_soon and not self.is_lapsed

    def clean(self) -> None:
        """Dates that a person may mistype, each next to its field."""
        errors: dict[str, str] = {}
        born = self.young_person.date_of_birth
        for field, words in (("starts_on", "begun"), ("verified_on", "been confirmed")):
            day: date | None = getattr(self, field)
            if day is not None and day > today():
                errors[field] = f"It cannot have {words} in the future."
            elif day is not None and born is not None and day < born:
                errors[field] = "That is before they were born. Check the year."
        if errors:
            raise ValidationError(errors)
