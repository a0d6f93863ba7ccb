import uuid
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from casework.calendar import now
from mentoring.choices import Apart

from .sight import KeepApartQuerySet


class KeepApart(models.Model):
    """Somebody whom a young person must not be matched with: a mentor of the register, or a name
    that may come into it. A restricted one shows its reason to safeguarding leads only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    young_person = models.ForeignKey(
        "referrals.YoungPerson", on_delete=models.CASCADE, related_name="keep_apart"
    )
    mentor = models.ForeignKey(
        "mentoring.Mentor",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="Somebody in the register",
    )
    name = models.CharField("Or somebody by name", max_length=100, blank=True, db_collation="names")
    kind = models.CharField("What is it about?", max_length=8, choices=Apart)
    reason = models.TextField("Why?", max_length=1000)
    is_restricted = models.BooleanField("Only safeguarding leads may read why", default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = KeepApartQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="keep_apart_names_somebody",
                condition=Q(mentor__isnull=False, name="") | (Q(mentor__isnull=True) & ~Q(name="")),
                violation_error_message="Choose somebody in the register or write a name.",
            ),
            models.CheckConstraint(
                name="keep_apart_ended_by_and_at",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                violation_error_message="An end has a person and a time.",
            ),
            models.CheckConstraint(
                name="keep_apart_contra_is_restricted",
                condition=~Q(kind="contra") | Q(is_restricted=True),
                violation_error_message="A licence or an investigation is always restricted.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "To keep people apart who must not meet."
        keep = "as long as the young person's record"
        fields: ClassVar = {
            "id": "none",
            "young_person": "safeguarding safeguarding redact",
            "mentor": "safeguarding safeguarding redact",
            "name": "safeguarding safeguarding redact",
            "kind": "safeguarding safeguarding redact",
            "reason": "safeguarding safeguarding redact",
            "is_restricted": "none",
            "added_by": "safeguarding safeguarding redact",
            "added_at": "none",
            "ended_by": "safeguarding safeguarding redact",
            "ended_at": "none",
        }

    def __str__(self) -> str:
        return "Keep apart"

    def clean(self) -> None:
        if self.kind == Apart.CONTRA:
            self.is_restricted = True
        if bool(self.mentor_id) == bool(self.name.strip()):
            raise ValidationError(
                {"name": "Choose somebody in the register, or write a name: one of the two."}
            )
