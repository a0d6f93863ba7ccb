import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models

from accounts.clock import now

KEPT = timedelta(days=396)  # 13 months
ENOUGH = 5  # fewer than this are shown to nobody


class DemandQuerySet(models.QuerySet["Demand"]):
    def add(self, counts: dict["Slot", int]) -> None:
        """Count these, in one statement, so that several processes lose nothing; in one order, so
        that they do not lock each other out."""
        hours, districts, marks, found = map(list, zip(*sorted(counts), strict=True))
        many = [counts[slot] for slot in sorted(counts)]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [hours, districts, marks, found, many])

    def since(self, moment: datetime) -> "DemandQuerySet":
        return self.filter(hour__gte=moment)

    def in_vain(self) -> "DemandQuerySet":
        return self.filter(found=Demand.Found.NOTHING)

    def by(self, *columns: str) -> Any:
        """How `many` of each, the most first; never of what fewer than enough have asked for. Rows
        are dictionaries."""
        many = self.values(*columns).annotate(many=models.Sum("count"))
        return many.filter(many__gte=ENOUGH).order_by("-many", *columns)


Slot = tuple[datetime, str, str, str]  # hour, district, mark, found

_ADD = """
INSERT INTO cms_demand (hour, district, mark, found, count)
SELECT * FROM unnest(%s::timestamptz[], %s::varchar[], %s::varchar[], %s::varchar[], %s::int[])
ON CONFLICT (hour, district, mark, found) DO UPDATE SET count = cms_demand.count + excluded.count
"""


class Demand(models.Model):
    """How often the directory was asked for one thing in one hour, from one district.

    `mark` is that one thing: nothing (the search itself), a word ("word:boxing"), a filter
    ("need:money", "age:14-17"), or what somebody told us was missing ("missing:money"). They are
    counted apart, so that no search can be put together again.
    """

    class Found(models.TextChoices):
        NOTHING = "none", "Nothing"
        FEW = "few", "1 to 4"
        SOME = "some", "5 or more"

    hour = models.DateTimeField()
    district = models.CharField(max_length=9, blank=True, help_text="Its code; empty: not said")
    mark = models.CharField(max_length=81, blank=True)
    found = models.CharField(max_length=4, choices=Found)
    count = models.PositiveIntegerField()

    objects = DemandQuerySet.as_manager()

    class Meta:
        ordering = ["-hour", "pk"]
        verbose_name_plural = "demand"
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "district", "mark", "found"], name="demand_once"
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "What people look for and do not find. Counts, deleted after 13 months."

    def __str__(self) -> str:
        return f"{self.mark or 'searches'}: {self.count}"


class UnknownWord(models.Model):
    """That a word which no service has was asked for on a day, without the word: a hash whose key
    changes each month. It may be a name, so it can be read only once it was asked for on many
    days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "day"], name="unknown_word_once")]

    class Privacy:
        subject = "nobody"
        why = "Tells words that many use from names. Keyed hashes, deleted after the month."

    def __str__(self) -> str:
        return f"A word asked for on {self.day}"


def oldest_kept() -> datetime:
    return now() - KEPT
