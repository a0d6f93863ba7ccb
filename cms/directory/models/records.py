from django.db import models


class TrackRecord(models.Model):
    """How referrals to one organisation have gone, in figures in which nobody is recognised. The
    packages above work them out and give them to `cms.directory.record`."""

    organisation = models.OneToOneField(
        "accounts.Organisation", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    days_to_contact = models.PositiveSmallIntegerField(
        null=True, help_text="Median of the days from referral to first contact; null: too few."
    )
    contact_until = models.DateField(help_text="The last day of those 90 days.")
    tenths_accepted = models.PositiveSmallIntegerField(
        null=True, help_text="Of every ten that were decided; null: too few."
    )
    accepted_until = models.DateField(help_text="The last day of those four quarters.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="track_record_tenths",
                condition=models.Q(tenths_accepted__isnull=True)
                | models.Q(tenths_accepted__lte=10),
                violation_error_message="There are no more than ten in ten.",
            )
        ]

    class Privacy:
        subject = "nobody"
        why = "What a referral to an organisation may lead to, from ten young people or more."

    def __str__(self) -> str:
        return f"Track record of {self.organisation_id}"
