import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from casework.calendar import now, today

from .status import Evidence

if TYPE_CHECKING:
    from .placement import Placement


class SustainmentCheckQuerySet(models.QuerySet["SustainmentCheck"]):
    def visible_to(self, user: User) -> Self:
        from .placement import Placement

        return self.filter(placement__in=Placement.objects.visible_to(user).values("pk"))

    def current(self) -> Self:
        """Without the answers that were corrected."""
        return self.filter(is_current=True)

    def due(self) -> Self:
        return self.filter(status=SustainmentCheck.Status.DUE, is_current=True)

    def askable(self) -> Self:
        """Due, and about a time when they were there or are again; the others wait for the end of
        a break."""
        there = Q(placement__status__in=["started", "onward"])
        return self.due().filter(there | Q(due_on__lte=F("placement__ended_on")))

    def with_people(self) -> Self:
        return self.select_related(
            "answered_by",
            "placement__owner",
            "placement__opportunity__organisation",
            "placement__referral__young_person",
        )


class SustainmentCheck(models.Model):
    """Does the place still hold, so many weeks after the start? (pathways reference §8)

    A check hangs on its placement, which stays an open case with an owner until the last one is
    answered. An answer is never changed: a correction is another row.
    """

    class Point(models.IntegerChoices):
        FOUR = 4, "4 weeks"
        THIRTEEN = 13, "13 weeks"
        TWENTY_SIX = 26, "26 weeks"

    class Status(models.TextChoices):
        DUE = "due", "To be asked"
        ACHIEVED = "achieved", "Still there"
        NOT_ACHIEVED = "not_achieved", "Not there any more"
        BROKEN = "broken", "Left for over 28 days"
        UNABLE_TO_CONTACT = "unable_to_contact", "Could not be reached"

    # What a person may answer; `broken` follows from dates.
    ANSWERS: ClassVar = [Status.ACHIEVED, Status.NOT_ACHIEVED, Status.UNABLE_TO_CONTACT]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(
        "pathways.Placement", on_delete=models.CASCADE, related_name="checks"
    )
    point = models.PositiveSmallIntegerField(choices=Point)
    counted_from = models.DateField()
    due_on = models.DateField()
    status = models.CharField(max_length=20, choices=Status, default=Status.DUE)
    evidence = models.CharField(max_length=16, choices=Evidence, blank=True)
    asked_on = models.DateField(null=True, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Nobody: the break was over 28 days long.",
    )
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="corrected_by"
    )
    why_corrected = models.CharField(max_length=300, blank=True)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    objects = SustainmentCheckQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="check_due", condition=Q(status="due"))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["placement", "point"],
                condition=Q(is_current=True),
                name="check_once",
                violation_error_message="This check is there already.",
            ),
            models.CheckConstraint(
                name="check_answer_at",
                condition=Q(status="due", answered_at__isnull=True, answered_by__isnull=True)
                | Q(status="broken", answered_at__isnull=False)
                | (
                    ~Q(status__in=["due", "broken"])
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
                violation_error_message="An answer has a person and a time.",
            ),
            models.CheckConstraint(
                name="check_achieved_has_evidence",
                condition=~Q(status="achieved") | ~Q(evidence=""),
                violation_error_message="Say how we know that they are still there.",
            ),
            models.CheckConstraint(
                name="check_due_after_start",
                condition=Q(due_on__gt=F("counted_from")),
                violation_error_message="A check is due after the start.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "Whether the place they found lasts."
        keep = "as long as the referral"
        fields: ClassVar = {
            "id": "none",
            "placement": "personal team give",
            "point": "none",
            "counted_from": "personal team give",
            "due_on": "personal team give",
            "status": "personal shared give",
            "evidence": "personal team give",
            "asked_on": "personal team give",
            "note": "special team redact",
            "answered_at": "none",
            "answered_by": "personal team give",
            "corrects": "none",
            "why_corrected": "personal team redact",
            "is_current": "none",
            "created_at": "none",
        }

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pathways:check", args=[self.pk])

    @property
    def name(self) -> str:
        return f"{self.point}-week check"

    @property
    def is_due(self) -> bool:
        return self.status == self.Status.DUE and self.is_current

    @property
    def is_late(self) -> bool:
        return self.is_due and self.due_on < today()

    def is_askable(self, placement: "Placement") -> bool:
        """On or after its day, and about a time when they were there (as `askable()`)."""
        ended_on: date | None = placement.ended_on
        was_there = ended_on is not None and self.due_on <= ended_on
        is_there = placement.status in (placement.State.STARTED, placement.State.ONWARD)
        return self.is_due and self.due_on <= today() and (is_there or was_there)

    @staticmethod
    def due_for(point: int, start: date) -> date:
        return start + timedelta(weeks=point)
