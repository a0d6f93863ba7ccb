import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from casework.calendar import now, today
from insight import policies

if TYPE_CHECKING:
    from accounts.models import Area, User


class GapActionQuerySet(models.QuerySet["GapAction"]):
    def visible_to(self, user: "User") -> "GapActionQuerySet":
        """All of them, to whoever reads the figures that they are about."""
        return self.all() if policies.reads_figures(user) else self.none()

    def to_do(self) -> "GapActionQuerySet":
        return self.filter(done_on=None)

    def late(self) -> "GapActionQuerySet":
        return self.to_do().filter(due_on__lt=today())

    def of(self, user: "User") -> "GapActionQuerySet":
        return self.filter(owner=user)

    def within(self, area: "Area") -> "GapActionQuerySet":
        return self.filter(area__path__startswith=area.path)

    def listed(self) -> "GapActionQuerySet":
        """With what a list says of each: what is to be done first, the latest done last."""
        first = models.F("done_on").desc(nulls_first=True)
        return self.select_related("area", "need", "owner").order_by(first, "due_on", "pk")


class GapAction(models.Model):
    """What somebody will do about the gap of a place, or about one need there, and by when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey("accounts.Area", on_delete=models.PROTECT, related_name="+")
    need = models.ForeignKey(
        "cms.TaxonomyTerm", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="gap_actions"
    )
    due_on = models.DateField()
    added_at = models.DateTimeField(default=now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    done_on = models.DateField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects = GapActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="gap_action_done_by_somebody",
                condition=models.Q(done_on=None, done_by=None)
                | models.Q(done_on__isnull=False, done_by__isnull=False),
                violation_error_message="What is done was done on a day, and said by somebody.",
            )
        ]

    class Privacy:
        subject = "who is to act"
        why = "Every gap that is acted on has somebody who answers for it, and a date."
        keep = "as long as the figures"
        fields = {
            "id": "none",
            "area": "none",
            "need": "none",
            "action": "none",
            "owner": "personal team give",
            "due_on": "none",
            "added_at": "none",
            "added_by": "personal team give",
            "done_on": "none",
            "done_by": "personal team give",
        }

    def __str__(self) -> str:
        return self.action

    @property
    def is_late(self) -> bool:
        return self.done_on is None and self.due_on < today()
