import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cms', '0022_forget_venues'),
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
    ]
