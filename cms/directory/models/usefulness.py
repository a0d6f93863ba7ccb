from datetime import date
from uuid import UUID

from django.db import connection, models
from django.db.models import Q, Sum


class UsefulnessQuerySet(models.QuerySet["Usefulness"]):
    def add_one(self, *, service_id: UUID, month: date, answer: str) -> None:
        """Count one more: one statement, so that no race loses any."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO cms_usefulness (service_id, month, answer, count)
                VALUES (%s, %s, %s, 1) ON CONFLICT (service_id, month, answer)
                DO UPDATE SET count = cms_usefulness.count + 1
                """,
                [service_id, month, answer],
            )


class Usefulness(models.Model):
    """How many readers said in one month that a service's page was useful, or why it was not."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NOT_FOR_ME = "not_for_me", "It is not for people like me"
        TOO_FAR = "too_far", "It is too far away, or at the wrong time"
        NO_ANSWER = "no_answer", "I tried, and nobody answered"
        FULL = "full", "It is full or closed"
        UNCLEAR = "unclear", "I do not understand what to do"
        OTHER = "other", "Something else"

    service = models.ForeignKey("cms.Service", on_delete=models.CASCADE, related_name="usefulness")
    month = models.DateField(help_text="Its first day")
    answer = models.CharField(max_length=10, choices=Answer)
    count = models.PositiveIntegerField()

    objects = UsefulnessQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "pk"]
        verbose_name_plural = "usefulness"
        constraints = [
            models.UniqueConstraint(fields=["service", "month", "answer"], name="usefulness_once")
        ]

    class Privacy:
        subject = "nobody"
        why = "Which pages of services help those who read them. Counts alone."

    def __str__(self) -> str:
        return f"{self.service}, {self.month:%B %Y}: {self.count} {self.get_answer_display()}"


YES = Sum("usefulness__count", filter=Q(usefulness__answer=Usefulness.Answer.YES), default=0)
NO = Sum("usefulness__count", filter=~Q(usefulness__answer=Usefulness.Answer.YES), default=0)
