import uuid
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from casework.calendar import now


class Band(models.TextChoices):
    """Who may read words that somebody wrote (casework reference §9). The order is of closeness."""

    SHARED = "shared", "Shared: the case team and the referrer's summary"
    TEAM = "team", "Team: assigned workers and coordinators"
    SENSITIVE = "sensitive", "Sensitive: coordinators and named workers"
    MANAGEMENT = "management", "Management: coordinators and supervisors"
    SAFEGUARDING = "safeguarding", "Safeguarding: safeguarding leads"

    def is_wider_than(self, other: "Band") -> bool:
        order = list(Band)
        return order.index(self) < order.index(other)


class Note(models.Model):
    """Something somebody wrote about a case. Never changed: a correction is another note."""

    class Kind(models.TextChoices):
        CONTACT = "contact", "Contact attempt"
        SESSION = "session", "Session"
        ETE = "ete", "Education, training or work"
        INFORMATION = "information", "Information received"
        OVERSIGHT = "oversight", "Management oversight"
        FAMILY = "family", "Family or home"
        SAFEGUARDING = "safeguarding", "Safeguarding"
        JUSTICE = "justice", "Justice"
        CORRECTION = "correction", "Correction"

    DEFAULT_BAND: ClassVar = {
        Kind.CONTACT: Band.TEAM,
        Kind.SESSION: Band.TEAM,
        Kind.ETE: Band.SHARED,
        Kind.INFORMATION: Band.TEAM,
        Kind.OVERSIGHT: Band.MANAGEMENT,
        Kind.FAMILY: Band.SENSITIVE,
        Kind.SAFEGUARDING: Band.SAFEGUARDING,
        Kind.JUSTICE: Band.SENSITIVE,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_kind = models.CharField(max_length=20)
    case_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind)
    band = models.CharField(max_length=12, choices=Band)
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField(default=now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fact = models.TextField("What was seen, said or done", max_length=4000)
    opinion = models.TextField("What you think about it", max_length=4000, blank=True)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    submit_key = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        ordering = ["-happened_at", "pk"]
        indexes = [
            models.Index(fields=["case_kind", "case_id", "-happened_at"], name="note_of_case")
        ]
        constraints = [
            models.CheckConstraint(
                name="note_not_from_the_future",
                condition=models.Q(happened_at__lte=models.F("written_at")),
                violation_error_message="A note tells what has happened; the time lies ahead.",
            )
        ]

    class Privacy:
        subject = "young person"
        why = "What people who help need to know of one another's work."
        keep = "as long as the case it belongs to"
        fields: ClassVar = {
            "id": "none",
            "case_kind": "none",
            "case_id": "personal team give",
            "kind": "none",
            "band": "none",
            "happened_at": "personal team give",
            "written_at": "none",
            "author": "personal team give",
            "fact": "special team redact",
            "opinion": "special team redact",
            "corrects": "none",
            "submit_key": "none",
        }

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.happened_at:%d %B %Y}"

    def clean(self) -> None:
        if self.corrects and self.corrects.band != self.band:
            raise ValidationError({"band": "A correction has the band of the note it corrects."})
