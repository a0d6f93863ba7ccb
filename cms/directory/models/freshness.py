import uuid
from datetime import datetime, timedelta
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from accounts.clock import now


@register_setting(icon="date", name="freshness")
class Freshness(BaseGenericSetting):
    """After how many days without a check a service's provider is asked, it comes last, it goes."""

    first_letter = models.PositiveSmallIntegerField(
        default=60, help_text="Days since the last check, as in all of these."
    )
    second_letter = models.PositiveSmallIntegerField(default=90)
    last_letter = models.PositiveSmallIntegerField(
        default=120, help_text="From then on its page says so, and it comes last in lists."
    )
    hidden_after = models.PositiveSmallIntegerField(
        default=180, help_text="Then it is off the public site until somebody has checked it."
    )

    panels = [
        FieldPanel(name)
        for name in ("first_letter", "second_letter", "last_letter", "hidden_after")
    ]

    class Meta:
        verbose_name = "Days between checks"
        verbose_name_plural = verbose_name

    class Privacy:
        subject = "nobody"
        why = "How long a service stays listed without a check."

    def __str__(self) -> str:
        return f"{self.letters}, hidden after {self.hidden_after}"

    def clean(self) -> None:
        days = [0, *self.letters, self.hidden_after]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValidationError("Each number of days must be higher than the one before it.")

    @classmethod
    def ours(cls) -> "Freshness":
        """What the editors have set, or the defaults. One query, no write."""
        return cls.objects.first() or cls()

    @property
    def letters(self) -> tuple[int, int, int]:
        return self.first_letter, self.second_letter, self.last_letter

    def is_old(self, checked_at: datetime | None) -> bool:
        """Whether a check is so long ago that readers are warned."""
        return checked_at is not None and checked_at < self.old_before

    @property
    def old_before(self) -> datetime:
        return now() - timedelta(days=self.last_letter)


class Reminder(models.Model):
    """A letter that asks a provider whether a service is still as its page says."""

    id = models.UUIDField(
        primary_key=True,
        default=uuid.uuid4,
        editable=False,
        help_text="In the letter's link: whoever holds it may answer, once.",
    )
    service = models.ForeignKey("cms.Service", on_delete=models.CASCADE, related_name="reminders")
    since = models.DateTimeField(help_text="The check that it is about")
    days = models.PositiveSmallIntegerField(help_text="How many days after that check it was due")
    written_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(
        null=True, help_text="Without an address: when the editors were told"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-written_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["service", "since", "days"], name="reminder_once")
        ]

    class Privacy:
        subject = "nobody"
        why = "Which services' providers were asked, and have answered."

    def __str__(self) -> str:
        return f"{self.service}, {self.days} days after a check"

    def get_absolute_url(self) -> str:
        return reverse("directory:still_right", args=[self.pk])
