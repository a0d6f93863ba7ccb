import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cms', '0021_records_of_venues'),
    ]

    operations = [
        migrations.AddField(
            model_name='duplicate',
            name='kept',
            field=models.ForeignKey(help_text='The one that a merge has kept', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cms.service'),
        ),
        migrations.AddField(
            model_name='duplicate',
            name='taken_back_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='duplicate',
            name='taken_back_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='duplicate',
            name='state',
            field=models.CharField(choices=[('open', 'To decide'), ('different', 'Not the same'), ('merged', 'Merged'), ('back', 'Merged, and taken back')], default='open', max_length=9),
        ),
        migrations.RunPython(say_which_was_kept, as_before),
    ]
