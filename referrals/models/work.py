"""Rows that belong to a referral's way: who works on it, and questions to its referrer."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts import roles
from accounts.models import User
from casework.calendar import now


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def hand_to(self, user: User) -> None:
        """Each ends and one of this person begins, so that who worked with them when stays told."""
        rows, moment = list(self), now()
        self.filter(pk__in=[row.pk for row in rows]).update(
            ended_at=moment, ended_because="handed_over"
        )
        for row in rows:
            self.create(referral_id=row.referral_id, worker=user, role=row.role, started_at=moment)


class Assignment(models.Model):
    """Who works with a young person in which role, since when. Sight of the case follows from
    it."""

    class Role(models.TextChoices):
        MENTOR = "mentor", "Mentor"
        ADVISER = "adviser", "Pathway adviser"

    ROLES: ClassVar = {Role.MENTOR: roles.Mentor, Role.ADVISER: roles.PathwayAdviser}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.CASCADE, related_name="assignments"
    )
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    role = models.CharField(max_length=8, choices=Role)
    started_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=40, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["worker"], name="assignment_current", condition=Q(ended_at__isnull=True)
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "role"],
                condition=Q(ended_at__isnull=True),
                name="assignment_one_current",
                violation_error_message="Somebody has this role for this young person already.",
            ),
            models.CheckConstraint(
                name="assignment_end_has_reason",
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                violation_error_message="Say why the assignment ended.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "Who helps them, and who may see their record because of it."
        keep = "as long as the referral"
        fields: ClassVar = {
            "id": "none",
            "referral": "personal shared give",
            "worker": "personal shared give",
            "role": "personal shared give",
            "started_at": "personal shared give",
            "ended_at": "personal shared give",
            "ended_because": "personal team give",
        }

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.referral_id}"


class InfoRequest(models.Model):
    """A question to the referrer. They see the question, nothing else of triage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.CASCADE, related_name="questions"
    )
    question = models.TextField(max_length=1000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["-asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(is_open=True),
                name="info_request_one_open",
                violation_error_message="There is an open question to the referrer already.",
            ),
            models.CheckConstraint(
                name="info_request_answer_by_and_at",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                violation_error_message="An answer has a person and a time.",
            ),
        ]

    class Privacy:
        subject = "young person"
        why = "What had to be asked before a decision."
        keep = "as long as the referral"
        fields: ClassVar = {
            "id": "none",
            "referral": "personal shared give",
            "question": "special shared give",
            "asked_by": "personal shared give",
            "asked_at": "none",
            "answer": "special shared give",
            "answered_by": "personal shared give",
            "answered_at": "none",
            "is_open": "none",
        }

    def __str__(self) -> str:
        return f"Question of {self.asked_at:%d %B %Y}"
