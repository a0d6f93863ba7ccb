import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from casework.calendar import now


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, case: models.Model) -> Self:
        return self.filter(case_kind=case.KIND, case_id=case.pk)  # type: ignore[attr-defined]


class Message(models.Model):
    """The transactional outbox. Written with the change, sent by the relay, at least once.

    `dedup_key` says whom it tells of which move, so that nobody is told twice. Its own key goes out
    with the mail, so that a repeat between "sent" and "marked" can be recognised. The text is made
    when it is sent, from the letter's template and the reference: nothing personal is stored here
    (link, don't tell: casework reference §13).
    """

    class State(models.TextChoices):
        DUE = "due", "Waiting to be sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Could not be sent"
        DROPPED = "dropped", "Not sent: they have left"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dedup_key = models.CharField(max_length=120, unique=True)
    letter = models.CharField(max_length=60, help_text="Which letter, such as referral.accept.")
    case_kind = models.CharField(max_length=20)
    case_id = models.UUIDField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    next_at = models.DateTimeField(default=now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=80, blank=True, help_text="The class of the error.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["next_at"], name="message_due", condition=models.Q(state="due")),
            models.Index(fields=["case_kind", "case_id"], name="message_of_case"),
            models.Index(
                fields=["created_at"], name="message_failed", condition=models.Q(state="failed")
            ),
        ]

    class Privacy:
        subject = "user"
        why = "Proof of who was told, and the queue of who still has to be."
        keep = "as long as the case it belongs to"
        fields: ClassVar = {
            "id": "none",
            "dedup_key": "none",
            "letter": "none",
            "case_kind": "none",
            "case_id": "personal team give",
            "recipient": "personal team give",
            "state": "none",
            "attempts": "none",
            "created_at": "none",
            "next_at": "none",
            "claimed_at": "none",
            "sent_at": "none",
            "last_error": "none",
        }

    def __str__(self) -> str:
        return f"{self.letter} ({self.get_state_display()})"
