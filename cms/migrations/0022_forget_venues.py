from django.db import migrations


def forget(apps, schema_editor):
    """The way back, before the constraint that knows no venues: not in one transaction with it."""
    apps.get_model("cms", "SourceRecord").objects.filter(kind="venue").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0021_records_of_venues'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
