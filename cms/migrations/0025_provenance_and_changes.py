from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0024_which_was_kept'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='changes',
            field=models.JSONField(default=list, help_text='The first ones: record and its fields'),
        ),
        migrations.AddField(
            model_name='run',
            name='requests',
            field=models.PositiveIntegerField(default=0, help_text='How often the feed was asked'),
        ),
        migrations.AddField(
            model_name='sourcerecord',
            name='licence',
            field=models.CharField(blank=True, default='', help_text='That of its source when it was read', max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='sourcerecord',
            name='url',
            field=models.CharField(blank=True, default='', help_text='Where it was read; empty if a file brought it', max_length=1000),
            preserve_default=False,
        ),
    ]
