import uuid

from django.db import models

from accounts.clock import now


class Run(models.Model):
    """One import from a source's feed: how far it is, what it did and what was wrong.

    It goes on page by page: what a page brought and that it is done are written together, so one
    that was killed goes on where it was.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        COMPLETE = "complete", "Complete"
        PARTIAL = "partial", "Not whole"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey("cms.Source", on_delete=models.CASCADE, related_name="runs")
    is_dry = models.BooleanField(default=False, help_text="It says what it would do")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    why = models.CharField(max_length=300, blank=True, help_text="Why it is not whole, or failed")
    started_at = models.DateTimeField(default=now)
    touched_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    page = models.PositiveIntegerField(default=0, help_text="How many pages are done")
    pages = models.PositiveIntegerField(null=True, help_text="How many the feed says there are")
    items = models.PositiveIntegerField(null=True, help_text="How many services it says there are")
    seen = models.PositiveIntegerField(default=0, help_text="Services that its pages listed")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0, help_text="Values that were edited here")
    problems = models.JSONField(default=list, help_text="The first ones: record and sentence")
    changes = models.JSONField(default=list, help_text="The first ones: record and its fields")
    requests = models.PositiveIntegerField(default=0, help_text="How often the feed was asked")
    left_out = models.JSONField(default=dict, help_text="Values left out: how many, by reason")

    class Meta:
        ordering = ["-started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(state="running"), name="one_run_at_a_time"
            ),
            models.CheckConstraint(
                name="run_ends_once",
                condition=models.Q(state="running", ended_at__isnull=True)
                | (~models.Q(state="running") & models.Q(ended_at__isnull=False)),
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "What imports of public directories did."

    def __str__(self) -> str:
        return f"{self.source}, {self.started_at:%d %B %Y %H:%M}"


class HeldValue(models.Model):
    """What a source now says of a field that was edited here, until an editor has decided."""

    class State(models.TextChoices):
        OPEN = "open", "To decide"
        TAKEN = "taken", "Theirs was taken"
        KEPT = "kept", "Ours was kept"
        NEVER = "never", "Ours is kept for good"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey("cms.SourceRecord", on_delete=models.CASCADE, related_name="held")
    field = models.CharField(max_length=40)
    was = models.JSONField(null=True, help_text="What the source said when we took it over")
    theirs = models.JSONField(null=True, help_text="What it says now")
    state = models.CharField(max_length=5, choices=State, default=State.OPEN)
    held_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-held_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "field"], name="held_once_for_each_field")
        ]

    class Privacy:
        subject = "nobody"
        why = "Values of public services. Which editor decided is kept with it."

    def __str__(self) -> str:
        return f"{self.field} of {self.record}"
