import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0020_status_there'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='sourcerecord',
            name='source_record_has_one_subject',
        ),
        migrations.AddField(
            model_name='sourcerecord',
            name='location',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='source_record', to='cms.location'),
        ),
        migrations.AlterField(
            model_name='sourcerecord',
            name='kind',
            field=models.CharField(choices=[('service', 'Service'), ('organisation', 'Organisation'), ('venue', 'Venue')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='sourcerecord',
            constraint=models.CheckConstraint(
                name='source_record_has_one_subject',
                condition=Q(kind='service', service__isnull=False, provider=None, location=None)
                | Q(kind='organisation', provider__isnull=False, service=None, location=None)
                | Q(kind='venue', location__isnull=False, service=None, provider=None),
            ),
        ),
    ]
