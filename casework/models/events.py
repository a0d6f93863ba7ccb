import hashlib
import json
import uuid
from datetime import UTC
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from casework.calendar import now


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, case: models.Model) -> Self:
        return self.filter(case_kind=case.KIND, case_id=case.pk)  # type: ignore[attr-defined]


class Event(models.Model):
    """One thing that happened to a case. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE.

    Ids, codes, times and names of changed fields only; words that people wrote stand in `Reason`
    and in the kinds' own rows, which can be erased. It points at its case by kind and id without a
    foreign key, so that a draft may go, a person be erased and the table be partitioned without
    breaking a chain. Each Event carries the hash of the one before it in its case.
    """

    id = models.BigAutoField(primary_key=True)
    case_kind = models.CharField(max_length=20)
    case_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    owner_id = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["case_kind", "case_id", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "sequence"],
                name="event_sequence_once",
                violation_error_message="This case already has an event with this number.",
            )
        ]
        indexes = [models.Index(fields=["at"], name="event_at")]

    class Privacy:
        subject = "young person"
        why = "The account of what was done, by whom and when; proof that nobody was lost."
        keep = "as long as the case it belongs to; pseudonymous after erasure"
        fields: ClassVar = {
            "id": "none",
            "case_kind": "none",
            "case_id": "personal team give",
            "sequence": "none",
            "name": "personal team give",
            "from_state": "personal team give",
            "to_state": "personal team give",
            "at": "personal team give",
            "actor_kind": "none",
            "actor_id": "personal team give",
            "owner_id": "personal team give",
            "due_at": "personal team give",
            "fields": "none",
            "detail": "personal team give",
            "previous": "none",
            "hash": "none",
        }

    def __str__(self) -> str:
        return f"{self.case_kind} {self.sequence} {self.name}"

    def body(self) -> str:
        """The previous hash and every other column but `id`, as canonical JSON."""
        body = {
            "case": [self.case_kind, str(self.case_id), self.sequence],
            "move": [self.name, self.from_state, self.to_state],
            "at": _stamp(self.at),
            "by": [self.actor_kind, _text(self.actor_id)],
            "owner": _text(self.owner_id),
            "due": _stamp(self.due_at),
            "fields": self.fields,
            "detail": self.detail,
            "previous": self.previous,
        }
        return json.dumps(body, sort_keys=True)

    def digest(self) -> str:
        """SHA-256 over the body."""
        return hashlib.sha256(self.body().encode()).hexdigest()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _stamp(moment: Any) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


class Seal(models.Model):
    """The nightly seal: a hash over all Events up to one, so that a cut tail shows."""

    id = models.BigAutoField(primary_key=True)
    sealed_at = models.DateTimeField(default=now)
    last_event_id = models.BigIntegerField()
    events = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]

    class Privacy:
        subject = "nobody"
        why = "A checksum."

    def __str__(self) -> str:
        return f"Seal of {self.sealed_at:%d %B %Y}"


class Reason(models.Model):
    """The words a person gave with a move, in a band, apart from the Event so that they can be
    erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_kind = models.CharField(max_length=20)
    case_id = models.UUIDField()
    sequence = models.PositiveIntegerField(help_text="Of the Event that it belongs to.")
    name = models.CharField(max_length=40, help_text="Which question it answers.")
    text = models.TextField()
    band = models.CharField(max_length=12)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["case_kind", "case_id", "sequence"], name="reason_of_event")
        ]

    class Privacy:
        subject = "young person"
        why = "Why something was decided, for those it is owed to."
        keep = "as long as the case it belongs to"
        fields: ClassVar = {
            "id": "none",
            "case_kind": "none",
            "case_id": "personal team give",
            "sequence": "none",
            "name": "none",
            "text": "special team redact",
            "band": "none",
            "by": "personal team give",
            "at": "none",
        }

    def __str__(self) -> str:
        return f"Reason with {self.case_kind} event {self.sequence}"
