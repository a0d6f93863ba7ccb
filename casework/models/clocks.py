import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts import roles


class ClockRule(models.Model):
    """How long a state of a kind of case may last, and whose turn it is. Edited by the unit."""

    class Unit(models.TextChoices):
        MINUTES = "minutes", "minutes, day and night"
        DAYS = "days", "days"
        WORKING_DAYS = "working_days", "working days"
        SCHOOL_DAYS = "school_days", "working days in term"

    class Since(models.TextChoices):
        STATE = "state", "the state began"
        OPENED = "opened", "the case began"
        GIVEN = "given", "a date that a person gives"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    owner_role = models.CharField(max_length=24, choices=roles.choices)
    limit = models.PositiveIntegerField(help_text="0 working days is the same day.")
    unit = models.CharField(max_length=12, choices=Unit, default=Unit.WORKING_DAYS)
    since = models.CharField(max_length=8, choices=Since, default=Since.STATE)
    remind_before = models.PositiveIntegerField(
        default=1, help_text="In the unit of the limit; 0 for no reminder."
    )
    escalate_every = models.PositiveIntegerField(default=1, help_text="In the unit of the limit.")
    pauses = models.BooleanField(
        default=False, help_text="The clock of the state before stands still meanwhile."
    )

    class Meta:
        ordering = ["kind", "state"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "state"],
                name="clock_rule_once",
                violation_error_message="This state has a clock already.",
            ),
            models.CheckConstraint(
                name="clock_rule_same_day",
                condition=Q(unit="working_days") | Q(limit__gt=0),
                violation_error_message="Only working days may be 0, which is the same day.",
            ),
            models.CheckConstraint(
                name="clock_rule_escalates",
                condition=Q(escalate_every__gt=0),
                violation_error_message="A late case climbs after some time, not at once.",
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "A rule of the unit."

    def __str__(self) -> str:
        return f"{self.kind} {self.state}: {self.limit} {self.get_unit_display()}"


class Term(models.Model):
    """A school term: days outside terms do not count for a school that must act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="term_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="A term cannot end before it starts.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "Public dates."

    def __str__(self) -> str:
        return self.name
