from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A queue's count asks a thousand rows who may see them: now it need not read the rows."""

    atomic = False  # concurrently, so that nobody waits

    dependencies = [("referrals", "0003_lists_by_date")]

    operations = [
        AddIndexConcurrently(
            model_name="referral",
            index=models.Index(
                fields=["status", "created_at", "id"],
                include=["area", "referred_by"],
                name="referral_in_state",
            ),
        ),
        RemoveIndexConcurrently(model_name="referral", name="referral_by_state"),
    ]
