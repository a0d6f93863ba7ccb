import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from wagtail.models import Revision

from accounts.clock import now

KEPT = timedelta(days=90)  # after it was sent, read or not


class Suggestion(models.Model):
    """What somebody says is wrong on the page of a service. Nobody needs an account for it."""

    class Part(models.TextChoices):
        WHEN = "when", "When it is open"
        WHERE = "where", "Where it is"
        PHONE = "phone", "The phone number"
        EMAIL = "email", "The email address"
        PAGE = "page", "The website"
        NAME = "name", "Its name"
        SUMMARY = "summary", "The sentence under its name"
        WHO = "who", "Who it is for"
        COST = "cost", "What it costs"
        CLOSED = "closed", "It has closed"
        OTHER = "other", "Something else"

    # Of a part that is one plain field of a service, which: the words are its new value.
    FIELDS: ClassVar[dict[str, str]] = {
        Part.PHONE: "phone",
        Part.EMAIL: "email",
        Part.PAGE: "url",
        Part.NAME: "title",
        Part.SUMMARY: "summary",
    }

    class State(models.TextChoices):
        NEW = "new", "To be read"
        DONE = "done", "Put right"
        KEPT = "kept", "Left as it was"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        "cms.Service", on_delete=models.CASCADE, related_name="suggestions", editable=False
    )
    part = models.CharField("what is wrong", max_length=8, choices=Part)
    words = models.TextField("what it should say", max_length=1000)
    contact = models.CharField("how to reach them", max_length=200, blank=True)
    state = models.CharField(max_length=4, choices=State, default=State.NEW)
    sent_at = models.DateTimeField(default=now, editable=False)
    version = models.ForeignKey(
        Revision,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        help_text="What they read; none for a service that has no versions",
    )
    told_at = models.DateTimeField(
        null=True, editable=False, help_text="When its provider was told, if it could be"
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    put_right_in = models.ForeignKey(
        Revision, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["-sent_at", "pk"]

    class Privacy:
        subject = "whoever sent it"
        why = "To put a service's page right, and to ask back."
        keep = "90 days"
        fields: ClassVar = {
            "id": "none",
            "service": "none",
            "part": "none",
            "words": "personal team give",
            "contact": "personal team give",
            "state": "none",
            "sent_at": "none",
            "version": "none",
            "told_at": "none",
            "decided_at": "none",
            "decided_by": "personal team give",
            "put_right_in": "none",
        }

    def __str__(self) -> str:
        return f"{self.service.title}: {self.get_part_display().lower()}"

    @property
    def field(self) -> str:
        """The field of the service that the words are a new value of; "" if they are a sentence."""
        return self.FIELDS.get(self.part, "")
