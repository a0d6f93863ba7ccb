import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0004_queues_counted_from_the_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("same", "The same young person"),
                            ("linked", "Somebody else, but linked: family, household or friend"),
                            ("different", "Somebody else"),
                        ],
                        max_length=9,
                    ),
                ),
                ("compared_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "compared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="referrals.referral",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "ordering": ["-compared_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("referral", "other"),
                        name="comparison_once",
                        violation_error_message="These two have been compared.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("referral", models.F("other")), _negated=True),
                        name="comparison_of_two",
                        violation_error_message="A referral is not compared with itself.",
                    ),
                ],
            },
        ),
    ]
