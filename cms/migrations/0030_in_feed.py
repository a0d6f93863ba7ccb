from django.db import migrations, models


class Migration(migrations.Migration):
    """What readers of the feed know is no more all that was public: a licence may end. The old
    column stays, with a default, for processes that have not been started anew yet."""

    dependencies = [("cms", "0052_completeness")]

    operations = [
        migrations.AddField(
            "service",
            "was_in_feed",
            models.BooleanField(default=False, db_default=False, editable=False),
        ),
        migrations.RunSQL(
            """
            UPDATE cms_service AS service SET was_in_feed = true WHERE was_public AND NOT EXISTS (
                SELECT FROM cms_sourcerecord record JOIN cms_source source
                ON source.id = record.source_id AND NOT source.may_republish
                WHERE record.service_id = service.id
            )
            """,
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("service", "was_public")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE cms_service ALTER was_public SET DEFAULT false",
                    "ALTER TABLE cms_service ALTER was_public DROP DEFAULT",
                )
            ],
        ),
    ]
