"""Rows without the new column are made anew, with their marks, once the database is migrated:
`listings.catch_up`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0051_support_for")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="completeness",
            field=models.PositiveSmallIntegerField(
                null=True,
                help_text="How many of `facts.FACTS` it gives; unknown: not made anew yet",
            ),
        )
        for name in ("listing", "professionallisting")
    ]
