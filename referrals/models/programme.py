import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from accounts.models import Area, User
from casework.calendar import today
from referrals import policies


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def running(self) -> Self:
        day = today()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def open_to(self, user: User) -> Self:
        """Those that a person may refer to: running, where an organisation for which they refer
        works. A programme of the whole area is open to a school of one district."""
        rows = user.memberships_as(*policies.AUTHORS)
        served = Area.objects.filter(organisations__in=[row.organisation_id for row in rows])
        return self.running().filter(areas__in=Area.objects.touching(served)).distinct()


class Programme(models.Model):
    """What is commissioned: who pays for what, for whom. Every referral belongs to one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, db_collation="names")
    summary = models.CharField(max_length=300)
    commission = models.CharField(max_length=120, help_text="Who commissions it, and under what.")
    funding_line = models.CharField(max_length=120)
    minimum_age = models.PositiveSmallIntegerField(default=10)
    maximum_age = models.PositiveSmallIntegerField(default=25)
    places = models.PositiveIntegerField()
    provider = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="programmes"
    )
    areas = models.ManyToManyField("accounts.Area", related_name="programmes")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="programme_ages_in_order",
                condition=Q(maximum_age__gte=F("minimum_age")),
                violation_error_message="The highest age is below the lowest.",
            ),
            models.CheckConstraint(
                name="programme_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="A programme cannot end before it starts.",
            ),
        ]

    class Privacy:
        subject = "nobody"
        why = "What is commissioned is public."

    def __str__(self) -> str:
        return self.name
