from django.db import models


class Population(models.Model):
    """How many people of 10 to 24 live in a district or ward: what a rate needs to be one. Loaded
    by `manage.py import_population`, never typed in."""

    area_code = models.CharField(max_length=9, primary_key=True)
    people = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="population_is_somebody",
                condition=models.Q(people__gt=0),
                violation_error_message="Somebody lives there.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "Published estimates, for rates."

    def __str__(self) -> str:
        return f"{self.area_code}: {self.people}"
