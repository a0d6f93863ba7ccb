import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0031_changes_by_an_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("vocabulary", models.CharField(max_length=200)),
                ("word", models.CharField(max_length=200)),
                ("decided_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        help_text="None: it means none of ours",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="cms.taxonomyterm",
                    ),
                ),
            ],
            options={"ordering": ["vocabulary", "word"]},
        ),
        migrations.AddConstraint(
            "translation",
            models.UniqueConstraint(fields=("vocabulary", "word"), name="translation_once"),
        ),
        migrations.AddField(
            "sourcerecord",
            "said_terms",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                db_default=[],
                default=list,
                help_text="Words by which the source sorts it and that are none of ours: "
                "word, tab, list",
                size=None,
            ),
        ),
        # Of what was imported before: every word that it has; which are ours is looked up then.
        migrations.RunSQL(
            r"""
            UPDATE cms_sourcerecord record SET said_terms = ARRAY(
                SELECT DISTINCT left(regexp_replace(trim(term->>'name'), '\s+', ' ', 'g'), 200)
                || E'\t' || left(regexp_replace(trim(coalesce(
                    CASE jsonb_typeof(term->'taxonomy')
                        WHEN 'string' THEN nullif(term->>'taxonomy', '') END,
                    CASE jsonb_typeof(term->'vocabulary')
                        WHEN 'string' THEN nullif(term->>'vocabulary', '') END,
                    source.name
                )), '\s+', ' ', 'g'), 200)
                FROM jsonb_path_query(record.payload, '$.attributes[*].taxonomy_term') term
                WHERE jsonb_typeof(term->'name') = 'string' AND trim(term->>'name') <> ''
            ) FROM cms_source source
            WHERE source.id = record.source_id AND record.kind = 'service'
            """,
            migrations.RunSQL.noop,
        ),
    ]
