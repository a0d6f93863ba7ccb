from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # concurrently, so that nobody waits

    dependencies = [("cms", "0030_in_feed")]

    operations = [
        AddIndexConcurrently(
            "service",
            models.Index(
                fields=["last_modified", "id"],
                condition=models.Q(was_in_feed=True),
                name="service_changes",
            ),
        ),
    ]
