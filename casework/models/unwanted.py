from typing import ClassVar

from django.conf import settings
from django.db import models


class Unwanted(models.Model):
    """A category of letters that somebody does not want (`letters.Category`)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "category"], name="unwanted_once")
        ]

    class Privacy:
        subject = "user"
        why = "Which letters somebody has chosen not to get."
        keep = "as long as they have an account"
        fields: ClassVar = {
            "id": "none",
            "user": "personal management give",
            "category": "personal management give",
        }

    def __str__(self) -> str:
        return self.category
