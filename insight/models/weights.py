from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from casework.calendar import now

PARTS = ("deprivation", "referrals", "unmet", "out_of_place")


class Weights(models.Model):
    """How much each part counts in the need of a place, in hundredths. A change is a new row: what
    was in force when stays known."""

    deprivation = models.PositiveSmallIntegerField("Deprivation", default=40)
    referrals = models.PositiveSmallIntegerField(
        "Young people referred per 1,000 aged 10 to 24", default=30
    )
    unmet = models.PositiveSmallIntegerField("Searches that found nothing", default=20)
    out_of_place = models.PositiveSmallIntegerField(
        "Referred and in no education, training or work, or not known", default=10
    )
    set_at = models.DateTimeField(default=now, editable=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, editable=False
    )

    class Meta:
        ordering = ["-set_at", "-pk"]
        verbose_name_plural = "weights"

    class Privacy:
        subject = "who set them"
        why = "How the gap score of a place was worked out, and who decided it."
        keep = "as long as the figures"
        fields = {
            "id": "none",
            "deprivation": "none",
            "referrals": "none",
            "unmet": "none",
            "out_of_place": "none",
            "set_at": "none",
            "set_by": "personal team give",
        }

    def __str__(self) -> str:
        return ", ".join(f"{name} {weight}" for name, weight in self.of.items())

    def clean(self) -> None:
        if sum(self.of.values()) != 100:
            raise ValidationError(
                f"The weights must add up to 100. These add up to {sum(self.of.values())}."
            )

    @classmethod
    def ours(cls) -> "Weights":
        """Those in force, or the defaults. One query, no write."""
        return cls.objects.first() or cls()

    @property
    def of(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in PARTS}
