import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.calendar import now

from .referral import Referral


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def about(self, referral: Referral) -> Self:
        """Those in which this referral is either of the two."""
        return self.filter(Q(referral=referral) | Q(other=referral))


class Comparison(models.Model):
    """What a coordinator says of two referrals that may be about one young person (casework
    reference §6). Never made by the machine; the referrers learn nothing of it."""

    class Verdict(models.TextChoices):
        SAME = "same", "The same young person"
        LINKED = "linked", "Somebody else, but linked: family, household or friend"
        DIFFERENT = "different", "Somebody else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=9, choices=Verdict)
    compared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    compared_at = models.DateTimeField(default=now)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        ordering = ["-compared_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "other"],
                name="comparison_once",
                violation_error_message="These two have been compared.",
            ),
            models.CheckConstraint(
                name="comparison_of_two",
                condition=~Q(referral=F("other")),
                violation_error_message="A referral is not compared with itself.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "One young person has one way through, and nobody is helped twice or not at all."
        keep = "as long as the referrals"
        fields: ClassVar = {
            "id": "none",
            "referral": "personal sensitive redact",
            "other": "personal sensitive redact",
            "verdict": "personal sensitive redact",
            "compared_by": "personal sensitive redact",
            "compared_at": "none",
        }

    def __str__(self) -> str:
        return self.get_verdict_display()
