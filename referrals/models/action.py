import uuid
from datetime import date
from typing import ClassVar, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.calendar import now, today


class Agreed(NamedTuple):
    """What is agreed with a move, before it is a row: what, who does it, until when."""

    what: str
    who: str
    by_when: date


class ConcernActionQuerySet(models.QuerySet["ConcernAction"]):
    def not_done(self) -> Self:
        return self.filter(done_at__isnull=True)


class ConcernAction(models.Model):
    """Something that was agreed to be done about a concern (casework reference §5, handled).
    Whoever does it need not be somebody who signs in here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(
        "referrals.Concern", on_delete=models.CASCADE, related_name="actions"
    )
    what = models.CharField(max_length=300)
    who = models.CharField(max_length=120, db_collation="names")
    by_when = models.DateField()
    agreed_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConcernActionQuerySet.as_manager()

    class Meta:
        ordering = ["by_when", "agreed_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="concern_action_done_by_and_at",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message="What is done has a person and a time.",
            )
        ]

    class Privacy:
        subject = "young person"
        why = "To protect somebody from harm: what was agreed, and whether it was done."
        keep = "as long as the concern"
        fields: ClassVar = {
            "id": "none",
            "concern": "safeguarding safeguarding redact",
            "what": "safeguarding safeguarding redact",
            "who": "safeguarding safeguarding redact",
            "by_when": "safeguarding safeguarding redact",
            "agreed_at": "none",
            "done_at": "safeguarding safeguarding redact",
            "done_by": "safeguarding safeguarding redact",
        }

    def __str__(self) -> str:
        return f"Agreed until {self.by_when:%d %B %Y}"

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.by_when < today()
