import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from casework.calendar import now
from mentoring.choices import Activity, Attendance, Mode, Place

from .sight import SessionQuerySet


class Session(models.Model):
    """A meeting of a match: planned, and then written down once.

    What was done stands in a note of the referral (`note`), where the team reads it and where a
    correction is appended; here are only the facts that are counted. A worry is never kept here: it
    becomes a concern with its own readers.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Written down"
        MOVED = "moved", "Moved or called off"

    class CalledOff(models.TextChoices):
        PAUSED = "paused", "Support was paused"
        ENDING = "ending", "The ending began"
        ENDED = "ended", "The match ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    match = models.ForeignKey("mentoring.Match", on_delete=models.CASCADE, related_name="sessions")
    status = models.CharField(max_length=8, choices=Status, default=Status.PLANNED)
    called_off_for = models.CharField(
        max_length=8,
        choices=CalledOff,
        blank=True,
        db_default="",
        help_text="Blank when it was only moved.",
    )
    begins_at = models.DateTimeField("When?")
    minutes = models.PositiveSmallIntegerField(
        "How long, in minutes?",
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(600)],
    )
    place = models.CharField("Where?", max_length=12, choices=Place, blank=True)
    mode = models.CharField("How?", max_length=8, choices=Mode, default=Mode.TOGETHER)
    activities = ArrayField(
        models.CharField(max_length=12, choices=Activity.choices), default=list, blank=True
    )
    attended = models.CharField("Did they come?", max_length=8, choices=Attendance, blank=True)
    ete_moved = models.BooleanField("A step in education or work?", null=True, blank=True)
    note = models.OneToOneField(
        "casework.Note", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    submit_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["match", "-begins_at"], name="session_of_match"),
            models.Index(
                fields=["begins_at"], name="session_planned", condition=Q(status="planned")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="session_held_is_whole",
                condition=~Q(status="held")
                | (
                    ~Q(attended="")
                    & Q(
                        recorded_at__isnull=False,
                        recorded_by__isnull=False,
                        note__isnull=False,
                    )
                ),
                violation_error_message="A session that is written down says whether they came.",
            ),
            models.CheckConstraint(
                name="session_called_off_is_not_planned",
                condition=Q(called_off_for="") | Q(status="moved"),
                violation_error_message="A session that was called off is no longer planned.",
            ),
            models.CheckConstraint(
                name="session_not_recorded_before_it_began",
                condition=Q(recorded_at__isnull=True) | Q(begins_at__lte=F("recorded_at")),
                violation_error_message="A session can be written down once it has begun.",
            ),
            models.CheckConstraint(
                name="session_that_took_place_has_a_length",
                condition=~Q(attended__in=["yes", "late"]) | Q(minutes__isnull=False),
                violation_error_message="Say how long it was.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "What was done with them, and how much of the help that was planned they got."
        keep = "as long as the referral"
        fields: ClassVar = {
            "id": "none",
            "match": "personal team give",
            "status": "personal team give",
            "called_off_for": "personal team give",
            "begins_at": "personal team give",
            "minutes": "personal team give",
            "place": "personal team give",
            "mode": "personal team give",
            "activities": "personal team give",
            "attended": "personal team give",
            "ete_moved": "personal team give",
            "note": "personal team give",
            "planned_by": "personal team give",
            "recorded_by": "personal team give",
            "recorded_at": "none",
            "created_at": "none",
            "submit_key": "none",
        }

    def __str__(self) -> str:
        return f"Session of {self.begins_at:%d %B %Y}"
