from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from casework.calendar import now


class ViewingQuerySet(models.QuerySet["Viewing"]):
    def of(self, case: models.Model) -> Self:
        return self.filter(case_kind=case.KIND, case_id=case.pk)  # type: ignore[attr-defined]


class Viewing(models.Model):
    """Who looked at which case, and at what of it. Written in the transaction of the page
    itself."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now)
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+"
    )
    case_kind = models.CharField(max_length=20)
    case_id = models.UUIDField()
    what = models.CharField(max_length=40, help_text="page, pdf, address, notes:team, …")
    is_owner = models.BooleanField()

    objects = ViewingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["case_kind", "case_id", "-at"], name="viewing_of_case"),
            models.Index(fields=["viewer", "-at"], name="viewing_by_viewer"),
        ]

    class Privacy:
        subject = "user"
        why = "A young person's record says who has read it."
        keep = "six years"
        fields: ClassVar = {
            "id": "none",
            "at": "personal management give",
            "viewer": "personal management give",
            "case_kind": "none",
            "case_id": "personal management give",
            "what": "none",
            "is_owner": "none",
        }

    def __str__(self) -> str:
        return f"{self.what} at {self.at:%H:%M}"
