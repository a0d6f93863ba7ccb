from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns that are empty at first, so that no table is rewritten."""

    dependencies = [("mentoring", "0001_register_and_matches")]

    operations = [
        migrations.AddField(
            model_name="match",
            name="contacted_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the mentor first reached them.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="called_off_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("paused", "Support was paused"),
                    ("ending", "The ending began"),
                    ("ended", "The match ended"),
                ],
                db_default="",
                help_text="Blank when it was only moved.",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("called_off_for", ""), ("status", "moved"), _connector="OR"),
                name="session_called_off_is_not_planned",
                violation_error_message="A session that was called off is no longer planned.",
            ),
        ),
    ]
