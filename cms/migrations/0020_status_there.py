from django.db import migrations, models
from django.db.models import Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left


def read_from_payload(apps, schema_editor):
    """What the source said last; the import has taken only the standard's words for it."""
    apps.get_model("cms", "SourceRecord").objects.filter(kind="service").update(
        status_there=Coalesce(Left(KeyTextTransform("status", "payload"), 20), Value(""))
    )


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0019_track_records'),
    ]

    operations = [
        migrations.AddField(
            model_name='sourcerecord',
            name='is_kept',
            field=models.BooleanField(default=False, help_text='An editor keeps it, whatever `status_there` says'),
        ),
        migrations.AddField(
            model_name='sourcerecord',
            name='status_there',
            field=models.CharField(blank=True, default='', help_text="Whether its source runs it, in the standard's words", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='sourcerecord',
            name='taken_off_at',
            field=models.DateTimeField(help_text='By an import, since its source did not run it then', null=True),
        ),
        migrations.RunPython(read_from_payload, migrations.RunPython.noop),
    ]
