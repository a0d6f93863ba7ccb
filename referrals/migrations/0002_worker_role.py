from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a default: no table is rewritten."""

    dependencies = [("referrals", "0001_referrals_and_concerns")]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="worker_role",
            field=models.CharField(
                blank=True,
                choices=[("mentor", "Mentor"), ("adviser", "Pathway adviser")],
                default="",
                editable=False,
                help_text="As what its owner was last asked to work on it.",
                max_length=8,
            ),
            preserve_default=False,
        ),
    ]
