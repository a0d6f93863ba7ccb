"""Who answers a concern at which hour. Outside the rota people ring 999 or the duty team."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Length

from accounts import roles
from accounts.clock import now

from .areas import Area
from .memberships import Membership, MembershipQuerySet
from .people import User


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def at(self, moment: datetime) -> "DutyShiftQuerySet":
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)

    def for_area(self, area_id: uuid.UUID) -> "DutyShiftQuerySet":
        """For this area or one above it, the nearest first."""
        path = Area.objects.filter(pk=area_id).values_list("path", flat=True).first() or ""
        codes = [code for code in path.split("/") if code]
        return self.filter(area__code__in=codes).order_by(
            Length("area__path").desc(), "starts_at", "pk"
        )

    def to_come(self) -> "DutyShiftQuerySet":
        return self.filter(ends_at__gt=now())


class DutyShift(models.Model):
    """One person answers concerns of one area from a moment until a moment.

    A shift is a dated fact, not a weekly pattern: who answered on a given day stays known, and a
    swap or a bank holiday changes one row. `services.plan_duty` writes a pattern out.
    """

    class Position(models.TextChoices):
        LEAD = "lead", "Safeguarding lead on duty"
        DEPUTY = "deputy", "Deputy"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duty_shifts"
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="duty_shifts")
    position = models.CharField(max_length=6, choices=Position, default=Position.LEAD)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_out_of_hours = models.BooleanField(
        default=False,
        help_text="Reached by telephone only, in the evening, at night, at a weekend.",
    )

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="duty_shift_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message="A shift ends after it starts.",
            ),
            models.UniqueConstraint(
                fields=["user", "area", "position", "starts_at"],
                name="duty_shift_once",
                violation_error_message="This shift is already there.",
            ),
        ]
        indexes = [models.Index(fields=["area", "ends_at"], name="duty_shift_area_end")]

    class Privacy:
        subject = "user"
        why = "Who answered concerns at which hour."
        keep = "six years"
        fields: ClassVar = {
            "id": "none",
            "user": "personal team give",
            "area": "none",
            "position": "personal team give",
            "starts_at": "personal team give",
            "ends_at": "personal team give",
            "is_out_of_hours": "none",
        }

    def __str__(self) -> str:
        return f"{self.get_position_display()} from {self.starts_at:%d %B %Y %H:%M}"


def on_duty(area_id: uuid.UUID, moment: datetime) -> User | None:
    """Who answers a concern of this area at that moment. None: outside the rota."""
    return _answering(area_id, moment, DutyShift.Position.LEAD)


def deputy(area_id: uuid.UUID, moment: datetime) -> User | None:
    """Who is alarmed when nobody is on duty or does not answer: the deputy of the rota, else
    another safeguarding lead of the area, else whoever leads on safeguarding there at all."""
    if found := _answering(area_id, moment, DutyShift.Position.DEPUTY):
        return found
    first = on_duty(area_id, moment)
    leads = [_present(membership) for membership in _leads().for_area(area_id)]
    others = [lead for lead in leads if lead.is_active and lead != first]
    return next(iter(others or leads), None)


def _answering(area_id: uuid.UUID, moment: datetime, position: str) -> User | None:
    """The first on shift who still leads on safeguarding there, or who covers for them."""
    leads = {row.user_id: row for row in _leads().for_area(area_id)}
    shifts = DutyShift.objects.at(moment).for_area(area_id).filter(position=position)
    for user_id in shifts.values_list("user_id", flat=True):
        if user_id in leads:
            return _present(leads[user_id])
    return None


def _leads() -> MembershipQuerySet:
    return (
        Membership.objects.in_force()
        .as_role(roles.SafeguardingLead)
        .select_related("user", "cover")
        .order_by("starts_on", "pk")
    )


def _present(membership: Membership) -> User:
    if membership.is_away and membership.cover and membership.cover.is_active:
        return membership.cover
    return membership.user
