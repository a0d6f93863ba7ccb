from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.clock import now


class Submission(models.Model):
    """A form that somebody has sent, by its hidden key, and where it led: sent once more it leads
    there again and makes nothing. For what has no key of its own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    led_to = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="submission_once"),
        ]

    class Privacy:
        subject = "user"
        why = "A double click makes one thing."
        keep = "a week"
        fields: ClassVar = {
            "id": "none",
            "user": "personal management give",
            "key": "none",
            "led_to": "none",
            "at": "none",
        }

    def __str__(self) -> str:
        return f"Sent at {self.at:%H:%M}"
