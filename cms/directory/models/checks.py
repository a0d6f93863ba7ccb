import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.clock import now


class FeedCheck(models.Model):
    """What a nightly check of our feed found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    checked_at = models.DateTimeField(default=now, db_index=True)
    passed = models.PositiveIntegerField()
    faults = ArrayField(models.TextField(), default=list)
    services = models.PositiveIntegerField()

    class Meta:
        ordering = ["-checked_at"]

    class Privacy:
        subject = "nobody"
        why = "Whether the public feed keeps to the standard."

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d}: {self.passed} passed, {len(self.faults)} failed"
