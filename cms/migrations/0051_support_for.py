import django.db.models
from django.db import migrations

import cms.directory.models.choices

CHOICES = [
    ("ASD", "Autism"),
    ("MLD", "Learning"),
    ("SPLD", "Reading, writing and numbers"),
    ("SLD", "Learning, with help in most things"),
    ("PMLD", "Learning and health, with help in all things"),
    ("SLCN", "Speech and language"),
    ("SEMH", "Social and emotional"),
    ("HI", "Hearing"),
    ("VI", "Sight"),
    ("MSI", "Hearing and sight together"),
    ("PD", "Mobility"),
]


class Migration(migrations.Migration):
    dependencies = [("cms", "0050_names_of_withheld_venues")]

    operations = [
        migrations.AddField(
            model_name="service",
            name="support_for",
            field=cms.directory.models.choices.ManyChoicesField(
                base_field=django.db.models.CharField(choices=CHOICES, max_length=4),
                blank=True,
                default=list,
                help_text="What you are set up for. Leave it empty if you are for everybody alike.",
                size=None,
                verbose_name="support for",
            ),
        )
    ]
