import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from casework.calendar import now, today
from mentoring.choices import Check

from .sight import CredentialQuerySet


class Credential(models.Model):
    """One check, paper or course of a mentor: that it was seen, by whom, and how long it counts.

    Of a DBS check nothing that it says is kept (code of practice; mentoring reference §2a): no
    number, no content, only the level that was asked for and whether a status check is clear. A
    newer one stands beside the older: what counted on a day can be told for any day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mentor = models.ForeignKey(
        "mentoring.Mentor", on_delete=models.CASCADE, related_name="credentials"
    )
    kind = models.CharField("What is it?", max_length=16, choices=Check)
    issued_on = models.DateField("Since when does it count?")
    expires_on = models.DateField("Until when?", null=True, blank=True)
    provider = models.CharField("Who issued or held it", max_length=120, blank=True)
    has_barred_list = models.BooleanField(
        "With a check of the children’s barred list", default=False
    )
    on_update_service = models.BooleanField("Joined the Update Service", default=False)
    status_checked_on = models.DateField(null=True, blank=True)
    status_clear = models.BooleanField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=now)
    reminded_days = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="How long before its end they were last told."
    )

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-issued_on", "pk"]
        indexes: ClassVar = [models.Index(fields=["expires_on"], name="credential_runs_out")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="credential_ends_after_it_begins",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                violation_error_message="It cannot run out before it begins.",
            ),
            models.CheckConstraint(
                name="credential_status_has_a_day",
                condition=Q(status_checked_on__isnull=True, status_clear__isnull=True)
                | Q(status_checked_on__isnull=False, status_clear__isnull=False),
                violation_error_message="A status check has a day and an answer.",
            ),
        ]

    class Privacy:
        subject = "mentor"
        why = "Proof that a mentor was checked and trained on the day of every match."
        keep = "six years after they leave"
        fields: ClassVar = {
            "id": "none",
            "mentor": "personal management give",
            "kind": "personal management give",
            "issued_on": "personal management give",
            "expires_on": "personal management give",
            "provider": "personal management give",
            "has_barred_list": "personal management give",
            "on_update_service": "personal management give",
            "status_checked_on": "personal management give",
            "status_clear": "criminal management give",
            "seen_by": "personal management give",
            "recorded_at": "none",
            "reminded_days": "none",
        }

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.issued_on:%d %B %Y}"

    def counts_on(self, day: date) -> bool:
        """The same rule as `CredentialQuerySet.in_date`, for a row in hand."""
        if self.kind == Check.DBS and self.status_clear is False:
            return False
        return self.issued_on <= day and (self.expires_on is None or self.expires_on >= day)

    def outlasts(self, other: "Credential | None") -> bool:
        if other is None or self.expires_on is None:
            return True
        return other.expires_on is not None and self.expires_on > other.expires_on

    @property
    def has_run_out(self) -> bool:
        return not self.counts_on(today())

    def clean(self) -> None:
        errors = {}
        if self.issued_on and self.issued_on > today():
            errors["issued_on"] = "The day must be today or in the past."
        if self.status_checked_on and self.status_checked_on > today():
            errors["status_checked_on"] = "The day must be today or in the past."
        if errors:
            raise ValidationError(errors)
