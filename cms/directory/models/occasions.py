"""Where and when a service happens: edited as parts of it."""

from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey

from .choices import ManyChoicesField
from .parts import Part


class ServiceAtLocation(Part):
    """A place where a service happens."""

    service = ParentalKey(
        "cms.Service", on_delete=models.CASCADE, related_name="service_at_locations"
    )
    location = models.ForeignKey(
        "cms.Location", on_delete=models.PROTECT, related_name="service_at_locations"
    )
    note = models.CharField(max_length=200, blank=True, help_text='Such as "second floor".')

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["service", "location"],
                name="service_once_at_location",
                violation_error_message="This service is already at this place.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "Where public services happen."

    def __str__(self) -> str:
        return f"{self.service} at {self.location}"

    @property
    def shown_note(self) -> str:
        """What anybody may read of it: words about a place may say where it is."""
        return "" if self.location.is_address_withheld else self.note


class Schedule(Part):
    """When a service is open: the same hours on some days of each week or month."""

    class Every(models.TextChoices):
        WEEK = "WEEKLY", "Every week"
        MONTH = "MONTHLY", "Every month"

    class Day(models.TextChoices):
        """RFC 5545, as the feed wants them."""

        MONDAY = "MO", "Monday"
        TUESDAY = "TU", "Tuesday"
        WEDNESDAY = "WE", "Wednesday"
        THURSDAY = "TH", "Thursday"
        FRIDAY = "FR", "Friday"
        SATURDAY = "SA", "Saturday"
        SUNDAY = "SU", "Sunday"

    service = ParentalKey("cms.Service", on_delete=models.CASCADE, related_name="schedules")
    location = models.ForeignKey(
        "cms.Location",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="schedules",
        help_text="If these times are for one place only.",
    )
    every = models.CharField(max_length=7, choices=Every, default=Every.WEEK)
    days = ManyChoicesField(models.CharField(max_length=2, choices=Day))
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    words = models.CharField(
        max_length=200, blank=True, help_text='Such as "in school terms" or "first Monday".'
    )

    class Meta(Part.Meta):
        constraints = [
            models.CheckConstraint(
                name="schedule_closes_after_it_opens",
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=models.F("opens_at")),
                violation_error_message="The closing time is not after the opening time.",
            ),
            models.CheckConstraint(
                name="schedule_ends_after_it_starts",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                violation_error_message="The last day is before the first.",
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "When public services are open."

    def __str__(self) -> str:
        return f"{', '.join(self.days)} {self.opens_at or ''}"
