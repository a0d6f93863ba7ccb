from django.db import models

from casework.calendar import now


class Release(models.Model):
    """A table of counts as it was first shown: what it withholds is withheld here, too.

    It is never counted again. A table that is counted each day tells, from one day to the next, of
    the one young person who moved, whose address came to be protected or who was deleted.
    """

    class Table(models.TextChoices):
        REFERRED = "referred", "Young people referred, by district"
        WARDS = "wards", "Young people referred, by ward of a district"
        SEARCHED = "searched", "Searches, by district"
        NEEDS = "needs", "Searches that found nothing, by need"

    table = models.CharField(max_length=8, choices=Table)
    place = models.CharField(max_length=12, blank=True, help_text="The district's code; of wards")
    since = models.DateTimeField()
    until = models.DateTimeField(help_text="The first moment after the period")
    cells = models.JSONField(help_text="Counts by code of a place or name of a need")
    rules = models.CharField(max_length=4, help_text="Version of the disclosure rules")
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        ordering = ["-until", "table", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["until", "table", "place"],
                name="release_once",
                violation_error_message="This table of that period is released already.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "Figures in which nobody can be recognised, as they were shown."

    def __str__(self) -> str:
        return f"{self.get_table_display()}, to {self.until:%d %B %Y}"
