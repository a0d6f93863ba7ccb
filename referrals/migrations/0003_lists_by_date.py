from django.db import migrations, models


class Migration(migrations.Migration):
    """Lists are newest first, over several areas at once: without these every page sorts them all."""

    dependencies = [("referrals", "0002_worker_role")]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["created_at", "id"], name="referral_by_date"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["status", "created_at", "id"], name="referral_by_state"),
        ),
    ]
