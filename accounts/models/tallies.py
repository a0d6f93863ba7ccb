from datetime import datetime

from django.db import connection, models


class TallyQuerySet(models.QuerySet["Tally"]):
    def add_one(self, *, key: str, since: datetime) -> int:
        """Count one more and say how many there are: one statement, so that no race loses any."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO accounts_tally (key, since, count) VALUES (%s, %s, 1)
                ON CONFLICT (key, since) DO UPDATE SET count = accounts_tally.count + 1
                RETURNING count
                """,
                [key, since],
            )
            return int(cursor.fetchone()[0])


class Tally(models.Model):
    """How often something happened since a moment, for `limits`. The key is a keyed hash."""

    key = models.CharField(max_length=64)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["key", "since"], name="tally_once")]

    class Privacy:
        subject = "nobody"
        why = "Slows down guessing. A keyed hash of an address, kept for a day."

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%H:%M}"
