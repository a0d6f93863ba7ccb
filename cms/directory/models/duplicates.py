import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.clock import now


class Duplicate(models.Model):
    """Two services that may be one, why it seems so, and what an editor decided. Nothing merges by
    itself."""

    class State(models.TextChoices):
        OPEN = "open", "To decide"
        DIFFERENT = "different", "Not the same"
        MERGED = "merged", "Merged"
        BACK = "back", "Merged, and taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.ForeignKey("cms.Service", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("cms.Service", on_delete=models.CASCADE, related_name="+")
    reasons = ArrayField(models.CharField(max_length=100))
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(default=now)
    was_status = models.CharField(
        max_length=8, blank=True, help_text="Of the one that was merged, before that"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kept = models.ForeignKey(
        "cms.Service",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The one that a merge has kept",
    )
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-found_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="duplicate_once"),
            models.CheckConstraint(name="duplicate_in_order", condition=Q(one__lt=F("other"))),
        ]

    class Privacy:
        subject = "nobody"
        why = "Pairs of public services. Which editor decided is kept with it."

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"
