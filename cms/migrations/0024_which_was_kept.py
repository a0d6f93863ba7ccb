from django.db import migrations
from django.db.models import F


def say_which_was_kept(apps, schema_editor):
    merged = apps.get_model("cms", "Duplicate").objects.filter(state="merged")
    merged.filter(one__merged_into=F("other")).update(kept=F("other"))
    merged.filter(other__merged_into=F("one")).update(kept=F("one"))


def as_before(apps, schema_editor):
    """The way back: a merge that was taken back read as two that are not the same."""
    apps.get_model("cms", "Duplicate").objects.filter(state="back").update(
        state="different",
        was_status="",
        decided_at=F("taken_back_at"),
        decided_by=F("taken_back_by"),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0023_merges_taken_back'),
    ]

    operations = [
        migrations.RunPython(say_which_was_kept, as_before),
    ]
