import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.clock import now

KEPT = timedelta(days=90)  # after it was sent, answered or not


class Claim(models.Model):
    """Somebody says that a provider of the directory is theirs to keep. They have no account."""

    class State(models.TextChoices):
        NEW = "new", "To be answered"
        LINKED = "linked", "It is theirs: link it"
        REFUSED = "refused", "It is not theirs"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(
        "cms.Provider", on_delete=models.CASCADE, related_name="claims", editable=False
    )
    organisation_name = models.CharField("name of your organisation", max_length=200)
    email = models.EmailField("work email address")
    words = models.TextField("anything that helps us to know you", max_length=1000, blank=True)
    sent_at = models.DateTimeField(default=now, editable=False)
    state = models.CharField("answer", max_length=7, choices=State, default=State.NEW)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisation to link it to",
        help_text="If it is not in the list, ask an administrator to add it and invite somebody "
        "as its administrator. Ring a number you know first: an address proves little.",
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ["-sent_at", "pk"]

    class Privacy:
        subject = "whoever sent it"
        why = "To let an organisation keep what the directory says of it, and to answer them."
        keep = "90 days"
        fields: ClassVar = {
            "id": "none",
            "provider": "none",
            "organisation_name": "none",
            "email": "personal team give",
            "words": "personal team give",
            "sent_at": "none",
            "state": "none",
            "organisation": "none",
            "decided_at": "none",
            "decided_by": "personal team give",
        }

    def __str__(self) -> str:
        return f"{self.provider}: {self.organisation_name}"
